package emulator

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// written lists, per collection, the properties that Microsoft's reference pages say can be
// written. The seed gives each a value somewhere, so that whatever can be restored is
// restored in a test.
var written = map[string]string{
	"/users": `accountEnabled ageGroup businessPhones city companyName consentProvidedForMinor country customSecurityAttributes
		department displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType faxNumber givenName
		identities jobTitle mail mailNickname mobilePhone officeLocation onPremisesExtensionAttributes onPremisesImmutableId
		otherMails passwordPolicies passwordProfile postalCode preferredDataLocation preferredLanguage state streetAddress
		surname usageLocation userPrincipalName userType showInAddressList`,
	"/groups": `allowExternalSenders autoSubscribeNewMembers classification description displayName groupTypes
		hideFromAddressLists hideFromOutlookClients mailNickname membershipRule membershipRuleProcessingState
		preferredDataLocation preferredLanguage securityEnabled theme visibility uniqueName isAssignableToRole mailEnabled
		resourceBehaviorOptions resourceProvisioningOptions`,
	"/applications": `addIns api appRoles authenticationBehaviors defaultRedirectUri description displayName
		groupMembershipClaims identifierUris info isDeviceOnlyAuthSupported isDisabled isFallbackPublicClient keyCredentials
		managerApplications nativeAuthenticationApisEnabled notes oauth2RequirePostResponse optionalClaims
		parentalControlSettings publicClient requestSignatureVerification requiredResourceAccess samlMetadataUrl
		serviceManagementReference servicePrincipalLockConfiguration signInAudience spa tags tokenEncryptionKeyId uniqueName web`,
	"/applications/*/federatedIdentityCredentials": `audiences description issuer subject name`,
	"/applications/*/extensionProperties":          `name dataType targetObjects isMultiValued`,
	"/servicePrincipals": `accountEnabled addIns alternativeNames appRoleAssignmentRequired appRoles customSecurityAttributes
		description displayName homepage keyCredentials loginUrl logoutUrl notes notificationEmailAddresses
		oauth2PermissionScopes preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls samlSingleSignOnSettings
		servicePrincipalNames tags tokenEncryptionKeyId appId`,
	"/servicePrincipals/*/appRoleAssignedTo": `principalId resourceId appRoleId`,
	"/oauth2PermissionGrants":                `scope clientId consentType principalId resourceId`,
	"/identity/conditionalAccess/policies":   `conditions displayName grantControls sessionControls state templateId`,
	"/identity/conditionalAccess/namedLocations": `displayName ipRanges isTrusted countriesAndRegions
		includeUnknownCountriesAndRegions countryLookupMethod`,
	"/policies/authenticationMethodsPolicy": `policyMigrationState registrationEnforcement reconfirmationInDays`,
	"/policies/authenticationMethodsPolicy/authenticationMethodConfigurations": `state excludeTargets includeTargets
		allowExternalIdToUseEmailOtp appId displayName openIdConnectSetting defaultPasskeyProfile isAttestationEnforced
		isSelfServiceRegistrationAllowed keyRestrictions featureSettings isSoftwareOathEnabled pinLength
		standardQRCodeLifetimeInDays defaultLength defaultLifetimeInMinutes isUsableOnce maximumLifetimeInMinutes
		minimumLifetimeInMinutes isOfficePhoneAllowed authenticationModeConfiguration certificateAuthorityScopes
		certificateUserBindings crlValidationConfiguration issuerHintsConfiguration`,
	"/policies/authorizationPolicy": `allowedToSignUpEmailBasedSubscriptions allowedToUseSSPR
		allowEmailVerifiedUsersToJoinOrganization allowInvitesFrom allowUserConsentForRiskyApps blockMsolPowerShell
		defaultUserRolePermissions description displayName guestUserRoleId`,
	"/organization": `marketingNotificationEmails privacyProfile securityComplianceNotificationMails
		securityComplianceNotificationPhones technicalNotificationMails`,
}

// conditionsUsed are the parts of Conditional Access that the seed has a policy for.
const conditionsUsed = `conditions.users.includeUsers conditions.users.excludeUsers conditions.users.includeGroups
	conditions.users.excludeGroups conditions.users.includeRoles conditions.users.excludeRoles
	conditions.users.includeGuestsOrExternalUsers conditions.users.excludeGuestsOrExternalUsers
	conditions.users.excludeGuestsOrExternalUsers.externalTenants.members
	conditions.applications.includeApplications conditions.applications.excludeApplications
	conditions.applications.includeUserActions conditions.applications.includeAuthenticationContextClassReferences
	conditions.applications.applicationFilter conditions.clientAppTypes conditions.userRiskLevels conditions.signInRiskLevels
	conditions.servicePrincipalRiskLevels conditions.insiderRiskLevels conditions.platforms.excludePlatforms
	conditions.locations.includeLocations conditions.locations.excludeLocations conditions.devices.deviceFilter
	conditions.clientApplications.excludeServicePrincipals conditions.authenticationFlows.transferMethods
	grantControls.builtInControls grantControls.authenticationStrength.id grantControls.operator
	sessionControls.applicationEnforcedRestrictions sessionControls.cloudAppSecurity sessionControls.persistentBrowser
	sessionControls.signInFrequency sessionControls.disableResilienceDefaults`

func TestEveryWritablePropertyHasAValueSomewhere(t *testing.T) {
	used := make(map[string]map[string]bool)
	written := maps.Clone(written)
	for rec := range seed.Contoso(testTenant, Scale{}) {
		r, _, _ := newTable(allResources).find(rec.Path)
		if used[r.path] == nil {
			used[r.path] = make(map[string]bool)
		}
		if rec.Body["onPremisesSyncEnabled"] == true && r.path != tenantPath {
			continue // what is mastered elsewhere cannot be written here
		}
		note(used[r.path], "", rec.Body)
	}
	maps.Copy(written, writtenElsewhere)
	for _, path := range slices.Sorted(maps.Keys(written)) {
		for _, property := range strings.Fields(written[path]) {
			if !used[path][property] {
				t.Errorf("%s: no object has %s", path, property)
			}
		}
	}
	for _, property := range strings.Fields(conditionsUsed) {
		if !used["/identity/conditionalAccess/policies"][property] {
			t.Errorf("no policy has %s", property)
		}
	}
}

// note records every path at which body has a value that is not null or empty.
func note(used map[string]bool, prefix string, body object) {
	for name, v := range body {
		switch v := v.(type) {
		case nil:
			continue
		case []any:
			if len(v) == 0 {
				continue
			}
		case object:
			note(used, prefix+name+".", v)
		}
		used[prefix+name] = true
	}
}
