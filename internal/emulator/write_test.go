package emulator

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestCreateReadUpdate(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	a := c.do("POST", "/groups", `{"displayName":"G","mailEnabled":false,"mailNickname":"g","securityEnabled":true,"description":"d"}`)
	id, _ := a.body["id"].(string)
	if a.status != http.StatusCreated || a.header.Get("Location") != c.url+"/groups/"+id {
		t.Fatalf("%d %s %s", a.status, a.header.Get("Location"), a.text)
	}
	if a.body["createdDateTime"] != "2026-10-01T09:00:00Z" || a.body["description"] != "d" {
		t.Errorf("created: %s", a.text)
	}
	if a := c.do("PATCH", "/groups/"+id, `{"description":null,"displayName":"H"}`); a.status != http.StatusNoContent || a.text != "" {
		t.Fatalf("%d %q", a.status, a.text)
	}
	// What says what is so already is no change, even where a change is refused.
	c.expect(http.StatusNoContent, "PATCH", "/groups/"+id, `{"id":"`+id+`","mailEnabled":false}`)
	c.refuses(400, "Request_BadRequest", "'mailEnabled' is read-only", "PATCH", "/groups/"+id, `{"mailEnabled":true}`)
	if body := c.get("/groups/" + id); body["description"] != nil || body["displayName"] != "H" {
		t.Errorf("updated: %v", body)
	}
}

// A complex property is replaced whole, unless Microsoft documents its parts as settable
// one by one.
func TestComplexValuesAreReplaced(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := c.user("ada")
	for _, body := range []string{
		`{"employeeOrgData":{"division":"A","costCenter":"1"},"onPremisesExtensionAttributes":{"extensionAttribute1":"x"}}`,
		`{"employeeOrgData":{"division":"B"},"onPremisesExtensionAttributes":{"extensionAttribute2":"y"}}`,
	} {
		c.expect(http.StatusNoContent, "PATCH", "/users/"+ada, body)
	}
	body := c.get("/users/" + ada + "?$select=employeeOrgData,onPremisesExtensionAttributes")
	if data := body["employeeOrgData"].(object); data["division"] != "B" || data["costCenter"] != nil {
		t.Errorf("replaced: %v", data)
	}
	if data := body["onPremisesExtensionAttributes"].(object); data["extensionAttribute1"] != "x" || data["extensionAttribute2"] != "y" {
		t.Errorf("merged: %v", data)
	}
}

