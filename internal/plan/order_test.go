package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// incident is a tenant in which what a policy refers to was deleted, and the objects as
// they were before.
func incident(t *testing.T) (*world, []*entra.Object) {
	t.Helper()
	want := []*entra.Object{
		object(t, "conditionalAccessPolicies/pol", `{"Spec":{"state":"enabled","conditions":{
			"users":{"excludeGroups":["grp"]},"locations":{"includeLocations":["loc"]},"applications":{"includeApplications":["app-id"]}}}}`),
		object(t, "groups/grp", `{"Links":{"members":["p1","usr"],"owners":["usr"]}}`),
		object(t, "namedLocations/loc", `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":true}}`),
		object(t, "users/usr", `{"Spec":{"city":"c"}}`),
		object(t, "applications/app", `{"Status":{"appId":"app-id"},"Contained":{"federatedIdentityCredentials":[{"name":"main","subject":"s"}]}}`),
	}
	return &world{
		live: []*entra.Object{object(t, "conditionalAccessPolicies/pol", `{"Spec":{"state":"disabled"}}`), object(t, "groups/grp", `{"Links":{"members":["p1","p2"]}}`)},
		deleted: []*entra.Object{object(t, "namedLocations/loc", `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":false}}`),
			object(t, "users/usr", `{"Spec":{"city":"d"}}`), object(t, "applications/app", `{"Status":{"appId":"app-id"}}`)},
	}, want
}

