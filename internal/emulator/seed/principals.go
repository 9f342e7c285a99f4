package seed

import "slices"

func contains(values []string, value string) bool { return slices.Contains(values, value) }

// microsoftTenant owns the applications that Microsoft publishes.
const microsoftTenant = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

// fabrikamTenant is another organization: guests and an application come from it.
const fabrikamTenant = "72f1c0d4-3b5e-4c1a-9f0e-6d2a8b7c4e15"

// principals yields a service principal for each application, and those without one here.
func (c *company) principals(yield func(Record) bool) {
	for n := range c.scale.Applications {
		a := c.appAt(n)
		rec := Record{Path: "/servicePrincipals", Body: c.principalBody(a), Links: map[string][]string{}}
		for _, owner := range a.owners {
			rec.Links["owners"] = append(rec.Links["owners"], c.user(owner))
		}
		if a.key == "datalake" {
			rec.Links["owners"] = append(rec.Links["owners"], c.id("servicePrincipals", "terraform"))
		}
		if !yield(rec) {
			return
		}
	}
	for _, body := range c.foreignPrincipals() {
		if !yield(Record{Path: "/servicePrincipals", Body: body}) {
			return
		}
	}
}

// principalBody is the application's instance in its own tenant.
func (c *company) principalBody(a app) object {
	body := c.barePrincipal(a.key, c.appID(a.key), a.name, c.tenantID)
	body["appRoles"], body["oauth2PermissionScopes"] = c.appRoles(a), c.exposedScopes(a)
	body["replyUrls"] = list(slices.Concat(a.web, a.spa, a.mobile)...)
	body["keyCredentials"] = list[string]()
	body["tags"] = list("WindowsAzureActiveDirectoryIntegratedApp")
	if len(a.scopes) > 0 {
		body["servicePrincipalNames"] = list(c.appID(a.key), "api://"+c.appID(a.key))
	}
	setUnlessEmpty(body, "appDescription", a.about)
	for _, inherited := range []string{"signInAudience", "info", "applicationTemplateId", "isDisabled"} {
		if v, ok := a.extra[inherited]; ok {
			body[inherited] = v
		}
	}
	if web, ok := a.extra["web"].(object); ok {
		body["homepage"], body["logoutUrl"] = web["homePageUrl"], web["logoutUrl"]
	}
	if a.certificates > 0 && a.principal["preferredSingleSignOnMode"] == "saml" {
		body["keyCredentials"] = c.signingKeys(a)
		body["tokenEncryptionKeyId"] = c.id("keyCredentials", a.key+"/sign")
	}
	for k, v := range a.principal {
		body[k] = v
	}
	return body
}

// signingKeys are the two halves of a SAML signing certificate.
func (c *company) signingKeys(a app) []any {
	half := func(usage string) object {
		return object{
			"keyId": c.id("keyCredentials", a.key+"/"+usage), "displayName": "CN=Microsoft Azure Federated SSO Certificate", "usage": usage,
			"customKeyIdentifier": "Xzwa", "type": "AsymmetricX509Cert", "key": nil, "startDateTime": day(2000), "endDateTime": day(3095),
		}
	}
	sign := half("Sign")
	sign["keyId"] = c.id("keyCredentials", a.key+"/sign")
	sign["type"] = "X509CertAndPassword"
	return list(sign, half("Verify"))
}

// barePrincipal holds what every service principal has.
func (c *company) barePrincipal(key, appID, name, ownerTenant string) object {
	return object{
		"id": c.id("servicePrincipals", key), "appId": appID, "displayName": name, "appDisplayName": name,
		"accountEnabled": true, "appOwnerOrganizationId": ownerTenant, "appRoleAssignmentRequired": false,
		"addIns": list[string](), "alternativeNames": list[string](), "appRoles": list[string](),
		"info":           object{"logoUrl": nil, "marketingUrl": nil, "privacyStatementUrl": nil, "supportUrl": nil, "termsOfServiceUrl": nil},
		"keyCredentials": list[string](), "passwordCredentials": list[string](), "notificationEmailAddresses": list[string](),
		"oauth2PermissionScopes": list[string](), "replyUrls": list[string](), "resourceSpecificApplicationPermissions": list[string](),
		"servicePrincipalNames": list(appID), "servicePrincipalType": "Application", "signInAudience": "AzureADMyOrg", "tags": list[string](),
	}
}

