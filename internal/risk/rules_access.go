package risk

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Pages that several rules refer to.
const (
	attackConditionalAccess = "https://attack.mitre.org/techniques/T1556/009/"
	attackMultifactor       = "https://attack.mitre.org/techniques/T1556/006/"
	attackHybridIdentity    = "https://attack.mitre.org/techniques/T1556/007/"
	attackTrust             = "https://attack.mitre.org/techniques/T1484/002/"
	attackRoles             = "https://attack.mitre.org/techniques/T1098/003/"
	attackCredentials       = "https://attack.mitre.org/techniques/T1098/001/"
	attackLocalGroups       = "https://attack.mitre.org/techniques/T1098/007/"
	attackConsent           = "https://attack.mitre.org/techniques/T1528/"
	attackAccountAccess     = "https://attack.mitre.org/techniques/T1531/"
	attackAuthentication    = "https://attack.mitre.org/techniques/T1556/"
)

var policies = []string{"conditionalAccessPolicies"}

// accessRules are about what decides over a sign-in: Conditional Access, and what its
// policies mention.
var accessRules = []Rule{
	{
		ID: "access-policy-deleted", Severity: entra.High, Kinds: policies, On: []entra.ChangeType{entra.Removed},
		Sees: enforced(itself), Says: "was enforced and is gone", Reference: attackConditionalAccess,
	},
	{
		ID: "access-policy-off", Severity: entra.High, Kinds: policies,
		Sees: went("/spec/state", "enabled", "disabled"), Says: "is switched off", Reference: attackConditionalAccess,
	},
	{
		ID: "access-policy-reports", Severity: entra.High, Kinds: policies,
		Sees: went("/spec/state", "enabled", "enabledForReportingButNotEnforced"), Says: "only reports and enforces nothing", Reference: attackConditionalAccess,
	},
	{
		ID: "access-block-lifted", Severity: entra.High, Kinds: policies,
		Sees: enforced(lost("/spec/grantControls/builtInControls", "block")), Says: "no longer blocks", Reference: attackConditionalAccess,
	},
	{
		ID: "access-multifactor-dropped", Severity: entra.High, Kinds: policies,
		Sees: enforced(but(
			anyOf(lost("/spec/grantControls/builtInControls", "mfa"), vanished("/spec/grantControls/authenticationStrength/id")),
			anyOf(gained("/spec/grantControls/builtInControls", "mfa", "block"), where("/spec/grantControls/authenticationStrength/id", func(p entra.PropertyChange) bool { return p.After != nil })),
		)),
		Says: "no longer asks for multifactor authentication", Reference: attackMultifactor,
	},
	{
		ID: "access-strength-lowered", Severity: entra.High, Kinds: policies,
		Sees: enforced(rose("/spec/grantControls/authenticationStrength/id", strengths)),
		Says: "asks for a weaker authentication strength", Reference: attackMultifactor,
	},
	{
		ID: "access-strength-replaced", Severity: entra.Medium, Kinds: policies,
		Sees: enforced(but(replaced("/spec/grantControls/authenticationStrength/id"), where("/spec/grantControls/authenticationStrength/id", ranked))),
		Says: "asks for another authentication strength", Reference: attackMultifactor,
	},
	{
		ID: "access-control-dropped", Severity: entra.High, Kinds: policies,
		Sees: enforced(anyOf(
			lost("/spec/grantControls/builtInControls", "compliantDevice", "domainJoinedDevice", "approvedApplication", "compliantApplication", "passwordChange", "riskRemediation"),
			lost("/spec/grantControls/termsOfUse"), lost("/spec/grantControls/customAuthenticationFactors"),
		)),
		Says: "asks for less before it grants access", Reference: attackConditionalAccess,
	},
	{
		ID: "access-or-for-and", Severity: entra.High, Kinds: policies,
		Sees: enforced(went("/spec/grantControls/operator", "AND", "OR")), Says: "is content with one of its controls, where it asked for all", Reference: attackConditionalAccess,
	},
	{
		ID: "access-exclusion-added", Severity: entra.High, Kinds: policies,
		Sees: enforced(anyOf(each(exclusions, func(pointer string) look { return gained(pointer) })...)),
		Says: "leaves out more than before", Reference: attackConditionalAccess,
	},
	{
		ID: "access-guests-excluded", Severity: entra.High, Kinds: policies,
		Sees: enforced(gained("/spec/conditions/users/excludeGuestsOrExternalUsers/guestOrExternalUserTypes")),
		Says: "leaves out guests", Reference: attackConditionalAccess,
	},
	{
		ID: "access-scope-narrowed", Severity: entra.High, Kinds: policies,
		Sees: enforced(anyOf(each(inclusions, func(pointer string) look { return lost(pointer) })...)),
		Says: "applies to less than before", Reference: attackConditionalAccess,
	},
	{
		ID: "access-condition-added", Severity: entra.High, Kinds: policies,
		Sees: enforced(anyOf(each(conditions, func(pointer string) look { return where(pointer, firstOf) })...)),
		Says: "applies under a condition that it did not have", Reference: attackConditionalAccess,
	},
	{
		ID: "access-session-weakened", Severity: entra.Medium, Kinds: policies,
		Sees: enforced(anyOf(
			ceased("/spec/sessionControls/signInFrequency/isEnabled", true), ceased("/spec/sessionControls/cloudAppSecurity/isEnabled", true),
			ceased("/spec/sessionControls/applicationEnforcedRestrictions/isEnabled", true), ceased("/spec/sessionControls/persistentBrowser/mode", "never"),
			ceased("/spec/sessionControls/secureSignInSession/isEnabled", true), became("/spec/sessionControls/continuousAccessEvaluation/mode", "disabled"),
			ceased("/spec/sessionControls/disableResilienceDefaults", true),
		)),
		Says: "holds sessions less tightly", Reference: "https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-session",
	},
	{
		ID: "location-trusted", Severity: entra.High, Kinds: []string{"namedLocations"}, On: []entra.ChangeType{entra.Added, entra.Changed},
		Sees: became("/spec/isTrusted", true), Says: "is trusted now", Reference: attackConditionalAccess,
	},
	{
		ID: "location-widened", Severity: entra.High, Kinds: []string{"namedLocations"},
		Sees: having("isTrusted", []any{true}, gained("/spec/ipRanges")), Says: "is trusted and takes in more addresses", Reference: attackConditionalAccess,
	},
	{
		ID: "location-changed", Severity: entra.Medium, Kinds: []string{"namedLocations"},
		Sees: anyOf(differs("/spec/countriesAndRegions", "/spec/includeUnknownCountriesAndRegions", "/spec/countryLookupMethod"),
			having("isTrusted", []any{nil, false}, anyOf(gained("/spec/ipRanges"), lost("/spec/ipRanges")))),
		Says: "means other places to the policies that name it", Reference: attackConditionalAccess,
	},
	{
		ID: "strength-combination-added", Severity: entra.High, Kinds: []string{"authenticationStrengthPolicies"},
		Sees: gained("/spec/allowedCombinations"), Says: "takes more ways to sign in", Reference: attackMultifactor,
	},
	{
		ID: "security-defaults-off", Severity: entra.High, Kinds: []string{"identitySecurityDefaultsEnforcementPolicy"},
		Sees: went("/spec/isEnabled", true, false), Says: "no longer protects the tenant", Reference: attackMultifactor,
	},
}

