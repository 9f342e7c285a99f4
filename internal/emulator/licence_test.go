package emulator

import (
	"net/http"
	"testing"
)

// What a tenant has not bought is refused in the words of the service that sells it; the rest is
// served.
func TestLicenceProfiles(t *testing.T) {
	const (
		schedules = "/roleManagement/directory/roleEligibilitySchedules"
		assigned  = "/policies/roleManagementPolicyAssignments?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'"
		catalogs  = "/identityGovernance/entitlementManagement/catalogs"
		reviews   = "/identityGovernance/accessReviews/definitions"
		workflows = "/identityGovernance/lifecycleWorkflows/workflows"
		location  = `{"@odata.type":"#microsoft.graph.countryNamedLocation","displayName":"X","countriesAndRegions":["DE"]}`
		dynamic   = `{"displayName":"D","mailEnabled":false,"mailNickname":"d","securityEnabled":true,"groupTypes":["DynamicMembership"],"membershipRule":"user.department -eq \"X\"","membershipRuleProcessingState":"On"}`
	)
	for _, tt := range []struct {
		licence, method, path, body string
		status                      int
		code                        string
	}{
		{"governance", "GET", workflows, "", 200, ""},
		{"", "GET", workflows, "", 200, ""},
		{"p2", "GET", workflows, "", 403, "Forbidden"},
		{"p2", "GET", schedules, "", 200, ""},
		{"p2", "GET", catalogs, "", 200, ""},
		{"p2", "GET", reviews, "", 200, ""},
		{"p1", "GET", schedules, "", 400, "AadPremiumLicenseRequired"},
		{"p1", "GET", assigned, "", 400, "AadPremiumLicenseRequired"},
		{"p1", "GET", catalogs, "", 403, "NoLicense"},
		{"p1", "GET", reviews, "", 403, ""},
		{"p1", "POST", locationsPath, location, 201, ""},
		{"p1", "GET", "/users?$select=id,signInActivity", "", 200, ""},
		{"p1", "POST", "/groups", dynamic, 201, ""},
		{"free", "GET", policiesPath, "", 200, ""},
		{"free", "GET", "/users?$select=id,displayName", "", 200, ""},
		{"free", "POST", locationsPath, location, 403, "AccessDenied"},
		{"free", "GET", "/users?$select=id,signInActivity", "", 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"},
		{"free", "POST", "/groups", dynamic, 400, "DynamicGroupLicenseError_NoProperLicense"},
		{"free", "GET", "/groups", "", 200, ""},
		{"free", "GET", "/groupLifecyclePolicies", "", 200, ""},
	} {
		t.Run(tt.licence+" "+tt.method+" "+tt.path, func(t *testing.T) {
			c := serve(t, Options{Licence: tt.licence})
			a := c.do(tt.method, tt.path, tt.body)
			refusal, _ := a.body["error"].(object)
			if code, _ := refusal["code"].(string); a.status != tt.status || code != tt.code {
				t.Errorf("%d %q, want %d %q: %s", a.status, code, tt.status, tt.code, a.text)
			}
		})
	}
	if _, err := New(Options{Licence: "p3"}); err == nil {
		t.Error("a licence that there is not is taken")
	}
}

// A path belongs to the service of the longest path that fits.
func TestWorkloadOf(t *testing.T) {
	for path, want := range map[string]string{
		"/users/1/memberOf":      "Authorization_RequestDenied",
		policiesPath + "/1":      "AccessDenied",
		strengthsPath:            "accessDenied",
		"/identity/b2xUserFlows": "AADB2C",
		"/IDENTITY/conditionalAccess/authenticationStrength/policies": "accessDenied",
		workflowsPath: "Access denied",
		"/roleManagement/directory/roleAssignments":           "Authorization_RequestDenied",
		"/roleManagement/directory/roleAssignmentSchedules/1": "UnknownError",
	} {
		if got := workloadOf(path).forbidden([]string{"X.Read"}); got.code != want || got.status != http.StatusForbidden {
			t.Errorf("%s: %d %q, want %q", path, got.status, got.code, want)
		}
	}
	if got := workloadOf("/groupLifecyclePolicies").forbidden(nil); got.status != http.StatusUnauthorized {
		t.Errorf("the expiration of groups answers %d", got.status)
	}
}
