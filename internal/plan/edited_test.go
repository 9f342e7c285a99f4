package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// judge is what [Edited] says of a plan from these objects.
func judge(p *entra.Plan, source []*entra.Object, read map[string]entra.Coverage) string {
	objects, extents := map[entra.Key]*entra.Object{}, map[entra.Key]entra.Extent{}
	for _, o := range source {
		objects[o.Key], extents[o.Key] = o, read[o.Kind].Of(o.ID)
	}
	return strings.Join(Edited(p, objects, extents), "\n")
}

func TestAPlanThatNobodyEdited(t *testing.T) {
	made, want := reviewed(t)
	if edits := judge(&made, want, allRead()); edits != "" {
		t.Errorf("edited: %s", edits)
	}
	// Also where it is about one element of a set, or one part of an element.
	for _, part := range []string{"appRoles.1", "appRoles.2.value", "appRoles.3", "appRoles"} {
		w := &world{parts: []string{part}, live: []*entra.Object{object(t, "applications/1", `{"Spec":{"appRoles":[{"id":"2","value":"b"},{"id":"3"},{"id":"4"}]}}`)}}
		want := object(t, "applications/1", `{"Spec":{"appRoles":[{"id":"1"},{"id":"2","value":"a"},{"id":"4"}]}}`)
		p := w.plan(t, want)
		if edits := judge(&p, []*entra.Object{want}, allRead()); edits != "" || len(p.Steps) != 1 {
			t.Errorf("%s: %d steps, edited: %s", part, len(p.Steps), edits)
		}
	}
}

