package emulator

// activities are what the audit log calls the changes of each resource, by the resource's path. The
// names are those of captured entries, and where none is published those of Microsoft's page
// "Microsoft Entra audit log activity reference". A resource or a deed that is not here leaves no
// entry: either Microsoft lists no activity for it, or its log is another.
var activities = map[string]audited{
	"/users": {
		category: "UserManagement", target: "User", details: userDetails, tell: tellUser,
		names: map[deed]string{
			added: "Add user", updated: "Update user", deleted: "Delete user", purged: "Hard Delete user", restored: "Restore user",
			licensed: "Change user license",
		},
		links: map[string]auditedLink{
			"manager":  {add: "Set user manager", ownerFirst: true},
			"sponsors": {add: "Add user sponsor", remove: "Remove user sponsor", ownerFirst: true},
		},
	},
	"/groups": {
		category: "GroupManagement", target: "Group", details: groupDetails, values: groupValues,
		names: map[deed]string{
			added: "Add group", updated: "Update group", deleted: "Delete group", purged: "Hard Delete group", restored: "Restore group",
			licensed: "Set group license",
		},
		links: groupLinks,
	},
	"/devices": {
		category: "Device", target: "Device",
		names: map[deed]string{added: "Add device", updated: "Update device", deleted: "Delete device"},
		links: map[string]auditedLink{
			"registeredOwners": {add: "Add registered owner to device", remove: "Remove registered owner from device"},
			"registeredUsers":  {add: "Add registered users to device", remove: "Remove registered users from device"},
		},
	},
	"/applications": {
		category: "ApplicationManagement", target: "Application", tell: tellApplication,
		names: map[deed]string{
			added: "Add application", updated: "Update application", deleted: "Delete application", purged: "Hard Delete application",
			restored: "Restore application",
		},
		links: map[string]auditedLink{
			"owners":                     {add: "Add owner to application", remove: "Remove owner from application", named: "Application"},
			"appManagementPolicies":      policyToApplication,
			"homeRealmDiscoveryPolicies": policyToApplication,
			"tokenIssuancePolicies":      policyToApplication,
			"tokenLifetimePolicies":      policyToApplication,
		},
	},
	"/applications/*/federatedIdentityCredentials": {
		category: "ApplicationManagement", target: "Application", operation: "Update", of: (*write).owner, values: federatedValues,
		names: map[deed]string{added: "Update application", updated: "Update application", deleted: "Update application"},
	},
	"/servicePrincipals": {
		category: "ApplicationManagement", target: "ServicePrincipal", tell: tellPrincipal,
		names: map[deed]string{
			added: "Add service principal", updated: "Update service principal", deleted: "Remove service principal",
			purged: "Hard delete service principal", restored: "Restore service principal",
		},
		links: map[string]auditedLink{
			"owners":                     {add: "Add owner to service principal", remove: "Remove owner from service principal", named: "ServicePrincipal"},
			"appManagementPolicies":      policyToPrincipal,
			"claimsMappingPolicies":      policyToPrincipal,
			"homeRealmDiscoveryPolicies": policyToPrincipal,
			"tokenIssuancePolicies":      policyToPrincipal,
			"tokenLifetimePolicies":      policyToPrincipal,
		},
	},
	"/servicePrincipals/*/appRoleAssignedTo": {tell: tellAssignment},
	"/oauth2PermissionGrants":                {category: "ApplicationManagement", tell: tellGrant},

	policiesPath: {
		service: accessService, category: "Policy", target: "Policy", tell: tellPolicy, values: wholeValue("ConditionalAccessPolicy"),
		names: map[deed]string{
			added: "Add conditional access policy", updated: "Update conditional access policy", deleted: "Delete conditional access policy",
		},
	},
	// What the line of a location is called is not published.
	locationsPath: {
		service: accessService, category: "Policy", target: "Policy", values: wholeValue("NamedLocation"),
		names: map[deed]string{added: "Add named location", updated: "Update named location", deleted: "Delete named location"},
	},
	"/identity/conditionalAccess/authenticationContextClassReferences": {
		service: accessService, category: "Policy", target: "Policy",
		names: map[deed]string{
			added: "Add AuthenticationContextClassReference", updated: "Update AuthenticationContextClassReference",
			deleted: "Delete AuthenticationContextClassReference",
		},
	},
	securityDefaultsPath: {
		service: accessService, category: "Policy", target: "Policy", names: map[deed]string{updated: "Update security defaults"},
	},
	strengthsPath: {
		service: methodsService, category: "ApplicationManagement", target: "Policy",
		names: map[deed]string{
			added: "Authentication Strength Policy Create", updated: "Authentication Strength Policy Update", deleted: "Authentication Strength Policy Delete",
		},
	},
	strengthsPath + "/*/combinationConfigurations": {
		service: methodsService, category: "ApplicationManagement", target: "Policy", of: (*write).owner,
		names: map[deed]string{
			added:   "Authentication Strength Combination Configuration Create ",
			updated: "Authentication Strength Combination Configuration Update", deleted: "Authentication Strength Combination Configuration Delete",
		},
	},
	"/policies/authenticationMethodsPolicy": {
		service: methodsService, category: "ApplicationManagement", target: "Policy", values: methodsValues,
		names: map[deed]string{updated: "Authentication Methods Policy Update"},
	},
	"/policies/authenticationMethodsPolicy/authenticationMethodConfigurations": {
		service: methodsService, category: "ApplicationManagement", target: "Policy", operation: "Update", values: methodsValues,
		names: map[deed]string{
			added: "Authentication Methods Policy Update", updated: "Authentication Methods Policy Update", deleted: "Authentication Methods Policy Update",
		},
	},
	"/policies/authorizationPolicy": {
		category: "AuthorizationPolicy", values: authorizationValues, names: map[deed]string{updated: "Update authorization policy"},
	},

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
	"/directory/administrativeUnits": {
		category: "AdministrativeUnit",
		names: map[deed]string{
			added: "Add administrative unit", updated: "Update administrative unit", deleted: "Delete administrative unit",
			purged: "Hard Delete administrative unit", restored: "Restore administrative unit",
		},
		links: map[string]auditedLink{"members": {add: "Add member to administrative unit", remove: "Remove member from administrative unit"}},
	},
}

const methodsService = "Authentication Methods"

// groupLinks are what the log calls a change of who is in a group, and of who owns it.
var groupLinks = map[string]auditedLink{
	"members": {add: "Add member to group", remove: "Remove member from group", named: "Group"},
	"owners":  {add: "Add owner to group", remove: "Remove owner from group", named: "Group"},
}

// Policies that applications have of their own.
var (
	policyToApplication = auditedLink{add: "Add policy to application", remove: "Remove policy from application", ownerFirst: true}
	policyToPrincipal   = auditedLink{add: "Add policy to service principal", remove: "Remove policy from service principal", ownerFirst: true}
)
