package emulator

import (
	"fmt"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator/seed"
)

func TestRolesInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	bob := c.user("bob")
	assignment := c.ada().create(roleAssignmentsPath, fmt.Sprintf(`{"principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/"}`, bob, seed.GlobalAdministrator))
	given := c.entry("Add member to role")
	lines := said(given)
	role := textOf(field(asList(given["targetResources"])[1], "id"))
	c.says(given, "User "+bob, `Role.ObjectID: ∅ → "`+role+`"`, `Role.DisplayName: ∅ → "Global Administrator"`, `Role.TemplateId: ∅ → "`+seed.GlobalAdministrator+`"`,
		`Role.WellKnownObjectName: ∅ → "TenantAdmins"`, "Role "+role)
	if given["category"] != "RoleManagement" || lines[0] != "User "+bob || at(given, "initiatedBy.user.id") != "u-ada" {
		t.Errorf("%v", given)
	}
	c.expect(204, "DELETE", roleAssignmentsPath+"/"+assignment, "")
	if lines := said(c.entry("Remove member from role")); lines[3] != `Role.TemplateId: "`+seed.GlobalAdministrator+`" → ∅` {
		t.Errorf("%q", lines)
	}
	unit := c.create("/directory/administrativeUnits", `{"displayName":"Oslo"}`)
	c.create(roleAssignmentsPath, fmt.Sprintf(`{"principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/administrativeUnits/%s"}`, bob, globalReader, unit))
	scoped := said(c.entry("Add scoped member to role")) // never seen with values
	if len(scoped) != 2 || scoped[0] != "User "+bob {
		t.Errorf("%q", scoped)
	}
	c.expect(204, "POST", "/directory/administrativeUnits/"+unit+"/members/$ref", pointer(bob))
	c.says(c.entry("Add member to administrative unit"), "User "+bob, "Other "+unit)
}

// What privileged identity management does is told by itself and, as done by a job, by the directory;
// nothing but the role and the principal ties the entries together.
func TestPrivilegedIdentityInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	bob := c.user("bob")
	request := c.ada().create(roleAssignment.requested, fmt.Sprintf(`{"action":"adminAssign","principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/",`+
		`"justification":"on call","scheduleInfo":{"startDateTime":"2026-10-01T09:00:00Z","expiration":{"type":"afterDuration","duration":"PT4H"}}}`, bob, globalReader))
	asked, given, done := c.entry("Add member to role in PIM requested (timebound)"), c.entry("Add member to role"), c.entry("Add member to role in PIM completed (timebound)")
	c.says(done, "Role "+globalReader, `RoleDefinitionOriginId: "" → "`+globalReader+`"`, `RoleDefinitionOriginType: "" → "BuiltInRole"`,
		`TemplateId: "" → "`+globalReader+`"`, "Request "+request, "User "+bob, "Directory "+c.server.TenantID(), "Other "+textOf(field(asList(done["targetResources"])[4], "id")))
	if given["loggedByService"] != "Core Directory" || at(given, "initiatedBy.app.displayName") != "MS-PIM" || at(given, "initiatedBy.user") != nil {
		t.Errorf("%v", given)
	}
	if done["loggedByService"] != "PIM" || at(done, "initiatedBy.user.userPrincipalName") != "ada@contoso.com" || done["resultReason"] != "on call" ||
		done["activityDateTime"] != "2026-10-01T09:00:06Z" || !strings.HasPrefix(textOf(done["id"]), "PIM_") || detailOf(done, "RequestId") != request {
		t.Errorf("%v", done)
	}
	if ids := []any{asked["correlationId"], given["correlationId"], done["correlationId"]}; ids[0] == ids[1] || ids[1] == ids[2] {
		t.Errorf("shared correlation ids: %v", ids)
	}
	c.create(roleEligibility.requested, fmt.Sprintf(`{"action":"adminAssign","principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/",`+
		`"justification":"j","scheduleInfo":{"expiration":{"type":"noExpiration"}}}`, bob, privilegedRoles))
	c.entry("Add eligible member to role in PIM completed (permanent)")
	if lines := said(c.entry("Add eligible member to role")); len(lines) != 2 {
		t.Errorf("%q", lines)
	}
	c.create(roleEligibility.requested, fmt.Sprintf(`{"action":"adminRemove","principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/"}`, bob, privilegedRoles))
	c.entry("Remove eligible member from role in PIM completed (permanent)")
	c.entry("Remove eligible member from role")
}

// Of a role's settings the log tells in words.
func TestRoleSettingsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	policy := textOf(c.values("/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole' and roleDefinitionId eq '" + globalReader + "'")[0]["policyId"])
	rule := "/policies/roleManagementPolicies/" + policy + "/rules/Enablement_EndUser_Assignment"
	const typ = `{"@odata.type":"#microsoft.graph.unifiedRoleManagementPolicyEnablementRule",`
	c.expect(204, "PATCH", rule, typ+`"enabledRules":["MultiFactorAuthentication","Justification"]}`)
	c.expect(204, "PATCH", rule, typ+`"enabledRules":["Justification"]}`)
	settings := c.entries("Update role setting in PIM")
	c.says(settings[0], "Role "+globalReader)
	c.expect(204, "PATCH", strings.Replace(rule, "Enablement", "Expiration", 1), `{"@odata.type":"#microsoft.graph.unifiedRoleManagementPolicyExpirationRule","maximumDuration":"PT2H30M"}`)
	if longest := c.entries("Update role setting in PIM")[0]["resultReason"]; longest != "Setting changes in this session: Maximum activation duration updated to 02:30:00." {
		t.Errorf("%v", longest)
	}
	if settings[0]["resultReason"] != "Setting changes in this session: MFA on activation disabled." || settings[0]["loggedByService"] != "PIM" {
		t.Errorf("%v", settings[0])
	}
}
