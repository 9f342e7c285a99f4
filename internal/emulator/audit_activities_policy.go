package emulator

const methodsService = "Authentication Methods"

// policyActivities are those about policies of the tenant, of whichever service.
var policyActivities = map[string]audited{
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
	"/policies/permissionGrantPolicies": {
		category: "PermissionGrantPolicy", target: "Policy",
		names: named("Add permission grant policy", "Update permission grant policy", "Delete permission grant policy"),
	},
	"/policies/permissionGrantPolicies/*/includes": grantConditions,
	"/policies/permissionGrantPolicies/*/excludes": grantConditions,
	"/policies/activityBasedTimeoutPolicies":       directoryPolicy,
	"/policies/appManagementPolicies":              directoryPolicy,
	"/policies/claimsMappingPolicies":              directoryPolicy,
	"/policies/homeRealmDiscoveryPolicies":         directoryPolicy,
	"/policies/tokenIssuancePolicies":              directoryPolicy,
	"/policies/tokenLifetimePolicies":              directoryPolicy,
	"/policies/defaultAppManagementPolicy":         directoryPolicy,
	"/policies/authenticationFlowsPolicy": {
		service: "B2C", category: "Authorization", target: "Policy", names: map[deed]string{updated: "Update authentication flows policy"},
	},
	"/policies/featureRolloutPolicies": {
		service: "Application Proxy", category: "Authentication", target: "Policy",
		names: named("Create rollout policy for feature", "Update rollout policy of feature", "Delete rollout policy of feature"),
		links: map[string]auditedLink{
			"appliesTo": {add: "Add a group to feature rollout", remove: "Remove a group from feature rollout", ownerFirst: true},
		},
	},
	"/policies/crossTenantAccessPolicy/default": {
		category: "CrossTenantIdentitySyncSettings", target: "Policy",
		names: map[deed]string{
			updated: "Update the company default cross-tenant access setting", reset: "Reset the cross-tenant access default setting",
		},
	},
	"/policies/crossTenantAccessPolicy/partners": {
		category: "CrossTenantAccessSettings", target: "Policy", values: crossTenantValues,
		names: named("Add a partner to cross-tenant access setting", "Update a partner cross-tenant access setting",
			"Delete partner specific cross-tenant access setting"),
	},
	"/policies/crossTenantAccessPolicy/partners/*/identitySynchronization": {
		category: "CrossTenantIdentitySyncSettings", target: "Policy",
		names: named("Create a partner cross-tenant identity sync setting", "Update a partner cross-tenant identity sync setting",
			"Delete a partner cross-tenant identity sync setting"),
	},
}

var (
	// directoryPolicy is a policy that the directory keeps.
	directoryPolicy = audited{category: "Policy", target: "Policy", names: named("Add policy", "Update policy", "Delete policy")}
	// grantConditions are parts of a policy about consent, and told as a change of it.
	grantConditions = audited{
		category: "PermissionGrantPolicy", target: "Policy", operation: "Update", of: (*write).owner,
		names: named("Update permission grant policy", "Update permission grant policy", "Update permission grant policy"),
	}
	// policyToApplication and policyToPrincipal are about policies that applications have of their own.
	policyToApplication = auditedLink{add: "Add policy to application", remove: "Remove policy from application", ownerFirst: true}
	policyToPrincipal   = auditedLink{add: "Add policy to service principal", remove: "Remove policy from service principal", ownerFirst: true}
)
