package emulator

// tenantResources are the tenant's own description and the policies that exist once.
// From the reference pages of organization and authorizationPolicy.
var tenantResources = []*resource{
	{
		path: "/organization", typ: "organization",
		noun: "company information", category: "DirectoryManagement",
		deny: []string{"POST", "PUT", "DELETE"},
		readOnly: []string{
			"assignedPlans", "countryLetterCode", "createdDateTime", "deletedDateTime", "mobileDeviceManagementAuthority",
			"onPremisesLastSyncDateTime", "onPremisesSyncEnabled", "partnerTenantType", "provisionedPlans", "tenantType",
			"verifiedDomains",
		},
		checks: []check{checkOrganization},
	},
	{
		path: "/policies/authorizationPolicy", typ: "authorizationPolicy", singleton: true,
		noun: "authorization policy", category: "AuthorizationPolicy",
		readOnly: []string{"deletedDateTime"},
		checks:   []check{checkAuthorizationPolicy},
	},
	{
		path: "/policies/identitySecurityDefaultsEnforcementPolicy", typ: "identitySecurityDefaultsEnforcementPolicy", singleton: true,
		noun: "security defaults", category: "Policy",
		readOnly: []string{"deletedDateTime", "description", "displayName"},
	},
}
