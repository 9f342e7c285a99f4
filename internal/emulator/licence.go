package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// licences are what a tenant may have bought, each with what those before it have: nothing,
// Microsoft Entra ID P1, P2, and Microsoft Entra ID Governance.
var licences = []string{"free", "p1", "p2", "governance"}

// paid is a feature that takes a licence. Sources: "Microsoft Entra licensing", "Microsoft
// Entra ID Governance licensing fundamentals" for what it takes, and for the answers the
// source that is named, or that of the workload.
type paid struct {
	licence string
	// below are the paths of the feature.
	below []string
	// writes marks a feature of which everything can be read, and some writes are refused.
	writes bool
	// when, if set, says which requests are refused.
	when func(req *request) bool
	// err is the answer; nil stands for the workload's own.
	err *apiError
}

var paidFeatures = []paid{
	{licence: "governance", below: []string{"/identityGovernance/lifecycleWorkflows"}},
	{licence: "p2", below: []string{"/identityGovernance/entitlementManagement", "/roleManagement/entitlementManagement"}},
	{licence: "p2", below: []string{"/identityGovernance/accessReviews"}},
	{licence: "p2", below: []string{
		"/identityGovernance/privilegedAccess",
		"/roleManagement/directory/roleAssignmentSchedule", "/roleManagement/directory/roleEligibilitySchedule",
		"/policies/roleManagementPolic",
	}},
	{
		// The list of policies and locations answers without a licence; seen with a create.
		licence: "p1", below: []string{"/identity/conditionalAccess/policies", "/identity/conditionalAccess/namedLocations"},
		writes: true, err: &apiError{
			status: http.StatusForbidden, code: "AccessDenied",
			message: "Your tenant is not licensed for this feature. Please upgrade your subscription to access it.",
		},
	},
	{
		// "user resource type", signInActivity; microsoft-graph-docs issue 12772.
		licence: "p1", below: []string{"/users"}, when: asksFor("signInActivity"), err: &apiError{
			status: http.StatusForbidden, code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
			message: "Neither tenant is B2C or tenant doesn't have premium license",
		},
	},
	{
		// microsoft-graph-docs issue 3924, a create.
		licence: "p1", below: []string{"/groupLifecyclePolicies"}, writes: true, err: &apiError{
			status: http.StatusForbidden, code: "NoLicenseForOperation",
			message: "Tenant does not have proper license to manage lifecycle management policy.",
		},
	},
	{
		// "Create or update a dynamic membership group": P1 for each of its members.
		licence: "p1", below: []string{"/groups"}, writes: true, when: sends("membershipRule"), err: &apiError{
			status: http.StatusBadRequest, code: "DynamicGroupLicenseError_NoProperLicense",
			message: "Tenant does not have proper license to create/update dynamic group membership properties.",
		},
	},
}

// checkLicence refuses a word that names no licence.
func checkLicence(word string) error {
	if word != "" && !slices.Contains(licences, word) {
		return fmt.Errorf("licence %q is none of %s", word, strings.Join(licences, ", "))
	}
	return nil
}

// SetLicence changes what the tenant has bought, as when a licence lapses.
func (s *Server) SetLicence(word string) error {
	if err := checkLicence(word); err != nil {
		return err
	}
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.opts.Licence = word
	return nil
}

// unlicensed returns the answer to a request for what the tenant has not bought, or nil. The
// caller holds the store's lock.
func (s *Server) unlicensed(req *request) *apiError {
	if s.opts.Licence == "" {
		return nil
	}
	has := slices.Index(licences, s.opts.Licence)
	path := fold(req.unescapedPath())
	for _, p := range paidFeatures {
		fits := func(below string) bool { return strings.HasPrefix(path, fold(below)) }
		switch {
		case slices.Index(licences, p.licence) <= has, !slices.ContainsFunc(p.below, fits):
		case p.writes && !req.isWrite(), p.when != nil && !p.when(req):
		case p.err != nil:
			return p.err
		default:
			return workloadOf(req.unescapedPath()).unlicensed
		}
	}
	return nil
}

// asksFor matches requests whose query names a property.
func asksFor(property string) func(*request) bool {
	return func(req *request) bool { return strings.Contains(unescapeQuery(req.rawQuery), property) }
}

// sends matches requests whose body gives a property a value.
func sends(property string) func(*request) bool {
	return func(req *request) bool {
		body, err := req.object()
		return err == nil && body[property] != nil
	}
}
