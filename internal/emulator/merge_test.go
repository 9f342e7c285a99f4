package emulator

import (
	"net/http"
	"testing"
)

// Whether an update merges or replaces a complex value, what is sent whole and with its
// nulls ends up the same.
func TestCompleteUpdatesDoNotDependOnMerging(t *testing.T) {
	for _, merge := range []bool{false, true} {
		c := serve(t, Options{Seed: "empty", MergeComplex: merge})
		app := "/applications/" + c.create("/applications", `{"displayName":"A","web":{"homePageUrl":"https://a.example","redirectUris":["https://a.example/x"]}}`)
		c.expect(http.StatusNoContent, "PATCH", app, `{"web":{"redirectUris":["https://b.example"]}}`)
		if got := at(c.get(app), "web.homePageUrl"); (got != nil) != merge {
			t.Errorf("merge %v: homePageUrl %v", merge, got)
		}
		c.expect(http.StatusNoContent, "PATCH", app, `{"web":{"homePageUrl":null,"redirectUris":[]}}`)
		body := c.get(app)
		if at(body, "web.homePageUrl") != nil || len(asList(at(body, "web.redirectUris"))) != 0 {
			t.Errorf("merge %v: %v", merge, body["web"])
		}
	}
}

func TestConditionsMerge(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	path := policiesPath + "/" + c.create(policiesPath, policyBody)
	c.expect(http.StatusNoContent, "PATCH", path, `{"conditions":{"signInRiskLevels":["high"]}}`)
	body := c.get(path)
	if len(asList(at(body, "conditions.users.includeUsers"))) != 1 || len(asList(at(body, "conditions.signInRiskLevels"))) != 1 {
		t.Errorf("%v", body["conditions"])
	}
}

// The authentication methods policy takes updates of its configurations in its own body.
func TestInlineUpdates(t *testing.T) {
	c := serve(t, Options{})
	const path = "/policies/authenticationMethodsPolicy"
	body := func(state, id string) string {
		return `{"@odata.context":"x","reconfirmationInDays":9,"authenticationMethodConfigurations":[{"@odata.type":"#microsoft.graph.fido2AuthenticationMethodConfiguration","id":"` +
			id + `","state":"` + state + `"}]}`
	}
	c.refuses(400, "BadRequest", "must be one of", "PATCH", path, body("off", "Fido2"))
	c.refuses(404, "Request_ResourceNotFound", "Fido9", "PATCH", path, body("disabled", "Fido9"))
	c.expect(http.StatusNoContent, "PATCH", path, body("disabled", "Fido2"))
	if got := c.get(path + "/authenticationMethodConfigurations/Fido2"); got["state"] != "disabled" {
		t.Errorf("%v", got)
	}
}
