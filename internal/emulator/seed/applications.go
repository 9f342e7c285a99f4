package seed

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// app is an application registration and its service principal before their bodies
// are made.
type app struct {
	key, name, about string
	// web, spa and mobile are redirect addresses by platform.
	web, spa, mobile []string
	// roles are the values of its app roles; those in upper case at the start are for users
	// and groups, the others for applications.
	roles []string
	// scopes are the delegated permissions that it exposes.
	scopes []string
	// delegated and application are the permissions of Microsoft Graph that it asks for.
	delegated, application []string
	owners                 []string
	// users and groups are assigned to its first role for users, or to the
	// application itself.
	users, groups []string
	secrets       int
	certificates  int
	federated     []object
	extensions    []object
	// extra and principal override the bodies of the two objects.
	extra, principal object
}

// The applications that Microsoft publishes have the same appId in every tenant.
const (
	appGraph           = "00000003-0000-0000-c000-000000000000"
	appExchange        = "00000002-0000-0ff1-ce00-000000000000"
	appSharePoint      = "00000003-0000-0ff1-ce00-000000000000"
	appAzureManagement = "797f4846-ba00-4fd7-ba43-dac1f8f63013"
	appAzureCLI        = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
	appGraphCLI        = "14d82eec-204b-4c2f-b7e8-296a70dab67e"
)

// appID returns the appId of an application of the table.
func (c *company) appID(key string) string { return c.id("appId", key) }

// appAt returns the n-th application: the table, then lines of business up to the scale.
func (c *company) appAt(n int) app {
	if n < len(c.apps) {
		return c.apps[n]
	}
	i := n - len(c.apps)
	key := "tool-" + strconv.Itoa(i)
	return app{
		key: key, name: fmt.Sprintf("Workshop Tool %03d", i+1),
		web:       []string{"https://" + key + ".contoso.com/signin-oidc"},
		delegated: []string{"User.Read"},
		owners:    []string{departments[i%len(departments)].head},
		secrets:   i % 2,
	}
}

// applications yields the registrations and what they contain.
func (c *company) applications(yield func(Record) bool) {
	for n := range c.scale.Applications {
		a := c.appAt(n)
		id := c.id("applications", a.key)
		rec := Record{Path: "/applications", Body: c.applicationBody(n, a), Links: map[string][]string{}}
		for _, owner := range a.owners {
			rec.Links["owners"] = append(rec.Links["owners"], c.user(owner))
		}
		if !yield(rec) {
			return
		}
		for _, f := range a.federated {
			f["id"] = c.id("federatedIdentityCredentials", a.key+"/"+f["name"].(string))
			if !yield(Record{Path: "/applications/" + id + "/federatedIdentityCredentials", Body: f}) {
				return
			}
		}
		for _, x := range a.extensions {
			short := x["name"].(string)
			x["id"] = c.id("extensionProperties", a.key+"/"+short)
			x["name"] = c.extensionName(a.key, short)
			x["appDisplayName"] = a.name
			x["isSyncedFromOnPremises"] = false
			if !yield(Record{Path: "/applications/" + id + "/extensionProperties", Body: x}) {
				return
			}
		}
	}
}

// extensionName returns the name of a directory extension on the objects that have it.
func (c *company) extensionName(appKey, short string) string {
	return "extension_" + strings.ReplaceAll(c.appID(appKey), "-", "") + "_" + short
}

func (c *company) applicationBody(n int, a app) object {
	body := object{
		"id":                      c.id("applications", a.key),
		"appId":                   c.appID(a.key),
		"displayName":             a.name,
		"createdDateTime":         day(100 + mix(n)%2300),
		"publisherDomain":         mainDomain,
		"signInAudience":          "AzureADMyOrg",
		"identifierUris":          list[string](),
		"tags":                    list[string](),
		"addIns":                  list[string](),
		"info":                    object{"logoUrl": nil, "marketingUrl": nil, "privacyStatementUrl": nil, "supportUrl": nil, "termsOfServiceUrl": nil},
		"parentalControlSettings": object{"countriesBlockedForMinors": list[string](), "legalAgeGroupRule": "Allow"},
		"publicClient":            object{"redirectUris": list(a.mobile...)},
		"spa":                     object{"redirectUris": list(a.spa...)},
		"web": object{
			"homePageUrl": nil, "logoutUrl": nil, "redirectUris": list(a.web...), "redirectUriSettings": uriSettings(a.web),
			"implicitGrantSettings": object{"enableAccessTokenIssuance": false, "enableIdTokenIssuance": len(a.web) > 0},
		},
		"api":                       c.exposedAPI(a),
		"appRoles":                  c.appRoles(a),
		"requiredResourceAccess":    requiredAccess(a),
		"keyCredentials":            c.keyCredentials(a),
		"passwordCredentials":       c.passwordCredentials(a),
		"oauth2RequirePostResponse": false,
		"managerApplications":       list[string](),
	}
	setUnlessEmpty(body, "description", a.about)
	if len(a.scopes) > 0 {
		body["identifierUris"] = list("api://" + c.appID(a.key))
	}
	overlay(body, a.extra)
	overlay(body, c.extensionValues("applications/"+a.key))
	return body
}

