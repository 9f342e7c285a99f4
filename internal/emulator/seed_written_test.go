package emulator

// writtenElsewhere continues written for every other collection and singleton.
var writtenElsewhere = map[string]string{
	"/servicePrincipals/*/delegatedPermissionClassifications": `permissionId permissionName classification`,
	"/devices": `accountEnabled displayName operatingSystem operatingSystemVersion isCompliant isManaged alternativeSecurityIds
		deviceId`,
	"/organization/*/branding": `backgroundColor signInPageText usernameHintText customAccountResetCredentialsUrl
		customCannotAccessYourAccountText customCannotAccessYourAccountUrl customForgotMyPasswordText
		customPrivacyAndCookiesText customPrivacyAndCookiesUrl customResetItNowText customTermsOfUseText
		customTermsOfUseUrl headerBackgroundColor loginPageLayoutConfiguration loginPageTextVisibilitySettings
		contentCustomization`,
	"/organization/*/branding/localizations": `backgroundColor signInPageText usernameHintText customAccountResetCredentialsUrl
		customCannotAccessYourAccountText customCannotAccessYourAccountUrl customForgotMyPasswordText
		customPrivacyAndCookiesText customPrivacyAndCookiesUrl customResetItNowText customTermsOfUseText
		customTermsOfUseUrl headerBackgroundColor loginPageLayoutConfiguration loginPageTextVisibilitySettings
		contentCustomization id`,
	"/organization/*/certificateBasedAuthConfiguration": `certificateAuthorities`,
	"/domains": `isDefault passwordNotificationWindowInDays passwordValidityPeriodInDays supportedServices id`,
	"/domains/*/federationConfiguration": `activeSignInUri displayName federatedIdpMfaBehavior isSignedAuthenticationRequestRequired issuerUri
		metadataExchangeUri nextSigningCertificate passiveSignInUri passwordResetUri preferredAuthenticationProtocol
		promptLoginBehavior signingCertificate signOutUri`,
	"/policies/authenticationStrengthPolicies":                         `displayName description allowedCombinations`,
	"/identity/conditionalAccess/authenticationContextClassReferences": `description displayName isAvailable id`,
	"/directory/administrativeUnits": `description displayName membershipRule membershipRuleProcessingState membershipType visibility
		isMemberManagementRestricted`,
	"/directory/administrativeUnits/*/scopedRoleMembers": `roleId roleMemberInfo`,
	"/roleManagement/directory/roleDefinitions":          `description displayName isEnabled rolePermissions templateId`,
	"/roleManagement/directory/roleAssignments":          `principalId roleDefinitionId directoryScopeId`,
	"/directoryRoles":                   `roleTemplateId`,
	"/policies/crossTenantAccessPolicy": `displayName allowedCloudEndpoints`,
	"/policies/crossTenantAccessPolicy/default": `b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound b2bDirectConnectOutbound inboundTrust
		invitationRedemptionIdentityProviderConfiguration tenantRestrictions m365CollaborationInbound
		m365CollaborationOutbound appServiceConnectInbound`,
	"/policies/crossTenantAccessPolicy/partners": `automaticUserConsentSettings b2bCollaborationInbound b2bCollaborationOutbound b2bDirectConnectInbound
		b2bDirectConnectOutbound inboundTrust tenantRestrictions m365CollaborationInbound m365CollaborationOutbound
		appServiceConnectInbound tenantId isServiceProvider`,
	"/policies/crossTenantAccessPolicy/partners/*/identitySynchronization": `displayName userSyncInbound`,
	"/policies/identitySecurityDefaultsEnforcementPolicy":                  `isEnabled`,
	"/policies/tokenLifetimePolicies":                                      `definition description displayName isOrganizationDefault`,
	"/policies/tokenIssuancePolicies":                                      `definition description displayName isOrganizationDefault`,
	"/policies/claimsMappingPolicies":                                      `definition description displayName isOrganizationDefault`,
	"/policies/homeRealmDiscoveryPolicies":                                 `definition description displayName isOrganizationDefault`,
	"/policies/activityBasedTimeoutPolicies":                               `definition description displayName isOrganizationDefault`,
	"/policies/permissionGrantPolicies":                                    `description displayName id`,
	"/policies/appManagementPolicies":                                      `description displayName isEnabled restrictions`,
	"/policies/defaultAppManagementPolicy":                                 `applicationRestrictions isEnabled servicePrincipalRestrictions`,
	"/policies/adminConsentRequestPolicy":                                  `isEnabled notifyReviewers remindersEnabled requestDurationInDays reviewers`,
	"/policies/authenticationFlowsPolicy":                                  `selfServiceSignUp`,
	"/policies/featureRolloutPolicies":                                     `description displayName isAppliedToOrganization isEnabled feature`,
	"/policies/deviceRegistrationPolicy":                                   `azureADJoin azureADRegistration localAdminPassword multiFactorAuthConfiguration userDeviceQuota`,
	"/identity/identityProviders": `displayName clientId clientSecret certificateData developerId keyId serviceId issuer wellKnownEndpoint
		responseType scope clientAuthentication inboundClaimMapping identityProviderType`,
	"/directory/federationConfigurations":                      `displayName issuerUri metadataExchangeUri passiveSignInUri preferredAuthenticationProtocol signingCertificate`,
	"/groupSettings":                                           `values templateId displayName`,
	"/groupLifecyclePolicies":                                  `alternateNotificationEmails groupLifetimeInDays managedGroupTypes`,
	"/identityGovernance/entitlementManagement/catalogs":       `description displayName isExternallyVisible state`,
	"/identityGovernance/entitlementManagement/accessPackages": `description displayName isHidden catalog`,
	"/identityGovernance/entitlementManagement/assignmentPolicies": `allowedTargetScope automaticRequestSettings description displayName expiration notificationSettings
		requestApprovalSettings requestorSettings reviewSettings specificAllowedTargets customExtensionStageSettings
		questions accessPackage`,
	"/identityGovernance/entitlementManagement/connectedOrganizations": `description displayName state identitySources`,
	"/identityGovernance/entitlementManagement/settings":               `durationUntilExternalUserDeletedAfterBlocked externalUserLifecycleAction`,
	"/roleManagement/entitlementManagement/roleAssignments":            `principalId roleDefinitionId appScopeId`,
	"/identityGovernance/accessReviews/definitions": `additionalNotificationRecipients descriptionForAdmins descriptionForReviewers displayName fallbackReviewers
		reviewers settings stageSettings scope instanceEnumerationScope`,
	"/agreements": `displayName isViewingBeforeAcceptanceRequired file isPerDeviceAcceptanceRequired termsExpiration
		userReacceptRequiredFrequency`,
	"/identityGovernance/lifecycleWorkflows/workflows": `description displayName isEnabled isSchedulingEnabled settings category executionConditions tasks`,
	"/identityGovernance/lifecycleWorkflows/customTaskExtensions": `authenticationConfiguration callbackConfiguration clientConfiguration description displayName
		endpointConfiguration`,
	"/identityGovernance/lifecycleWorkflows/settings": `emailSettings workflowScheduleIntervalInHours quarantineConfiguration`,
	"/directory/attributeSets":                        `description maxAttributesPerSet id`,
	"/directory/customSecurityAttributeDefinitions":   `description status usePreDefinedValuesOnly attributeSet name isCollection isSearchable type`,
	"/identity/b2xUserFlows":                          `id userFlowType userFlowTypeVersion`,
	"/identity/userFlowAttributes":                    `description displayName dataType`,
	"/identity/apiConnectors":                         `authenticationConfiguration displayName targetUrl`,
	"/identity/authenticationEventsFlows": `conditions description displayName onAttributeCollection onAuthenticationMethodLoadStart
		onInteractiveAuthFlowStart onUserCreateStart`,
	"/identity/customAuthenticationExtensions":                              `authenticationConfiguration behaviorOnError clientConfiguration description displayName endpointConfiguration`,
	"/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations": `displayName`,
	"/directory/onPremisesSynchronization":                                  `configuration features`,
}
