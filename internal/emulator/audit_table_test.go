package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// unlogged are the resources whose changes leave no entry, and why.
var unlogged = map[string]string{
	"/applications/*/extensionProperties":                     "no activity is listed",
	"/servicePrincipals/*/delegatedPermissionClassifications": "no activity is listed",
	"/directory/attributeSets":                                "in the log of custom security attributes",
	attributesPath:                                            "in the log of custom security attributes",
	attributesPath + "/*/allowedValues":                       "in the log of custom security attributes",
	"/directory/recovery/snapshots":                           "no activity is listed",
	"/directory/recovery/jobs":                                "no activity is listed",
	"/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations/*/certificateAuthorities": "no activity is listed",
	"/directory/federationConfigurations":                   "no activity is listed",
	"/directory/federationConfigurations/*/domains":         "no activity is listed",
	"/identity/b2xUserFlows/*/languages":                    "no activity is listed",
	"/identity/b2xUserFlows/*/userAttributeAssignments":     "no activity is listed",
	catalogsPath + "/*/resources":                           "told as the request for it",
	packagesPath + "/*/resourceRoleScopes":                  "no activity is listed",
	"/policies/adminConsentRequestPolicy":                   "no activity is listed",
	"/policies/crossTenantAccessPolicy":                     "no activity is listed",
	"/policies/roleManagementPolicies":                      "told rule by rule",
	"/policies/deviceRegistrationPolicy":                    "written in beta alone",
	skusPath:                                                "nobody writes it",
	auditPath:                                               "is the log",
	"/roleManagement/entitlementManagement/roleDefinitions": "nobody writes it",
	"/policies/roleManagementPolicyAssignments":             "nobody writes it",
}

// Each resource that somebody can write has activities, or a reason why its changes leave no entry;
// and each activity is about a resource that there is.
func TestEveryResourceIsLoggedOrNot(t *testing.T) {
	paths := make(map[string]bool)
	for _, r := range allResources {
		paths[r.path] = true
		_, is := activities[r.path]
		_, isNot := unlogged[r.path]
		switch {
		case is && isNot:
			t.Errorf("%s is logged and is not", r.path)
		case !is && !isNot && r.source == nil && (!r.denies(http.MethodPost) || !r.denies(http.MethodPatch) || !r.denies(http.MethodDelete)):
			t.Errorf("%s has no activities", r.path)
		}
	}
	for path, a := range activities {
		if !paths[path] {
			t.Errorf("activities of %s, which there is not", path)
		}
		r, _, _ := newTable(allResources).find(strings.ReplaceAll(path, "*", "x"))
		for nav := range a.links {
			if r.link(nav) == nil {
				t.Errorf("activities of %s of %s, which it does not have", nav, path)
			}
		}
		if a.tell == nil && len(a.names) > 0 && a.category == "" {
			t.Errorf("%s has no category", path)
		}
	}
	for path := range unlogged {
		if !paths[path] {
			t.Errorf("%s is not logged, and there is none", path)
		}
	}
}

// A relationship that can be written has an activity, but for the one that Microsoft lists none for.
func TestEveryRelationshipIsLogged(t *testing.T) {
	for _, r := range allResources {
		for _, l := range r.links {
			logged := activities[r.path].links[l.name]
			if !l.readOnly && logged.add == "" && logged.tell == nil && l.name != "userFlowIdentityProviders" {
				t.Errorf("%s of %s has no activity", l.name, r.path)
			}
		}
	}
}
