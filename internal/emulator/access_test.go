package emulator

import (
	"net/http"
	"strings"
	"testing"
)

const policyBody = `{
	"displayName": "P", "state": "disabled",
	"conditions": {"applications": {"includeApplications": ["All"]}, "users": {"includeUsers": ["All"]}},
	"grantControls": {"operator": "OR", "builtInControls": ["mfa"]}
}`

func TestPolicyReferencesMustExist(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	const nobody = "11111111-2222-3333-4444-555555555555"
	ada, group := c.user("ada"), c.group("g")
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A"}`)["appId"].(string)
	location := c.create(locationsPath, `{"@odata.type":"#microsoft.graph.countryNamedLocation","displayName":"DE","countriesAndRegions":["DE"]}`)
	for _, conditions := range []string{
		`"users":{"includeUsers":["ID"]}`,
		`"users":{"includeUsers":["` + ada + `"],"excludeUsers":["ID"]}`,
		`"users":{"includeGroups":["ID"]}`,
		`"users":{"includeUsers":["All"],"excludeGroups":["` + group + `","ID"]}`,
		`"users":{"includeRoles":["ID"]}`,
		`"users":{"includeUsers":["All"]},"locations":{"includeLocations":["All"],"excludeLocations":["ID"]}`,
		`"users":{"includeUsers":["All"]},"applications":{"includeApplications":["ID"]}`,
		`"users":{"includeUsers":["All"]},"applications":{"includeApplications":["All"],"excludeApplications":["ID"]}`,
		`"clientApplications":{"includeServicePrincipals":["ID"]}`,
	} {
		if !strings.Contains(conditions, "applications\"") {
			conditions += `,"applications":{"includeApplications":["All"]}`
		}
		body := `{"displayName":"P","state":"disabled","grantControls":{"operator":"OR","builtInControls":["block"]},"conditions":{` + conditions + `}}`
		c.refuses(400, "BadRequest", nobody, "POST", policiesPath, strings.ReplaceAll(body, "ID", nobody))
	}
	good := `{"displayName":"P","state":"enabledForReportingButNotEnforced","grantControls":{"operator":"OR","builtInControls":["mfa"]},"conditions":{
		"users":{"includeUsers":["` + ada + `"],"excludeGroups":["` + group + `"],"includeRoles":["62e90394-69f5-4237-9190-012177145e10"]},
		"applications":{"includeApplications":["` + app + `","Office365"]},"locations":{"includeLocations":["` + location + `"]}}}`
	made := c.expect(http.StatusCreated, "POST", policiesPath, good)
	if types := at(made, "conditions.clientAppTypes"); len(asList(types)) != 1 {
		t.Errorf("clientAppTypes: %v", types)
	}
	path := policiesPath + "/" + made["id"].(string)
	c.refuses(400, "BadRequest", "is used by the policy", "DELETE", locationsPath+"/"+location, "")
	// A deleted user stays in the policy until someone writes the list again.
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	c.expect(http.StatusNoContent, "PATCH", path, `{"state":"disabled"}`)
	if users := valuesAt(c.get(path), []string{"conditions", "users", "includeUsers"}); len(users) != 1 || users[0] != ada {
		t.Errorf("includeUsers: %v", users)
	}
	c.refuses(400, "BadRequest", ada, "PATCH", path, `{"conditions":{"users":{"includeUsers":["`+ada+`"]},"applications":{"includeApplications":["All"]}}}`)
}

func TestPolicyRules(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	for _, test := range []struct{ from, to, message string }{
		{`"state": "disabled",`, ``, "'state'"},
		{`"disabled"`, `"off"`, "must be one of"},
		{`"OR"`, `"XOR"`, "operator"},
		{`["mfa"]`, `["mfa","block"]`, "1009"},
		{`["mfa"]`, `[]`, "1010"},
		{`["mfa"]`, `["mfa"],"authenticationStrength":{"id":"00000000-0000-0000-0000-000000000004"}`, "1083"},
		{`["mfa"]`, `[],"authenticationStrength":{"id":"00000000-0000-0000-0000-00000000beef"}`, "1082"},
		{`["All"]}, "users"`, `[]}, "users"`, "1011"},
		{`["All"]}, "users"`, `["All"],"includeUserActions":["urn:user:registersecurityinfo"]}, "users"`, "1012"},
		{`"includeUsers": ["All"]`, `"includeUsers": []`, "1013"},
		{`"displayName": "P"`, `"displayName": "P", "createdDateTime": "2020-01-01T00:00:00Z"`, "read-only"},
		{`["mfa"]`, `["shoes"]`, "must be one of"},
	} {
		body := strings.Replace(policyBody, test.from, test.to, 1)
		a := c.do("POST", policiesPath, body)
		if a.status != 400 || !strings.Contains(a.text, test.message) {
			t.Errorf("%s -> %s: %d %s", test.from, test.to, a.status, a.text)
		}
	}
	path := policiesPath + "/" + c.create(policiesPath, policyBody)
	c.refuses(400, "BadRequest", "1007", "PATCH", path, `{"grantControls":null}`)
	c.expect(http.StatusNoContent, "PATCH", path, `{"grantControls":null,"sessionControls":{"signInFrequency":{"isEnabled":true,"value":4,"type":"hours","frequencyInterval":"timeBased","authenticationType":"primaryAndSecondaryAuthentication"}}}`)
	body := c.get(path)
	if body["grantControls"] != nil || body["modifiedDateTime"] != "2026-10-01T09:00:00Z" {
		t.Errorf("%v", body)
	}
	// Sub-objects are replaced whole.
	c.expect(http.StatusNoContent, "PATCH", path, `{"sessionControls":{"persistentBrowser":{"isEnabled":true,"mode":"never"}}}`)
	if controls := c.get(path)["sessionControls"].(object); controls["signInFrequency"] != nil {
		t.Errorf("%v", controls)
	}
}

