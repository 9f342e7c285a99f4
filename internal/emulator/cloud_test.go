package emulator

import (
	"slices"
	"strings"
	"testing"
)

// What a national cloud lacks by its metadata is nowhere in its answers: not as a path, not
// in $select, not in a body, not in a write (the tables of the reference pages say the same:
// "List identityApiConnectors", "Get authenticationMethodsPolicy", "Get authenticationFlowsPolicy").
func TestNationalClouds(t *testing.T) {
	absent := map[string][]string{
		"usgov": {"/identity/apiConnectors", "/identity/identityProviders", "/identity/b2xUserFlows", "/identity/userFlowAttributes",
			"/identity/authenticationEventsFlows", "/policies/authenticationFlowsPolicy", "/directory/recovery/snapshots",
			"/identity/conditionalAccess/deletedItems/policies", "/identity/conditionalAccess/deletedItems/namedLocations"},
		"china": {"/policies/authenticationMethodsPolicy", "/identity/customAuthenticationExtensions", "/identity/authenticationEventsFlows",
			"/policies/featureRolloutPolicies", "/directory/recovery/snapshots",
			"/identity/conditionalAccess/deletedItems/policies", "/identity/conditionalAccess/deletedItems/namedLocations"},
	}
	for _, cloud := range Clouds() {
		t.Run(cloud, func(t *testing.T) {
			c := serve(t, Options{Cloud: cloud})
			gone := absent[metadataOf(cloud)]
			for _, path := range slices.Concat(absent["usgov"], absent["china"]) {
				a := c.do("GET", path, "")
				message := "Resource not found for the segment '"
				if lacks := strings.Contains(a.text, message); lacks != slices.Contains(gone, path) || lacks && a.status != 400 {
					t.Errorf("GET %s: %d %s", path, a.status, a.text)
				}
			}
			for property, in := range map[string][]string{
				"applications/verifiedPublisher": {"usgov", "usgov-dod", "china"}, "applications/samlMetadataUrl": {"usgov", "usgov-dod", "china"},
				"servicePrincipals/verifiedPublisher": {"usgov", "usgov-dod", "china"}, "groups/assignedLabels": {"china"}, "groups/displayName": {},
			} {
				checkProperty(t, c, property, slices.Contains(in, cloud))
			}
		})
	}
	if _, err := New(Options{Cloud: "moon"}); err == nil || !strings.Contains(err.Error(), "global, usgov, usgov-dod, china") {
		t.Errorf("a cloud that there is not: %v", err)
	}
}

// checkProperty requires that a property of a collection's objects is not known, or known.
func checkProperty(t *testing.T, c *client, property string, unknown bool) {
	t.Helper()
	collection, name, _ := strings.Cut(property, "/")
	a := c.do("GET", "/"+collection+"?$select=id,"+name, "")
	message := "Parsing OData Select and Expand failed: Could not find a property named '" + name + "' on type 'microsoft.graph."
	if (a.status == 400 && strings.Contains(a.text, message)) != unknown {
		t.Errorf("$select=%s of %s: %d %.200s", name, collection, a.status, a.text)
	}
	objects := c.values("/" + collection)
	for _, o := range objects {
		if _, has := o[name]; has && unknown {
			t.Fatalf("%s of %s: in the body of %v", name, collection, o["id"])
		}
	}
	a = c.do("PATCH", "/"+collection+"/"+objects[0]["id"].(string), `{"`+name+`":null}`)
	if (a.status == 400 && strings.Contains(a.text, "The property '"+name+"' does not exist on type")) != unknown {
		t.Errorf("PATCH of %s of %s: %d %.200s", name, collection, a.status, a.text)
	}
}

// In China a Conditional Access policy has no risk levels and no authentication strength, at
// any depth; what the cloud has of the policy stays.
func TestNestedMembersOfACloud(t *testing.T) {
	global, china := serve(t, Options{}), serve(t, Options{Cloud: "china"})
	for _, name := range []string{"signInRiskLevels", "userRiskLevels", "authenticationStrength"} {
		if text := global.do("GET", "/identity/conditionalAccess/policies", "").text; !strings.Contains(text, `"`+name+`"`) {
			t.Errorf("the global cloud has no %s", name)
		}
		if text := china.do("GET", "/identity/conditionalAccess/policies", "").text; strings.Contains(text, name) {
			t.Errorf("China has %s", name)
		}
	}
	if got, want := len(china.values("/identity/conditionalAccess/policies")), len(global.values("/identity/conditionalAccess/policies")); got != want {
		t.Errorf("%d policies, want %d", got, want)
	}
	if text := china.do("GET", "/identity/conditionalAccess/policies", "").text; !strings.Contains(text, `"includeUsers"`) || !strings.Contains(text, `"id":"`) {
		t.Error("what China has of a policy is gone")
	}
}
