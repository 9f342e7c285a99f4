package plan

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What was added since the snapshot is told, riskiest first.
func TestPlanTellsWhatWasAdded(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, "users/1", `{"Spec":{"city":"a"}}`)}}
	in := w.input(t, object(t, "users/1", `{}`))
	for _, key := range []string{"users/3", "users/2", "conditionalAccessPolicies/z", "applications/x"} {
		in.Added = append(in.Added, entra.Listed{Identity: entra.Identity{Key: object(t, key, `{}`).Key}})
	}
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, added := range made.Added {
		got = append(got, added.String())
	}
	want := []string{"conditionalAccessPolicies/z", "applications/x", "users/2", "users/3"}
	if d := cmp.Diff(want, got); d != "" || len(made.Steps) != 1 || in.Added[0].ID != "3" {
		t.Errorf("%q (-want +got):\n%s", lines(made), d)
	}
}

// Who was given a role is told by name, also somebody whom the snapshot does not know.
func TestPlanNamesWhomAnAddedObjectIsAbout(t *testing.T) {
	assignment := func(id, principal string) entra.Listed {
		return entra.Listed{Name: principal, Identity: entra.Identity{Key: entra.Key{Kind: "roleAssignments", ID: id},
			NaturalKey: map[string]any{"principalId": principal, "roleDefinitionId": "global", "directoryScopeId": "/"}}}
	}
	in := Input{
		Added: []entra.Listed{
			assignment("1", "new"), assignment("2", "old"), assignment("3", "nobody"),
			{Name: "Mallory", Identity: entra.Identity{Key: entra.Key{Kind: "users", ID: "new"}}},
			{Name: "No principal", Identity: entra.Identity{Key: entra.Key{Kind: "namedLocations", ID: "nobody"}}},
		},
		Names: func(ref *kind.Reference, value string) (string, bool) {
			label, ok := map[string]string{"old": "users: Ada", "global": "roleDefinitions: Global Administrator"}[value]
			return label, ok
		},
	}
	made, err := New(in)
	want := map[string]string{"new": "users: Mallory", "old": "users: Ada", "global": "roleDefinitions: Global Administrator"}
	if d := cmp.Diff(want, made.Names); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	in.Names = nil
	if made, err = New(in); err != nil || made.Names != nil {
		t.Errorf("nobody asked for names: %v, %v", made.Names, err)
	}
}

