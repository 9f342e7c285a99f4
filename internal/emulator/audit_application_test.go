package emulator

import (
	"fmt"
	"strings"
	"testing"
)

// principal makes an application that others can use, and its service principal.
func (c *client) principal(name, more string) (application, principal, appID string) {
	c.t.Helper()
	body := c.expect(201, "POST", "/applications", `{"displayName":"`+name+`"`+more+`}`)
	appID = textOf(body["appId"])
	return textOf(body["id"]), c.create("/servicePrincipals", `{"appId":"`+appID+`"}`), appID
}

const fileRole = "1e9b1c3c-0d3b-4c54-9f57-0a5b6f4ed001"

// api makes an application with a role.
func (c *client) api() (principal, appID string) {
	c.t.Helper()
	_, principal, appID = c.principal("Some API", `,"appRoles":[{"id":"`+fileRole+`","value":"Files.Read.All","displayName":"Read files",`+
		`"description":"d","isEnabled":true,"allowedMemberTypes":["Application","User"]}]`)
	return principal, appID
}

// Secrets have an activity with a dash and a space at the end, beside which a stub is told.
func TestSecretsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app, principal, appID := c.principal("ci", "")
	key := textOf(c.expect(200, "POST", "/applications/"+app+"/addPassword", `{"passwordCredential":{"displayName":"deploy"}}`)["keyId"])
	secret := c.entry("Update application – Certificates and secrets management ")
	c.says(secret, "Application "+app, `KeyDescription: [] → ["[KeyIdentifier=`+key+`,KeyType=Password,KeyUsage=Verify,DisplayName=deploy]"]`,
		`Included Updated Properties: ∅ → "KeyDescription"`)
	stub := c.entry("Update application")
	c.says(stub, "Application "+app)
	c.says(c.entry("Update service principal"), "ServicePrincipal "+principal, `Included Updated Properties: ∅ → ""`,
		`TargetId.ServicePrincipalNames: ∅ → "`+appID+`"`)
	c.expect(204, "POST", "/applications/"+app+"/removePassword", `{"keyId":"`+key+`"}`)
	removed := c.entries("Update application – Certificates and secrets management ")[0]
	if line := said(removed)[1]; !strings.HasSuffix(line, "DisplayName=deploy]\"] → []") {
		t.Error(line)
	}

	key = textOf(c.expect(200, "POST", "/servicePrincipals/"+principal+"/addPassword", `{"passwordCredential":{"displayName":"p"}}`)["keyId"])
	c.says(c.entry("Add service principal credentials"), "ServicePrincipal "+principal,
		`KeyDescription: [] → ["[KeyIdentifier=`+key+`,KeyType=Password,KeyUsage=Verify,DisplayName=p]"]`,
		`Included Updated Properties: ∅ → "KeyDescription"`, `TargetId.ServicePrincipalNames: ∅ → "`+appID+`"`)
	c.expect(204, "POST", "/servicePrincipals/"+principal+"/removePassword", `{"keyId":"`+key+`"}`)
	c.entry("Remove service principal credentials")
}

func TestApplicationsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app, principal, appID := c.principal("Portal", `,"signInAudience":"AzureADMyOrg"`)
	if lines := said(c.entry("Add service principal")); !strings.HasPrefix(lines[5], `Credential: [] → [{"CredentialType":2,`) ||
		lines[6] != `Included Updated Properties: ∅ → "AccountEnabled, AppPrincipalId, DisplayName, ServicePrincipalName, Credential"` {
		t.Errorf("%q", lines)
	}
	c.expect(204, "PATCH", "/applications/"+app, `{"web":{"redirectUris":["https://x.example/cb"]},"signInAudience":"AzureADMultipleOrgs"}`)
	uri := `[{"Address":"https://x.example/cb","AddressType":0,"IsReplyAddressDefault":false,"ReplyAddressClientType":1,"ReplyAddressIndex":null}]`
	update := c.entry("Update application")
	c.says(update, "Application "+app, "AppAddress: [] → "+uri, "AvailableToOtherTenants: [false] → [true]",
		`Included Updated Properties: ∅ → "AppAddress, AvailableToOtherTenants"`)
	carried := c.entry("Update service principal")
	c.says(carried, "ServicePrincipal "+principal, "AppAddress: [] → "+uri, `Included Updated Properties: ∅ → "AppAddress"`, `TargetId.ServicePrincipalNames: ∅ → "`+appID+`"`)
	if carried["correlationId"] != update["correlationId"] {
		t.Error("what an application passes on is of another call")
	}
	c.expect(204, "PATCH", "/applications/"+app, `{"requiredResourceAccess":[{"resourceAppId":"r-1","resourceAccess":[{"id":"`+fileRole+`","type":"Role"},{"id":"`+fileRole+`","type":"Scope"}]}]}`)
	c.says(c.entries("Update application")[0], "Application "+app,
		`RequiredResourceAccess: [] → [{"EncodingVersion":1,"RequiredAppPermissions":[{"DirectAccessGrant":true,"EntitlementId":"`+fileRole+`","ImpersonationAccessGrants":[]},`+
			`{"DirectAccessGrant":false,"EntitlementId":"`+fileRole+`","ImpersonationAccessGrants":[20]}],"ResourceAppId":"r-1"}]`,
		`Included Updated Properties: ∅ → "RequiredResourceAccess"`)
	c.create("/applications/"+app+"/federatedIdentityCredentials", `{"name":"gh","issuer":"https://token.actions.githubusercontent.com","subject":"repo:a/b:ref:refs/heads/main","audiences":["api://AzureADTokenExchange"]}`)
	if line := said(c.entries("Update application")[0])[1]; !strings.HasPrefix(line, `FederatedIdentityCredentials: [] → [{"Audiences":["api://AzureADTokenExchange"],`) {
		t.Error(line)
	}
	bob := c.user("bob")
	c.expect(204, "POST", "/applications/"+app+"/owners/$ref", pointer(bob))
	c.says(c.entry("Add owner to application"), "User "+bob, `Application.ObjectID: ∅ → "`+app+`"`, `Application.DisplayName: ∅ → "Portal"`,
		`Application.AppId: ∅ → "`+appID+`"`, "Application "+app)
	c.expect(204, "DELETE", "/applications/"+app, "")
	c.says(c.entry("Delete application"), "Application "+app)
	c.entry("Remove service principal")
}

