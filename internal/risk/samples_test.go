package risk_test

const (
	globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"
	helpdesk            = "729827e3-9c14-49f7-bb1b-9608f156bbb8"
	directoryReaders    = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b"
	phishingResistant   = "00000000-0000-0000-0000-000000000004"
	multifactor         = "00000000-0000-0000-0000-000000000002"
)

// on is a policy that is enforced and has the rest, which begins with a comma.
func on(rest string) string { return `{"spec":{"state":"enabled"` + rest + `}}` }

func off(rest string) string { return `{"spec":{"state":"disabled"` + rest + `}}` }

func spec(members string) string { return `{"spec":{` + members + `}}` }

func users(members string) string { return `,"conditions":{"users":{` + members + `}}` }

func grant(members string) string { return `,"grantControls":{` + members + `}` }

func strength(id string) string { return grant(`"authenticationStrength":{"id":"` + id + `"}`) }

func gives(role string) string {
	return spec(`"principalId":"u","roleDefinitionId":"` + role + `","directoryScopeId":"/"`)
}

func rule(members string) string { return `{"contained":{"rules":[{` + members + `}]}}` }

func federation(members string) string {
	return `{"contained":{"federationConfiguration":[{"issuerUri":"urn:a",` + members + `}]},"status":{"authenticationType":"Federated"}}`
}

func method(members string) string {
	return `{"contained":{"authenticationMethodConfigurations":[{"id":"Fido2",` + members + `}]}}`
}

func appRole(id, principalType string) string {
	return `{"contained":{"appRoleAssignedTo":[{"principalId":"p","appRoleId":"` + id + `","principalType":"` + principalType + `"}]}}`
}

