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
	golden(t, "capture.txt", text(t, Capture(night(), Options{}), ui.Palette{}))
	var b bytes.Buffer
	if err := CaptureJSON(&b, night(), Recorded{Snapshot: snapshot, Tree: strings.Repeat("7", 40), Written: true, Quarantine: "refs/entragit/quarantine/12"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "capture.json", b.String())
	full := text(t, Capture(night(), Options{Full: true}), ui.Palette{})
	if got := strings.Count(full, "+ user Ada"); got != 30 {
		t.Errorf("the full report names %d of 30 users", got)
	}
}

func TestBaseline(t *testing.T) {
	d := Baseline(snapshot, []KindCount{{"conditionalAccessPolicies", 12}, {"namedLocations", 0}, {"users", 3000}})
	golden(t, "baseline.md", d.Markdown(MarkdownBudget, ""))
}
