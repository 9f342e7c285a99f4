package emulator

import "slices"

// guestRoles are the values of an authorization policy's guestUserRoleId: member, guest
// and restricted guest.
var guestRoles = []any{
	"a0b1b346-4d3e-4e8b-98f8-753987be4970",
	"10dae51f-b6af-4016-8d66-8c2a99b929b3",
	"2af84b1e-32c8-42b7-82bc-daa82404023b",
}

// checkAuthorizationPolicy applies the rules of the authorization policy.
func checkAuthorizationPolicy(w *write) *apiError {
	if role, sent := w.sent["guestUserRoleId"]; sent && !slices.Contains(guestRoles, role) {
		return badRequest("Invalid value specified for property 'guestUserRoleId'.")
	}
	return nil
}

// checkOrganization applies the rules of the tenant's description.
func checkOrganization(w *write) *apiError {
	return checkNotEmpty(w, "Organization", "displayName")
}

const securityDefaultsPath = "/policies/identitySecurityDefaultsEnforcementPolicy"

// checkSecurityDefaults refuses to switch the defaults on beside a policy that is.
func checkSecurityDefaults(w *write) *apiError {
	if w.sent["isEnabled"] != true {
		return nil
	}
	for _, e := range w.store.list(policiesPath) {
		if e.body["state"] == "enabled" {
			return badRequest("Security defaults cannot be enabled while the Conditional Access policy '%s' is.", e.id)
		}
	}
	return nil
}