// What is referred to comes first, everything is there before anything refers to it, and
// removals come last.
func TestPlanOrder(t *testing.T) {
	w, want := incident(t)
	expected := []string{
		"applications/app:restore",
		"namedLocations/loc:restore",
		"users/usr:restore",
		"applications/app:createContained:federatedIdentityCredentials:main applications/app:restore",
		"namedLocations/loc:update namedLocations/loc:restore",
		"conditionalAccessPolicies/pol:update applications/app:restore namedLocations/loc:restore",
		"users/usr:update users/usr:restore",
		"groups/grp:addLink:members:usr users/usr:restore",
		"groups/grp:addLink:owners:usr users/usr:restore",
		"groups/grp:removeLink:members",
	}
	if d := cmp.Diff(expected, lines(w.plan(t, want...))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// When an object may not be taken back, every part that names it is refused too.
func TestPlanRefusalsSpread(t *testing.T) {
	w, want := incident(t)
	w.deleted[0].Spec["@odata.type"] = "#microsoft.graph.countryNamedLocation"
	w.deleted[1].Status = map[string]any{"isManagementRestricted": true}
	w.deleted[2].Status["isManagementRestricted"] = true // no lock of applications
	got := w.plan(t, want...)
	var short []string
	for _, line := range lines(got) {
		head, _, _ := strings.Cut(line, ": ")
		short = append(short, head)
	}
	expected := []string{
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
	if d := cmp.Diff(expected, short); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// The order follows references through objects of which nothing is planned, and what is
// removed goes the other way.
func TestPlanOrderFollowsThroughTheUnchanged(t *testing.T) {
	const catalog, other = "accessPackageCatalogs/c", "accessPackageCatalogs/d"
	all := allRead()
	all["accessPackages"] = all["accessPackages"].Except(entra.Exception{ID: "p", Part: "links/incompatibleGroups"})
	resources := `{"Contained":{"resources":[{"originId":"p1","originSystem":"AadGroup"}]},"IDs":{"resources":{"AadGroup+p1":"1"}}}`
	w := &world{
		now: all,
		live: []*entra.Object{object(t, catalog, `{"Spec":{"displayName":"x"}}`), object(t, other, resources), object(t, "accessPackages/p", `{"Spec":{"catalog":{"id":"c"}}}`),
			object(t, "accessPackages/q", `{"Spec":{"catalog":{"id":"d"}},"Links":{"incompatibleGroups":["p1"]}}`),
			object(t, "accessPackageAssignmentPolicies/a", `{"Spec":{"displayName":"x","accessPackage":{"id":"p"}}}`)},
	}
	got := w.plan(t, object(t, catalog, `{"Spec":{"displayName":"y"}}`), object(t, other, `{}`), object(t, "accessPackages/p", `{"Spec":{"catalog":{"id":"c"}}}`),
		object(t, "accessPackages/q", `{"Spec":{"catalog":{"id":"d"}}}`), object(t, "accessPackageAssignmentPolicies/a", `{"Spec":{"displayName":"y","accessPackage":{"id":"p"}}}`))
	expected := []string{
		"accessPackageCatalogs/c:update", "accessPackageAssignmentPolicies/a:update",
		"accessPackages/q:removeLink:incompatibleGroups", "accessPackageCatalogs/d:deleteContained:resources:AadGroup+p1",
		"left alone accessPackages/p/links/incompatibleGroups: it cannot be read now: partial",
	}
	if d := cmp.Diff(expected, lines(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What the plan creates comes before what names it; what is there is not waited for.
func TestPlanOrderOfWhatIsCreated(t *testing.T) {
	const policies = `{"Spec":{"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":["ManagePermissionGrantsForSelf.new","ManagePermissionGrantsForSelf.old"]}}}`
	w := &world{live: []*entra.Object{object(t, "authorizationPolicy/x", `{}`), object(t, "permissionGrantPolicies/old", `{"Spec":{"displayName":"a"}}`)}}
	got := w.plan(t, object(t, "authorizationPolicy/x", policies), object(t, "permissionGrantPolicies/new", `{}`), object(t, "permissionGrantPolicies/old", `{"Spec":{"displayName":"b"}}`))
	expected := []string{"permissionGrantPolicies/new:create", "permissionGrantPolicies/old:update", "authorizationPolicy/x:update permissionGrantPolicies/new:create"}
	if d := cmp.Diff(expected, lines(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Where objects refer to each other, the given order stands; a contained object's
// references count, and those by another property than the id.
func TestPlanOrderOfCirclesAndContainedReferences(t *testing.T) {
	role := func(principal string) string {
		return `{"Contained":{"appRoleAssignedTo":[{"principalId":"` + principal + `","appRoleId":"r","resourceId":"p1"}]}}`
	}
	const a, b, c = "servicePrincipals/a", "servicePrincipals/b", "servicePrincipals/c"
	empty := func(keys ...string) *world {
		w := &world{}
		for _, key := range keys {
			w.live = append(w.live, object(t, key, `{}`))
		}
		return w
	}
	element := func(key, principal string) string {
		return key + ":createContained:appRoleAssignedTo:" + principal + "+r"
	}
	circle := empty(a, b).plan(t, object(t, a, role("b")), object(t, b, role("a")))
	if d := cmp.Diff([]string{element(b, "a"), element(a, "b")}, lines(circle)); d != "" {
		t.Errorf("a circle (-want +got):\n%s", d)
	}
	chain := empty(a, b, c).plan(t, object(t, a, role("c")), object(t, b, role("p2")), object(t, c, role("b")))
	if d := cmp.Diff([]string{element(b, "p2"), element(c, "b"), element(a, "c")}, lines(chain)); d != "" {
		t.Errorf("a chain (-want +got):\n%s", d)
	}
	w := empty("conditionalAccessPolicies/1", "applications/x")
	got := w.plan(t, object(t, "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"applications":{"includeApplications":["p1"]}}}}`),
		object(t, "applications/x", `{"Spec":{"notes":"n"},"Status":{"appId":"p1"}}`))
	if d := cmp.Diff([]string{"applications/x:update", "conditionalAccessPolicies/1:update"}, lines(got)); d != "" {
		t.Errorf("by appId (-want +got):\n%s", d)
	}
}

// What comes first although nothing needs it is noted, once for each object and stage.
func TestPlanFollows(t *testing.T) {
	w, want := incident(t)
	w.deleted = append(w.deleted, w.live[0])
	w.live = w.live[1:]
	var got []string
	for _, s := range w.plan(t, want...).Steps {
		if len(s.Follows) > 0 {
			got = append(got, s.ID+" after "+strings.Join(s.Follows, " "))
		}
	}
	expected := []string{
		"conditionalAccessPolicies/pol:restore after applications/app:restore namedLocations/loc:restore",
		"conditionalAccessPolicies/pol:update after applications/app:createContained:federatedIdentityCredentials:main namedLocations/loc:update",
	}
	if d := cmp.Diff(expected, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A rule that permits an eligibility and names somebody who is created again comes after
// that creation, and the eligibility after the rule.
func TestArrangeKeepsWhatIsNeededFirst(t *testing.T) {
	step := func(kindName string, action entra.Action, needs, follows []string) entra.Step {
		key := entra.Key{Kind: kindName, ID: "1"}
		return entra.Step{ID: key.String() + ":" + string(action), Key: key, Action: action, Needs: needs, Follows: follows}
	}
	user := step("users", entra.ActionCreate, nil, nil)
	rule := step("roleManagementPolicies", entra.ActionUpdateContained, []string{user.ID}, nil)
	eligible := step("roleEligibilitySchedules", entra.ActionCreate, nil, []string{rule.ID})
	restored := step("groups", entra.ActionRestore, nil, nil)
	steps := []entra.Step{user, rule, eligible, restored}
	p := planner{order: map[entra.Key]int{user.Key: 0}}
	p.arrange(steps, make([]stage, len(steps)))
	var got []string
	for _, s := range steps {
		got = append(got, s.Kind)
	}
	if d := cmp.Diff([]string{"groups", "users", "roleManagementPolicies", "roleEligibilitySchedules"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
