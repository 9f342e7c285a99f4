package emulator

import (
	"strings"
	"testing"
)

// What was never seen with values is told without any, under the name that Microsoft lists.
func TestDocumentedActivities(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	unit := c.create("/directory/administrativeUnits", `{"displayName":"Oslo"}`)
	app, principal, _ := c.principal("P", "")
	policy := c.create("/policies/tokenLifetimePolicies", `{"definition":["{\"TokenLifetimePolicy\":{\"Version\":1}}"],"displayName":"T"}`)
	catalog := c.create(catalogsPath, `{"displayName":"C","description":"d","state":"published","isExternallyVisible":false}`)
	person := c.ada()
	for _, step := range []struct{ method, path, body, activity, service, category, id, target string }{
		{"PATCH", "/directory/administrativeUnits/" + unit, `{"description":"x"}`, "Update administrative unit", "Core Directory", "AdministrativeUnit", "Directory_", "Other " + unit},
		{"DELETE", "/directory/administrativeUnits/" + unit, "", "Delete administrative unit", "Core Directory", "AdministrativeUnit", "Directory_", "Other " + unit},
		{"POST", "/applications/" + app + "/tokenLifetimePolicies/$ref", `{"@odata.id":"https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies/` + policy + `"}`,
			"Add policy to application", "Core Directory", "ApplicationManagement", "Directory_", "Application " + app},
		{"POST", "/servicePrincipals/" + principal + "/owners/$ref", pointer(principal), "Add owner to service principal", "Core Directory", "ApplicationManagement", "Directory_", ""},
		{"PATCH", "/policies/tokenLifetimePolicies/" + policy, `{"displayName":"U"}`, "Update policy", "Core Directory", "Policy", "Directory_", "Policy " + policy},
		{"PATCH", catalogsPath + "/" + catalog, `{"description":"e"}`, "Update access package catalog", "Entitlement Management", "EntitlementManagement", "", "Other " + catalog},
		{"PATCH", "/policies/authenticationFlowsPolicy", `{"selfServiceSignUp":{"isEnabled":false}}`, "Update authentication flows policy", "B2C", "Authorization", "", ""},
		{"PATCH", "/organization/" + c.server.TenantID(), `{"technicalNotificationMails":["x@contoso.com"]}`, "Set Company Information", "Core Directory", "DirectoryManagement", "Directory_", ""},
		{"DELETE", "/servicePrincipals/" + principal, "", "Remove service principal", "Core Directory", "ApplicationManagement", "Directory_", "ServicePrincipal " + principal},
	} {
		if a := person.do(step.method, step.path, step.body); a.status >= 300 {
			t.Errorf("%s %s: %s", step.method, step.path, a.text)
			continue
		}
		e := c.entries(step.activity)
		if len(e) == 0 {
			t.Errorf("%s %s: no %q", step.method, step.path, step.activity)
			continue
		}
		if e[0]["loggedByService"] != step.service || e[0]["category"] != step.category || !strings.HasPrefix(textOf(e[0]["id"]), step.id) {
			t.Errorf("%s: %v %v %v", step.activity, e[0]["loggedByService"], e[0]["category"], e[0]["id"])
		}
		if lines := said(e[0]); step.target != "" && (lines[0] != step.target || len(asList(field(asList(e[0]["targetResources"])[0], "modifiedProperties"))) != 0) {
			t.Errorf("%s: %q", step.activity, lines)
		}
	}
	person.expect(204, "PATCH", "/identityGovernance/lifecycleWorkflows/settings", `{"workflowScheduleIntervalInHours":5}`)
	if e := c.entry("Update tenant settings"); e["loggedByService"] != "Lifecycle Workflows" || e["category"] != "WorkflowManagement" || !guidPattern.MatchString(textOf(e["id"])) {
		t.Errorf("%v", e)
	}
}

