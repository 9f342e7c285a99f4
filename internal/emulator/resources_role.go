package emulator

// roleResources are roles, their assignments, and the units they are limited to. From the
// reference pages of rbacApplication, privilegedIdentityManagement and administrativeUnit.
// Requests that make or end a schedule are missing.
var roleResources = []*resource{
	{
		path: "/directory/administrativeUnits", typ: "administrativeUnit",
		noun: "administrative unit", category: "AdministrativeUnit",
		readOnly:   []string{"deletedDateTime"},
		createOnly: []string{"visibility", "isMemberManagementRestricted"},
		required:   []string{"displayName"},
		deletedTo:  "/directory/deletedItems",
		links:      []link{{name: "members", to: []string{"user", "group", "device"}}},
	},
	{
		path: "/directory/administrativeUnits/*/scopedRoleMembers", typ: "scopedRoleMembership",
		deny:       []string{"PATCH"},
		readOnly:   []string{"administrativeUnitId"},
		createOnly: []string{"roleId", "roleMemberInfo"},
		required:   []string{"roleId", "roleMemberInfo"},
	},
	{
		path: "/roleManagement/directory/roleDefinitions", typ: "unifiedRoleDefinition",
		noun: "role definition", category: "RoleManagement",
		whole:      true,
		readOnly:   []string{"isBuiltIn"},
		createOnly: []string{"templateId"},
		required:   []string{"displayName", "isEnabled", "rolePermissions"},
	},
	{
		path: "/roleManagement/directory/roleAssignments", typ: "unifiedRoleAssignment",
		noun: "role assignment", category: "RoleManagement",
		deny:       []string{"PATCH"},
		readOnly:   []string{"condition", "principalOrganizationId"},
		createOnly: []string{"principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"},
		required:   []string{"principalId", "roleDefinitionId", "directoryScopeId"},
		needs:      []string{"principalId"},
	},
	{
		path: "/roleManagement/directory/roleEligibilitySchedules", typ: "unifiedRoleEligibilitySchedule",
		deny: []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{
			"appScopeId", "createdDateTime", "createdUsing", "directoryScopeId", "memberType", "modifiedDateTime",
			"principalId", "roleDefinitionId", "scheduleInfo", "status",
		},
	},
	{
		path: "/roleManagement/directory/roleAssignmentSchedules", typ: "unifiedRoleAssignmentSchedule",
		deny: []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{
			"appScopeId", "assignmentType", "createdDateTime", "createdUsing", "directoryScopeId", "memberType",
			"modifiedDateTime", "principalId", "roleDefinitionId", "scheduleInfo", "status",
		},
	},
	{
		path: "/policies/roleManagementPolicies", typ: "unifiedRoleManagementPolicy",
		scope: []string{"scopeId", "scopeType"},
		deny:  []string{"POST", "DELETE"},
		readOnly: []string{
			"description", "displayName", "isOrganizationDefault", "lastModifiedBy", "lastModifiedDateTime", "scopeId",
			"scopeType",
		},
		modified: "lastModifiedDateTime",
	},
	{
		path: "/policies/roleManagementPolicyAssignments", typ: "unifiedRoleManagementPolicyAssignment",
		scope:    []string{"scopeId", "scopeType"},
		deny:     []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{"policyId", "roleDefinitionId", "scopeId", "scopeType"},
	},
	{
		path: "/identityGovernance/privilegedAccess/group/eligibilitySchedules", typ: "privilegedAccessGroupEligibilitySchedule",
		scope: []string{"groupId"},
		deny:  []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{
			"accessId", "createdDateTime", "createdUsing", "groupId", "memberType", "modifiedDateTime", "principalId",
			"scheduleInfo", "status",
		},
	},
	{
		path: "/directoryRoles", typ: "directoryRole",
		noun: "role", category: "RoleManagement",
		whole:      true,
		deny:       []string{"PATCH", "DELETE"},
		readOnly:   []string{"deletedDateTime", "description", "displayName"},
		createOnly: []string{"roleTemplateId"},
		required:   []string{"roleTemplateId"},
		links:      []link{{name: "members", to: []string{"user", "group", "servicePrincipal"}}},
	},
	{
		path: "/roleManagement/entitlementManagement/roleAssignments", typ: "unifiedRoleAssignment",
		deny:       []string{"PATCH"},
		readOnly:   []string{"condition", "directoryScopeId", "principalOrganizationId"},
		createOnly: []string{"principalId", "roleDefinitionId", "appScopeId"},
		required:   []string{"principalId", "roleDefinitionId", "appScopeId"},
	},
}