func TestRefusedBodies(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := "/users/" + c.user("ada")
	c.user("bob")
	const user = `{"accountEnabled":true,"displayName":"C","mailNickname":"c","userPrincipalName":"c@DOMAIN","passwordProfile":{"password":"x"}}`
	for _, test := range []struct{ method, path, body, code, message string }{
		{"PATCH", ada, `{"shoeSize":4}`, "BadRequest", "The property 'shoeSize' does not exist on type 'microsoft.graph.user'."},
		{"PATCH", ada, `{"employeeOrgData":{"x":"y"}}`, "BadRequest", "'x' does not exist on type 'microsoft.graph.employeeOrgData'"},
		{"PATCH", ada, `{"extension_0123_shoes":"y"}`, "BadRequest", "does not exist"},
		{"PATCH", ada, `{"id":"x"}`, "Request_BadRequest", "Property 'id' is read-only and cannot be set."},
		{"PATCH", ada, `{"createdDateTime":"2020-01-01T00:00:00Z"}`, "Request_BadRequest", "Property 'createdDateTime' is read-only"},
		{"PATCH", ada, `{"accountEnabled":"yes"}`, "BadRequest", "Cannot convert the literal 'yes' to the expected type 'Edm.Boolean'"},
		{"PATCH", ada, `{"displayName":4}`, "BadRequest", "Cannot convert the literal '4' to the expected type 'Edm.String'"},
		{"PATCH", ada, `{"employeeHireDate":"tomorrow"}`, "BadRequest", "Edm.DateTimeOffset"},
		{"PATCH", ada, `{"otherMails":"x"}`, "BadRequest", "not a collection"},
		{"PATCH", ada, `{"otherMails":null}`, "BadRequest", "null"},
		{"PATCH", ada, `{"otherMails":[null]}`, "BadRequest", "null"},
		{"PATCH", ada, `{"employeeOrgData":"x"}`, "BadRequest", "must be an object"},
		{"PATCH", ada, `{"displayName":null}`, "Request_BadRequest", "Invalid value specified for property 'displayName'"},
		{"PATCH", ada, `{"usageLocation":"Germany"}`, "Request_BadRequest", "usageLocation"},
		{"PATCH", ada, `{"businessPhones":["1","2"]}`, "Request_BadRequest", "businessPhones"},
		{"PATCH", ada, `{"userPrincipalName":"bob@DOMAIN"}`, "Request_BadRequest", "Another object with the same value for property userPrincipalName already exists."},
		{"PATCH", ada, `{"userPrincipalName":"ada@elsewhere.example"}`, "Request_BadRequest", "verified domain"},
		{"PATCH", ada, `{"department@odata.context":"x"}`, "BadRequest", "annotation"},
		{"PATCH", ada, `{"@odata.type":"#microsoft.graph.group"}`, "BadRequest", "could not be resolved"},
		{"PATCH", ada, `[]`, "BadRequest", "Unable to read JSON request payload"},
		{"PATCH", ada, `{`, "BadRequest", "Unable to read JSON request payload"},
		{"POST", "/users", strings.Replace(user, `"mailNickname":"c",`, ``, 1), "Request_BadRequest", "A value is required for property 'mailNickname' of resource 'User'."},
		{"POST", "/users", strings.Replace(user, `{"password":"x"}`, `{}`, 1), "Request_BadRequest", "passwordProfile"},
		{"POST", "/users", strings.Replace(user, `"c@DOMAIN"`, `"bob@DOMAIN"`, 1), "Request_BadRequest", "same value for property userPrincipalName"},
		{"POST", "/groups", `{"displayName":"G","mailEnabled":true,"mailNickname":"g","securityEnabled":true}`, "Request_BadRequest", "mail-enabled"},
		{"POST", "/groups", `{"displayName":"G","mailEnabled":false,"mailNickname":"g","securityEnabled":true,"groupTypes":["DynamicMembership"]}`, "Request_BadRequest", "membershipRule"},
		{"POST", "/groups", `{"displayName":"G","mailEnabled":false,"mailNickname":"g","securityEnabled":true,"groupTypes":["Static"]}`, "Request_BadRequest", "groupTypes"},
		{"POST", "/applications", `{}`, "Request_BadRequest", "displayName"},
		{"POST", "/applications", `{"displayName":"A","appId":"x"}`, "Request_BadRequest", "Property 'appId' is read-only"},
		{"POST", "/applications", `{"displayName":"A","requiredResourceAccess":[{"resourceAppId":"x","resourceAccess":[{"id":"no guid","type":"Scope"}]}]}`, "BadRequest", "Edm.Guid"},
		{"POST", "/applications", `{"displayName":"A","signInAudience":"AzureADandPersonalMicrosoftAccount","api":{"requestedAccessTokenVersion":1}}`, "Request_BadRequest", "requestedAccessTokenVersion"},
		{"POST", "/servicePrincipals", `{"appId":"11111111-2222-3333-4444-555555555555"}`, "Request_BadRequest", "does not reference a valid application object"},
		{"PATCH", "/policies/authorizationPolicy", `{"allowInvitesFrom":"nobody"}`, "BadRequest", "it must be one of"},
		{"PATCH", "/policies/authorizationPolicy", `{"allowedToUseSSPR":null}`, "BadRequest", "Nullable=False"},
		{"PATCH", "/policies/authorizationPolicy", `{"guestUserRoleId":"11111111-2222-3333-4444-555555555555"}`, "BadRequest", "guestUserRoleId"},
	} {
		body := strings.ReplaceAll(test.body, "DOMAIN", c.domain())
		c.refuses(400, test.code, test.message, test.method, test.path, body)
	}
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "PATCH", ada, `{"aboutMe":"x"}`)
	c.refuses(405, "Request_BadRequest", "not allowed", "POST", "/organization", `{}`)
	c.refuses(405, "Request_BadRequest", "not allowed", "DELETE", "/policies/authorizationPolicy", ``)
	c.refuses(405, "Request_BadRequest", "not allowed", "PUT", ada, `{}`)
}

// What is mastered elsewhere cannot be written here.
func TestLockedObjects(t *testing.T) {
	c := serve(t, Options{})
	find := func(path, filter string) string {
		t.Helper()
		objects := c.with("ConsistencyLevel", "eventual").values(path + "?$count=true&$filter=" + filter)
		if len(objects) == 0 {
			t.Fatalf("no object of %s with %s", path, filter)
		}
		return path + "/" + objects[0]["id"].(string)
	}
	user := find("/users", "onPremisesSyncEnabled eq true")
	const mastered = "Unable to update the specified properties for on-premises mastered Directory Sync objects"
	c.refuses(400, "Request_BadRequest", mastered, "PATCH", user, `{"department":"x"}`)
	c.expect(http.StatusNoContent, "PATCH", user, `{"usageLocation":"DE"}`)
	group := find("/groups", "onPremisesSyncEnabled eq true")
	member := c.user("new")
	c.refuses(400, "Request_BadRequest", mastered, "POST", group+"/members/$ref", pointer(member))
	c.refuses(400, "Request_BadRequest", mastered, "PATCH", group, `{"description":"x"}`)
	dynamic := find("/groups", "groupTypes/any(g:g eq 'DynamicMembership') and onPremisesSyncEnabled ne true")
	c.refuses(400, "Request_BadRequest", "dynamic membership", "POST", dynamic+"/members/$ref", pointer(member))
	c.refuses(400, "Request_BadRequest", "dynamic membership", "PATCH", dynamic, `{"members@odata.bind":["https://graph.microsoft.com/v1.0/users/`+member+`"]}`)
	c.expect(http.StatusNoContent, "PATCH", dynamic, `{"description":"x"}`)
}

