package apply

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// object reads an object from its key and its sections as JSON.
func object(t testing.TB, key, sections string) *entra.Object {
	t.Helper()
	kindName, id, ok := strings.Cut(key, "/")
	if !ok {
		t.Fatalf("key %q", key)
	}
	o := &entra.Object{Key: entra.Key{Kind: kindName, ID: id}, Name: id}
	if err := json.Unmarshal([]byte(sections), o); err != nil {
		t.Fatalf("%s: %v", sections, err)
	}
	return o
}

// lines are the requests of a plan, rendered with the objects as they are, and its
// refusals, one line each, in order.
func lines(t *testing.T, in plan.Input, p entra.Plan) []string {
	t.Helper()
	requests, err := Preview(testBase, &p, in.Live)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, s := range p.Steps {
		for _, r := range requests[s.ID] {
			all = append(all, strings.TrimSpace(r.Method+" "+r.Path+" "+string(r.Body)))
		}
	}
	for _, r := range p.Refusals {
		all = append(all, "left alone "+r.String()+r.Pointer+": "+r.Reason)
	}
	return all
}

func ref(id string) string {
	return `{"@odata.id":"` + testBase + `/directoryObjects/` + id + `"}`
}

func TestPlanOneObject(t *testing.T) {
	tests := []struct {
		name              string
		key, live, wanted string
		parts             []string
		plan              []string
	}{
		{"nothing differs", "users/1", `{"Spec":{"city":"a"}}`, `{"Spec":{"city":"a"}}`, nil, nil},
		{"only what differs", "users/1", `{"Spec":{"city":"a","country":"c"}}`, `{"Spec":{"city":"b","country":"c"}}`, nil,
			[]string{`PATCH /users/1 {"city":"b"}`}},
		{"cleared by the shape of the live value", "users/1", `{"Spec":{"city":"a","otherMails":["m"],"employeeOrgData":{"division":"d"}}}`, `{}`, nil,
			[]string{`PATCH /users/1 {"city":null,"employeeOrgData":null,"otherMails":[]}`}},
		{"absences inside are explicit", "users/1", `{"Spec":{"employeeOrgData":{"costCenter":"c","division":"d"}}}`, `{"Spec":{"employeeOrgData":{"division":"e"}}}`, nil,
			[]string{`PATCH /users/1 {"employeeOrgData":{"costCenter":null,"division":"e"}}`}},
		{"no absences of another type", "conditionalAccessPolicies/1",
			`{"Spec":{"conditions":{"users":{"includeGuestsOrExternalUsers":{"externalTenants":{"@odata.type":"#enumerated","members":["t"]}}}}}}`,
			`{"Spec":{"conditions":{"users":{"includeGuestsOrExternalUsers":{"externalTenants":{"@odata.type":"#all"}}}}}}`, nil,
			[]string{`PATCH /identity/conditionalAccess/policies/1 {"conditions":{"users":{"includeGuestsOrExternalUsers":{"externalTenants":{"@odata.type":"#all"}}}}}`}},
		{"one nested property", "conditionalAccessPolicies/1",
			`{"Spec":{"state":"off","conditions":{"clientAppTypes":["x"],"users":{"excludeUsers":["p1","p2"],"includeUsers":["All"]}}}}`,
			`{"Spec":{"state":"on","conditions":{"clientAppTypes":["y"],"users":{"excludeUsers":["p1"],"includeUsers":["p1"]}}}}`, []string{"conditions.users.excludeUsers"},
			[]string{`PATCH /identity/conditionalAccess/policies/1 {"conditions":{"clientAppTypes":["x"],"users":{"excludeUsers":["p1"],"includeUsers":["All"]}}}`}},
		{"a polymorphic type is sent", "namedLocations/1", `{"Spec":{"@odata.type":"#ip","isTrusted":true}}`, `{"Spec":{"@odata.type":"#ip","isTrusted":false}}`, nil,
			[]string{`PATCH /identity/conditionalAccess/namedLocations/1 {"@odata.type":"#ip","isTrusted":false}`}},
		{"a polymorphic type is not changed", "namedLocations/1", `{"Spec":{"@odata.type":"#ip","isTrusted":true}}`, `{"Spec":{"@odata.type":"#country"}}`, nil,
			[]string{`left alone namedLocations/1: it is a #ip now and was a #country, which cannot be written`}},
		{"a create-only property", "groups/1", `{"Spec":{"isAssignableToRole":true,"displayName":"x"}}`, `{"Spec":{"displayName":"y"}}`, nil,
			[]string{`PATCH /groups/1 {"displayName":"y"}`, `left alone groups/1/spec/isAssignableToRole: it can only be given when the object is created`}},
		{"a sticky property", "users/1", `{"Spec":{"mail":"m"}}`, `{}`, nil,
			[]string{`left alone users/1/spec/mail: the snapshot has no value for it, and Graph lets it be changed but not cleared`}},
		{"an embedded copy", "conditionalAccessPolicies/1", `{"Spec":{"grantControls":{"authenticationStrength":{"id":"p1"},"operator":"OR"}}}`, `{"Spec":{"grantControls":{"authenticationStrength":{"id":"p2"}}}}`, nil,
			[]string{`PATCH /identity/conditionalAccess/policies/1 {"grantControls":{"authenticationStrength":{"id":"p2"},"operator":null}}`}},
		{"a removed role is disabled first", "applications/1", `{"Spec":{"appRoles":[{"id":"r1","isEnabled":true},{"id":"r2","isEnabled":true}],"tags":["a"]}}`, `{"Spec":{"appRoles":[{"id":"r2","isEnabled":true}]}}`, nil,
			[]string{
				`PATCH /applications/1 {"appRoles":[{"id":"r1","isEnabled":false},{"id":"r2","isEnabled":true}]}`,
				`PATCH /applications/1 {"appRoles":[{"id":"r2","isEnabled":true}],"tags":[]}`,
			}},
		{"a nested scope is disabled first", "applications/1", `{"Spec":{"api":{"acceptMappedClaims":true,"oauth2PermissionScopes":[{"id":"s","isEnabled":true}]}}}`, `{"Spec":{"api":{"acceptMappedClaims":true}}}`, nil,
			[]string{
				`PATCH /applications/1 {"api":{"acceptMappedClaims":true,"oauth2PermissionScopes":[{"id":"s","isEnabled":false}]}}`,
				`PATCH /applications/1 {"api":{"acceptMappedClaims":true,"oauth2PermissionScopes":[]}}`,
			}},
		{"a role only switched off", "applications/1", `{"Spec":{"appRoles":[{"id":"r1","isEnabled":true}]}}`, `{"Spec":{"appRoles":[{"id":"r1","isEnabled":false}]}}`, nil,
			[]string{`PATCH /applications/1 {"appRoles":[{"id":"r1","isEnabled":false}]}`}},
		{"a property of one keyed element", "applications/1", `{"Spec":{"appRoles":[{"id":"r1","value":"a"},{"id":"r2","value":"b"}]}}`, `{"Spec":{"appRoles":[{"id":"r1","value":"c"},{"id":"r2","value":"d"},{"id":"r3"}]}}`, []string{"appRoles.r2.value"},
			[]string{`PATCH /applications/1 {"appRoles":[{"id":"r1","value":"a"},{"id":"r2","value":"d"}]}`}},
		{"what may be in another tenant is left to Graph", "applications/1", `{}`, `{"Spec":{"requiredResourceAccess":[{"resourceAppId":"elsewhere"}]}}`, nil,
			[]string{`PATCH /applications/1 {"requiredResourceAccess":[{"resourceAppId":"elsewhere"}]}`}},
		{"a dangling reference refuses the property that holds it, whole", "conditionalAccessPolicies/1", `{"Spec":{"state":"off"}}`, `{"Spec":{"state":"on","conditions":{"users":{"excludeGroups":["p1","gone"]}}}}`, nil,
			[]string{
				`PATCH /identity/conditionalAccess/policies/1 {"state":"on"}`,
				`left alone conditionalAccessPolicies/1/spec/conditions: conditions.users.excludeGroups names groups with id gone, which does not exist`,
			}},
		{"special values name nothing", "conditionalAccessPolicies/1", `{}`, `{"Spec":{"conditions":{"users":{"includeUsers":["All"]}}}}`, nil,
			[]string{`PATCH /identity/conditionalAccess/policies/1 {"conditions":{"users":{"includeUsers":["All"]}}}`}},
		{"links by add and remove", "groups/1", `{"Links":{"members":["p1","p2"]}}`, `{"Links":{"members":["p2","p3","p4"]}}`, nil,
			[]string{`PATCH /groups/1 {"members@odata.bind":["` + testBase + `/directoryObjects/p3","` + testBase + `/directoryObjects/p4"]}`, `DELETE /groups/1/members/p1/$ref`}},
		{"one target of a link", "groups/1", `{"Links":{"members":["p1","p2"]}}`, `{"Links":{"members":["p2","p3","p4"]}}`, []string{"links.members.p3"},
			[]string{`POST /groups/1/members/$ref ` + ref("p3")}},
		{"links are left when a property is named", "groups/1", `{"Links":{"members":["p1"]}}`, `{"Spec":{"displayName":"x"}}`, []string{"displayName"},
			[]string{`PATCH /groups/1 {"displayName":"x"}`}},
		{"a link target that is gone", "groups/1", `{}`, `{"Links":{"members":["gone","p3"]}}`, nil,
			[]string{`POST /groups/1/members/$ref ` + ref("p3"), `left alone groups/1/links/members/gone: links.members names users or groups or servicePrincipals or devices with id gone, which does not exist`}},
		{"a single link", "users/1", `{"Links":{"manager":["p1"]}}`, `{"Links":{"manager":["p2"]}}`, nil,
			[]string{`PUT /users/1/manager/$ref ` + ref("p2")}},
		{"a single link removed", "users/1", `{"Links":{"manager":["p1"]}}`, `{}`, nil,
			[]string{`DELETE /users/1/manager/$ref`}},
		{"contained objects", "applications/1",
			`{"Status":{"appId":"00-11"},"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"},{"name":"b","subject":"s"}]}}`,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"t"},{"name":"c","issuer":"u"}],"extensionProperties":[{"name":"extension_0011_x","dataType":"String"}]}}`, nil,
			[]string{
				`POST /applications/1/extensionProperties {"dataType":"String","name":"x"}`,
				`PATCH /applications/1/federatedIdentityCredentials/id-of-a {"subject":"t"}`,
				`POST /applications/1/federatedIdentityCredentials {"issuer":"u","name":"c"}`,
				`DELETE /applications/1/federatedIdentityCredentials/id-of-b`,
			}},
		{"a contained object that cannot be changed", "applications/1",
			`{"Contained":{"extensionProperties":[{"name":"a","dataType":"String"}]}}`, `{"Contained":{"extensionProperties":[{"name":"a","dataType":"Integer"}]}}`, nil,
			[]string{`left alone applications/1/contained/extensionProperties/a/dataType: it can only be given when the element is created`}},
		{"a fixed contained object", "authenticationMethodsPolicy/x",
			`{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","@odata.type":"#sms","state":"enabled"}]}}`,
			`{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","@odata.type":"#sms","state":"disabled"},{"id":"Voice"}]}}`, nil,
			[]string{
				`PATCH /policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Sms {"@odata.type":"#sms","state":"disabled"}`,
				`left alone authenticationMethodsPolicy/x/contained/authenticationMethodConfigurations/Voice: it comes with what it is part of and can neither be created nor deleted`,
			}},
		{"a listed singleton", "organization/t", `{}`, `{"Spec":{"technicalNotificationMails":["m"]}}`, nil,
			[]string{`PATCH /organization/t {"technicalNotificationMails":["m"]}`}},
		{"a lock leaves the rest", "users/1", `{"Status":{"onPremisesSyncEnabled":true},"Spec":{"city":"a"}}`, `{"Spec":{"city":"b","usageLocation":"CH"},"Links":{"manager":["p1"],"sponsors":["p2"]}}`, nil,
			[]string{
				`PATCH /users/1 {"usageLocation":"CH"}`, `POST /users/1/sponsors/$ref ` + ref("p2"),
				`left alone users/1/links/manager: synchronised from Active Directory`,
				`left alone users/1/spec/city: synchronised from Active Directory`,
			}},
		{"members of a dynamic group", "groups/1", `{"Spec":{"groupTypes":["DynamicMembership"]},"Links":{"members":["p1"]}}`, `{"Spec":{"groupTypes":["DynamicMembership"]}}`, nil,
			[]string{`left alone groups/1/links/members: members follow the membership rule`}},
		{"observed only, with the reason", "groups/1", `{"Status":{"assignedLabels":[{"labelId":"a"}],"createdDateTime":"x"}}`, `{}`, nil,
			[]string{`left alone groups/1/status/assignedLabels: sensitivity labels are only writable by an administrator who is signed in`}},
		{"observed only, named", "groups/1", `{"Status":{"createdDateTime":"x"}}`, `{}`, []string{"createdDateTime"},
			[]string{`left alone groups/1/status/createdDateTime: it is observed only, Graph does not let it be written`}},
		{"a path is escaped", "oauth2PermissionGrants/a/b?c", `{"Spec":{"scope":"a"}}`, `{"Spec":{"scope":"b"}}`, nil,
			[]string{`PATCH /oauth2PermissionGrants/a%2Fb%3Fc {"scope":"b"}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			live, want := object(t, tt.key, tt.live), object(t, tt.key, tt.wanted)
			on := newTenant(live)
			in := input(on, want)
			for _, arg := range tt.parts {
				part, err := diff.ParsePart(arg)
				if err != nil {
					t.Fatal(err)
				}
				in.Parts = append(in.Parts, part)
			}
			if d := cmp.Diff(tt.plan, lines(t, in, mustPlan(t, in))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What either side did not read is neither compared nor written.
func TestPlanCoverage(t *testing.T) {
	live := object(t, "applications/1", `{"Spec":{"tags":["a"],"notes":"n"},"Links":{"owners":["p1"]},"Contained":{"federatedIdentityCredentials":[{"name":"n"}]}}`)
	part := map[string]entra.Coverage{"applications": {State: entra.Partial, Properties: []string{"notes"}}}
	for i, in := range []plan.Input{
		inputOf(newTenant(live), extents(part), coverage(), nil, object(t, "applications/1", `{}`)),
		inputOf(newTenant(live), extents(coverage()), part, nil, object(t, "applications/1", `{}`)),
	} {
		got := mustPlan(t, in)
		if d := cmp.Diff([]string{`PATCH /applications/1 {"notes":null}`}, lines(t, in, got)); d != "" {
			t.Errorf("side %d (-want +got):\n%s", i, d)
		}
		if len(got.Unread) == 0 || got.Unread[0].Kind != "applications" {
			t.Errorf("side %d: nothing is said of what was not read", i)
		}
	}
}

func TestPlanGone(t *testing.T) {
	in := input(newTenant(object(t, "users/2", `{}`)), object(t, "users/1", `{}`))
	added := []entra.Listed{{Identity: entra.Identity{Key: entra.Key{Kind: "users", ID: "2"}}, Name: "Two", Danger: 15}}
	in.Added = added
	plan := mustPlan(t, in)
	if len(plan.Refusals) != 1 || plan.Refusals[0].Pointer != "" || !strings.Contains(plan.Refusals[0].Reason, "deleted for good") || plan.Matched != 0 {
		t.Errorf("plan %+v", plan)
	}
	if d := cmp.Diff(added, plan.Added); d != "" {
		t.Errorf("added since (-want +got):\n%s", d)
	}
}

func TestPlanNames(t *testing.T) {
	want := object(t, "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["p1","p2"]}}}}`)
	in := input(newTenant(object(t, "conditionalAccessPolicies/1", `{}`)), want)
	in.Names = func(r *kind.Reference, id string) (string, bool) { return r.Targets[0] + ": " + id, id == "p1" }
	if d := cmp.Diff(map[string]string{"p1": "users: p1"}, mustPlan(t, in).Names); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The caller is told what to look up: what would be written, and nothing else.
func TestReferencesOfAPlan(t *testing.T) {
	on := newTenant(
		object(t, "conditionalAccessPolicies/1", `{"Spec":{"grantControls":{"x":1}}}`),
		object(t, "groups/2", `{"Links":{"members":["p3"]}}`), object(t, "users/p4", `{}`))
	in := input(on,
		object(t, "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["p1"],"includeUsers":["All"]},"applications":{"includeApplications":["p2"]}}}}`),
		object(t, "groups/2", `{"Links":{"members":["p1","p3","p4"]}}`), object(t, "users/p4", `{}`))
	refs, err := plan.References(in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range refs {
		got = append(got, strings.Join(r.Targets, "|")+" "+r.By+" "+r.Value)
	}
	if d := cmp.Diff([]string{"servicePrincipals|applications appId p2", "users  p1", "users|groups|servicePrincipals|devices  p1", "users|groups|servicePrincipals|devices  p4"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A deleted item shows a few properties only: nothing follows from what it lacks, and
// what came back as it should be is not written.
func TestPlanFromAPoorDeletedItem(t *testing.T) {
	want := object(t, "groups/1", `{"Spec":{"mailEnabled":true,"groupTypes":["Unified"],"displayName":"x","theme":"Teal","visibility":"Private"}}`)
	on := newTenant()
	on.deleted[want.Key] = clone(want)
	on.deleted[want.Key].Spec["theme"] = "Red"
	in := input(on, want)
	in.Live[want.Key] = object(t, "groups/1", `{"Spec":{"displayName":"x"}}`)
	plan := mustPlan(t, in)
	if len(plan.Refusals) > 0 {
		t.Errorf("left alone: %q", steps(plan))
	}
	outcome := mustApply(t, on, plan)
	wanted := []string{"POST /directory/deletedItems/1/restore", `PATCH /groups/1 {"theme":"Teal"}`}
	if d := cmp.Diff(wanted, on.log); d != "" || !outcome.Complete() {
		t.Errorf("%+v (-want +got):\n%s", outcome.Steps, d)
	}
}
