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
