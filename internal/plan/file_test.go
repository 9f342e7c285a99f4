package plan

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// reviewed is a plan of every action, as somebody would get it for review.
func reviewed(t *testing.T) (entra.Plan, []*entra.Object) {
	t.Helper()
	want := []*entra.Object{
		object(t, "conditionalAccessPolicies/pol", `{"Spec":{"state":"enabled","conditions":{"users":{"excludeUsers":["p1","p2"]}}}}`),
		object(t, "groups/grp", `{"Links":{"members":["p1"]}}`),
		object(t, "users/usr", `{"Spec":{"city":"c"},"Links":{"manager":["p1"]}}`),
		object(t, "applications/app", `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"},{"name":"b","subject":"t"}]}}`),
		object(t, "oauth2PermissionGrants/g", `{"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"a"}}`),
		object(t, "claimsMappingPolicies/c", `{"Links":{"appliesTo":["p1"]}}`),
	}
	w := &world{
		live: []*entra.Object{
			object(t, "conditionalAccessPolicies/pol", `{"Spec":{"state":"disabled","conditions":{"users":{"excludeUsers":["p2","p3"]}}}}`),
			object(t, "groups/grp", `{"Links":{"members":["p2"]}}`),
			object(t, "applications/app", `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"x"},{"name":"c"}]},
				"IDs":{"federatedIdentityCredentials":{"a":"1","c":"2"}}}`),
			object(t, "claimsMappingPolicies/c", `{}`),
		},
		deleted: []*entra.Object{object(t, "users/usr", `{"Spec":{"city":"d"}}`)},
		from:    entra.Point{Seq: 12, Commit: "c"},
	}
	return w.plan(t, want...), want
}

