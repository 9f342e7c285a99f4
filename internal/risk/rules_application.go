package risk

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

var (
	applications      = []string{"applications"}
	servicePrincipals = []string{"servicePrincipals"}
	eitherApplication = []string{"applications", "servicePrincipals"}
)

// applicationRules are about what applications may do, and who can sign in as one.
var applicationRules = []Rule{
	{
		ID: "application-credential", Severity: entra.High, Kinds: eitherApplication, On: givenOrNow,
		Sees: anyOf(each([]string{
			"/spec/keyCredentials", "/spec/passwordCredentials", "/status/keyCredentials", "/status/passwordCredentials",
		}, func(pointer string) look { return gained(pointer) })...),
		Says: "has another key or secret to sign in with", Reference: attackCredentials,
	},
	{
		ID: "application-federated-credential", Severity: entra.High, Kinds: applications, On: givenOrNow,
		Sees: anyOf(contained("federatedIdentityCredentials", whatever), differs("/contained/federatedIdentityCredentials/*/issuer", "/contained/federatedIdentityCredentials/*/subject")),
		Says: "trusts another issuer to sign in as the application", Reference: attackCredentials,
	},
	{
		ID: "application-owner", Severity: entra.High, Kinds: eitherApplication,
		Sees: linked("owners"), Says: "has new owners, who can sign in as the application", Reference: attackCredentials,
	},
	{
		ID: "application-redirect", Severity: entra.Medium, Kinds: applications,
		Sees: anyOf(gained("/spec/web/redirectUris"), gained("/spec/spa/redirectUris"), gained("/spec/publicClient/redirectUris")),
		Says: "sends tokens to more addresses", Reference: attackConsent,
	},
	{
		ID: "application-audience-widened", Severity: entra.Medium, Kinds: applications,
		Sees: ceased("/spec/signInAudience", "AzureADMyOrg"),
		Says: "lets users of other tenants sign in", Reference: "https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation",
	},
	{
		ID: "application-implicit-grant", Severity: entra.Medium, Kinds: applications,
		Sees: anyOf(became("/spec/web/implicitGrantSettings/enableAccessTokenIssuance", true), became("/spec/isFallbackPublicClient", true)),
		Says: "gives out tokens without knowing who asks", Reference: attackConsent,
	},
	{
		ID: "application-assignment-optional", Severity: entra.Medium, Kinds: servicePrincipals,
		Sees: went("/spec/appRoleAssignmentRequired", true, false), Says: "lets in whoever was not assigned to it",
		Reference: "https://learn.microsoft.com/entra/identity/enterprise-apps/assign-user-or-group-access-portal",
	},
	{
		ID: "application-switched-on", Severity: entra.Medium, Kinds: servicePrincipals,
		Sees: went("/spec/accountEnabled", false, true), Says: "can be signed in to again", Reference: "https://attack.mitre.org/techniques/T1098/",
	},
	{
		ID: "application-permission-supreme", Severity: entra.Critical, Kinds: servicePrincipals, On: givenOrNow,
		Sees: contained("appRoleAssignedTo", dangerousAppRole), Says: "lets an application give itself everything", Reference: attackRoles,
	},
	{
		ID: "application-permission", Severity: entra.Medium, Kinds: servicePrincipals,
		Sees: contained("appRoleAssignedTo", otherAppRole), Says: "lets an application do more", Reference: attackRoles,
	},
	{
		ID: "consent-for-everybody-supreme", Severity: entra.High, Kinds: []string{"oauth2PermissionGrants"}, On: givenOrNow,
		Sees: consent(dangerousScope), Says: "lets an application act for everybody with far-reaching permissions", Reference: attackConsent,
	},
	{
		ID: "consent-for-everybody", Severity: entra.Medium, Kinds: []string{"oauth2PermissionGrants"}, On: givenOrNow,
		Sees: consent(otherScope), Says: "lets an application act for everybody", Reference: attackConsent,
	},
	{
		ID: "consent-self-service", Severity: entra.High, Kinds: []string{"authorizationPolicy"},
		Sees: gained("/spec/defaultUserRolePermissions/permissionGrantPoliciesAssigned"), Says: "lets users consent to more", Reference: attackConsent,
	},
	{
		ID: "consent-risky-applications", Severity: entra.High, Kinds: []string{"authorizationPolicy"},
		Sees: became("/spec/allowUserConsentForRiskyApps", true), Says: "lets users consent to risky applications", Reference: attackConsent,
	},
	{
		ID: "consent-policy-loosened", Severity: entra.High, Kinds: []string{"permissionGrantPolicies"},
		Sees: anyOf(contained("includes", whatever), gone("excludes")), Says: "lets more be consented to without an administrator", Reference: attackConsent,
	},
	{
		ID: "consent-request-off", Severity: entra.Low, Kinds: []string{"adminConsentRequestPolicy"},
		Sees: anyOf(ceased("/spec/isEnabled", true), gained("/spec/reviewers")), Says: "lets others decide about requests for consent",
		Reference: "https://learn.microsoft.com/entra/identity/enterprise-apps/configure-admin-consent-workflow",
	},
	{
		ID: "application-policy-loosened", Severity: entra.Medium, Kinds: []string{"appManagementPolicies", "defaultAppManagementPolicy"},
		Sees: anyOf(ceased("/spec/isEnabled", true), restrictionOff), Says: "restricts the credentials of applications less",
		Reference: "https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy",
	},
	{
		ID: "token-claims-changed", Severity: entra.Medium, Kinds: []string{"claimsMappingPolicies", "tokenIssuancePolicies"},
		Sees: differs("/spec/definition"), Says: "puts something else into tokens", Reference: attackAuthentication,
	},
	{
		ID: "token-lifetime-changed", Severity: entra.Low, Kinds: []string{"tokenLifetimePolicies"},
		Sees: differs("/spec/definition"), Says: "lets tokens last for another time", Reference: "https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes",
	},
	{
		ID: "sign-in-extension", Severity: entra.High, Kinds: []string{"customAuthenticationExtensions", "authenticationEventsFlows", "apiConnectors"}, On: givenOrNow,
		Sees: itself, Says: "runs somebody's code at sign-in", Reference: attackAuthentication,
	},
}

