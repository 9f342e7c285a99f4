package seed

// roleBodies returns the role definitions: Microsoft's and, unless the tenant is bare, the
// company's own.
func (c *company) roleBodies() []object {
	var bodies []object
	for _, r := range builtInRoleTable {
		bodies = append(bodies, object{
			"id": r.id, "displayName": r.name, "description": r.about, "isBuiltIn": true, "isEnabled": true,
			"templateId": r.id, "version": "1", "resourceScopes": list("/"),
			"rolePermissions": list(object{"allowedResourceActions": list(r.actions...), "condition": nil}),
		})
	}
	if c.bare {
		return bodies
	}
	custom := func(key, name, about string, enabled bool, permissions ...any) object {
		id := c.id("roleDefinitions", key)
		return object{
			"id": id, "templateId": id, "displayName": name, "description": about, "isBuiltIn": false, "isEnabled": enabled,
			"version": nil, "resourceScopes": list("/"), "rolePermissions": permissions,
		}
	}
	permission := func(condition any, actions ...string) object {
		return object{"allowedResourceActions": list(actions...), "condition": condition}
	}
	return append(bodies,
		custom("app-support", "Application Support", "Renews certificates of applications.", true,
			permission(nil, "microsoft.directory/applications/basic/update", "microsoft.directory/applications/credentials/update"),
			permission("$ResourceIsSelf", "microsoft.directory/servicePrincipals/standard/read", "microsoft.directory/servicePrincipals/credentials/update")),
		custom("registration-desk", "Registration Desk", "Welcomes joiners.", true,
			permission(nil, "microsoft.directory/users/standard/read", "microsoft.directory/users/usageLocation/update", "microsoft.directory/groups/members/update")),
		custom("legacy", "Device Custodian (retired)", "", false, permission(nil, "microsoft.directory/devices/standard/read")),
	)
}

// roleDefinitions yields the role definitions.
func (c *company) roleDefinitions(yield func(Record) bool) {
	for _, body := range c.roleBodies() {
		if !yield(Record{Path: roleDefinitionsPath, Body: body}) {
			return
		}
	}
}

// given is a role that somebody has.
type given struct {
	key, principal, role, scope string
	// expiration is set where the assignment was made by a request; activated marks one
	// that its holder activated for a while.
	expiration object
	activated  bool
}

// roleAssignments yields who has which role, each with its schedule.
func (c *company) roleAssignments(yield func(Record) bool) {
	emea := "/administrativeUnits/" + c.id("administrativeUnits", "emea")
	for _, g := range []given{
		{key: "bg1", principal: c.user("bg1"), role: GlobalAdministrator, scope: "/"},
		{key: "bg2", principal: c.user("bg2"), role: GlobalAdministrator, scope: "/"},
		{key: "sync", principal: c.user("sync"), role: roleDirectorySynchronization, scope: "/"},
		{key: "entragit", principal: c.id("servicePrincipals", "entragit"), role: rolePrivilegedAuthentication, scope: "/"},
		{key: "terraform", principal: c.id("servicePrincipals", "terraform"), role: roleApplicationAdministrator, scope: "/" + c.id("applications", "portal")},
		{key: "auth", principal: c.id("groups", "auth-admins"), role: roleAuthenticationAdministrator, scope: "/", expiration: until(day(3150))},
		{key: "reader", principal: c.user("clo"), role: roleGlobalReader, scope: "/", expiration: until(day(3050))},
		{key: "desk", principal: c.user("chro"), role: c.id("roleDefinitions", "registration-desk"), scope: emea},
		{key: "users", principal: c.user("adm-helpdesk"), role: roleUserAdministrator, scope: emea},
		{key: "active", principal: c.user("adm-cio"), role: rolePrivilegedRoleAdministrator, scope: "/", expiration: until(day(2770)), activated: true},
	} {
		for _, rec := range c.givenRole(g) {
			if !yield(rec) {
				return
			}
		}
	}
}

// givenRole returns an assignment and its schedule.
func (c *company) givenRole(g given) []Record {
	assignment := object{
		"id": c.longID("roleAssignment", g.key) + "-1", "principalId": g.principal, "roleDefinitionId": g.role,
		"directoryScopeId": g.scope, "appScopeId": nil, "principalOrganizationId": c.tenantID, "condition": nil,
	}
	schedule := DirectSchedule(assignment, day(2500))
	if g.expiration != nil {
		schedule["id"] = c.id("roleAssignmentSchedules", g.key)
		schedule["createdUsing"], schedule["createdDateTime"] = schedule["id"], day(2600)
		schedule["scheduleInfo"] = scheduleInfo(day(2600), g.expiration)
	}
	if g.activated {
		schedule["assignmentType"] = "Activated"
	}
	return []Record{{Path: "/roleManagement/directory/roleAssignments", Body: assignment}, {Path: "/roleManagement/directory/roleAssignmentSchedules", Body: schedule}}
}

// directoryRoles yields the roles that were activated for the older interface.
func (c *company) directoryRoles(yield func(Record) bool) {
	for _, r := range builtInRoleTable[:16] {
		if !yield(Record{Path: "/directoryRoles", Body: object{
			"id": c.id("directoryRoles", r.id), "displayName": r.name, "description": r.about, "roleTemplateId": r.id,
		}}) {
			return
		}
	}
}

// DirectSchedule is the schedule of an assignment that was made directly: it has its id
// and no end.
func DirectSchedule(assignment map[string]any, start string) map[string]any {
	return object{
		"id": assignment["id"], "principalId": assignment["principalId"], "roleDefinitionId": assignment["roleDefinitionId"],
		"directoryScopeId": assignment["directoryScopeId"], "appScopeId": assignment["appScopeId"],
		"createdUsing": nil, "createdDateTime": nil, "modifiedDateTime": nil, "status": "Provisioned",
		"assignmentType": "Assigned", "memberType": "Direct",
		"scheduleInfo": scheduleInfo(start, never()),
	}
}