// Nothing is selected where no object is, nothing was added, and all of that is known.
func TestInputEmpty(t *testing.T) {
	groups := kind.ByName("groups")
	if in := (Input{}); !in.Empty() {
		t.Error("an input with nothing in it is not empty")
	}
	if in := (Input{Added: []entra.Listed{{}}}); in.Empty() {
		t.Error("something was added")
	}
	var in Input
	in.NoteUnlisted(groups, "", entra.Forbidden, "closed")
	in.NoteUnlisted(groups, "", entra.Forbidden, "closed")
	in.NoteUnlisted(groups, "g1", entra.Partial, "")
	if in.Empty() {
		t.Error("nobody knows whether groups were added")
	}
	made, err := New(in)
	want := []entra.Unread{
		{Kind: "groups", State: entra.Forbidden, Cause: "whether anything was added is not known: closed"},
		{Kind: "groups", ID: "g1", State: entra.Partial, Cause: "whether it was added is not known: partial"},
	}
	if d := cmp.Diff(want, made.Unread); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

// Refusals are told by object, riskiest first, and by pointer within one.
func TestPlanSortsRefusals(t *testing.T) {
	w := &world{live: []*entra.Object{
		object(t, "users/1", `{"Status":{"onPremisesSyncEnabled":true},"Spec":{"surname":"a","city":"a"},"Links":{"manager":["p1"]}}`),
		object(t, "namedLocations/1", `{"Spec":{"@odata.type":"#a"}}`), object(t, "users/2", `{"Spec":{"mail":"m"}}`)}}
	made := w.plan(t, object(t, "users/2", `{}`), object(t, "users/1", `{"Spec":{"city":"b"}}`), object(t, "namedLocations/1", `{"Spec":{"@odata.type":"#b"}}`))
	var got []string
	for _, r := range made.Refusals {
		got = append(got, r.String()+r.Pointer)
	}
	want := []string{"namedLocations/1", "users/1/links/manager", "users/1/spec/city", "users/1/spec/surname", "users/2/spec/mail"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if len(made.Live)+made.Matched+len(made.Steps) > 0 {
		t.Errorf("live %q, %d matched", made.Live, made.Matched)
	}
}

// Objects that are equal are counted, wherever it shows that they are.
func TestPlanCountsWhatMatches(t *testing.T) {
	same := `{"Spec":{"city":"a"}}`
	w := &world{live: []*entra.Object{object(t, "users/1", same), object(t, "users/2", same), object(t, "users/3", `{}`)}}
	in := w.input(t, object(t, "users/1", same), object(t, "users/2", same), object(t, "users/3", same), object(t, "users/4", same))
	if in.Selected() != 4 || len(in.Want) != 2 {
		t.Errorf("%d selected, %d of them differ", in.Selected(), len(in.Want))
	}
	made, err := New(in)
	if err != nil || made.Matched != 2 || len(made.Steps) != 1 || len(made.Refusals) != 1 {
		t.Errorf("%d matched: %q, %v", made.Matched, lines(made), err)
	}
	refused := object(t, "oauth2PermissionGrants/1", `{"Spec":{"clientId":"gone"}}`)
	if made := w.plan(t, refused); made.Identities != nil || len(made.Refusals) != 1 {
		t.Errorf("what is left alone is identified: %+v", made.Identities)
	}
	if made.FormatVersion != Version || made.Tenant != "t" || made.Identities != nil || made.Targets != nil || made.Names != nil {
		t.Errorf("%+v", made)
	}
}

// Every id in the steps that has a name is given it.
func TestPlanNames(t *testing.T) {
	w := &world{live: []*entra.Object{object(t, "conditionalAccessPolicies/1", `{}`), object(t, "groups/2", `{"Links":{"members":["p3"]}}`)}}
	in := w.input(t, object(t, "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["p1","p2"]}}}}`), object(t, "groups/2", `{"Links":{"members":["p4"]}}`))
	in.Names = func(r *kind.Reference, id string) (string, bool) { return r.Targets[0] + ": " + id, id != "p2" }
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"p1": "users: p1", "p3": "users: p3", "p4": "users: p4"}, made.Names); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if names := Names(made, func(*kind.Reference, string) (string, bool) { return "", false }); names != nil {
		t.Errorf("nothing has a name: %q", names)
	}
}

// What was added since is called by its own name where nobody else knows it, also in what
// identifies it.
func TestPlanNamesWhatWasAdded(t *testing.T) {
	listed := func(kindName, id, name string, naturalKey map[string]any) entra.Listed {
		return entra.Listed{Identity: entra.Identity{Key: entra.Key{Kind: kindName, ID: id}, NaturalKey: naturalKey}, Name: name}
	}
	in := Input{Tenant: "t", Now: allRead(), Added: []entra.Listed{listed("users", "new", "Mallory", nil), listed("groups", "nameless", "", nil), listed("x", "1", "", map[string]any{"principalId": "new"}),
		listed("roleAssignments", "a", "", map[string]any{"principalId": "new", "roleDefinitionId": "known", "directoryScopeId": "/", "appScopeId": 1}),
		listed("roleAssignments", "b", "", map[string]any{"principalId": "nameless", "roleDefinitionId": "", "directoryScopeId": "/administrativeUnits/u"})}}
	in.Names = func(ref *kind.Reference, value string) (string, bool) {
		return "roleDefinitions: Reader", value == "known" && ref.Path == "roleDefinitionId"
	}
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{"new": "users: Mallory", "known": "roleDefinitions: Reader"}, made.Names); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	byApp := &kind.Reference{Path: "appId", Targets: []string{"users"}, By: "appId"}
	if label, ok := in.namer()(byApp, "new"); ok {
		t.Errorf("an id that is none was called %q", label)
	}
	in.Names = nil
	if made, err = New(in); err != nil || made.Names != nil {
		t.Errorf("nobody asked for names: %q, %v", made.Names, err)
	}
}

func TestCompareKeys(t *testing.T) {
	key := func(s string) entra.Key {
		kindName, id, _ := strings.Cut(s, "/")
		return entra.Key{Kind: kindName, ID: id}
	}
	want := []string{"conditionalAccessPolicies/b", "roleAssignments/a", "unknown/a", "groups/a", "groups/b", "users/a"}
	for range 3 {
		got := []string{"users/a", "groups/b", "unknown/a", "roleAssignments/a", "groups/a", "conditionalAccessPolicies/b"}
		slices.SortFunc(got, func(a, b string) int { return CompareKeys(key(a), key(b)) })
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
	}
	if CompareKeys(key("users/a"), key("users/a")) != 0 {
		t.Error("a key differs from itself")
	}
}

// A state that has no bytes has no hash, and nothing is planned from it.
func TestHashOfWhatCannotBeEncoded(t *testing.T) {
	var e canon.Encoder
	k := kind.ByName("users")
	odd := &entra.Object{Key: entra.Key{Kind: "users", ID: "1"}, Name: "1", Spec: map[string]any{"city": math.Inf(1)}}
	if hash, err := Hash(&e, k, odd); err == nil || hash != "" {
		t.Errorf("%q, %v", hash, err)
	}
	if hash, err := Hash(&e, k, nil); err != nil || hash != "" {
		t.Errorf("of nothing: %q, %v", hash, err)
	}
	w := &world{live: []*entra.Object{odd}}
	if _, err := New(w.input(t, object(t, "users/1", `{}`))); err == nil || !strings.Contains(err.Error(), "plan users/1") {
		t.Errorf("%v", err)
	}
	if _, err := Encode(entra.Plan{Steps: []entra.Step{{Properties: []entra.PropertyChange{{After: math.Inf(1)}}}}}); err == nil {
		t.Error("a plan that is no JSON was encoded")
	}
}