// Locations, authentication methods and the settings about other tenants are told as the services see
// them: nearly as Graph has them.
func TestServiceValuesInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	office := c.create(locationsPath, `{"@odata.type":"#microsoft.graph.ipNamedLocation","displayName":"Office","isTrusted":true,`+
		`"ipRanges":[{"@odata.type":"#microsoft.graph.iPv4CidrRange","cidrAddress":"203.0.113.0/24"}]}`)
	located := c.entry("Add named location")
	if lines := said(located); lines[0] != "Policy "+office || !strings.Contains(lines[1], `"cidrAddress":"203.0.113.0/24"`) || !strings.Contains(lines[1], `"isTrusted":true`) {
		t.Errorf("%q", lines)
	}
	const tenant = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	partners := "/policies/crossTenantAccessPolicy/partners"
	c.expect(201, "POST", partners, `{"tenantId":"`+tenant+`"}`)
	c.says(c.entry("Add a partner to cross-tenant access setting"), "Policy "+tenant, `tenantId: ∅ → "`+tenant+`"`)
	c.expect(204, "PATCH", partners+"/"+tenant, `{"b2bCollaborationInbound":{"usersAndGroups":{"accessType":"blocked","targets":[{"target":"AllUsers","targetType":"user"}]}}}`)
	c.says(c.entry("Update a partner cross-tenant access setting"), "Policy "+tenant,
		`b2bCollaborationInbound: ∅ → {"usersAndGroups":{"accessType":2,"targets":[{"target":"AllUsers","targetType":"user"}]}}`)
	c.expect(204, "PATCH", "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Sms",
		`{"@odata.type":"#microsoft.graph.smsAuthenticationMethodConfiguration","state":"disabled"}`)
	methods := c.entry("Authentication Methods Policy Update")
	if lines := said(methods); !strings.HasPrefix(lines[1], `AuthenticationMethodsPolicy: {"authenticationMethodConfigurations":[{`) || !strings.Contains(lines[1], `"state":"disabled"`) ||
		!strings.HasPrefix(textOf(methods["id"]), "IAMUX_") || methods["category"] != "ApplicationManagement" {
		t.Errorf("%v: %q", methods["id"], lines)
	}
	c.expect(204, "PATCH", "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Sms",
		`{"@odata.type":"#microsoft.graph.smsAuthenticationMethodConfiguration","state":"disabled"}`)
	c.entry("Authentication Methods Policy Update") // a service tells of no change that is none
}

func TestDomainsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso"})
	c.expect(201, "POST", "/domains", `{"id":"fabrikam.example"}`)
	added := c.entry("Add unverified domain")
	c.says(added, "∅ ∅", `Name: [""] → ["fabrikam.example"]`, `LiveType: ["None"] → ["Managed"]`, `Included Updated Properties: ∅ → "Name, LiveType"`)
	if field(asList(added["targetResources"])[0], "displayName") != "fabrikam.example" {
		t.Errorf("%v", added["targetResources"])
	}
	federation := c.create("/domains/fabrikam.example/federationConfiguration", `{"displayName":"F","issuerUri":"urn:f","passiveSignInUri":"https://sts.fabrikam.example",`+
		`"activeSignInUri":"https://sts.fabrikam.example/a","signingCertificate":"MIIC","preferredAuthenticationProtocol":"wsFed","federatedIdpMfaBehavior":"rejectMfaByFederatedIdp"}`)
	c.says(c.entry("Set domain authentication"), "∅ ∅", `LiveType: ["Managed"] → ["Federated"]`, `Included Updated Properties: ∅ → "LiveType"`)
	c.says(c.entry("Set federation settings on domain"), "∅ ∅")
	c.expect(204, "DELETE", "/domains/fabrikam.example/federationConfiguration/"+federation, "")
	c.expect(204, "DELETE", "/domains/fabrikam.example", "")
	c.says(c.entry("Remove unverified domain"), "∅ ∅")
}