func TestEntitlementsMustBeDisabledFirst(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	const role = `{"appRoles":[{"id":"11111111-2222-3333-4444-555555555555","displayName":"R","description":"R","value":"R","isEnabled":ENABLED,"allowedMemberTypes":["User"]}]}`
	app := "/applications/" + c.create("/applications", `{"displayName":"A"}`)
	enabled := strings.Replace(role, "ENABLED", "true", 1)
	c.expect(http.StatusNoContent, "PATCH", app, enabled)
	const code, message = "CannotDeleteOrUpdateEnabledEntitlement", "unless disabled first"
	c.refuses(400, code, message, "PATCH", app, `{"appRoles":[]}`)
	c.refuses(400, code, message, "PATCH", app, strings.Replace(enabled, `"value":"R"`, `"value":"S"`, 1))
	c.expect(http.StatusNoContent, "PATCH", app, strings.Replace(enabled, `"description":"R"`, `"description":"S"`, 1))
	c.expect(http.StatusNoContent, "PATCH", app, strings.Replace(role, "ENABLED", "false", 1))
	c.expect(http.StatusNoContent, "PATCH", app, `{"appRoles":[]}`)
}

// A service principal follows what its application says.
func TestApplicationChangesReachTheServicePrincipal(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A","web":{"redirectUris":["https://a.example"]}}`)
	principal := "/servicePrincipals/" + c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	c.expect(http.StatusNoContent, "PATCH", principal, `{"notes":"mine"}`)
	c.expect(http.StatusNoContent, "PATCH", "/applications/"+app["id"].(string), `{"web":{"redirectUris":["https://b.example"]}}`)
	body := c.get(principal)
	if urls := valuesAt(body["replyUrls"], nil); len(urls) != 1 || urls[0] != "https://b.example" || body["notes"] != "mine" {
		t.Errorf("replyUrls %v, notes %v", urls, body["notes"])
	}
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "already in use", "POST", "/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
}

func TestUpsert(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app := "/applications/" + c.create("/applications", `{"displayName":"A"}`)
	const credential = `{"issuer":"https://token.example","subject":"repo:a","audiences":["api://AzureADTokenExchange"]}`
	address := app + "/federatedIdentityCredentials(name='ci')"
	c.refuses(404, "Request_ResourceNotFound", "ci", "PATCH", address, credential)
	c.with("Prefer", "create-if-missing").expect(http.StatusCreated, "PATCH", address, credential)
	c.with("Prefer", "create-if-missing").expect(http.StatusNoContent, "PATCH", address, `{"description":"d"}`)
	list := c.values(app + "/federatedIdentityCredentials")
	if len(list) != 1 || list[0]["name"] != "ci" || list[0]["description"] != "d" || list[0]["id"] == "ci" {
		t.Errorf("%v", list)
	}
	c.refuses(400, "Request_BadRequest", "'name' is read-only", "PATCH", app+"/federatedIdentityCredentials/ci", `{"name":"x"}`)
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "issuer and subject", "POST", app+"/federatedIdentityCredentials", strings.Replace(credential, "{", `{"name":"other",`, 1))
	const context = "/identity/conditionalAccess/authenticationContextClassReferences/c7"
	c.expect(http.StatusCreated, "PATCH", context, `{"displayName":"D","description":"d","isAvailable":true}`)
	c.expect(http.StatusNoContent, "PATCH", context, `{"id":"c7","displayName":"E"}`)
	if got := c.get(context)["displayName"]; got != "E" {
		t.Errorf("%v", got)
	}
}

