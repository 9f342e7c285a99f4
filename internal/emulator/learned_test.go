package emulator

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// tomorrow is a tenant with what v1.0 metadata does not name. The named location is the
// example of Microsoft's page "Get compliantNetworkNamedLocation" (beta); the session control
// globalSecureAccessFilteringProfile is of the page "conditionalAccessSessionControls" (beta).
var tomorrow = map[string]string{
	"identity/conditionalAccess/namedLocations/all.json": `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#identity/conditionalAccess/namedLocations/$entity",
		"@odata.type":"#microsoft.graph.compliantNetworkNamedLocation","id":"` + team + `","displayName":"All Compliant Network locations",
		"modifiedDateTime":"2024-05-18T00:15:27Z","createdDateTime":"2023-02-13T06:09:11Z","compliantNetworkType":"allTenantCompliantNetworks","isTrusted":false,"policyInfo":null}`,
	"identity/conditionalAccess/policies/CA.json": `{"id":"` + tool + `","displayName":"CA","state":"disabled","conditions":{"users":{"includeUsers":["All"]},
		"applications":{"includeApplications":["All"]},"clientAppTypes":["all"]},"grantControls":{"operator":"OR","builtInControls":["mfa","passkeyOnly"]},
		"sessionControls":{"globalSecureAccessFilteringProfile":{"isEnabled":true,"profileId":"` + ada + `"},"signInFrequency":{"isEnabled":true,"type":"hours","value":4}}}`,
	"policies/authenticationMethodsPolicy/p.json": `{"authenticationMethodConfigurations":[{"@odata.type":"#microsoft.graph.telepathyAuthenticationMethodConfiguration",
		"id":"Telepathy","state":"disabled","excludeTargets":[],"range":{"@odata.type":"#microsoft.graph.telepathyRange","metres":3}}]}`,
}

func serveTomorrow(t *testing.T, o Options) *client {
	t.Helper()
	o.Seed, o.Load = "empty", folderOf(t, tomorrow)
	c := serve(t, o)
	c.header.Set("Prefer", "include-unknown-enum-members")
	return c
}

// What v1.0 does not name is loaded and served whole, with one warning that says where.
func TestLoadTakesWhatV1DoesNotName(t *testing.T) {
	c := serveTomorrow(t, Options{Save: filepath.Join(t.TempDir(), "saved")})
	location := c.get("/identity/conditionalAccess/namedLocations/" + team)
	if location["@odata.type"] != "#microsoft.graph.compliantNetworkNamedLocation" || location["compliantNetworkType"] != "allTenantCompliantNetworks" || location["isTrusted"] != false {
		t.Errorf("the location: %v", location)
	}
	policy := c.get(policiesPath + "/" + tool)
	if at(policy, "sessionControls.globalSecureAccessFilteringProfile.profileId") != ada || len(asList(at(policy, "grantControls.builtInControls"))) != 2 {
		t.Errorf("the policy: %v", policy)
	}
	method := c.get("/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Telepathy")
	if reach, _ := method["range"].(object); reach["@odata.type"] != "#microsoft.graph.telepathyRange" {
		t.Errorf("the method: %v", method)
	}
	const want = "identity/conditionalAccess/namedLocations/all.json: unknown to v1.0 and taken as it is: type compliantNetworkNamedLocation, " +
		"property compliantNetworkType of compliantNetworkNamedLocation, property isTrusted of compliantNetworkNamedLocation, " +
		"value passkeyOnly of conditionalAccessGrantControl, property globalSecureAccessFilteringProfile of conditionalAccessSessionControls and 2 more"
	if got := c.server.Warning(); got != want {
		t.Errorf("warned of %s", got)
	}
	if err := c.server.Save(); err != nil {
		t.Fatal(err)
	}
	again := serve(t, Options{Seed: "empty", Load: c.server.opts.Save})
	if got := again.get("/identity/conditionalAccess/namedLocations/" + team); got["compliantNetworkType"] != location["compliantNetworkType"] {
		t.Errorf("saved and loaded: %v", got)
	}
}

// What v1.0 does not name may be handed back as it is, and not written.
func TestWhatV1DoesNotNameIsNotWritten(t *testing.T) {
	c := serveTomorrow(t, Options{})
	location, policy := "/identity/conditionalAccess/namedLocations/"+team, policiesPath+"/"+tool
	const typ, profile = `"@odata.type":"#microsoft.graph.compliantNetworkNamedLocation"`, `"globalSecureAccessFilteringProfile":{"isEnabled":true,"profileId":"` + ada + `"}`
	c.expect(http.StatusNoContent, "PATCH", location, `{`+typ+`,"displayName":"Ours"}`)
	c.refuses(400, "BadRequest", "'isTrusted' does not exist", "PATCH", location, `{`+typ+`,"isTrusted":true}`)
	c.refuses(400, "BadRequest", "could not be resolved by the model", "POST", "/identity/conditionalAccess/namedLocations", `{`+typ+`,"displayName":"Another"}`)
	c.expect(http.StatusNoContent, "PATCH", policy, `{"sessionControls":{`+profile+`,"signInFrequency":{"isEnabled":true,"type":"hours","value":8}}}`)
	for _, body := range []string{
		`{"sessionControls":{` + strings.Replace(profile, "true", "false", 1) + `}}`,
		`{"sessionControls":{"globalSecureAccessFilteringProfile":null}}`,
		`{"grantControls":{"operator":"OR","builtInControls":["passkeyOnly","block","telepathy"]}}`,
	} {
		c.refuses(400, "BadRequest", "", "PATCH", policy, body)
	}
	c.expect(http.StatusNoContent, "PATCH", policy, `{"grantControls":{"operator":"AND","builtInControls":["mfa","passkeyOnly"]}}`)
	c.refuses(400, "BadRequest", "passkeyOnly", "POST", policiesPath, strings.Replace(policyBody, `"mfa"`, `"passkeyOnly"`, 1))
	if !strings.Contains(policyBody, `"mfa"`) {
		t.Fatal("the body has no control to replace")
	}
	// A value that is replaced whole loses what is left out.
	c.expect(http.StatusNoContent, "PATCH", policy, `{"sessionControls":{"signInFrequency":{"isEnabled":true,"type":"hours","value":1}}}`)
	if body := c.get(policy); at(body, "sessionControls.globalSecureAccessFilteringProfile") != nil {
		t.Errorf("merged: %v", body["sessionControls"])
	}
}