var samples = []sample{
	// Conditional Access
	{"conditionalAccessPolicies", "", on(""), "", "access-policy-deleted"},
	{"conditionalAccessPolicies", "", off(""), "", ""},
	{"conditionalAccessPolicies", "", on(""), off(""), "access-policy-off"},
	{"conditionalAccessPolicies", "", off(""), on(""), ""},
	{"conditionalAccessPolicies", "", on(""), spec(`"state":"enabledForReportingButNotEnforced"`), "access-policy-reports"},
	{"conditionalAccessPolicies", "", off(""), spec(`"state":"enabledForReportingButNotEnforced"`), ""},
	{"conditionalAccessPolicies", "", on(grant(`"builtInControls":["block"]`)), on(grant(`"builtInControls":["mfa"]`)), "access-block-lifted"},
	{"conditionalAccessPolicies", "", off(grant(`"builtInControls":["block"]`)), off(grant(`"builtInControls":["mfa"]`)), ""},
	{"conditionalAccessPolicies", "", on(grant(`"builtInControls":["mfa","compliantDevice"]`)), on(grant(`"builtInControls":["compliantDevice"]`)), "access-multifactor-dropped"},
	{"conditionalAccessPolicies", "", on(grant(`"builtInControls":["mfa"]`)), on(strength(multifactor)), ""},
	{"conditionalAccessPolicies", "", on(grant(`"builtInControls":["mfa"]`)), on(grant(`"builtInControls":["block"]`)), ""},
	{"conditionalAccessPolicies", "", on(strength(phishingResistant)), on(""), "access-multifactor-dropped"},
	{"conditionalAccessPolicies", "", on(strength(phishingResistant)), on(strength(multifactor)), "access-strength-lowered"},
	{"conditionalAccessPolicies", "", on(strength(multifactor)), on(strength(phishingResistant)), ""},
	{"conditionalAccessPolicies", "", on(strength(multifactor)), on(strength(plainID)), "access-strength-replaced"},
	{"conditionalAccessPolicies", "", on(""), on(strength(plainID)), ""},
	{"conditionalAccessPolicies", "", on(grant(`"builtInControls":["mfa","compliantDevice"]`)), on(grant(`"builtInControls":["mfa"]`)), "access-control-dropped"},
	{"conditionalAccessPolicies", "", on(grant(`"termsOfUse":["t"]`)), on(grant(`"termsOfUse":[]`)), "access-control-dropped"},
	{"conditionalAccessPolicies", "", on(grant(`"operator":"AND"`)), on(grant(`"operator":"OR"`)), "access-or-for-and"},
	{"conditionalAccessPolicies", "", on(grant(`"operator":"OR"`)), on(grant(`"operator":"AND"`)), ""},
	{"conditionalAccessPolicies", "", on(users(`"excludeUsers":["a"]`)), on(users(`"excludeUsers":["a","b"]`)), "access-exclusion-added"},
	{"conditionalAccessPolicies", "", on(users(`"excludeUsers":["a","b"]`)), on(users(`"excludeUsers":["a"]`)), ""},
	{"conditionalAccessPolicies", "", off(""), on(users(`"excludeUsers":["a"]`)), ""},
	{"conditionalAccessPolicies", "", on(""), on(`,"conditions":{"locations":{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}}`),
		"access-exclusion-added access-condition-added"},
	{"conditionalAccessPolicies", "", on(""), on(users(`"excludeGuestsOrExternalUsers":{"guestOrExternalUserTypes":"b2bCollaborationGuest"}`)), "access-guests-excluded"},
	{"conditionalAccessPolicies", "", on(users(`"includeUsers":["All"]`)), on(users(`"includeUsers":["a"]`)), "access-scope-narrowed"},
	{"conditionalAccessPolicies", "", on(users(`"includeUsers":["a"]`)), on(users(`"includeUsers":["a","b"]`)), ""},
	{"conditionalAccessPolicies", "", on(""), on(`,"conditions":{"platforms":{"includePlatforms":["iOS"]}}`), "access-condition-added"},
	{"conditionalAccessPolicies", "", on(`,"conditions":{"platforms":{"includePlatforms":["iOS"]}}`), on(`,"conditions":{"platforms":{"includePlatforms":["android","iOS"]}}`), ""},
	{"conditionalAccessPolicies", "", on(`,"sessionControls":{"signInFrequency":{"isEnabled":true}}`), on(`,"sessionControls":{"signInFrequency":{"isEnabled":false}}`),
		"access-session-weakened"},
	{"conditionalAccessPolicies", "", on(`,"sessionControls":{"persistentBrowser":{"mode":"always"}}`), on(`,"sessionControls":{"persistentBrowser":{"mode":"never"}}`), ""},
	{"namedLocations", "", spec(`"isTrusted":false`), spec(`"isTrusted":true`), "location-trusted"},
	{"namedLocations", "", spec(`"isTrusted":true`), spec(`"isTrusted":false`), ""},
	{"namedLocations", "", spec(`"isTrusted":true,"ipRanges":[{"cidrAddress":"10.0.0.0/8"}]`), spec(`"isTrusted":true,"ipRanges":[{"cidrAddress":"10.0.0.0/8"},{"cidrAddress":"1.2.3.4/32"}]`),
		"location-widened"},
	{"namedLocations", "", spec(`"isTrusted":false,"ipRanges":[{"cidrAddress":"10.0.0.0/8"}]`), spec(`"isTrusted":false,"ipRanges":[{"cidrAddress":"1.2.3.4/32"}]`),
		"location-changed"},
	{"authenticationStrengthPolicies", "", spec(`"allowedCombinations":["fido2"]`), spec(`"allowedCombinations":["fido2","password,sms"]`), "strength-combination-added"},
	{"authenticationStrengthPolicies", "", spec(`"allowedCombinations":["fido2","password,sms"]`), spec(`"allowedCombinations":["fido2"]`), ""},
	{"identitySecurityDefaultsEnforcementPolicy", "", spec(`"isEnabled":true`), spec(`"isEnabled":false`), "security-defaults-off"},
	{"identitySecurityDefaultsEnforcementPolicy", "", spec(`"isEnabled":false`), spec(`"isEnabled":true`), ""},

	// Privilege
	{"roleAssignments", "", "", gives(globalAdministrator), "supreme-role-given"},
	{"roleEligibilitySchedules", "", "", gives(globalAdministrator), "supreme-role-eligible"},
	{"roleAssignments", "", gives(globalAdministrator), "", ""},
	{"roleAssignmentSchedules", "", "", gives(helpdesk), "privileged-role-given"},
	{"roleEligibilitySchedules", "", "", gives(helpdesk), "privileged-role-eligible"},
	{"roleAssignments", "", "", gives(directoryReaders), "role-given"},
	{"roleEligibilitySchedules", "", spec(`"scheduleInfo":{"expiration":{"type":"afterDateTime","endDateTime":"2027-01-01T00:00:00Z"}}`),
		spec(`"scheduleInfo":{"expiration":{"type":"noExpiration"}}`), "role-prolonged"},
	{"administrativeUnits", "", `{"spec":{"isMemberManagementRestricted":true},"links":{"members":["a"]}}`, `{"spec":{"isMemberManagementRestricted":true},"links":{"members":[]}}`,
		"unit-member-released"},
	{"administrativeUnits", "", `{"links":{"members":["a"]}}`, `{"links":{"members":[]}}`, ""},
	{"entitlementRoleAssignments", "", "", spec(`"principalId":"u"`), "entitlement-role-given"},
	{"entitlementRoleAssignments", "", spec(`"principalId":"u"`), "", ""},
	{"roleDefinitions", "", spec(`"rolePermissions":[{"allowedResourceActions":["a"]}]`), spec(`"rolePermissions":[{"allowedResourceActions":["a","b"]}]`), "role-definition-widened"},
	{"roleDefinitions", "", spec(`"rolePermissions":[{"allowedResourceActions":["a","b"]}]`), spec(`"rolePermissions":[{"allowedResourceActions":["a"]}]`), ""},
	{"roleDefinitions", "", spec(`"rolePermissions":[{"allowedResourceActions":["a"],"excludedResourceActions":["b"]}]`), spec(`"rolePermissions":[{"allowedResourceActions":["a"]}]`),
		"role-definition-widened"},
	{"roleDefinitions", "", spec(`"description":"a"`), spec(`"description":"b"`), ""},
	{"groups", "", `{"spec":{"isAssignableToRole":true}}`, `{"spec":{"isAssignableToRole":true},"links":{"members":["a"],"owners":["b"]}}`, "role-group-member role-group-owner"},
	{"groups", "", `{"spec":{"isAssignableToRole":false}}`, `{"spec":{"isAssignableToRole":false},"links":{"members":["a"],"owners":["b"]}}`, ""},
	{"privilegedAccessGroupEligibilitySchedules", "", "", spec(`"groupId":"g","principalId":"u"`), "role-group-eligible"},
	{"privilegedAccessGroupEligibilitySchedules", "", spec(`"groupId":"g","principalId":"u"`), "", ""},
	{"privilegedAccessGroupAssignmentSchedules", "", "", spec(`"groupId":"g","principalId":"u"`), "role-group-assigned"},
	{"privilegedAccessGroupAssignmentSchedules", "", spec(`"groupId":"g","principalId":"u"`), "", ""},
	{"groups", exemptID, `{}`, `{"links":{"members":["a"]}}`, "exempt-member"},
	{"groups", exemptID, `{"links":{"members":["a"]}}`, `{}`, ""},
	{"roleManagementPolicies", "", rule(`"id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":true}`),
		rule(`"id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":false}`), "activation-approval-dropped"},
	{"roleManagementPolicies", "", rule(`"id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":false}`),
		rule(`"id":"Approval_EndUser_Assignment","setting":{"isApprovalRequired":true}`), ""},
	{"roleManagementPolicies", "", rule(`"id":"Approval_EndUser_Assignment","setting":{"approvalStages":[{"primaryApprovers":[]}]}`),
		rule(`"id":"Approval_EndUser_Assignment","setting":{"approvalStages":[]}`), "activation-approver-changed"},
	{"roleManagementPolicies", "", rule(`"id":"Enablement_EndUser_Assignment","enabledRules":["MultiFactorAuthentication"]`),
		rule(`"id":"Enablement_EndUser_Assignment","enabledRules":[]`), "activation-multifactor-dropped"},
	{"roleManagementPolicies", "", rule(`"id":"AuthenticationContext_EndUser_Assignment","isEnabled":true`),
		rule(`"id":"AuthenticationContext_EndUser_Assignment","isEnabled":false`), "activation-multifactor-dropped"},
	{"roleManagementPolicies", "", rule(`"id":"Enablement_EndUser_Assignment","enabledRules":["Justification"]`),
		rule(`"id":"Enablement_EndUser_Assignment","enabledRules":[]`), "activation-reason-dropped"},
	{"roleManagementPolicies", "", rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"PT8H"`),
		rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"P1D"`), "activation-lasts-longer"},
	{"roleManagementPolicies", "", rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"P1D"`),
		rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"PT8H30M"`), ""},
	{"roleManagementPolicies", "", rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"PT1H"`),
		rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"PT90M"`), "activation-lasts-longer"},
	{"roleManagementPolicies", "", rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"PT60M"`),
		rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"PT3600S"`), ""},
	{"roleManagementPolicies", "", rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"P1D"`),
		rule(`"id":"Expiration_EndUser_Assignment","maximumDuration":"a long time"`), ""},
	{"roleManagementPolicies", "", rule(`"id":"Expiration_EndUser_Assignment","isExpirationRequired":true`),
		rule(`"id":"Expiration_EndUser_Assignment","isExpirationRequired":false`), "activation-lasts-longer"},
	{"roleManagementPolicies", "", rule(`"id":"Notification_Admin_EndUser_Assignment","isDefaultRecipientsEnabled":true`),
		rule(`"id":"Notification_Admin_EndUser_Assignment","isDefaultRecipientsEnabled":false`), "activation-silent"},

	// Applications
	{"applications", "", spec(`"keyCredentials":[]`), spec(`"keyCredentials":[{"keyId":"k"}]`), "application-credential"},
	{"servicePrincipals", "", `{}`, spec(`"passwordCredentials":[{"keyId":"k"}]`), "application-credential"},
	{"applications", "", spec(`"keyCredentials":[{"keyId":"k"}]`), spec(`"keyCredentials":[]`), ""},
	{"applications", "", `{}`, `{"contained":{"federatedIdentityCredentials":[{"name":"ci","issuer":"https://a","subject":"s"}]}}`, "application-federated-credential"},
	{"applications", "", `{"contained":{"federatedIdentityCredentials":[{"name":"ci","description":"a"}]}}`, `{"contained":{"federatedIdentityCredentials":[{"name":"ci","description":"b"}]}}`, ""},
	{"applications", "", `{}`, `{"links":{"owners":["a"]}}`, "application-owner"},
	{"applications", "", `{"links":{"owners":["a"]}}`, `{}`, ""},
	{"applications", "", spec(`"web":{"redirectUris":["https://a"]}`), spec(`"web":{"redirectUris":["https://a","https://b"]}`), "application-redirect"},
	{"applications", "", spec(`"web":{"redirectUris":["https://a","https://b"]}`), spec(`"web":{"redirectUris":["https://a"]}`), ""},
	{"applications", "", spec(`"signInAudience":"AzureADMyOrg"`), spec(`"signInAudience":"AzureADMultipleOrgs"`), "application-audience-widened"},
	{"applications", "", spec(`"signInAudience":"AzureADMultipleOrgs"`), spec(`"signInAudience":"AzureADMyOrg"`), ""},
	{"applications", "", spec(`"isFallbackPublicClient":false`), spec(`"isFallbackPublicClient":true`), "application-implicit-grant"},
	{"servicePrincipals", "", spec(`"appRoleAssignmentRequired":true,"accountEnabled":false`), spec(`"appRoleAssignmentRequired":false,"accountEnabled":true`),
		"application-assignment-optional application-switched-on"},
	{"servicePrincipals", "", spec(`"appRoleAssignmentRequired":false,"accountEnabled":true`), spec(`"appRoleAssignmentRequired":true,"accountEnabled":false`), ""},
	{"servicePrincipals", "", `{}`, appRole("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", "ServicePrincipal"), "application-permission-supreme"},
	{"servicePrincipals", "", `{}`, appRole(plainID, "ServicePrincipal"), "application-permission"},
	{"servicePrincipals", "", `{}`, appRole(plainID, "User"), ""},
	{"oauth2PermissionGrants", "", "", spec(`"consentType":"AllPrincipals","scope":"User.Read Mail.ReadWrite"`), "consent-for-everybody-supreme"},
	{"oauth2PermissionGrants", "", spec(`"consentType":"AllPrincipals","scope":"User.Read"`), spec(`"consentType":"AllPrincipals","scope":"User.Read openid"`), "consent-for-everybody"},
	{"oauth2PermissionGrants", "", "", spec(`"consentType":"Principal","scope":"Mail.ReadWrite"`), ""},
	{"oauth2PermissionGrants", "", spec(`"consentType":"AllPrincipals","scope":"User.Read openid"`), spec(`"consentType":"AllPrincipals","scope":"User.Read"`), ""},
	{"authorizationPolicy", "", spec(`"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":[]},"allowUserConsentForRiskyApps":false`),
		spec(`"defaultUserRolePermissions":{"permissionGrantPoliciesAssigned":["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]},"allowUserConsentForRiskyApps":true`),
		"consent-self-service consent-risky-applications"},
	{"permissionGrantPolicies", "", `{}`, `{"contained":{"includes":[{"permissionType":"delegated"}]}}`, "consent-policy-loosened"},
	{"permissionGrantPolicies", "", `{"contained":{"excludes":[{"permissionType":"delegated"}]}}`, `{}`, "consent-policy-loosened"},
	{"permissionGrantPolicies", "", `{"contained":{"includes":[{"permissionType":"delegated"}]}}`, `{}`, ""},
	{"adminConsentRequestPolicy", "", spec(`"isEnabled":true`), spec(`"isEnabled":false`), "consent-request-off"},
	{"adminConsentRequestPolicy", "", spec(`"isEnabled":false`), spec(`"isEnabled":true`), ""},
	{"appManagementPolicies", "", spec(`"isEnabled":true`), spec(`"isEnabled":false`), "application-policy-loosened"},
	{"appManagementPolicies", "", spec(`"restrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition","state":"enabled"}]}`),
		spec(`"restrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition","state":"disabled"}]}`), "application-policy-loosened"},
	{"appManagementPolicies", "", spec(`"restrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition","state":"disabled"}]}`),
		spec(`"restrictions":{"passwordCredentials":[{"restrictionType":"passwordAddition","state":"enabled"}]}`), ""},
	{"appManagementPolicies", "", spec(`"restrictions":{"keyCredentials":[{"restrictionType":"asymmetricKeyLifetime"}]}`), spec(`"restrictions":{"keyCredentials":[]}`),
		"application-policy-loosened"},
	{"appManagementPolicies", "", spec(`"restrictions":{"keyCredentials":[]}`), spec(`"restrictions":{"keyCredentials":[{"restrictionType":"asymmetricKeyLifetime"}]}`), ""},
	{"defaultAppManagementPolicy", "", spec(`"isEnabled":false`), spec(`"isEnabled":true`), ""},
	{"claimsMappingPolicies", "", spec(`"definition":["a"]`), spec(`"definition":["b"]`), "token-claims-changed"},
	{"claimsMappingPolicies", "", spec(`"displayName":"a"`), spec(`"displayName":"b"`), ""},
	{"tokenLifetimePolicies", "", spec(`"definition":["a"]`), spec(`"definition":["b"]`), "token-lifetime-changed"},
	{"tokenLifetimePolicies", "", spec(`"displayName":"a"`), spec(`"displayName":"b"`), ""},
	{"apiConnectors", "", "", spec(`"targetUrl":"https://a"`), "sign-in-extension"},
	{"apiConnectors", "", spec(`"targetUrl":"https://a"`), "", ""},

	// The tenant's edges
	{"domains", "", `{"status":{"authenticationType":"Managed"}}`, `{"status":{"authenticationType":"Federated"}}`, "domain-federated"},
	{"domains", "", `{"status":{"authenticationType":"Federated"}}`, `{"status":{"authenticationType":"Managed"}}`, ""},
	{"domains", "", federation(`"signingCertificate":"a"`), federation(`"signingCertificate":"b"`), "domain-federation-changed"},
	{"domains", "", federation(`"displayName":"a"`), federation(`"displayName":"b"`), ""},
	{"domains", "", federation(`"federatedIdpMfaBehavior":"rejectMfaByFederatedIdp"`), federation(`"federatedIdpMfaBehavior":"acceptIfMfaDoneByFederatedIdp"`), "domain-multifactor-elsewhere"},
	{"domains", "", "", `{}`, "domain-added"},
	{"samlOrWsFedExternalDomainFederations", "", "", spec(`"issuerUri":"a"`), "external-federation"},
	{"samlOrWsFedExternalDomainFederations", "", spec(`"issuerUri":"a"`), "", ""},
	{"identityProviders", "", "", spec(`"displayName":"a"`), "identity-provider"},
	{"identityProviders", "", spec(`"displayName":"a"`), "", ""},
	{"publicKeyInfrastructures", "", `{}`, `{"contained":{"certificateAuthorities":[{"displayName":"a","certificate":"c","thumbprint":"t","issuerSubjectKeyIdentifier":"i"}]}}`, "certificate-authority"},
	{"certificateBasedAuthConfiguration", "", "", spec(`"certificateAuthorities":[{"certificate":"c","issuer":"i"}]`), "certificate-authority"},
	{"publicKeyInfrastructures", "", spec(`"displayName":"a"`), spec(`"displayName":"b"`), ""},
	{"crossTenantAccessPolicyDefault", "", spec(`"inboundTrust":{"isMfaAccepted":false}`), spec(`"inboundTrust":{"isMfaAccepted":true}`), "partner-trusted"},
	{"crossTenantAccessPolicyDefault", "", spec(`"inboundTrust":{"isMfaAccepted":true}`), spec(`"inboundTrust":{"isMfaAccepted":false}`), ""},
	{"crossTenantAccessPolicyPartners", "", `{}`, `{"contained":{"identitySynchronization":[{"tenantId":"t","userSyncInbound":{"isSyncAllowed":true}}]}}`, "partner-synchronises"},
	{"crossTenantAccessPolicyPartners", "", `{}`, `{"contained":{"identitySynchronization":[{"tenantId":"t","userSyncInbound":{"isSyncAllowed":false}}]}}`, ""},
	{"crossTenantAccessPolicyDefault", "", spec(`"b2bDirectConnectInbound":{"usersAndGroups":{"accessType":"blocked"}}`),
		spec(`"b2bDirectConnectInbound":{"usersAndGroups":{"accessType":"allowed"}}`), "partner-access-opened"},
	{"crossTenantAccessPolicyPartners", "", "", spec(`"tenantId":"t"`), "partner-added"},
	{"authorizationPolicy", "", spec(`"guestUserRoleId":"2af84b1e-32c8-42b7-82bc-daa82404023b"`), spec(`"guestUserRoleId":"10dae51f-b6af-4016-8d66-8c2a99b929b3"`), "guest-rights-widened"},
	{"authorizationPolicy", "", spec(`"guestUserRoleId":"a0b1b346-4d3e-4e8b-98f8-753987be4970"`), spec(`"guestUserRoleId":"10dae51f-b6af-4016-8d66-8c2a99b929b3"`), ""},
	{"authorizationPolicy", "", spec(`"allowInvitesFrom":"none"`), spec(`"allowInvitesFrom":"everyone"`), "invitations-opened"},
	{"authorizationPolicy", "", spec(`"allowInvitesFrom":"everyone"`), spec(`"allowInvitesFrom":"none"`), ""},
	{"authorizationPolicy", "", spec(`"blockMsolPowerShell":true`), spec(`"blockMsolPowerShell":false`), "user-rights-widened"},
	{"authenticationMethodsPolicy", "", method(`"state":"disabled"`), method(`"state":"enabled"`), "method-enabled"},
	{"authenticationMethodsPolicy", "", method(`"state":"enabled"`), method(`"state":"disabled"`), ""},
	{"authenticationMethodsPolicy", "", method(`"featureSettings":{"numberMatchingRequiredState":{"state":"enabled"}}`),
		method(`"featureSettings":{"numberMatchingRequiredState":{"state":"disabled"}}`), "method-weakened"},
	{"authenticationMethodsPolicy", "", method(`"featureSettings":{"numberMatchingRequiredState":{"state":"default"}}`),
		method(`"featureSettings":{"numberMatchingRequiredState":{"state":"enabled"}}`), ""},
	{"authenticationMethodsPolicy", "", method(`"isAttestationEnforced":true`), method(`"isAttestationEnforced":false`), "method-weakened"},
	{"authenticationMethodsPolicy", "", spec(`"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"state":"enabled"}}`),
		spec(`"registrationEnforcement":{"authenticationMethodsRegistrationCampaign":{"state":"disabled"}}`), "method-campaign-off"},
	{"deviceRegistrationPolicy", "", spec(`"multiFactorAuthConfiguration":"required"`), spec(`"multiFactorAuthConfiguration":"notRequired"`), "device-registration-loosened"},
	{"deviceRegistrationPolicy", "", spec(`"multiFactorAuthConfiguration":"notRequired"`), spec(`"multiFactorAuthConfiguration":"required"`), ""},
	{"onPremisesSynchronization", "", spec(`"features":{"blockSoftMatchEnabled":true}`), spec(`"features":{"blockSoftMatchEnabled":false}`), "synchronisation-protection-off"},
	{"onPremisesSynchronization", "", spec(`"features":{"blockSoftMatchEnabled":false}`), spec(`"features":{"blockSoftMatchEnabled":true}`), ""},
	{"homeRealmDiscoveryPolicies", "", spec(`"definition":["a"]`), spec(`"definition":["b"]`), "home-realm-changed"},
	{"homeRealmDiscoveryPolicies", "", spec(`"displayName":"a"`), spec(`"displayName":"b"`), ""},
	{"featureRolloutPolicies", "", spec(`"isEnabled":true`), spec(`"isEnabled":false`), "staged-rollout-changed"},
	{"featureRolloutPolicies", "", spec(`"displayName":"a"`), spec(`"displayName":"b"`), ""},
	{"accessPackageAssignmentPolicies", "", spec(`"requestApprovalSettings":{"isApprovalRequiredForAdd":true}`), spec(`"requestApprovalSettings":{"isApprovalRequiredForAdd":false}`),
		"access-package-opened"},
	{"accessPackageAssignmentPolicies", "", spec(`"allowedTargetScope":"allMemberUsers"`), spec(`"allowedTargetScope":"notSpecified"`), ""},
	{"accessPackageAssignmentPolicies", "", spec(`"allowedTargetScope":"allMemberUsers"`), spec(`"allowedTargetScope":"allExternalUsers"`), "access-package-opened"},

	// Accounts
	{"users", glassID, spec(`"accountEnabled":true`), spec(`"accountEnabled":false`), "break-glass-out"},
	{"users", glassID, spec(`"accountEnabled":true`), "", "break-glass-out"},
	{"users", "", spec(`"accountEnabled":true`), "", ""},
	{"users", glassID, spec(`"city":"a"`), spec(`"city":"b"`), "break-glass-touched"},
	{"users", glassID, "", spec(`"city":"a"`), "break-glass-touched"},
	{"users", glassID, `{}`, `{"links":{"manager":["m"]}}`, "break-glass-touched"},
	{"users", glassID, `{"status":{"createdDateTime":"2020-01-01T00:00:00Z"}}`, `{"status":{"createdDateTime":"2021-01-01T00:00:00Z"}}`, ""},
	{"groups", glassID, `{"links":{"members":["m"]}}`, `{}`, "break-glass-touched"},
	{"users", "", spec(`"city":"a"`), spec(`"city":"b"`), ""},
	{"users", "", `{"spec":{"onPremisesImmutableId":"x"}}`, `{}`, ""},
	{"users", "", `{}`, `{"spec":{"onPremisesImmutableId":"x"}}`, "account-anchored"},
	{"users", "", spec(`"userType":"Guest"`), spec(`"userType":"Member"`), "guest-made-member"},
	{"users", "", spec(`"userType":"Member"`), spec(`"userType":"Guest"`), ""},
	{"users", "", spec(`"accountEnabled":false`), spec(`"accountEnabled":true`), "account-switched-on"},
	{"users", "", spec(`"passwordPolicies":"None"`), spec(`"passwordPolicies":"DisableStrongPassword"`), "password-rules-off"},
	{"users", "", spec(`"passwordPolicies":"DisableStrongPassword"`), spec(`"passwordPolicies":"None"`), ""},
}
