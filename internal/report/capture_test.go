package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/ui"
)

// night is what a backup of a tenant in trouble says.
func night() *capture.Summary {
	change := func(k, id, name string, what entra.ChangeType) capture.ObjectChange {
		return capture.ObjectChange{Key: entra.Key{Kind: k, ID: id}, Name: name, Type: what}
	}
	complete := entra.Coverage{State: entra.Complete}
	users := capture.KindSummary{Kind: kind.ByName("users"), Coverage: complete, Objects: 1300, Added: 30}
	for range users.Added {
		users.Changes = append(users.Changes, change("users", adaID, "Ada\u202eLovelace", entra.Added))
	}
	return &capture.Summary{Shrunk: []entra.Shrinkage{{Kind: "domains", Lost: 3, Before: 3, Names: []string{"a", "b", "c"}}}, Kinds: []capture.KindSummary{
		{Kind: kind.ByName("conditionalAccessPolicies"), Coverage: complete, Objects: 12, Changed: 1, Removed: 1, Changes: []capture.ObjectChange{
			change("conditionalAccessPolicies", policyID, "CA001", entra.Changed),
			change("conditionalAccessPolicies", tierID, "CA002", entra.Removed),
		}},
		{Kind: kind.ByName("namedLocations"), Coverage: entra.Coverage{State: entra.Forbidden, Cause: "permission denied: GET /identity/conditionalAccess/namedLocations: 403"}},
		{Kind: kind.ByName("authorizationPolicy"), Coverage: complete, Objects: 1, Added: 1, First: true},
		{Kind: kind.ByName("groups"), Coverage: entra.Coverage{State: entra.Partial, Cause: "members of 3 objects could not be read"}, Objects: 60, Added: 60, First: true},
		users,
		{Kind: kind.ByName("apiConnectors"), Coverage: entra.Coverage{State: entra.Absent}},
	}}
}

func TestCapture(t *testing.T) {
	golden(t, "capture.txt", text(t, Capture(night(), nil, Options{}), ui.Palette{}))
	var b bytes.Buffer
	if err := CaptureJSON(&b, night(), nil, Recorded{Snapshot: snapshot, Tree: strings.Repeat("7", 40), Written: true, Quarantine: "refs/entragit/quarantine/12"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "capture.json", b.String())
	full := text(t, Capture(night(), nil, Options{Full: true}), ui.Palette{})
	if got := strings.Count(full, "+ user Ada"); got != 30 {
		t.Errorf("the full report names %d of 30 users", got)
	}
}

// What was compared is told by what it can do: a change that another brought about is not
// told again, and a file that differs in what was not read before is no change.
func TestCaptureTold(t *testing.T) {
	summary := &capture.Summary{Kinds: []capture.KindSummary{
		{Kind: kind.ByName("groups"), Coverage: entra.Coverage{State: entra.Complete}, Objects: 60, Changed: 9},
		{Kind: kind.ByName("users"), Coverage: entra.Coverage{State: entra.Complete}, Objects: 60, Removed: 1},
	}}
	ada := entra.Key{Kind: "users", ID: adaID}
	set := &entra.ChangeSet{
		Risks: []entra.Risk{{Rule: "x", Severity: entra.High, Key: ada, Name: "Ada", Says: "went", About: []string{tierID}}},
		Names: map[string]string{tierID: "groups: Tier 0"},
		Changes: []entra.Change{
			{Key: ada, Name: "Ada", Type: entra.Removed},
			{Key: entra.Key{Kind: "groups", ID: tierID}, Name: "Tier 0", Type: entra.Changed,
				Cause: &entra.Cause{Key: ada}, Causes: []entra.Cause{{Key: ada}}},
		},
	}
	got := text(t, Capture(summary, set, Options{}), ui.Palette{})
	for _, want := range []string{"Look here first: 1 high", "high user Ada", "went – groups: Tier 0", "Users: 1 removed", "120 objects read: 1 removed"} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "Groups: ") {
		t.Errorf("the consequence is told again:\n%s", got)
	}
	set.Changes, set.Risks = nil, nil
	if got := text(t, Capture(summary, set, Options{}), ui.Palette{}); !strings.Contains(got, "120 objects read: no change in what both snapshots read") {
		t.Errorf("files differ:\n%s", got)
	}
}

func TestBaseline(t *testing.T) {
	d := Baseline(snapshot, []KindCount{{"conditionalAccessPolicies", 12}, {"namedLocations", 0}, {"users", 3000}})
	golden(t, "baseline.md", d.Markdown(MarkdownBudget, ""))
}
