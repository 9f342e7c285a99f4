package emulator

import "github.com/entragit/entragit/internal/emulator/seed"

// policyResources are the policies of the tenant beyond sign-in. From the reference pages of
// policyRoot and of each policy.
var policyResources = []*resource{
	definedPolicy("tokenLifetimePolicies", "tokenLifetimePolicy"),
	definedPolicy("tokenIssuancePolicies", "tokenIssuancePolicy"),
	definedPolicy("claimsMappingPolicies", "claimsMappingPolicy"),
	definedPolicy("homeRealmDiscoveryPolicies", "homeRealmDiscoveryPolicy"),
	definedPolicy("activityBasedTimeoutPolicies", "activityBasedTimeoutPolicy"),
	{
		path: "/policies/permissionGrantPolicies", typ: "permissionGrantPolicy",
		clientKey: true,
		readOnly:  []string{"deletedDateTime"},
		required:  []string{"displayName", "description"},
		inline:    []string{"includes", "excludes"},
		locks:     []lock{{when: isMicrosofts, deletes: true, err: errBuiltInGrant}},
		checks:    []check{checkGrantPolicyUnused},
	},
	{
		path: "/policies/permissionGrantPolicies/*/includes", typ: "permissionGrantConditionSet",
		deny: []string{"PATCH"}, whole: true,
		defaults: seed.ConditionDefaults(), checks: []check{checkConditionSet},
	},
	{
		path: "/policies/permissionGrantPolicies/*/excludes", typ: "permissionGrantConditionSet",
		deny: []string{"PATCH"}, whole: true,
		defaults: seed.ConditionDefaults(), checks: []check{checkConditionSet},
	},
	{
		path: "/policies/appManagementPolicies", typ: "appManagementPolicy",
		readOnly: []string{"deletedDateTime"},
		required: []string{"displayName", "description", "isEnabled", "restrictions"},
		views:    []view{linkedBy("appliesTo", "appManagementPolicies")},
		checks:   []check{checkPolicyUnused("appManagementPolicies")},
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
		prepare:  prepareConsentRequests,
	},
	{
		path: "/policies/authenticationFlowsPolicy", typ: "authenticationFlowsPolicy", singleton: true,
		readOnly: []string{"description", "displayName"},
	},
	{
		path: "/policies/featureRolloutPolicies", typ: "featureRolloutPolicy",
		delegatedOnly: true,
		createOnly:    []string{"feature"},
		required:      []string{"displayName", "feature", "isEnabled"},
		links:         []link{{name: "appliesTo", to: []string{"group"}}},
	},
	{
		path: "/policies/deviceRegistrationPolicy", typ: "deviceRegistrationPolicy", singleton: true,
		deny: []string{"PATCH", "PUT"}, // only in beta
	},
	{
		path: "/policies/crossTenantAccessPolicy", typ: "crossTenantAccessPolicy", singleton: true,
		readOnly: []string{"deletedDateTime", "description"},
	},
	{
		path: "/policies/crossTenantAccessPolicy/default", typ: "crossTenantAccessPolicyConfigurationDefault", singleton: true,
		readOnly: []string{"automaticUserConsentSettings", "isServiceDefault"},
		prepare: func(w *write) *apiError {
			w.after["isServiceDefault"] = false
			return nil
		},
		checks:  []check{checkCrossTenant},
		actions: map[string]action{"resetToSystemDefault": resetCrossTenant},
	},
	{
		path: "/policies/crossTenantAccessPolicy/partners", typ: "crossTenantAccessPolicyConfigurationPartner",
		key:        "tenantId",
		clientKey:  true,
		skip:       true,
		readOnly:   []string{"isInMultiTenantOrganization"},
		createOnly: []string{"isServiceProvider"},
		defaults:   object{"isServiceProvider": false, "isInMultiTenantOrganization": false},
		checks:     []check{checkCrossTenant},
	},
	{
		path: "/policies/crossTenantAccessPolicy/partners/*/identitySynchronization", typ: "crossTenantIdentitySyncPolicyPartner",
		singleton: true, optional: true,
		put:      true,
		readOnly: []string{"tenantId"},
		prepare: func(w *write) *apiError {
			w.after["tenantId"] = lastSegment(ownerPath(w.path))
			return nil
		},
	},
}

// definedPolicy is a policy whose content is a JSON document in a string.
func definedPolicy(name, typ string) *resource {
	return &resource{
		path: "/policies/" + name, typ: typ,
		readOnly: []string{"deletedDateTime"},
		required: []string{"definition", "displayName"},
		defaults: object{"isOrganizationDefault": false},
		views:    []view{linkedBy("appliesTo", name)},
		checks:   []check{checkDefinition, checkPolicyUnused(name)},
	}
}
