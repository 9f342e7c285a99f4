package risk

import "github.com/entragit/entragit/internal/entra"

// tenantRules are about the tenant's edges: other tenants, federation, guests, the methods
// by which anybody signs in.
var tenantRules = []Rule{
	{
		ID: "domain-federated", Severity: entra.Critical, Kinds: []string{"domains"},
		Sees: anyOf(went("/status/authenticationType", "Managed", "Federated"), contained("federationConfiguration", whatever)),
		Says: "lets another issuer sign its users in", Reference: attackTrust,
	},
	{
		ID: "domain-federation-changed", Severity: entra.Critical, Kinds: []string{"domains"},
		Sees: differs(
			"/contained/federationConfiguration/*/issuerUri", "/contained/federationConfiguration/*/signingCertificate", "/contained/federationConfiguration/*/nextSigningCertificate",
			"/contained/federationConfiguration/*/passiveSignInUri", "/contained/federationConfiguration/*/activeSignInUri", "/contained/federationConfiguration/*/metadataExchangeUri",
		),
		Says: "trusts other keys or addresses to sign its users in", Reference: attackTrust,
	},
	{
		ID: "domain-multifactor-elsewhere", Severity: entra.High, Kinds: []string{"domains"},
		Sees: differs("/contained/federationConfiguration/*/federatedIdpMfaBehavior"), Says: "believes another issuer about multifactor authentication", Reference: attackMultifactor,
	},
	{
		ID: "domain-added", Severity: entra.Medium, Kinds: []string{"domains"}, On: given,
		Sees: itself, Says: "is a new domain of the tenant", Reference: attackTrust,
	},
	{
		ID: "external-federation", Severity: entra.High, Kinds: []string{"samlOrWsFedExternalDomainFederations"}, On: givenOrNow,
		Sees: itself, Says: "lets another issuer sign guests in", Reference: attackTrust,
	},
	{
		ID: "identity-provider", Severity: entra.Medium, Kinds: []string{"identityProviders"}, On: givenOrNow,
		Sees: itself, Says: "lets another provider sign guests in", Reference: attackTrust,
	},
	{
		ID: "certificate-authority", Severity: entra.Critical, Kinds: []string{"publicKeyInfrastructures", "certificateBasedAuthConfiguration"}, On: givenOrNow,
		Sees: anyOf(contained("certificateAuthorities", whatever), gained("/spec/certificateAuthorities"), differs("/contained/certificateAuthorities/*/certificate")),
		Says: "lets whoever holds another authority's key sign in as anybody", Reference: "https://attack.mitre.org/techniques/T1649/",
	},
	{
		ID: "partner-trusted", Severity: entra.High, Kinds: []string{"crossTenantAccessPolicyDefault", "crossTenantAccessPolicyPartners"}, On: givenOrNow,
		Sees: anyOf(became("/spec/inboundTrust/isMfaAccepted", true), became("/spec/inboundTrust/isCompliantDeviceAccepted", true),
			became("/spec/inboundTrust/isHybridAzureADJoinedDeviceAccepted", true)),
		Says: "believes other tenants about multifactor authentication or devices", Reference: attackTrust,
	},
	{
		ID: "partner-synchronises", Severity: entra.High, Kinds: []string{"crossTenantAccessPolicyPartners"}, On: givenOrNow,
		Sees: anyOf(became("/contained/identitySynchronization/*/userSyncInbound/isSyncAllowed", true), contained("identitySynchronization", syncs),
			became("/spec/automaticUserConsentSettings/inboundAllowed", true)),
		Says: "lets another tenant bring its users in", Reference: attackTrust,
	},
	{
		ID: "partner-access-opened", Severity: entra.Medium, Kinds: []string{"crossTenantAccessPolicyDefault", "crossTenantAccessPolicyPartners"},
		Sees: anyOf(each([]string{
			"/spec/b2bCollaborationInbound/usersAndGroups/accessType", "/spec/b2bCollaborationInbound/applications/accessType",
			"/spec/b2bDirectConnectInbound/usersAndGroups/accessType", "/spec/b2bDirectConnectInbound/applications/accessType",
		}, func(pointer string) look { return went(pointer, "blocked", "allowed") })...),
		Says: "lets users of other tenants in", Reference: attackTrust,
	},
	{
		ID: "partner-added", Severity: entra.Medium, Kinds: []string{"crossTenantAccessPolicyPartners"}, On: given,
		Sees: itself, Says: "has rules of its own for another tenant", Reference: attackTrust,
	},
	{
		ID: "guest-rights-widened", Severity: entra.High, Kinds: []string{"authorizationPolicy"},
		Sees: rose("/spec/guestUserRoleId", guestRoles), Says: "lets guests see more of the tenant",
		Reference: "https://learn.microsoft.com/entra/identity/users/users-restrict-guest-permissions",
	},
	{
		ID: "invitations-opened", Severity: entra.Medium, Kinds: []string{"authorizationPolicy"},
		Sees: anyOf(rose("/spec/allowInvitesFrom", inviters), became("/spec/allowEmailVerifiedUsersToJoinOrganization", true)),
		Says: "lets more people bring guests in", Reference: "https://learn.microsoft.com/entra/external-id/external-collaboration-settings-configure",
	},
	{
		ID: "user-rights-widened", Severity: entra.Medium, Kinds: []string{"authorizationPolicy"},
		Sees: anyOf(became("/spec/defaultUserRolePermissions/allowedToCreateApps", true), became("/spec/defaultUserRolePermissions/allowedToCreateTenants", true),
			became("/spec/defaultUserRolePermissions/allowedToCreateSecurityGroups", true), ceased("/spec/blockMsolPowerShell", true)),
		Says: "lets every user do more", Reference: "https://learn.microsoft.com/entra/fundamentals/users-default-permissions",
	},
	{
		ID: "method-enabled", Severity: entra.Medium, Kinds: []string{"authenticationMethodsPolicy"},
		Sees: became("/contained/authenticationMethodConfigurations/*/state", "enabled"),
		Says: "lets people sign in by another method", Reference: attackMultifactor,
	},
	{
		ID: "method-weakened", Severity: entra.High, Kinds: []string{"authenticationMethodsPolicy"},
		Sees: anyOf(
			ceased("/contained/authenticationMethodConfigurations/*/isAttestationEnforced", true), ceased("/contained/authenticationMethodConfigurations/*/keyRestrictions/isEnforced", true),
			went("/contained/authenticationMethodConfigurations/*/featureSettings/*/state", "enabled", "disabled"),
			ceased("/contained/authenticationMethodConfigurations/*/isUsableOnce", true),
			ceased("/contained/authenticationMethodConfigurations/*/authenticationModeConfiguration/x509CertificateAuthenticationDefaultMode", "x509CertificateMultiFactor"),
			became("/contained/authenticationMethodConfigurations/*/authenticationModeConfiguration/x509CertificateAuthenticationDefaultMode", "x509CertificateMultiFactor"),
		),
		Says: "checks a method less strictly", Reference: attackMultifactor,
	},
	{
		ID: "method-campaign-off", Severity: entra.Low, Kinds: []string{"authenticationMethodsPolicy"},
		Sees: ceased("/spec/registrationEnforcement/authenticationMethodsRegistrationCampaign/state", "enabled"), Says: "no longer asks people to register a stronger method",
		Reference: "https://learn.microsoft.com/entra/identity/authentication/how-to-mfa-registration-campaign",
	},
	{
		ID: "device-registration-loosened", Severity: entra.Medium, Kinds: []string{"deviceRegistrationPolicy"},
		Sees: ceased("/spec/multiFactorAuthConfiguration", "required"), Says: "lets devices be registered without multifactor authentication", Reference: "https://attack.mitre.org/techniques/T1098/005/",
	},
	{
		ID: "synchronisation-protection-off", Severity: entra.High, Kinds: []string{"onPremisesSynchronization"},
		Sees: anyOf(ceased("/spec/features/blockSoftMatchEnabled", true), ceased("/spec/features/blockCloudObjectTakeoverThroughHardMatchEnabled", true),
			became("/spec/features/softMatchOnUpnEnabled", true)),
		Says: "lets accounts from on premises take over those of the cloud", Reference: attackHybridIdentity,
	},
	{
		ID: "home-realm-changed", Severity: entra.Medium, Kinds: []string{"homeRealmDiscoveryPolicies"},
		Sees: differs("/spec/definition"), Says: "sends people elsewhere to sign in", Reference: attackTrust,
	},
	{
		ID: "staged-rollout-changed", Severity: entra.Medium, Kinds: []string{"featureRolloutPolicies"},
		Sees: anyOf(differs("/spec/isEnabled", "/spec/isAppliedToOrganization"), linked("appliesTo")), Says: "changes where people sign in", Reference: attackHybridIdentity,
	},
	{
		ID: "access-package-opened", Severity: entra.Medium, Kinds: []string{"accessPackageAssignmentPolicies"},
		Sees: anyOf(ceased("/spec/requestApprovalSettings/isApprovalRequiredForAdd", true), ceased("/spec/requestApprovalSettings/isApprovalRequiredForUpdate", true),
			rose("/spec/allowedTargetScope", requestors)),
		Says: "gives a package to more people, or without asking", Reference: "https://learn.microsoft.com/entra/id-governance/entitlement-management-access-package-approval-policy",
	},
}

