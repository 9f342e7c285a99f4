package emulator

// tenantResources are the tenant's own description and the policies that exist once.
// From the reference pages of organization and authorizationPolicy.
var tenantResources = []*resource{
	{
		path: "/organization", typ: "organization",
		deny: []string{"POST", "PUT", "DELETE"},
		readOnly: []string{
			"assignedPlans", "businessPhones", "city", "country", "countryLetterCode", "createdDateTime", "defaultUsageLocation",
			"deletedDateTime", "displayName", "mobileDeviceManagementAuthority", "onPremisesLastSyncDateTime",
			"onPremisesSyncEnabled", "partnerTenantType", "postalCode", "preferredLanguage", "provisionedPlans", "state",
			"street", "tenantType", "verifiedDomains",
		},
		checks: []check{checkOrganization},
	},
	{
		path: "/policies/authorizationPolicy", typ: "authorizationPolicy", singleton: true,
		readOnly: []string{"deletedDateTime"},
		checks:   []check{checkAuthorizationPolicy},
	},
	{
		path: securityDefaultsPath, typ: "identitySecurityDefaultsEnforcementPolicy", singleton: true,
		readOnly: []string{"deletedDateTime", "description", "displayName"},
		checks:   []check{checkSecurityDefaults},
	},
}
