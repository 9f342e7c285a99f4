package emulator

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func encodeClaims(claims string) string { return base64.RawURLEncoding.EncodeToString([]byte(claims)) }

// licences returns what a user has: product by product, "direct" or the group's id.
func (c *client) licences(user string) map[string][]string {
	c.t.Helper()
	body := c.get("/users/" + user + "?$select=assignedLicenses,licenseAssignmentStates")
	found := make(map[string][]string)
	for _, state := range asList(body["licenseAssignmentStates"]) {
		by := textOf(field(state, "assignedByGroup"))
		if by == "" {
			by = "direct"
		}
		found[textOf(field(state, "skuId"))] = append(found[textOf(field(state, "skuId"))], by)
	}
	if all := valuesAt(body["assignedLicenses"], []string{"skuId"}); len(all) != len(found) {
		c.t.Errorf("assignedLicenses %v, states %v", all, found)
	}
	return found
}

func TestLicences(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	group, user := contoso.id("groups", "lic-e3"), contoso.user("cfo")
	assign := func(path, add, remove string) string {
		return path + "/assignLicense\x00" + `{"addLicenses":[` + add + `],"removeLicenses":[` + remove + `]}`
	}
	post := func(status int, request string) {
		t.Helper()
		path, body, _ := cut(request)
		c.expect(status, "POST", path, body)
	}
	e5 := `{"skuId":"` + skuE5 + `","disabledPlans":["` + planYammer + `"]}`
	if by := c.licences(user)[skuE3]; !slices.Equal(by, []string{group}) {
		t.Fatalf("E3 by %v", by)
	}
	post(http.StatusOK, assign("/users/"+user, e5, ""))
	if by := c.licences(user)[skuE5]; !slices.Equal(by, []string{"direct"}) {
		t.Errorf("E5 by %v", by)
	}
	post(http.StatusBadRequest, assign("/users/"+user, "", `"`+skuE3+`"`)) // it is the group's
	post(http.StatusBadRequest, assign("/users/"+user, `{"skuId":"`+skuFlow+`","disabledPlans":["`+planYammer+`"]}`, ""))
	post(http.StatusBadRequest, assign("/users/"+contoso.user("kiosk"), e5, "")) // nowhere
	post(http.StatusOK, assign("/users/"+user, "", `"`+skuE5+`"`))
	post(http.StatusOK, assign("/groups/"+group, e5, `"`+skuE3+`"`))
	if found := c.licences(user); len(found) != 1 || !slices.Equal(found[skuE5], []string{group}) {
		t.Errorf("after the group changed: %v", found)
	}
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group+"/members/"+user+"/$ref", "")
	if found := c.licences(user); len(found) != 0 {
		t.Errorf("after leaving the group: %v", found)
	}
	c.refuses(400, "Request_BadRequest", "Unable to delete the group because there is a product license assigned", "DELETE", "/groups/"+group, "")
	post(http.StatusOK, assign("/groups/"+group, "", `"`+skuE5+`"`))
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group, "")
}

