package apply

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// steps are a plan's steps with what they need, one line each, and its refusals.
func steps(plan entra.Plan) []string {
	var all []string
	for _, s := range plan.Steps {
		all = append(all, strings.Join(append([]string{s.ID}, s.Needs...), " "))
	}
	for _, r := range plan.Refusals {
		all = append(all, "left alone "+r.String()+r.Pointer)
	}
	return all
}

// incident is a tenant in which what a policy refers to was deleted, and the objects
// as they were before.
func incident(t testing.TB) (*tenant, []*entra.Object) {
	t.Helper()
	want := []*entra.Object{
		object(t, "conditionalAccessPolicies/pol", `{"Spec":{"state":"enabled","conditions":{
			"users":{"excludeGroups":["grp"]},"locations":{"includeLocations":["loc"]},"applications":{"includeApplications":["app-id"]}}}}`),
		object(t, "groups/grp", `{"Spec":{"displayName":"g"},"Links":{"members":["p1","usr"],"owners":["usr"]}}`),
		object(t, "namedLocations/loc", `{"Spec":{"@odata.type":"#ip","isTrusted":true}}`),
		object(t, "users/usr", `{"Spec":{"city":"c","country":"x"},"Links":{"manager":["p1"],"sponsors":["p2"]}}`),
		object(t, "applications/app", `{"Status":{"appId":"app-id"},"Spec":{"notes":"n"},
			"Contained":{"federatedIdentityCredentials":[{"name":"main","subject":"s"}]}}`),
	}
	on := newTenant(object(t, "conditionalAccessPolicies/pol", `{"Spec":{"state":"disabled"}}`),
		object(t, "groups/grp", `{"Spec":{"displayName":"g"},"Links":{"members":["p1","p2"]}}`))
	for _, o := range want[2:] {
		on.deleted[o.Key] = clone(o)
	}
	on.deleted[want[2].Key].Spec["isTrusted"] = false
	on.deleted[want[3].Key].Spec["city"] = "d"
	delete(on.deleted[want[3].Key].Links, "sponsors")
	on.deleted[want[3].Key].Spec["country"] = "x"
	return on, want
}

func TestPlanOrdersByReference(t *testing.T) {
	on, want := incident(t)
	plan := mustPlan(t, input(on, want...))
	wanted := []string{
		"applications/app:restore",
		"namedLocations/loc:restore",
		"users/usr:restore",
		"applications/app:createContained:federatedIdentityCredentials:main applications/app:restore",
		"namedLocations/loc:update namedLocations/loc:restore",
		"conditionalAccessPolicies/pol:update applications/app:restore namedLocations/loc:restore",
		"users/usr:update users/usr:restore",
		"groups/grp:addLink:members:usr users/usr:restore",
		"groups/grp:addLink:owners:usr users/usr:restore",
		"users/usr:addLink:manager users/usr:restore",
		"users/usr:addLink:sponsors users/usr:restore",
		"groups/grp:removeLink:members",
	}
	if d := cmp.Diff(wanted, steps(plan)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	outcome := mustApply(t, on, plan)
	if !outcome.Complete() {
		t.Errorf("%+v\n%+v", outcome.Steps, outcome.Remaining)
	}
	for _, line := range on.log {
		if strings.Contains(line, "manager") || strings.Contains(line, "federatedIdentityCredentials") {
			t.Errorf("sent although it came back by itself: %s", line)
		}
	}
	if again := mustPlan(t, input(on, want...)); len(again.Steps) != 0 || again.Matched != len(want) {
		t.Errorf("a second plan: %q", steps(again))
	}
}

// When an object may not be taken back, every part that names it is refused too.
func TestPlanRefusalsSpread(t *testing.T) {
	on, want := incident(t)
	delete(on.deleted, want[2].Key)
	user := on.deleted[want[3].Key]
	user.Status = map[string]any{"isManagementRestricted": true}
	plan := mustPlan(t, input(on, want...))
	wanted := []string{
		"applications/app:restore",
		"applications/app:createContained:federatedIdentityCredentials:main applications/app:restore",
		"conditionalAccessPolicies/pol:update",
		"groups/grp:removeLink:members",
		"left alone conditionalAccessPolicies/pol/spec/conditions",
		"left alone namedLocations/loc",
		"left alone groups/grp/links/members/usr",
		"left alone groups/grp/links/owners/usr",
		"left alone users/usr",
	}
	if d := cmp.Diff(wanted, steps(plan)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A group that an incident made dynamic takes members again once it is not.
func TestPlanMembersOfAGroupMadeDynamic(t *testing.T) {
	live := object(t, "groups/g", `{"Spec":{"groupTypes":["DynamicMembership"],"membershipRule":"all"},"Links":{"members":["p2"]}}`)
	want := object(t, "groups/g", `{"Links":{"members":["p1"]}}`)
	on := newTenant(live)
	wanted := []string{
		"groups/g:update",
		"groups/g:addLink:members groups/g:update",
		"groups/g:removeLink:members groups/g:update",
	}
	if d := cmp.Diff(wanted, steps(mustPlan(t, input(on, want)))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// And one that the snapshot has dynamic is not given members on the way there.
	on = newTenant(want)
	wanted = []string{"groups/g:update", "left alone groups/g/links/members"}
	if d := cmp.Diff(wanted, steps(mustPlan(t, input(on, live)))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What is riskier to leave is removed first.
func TestPlanRemovesLast(t *testing.T) {
	location := `{"Spec":{"@odata.type":"#ip","isTrusted":false}}`
	on := newTenant(object(t, "applications/1", `{"Contained":{"federatedIdentityCredentials":[{"name":"a"}]},"Links":{"owners":["p1"]}}`),
		object(t, "groups/2", `{"Links":{"members":["p1"]}}`), object(t, "namedLocations/3", location))
	got := steps(mustPlan(t, input(on, object(t, "applications/1", `{}`), object(t, "groups/2", `{"Links":{"members":["p2"]}}`),
		object(t, "namedLocations/3", strings.Replace(location, "false", "true", 1)))))
	wanted := []string{
		"namedLocations/3:update",
		"groups/2:addLink:members",
		"applications/1:deleteContained:federatedIdentityCredentials:a",
		"applications/1:removeLink:owners",
		"groups/2:removeLink:members",
	}
	if d := cmp.Diff(wanted, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A deleted item does not show that its user is synchronised.
func TestPlanDeletedSynchronisedUser(t *testing.T) {
	want := object(t, "users/u", `{"Spec":{"city":"c","usageLocation":"CH"},"Status":{"onPremisesSyncEnabled":true}}`)
	on := newTenant()
	on.deleted[want.Key] = object(t, "users/u", `{}`)
	wanted := []string{"users/u:restore", "users/u:update users/u:restore", "left alone users/u/spec/city"}
	if d := cmp.Diff(wanted, steps(mustPlan(t, input(on, want)))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The deleted item of a group does not show that it is dynamic.
func TestPlanDeletedDynamicGroup(t *testing.T) {
	want := object(t, "groups/g", `{"Spec":{"groupTypes":["DynamicMembership"]},"Links":{"members":["p1"]}}`)
	on := newTenant()
	on.deleted[want.Key] = object(t, "groups/g", `{}`)
	wanted := []string{"groups/g:restore", "groups/g:update groups/g:restore", "left alone groups/g/links/members"}
	if d := cmp.Diff(wanted, steps(mustPlan(t, input(on, want)))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
