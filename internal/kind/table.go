package kind

// table lists every kind in the order of capture: a kind comes after the kinds that its
// objects refer to, so that names are known when they are needed.
var table = []*Kind{
	organization, domains, subscribedSkus,
	users, groups, devices, groupSettings, groupLifecyclePolicies,
	attributeSets, customSecurityAttributeDefinitions,
	applications, servicePrincipals, oauth2PermissionGrants,
	roleDefinitions, administrativeUnits, roleAssignments,
	authenticationContextClassReferences, authenticationStrengthPolicies,
	roleManagementPolicies, roleManagementPolicyAssignments, roleEligibilitySchedules, roleAssignmentSchedules,
	privilegedAccessGroupEligibilitySchedules, privilegedAccessGroupAssignmentSchedules,
	agreements, namedLocations, conditionalAccessPolicies, identitySecurityDefaultsEnforcementPolicy,
	authenticationMethodsPolicy, publicKeyInfrastructures, certificateBasedAuthConfiguration,
	crossTenantAccessPolicy, crossTenantAccessPolicyDefault, crossTenantAccessPolicyPartners,
	permissionGrantPolicies, adminConsentRequestPolicy, authorizationPolicy,
	tokenLifetimePolicies, tokenIssuancePolicies, claimsMappingPolicies, homeRealmDiscoveryPolicies,
	activityBasedTimeoutPolicies, appManagementPolicies, defaultAppManagementPolicy,
	authenticationFlowsPolicy, featureRolloutPolicies, deviceRegistrationPolicy, onPremisesSynchronization,
	identityProviders, samlOrWsFedExternalDomainFederations, userFlowAttributes, apiConnectors, b2xUserFlows,
	authenticationEventsFlows, customAuthenticationExtensions,
	accessPackageCatalogs, accessPackages, connectedOrganizations, accessPackageAssignmentPolicies,
	entitlementManagementSettings, entitlementRoleAssignments, accessReviewDefinitions,
	lifecycleWorkflowCustomTaskExtensions, lifecycleWorkflows, lifecycleWorkflowSettings,
	organizationalBranding, entraBackupSnapshots, entraRecoveryJobs,
}

var byName = index(table)

func index(kinds []*Kind) map[string]*Kind {
	m := make(map[string]*Kind, len(kinds))
	for _, k := range kinds {
		m[k.Name] = k
	}
	return m
}
