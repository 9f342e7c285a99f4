package emulator

// roleActivities are those about roles: of Core Directory, and of privileged identity management.
var roleActivities = map[string]audited{
	roleDefinitionsPath: {
		category: "RoleManagement", target: "Role",
		names: map[deed]string{added: "Add role definition", updated: "Update role definition", deleted: "Delete role definition"},
	},
	roleAssignmentsPath: {tell: tellRoleAssignment},
	"/directoryRoles": {
		category: "RoleManagement", target: "Role", names: map[deed]string{added: "Add role from template"},
		links: map[string]auditedLink{"members": {tell: tellRoleMember}},
	},
	"/directory/administrativeUnits/*/scopedRoleMembers": {tell: tellScopedMember},
	roleEligibility.requested:                            {tell: tellRequests(roleEligibility)},
	roleEligibility.path:                                 {tell: tellSchedules(roleEligibility)},
	roleAssignment.requested:                             {tell: tellRequests(roleAssignment)},
	roleAssignment.path:                                  {tell: tellSchedules(roleAssignment)},
	groupEligibility.requested:                           {tell: tellRequests(groupEligibility)},
	groupEligibility.path:                                {tell: tellSchedules(groupEligibility)},
	groupAssignment.requested:                            {tell: tellRequests(groupAssignment)},
	groupAssignment.path:                                 {tell: tellSchedules(groupAssignment)},
	"/policies/roleManagementPolicies/*/rules":           {tell: tellRoleSetting},
	"/roleManagement/entitlementManagement/roleAssignments": {
		service: entitlementService, category: "EntitlementManagement",
		names: named("Add Entitlement Management role assignment", "", "Remove Entitlement Management role assignment"),
	},
}

const (
	entitlementService = "Entitlement Management"
	reviewService      = "Access Reviews"
	workflowService    = "Lifecycle Workflows"
)

// governanceActivities are those of identity governance and of what guests come in by.
var governanceActivities = map[string]audited{
	catalogsPath: {
		service: entitlementService, category: "EntitlementManagement",
		names: named("Create access package catalog", "Update access package catalog", "Delete access package catalog"),
	},
	resourceRequestsPath: {
		service: entitlementService, category: "EntitlementManagement", names: map[deed]string{added: "Create resource request"},
	},
	packagesPath: {
		service: entitlementService, category: "EntitlementManagement",
		names: named("Create access package", "Update access package", "Delete access package"),
		links: map[string]auditedLink{
			"incompatibleAccessPackages": {add: "Create incompatible access package", remove: "Delete incompatible access package", ownerFirst: true},
			"incompatibleGroups":         {add: "Create incompatible group", remove: "Delete incompatible group", ownerFirst: true},
		},
	},
	assignmentPoliciesPath: {
		service: entitlementService, category: "EntitlementManagement",
		names: named("Create access package assignment policy", "Update access package assignment policy", "Delete access package assignment policy"),
	},
	connectedPath: {
		service: entitlementService, category: "EntitlementManagement",
		names: named("Create connected organization", "Update connected organization", "Delete connected organization"),
		links: map[string]auditedLink{
			"externalSponsors": {add: "Assign user as external sponsor", remove: "Remove user as external sponsor"},
			"internalSponsors": {add: "Assign user as internal sponsor", remove: "Remove user as internal sponsor"},
		},
	},
	"/identityGovernance/entitlementManagement/settings": {
		service: entitlementService, category: "EntitlementManagement", names: map[deed]string{updated: "Update tenant setting"},
	},
	"/identityGovernance/accessReviews/definitions": {
		service: reviewService, category: "Policy", target: "Policy",
		names: named("Create access review", "Update access review", "Delete access review"),
	},
	"/agreements": {
		service: "Terms Of Use", category: "Policy", target: "Policy",
		names: named("Create Terms Of Use", "Edit Terms Of Use", "Delete Terms Of Use"),
	},
	workflowsPath: {
		service: workflowService, category: "WorkflowManagement",
		names: map[deed]string{
			added: "Create workflow", updated: "Update workflow", deleted: "Delete workflow", purged: "Hard delete workflow", restored: "Restore workflow",
		},
	},
	extensionsPath: {
		service: workflowService, category: "Other",
		names: named("Create custom task extension", "Update custom task extension", "Delete custom task extension"),
	},
	"/identityGovernance/lifecycleWorkflows/settings": {
		service: workflowService, category: "WorkflowManagement", names: map[deed]string{updated: "Update tenant settings"},
	},
	"/identity/identityProviders":         external("Create Identity Provider", "Update Identity Provider", "Delete Identity Provider"),
	"/identity/b2xUserFlows":              external("Create user flow", "Update user flow", "Delete user flow"),
	"/identity/userFlowAttributes":        external("Create user attribute", "Update user attribute", "Delete user attribute"),
	"/identity/apiConnectors":             external("Create API connector", "Update API connector", "Delete API connector"),
	"/identity/authenticationEventsFlows": external("Create authenticationEventsFlow", "Update authenticationEventsFlow", "Delete authenticationEventsFlow"),
	"/identity/customAuthenticationExtensions": external("Create customAuthenticationExtension", "Update customAuthenticationExtension",
		"Delete customAuthenticationExtension"),
}

// external are the activities of the service that lets guests in, which Microsoft lists as B2C's.
func external(add, update, remove string) audited {
	return audited{service: "B2C", category: "Authorization", names: named(add, update, remove)}
}