// gone sees elements that went from a contained collection.
func gone(name string) look {
	return vanished(jsonpointer.Join(entra.SectionContained, name, "*"))
}

// grants are how dangerous app roles are, as the table of kinds says of contained ones.
var grants = func() []kind.Danger {
	for _, c := range kind.ByName("servicePrincipals").Contained {
		if c.Name == "appRoleAssignedTo" {
			return c.Dangers
		}
	}
	return nil
}()

// dangerousAppRole reports whether an application is given what lets it give itself
// everything. Users and groups that have a role in an application can do so much there
// only.
func dangerousAppRole(element map[string]any) bool {
	return kind.ByName("servicePrincipals").Danger(grants, func(name string) any { return element[name] }) == kind.DangerGrant
}

func otherAppRole(element map[string]any) bool {
	return element["principalType"] == "ServicePrincipal" && !dangerousAppRole(element)
}

// consent sees a consent for everybody to scopes of which one meets a test.
func consent(test func(scopes []string) bool) look {
	return func(s *scene) ([]string, bool) {
		if s.after("consentType") != "AllPrincipals" {
			return nil, false
		}
		var come []string
		for _, p := range s.at("/spec/scope") {
			before, _ := p.Before.(string)
			after, _ := p.After.(string)
			come = append(come, without(strings.Fields(after), strings.Fields(before))...)
		}
		return come, len(come) > 0 && test(come)
	}
}

// farReaching are the beginnings of delegated permissions with which an application that
// acts for an administrator can take over the tenant, or read everybody's mail and files.
var farReaching = []string{
	"AppRoleAssignment.ReadWrite", "Application.ReadWrite", "DelegatedPermissionGrant.ReadWrite", "Directory.AccessAsUser", "Directory.ReadWrite",
	"Domain.ReadWrite", "Files.Read", "Group.ReadWrite", "GroupMember.ReadWrite", "Mail.", "MailboxSettings.ReadWrite", "Policy.ReadWrite.", "RoleManagement.ReadWrite",
	"Sites.", "User.ReadWrite.All", "UserAuthenticationMethod.ReadWrite", "full_access_as_user", "user_impersonation", "EWS.AccessAsUser",
}

func dangerousScope(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(scope string) bool {
		return slices.ContainsFunc(farReaching, func(start string) bool { return strings.HasPrefix(scope, start) })
	})
}

func otherScope(scopes []string) bool { return !dangerousScope(scopes) }

// restrictionOff sees a restriction of credentials that is gone or no longer enforced, in
// whichever part of a policy it is.
func restrictionOff(s *scene) ([]string, bool) {
	return nil, slices.ContainsFunc(s.Properties, func(p entra.PropertyChange) bool {
		tokens := jsonpointer.Split(p.Pointer)
		switch tokens[len(tokens)-1] {
		case "state":
			return p.Before == "enabled"
		case "keyCredentials", "passwordCredentials":
			return len(p.RemovedItems) > 0
		}
		return false
	})
}