// firstPartyPrincipals yields the instances of Microsoft's own applications.
func (c *company) firstPartyPrincipals(yield func(Record) bool) {
	graph := c.barePrincipal("graph", appGraph, "Microsoft Graph", microsoftTenant)
	graph["signInAudience"] = "AzureADMultipleOrgs"
	graph["servicePrincipalNames"] = list(appGraph, "https://graph.microsoft.com", "https://graph.microsoft.com/")
	graph["appRoles"], graph["oauth2PermissionScopes"] = graphAppRoles(), graphPermissionScopes()
	records := []Record{{Path: "/servicePrincipals", Body: graph}}
	for _, a := range [...]struct{ key, appID, name string }{
		{"exchange", appExchange, "Office 365 Exchange Online"},
		{"sharepoint", appSharePoint, "Office 365 SharePoint Online"},
		{"azure-management", appAzureManagement, "Windows Azure Service Management API"},
		{"azure-cli", appAzureCLI, "Microsoft Azure CLI"},
		{"graph-cli", appGraphCLI, "Microsoft Graph Command Line Tools"},
	} {
		body := c.barePrincipal(a.key, a.appID, a.name, microsoftTenant)
		body["signInAudience"] = "AzureADMultipleOrgs"
		records = append(records, Record{Path: "/servicePrincipals", Body: body})
	}
	each(records...)(yield)
}

func graphAppRoles() []any {
	var roles []any
	for _, p := range graphRoles {
		roles = append(roles, object{
			"id": p.id, "value": p.value, "displayName": p.value, "description": "Allows the app to use " + p.value + " without a signed-in user.",
			"allowedMemberTypes": list("Application"), "isEnabled": true, "origin": "Application",
		})
	}
	return roles
}

func graphPermissionScopes() []any {
	var scopes []any
	for _, p := range graphScopes() {
		scopes = append(scopes, object{
			"id": p.id, "value": p.value, "type": "User", "isEnabled": true, "adminConsentDisplayName": p.value,
			"adminConsentDescription": "Allows the app to use " + p.value + " on behalf of the signed-in user.",
			"userConsentDisplayName":  p.value, "userConsentDescription": p.value,
		})
	}
	return scopes
}

// foreignPrincipals are instances of an application that is registered elsewhere, and a
// managed identity.
func (c *company) foreignPrincipals() []object {
	fabrikam := c.barePrincipal("fabrikam", c.id("appId", "fabrikam"), "Fabrikam Expense Scanner", fabrikamTenant)
	fabrikam["signInAudience"] = "AzureADMultipleOrgs"
	fabrikam["homepage"] = "https://scanner.fabrikam.com"
	fabrikam["appRoleAssignmentRequired"] = true
	fabrikam["addIns"] = list(object{
		"id": c.id("addIns", "fabrikam"), "type": "FileHandler", "properties": list(object{"key": "version", "value": "2"}),
	})
	fabrikam["verifiedPublisher"] = object{"displayName": "Fabrikam, Inc.", "verifiedPublisherId": "5206095", "addedDateTime": day(900)}
	fabrikam["appRoles"] = list(object{
		"id": c.roleID("fabrikam", "Scan"), "value": "Scan", "displayName": "Scan", "description": "May scan.",
		"allowedMemberTypes": list("User", "Application"), "isEnabled": true, "origin": "Application",
	})
	identity := c.barePrincipal("vm-identity", c.id("appId", "vm-identity"), "id-batch-westeurope", c.tenantID)
	identity["servicePrincipalType"] = "ManagedIdentity"
	identity["signInAudience"] = nil
	identity["alternativeNames"] = list(
		"isExplicit=True",
		"/subscriptions/4f8d2a6b-1c3e-4d5f-8a7b-9c0d1e2f3a4b/resourcegroups/batch/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-batch-westeurope",
	)
	return []object{fabrikam, identity}
}
