package emulator

import (
	"net/http"
	"testing"
)

func TestPermissionGrantPolicies(t *testing.T) {
	c := serve(t, Options{})
	const path = "/policies/permissionGrantPolicies"
	c.refuses(400, "Request_BadRequest", "'id'", "POST", path, `{"displayName":"P","description":"d"}`)
	c.expect(http.StatusCreated, "POST", path, `{"id":"mine","displayName":"P","description":"d"}`)
	set := c.expect(http.StatusCreated, "POST", path+"/mine/includes", `{"permissionType":"delegated","permissionClassification":"low"}`)
	if set["resourceApplication"] != "any" || len(asList(c.get(path + "/mine")["includes"])) != 1 {
		t.Errorf("condition set: %v", set)
	}
	c.refuses(405, "Request_BadRequest", "", "PATCH", path+"/mine/includes/"+set["id"].(string), `{}`)
	c.refuses(403, "Authorization_RequestDenied", "built-in", "POST", path+"/microsoft-user-default-low/excludes", `{"permissionType":"delegated"}`)
	c.refuses(403, "Authorization_RequestDenied", "built-in", "PATCH", path+"/microsoft-user-default-low", `{"displayName":"x"}`)
	c.expect(http.StatusNoContent, "DELETE", path+"/mine", "")
}

func TestPoliciesApplyToApplications(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	policy := "/policies/tokenLifetimePolicies/" + contoso.id("tokenLifetimePolicies", "default")
	link := "/applications/" + contoso.id("applications", "wiki") + "/tokenLifetimePolicies"
	c.expect(http.StatusNoContent, "POST", link+"/$ref", `{"@odata.id":"`+c.url+policy+`"}`)
	if n := len(c.values(policy + "/appliesTo")); n != 1 {
		t.Errorf("the policy applies to %d objects", n)
	}
	c.refuses(400, "Request_BadRequest", "assigned", "DELETE", policy, "")
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "default", "POST", "/policies/tokenLifetimePolicies",
		`{"displayName":"second","definition":["{}"],"isOrganizationDefault":true}`)
	c.refuses(400, "Request_BadRequest", "definition", "POST", "/policies/tokenLifetimePolicies", `{"displayName":"p","definition":["{"]}`)
	c.expect(http.StatusNoContent, "DELETE", link+"/"+lastSegment(policy)+"/$ref", "")
	c.expect(http.StatusNoContent, "DELETE", policy, "")
	principal := "/servicePrincipals/" + contoso.id("servicePrincipals", "wiki") + "/tokenIssuancePolicies/$ref"
	c.refuses(405, "Request_BadRequest", "", "POST", principal, `{"@odata.id":"x/directoryObjects/1"}`)
}

func TestCrossTenantAccess(t *testing.T) {
	c := serve(t, Options{})
	const partners = "/policies/crossTenantAccessPolicy/partners"
	const other = "9c5d131d-b1c3-4fc4-9e3f-c6557947d551"
	c.expect(http.StatusCreated, "POST", partners, `{"tenantId":"`+other+`","inboundTrust":{"isMfaAccepted":true}}`)
	sync := partners + "/" + other + "/identitySynchronization"
	c.refuses(404, "Request_ResourceNotFound", "", "GET", sync, "")
	c.expect(http.StatusNoContent, "PUT", sync, `{"displayName":"O","userSyncInbound":{"isSyncAllowed":true}}`)
	if got := c.get(sync)["tenantId"]; got != other {
		t.Errorf("tenantId: %v", got)
	}
	c.refuses(400, "BadRequest", "at least one target", "PATCH", partners+"/"+other, `{"b2bCollaborationInbound":{"applications":{"accessType":"allowed","targets":[]}}}`)
	c.refuses(400, "BadRequest", "synchronization policy", "DELETE", partners+"/"+other, "")
	c.expect(http.StatusNoContent, "DELETE", sync, "")
	c.expect(http.StatusNoContent, "DELETE", partners+"/"+other, "")
	c.expect(http.StatusCreated, "POST", partners, `{"tenantId":"`+other+`"}`)
	c.refuses(404, "Request_ResourceNotFound", "", "GET", sync, "")
	const defaults = "/policies/crossTenantAccessPolicy/default"
	c.expect(http.StatusNoContent, "POST", defaults+"/resetToSystemDefault", "")
	c.expect(http.StatusNoContent, "PATCH", defaults, `{"inboundTrust":{"isMfaAccepted":true}}`)
	if c.get(defaults)["isServiceDefault"] != false {
		t.Error("a changed default is still the service's")
	}
}

func TestSecretsAreMasked(t *testing.T) {
	c := serve(t, Options{})
	if got := c.get("/identity/identityProviders/Google-OAUTH")["clientSecret"]; got != "******" {
		t.Errorf("clientSecret: %v", got)
	}
	connector := c.values("/identity/apiConnectors")[0]
	if got := at(connector, "authenticationConfiguration.password"); got != "******" {
		t.Errorf("password: %v", got)
	}
	c.refuses(400, "BadRequest", "built-in", "DELETE", "/identity/identityProviders/MSASignup-OAUTH", "")
	c.refuses(400, "BadRequest", "clientSecret", "POST", "/identity/identityProviders",
		`{"@odata.type":"#microsoft.graph.socialIdentityProvider","displayName":"F","identityProviderType":"Facebook","clientId":"1"}`)
}

func TestEntitlementRoles(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	const path = "/roleManagement/entitlementManagement/roleAssignments"
	body := `{"principalId":"` + contoso.user("cmo") + `","roleDefinitionId":"` + catalogReader + `","appScopeId":"/AccessPackageCatalog/` + contoso.id("catalogs", "labs") + `"}`
	made := c.expect(http.StatusCreated, "POST", path, body)
	c.refuses(400, "Request_BadRequest", "conflicting", "POST", path, body)
	c.refuses(404, "Request_ResourceNotFound", "nowhere", "POST", path, `{"principalId":"`+contoso.user("cmo")+`","roleDefinitionId":"`+catalogReader+`","appScopeId":"/AccessPackageCatalog/nowhere"}`)
	c.expect(http.StatusNoContent, "DELETE", path+"/"+made["id"].(string), "")
}