// uriSettings lists the addresses again with their place, as Graph does.
func uriSettings(uris []string) []any {
	settings := make([]any, len(uris))
	for i, uri := range uris {
		settings[i] = object{"uri": uri, "index": nil}
	}
	return settings
}

// exposedAPI holds the scopes of an application that is a resource.
func (c *company) exposedAPI(a app) object {
	api := object{
		"acceptMappedClaims": nil, "knownClientApplications": list[string](), "requestedAccessTokenVersion": num(2),
		"oauth2PermissionScopes": c.exposedScopes(a), "preAuthorizedApplications": list[string](),
	}
	if len(a.scopes) > 0 {
		first := c.id("scopes", a.key+"/"+a.scopes[0])
		api["preAuthorizedApplications"] = list(object{"appId": appAzureCLI, "delegatedPermissionIds": list(first)})
		api["knownClientApplications"] = list(c.appID("portal"))
	}
	return api
}

func (c *company) exposedScopes(a app) []any {
	scopes := []any{}
	for _, value := range a.scopes {
		scopes = append(scopes, object{
			"id": c.id("scopes", a.key+"/"+value), "value": value, "type": "User", "isEnabled": true,
			"adminConsentDisplayName": value + " in " + a.name,
			"adminConsentDescription": "Allows the application to use " + value + " on behalf of the signed-in user.",
			"userConsentDisplayName":  value, "userConsentDescription": nil,
		})
	}
	return scopes
}

// roleID returns the id of an application's role.
func (c *company) roleID(appKey, value string) string { return c.id("appRoles", appKey+"/"+value) }

// forUsers reports whether users and groups can have a role.
func forUsers(value string) bool { return value[0] >= 'A' && value[0] <= 'Z' }

func (c *company) appRoles(a app) []any {
	roles := []any{}
	for _, value := range a.roles {
		members := list("Application")
		if forUsers(value) {
			members = list("User")
		}
		roles = append(roles, object{
			"id": c.roleID(a.key, value), "value": value, "displayName": strings.ReplaceAll(value, ".", " "),
			"description": "May " + value + " in " + a.name, "allowedMemberTypes": members, "isEnabled": true, "origin": "Application",
		})
	}
	return roles
}

// requiredAccess lists the permissions of Microsoft Graph that an application asks for.
func requiredAccess(a app) []any {
	access := []any{}
	for _, p := range graphScopes() {
		if contains(a.delegated, p.value) {
			access = append(access, object{"id": p.id, "type": "Scope"})
		}
	}
	for _, p := range graphRoles {
		if contains(a.application, p.value) {
			access = append(access, object{"id": p.id, "type": "Role"})
		}
	}
	if len(access) == 0 {
		return access
	}
	return list(object{"resourceAppId": appGraph, "resourceAccess": access})
}

// certificateID returns the keyId of an application's n-th certificate.
func (c *company) certificateID(appKey string, n int) string {
	return c.id("keyCredentials", appKey+"/"+strconv.Itoa(n))
}

// keyCredentials describes certificates; as Graph, it does not hold the keys.
func (c *company) keyCredentials(a app) []any {
	credentials := []any{}
	for n := range a.certificates {
		id := c.certificateID(a.key, n)
		usage := "Verify"
		if id == a.extra["tokenEncryptionKeyId"] {
			usage = "Encrypt"
		}
		credentials = append(credentials, object{
			"keyId": id, "displayName": "CN=" + a.key + ".contoso.com",
			"customKeyIdentifier": base64.StdEncoding.EncodeToString([]byte(c.id("thumbprints", id))[:20]),
			"type":                "AsymmetricX509Cert", "usage": usage, "key": nil,
			"startDateTime": day(2400 + n), "endDateTime": day(3130 + n),
		})
	}
	return credentials
}

// passwordCredentials describes secrets; there is no secret anywhere.
func (c *company) passwordCredentials(a app) []any {
	credentials := []any{}
	for n := range a.secrets {
		name := a.key + "/" + strconv.Itoa(n)
		credentials = append(credentials, object{
			"keyId": c.id("passwordCredentials", name), "displayName": "rotated " + day(2500 + n)[:7], "hint": c.id("hints", name)[:3],
			"customKeyIdentifier": nil, "secretText": nil, "startDateTime": day(2500 + n), "endDateTime": day(2680 + n),
		})
	}
	return credentials
}