// The places of a policy that say whom and what it leaves out, and whom and what it takes in.
var (
	exclusions = []string{
		"/spec/conditions/users/excludeUsers", "/spec/conditions/users/excludeGroups", "/spec/conditions/users/excludeRoles",
		"/spec/conditions/applications/excludeApplications", "/spec/conditions/clientApplications/excludeServicePrincipals",
		"/spec/conditions/locations/excludeLocations", "/spec/conditions/platforms/excludePlatforms",
	}
	inclusions = []string{
		"/spec/conditions/users/includeUsers", "/spec/conditions/users/includeGroups", "/spec/conditions/users/includeRoles",
		"/spec/conditions/applications/includeApplications", "/spec/conditions/applications/includeUserActions",
		"/spec/conditions/clientApplications/includeServicePrincipals", "/spec/conditions/locations/includeLocations",
		"/spec/conditions/platforms/includePlatforms", "/spec/conditions/clientAppTypes",
		"/spec/conditions/signInRiskLevels", "/spec/conditions/userRiskLevels", "/spec/conditions/servicePrincipalRiskLevels",
	}
	// A policy without one of these applies wherever, from whatever and at whatever risk.
	conditions = []string{
		"/spec/conditions/locations/includeLocations", "/spec/conditions/platforms/includePlatforms", "/spec/conditions/signInRiskLevels",
		"/spec/conditions/userRiskLevels", "/spec/conditions/servicePrincipalRiskLevels", "/spec/conditions/devices/deviceFilter/rule",
		"/spec/conditions/authenticationFlows/transferMethods", "/spec/conditions/insiderRiskLevels",
	}
)

// enforced sees what another look sees of an object that enforced something before.
func enforced(l look) look {
	return func(s *scene) ([]string, bool) {
		if while := s.kind.Enforcement.While; !while.Holds(s.before(while.Property)) {
			return nil, false
		}
		return l(s)
	}
}

// firstOf reports whether a condition is there that was not.
func firstOf(p entra.PropertyChange) bool { return empty(p.Before) && !empty(p.After) }

// empty reports whether a value says nothing; a set without elements is nil in a change.
func empty(v any) bool { return v == nil || v == "" }

// strengths are Microsoft's own authentication strengths, the strongest first. They have the same
// ids in every tenant (Microsoft's page "Authentication strengths").
var strengths = []any{
	"00000000-0000-0000-0000-000000000004", // phishing-resistant
	"00000000-0000-0000-0000-000000000003", // passwordless
	"00000000-0000-0000-0000-000000000002", // multifactor authentication
}

// ranked reports whether both strengths are Microsoft's own.
func ranked(p entra.PropertyChange) bool {
	return slices.Contains(strengths, p.Before) && slices.Contains(strengths, p.After)
}

// supreme is the role that can give every other.
var supreme = kind.ByName("roleAssignments").Privilege.Supreme
