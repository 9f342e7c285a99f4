package graph_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// service answers below a path with the handler, and everything else with an empty list; the
// items of a batch it answers with the item.
func service(path string, refuse http.HandlerFunc, item string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, path):
			refuse(w, r)
		case strings.HasSuffix(r.URL.Path, "/$batch"):
			answer(200, `{"responses":[`+item+`]}`)(w, r)
		default:
			answer(200, `{"value":[]}`)(w, r)
		}
	}
}

// A service that answers 401 to a token which the tenant takes refuses what it was asked for;
// only where the tenant refuses the token, too, is nobody signed in.
func TestOneServiceAnswers401(t *testing.T) {
	for name, tt := range map[string]struct {
		serve http.HandlerFunc
		want  error
	}{
		"one service":               {service("/workflows", answer(401, errorBody("UnknownError", "")), ""), entra.ErrForbidden},
		"one service, of the token": {service("/workflows", answer(401, errorBody("InvalidAuthenticationToken", "x")), ""), entra.ErrForbidden},
		"everything":                {answer(401, errorBody("UnknownError", "")), entra.ErrUnauthenticated},
		"the tenant is forbidden": {func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/organization") {
				answer(403, errorBody("Authorization_RequestDenied", "Insufficient privileges to complete the operation."))(w, r)
				return
			}
			answer(401, errorBody("UnknownError", ""))(w, r)
		}, entra.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			c, _, _ := connect(t, tt.serve)
			if _, err := c.Get(t.Context(), "/identityGovernance/lifecycleWorkflows/workflows", nil); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// The same holds for the item of a batch.
func TestOneServiceAnswers401InABatch(t *testing.T) {
	item := `{"id":"0","status":401,"body":` + errorBody("UnknownError", "") + `}`
	c, _, _ := connect(t, service("/nothing", nil, item))
	got, err := c.Batch(t.Context(), []graph.BatchRequest{{Method: "GET", Path: "/identityGovernance/lifecycleWorkflows/workflows"}})
	if err != nil || !errors.Is(got[0].Err, entra.ErrForbidden) {
		t.Errorf("%v, %v", got, err)
	}
}

// Whatever service refuses for a permission that is missing, in whatever words and with whatever
// status: it is permission denied, and of its sign-in nobody is told.
func TestEveryServiceThatRefuses(t *testing.T) {
	client, _, _ := connect(t, newTenant(t, emulator.Options{Permissions: []string{"Organization.Read.All"}}))
	for _, path := range []string{
		"/users", "/identity/conditionalAccess/policies", "/policies/authenticationStrengthPolicies", "/policies/deviceRegistrationPolicy",
		"/groupLifecyclePolicies", "/identity/b2xUserFlows", "/policies/authenticationFlowsPolicy", "/agreements", "/policies/adminConsentRequestPolicy",
		"/identityGovernance/accessReviews/definitions", "/identityGovernance/entitlementManagement/catalogs",
		"/identityGovernance/lifecycleWorkflows/workflows", "/roleManagement/directory/roleEligibilitySchedules",
	} {
		_, err := client.Get(t.Context(), path, nil)
		if !errors.Is(err, entra.ErrForbidden) || strings.Contains(err.Error(), "{") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Whatever service refuses for a licence, says so.
func TestEveryServiceThatIsNotBought(t *testing.T) {
	client, _, _ := connect(t, newTenant(t, emulator.Options{Licence: "free"}))
	for _, path := range []string{
		"/identityGovernance/accessReviews/definitions", "/identityGovernance/entitlementManagement/catalogs",
		"/identityGovernance/lifecycleWorkflows/workflows", "/roleManagement/directory/roleEligibilitySchedules", "/users?$select=signInActivity",
	} {
		path, query, _ := strings.Cut(path, "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Get(t.Context(), path, values); !errors.Is(err, entra.ErrUnlicensed) {
			t.Errorf("%s: %v", path, err)
		}
	}
	_, err := client.Do(t.Context(), "POST", "/identity/conditionalAccess/namedLocations", []byte(`{"@odata.type":"#microsoft.graph.countryNamedLocation","displayName":"X","countriesAndRegions":["DE"]}`))
	if !errors.Is(err, entra.ErrUnlicensed) {
		t.Errorf("a write: %v", err)
	}
}
