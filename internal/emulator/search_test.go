package emulator

import (
	"net/url"
	"strings"
	"testing"
)

func TestSearch(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	for _, name := range []string{"Ada Lovelace", "OneVideo Team", "Bob Ada-Smith"} {
		c.create("/groups", `{"displayName": "`+name+`", "mailEnabled": false, "mailNickname": "`+strings.ReplaceAll(name, " ", "")+`", "securityEnabled": true}`)
	}
	eventual := c.with("ConsistencyLevel", "eventual")
	for search, want := range map[string]string{
		`"displayName:ada"`:                                  "Ada Lovelace, Bob Ada-Smith",
		`"displayName:video"`:                                "OneVideo Team",
		`"displayName:lace"`:                                 "",
		`"displayName:ada love"`:                             "Ada Lovelace",
		`"displayName:ada" AND "displayName:smith"`:          "Bob Ada-Smith",
		`"displayName:lovelace" OR "mailNickname:OneVideoT"`: "Ada Lovelace, OneVideo Team",
	} {
		if got := strings.Join(pick(eventual.values("/groups?$search="+url.QueryEscape(search)), "displayName"), ", "); got != want {
			t.Errorf("%s: %q, want %q", search, got, want)
		}
	}
	c.refuses(400, "Request_UnsupportedQuery", "ConsistencyLevel", "GET", "/groups?$search=%22displayName:ada%22", "")
	eventual.refuses(400, "BadRequest", "Syntax error", "GET", "/groups?$search=ada", "")
	eventual.refuses(400, "Request_UnsupportedQuery", "mailEnabled", "GET", "/groups?$search=%22mailEnabled:true%22", "")
}

// Only what Microsoft documents can be filtered by.
func TestFiltersAreThoseDocumented(t *testing.T) {
	c := serve(t, Options{Seed: "empty"}).with("ConsistencyLevel", "eventual")
	for path, property := range map[string]string{
		"/groups?$filter=visibility eq 'Private'":                         "'visibility' of resource 'Group'",
		"/users?$filter=aboutMe eq 'x'":                                   "aboutMe",
		"/users?$filter=startswith(accountEnabled,'x')":                   "accountEnabled",
		"/groups?$filter=groupTypes/any(g:startswith(g,'U'))&$count=true": "groupTypes",
		"/applications?$filter=displayName gt 'a'":                        "displayName",
		"/servicePrincipals?$filter=preferredSingleSignOnMode eq 'saml'":  "preferredSingleSignOnMode",
		"/oauth2PermissionGrants?$filter=startswith(consentType,'All')":   "consentType",
	} {
		c.refuses(400, "Request_UnsupportedQuery", property, "GET", path, "")
	}
	c.get("/groups?$filter=groupTypes/any(g:g eq 'Unified')")
	// The page "Secure managed identities" lists them so.
	c.get("/servicePrincipals?$filter=(servicePrincipalType eq 'ManagedIdentity')")
	// A GUID is no string, in a member of an element neither.
	c.get("/users?$filter=assignedLicenses/any(x:x/skuId eq 05e9a617-0261-4cee-bb44-138d3ef5d965)")
	c.refuses(400, "BadRequest", "nowhere", "GET", "/users?$filter=assignedLicenses/any(x:x/nowhere eq 1)", "")
	c.get("/identity/conditionalAccess/policies?$filter=state eq 'enabled'") // other services document less
}