// Whatever a step would write is what the snapshot has there.
func TestAPlanThatSomebodyEdited(t *testing.T) {
	const update, added, removed = "conditionalAccessPolicies/pol:update", "groups/grp:addLink:members", "groups/grp:removeLink:members"
	tests := []struct {
		name, step string
		edit       func(*entra.Plan, *entra.Step)
		want       string
	}{
		{"a value", update, func(_ *entra.Plan, s *entra.Step) { s.Properties[1].After = "disabled" }, "/spec/state of conditionalAccessPolicies/pol is not what snapshot 12 says"},
		{"a value cleared", update, func(_ *entra.Plan, s *entra.Step) { s.Properties[1].After = nil }, "/spec/state of"},
		{"an element more", update, func(_ *entra.Plan, s *entra.Step) {
			s.Properties[0].After, s.Properties[0].AddedItems = []any{"p1", "p2", "p4"}, []any{"p1", "p4"}
		}, "/spec/conditions/users/excludeUsers of"},
		{"an element that stays", update, func(_ *entra.Plan, s *entra.Step) {
			s.Properties[0].After, s.Properties[0].RemovedItems = []any{"p1"}, []any{"p2", "p3"}
		}, "/spec/conditions/users/excludeUsers of"},
		{"a member more", added, func(_ *entra.Plan, s *entra.Step) { s.Links[0].Added = append(s.Links[0].Added, "mallory") }, "/links/members of groups/grp"},
		{"a member that stays", removed, func(_ *entra.Plan, s *entra.Step) { s.Links[0].Removed = []string{"p1"} }, "/links/members of groups/grp"},
		{"a contained object", "applications/app:createContained:federatedIdentityCredentials:b", func(_ *entra.Plan, s *entra.Step) {
			s.Properties[0].After = map[string]any{"name": "b", "subject": "mallory"}
		}, "/contained/federatedIdentityCredentials/b of"},
		{"a contained object that stays", "applications/app:deleteContained:federatedIdentityCredentials:c", func(_ *entra.Plan, s *entra.Step) {
			s.Properties[0].Pointer = "/contained/federatedIdentityCredentials/a"
		}, "/contained/federatedIdentityCredentials/a of"},
		{"a name", update, func(_ *entra.Plan, s *entra.Step) { s.Name = "harmless" }, `conditionalAccessPolicies/pol is not called "harmless" in snapshot 12`},
		{"an object that is not there", update, func(_ *entra.Plan, s *entra.Step) { s.Key.ID = "x" }, "conditionalAccessPolicies/x is not in snapshot 12"},
		{"another object behind the name", "oauth2PermissionGrants/g:create", func(p *entra.Plan, s *entra.Step) {
			p.Identities[s.String()] = entra.Identity{Key: s.Key, NaturalKey: map[string]any{"clientId": "x"}}
		}, "oauth2PermissionGrants/g is another object in snapshot 12"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			made, want := reviewed(t)
			i := slices.IndexFunc(made.Steps, func(s entra.Step) bool { return s.ID == tt.step })
			tt.edit(&made, &made.Steps[i])
			if got := judge(&made, want, allRead()); !strings.HasPrefix(got, tt.want) || strings.Contains(got, "\n") {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	// What the snapshot did not read it does not say.
	made, want := reviewed(t)
	read := allRead()
	read["groups"] = read["groups"].Except(entra.Exception{ID: "grp", Part: "links/members"})
	read["users"] = entra.Coverage{State: entra.Forbidden}
	got := judge(&made, want, read)
	if !strings.Contains(got, "/links/members of groups/grp") || !strings.Contains(got, "users/usr is not in snapshot 12") {
		t.Errorf("%q", got)
	}
}

// What a step leaves is compared with what the snapshot has at that very place.
func TestEditedPlaceByPlace(t *testing.T) {
	const policy, app = "conditionalAccessPolicies/1", "applications/1"
	const credentials = `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"}],"extensionProperties":[{"name":"e","dataType":"String","isSyncedFromOnPremises":true}]}}`
	const rule = `{"Contained":{"rules":[{"id":"r","setting":{"isApprovalRequired":true,"x":"y"}}]}}`
	tests := []struct {
		name, key, source string
		change            entra.PropertyChange
		said              bool
	}{
		{"an object", policy, `{"Spec":{"grantControls":{"operator":"OR"}}}`, entra.PropertyChange{Pointer: "/spec/grantControls", After: map[string]any{"operator": "OR"}}, true},
		{"another object", policy, `{"Spec":{"grantControls":{"operator":"OR"}}}`, entra.PropertyChange{Pointer: "/spec/grantControls", After: map[string]any{"operator": "AND"}}, false},
		{"nothing", policy, `{}`, entra.PropertyChange{Pointer: "/spec/grantControls"}, true},
		{"an element as it is created", app, credentials, entra.PropertyChange{Pointer: "/contained/extensionProperties/e", After: map[string]any{"name": "e", "dataType": "String"}}, true},
		{"an object in an element", "roleManagementPolicies/1", rule, entra.PropertyChange{Pointer: "/contained/rules/r/setting", After: map[string]any{"isApprovalRequired": true, "x": "y"}}, true},
		{"less of it", "roleManagementPolicies/1", rule, entra.PropertyChange{Pointer: "/contained/rules/r/setting", After: map[string]any{"isApprovalRequired": true}}, false},
		{"a set as a whole", policy, `{"Spec":{"conditions":{"users":{"excludeUsers":["a","b"]}}}}`, entra.PropertyChange{Pointer: "/spec/conditions/users/excludeUsers", After: []any{"b", "a"}}, true},
		{"a part of a set as a whole", policy, `{"Spec":{"conditions":{"users":{"excludeUsers":["a","b"]}}}}`, entra.PropertyChange{Pointer: "/spec/conditions/users/excludeUsers", After: []any{"a"}}, false},
		{"elements that come and go", policy, `{"Spec":{"conditions":{"users":{"excludeUsers":["a","b"]}}}}`,
			entra.PropertyChange{Pointer: "/spec/conditions/users/excludeUsers", AddedItems: []any{"a"}, RemovedItems: []any{"c"}}, true},
		{"an element that goes and stays otherwise", app, `{"Spec":{"appRoles":[{"id":"1","value":"a"}]}}`,
			entra.PropertyChange{Pointer: "/spec/appRoles", RemovedItems: []any{map[string]any{"id": "1", "value": "b"}}}, false},
		{"an element that comes otherwise", app, `{"Spec":{"appRoles":[{"id":"1","value":"a"}]}}`,
			entra.PropertyChange{Pointer: "/spec/appRoles", AddedItems: []any{map[string]any{"id": "1", "value": "b"}}}, false},
		{"an element that goes", app, `{"Spec":{"appRoles":[{"id":"1","value":"a"},{"value":"none"}]}}`,
			entra.PropertyChange{Pointer: "/spec/appRoles", RemovedItems: []any{map[string]any{"id": "2"}}}, true},
		{"nowhere", policy, `{}`, entra.PropertyChange{Pointer: "/nothing/state"}, false},
		{"everywhere", policy, `{}`, entra.PropertyChange{Pointer: "/spec"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			source := object(t, tt.key, tt.source)
			p := &entra.Plan{Steps: []entra.Step{{Key: source.Key, Name: source.Name, Properties: []entra.PropertyChange{tt.change}}}}
			if edits := judge(p, []*entra.Object{source}, allRead()); (edits == "") != tt.said {
				t.Errorf("%q", edits)
			}
		})
	}
}

// A snapshot vouches for what it read, for the type of what it read, and for nothing that
// it has not.
func TestEditedWhereTheSnapshotReadLess(t *testing.T) {
	source := object(t, "namedLocations/1", `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":true}}`)
	read := allRead()
	locations := read["namedLocations"]
	locations.Properties = []string{"displayName"}
	read["namedLocations"] = locations
	p := func(pointer string, after any) *entra.Plan {
		return &entra.Plan{Steps: []entra.Step{{Key: source.Key, Name: source.Name, Properties: []entra.PropertyChange{{Pointer: pointer, After: after}}}}}
	}
	if edits := judge(p("/spec/@odata.type", "#microsoft.graph.ipNamedLocation"), []*entra.Object{source}, read); edits != "" {
		t.Errorf("the type: %q", edits)
	}
	if edits := judge(p("/spec/isTrusted", true), []*entra.Object{source}, read); edits == "" {
		t.Error("what was not read is vouched for")
	}
	extents := map[entra.Key]entra.Extent{source.Key: read["namedLocations"].Of("1")}
	if edits := Edited(p("/spec/displayName", "x"), nil, extents); len(edits) != 1 || !strings.Contains(edits[0], "is not in") {
		t.Errorf("of an object that is not there: %q", edits)
	}
}