// syncs reports whether a synchronisation with another tenant brings its users in.
func syncs(element map[string]any) bool {
	inbound, _ := element["userSyncInbound"].(map[string]any)
	return inbound["isSyncAllowed"] == true
}

// guestRoles are the roles that guests can have, the most restricted first. They have the
// same ids in every tenant (Microsoft's page "Restrict guest access permissions").
var guestRoles = []any{
	"2af84b1e-32c8-42b7-82bc-daa82404023b", // restricted guest
	"10dae51f-b6af-4016-8d66-8c2a99b929b3", // guest
	"a0b1b346-4d3e-4e8b-98f8-753987be4970", // as a member
}

// inviters are who may invite guests, the fewest first (Microsoft's page
// "authorizationPolicy resource type").
var inviters = []any{"none", "adminsAndGuestInviters", "adminsGuestInvitersAndAllMembers", "everyone"}

// requestors are who may ask for a package, the fewest first (Microsoft's page
// "accessPackageAssignmentPolicy resource type").
var requestors = []any{
	"notSpecified", "specificDirectoryUsers", "specificConnectedOrganizationUsers", "specificDirectoryServicePrincipals", "allMemberUsers",
	"allDirectoryServicePrincipals", "allDirectoryUsers", "allConfiguredConnectedOrganizationUsers", "allExternalUsers",
}