func TestPlanReadsBack(t *testing.T) {
	made, _ := reviewed(t)
	actions := map[entra.Action]bool{}
	for _, s := range made.Steps {
		actions[s.Action] = true
	}
	if len(actions) != 8 {
		t.Fatalf("the plan has %d of 8 actions: %q", len(actions), lines(made))
	}
	file, err := Encode(made)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Decode(file, "t")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(made, again); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A file that is no plan of this tenant and version is refused.
func TestDecodeRefusesWhatIsNoPlan(t *testing.T) {
	made, _ := reviewed(t)
	file, err := Encode(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, old, new, message string }{
		{"not JSON", "{", "", "plan: "},
		{"a second document", "\n}\n", "\n}\n{}\n", "more than one document"},
		{"a version with requests", `"formatVersion": 3`, `"formatVersion": 1`, "format version 1, want 3"},
		{"another tenant", `"tenant": "t"`, `"tenant": "u"`, "made for tenant u, not for t"},
		{"an unknown field", `"tenant": "t"`, `"tenant": "t", "extra": 1`, `unknown field "extra"`},
		{"requests in a step", `"action": "update"`, `"action": "update", "requests": []`, `unknown field "requests"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			edited := strings.Replace(string(file), tt.old, tt.new, 1)
			if edited == string(file) {
				t.Fatalf("%s is not in the file:\n%s", tt.old, file)
			}
			if _, err := Decode([]byte(edited), "t"); !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %v, want %s", err, tt.message)
			}
		})
	}
}

// A step that its action cannot make of its kind is refused, with the step named.
func TestDecodeRefusesStepsThatNobodyCanMake(t *testing.T) {
	change := func(c entra.PropertyChange) func(*entra.Plan, *entra.Step) {
		return func(_ *entra.Plan, s *entra.Step) { s.Properties = []entra.PropertyChange{c} }
	}
	link := func(c entra.LinkChange) func(*entra.Plan, *entra.Step) {
		return func(_ *entra.Plan, s *entra.Step) { s.Links = []entra.LinkChange{c} }
	}
	const update, restore, create = "conditionalAccessPolicies/pol:update", "users/usr:restore", "oauth2PermissionGrants/g:create"
	const added, manager = "groups/grp:addLink:members", "users/usr:addLink:manager"
	const comes, changes, goes = "applications/app:createContained:federatedIdentityCredentials:b",
		"applications/app:updateContained:federatedIdentityCredentials:a", "applications/app:deleteContained:federatedIdentityCredentials:c"
	const part = "/contained/federatedIdentityCredentials/"
	tests := []struct {
		name, step string
		edit       func(*entra.Plan, *entra.Step)
		message    string
	}{
		{"an unknown kind", update, func(_ *entra.Plan, s *entra.Step) { s.Kind = "userz" }, `unknown kind "userz"`},
		{"a kind that nobody writes", update, func(_ *entra.Plan, s *entra.Step) { s.Kind = "subscribedSkus" }, "nothing writes a"},
		{"no id of its own", update, func(_ *entra.Plan, s *entra.Step) { s.ID = restore }, "not unique"},
		{"no object", update, func(_ *entra.Plan, s *entra.Step) { s.Key.ID = ".." }, "no object's id"},
		{"nothing noted of the live object", update, func(p *entra.Plan, s *entra.Step) { delete(p.Live, s.String()) }, "nothing is noted of the live"},
		{"a need that comes later", restore, func(_ *entra.Plan, s *entra.Step) { s.Needs = []string{goes} }, "no earlier step"},
		{"a step to follow that comes later", restore, func(_ *entra.Plan, s *entra.Step) { s.Follows = []string{goes} }, "no earlier step"},
		{"an action that is none", update, func(_ *entra.Plan, s *entra.Step) { s.Action = "erase" }, `no action "erase"`},
		{"another object behind the name", create, func(p *entra.Plan, s *entra.Step) {
			p.Identities[s.String()] = entra.Identity{Key: entra.Key{Kind: "users", ID: "x"}}
		}, "no identity of"},
		{"an update of nothing", update, func(_ *entra.Plan, s *entra.Step) { s.Properties = nil }, "lists no properties"},
		{"an update of links", update, link(entra.LinkChange{Link: "members"}), "lists no properties, or links"},
		{"what is observed", update, change(entra.PropertyChange{Pointer: "/status/createdDateTime", After: "x"}), "not in the object's spec"},
		{"what is marked as observed", update, change(entra.PropertyChange{Pointer: "/spec/state", After: "x", Observed: true}), "nothing that can be written"},
		{"what cannot be updated", update, change(entra.PropertyChange{Pointer: "/spec/id", After: "x"}), "cannot be updated"},
		{"the whole spec", update, change(entra.PropertyChange{Pointer: "/spec", After: "x"}), "not in the object's spec"},
		{"no name", update, change(entra.PropertyChange{Pointer: "/spec//x", After: "x"}), "nothing that can be written"},
		{"nowhere", update, change(entra.PropertyChange{Pointer: "/contained/nothing/x", After: "x"}), "nothing that can be written"},
		{"more removed than it shows", update, change(entra.PropertyChange{Pointer: "/spec/conditions/users/excludeUsers",
			Before: []any{"p2", "p3"}, After: []any{}, RemovedItems: []any{"p3"}}), "not what becomes of the value"},
		{"items of what is no set", update, change(entra.PropertyChange{Pointer: "/spec/state", After: "x", AddedItems: []any{"y"}}), "not what becomes of the value"},
		{"taking back and more", restore, change(entra.PropertyChange{Pointer: "/spec/city", After: "x"}), "does nothing else"},
		{"taking back what nobody can", restore, func(p *entra.Plan, s *entra.Step) { s.Kind, p.Live["roleAssignments/usr"] = "roleAssignments", "" }, "does nothing else"},
		{"creating what would be another", create, func(p *entra.Plan, s *entra.Step) { s.Kind, p.Live["users/g"] = "users", "" }, "cannot be created again as the same"},
		{"creating over something", create, change(entra.PropertyChange{Pointer: "/spec/scope", Before: "a", After: "b", AddedItems: []any{"b"}, RemovedItems: []any{"a"}}), "cannot be given"},
		{"another link", added, link(entra.LinkChange{Link: "owners", Added: []string{"p1"}}), "does not list what becomes of"},
		{"a link that is none", added, func(_ *entra.Plan, s *entra.Step) { s.Target, s.Links[0].Link = "x", "x" }, "does not list what becomes of"},
		{"nobody", added, link(entra.LinkChange{Link: "members"}), "lists no target"},
		{"adding and removing", added, link(entra.LinkChange{Link: "members", Added: []string{"p1"}, Removed: []string{"p2"}}), "adds and removes"},
		{"a path for an id", added, link(entra.LinkChange{Link: "members", Added: []string{".."}}), "no object's id"},
		{"properties of a link", added, change(entra.PropertyChange{Pointer: "/spec/city", After: "x"}), "lists properties"},
		{"two managers", manager, link(entra.LinkChange{Link: "manager", Added: []string{"p1", "p2"}}), "one object at most"},
		{"a target of an unknown kind", added, func(p *entra.Plan, _ *entra.Step) { p.Targets = map[string]string{"p1": "x"} }, `unknown kind "x"`},
		{"a part of an element that comes", comes, change(entra.PropertyChange{Pointer: part + "b/subject", After: "x"}), "not one whole element"},
		{"an element with another key", comes, change(entra.PropertyChange{Pointer: part + "b", After: map[string]any{"name": "x"}}), `the element's key is "x"`},
		{"an element with more than can be given", comes, change(entra.PropertyChange{Pointer: part + "b", After: map[string]any{"name": "b", "x": "y"}}), "x cannot be given"},
		{"an element in place of another", comes, change(entra.PropertyChange{Pointer: part + "b", Before: map[string]any{}, After: map[string]any{"name": "b"}}), "not what createContained does"},
		{"a deletion that leaves something", goes, change(entra.PropertyChange{Pointer: part + "c", Before: map[string]any{}, After: map[string]any{"name": "c"}}), "not what deleteContained does"},
		{"an element changed as a whole", changes, change(entra.PropertyChange{Pointer: part + "a", After: map[string]any{}}), "cannot be updated, or is another"},
		{"what cannot be updated of an element", changes, change(entra.PropertyChange{Pointer: part + "a/name", After: "x"}), "cannot be updated, or is another"},
		{"two elements", changes, func(_ *entra.Plan, s *entra.Step) {
			s.Properties = append(s.Properties, entra.PropertyChange{Pointer: part + "c/subject", After: "x"})
		}, "cannot be updated, or is another"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			made, _ := reviewed(t)
			i := slices.IndexFunc(made.Steps, func(s entra.Step) bool { return s.ID == tt.step })
			if i < 0 {
				t.Fatalf("no step %s: %q", tt.step, lines(made))
			}
			tt.edit(&made, &made.Steps[i])
			file, err := Encode(made)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Decode(file, "t"); !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("error %v, want %s", err, tt.message)
			}
		})
	}
}

// A plan file is the same for the same input, so that two runs can be compared.
func TestPlanIsStable(t *testing.T) {
	var first []byte
	for range 20 {
		made, _ := reviewed(t)
		file, err := Encode(made)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file
		}
		if string(file) != string(first) {
			t.Fatal("another run made another plan")
		}
	}
}