// The application whose role it is comes first, and the client stays on the new side.
func TestGrantsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	api, apiID := c.api()
	_, client, clientID := c.principal("client", "")
	assignment := c.create("/servicePrincipals/"+api+"/appRoleAssignedTo", fmt.Sprintf(`{"principalId":%q,"resourceId":%q,"appRoleId":%q}`, client, api, fileRole))
	whose := []string{
		`ServicePrincipal.ObjectID: ∅ → "` + client + `"`, `ServicePrincipal.DisplayName: ∅ → "client"`, `ServicePrincipal.AppId: ∅ → "` + clientID + `"`,
		`ServicePrincipal.Name: ∅ → "` + clientID + `"`, `TargetId.ServicePrincipalNames: ∅ → "` + apiID + `"`, "ServicePrincipal " + client,
	}
	c.says(c.entry("Add app role assignment to service principal"), append([]string{
		"ServicePrincipal " + api, `AppRole.Id: ∅ → "` + fileRole + `"`, `AppRole.Value: ∅ → "Files.Read.All"`, `AppRole.DisplayName: ∅ → "Read files"`,
		`AppRoleAssignment.CreatedDateTime: ∅ → "2026-10-01T09:00:00Z"`, `AppRoleAssignment.LastModifiedDateTime: ∅ → "2026-10-01T09:00:00Z"`,
	}, whose...)...)
	c.expect(204, "DELETE", "/servicePrincipals/"+api+"/appRoleAssignedTo/"+assignment, "")
	removed := said(c.entry("Remove app role assignment from service principal"))
	if removed[1] != `AppRole.Id: "`+fileRole+`" → ∅` || removed[6] != whose[0] {
		t.Errorf("%q", removed)
	}
	bob := c.user("bob")
	c.create("/servicePrincipals/"+api+"/appRoleAssignedTo", fmt.Sprintf(`{"principalId":%q,"resourceId":%q,"appRoleId":%q}`, bob, api, fileRole))
	granted := c.entry("Add app role assignment grant to user")
	if lines := said(granted); granted["category"] != "UserManagement" || lines[6] != `User.ObjectID: ∅ → "`+bob+`"` {
		t.Errorf("%v: %q", granted["category"], lines)
	}

	whose[1], whose[2], whose[3] = "ServicePrincipal.DisplayName: ∅ → ∅", "ServicePrincipal.AppId: ∅ → ∅", "ServicePrincipal.Name: ∅ → ∅"
	grant := c.create("/oauth2PermissionGrants", fmt.Sprintf(`{"clientId":%q,"resourceId":%q,"consentType":"AllPrincipals","scope":"User.Read"}`, client, api))
	c.expect(204, "PATCH", "/oauth2PermissionGrants/"+grant, `{"scope":"User.Read Mail.Read"}`)
	grants := c.entries("Add delegated permission grant")
	c.says(grants[1], append([]string{"ServicePrincipal " + api, `DelegatedPermissionGrant.Scope: ∅ → " User.Read"`,
		`DelegatedPermissionGrant.ConsentType: ∅ → "AllPrincipals"`, "DelegatedPermissionGrant.PrincipalId: ∅ → ∅"}, whose...)...)
	if line := said(grants[0])[1]; line != `DelegatedPermissionGrant.Scope: " User.Read" → " User.Read Mail.Read"` {
		t.Error(line)
	}
	c.expect(204, "DELETE", "/oauth2PermissionGrants/"+grant, "")
	c.says(c.entry("Remove delegated permission grant"), append([]string{"ServicePrincipal " + api, `DelegatedPermissionGrant.Scope: " User.Read Mail.Read" → ∅`,
		`DelegatedPermissionGrant.ConsentType: "AllPrincipals" → ∅`, "DelegatedPermissionGrant.PrincipalId: ∅ → ∅"}, whose...)...)
}
