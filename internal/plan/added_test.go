package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// What was added to an object stays and is told; what is a value of the object is put back as
// the snapshot says.
func TestWhatWasAddedToAnObjectStays(t *testing.T) {
	const credentials = "/contained/federatedIdentityCredentials/"
	for _, tt := range []struct {
		name, key, live, want string
		parts, plan           []string
	}{
		{name: "members stay and are told, while others come back", key: "groups/1", live: `{"Links":{"members":["p1","p2"]}}`, want: `{"Links":{"members":["p2","p3"]}}`,
			plan: []string{"groups/1:addLink:members", "added groups/1/links/members/p1"}},
		{name: "of more than one only", key: "users/1", live: `{"Links":{"manager":["p1"]}}`, want: `{}`, plan: []string{"users/1:removeLink:manager"}},
		{name: "a part that is named is as the snapshot says", key: "groups/1", live: `{"Links":{"members":["p1"],"owners":["p1"]}}`, want: `{}`, parts: []string{"links.members"},
			plan: []string{"groups/1:removeLink:members"}},
		{name: "one member that is named goes alone", key: "groups/1", live: `{"Links":{"members":["p1","p2"]}}`, want: `{}`, parts: []string{"links.members.p2"},
			plan: []string{"groups/1:removeLink:members"}},
		{name: "whom a rule made a member is no addition", key: "groups/1",
			live: `{"Spec":{"groupTypes":["DynamicMembership"],"membershipRule":"r"},"Links":{"members":["p1"]}}`, want: `{}`,
			plan: []string{"groups/1:update", "groups/1:removeLink:members groups/1:update"}},
		{name: "whom a rule makes a member is refused as ever", key: "groups/1",
			live: `{"Spec":{"groupTypes":["DynamicMembership"]},"Links":{"members":["p1"]}}`, want: `{"Spec":{"groupTypes":["DynamicMembership"]}}`,
			plan: []string{"left alone groups/1/links/members: members follow the membership rule restore spec/membershipRule instead"}},
		{name: "a credential stays", key: "applications/1",
			live: `{"Contained":{"federatedIdentityCredentials":[{"name":"a","issuer":"i","subject":"s"}]},"IDs":{"federatedIdentityCredentials":{"a":"1"}}}`, want: `{}`,
			plan: []string{"added applications/1" + credentials + "a"}},
		{name: "unless it is in the way of another", key: "applications/1",
			live: `{"Contained":{"federatedIdentityCredentials":[{"name":"a","issuer":"i","subject":"s"},{"name":"c","issuer":"i","subject":"t"}]},"IDs":{"federatedIdentityCredentials":{"a":"1","c":"3"}}}`,
			want: `{"Contained":{"federatedIdentityCredentials":[{"name":"b","issuer":"i","subject":"s"}]}}`,
			plan: []string{"applications/1:deleteContained:federatedIdentityCredentials:a", "applications/1:createContained:federatedIdentityCredentials:b", "added applications/1" + credentials + "c"}},
		{name: "a condition in the body of its owner is the owner's", key: "permissionGrantPolicies/1",
			live: `{"Contained":{"includes":[{"permissionType":"delegated"}]},"IDs":{"includes":{"++++delegated++":"1","+++++delegated++":"1"}}}`, want: `{}`,
			plan: []string{"permissionGrantPolicies/1:deleteContained:includes:+++++delegated++"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{live: []*entra.Object{object(t, tt.key, tt.live)}, parts: tt.parts, additive: true}
			if d := cmp.Diff(tt.plan, lines(w.plan(t, object(t, tt.key, tt.want)))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// A policy is written at the side of what it applies to, which has room for one: what another
// policy gets back is in the way where it is now.
func TestWhatAnotherGetsBackIsNoAddition(t *testing.T) {
	policies := func(a, b string) []*entra.Object {
		return []*entra.Object{object(t, "tokenLifetimePolicies/a", a), object(t, "tokenLifetimePolicies/b", b)}
	}
	w := &world{live: policies(`{}`, `{"Links":{"appliesTo":["p1","p2"]}}`), additive: true}
	got := lines(w.plan(t, policies(`{"Links":{"appliesTo":["p1"]}}`, `{}`)...))
	want := []string{"tokenLifetimePolicies/b:removeLink:appliesTo", "tokenLifetimePolicies/a:addLink:appliesTo", "added tokenLifetimePolicies/b/links/appliesTo/p2"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What somebody can take the tenant over with comes first, whatever it was added to.
func TestWhatWasAddedIsInOrderOfDanger(t *testing.T) {
	w := &world{additive: true, live: []*entra.Object{
		object(t, "groups/plain", `{"Links":{"members":["p1"]}}`),
		object(t, "groups/roles", `{"Spec":{"isAssignableToRole":true},"Links":{"members":["p1"],"owners":["p2"]}}`),
		object(t, "applications/a", `{"Links":{"owners":["p1"]},"Contained":{"extensionProperties":[{"name":"x"}]},"IDs":{"extensionProperties":{"x":"1"}}}`),
		object(t, "servicePrincipals/s", `{"Contained":{"appRoleAssignedTo":[{"principalId":"p1","appRoleId":"9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"},{"principalId":"p1","appRoleId":"other"}]},
			"IDs":{"appRoleAssignedTo":{"p1+9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8":"1","p1+other":"2"}}}`),
	}}
	in := w.input(t, object(t, "groups/plain", `{}`), object(t, "groups/roles", `{"Spec":{"isAssignableToRole":true}}`), object(t, "applications/a", `{}`), object(t, "servicePrincipals/s", `{}`))
	role := func(id, roleID string) entra.Listed {
		return entra.Listed{Identity: entra.Identity{Key: entra.Key{Kind: "roleAssignments", ID: id}, NaturalKey: map[string]any{"roleDefinitionId": roleID}}}
	}
	in.Added = []entra.Listed{
		{Identity: entra.Identity{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: "c"}}},
		role("reader", "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"), role("global", "62e90394-69f5-4237-9190-012177145e10"),
	}
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range made.Added {
		got = append(got, o.String())
	}
	for _, p := range made.AddedParts {
		got = append(got, p.String()+p.Pointer)
	}
	want := []string{
		"roleAssignments/global", "conditionalAccessPolicies/c", "roleAssignments/reader",
		"groups/roles/links/members/p1", "groups/roles/links/owners/p2",
		"servicePrincipals/s/contained/appRoleAssignedTo/p1+9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
		"applications/a/links/owners/p1", "servicePrincipals/s/contained/appRoleAssignedTo/p1+other",
		"applications/a/contained/extensionProperties/x", "groups/plain/links/members/p1",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if made.Matched != 0 {
		t.Errorf("%d objects are said to be as in the snapshot", made.Matched)
	}
}