func TestNamedLocations(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	const body = `{"@odata.type":"#microsoft.graph.ipNamedLocation","displayName":"HQ","isTrusted":true,"ipRanges":[{"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"203.0.113.0/24"}]}`
	for _, test := range []struct{ from, to, message string }{
		{`"@odata.type":"#microsoft.graph.ipNamedLocation",`, ``, "@odata.type"},
		{`ipNamedLocation`, `namedPlace`, "could not be resolved"},
		{`"@odata.type":"#microsoft.graph.iPv4CidrRange",`, ``, "cidrAddress"},
		{`203.0.113.0/24`, `203.0.113.0`, "1045"},
		{`[{"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"203.0.113.0/24"}]`, `[]`, "1042"},
		{`"isTrusted":true`, `"countriesAndRegions":["DE"]`, "does not exist on type 'microsoft.graph.ipNamedLocation'"},
	} {
		a := c.do("POST", locationsPath, strings.Replace(body, test.from, test.to, 1))
		if a.status != 400 || !strings.Contains(a.text, test.message) {
			t.Errorf("%s -> %s: %d %s", test.from, test.to, a.status, a.text)
		}
	}
	path := locationsPath + "/" + c.create(locationsPath, body)
	if got := c.get(path)["@odata.type"]; got != "#microsoft.graph.ipNamedLocation" {
		t.Errorf("%v", got)
	}
	c.refuses(400, "BadRequest", "@odata.type", "PATCH", path, `{"displayName":"H"}`)
	c.refuses(400, "BadRequest", "trusted", "DELETE", path, "")
	c.expect(http.StatusNoContent, "PATCH", path, `{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":false}`)
	c.expect(http.StatusNoContent, "DELETE", path, "")
}

func TestAuthenticationMethods(t *testing.T) {
	c := serve(t, Options{})
	const path = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Fido2"
	const typ = `"@odata.type":"#microsoft.graph.fido2AuthenticationMethodConfiguration"`
	c.refuses(400, "BadRequest", "@odata.type", "PATCH", path, `{"state":"disabled"}`)
	c.refuses(400, "BadRequest", "could not be resolved", "PATCH", path, `{"@odata.type":"#microsoft.graph.smsAuthenticationMethodConfiguration","state":"disabled"}`)
	c.refuses(400, "BadRequest", zeroID, "PATCH", path, `{`+typ+`,"includeTargets":[{"targetType":"group","id":"`+zeroID+`"}]}`)
	c.refuses(400, "BadRequest", "Only external", "DELETE", path, "")
	c.expect(http.StatusNoContent, "PATCH", path, `{`+typ+`,"state":"disabled","includeTargets":[{"targetType":"group","id":"`+c.group("g")+`"}]}`)
	for _, v := range asList(c.get("/policies/authenticationMethodsPolicy")["authenticationMethodConfigurations"]) {
		if body := v.(object); body["id"] == "Fido2" && body["state"] != "disabled" {
			t.Errorf("%v", body)
		}
	}
	c.refuses(400, "Request_BadRequest", "read-only", "PATCH", "/policies/authenticationMethodsPolicy", `{"policyVersion":"2"}`)
	c.expect(http.StatusNoContent, "PATCH", "/policies/authenticationMethodsPolicy", `{"reconfirmationInDays":7}`)
	if got := c.get("/policies/authenticationMethodsPolicy")["lastModifiedDateTime"]; got != "2026-10-01T09:00:00Z" {
		t.Errorf("lastModifiedDateTime: %v", got)
	}
}

func TestAuthenticationStrengths(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	path := strengthsPath + "/" + c.create(strengthsPath, `{"displayName":"S","allowedCombinations":["fido2"]}`)
	c.refuses(400, "Request_BadRequest", "read-only", "PATCH", path, `{"allowedCombinations":["windowsHelloForBusiness"]}`)
	c.expect(http.StatusOK, "POST", path+"/updateAllowedCombinations", `{"allowedCombinations":["windowsHelloForBusiness"]}`)
	if got := valuesAt(c.get(path)["allowedCombinations"], nil); len(got) != 1 || got[0] != "windowsHelloForBusiness" {
		t.Errorf("%v", got)
	}
	c.refuses(400, "BadRequest", "Built-in", "PATCH", strengthsPath+"/00000000-0000-0000-0000-000000000004", `{"displayName":"x"}`)
}
