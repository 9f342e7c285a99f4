package risk

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

var anything = []entra.ChangeType{entra.Added, entra.Changed, entra.Removed}

// accountRules are about accounts, those for emergencies before all.
var accountRules = []Rule{
	{
		ID: "break-glass-out", Severity: entra.Critical, On: anything,
		Sees: breakGlass(anyOf(removed, signInOff)), Says: "is kept for emergencies and cannot sign in any more", Reference: attackAccountAccess,
	},
	{
		ID: "break-glass-touched", Severity: entra.High, On: anything,
		Sees: breakGlass(but(ours, anyOf(removed, signInOff))), Says: "is kept for emergencies and was changed",
		Reference: "https://learn.microsoft.com/entra/identity/role-based-access-control/security-emergency-access",
	},
	{
		ID: "account-anchored", Severity: entra.High, Kinds: []string{"users"},
		Sees: where("/spec/onPremisesImmutableId", func(p entra.PropertyChange) bool { return p.After != nil }),
		Says: "can be signed in to by whoever writes that anchor on premises", Reference: attackHybridIdentity,
	},
	{
		ID: "guest-made-member", Severity: entra.Medium, Kinds: []string{"users"},
		Sees: went("/spec/userType", "Guest", "Member"), Says: "is a member and no longer a guest", Reference: "https://attack.mitre.org/techniques/T1098/",
	},
	{
		ID: "account-switched-on", Severity: entra.Low, Kinds: []string{"users"},
		Sees: went("/spec/accountEnabled", false, true), Says: "can sign in again", Reference: "https://attack.mitre.org/techniques/T1098/",
	},
	{
		ID: "password-rules-off", Severity: entra.Medium, Kinds: []string{"users"}, On: givenOrNow,
		Sees: where("/spec/passwordPolicies", func(p entra.PropertyChange) bool { return p.After != nil && p.After != "None" }),
		Says: "need not change its password, or may have a weak one", Reference: attackAuthentication,
	},
}

// breakGlass sees what another look sees of an account or group that entragit.yaml names.
func breakGlass(l look) look {
	return func(s *scene) ([]string, bool) {
		if !slices.Contains(s.facts.BreakGlass, s.ID) {
			return nil, false
		}
		return l(s)
	}
}

func removed(s *scene) ([]string, bool) { return nil, s.Type == entra.Removed }

// signInOff sees an account that may no longer sign in.
func signInOff(s *scene) ([]string, bool) {
	return went(jsonpointer.Join(entra.SectionSpec, s.kind.SignIn), true, false)(s)
}

// ours sees a change of what people decide about, rather than of what Graph observes.
func ours(s *scene) ([]string, bool) {
	return nil, s.Type != entra.Changed || len(s.Links) > 0 ||
		slices.ContainsFunc(s.Properties, func(p entra.PropertyChange) bool { return !p.Observed })
}
