package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// pruned plans taking away objects that were added, beside what the snapshot has.
func (w *world) pruned(t *testing.T, added []*entra.Object, surplus Surplus, want ...*entra.Object) entra.Plan {
	t.Helper()
	in := w.input(t, want...)
	surplus.Objects = map[entra.Key]*entra.Object{}
	for _, o := range added {
		in.Added = append(in.Added, entra.Listed{Identity: IdentityOf(kind.ByName(o.Kind), o, o.ID), Name: o.Name})
		if surplus.Kept[o.Key] == "" {
			surplus.Objects[o.Key] = o
		}
	}
	in.Surplus = surplus
	made, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	file, err := Encode(made)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(file, "t"); err != nil {
		t.Fatalf("a plan does not read back: %v\n%s", err, file)
	}
	return made
}

// What is about others goes before objects, the most dangerous first, and an object before
// what it names; what comes back comes before anything goes.
func TestPruneInOrder(t *testing.T) {
	const all = `"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"]}`
	policy := object(t, "conditionalAccessPolicies/new", `{"Spec":{"conditions":{`+all+`,"locations":{"excludeLocations":["place"]}}}}`)
	w := &world{live: []*entra.Object{object(t, "groups/g", `{"Links":{"members":["mallory","p1"]}}`)}}
	got := w.pruned(t, []*entra.Object{
		object(t, "users/mallory", `{}`), object(t, "namedLocations/place", `{"Spec":{"isTrusted":true}}`), policy,
		object(t, "roleAssignments/reader", `{"Spec":{"principalId":"mallory","roleDefinitionId":"88d8e3e3-8f55-4a1e-953a-9b9898b8876b","directoryScopeId":"/"}}`),
		object(t, "roleAssignments/global", `{"Spec":{"principalId":"mallory","roleDefinitionId":"62e90394-69f5-4237-9190-012177145e10","directoryScopeId":"/"}}`),
		object(t, "applications/a", `{"Status":{"appId":"app"}}`), object(t, "servicePrincipals/s", `{"Spec":{"appId":"app"}}`),
	}, Surplus{Referring: []*entra.Object{policy}}, object(t, "groups/g", `{"Links":{"members":["p1","p2"]}}`))
	want := []string{
		"groups/g:addLink:members",
		"roleAssignments/global:delete", "roleAssignments/reader:delete", "groups/g:removeLink:members",
		"conditionalAccessPolicies/new:delete", "namedLocations/place:delete conditionalAccessPolicies/new:delete",
		"servicePrincipals/s:delete", "applications/a:delete", "users/mallory:delete",
	}
	if d := cmp.Diff(want, lines(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	var follows []string
	for _, s := range got.Steps {
		if s.Kind == "applications" {
			follows = s.Follows
		}
	}
	if d := cmp.Diff([]string{"servicePrincipals/s:delete"}, follows); d != "" {
		t.Errorf("the application does not wait for its service principal (-want +got):\n%s", d)
	}
}

// What Graph does not delete, and what is still named by what stays, is left alone.
func TestPruneLeavesAlone(t *testing.T) {
	names := func(id, group string) *entra.Object {
		return object(t, "conditionalAccessPolicies/"+id, `{"Spec":{"conditions":{"users":{"includeUsers":["All"],"excludeGroups":["`+group+`"]}}}}`)
	}
	chain := object(t, "conditionalAccessPolicies/chain", `{"Spec":{"conditions":{"users":{"includeUsers":["All"],"excludeGroups":["g"]}}}}`)
	for _, tt := range []struct {
		name    string
		added   []*entra.Object
		surplus Surplus
		live    []*entra.Object
		want    []*entra.Object
		plan    []string
	}{
		{name: "a built-in role", added: []*entra.Object{object(t, "roleDefinitions/r", `{"Status":{"isBuiltIn":true}}`)},
			plan: []string{"left alone roleDefinitions/r: a built-in role is defined by Microsoft"}},
		{name: "a synchronised user, who has unlocked parts", added: []*entra.Object{object(t, "users/u", `{"Status":{"onPremisesSyncEnabled":true}}`)},
			plan: []string{"left alone users/u: synchronised from Active Directory change the user in Active Directory"}},
		{name: "but not a dynamic group, of which a part is locked", added: []*entra.Object{object(t, "groups/g", `{"Spec":{"groupTypes":["DynamicMembership"]}}`)},
			plan: []string{"groups/g:delete"}},
		{name: "a managed identity", added: []*entra.Object{object(t, "servicePrincipals/s", `{"Status":{"servicePrincipalType":"ManagedIdentity"}}`)},
			plan: []string{"left alone servicePrincipals/s: a managed identity goes with its resource in Azure change or delete the resource, or switch its identity off"}},
		{name: "the default domain", added: []*entra.Object{object(t, "domains/d", `{"Spec":{"isDefault":true}}`)},
			plan: []string{"left alone domains/d: it is the default domain make another domain the default"}},
		{name: "another domain", added: []*entra.Object{object(t, "domains/d", `{}`)}, plan: []string{"domains/d:delete"}},
		{name: "what everybody sees", added: []*entra.Object{object(t, "organizationalBranding/organizationalBranding", `{}`)},
			plan: []string{"left alone organizationalBranding/organizationalBranding: the branding that everybody sees is left to a person to delete delete it in the Entra admin center"}},
		{name: "what cannot be deleted at all", added: []*entra.Object{object(t, "roleManagementPolicies/r", `{}`)},
			plan: []string{"left alone roleManagementPolicies/r: Graph does not let a role management policy be deleted"}},
		{name: "what was not read", added: []*entra.Object{object(t, "users/u", `{}`)}, surplus: Surplus{Kept: map[entra.Key]string{{Kind: "users", ID: "u"}: "it cannot be read now"}},
			plan: []string{"left alone users/u: it cannot be read now"}},
		{name: "what a policy names", added: []*entra.Object{object(t, "groups/g", `{}`)}, surplus: Surplus{Referring: []*entra.Object{names("p", "g"), names("q", "other")}},
			plan: []string{"left alone groups/g: Conditional Access policy (p) names it in conditions.users.excludeGroups take it out there first, or put that back in the same plan"}},
		{name: "unless the plan takes it out", added: []*entra.Object{object(t, "groups/g", `{}`)}, surplus: Surplus{Referring: []*entra.Object{names("p", "g")}},
			live: []*entra.Object{names("p", "g")}, want: []*entra.Object{names("p", "p1")},
			plan: []string{"conditionalAccessPolicies/p:update", "groups/g:delete conditionalAccessPolicies/p:update"}},
		{name: "but not where that is refused", added: []*entra.Object{object(t, "groups/g", `{}`)}, surplus: Surplus{Referring: []*entra.Object{names("p", "g")}},
			live: []*entra.Object{names("p", "g")}, want: []*entra.Object{names("p", "gone")},
			plan: []string{"left alone conditionalAccessPolicies/p/spec/conditions: conditions.users.excludeGroups names groups with id gone, which does not exist restore or replace what it refers to first; the lists are not shortened",
				"left alone groups/g: Conditional Access policy (p) names it in conditions.users.excludeGroups take it out there first, or put that back in the same plan"}},
		{name: "nor what one names that stays for a reason of its own", added: []*entra.Object{object(t, "groups/g", `{}`), chain},
			surplus: Surplus{Referring: []*entra.Object{chain}, Kept: map[entra.Key]string{chain.Key: "Graph does not show it"}},
			plan: []string{"left alone conditionalAccessPolicies/chain: Graph does not show it",
				"left alone groups/g: Conditional Access policy (chain) names it in conditions.users.excludeGroups take it out there first, or put that back in the same plan"}},
		{name: "an application of which a policy names the service principal", added: []*entra.Object{object(t, "applications/a", `{"Status":{"appId":"app"}}`)},
			surplus: Surplus{Companions: map[entra.Key][]*entra.Object{{Kind: "applications", ID: "a"}: {object(t, "servicePrincipals/s", `{}`)}},
				Referring: []*entra.Object{object(t, "conditionalAccessPolicies/p", `{"Spec":{"conditions":{"clientApplications":{"includeServicePrincipals":["s"]}}}}`)}},
			plan: []string{"left alone applications/a: Conditional Access policy (p) names its service principal in conditions.clientApplications.includeServicePrincipals take it out there first, or put that back in the same plan"}},
		{name: "while nobody knows what names it", added: []*entra.Object{object(t, "groups/g", `{}`), object(t, "oauth2PermissionGrants/o", `{"Spec":{"clientId":"p1"}}`)},
			surplus: Surplus{Blind: map[string]string{"conditionalAccessPolicies": "permission denied"}},
			plan:    []string{"oauth2PermissionGrants/o:delete", "left alone groups/g: whether a Conditional Access policy names it is not known: permission denied"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{live: tt.live}
			if d := cmp.Diff(tt.plan, lines(w.pruned(t, tt.added, tt.surplus, tt.want...))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Without --prune nothing that was added is touched, and nothing of it is read.
func TestWithoutPruneEverythingStays(t *testing.T) {
	w := &world{additive: true}
	got := w.pruned(t, []*entra.Object{object(t, "users/u", `{}`)}, Surplus{})
	if len(got.Steps)+len(got.Refusals) > 0 || len(got.Added) != 1 {
		t.Errorf("%+v", got)
	}
}

// Who leaves a dynamic group because he is deleted is no difference that anybody has to write.
func TestPruneOfAMemberByRule(t *testing.T) {
	const group = `{"Spec":{"groupTypes":["DynamicMembership"],"membershipRule":"r"}`
	w := &world{live: []*entra.Object{object(t, "groups/g", group+`,"Links":{"members":["mallory"]}}`)}}
	got := lines(w.pruned(t, []*entra.Object{object(t, "users/mallory", `{}`)}, Surplus{}, object(t, "groups/g", group+`}`)))
	if d := cmp.Diff([]string{"users/mallory:delete"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	got = lines(w.pruned(t, nil, Surplus{}, object(t, "groups/g", group+`}`)))
	if d := cmp.Diff([]string{"left alone groups/g/links/members: members follow the membership rule restore spec/membershipRule instead"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A plan file can delete only what can be deleted, and must say what it is.
func TestDecodeADeletion(t *testing.T) {
	const id = "roleAssignments/1"
	identifies := entra.PropertyChange{Pointer: "/spec/principalId", Before: "p1"}
	identity := entra.Identity{Key: entra.Key{Kind: "roleAssignments", ID: "1"}, NaturalKey: map[string]any{"principalId": "p1"}}
	with := func(key string, changes ...entra.PropertyChange) entra.Step {
		return about(key, entra.ActionDelete, "", changes...)
	}
	linked := with("groups/1")
	linked.Links = []entra.LinkChange{{Link: "members", Removed: []string{"p1"}}}
	for name, tt := range map[string]struct {
		step     entra.Step
		identity entra.Identity
		live     string
		message  string
	}{
		"an object":                      {with("users/1"), entra.Identity{}, "hash", ""},
		"one that did not exist":         {with("users/1"), entra.Identity{}, "", "nothing is noted of the live users/1"},
		"one that nothing deletes":       {with("authorizationPolicy/1"), entra.Identity{}, "hash", "nothing deletes a authorization policy"},
		"with a property":                {with("users/1", entra.PropertyChange{Pointer: "/spec/city", Before: "x"}), entra.Identity{}, "hash", "/spec/city does not identify a user"},
		"with links":                     {linked, entra.Identity{}, "hash", "does nothing else"},
		"with a target":                  {about("groups/1", entra.ActionDelete, "members"), entra.Identity{}, "hash", "does nothing else"},
		"one with a natural key":         {with(id, identifies), identity, "hash", ""},
		"a value that comes":             {with(id, entra.PropertyChange{Pointer: "/spec/principalId", Before: "p1", After: "p2"}), identity, "hash", "does not identify"},
		"one without its natural key":    {with(id, identifies), entra.Identity{}, "hash", "what identifies roleAssignments/1 is missing"},
		"one with another's natural key": {with(id, identifies), entra.Identity{Key: entra.Key{Kind: "roleAssignments", ID: "2"}, NaturalKey: identity.NaturalKey}, "hash", "what identifies roleAssignments/1 is missing"},
		"one with an empty natural key":  {with(id, identifies), entra.Identity{Key: identity.Key}, "hash", "what identifies roleAssignments/1 is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			p := entra.Plan{FormatVersion: Version, Tenant: "t", Live: map[string]string{tt.step.String(): tt.live}, Steps: []entra.Step{tt.step}}
			if tt.identity.Kind != "" {
				p.Identities = map[string]entra.Identity{tt.step.String(): tt.identity}
			}
			file, err := Encode(p)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Decode(file, "t")
			if taken := err == nil; taken != (tt.message == "") {
				t.Errorf("error %v, want %q", err, tt.message)
			} else if !taken && (!errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), tt.message)) {
				t.Errorf("error %v, want %s", err, tt.message)
			}
		})
	}
}
