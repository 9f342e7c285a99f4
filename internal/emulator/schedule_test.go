package emulator

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator/seed"
)

const eligibilityRequests = "/roleManagement/directory/roleEligibilityScheduleRequests"

// roleRequest is the body of a request about a role of a user at the whole tenant.
func roleRequest(action, principal, role, more string) string {
	return `{"action":"` + action + `","principalId":"` + principal + `","roleDefinitionId":"` + role + `","directoryScopeId":"/"` + more + `}`
}

const forever = `,"scheduleInfo":{"startDateTime":"2020-01-01T00:00:00Z","expiration":{"type":"noExpiration"}}`

func TestScheduleRequestsMakeAndEndSchedules(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	user, schedules := contoso.user("cmo"), "/roleManagement/directory/roleEligibilitySchedules"
	count := func() int { return len(c.values(schedules + "?$filter=principalId eq '" + user + "'")) }
	c.refuses(400, "RoleAssignmentDoesNotExist", "does not exist", "POST", eligibilityRequests, roleRequest("adminRemove", user, globalReader, ""))
	made := c.expect(http.StatusCreated, "POST", eligibilityRequests, roleRequest("adminAssign", user, globalReader, forever))
	if made["status"] != "Provisioned" || count() != 1 {
		t.Fatalf("request: %v, %d schedules", made, count())
	}
	schedule := c.get(schedules + "/" + made["targetScheduleId"].(string))
	if start := at(schedule, "scheduleInfo.startDateTime"); start != "2026-10-01T09:00:00Z" {
		t.Errorf("a schedule begins at %v, before it was asked for", start)
	}
	c.refuses(400, "RoleAssignmentExists", "exists", "POST", eligibilityRequests, roleRequest("adminAssign", user, globalReader, forever))
	c.expect(http.StatusCreated, "POST", eligibilityRequests, roleRequest("adminUpdate", user, globalReader,
		`,"scheduleInfo":{"expiration":{"type":"afterDateTime","endDateTime":"2027-01-01T00:00:00Z"}}`))
	if end := at(c.get(schedules+"/"+schedule["id"].(string)), "scheduleInfo.expiration.endDateTime"); end != "2027-01-01T00:00:00Z" {
		t.Errorf("the schedule ends at %v", end)
	}
	c.expect(http.StatusCreated, "POST", eligibilityRequests, roleRequest("adminRemove", user, globalReader, ""))
	if count() != 0 {
		t.Errorf("%d schedules are left", count())
	}
	for _, request := range []struct{ body, code string }{
		{roleRequest("selfActivate", user, globalReader, forever), "InvalidRoleAssignmentRequest"},
		{roleRequest("adminAssign", contoso.id("servicePrincipals", "entragit"), globalReader, forever), "SubjectNotFound"},
		{roleRequest("adminAssign", user, user, forever), "RoleNotFound"},
		{roleRequest("adminAssign", user, globalReader, ""), "InvalidRoleAssignmentRequest"},
	} {
		c.refuses(400, request.code, "", "POST", eligibilityRequests, request.body)
	}
	c.refuses(405, "Request_BadRequest", "", "PATCH", schedules+"/"+contoso.id("roleEligibilitySchedules", "tier0"), `{}`)
}

func TestAssignmentsFollowSchedules(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	user := contoso.user("cmo")
	const requests = "/roleManagement/directory/roleAssignmentScheduleRequests"
	assignments := func() []object {
		return c.values(roleAssignmentsPath + "?$filter=principalId eq '" + user + "'")
	}
	c.refuses(400, "RoleAssignmentRequestPolicyValidationFailed", "JustificationRule", "POST", requests, roleRequest("adminAssign", user, globalReader, forever))
	c.refuses(400, "RoleAssignmentRequestPolicyValidationFailed", "ExpirationRule", "POST", requests,
		roleRequest("adminAssign", user, privilegedRoles, forever+`,"justification":"x"`))
	c.expect(http.StatusCreated, "POST", requests, roleRequest("adminAssign", user, globalReader, forever+`,"justification":"x"`))
	if n := len(assignments()); n != 1 {
		t.Fatalf("%d assignments after a request", n)
	}
	c.expect(http.StatusNoContent, "DELETE", roleAssignmentsPath+"/"+assignments()[0]["id"].(string), "")
	if left := c.values(assignmentSchedulesPath + "?$filter=principalId eq '" + user + "'"); len(left) != 0 {
		t.Errorf("schedules of no assignment: %v", left)
	}
	body := `{"principalId":"` + user + `","roleDefinitionId":"` + globalReader + `","directoryScopeId":"/"}`
	made := c.expect(http.StatusCreated, "POST", roleAssignmentsPath, body)
	c.refuses(400, "Request_BadRequest", "A conflicting object", "POST", roleAssignmentsPath, body)
	if c.get(assignmentSchedulesPath + "/" + made["id"].(string))["assignmentType"] != "Assigned" {
		t.Error("a direct assignment has no schedule")
	}
	active := c.values("/roleManagement/directory/roleAssignmentScheduleInstances?$filter=assignmentType eq 'Activated'")
	if len(active) != 1 {
		t.Fatalf("%d activations", len(active))
	}
	if e := c.get(roleAssignmentsPath + "/" + active[0]["roleAssignmentOriginId"].(string)); e["principalId"] != contoso.user("adm-cio") {
		t.Errorf("the activation is of %v", e)
	}
	for _, key := range []string{"bg1", "bg2"} {
		a := c.do("DELETE", roleAssignmentsPath+"/"+seed.LongID(string(contoso), "roleAssignment", key)+"-1", "")
		if last := key == "bg2"; (a.status == http.StatusNoContent) == last {
			t.Errorf("removing %s from Global Administrator: %d %s", key, a.status, a.text)
		}
	}
}

