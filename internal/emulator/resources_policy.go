package emulator

// policyResources are the policies of the tenant beyond sign-in. From the reference pages of
// policyRoot and of each policy; rules that need more than the table can say are missing.
var policyResources = []*resource{
	{
		path: "/policies/tokenLifetimePolicies", typ: "tokenLifetimePolicy",
		category: "Policy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"definition", "displayName"},
		views:    []view{linkedBy("appliesTo", "tokenLifetimePolicies")},
	},
	{
		path: "/policies/tokenIssuancePolicies", typ: "tokenIssuancePolicy",
		category: "Policy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"definition", "displayName"},
		views:    []view{linkedBy("appliesTo", "tokenIssuancePolicies")},
	},
	{
		path: "/policies/claimsMappingPolicies", typ: "claimsMappingPolicy",
		category: "Policy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"definition", "displayName"},
		views:    []view{linkedBy("appliesTo", "claimsMappingPolicies")},
	},
	{
		path: "/policies/homeRealmDiscoveryPolicies", typ: "homeRealmDiscoveryPolicy",
		category: "Policy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"definition", "displayName"},
		views:    []view{linkedBy("appliesTo", "homeRealmDiscoveryPolicies")},
	},
	{
		path: "/policies/activityBasedTimeoutPolicies", typ: "activityBasedTimeoutPolicy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"definition", "displayName"},
	},
	{
		path: "/policies/permissionGrantPolicies", typ: "permissionGrantPolicy",
		clientKey: true,
		readOnly:  []string{"deletedDateTime"},
		required:  []string{"displayName", "description"},
		inline:    []string{"includes", "excludes"},
	},
	{
		path: "/policies/permissionGrantPolicies/*/includes", typ: "permissionGrantConditionSet",
		deny: []string{"PATCH"},
	},
	{
		path: "/policies/permissionGrantPolicies/*/excludes", typ: "permissionGrantConditionSet",
		deny: []string{"PATCH"},
	},
	{
		path: "/policies/appManagementPolicies", typ: "appManagementPolicy",
		category: "Policy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"displayName", "description", "isEnabled", "restrictions"},
		views:    []view{linkedBy("appliesTo", "appManagementPolicies")},
	},
	{
		path: "/policies/defaultAppManagementPolicy", typ: "tenantAppManagementPolicy", singleton: true,
		readOnly: []string{"deletedDateTime"},
	},
	{
		path: "/policies/adminConsentRequestPolicy", typ: "adminConsentRequestPolicy", singleton: true,
		put:      true,
		deny:     []string{"PATCH"},
		readOnly: []string{"version"},
	},
	{
		path: "/policies/authenticationFlowsPolicy", typ: "authenticationFlowsPolicy", singleton: true,
		readOnly: []string{"description", "displayName"},
	},
	{
		path: "/policies/featureRolloutPolicies", typ: "featureRolloutPolicy",
		createOnly: []string{"feature"},
		required:   []string{"displayName", "feature", "isEnabled"},
		links:      []link{{name: "appliesTo", to: []string{"group"}}},
	},
	{
		path: "/policies/deviceRegistrationPolicy", typ: "deviceRegistrationPolicy", singleton: true,
		put:      true,
		deny:     []string{"PATCH"},
		readOnly: []string{"description", "displayName"},
	},
	{
		path: "/policies/crossTenantAccessPolicy", typ: "crossTenantAccessPolicy", singleton: true,
		readOnly: []string{"deletedDateTime", "description"},
	},
	{
		path: "/policies/crossTenantAccessPolicy/default", typ: "crossTenantAccessPolicyConfigurationDefault", singleton: true,
		readOnly: []string{"automaticUserConsentSettings", "isServiceDefault"},
	},
	{
		path: "/policies/crossTenantAccessPolicy/partners", typ: "crossTenantAccessPolicyConfigurationPartner",
		key:        "tenantId",
		clientKey:  true,
		skip:       true,
		readOnly:   []string{"isInMultiTenantOrganization"},
		createOnly: []string{"isServiceProvider"},
	},
	{
		path: "/policies/crossTenantAccessPolicy/partners/*/identitySynchronization", typ: "crossTenantIdentitySyncPolicyPartner", singleton: true,
		put:    true,
		upsert: true,
	},
	{
		path: "/groupSettings", typ: "groupSetting",
		createOnly: []string{"templateId", "displayName"},
		required:   []string{"templateId", "values"},
	},
	{
		path: "/groupLifecyclePolicies", typ: "groupLifecyclePolicy",
		required: []string{"groupLifetimeInDays", "managedGroupTypes", "alternateNotificationEmails"},
	},
}
