package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// The caller is told what to look up: what would be written, each once, and nothing else.
func TestReferences(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, "conditionalAccessPolicies/1", `{"Spec":{"grantControls":{"x":1}}}`), object(t, "conditionalAccessPolicies/9", `{}`),
		object(t, "groups/2", `{"Links":{"members":["p3"]}}`), object(t, "users/u", `{"Spec":{"city":"a"}}`)}}
	in := w.input(t,
		object(t, "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["z","p1","u"],"includeUsers":["All"]},"applications":{"includeApplications":["p2"]}}}}`),
		object(t, "conditionalAccessPolicies/9", `{"Spec":{"conditions":{"users":{"excludeUsers":["p1"],"excludeGroups":["p1"]}}}}`),
		object(t, "groups/2", `{"Links":{"members":["p1","p3","u"]}}`), object(t, "users/u", `{"Spec":{"city":"b"}}`))
	in.Find = nil
	refs, err := References(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range refs {
		got = append(got, strings.Join(r.Targets, "|")+" "+r.By+" "+r.Value)
	}
	want := []string{"groups  p1", "servicePrincipals|applications appId p2", "users  p1", "users  z", "users|groups|servicePrincipals|devices  p1"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// By what the target is known is part of what is asked.
	for range 10 {
		again, err := References(in)
		if err != nil || len(again) != len(refs) || again[1].Value != "p2" {
			t.Errorf("another time: %+v, %v", again, err)
		}
	}
	if _, err := References(Input{Want: map[entra.Key]*entra.Object{{Kind: "x"}: {}}}); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("an unknown kind: %v", err)
	}
}

func TestFind(t *testing.T) {
	user := &kind.Reference{Path: "u", Targets: []string{"groups", "users"}}
	byApp := &kind.Reference{Path: "a", Targets: []string{"applications"}, By: "appId"}
	external := &kind.Reference{Path: "a", Targets: []string{"applications"}, By: "appId", MayBeExternal: true}
	w := &world{live: []*entra.Object{object(t, "users/live", `{"Spec":{"city":"a"}}`), object(t, "applications/there", `{"Status":{"appId":"there-id"}}`)},
		deleted: []*entra.Object{object(t, "users/back", `{}`), object(t, "users/purged", `{}`), object(t, "applications/app", `{"Status":{"appId":"app-id"}}`)}}
	in := w.input(t, object(t, "users/live", `{"Spec":{"city":"b"}}`), object(t, "users/back", `{}`), object(t, "users/gone", `{}`),
		object(t, "applications/app", `{"Status":{"appId":"app-id"}}`), object(t, "applications/there", `{"Status":{"appId":"there-id"},"Spec":{"notes":"n"}}`),
		object(t, "applications/nameless", `{"Spec":{"notes":"n"}}`))
	in.Deleted[entra.Key{Kind: "users", ID: "purged"}] = true
	in.Live[entra.Key{Kind: "users", ID: "purged"}] = w.deleted[1]
	asked := ""
	in.Find = func(_ *kind.Reference, id string) (string, error) {
		asked = id
		switch id {
		case "p1":
			return "users", nil
		case "deleted":
			return "", &Absent{}
		}
		return "", entra.ErrNotFound
	}
	p := newPlanner(in)
	for _, tt := range []struct {
		ref      *kind.Reference
		id, want string // the key, "?" for what was asked and is not there
		asks     bool
	}{
		{user, "live", "users/live", false},
		{user, "back", "users/back", false},
		{user, "p1", "users/p1", true},
		{user, "gone", "?", true},
		{user, "purged", "?", true},
		{byApp, "app-id", "applications/app", false},
		{byApp, "there-id", "?", true}, // that it is selected does not say that it is there
		{byApp, "app", "?", true},
		{byApp, "p1", "/", true},
		{external, "elsewhere", "/", true},
		{external, "deleted", "?", true},
	} {
		asked = ""
		key, err := p.find(tt.ref, tt.id)
		got := key.String()
		if err != nil {
			got = "?"
		}
		if got != tt.want || (asked != "") != tt.asks {
			t.Errorf("%s by %q: %s (asked %q), want %s", tt.id, tt.ref.By, got, asked, tt.want)
		}
	}
	// Without anybody to ask, everything exists and is of the first kind.
	p.in.Find = nil
	if key, err := p.find(user, "p9"); err != nil || key.String() != "groups/p9" {
		t.Errorf("%s, %v", key, err)
	}
}

func TestDanglingReferences(t *testing.T) {
	ref := &kind.Reference{Path: "a.b", Targets: []string{"users", "groups"}}
	byApp := &kind.Reference{Path: "c", Targets: []string{"applications"}, By: "appId"}
	for want, d := range map[string]dangling{
		"a.b names users or groups with id 1, which does not exist":                    {Reference: Reference{ref, "1"}, err: fmt.Errorf("x: %w", entra.ErrNotFound)},
		"a.b names users or groups with id 1, which could not be looked up: no answer": {Reference: Reference{ref, "1"}, err: errors.New("no answer")},
		"c names applications with appId 1, which does not exist":                      {Reference: Reference{byApp, "1"}, err: entra.ErrNotFound},
		"a.b names users or groups with id 1 (Ada), which does not exist":              {Reference: Reference{ref, "1"}, name: "Ada", err: entra.ErrNotFound},
		"a.b names users or groups with id 1 (Ada), which was deleted and can be restored until 2026-12-01 10:00 UTC": {Reference: Reference{ref, "1"}, name: "Ada",
			err: fmt.Errorf("x: %w", &Absent{Until: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)})},
		"a.b names users or groups with id 1, which was deleted and can be restored": {Reference: Reference{ref, "1"}, err: &Absent{}},
	} {
		if got := d.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