func cut(s string) (before, after string, ok bool) {
	for i := range s {
		if s[i] == 0 {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func TestDomainsAndFederation(t *testing.T) {
	c := serve(t, Options{})
	c.expect(http.StatusCreated, "POST", "/domains", `{"id":"another.example"}`)
	if c.get("/domains/" + mainDomain)["isDefault"] != true {
		t.Error("a new domain takes the default from the one that has it")
	}
	c.refuses(400, "Request_BadRequest", "stays the default", "PATCH", "/domains/"+mainDomain, `{"isDefault":false}`)
	c.expect(http.StatusNoContent, "PATCH", "/domains/eu.contoso.com", `{"isDefault":true}`)
	if c.get("/domains/" + mainDomain)["isDefault"] != false {
		t.Error("there are two default domains")
	}
	federation := "/domains/adfs.contoso.com/federationConfiguration"
	one := c.values(federation)[0]
	c.expect(http.StatusNoContent, "DELETE", federation+"/"+one["id"].(string), "")
	if got := c.get("/domains/adfs.contoso.com")["authenticationType"]; got != "Managed" {
		t.Errorf("without federation the domain is %v", got)
	}
	body := `{"issuerUri":"i","passiveSignInUri":"p","preferredAuthenticationProtocol":"saml","signingCertificate":"c"}`
	c.expect(http.StatusCreated, "POST", federation, body)
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "federated already", "POST", federation, body)
	c.refuses(400, "Request_BadRequest", "referenced", "DELETE", "/domains/"+mainDomain, "")
}

func TestBrandingIsThereWhenSet(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	path := "/organization/" + c.server.TenantID() + "/branding"
	c.refuses(404, "Request_ResourceNotFound", "", "GET", path, "")
	c.refuses(400, "BadRequest", "default", "POST", path+"/localizations", `{"id":"0"}`)
	c.expect(http.StatusCreated, "POST", path+"/localizations", `{"id":"de-DE"}`)
	c.expect(http.StatusNoContent, "DELETE", path+"/localizations/de-DE", "")
	if c.get(path)["id"] != "0" {
		t.Error("the first localization did not create the default")
	}
	c.expect(http.StatusNoContent, "PATCH", path, `{"signInPageText":"Hi"}`)
	c.expect(http.StatusCreated, "POST", path+"/localizations", `{"id":"fr-FR","signInPageText":"Salut"}`)
	if got := pick(c.values(path+"/localizations"), "id"); !slices.Equal(got, []string{"0", "fr-FR"}) {
		t.Errorf("localizations: %v", got)
	}
	for language, want := range map[string]string{"0": "Hi", "default": "Hi", "fr-FR": "Salut"} {
		if got := c.with("Accept-Language", language).get(path)["signInPageText"]; got != want {
			t.Errorf("%s: %v", language, got)
		}
	}
	c.with("Accept-Language", "it-IT").refuses(404, "Request_ResourceNotFound", "", "GET", path, "")
	c.with("Accept-Language", "fr-FR").refuses(400, "BadRequest", "Accept-Language", "PATCH", path, `{}`)
	none := `{"requests":[{"id":"1","method":"GET","url":"` + path + `"}]}`
	if answer := c.do("POST", "/$batch", none); !strings.Contains(answer.text, "Accept-Language header is required") {
		t.Errorf("without a language: %s", answer.text)
	}
	c.expect(http.StatusNoContent, "PATCH", path+"/localizations/0", `{"signInPageText":"Hello"}`)
	if got := c.get(path)["signInPageText"]; got != "Hello" {
		t.Errorf("the default by its id: %v", got)
	}
	c.refuses(400, "Request_BadRequest", "localizations", "DELETE", path, "")
	c.expect(http.StatusNoContent, "DELETE", path+"/localizations/fr-FR", "")
	c.expect(http.StatusNoContent, "DELETE", path, "")
	c.refuses(404, "Request_ResourceNotFound", "", "GET", path, "")
}

func TestCertificateAuthoritiesAreRead(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	stores := "/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations/"
	path := stores + contoso.id("publicKeyInfrastructures", "contoso") + "/certificateAuthorities"
	all := c.values(path)
	if len(all) != 2 || len(all[0]["thumbprint"].(string)) != 40 {
		t.Fatalf("authorities: %v", all)
	}
	body := `{"certificateAuthorityType":"root","certificate":"` + all[0]["certificate"].(string) + `"}`
	c.refuses(400, "Request_BadRequest", "already exists", "POST", path, body)
	c.refuses(400, "Request_BadRequest", "not valid", "POST", path, `{"certificateAuthorityType":"root","certificate":"AAAA"}`)
	c.expect(http.StatusNoContent, "DELETE", path+"/"+all[0]["id"].(string), "")
	if made := c.expect(http.StatusCreated, "POST", path, body); made["thumbprint"] != all[0]["thumbprint"] {
		t.Errorf("thumbprint: %v", made["thumbprint"])
	}
}

func TestSecurityAttributes(t *testing.T) {
	c := serve(t, Options{})
	body := `{"attributeSet":"Compliance","name":"Zone","type":"String","status":"Available","isCollection":false,"isSearchable":true,
		"usePreDefinedValuesOnly":true,"allowedValues":[{"id":"A","isActive":true},{"id":"B","isActive":false}]}`
	made := c.expect(http.StatusCreated, "POST", attributesPath, body)
	if made["id"] != "Compliance_Zone" || made["allowedValues"] != nil {
		t.Errorf("made: %v", made)
	}
	path := attributesPath + "/Compliance_Zone"
	if got := asList(c.get(path + "?$expand=allowedValues")["allowedValues"]); len(got) != 2 {
		t.Errorf("allowedValues: %v", got)
	}
	c.expect(http.StatusNoContent, "PATCH", path+"/allowedValues/B", `{"isActive":true}`)
	c.refuses(405, "Request_BadRequest", "", "DELETE", path, "")
	c.expect(http.StatusNoContent, "PATCH", path, `{"status":"Deprecated","usePreDefinedValuesOnly":false}`)
	c.refuses(400, "Request_BadRequest", "usePreDefinedValuesOnly", "PATCH", path, `{"usePreDefinedValuesOnly":true}`)
	c.refuses(404, "Request_ResourceNotFound", "Nowhere", "POST", attributesPath, `{"attributeSet":"Nowhere","name":"Z","type":"String","status":"Available","isCollection":false,"isSearchable":true,"usePreDefinedValuesOnly":false}`)
}

func TestExtensionPropertiesOfEveryApplication(t *testing.T) {
	c := serve(t, Options{})
	path := "/directoryObjects/getAvailableExtensionProperties"
	if all := asList(c.expect(http.StatusOK, "POST", path, `{"isSyncedFromOnPremises":false}`)["value"]); len(all) != 4 {
		t.Errorf("%d properties", len(all))
	}
	if all := asList(c.expect(http.StatusOK, "POST", path, `{"isSyncedFromOnPremises":true}`)["value"]); len(all) != 0 {
		t.Errorf("%d synced properties", len(all))
	}
}