func TestExtensions(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A"}`)
	path := "/applications/" + app["id"].(string) + "/extensionProperties"
	definition := `{"name":"shoes","dataType":"String","targetObjects":["User"]}`
	made := c.expect(http.StatusCreated, "POST", path, definition)
	name := "extension_" + strings.ReplaceAll(app["appId"].(string), "-", "") + "_shoes"
	if made["name"] != name || made["appDisplayName"] != "A" {
		t.Errorf("%v", made)
	}
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "extension property exists", "POST", path, definition)
	c.refuses(405, "Request_BadRequest", "not allowed", "PATCH", path+"/"+made["id"].(string), `{"dataType":"Binary"}`)
	ada := "/users/" + c.user("ada")
	c.expect(http.StatusNoContent, "PATCH", ada, `{"`+name+`":"brown"}`)
	if c.get(ada)[name] != nil || c.get(ada + "?$select=" + name)[name] != "brown" {
		t.Error("an extension must come back when it is selected, and only then")
	}
	for i, x := range []struct{ definition, fits, not string }{
		{`"dataType":"Integer","targetObjects":["User"]`, `4`, `"4"`},
		{`"dataType":"Boolean","targetObjects":["User"]`, `true`, `"true"`},
		{`"dataType":"DateTime","targetObjects":["User"]`, `"2026-01-02T03:04:05Z"`, `"today"`},
		{`"dataType":"String","isMultiValued":true,"targetObjects":["User"]`, `["a","b"]`, `"a"`},
		{`"dataType":"String","targetObjects":["Group"]`, `null`, `"no group"`},
	} {
		made := c.expect(http.StatusCreated, "POST", path, fmt.Sprintf(`{"name":"x%d",%s}`, i, x.definition))
		name := made["name"].(string)
		if x.fits != `null` {
			c.expect(http.StatusNoContent, "PATCH", ada, `{"`+name+`":`+x.fits+`}`)
			c.expect(http.StatusNoContent, "PATCH", ada, `{"`+name+`":null}`)
		}
		if a := c.do("PATCH", ada, `{"`+name+`":`+x.not+`}`); a.status != http.StatusBadRequest {
			t.Errorf("%s takes %s: %s", x.definition, x.not, a.text)
		}
	}
}

func TestAssignments(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	const role = "11111111-2222-3333-4444-555555555555"
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A","appRoles":[{"id":"`+role+`","displayName":"R","description":"R","value":"R","isEnabled":true,"allowedMemberTypes":["User"]}]}`)
	principal := c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	ada, bob := c.user("ada"), c.user("bob")
	body := func(who, role string) string {
		return `{"principalId":"` + who + `","resourceId":"` + principal + `","appRoleId":"` + role + `"}`
	}
	made := c.expect(http.StatusCreated, "POST", "/users/"+ada+"/appRoleAssignments", body(ada, role))
	if made["principalType"] != "User" || made["principalDisplayName"] != "ada" || made["resourceDisplayName"] != "A" {
		t.Errorf("%v", made)
	}
	list := "/servicePrincipals/" + principal + "/appRoleAssignedTo"
	c.expect(http.StatusCreated, "POST", list, body(bob, zeroID))
	c.refuses(400, "Request_BadRequest", "Permission being assigned already exists on the object", "POST", list, body(ada, role))
	c.refuses(400, "Request_BadRequest", "Permission being assigned was not found", "POST", list, body(ada, principal))
	c.refuses(400, "Request_BadRequest", "Not a valid reference update", "POST", list, body(principal[:8]+ada[8:], role))
	if got := len(c.values(list)); got != 2 {
		t.Errorf("%d assignments", got)
	}
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada+"/appRoleAssignments/"+made["id"].(string), "")
	if got := pick(c.values(list), "principalId"); len(got) != 1 || got[0] != bob {
		t.Errorf("left: %v", got)
	}
}

func TestGrants(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	principal := func(name string) string {
		app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"`+name+`"}`)
		return c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	}
	client, resource := principal("client"), principal("resource")
	grant := `{"clientId":"` + client + `","resourceId":"` + resource + `","consentType":"AllPrincipals","scope":"User.Read"}`
	id := c.create("/oauth2PermissionGrants", grant)
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "Permission entry already exists.", "POST", "/oauth2PermissionGrants", grant)
	c.refuses(400, "Request_BadRequest", "principalId", "POST", "/oauth2PermissionGrants", strings.Replace(grant, "AllPrincipals", "Principal", 1))
	c.refuses(404, "Request_ResourceNotFound", "does not exist", "POST", "/oauth2PermissionGrants", strings.Replace(grant, resource, "11111111-2222-3333-4444-555555555555", 1))
	c.refuses(400, "Request_BadRequest", "read-only", "PATCH", "/oauth2PermissionGrants/"+id, `{"consentType":"Principal"}`)
	c.expect(http.StatusNoContent, "PATCH", "/oauth2PermissionGrants/"+id, `{"scope":"Mail.Read"}`)
	if got := c.values("/servicePrincipals/" + client + "/oauth2PermissionGrants"); len(got) != 1 || got[0]["scope"] != "Mail.Read" {
		t.Errorf("%v", got)
	}
}
