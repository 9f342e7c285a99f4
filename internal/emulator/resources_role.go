package emulator

// roleResources are roles, their assignments, and the units they are limited to. From the
// reference pages of rbacApplication, privilegedIdentityManagement and administrativeUnit.
var roleResources = []*resource{
	{
		path: "/directory/administrativeUnits", typ: "administrativeUnit",
		texts:      map[string]text{"displayName": {most: 256}, "visibility": {among: []string{"HiddenMembership", "Public"}}},
		tracked:    &tracking{links: []string{"members"}, always: []string{"members"}},
		readOnly:   []string{"deletedDateTime"},
		createOnly: []string{"visibility", "isMemberManagementRestricted"},
		required:   []string{"displayName"},
		deletedTo:  "/directory/deletedItems",
		links:      []link{{name: "members", to: []string{"user", "group", "device"}}},
		locks: []lock{{
			when: isDynamicUnit, parts: []string{"members"},
			err: directoryError("Cannot modify the members of an administrative unit with dynamic membership."),
		}},
		checks: []check{checkUnit},
	},
	{
		path: "/directory/administrativeUnits/*/scopedRoleMembers", typ: "scopedRoleMembership",
		deny:       []string{"PATCH"},
		readOnly:   []string{"administrativeUnitId"},
		createOnly: []string{"roleId", "roleMemberInfo"},
		required:   []string{"roleId", "roleMemberInfo"},
		refs:       []reference{{path: "roleId", in: []string{"/directoryRoles"}, message: notFoundText, code: notFoundCode, status: 404}},
		prepare:    prepareScopedMember,
	},
	{
		path: roleDefinitionsPath, typ: "unifiedRoleDefinition",
		whole:      true,
		keyOf:      roleKey,
		readOnly:   []string{"isBuiltIn"},
		createOnly: []string{"templateId"},
		required:   []string{"displayName", "isEnabled", "rolePermissions"},
		locks:      []lock{{when: isBuiltInRole, deletes: true, err: directoryError("A built-in role definition cannot be changed.")}},
		checks:     []check{checkRole},
		prepare:    prepareRole,
		affect:     provideRolePolicy,
	},
	{
		path: roleAssignmentsPath, typ: "unifiedRoleAssignment",
		deny:       []string{"PATCH"},
		readOnly:   []string{"condition", "principalOrganizationId"},
		createOnly: []string{"principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"},
		required:   []string{"principalId", "roleDefinitionId", "directoryScopeId"},
		needs:      []string{"principalId"},
		toOne:      roleParts,
		prepare: func(w *write) *apiError {
			w.after["principalOrganizationId"] = w.store.tenantID
			return nil
		},
		checks: []check{checkRoleAssignment},
		affect: scheduleAssignment,
	},
	{
		path: roleEligibility.path, typ: "unifiedRoleEligibilitySchedule",
		deny:        []string{"POST", "PATCH", "DELETE"},
		requestedBy: roleEligibility.requested, byAction: roleEligibility.changes(), affect: roleEligibility.follow,
		needs: []string{"principalId"},
		toOne: roleParts,
	},
	{
		path: roleAssignment.path, typ: "unifiedRoleAssignmentSchedule",
		deny:        []string{"POST", "PATCH", "DELETE"},
		requestedBy: roleAssignment.requested, byAction: roleAssignment.changes(), affect: roleAssignment.follow,
		needs: []string{"principalId"},
		toOne: roleParts,
	},
	{
		path: "/roleManagement/directory/roleAssignmentScheduleInstances", typ: "unifiedRoleAssignmentScheduleInstance",
		deny:   []string{"POST", "PATCH", "DELETE"},
		source: roleAssignment.instances("roleAssignmentScheduleId", "assignmentType"),
		toOne:  roleParts,
	},
	{
		path: "/roleManagement/directory/roleEligibilityScheduleInstances", typ: "unifiedRoleEligibilityScheduleInstance",
		deny:   []string{"POST", "PATCH", "DELETE"},
		source: roleEligibility.instances("roleEligibilityScheduleId"),
		toOne:  roleParts,
	},
	roleEligibility.requests("unifiedRoleEligibilityScheduleRequest"),
	roleAssignment.requests("unifiedRoleAssignmentScheduleRequest"),
	groupEligibility.requests("privilegedAccessGroupEligibilityScheduleRequest"),
	groupAssignment.requests("privilegedAccessGroupAssignmentScheduleRequest"),
	{
		path: "/policies/roleManagementPolicies", typ: "unifiedRoleManagementPolicy",
		scope: []string{"scopeId", "scopeType"}, needs: []string{"scopeId"},
		deny: []string{"POST", "DELETE"},
		readOnly: []string{
			"description", "displayName", "isOrganizationDefault", "lastModifiedBy", "lastModifiedDateTime", "scopeId",
			"scopeType",
		},
		modified: "lastModifiedDateTime",
		holds:    []string{"rules"},
	},
	{
		path: "/policies/roleManagementPolicies/*/rules", typ: "unifiedRoleManagementPolicyRule",
		typed: true, whole: true,
		deny: []string{"POST", "DELETE"},
	},
	{
		path: "/policies/roleManagementPolicyAssignments", typ: "unifiedRoleManagementPolicyAssignment",
		scope: []string{"scopeId", "scopeType"}, needs: []string{"scopeId"},
		deny:  []string{"POST", "PATCH", "DELETE"},
		toOne: []toOne{{name: "policy", property: "policyId", in: []string{"/policies/roleManagementPolicies"}}},
	},
	{
		path: groupEligibility.path, typ: "privilegedAccessGroupEligibilitySchedule",
		scope:       []string{"groupId"},
		deny:        []string{"POST", "PATCH", "DELETE"},
		requestedBy: groupEligibility.requested, byAction: groupEligibility.changes(), affect: groupEligibility.follow,
		needs: []string{"groupId", "principalId"},
		toOne: []toOne{{name: "group", property: "groupId"}, {name: "principal", property: "principalId"}},
	},
	{
		path: groupAssignment.path, typ: "privilegedAccessGroupAssignmentSchedule",
		scope:       []string{"groupId"},
		deny:        []string{"POST", "PATCH", "DELETE"},
		requestedBy: groupAssignment.requested, byAction: groupAssignment.changes(), affect: groupAssignment.follow,
		needs: []string{"groupId", "principalId"},
		toOne: []toOne{{name: "group", property: "groupId"}, {name: "principal", property: "principalId"}},
	},
	{
		path: "/directoryRoles", typ: "directoryRole",
		tracked:    &tracking{links: []string{"members"}, always: []string{"members"}},
		whole:      true,
		deny:       []string{"PATCH", "DELETE"},
		alternate:  []string{"roleTemplateId"},
		readOnly:   []string{"deletedDateTime", "description", "displayName"},
		createOnly: []string{"roleTemplateId"},
		required:   []string{"roleTemplateId"},
		links:      []link{{name: "members", to: []string{"user", "group", "servicePrincipal"}, derived: roleMembers}},
	},
	{
		path: entitlementRolesPath, typ: "unifiedRoleDefinition",
		deny: []string{"POST", "PATCH", "DELETE"},
	},
	{
		path: "/roleManagement/entitlementManagement/roleAssignments", typ: "unifiedRoleAssignment",
		deny:       []string{"PATCH"},
		readOnly:   []string{"condition", "directoryScopeId", "principalOrganizationId"},
		createOnly: []string{"principalId", "roleDefinitionId", "appScopeId"},
		required:   []string{"principalId", "roleDefinitionId", "appScopeId"},
		needs:      []string{"principalId"},
		toOne: []toOne{
			{name: "principal", property: "principalId"},
			{name: "roleDefinition", property: "roleDefinitionId", in: []string{entitlementRolesPath}},
		},
		checks: []check{checkEntitlementRole},
	},
}

const entitlementRolesPath = "/roleManagement/entitlementManagement/roleDefinitions"

// roleParts are what an assignment of a role, or its schedule, relates.
var roleParts = []toOne{
	{name: "principal", property: "principalId"},
	{name: "roleDefinition", property: "roleDefinitionId", in: []string{roleDefinitionsPath}},
	{name: "directoryScope", property: "directoryScopeId", scope: true},
}