func TestCustomRoles(t *testing.T) {
	c := serve(t, Options{})
	const id = "0f1e2d3c-4b5a-4968-8776-655443322110"
	body := `{"displayName":"R","isEnabled":true,"templateId":"` + id + `","rolePermissions":[{"allowedResourceActions":["microsoft.directory/users/standard/read"]}]}`
	if made := c.expect(http.StatusCreated, "POST", roleDefinitionsPath, body); made["id"] != id || made["isBuiltIn"] != false {
		t.Errorf("a role with a chosen template: %v", made)
	}
	policies := "/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '" + id + "'"
	found := c.values(policies + "&$expand=policy($expand=rules)")
	if len(found) != 1 || len(asList(at(found[0], "policy.rules"))) != 17 {
		t.Errorf("policies of a new role: %.300v", found)
	}
	c.refuses(400, "Request_BadRequest", "built-in", "PATCH", roleDefinitionsPath+"/"+globalReader, `{"displayName":"x"}`)
	c.refuses(400, "Request_BadRequest", "there is an assignment", "DELETE",
		roleDefinitionsPath+"/"+seeded(c.server.TenantID()).id("roleDefinitions", "app-support"), "")
	c.expect(http.StatusNoContent, "DELETE", roleDefinitionsPath+"/"+id, "")
	if left := c.values(policies); len(left) != 0 {
		t.Errorf("policies of no role: %v", left)
	}
}

func TestRolePolicyRulesAreUpdatedOneByOneOrTogether(t *testing.T) {
	c := serve(t, Options{})
	policy := "/policies/roleManagementPolicies/" + seed.RolePolicyID(c.server.TenantID(), globalReader)
	rule := policy + "/rules/Expiration_EndUser_Assignment"
	update := `{"@odata.type":"#microsoft.graph.unifiedRoleManagementPolicyExpirationRule","id":"Expiration_EndUser_Assignment","maximumDuration":"PT3H"}`
	c.expect(http.StatusNoContent, "PATCH", rule, update)
	if got := c.get(rule)["maximumDuration"]; got != "PT3H" {
		t.Errorf("maximumDuration: %v", got)
	}
	c.expect(http.StatusNoContent, "PATCH", policy, `{"rules":[`+strings.Replace(update, "PT3H", "PT5H", 1)+`]}`)
	if got := c.get(rule)["maximumDuration"]; got != "PT5H" {
		t.Errorf("maximumDuration: %v", got)
	}
	if c.get(policy)["rules"] != nil {
		t.Error("rules come without $expand")
	}
	c.refuses(405, "Request_BadRequest", "", "DELETE", rule, "")
	c.refuses(400, "UnknownError", "MissingProvider", "GET", "/policies/roleManagementPolicies", "")
}

// Whoever is assigned to a group is a member or owner of it for that time; whoever is removed
// from the group loses the assignment, and who is one already is not assigned again.
func TestGroupAssignments(t *testing.T) {
	const schedules = "/identityGovernance/privilegedAccess/group/assignmentSchedules"
	c := serve(t, Options{Seed: "empty"})
	ada, bob := c.user("ada"), c.user("bob")
	group := c.expect(http.StatusCreated, "POST", "/groups", `{"displayName":"tier","mailEnabled":false,"mailNickname":"tier","securityEnabled":true,"isAssignableToRole":true}`)["id"].(string)
	ask := func(action, access, principal string) string {
		return `{"action":"` + action + `","accessId":"` + access + `","groupId":"` + group + `","principalId":"` + principal +
			`","justification":"x","scheduleInfo":{"expiration":{"type":"afterDateTime","endDateTime":"2030-01-01T00:00:00Z"}}}`
	}
	c.refuses(400, "UnknownError", "MissingProvider", "GET", schedules, "")
	of := schedules + "?$filter=groupId eq '" + group + "'"
	c.expect(http.StatusCreated, "POST", "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", ask("adminAssign", "member", ada))
	c.expect(http.StatusCreated, "POST", "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", ask("adminAssign", "owner", bob))
	if got := pick(c.values("/groups/"+group+"/members"), "id"); !slices.Equal(got, []string{ada}) {
		t.Errorf("members: %v", got)
	}
	if got := pick(c.values("/groups/"+group+"/owners"), "id"); !slices.Equal(got, []string{bob}) {
		t.Errorf("owners: %v", got)
	}
	if got := pick(c.values(of+" and accessId eq 'owner'"), "principalId"); !slices.Equal(got, []string{bob}) {
		t.Errorf("schedules of owners: %v", got)
	}
	c.refuses(400, "RoleAssignmentExists", "", "POST", "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", ask("adminAssign", "member", ada))
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group+"/members/"+ada+"/$ref", "")
	c.expect(http.StatusCreated, "POST", "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", ask("adminRemove", "owner", bob))
	if got := c.values(of); len(got) != 0 {
		t.Errorf("schedules that are left: %v", got)
	}
	if got := c.values("/groups/" + group + "/owners"); len(got) != 0 {
		t.Errorf("owners that are left: %v", got)
	}
	c.expect(http.StatusNoContent, "POST", "/groups/"+group+"/members/$ref", pointer(ada))
	c.refuses(400, "RoleAssignmentExists", "", "POST", "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests", ask("adminAssign", "member", ada))
}
