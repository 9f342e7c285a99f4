package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestPagingReturnsEachObjectOnce(t *testing.T) {
	c := serve(t, Options{Scale: Scale{Users: 250}})
	for _, test := range []struct {
		path  string
		pages int
		want  int
	}{
		{"/users?$select=id", 3, 250},
		{"/users?$select=id&$top=90", 3, 250},
		{"/users?$select=id&$top=999", 1, 250},
		{"/users?$select=id&$top=125", 2, 250},
		{"/users?$select=id,displayName&$orderby=displayName&$top=100", 3, 250},
		{"/users?$top=100&$filter=startswith(userPrincipalName,'a') or startswith(userPrincipalName,'b')", -1, -1},
	} {
		pages, seen := 0, make(map[string]bool)
		for path := test.path; path != ""; pages++ {
			body := c.get(path)
			for _, v := range asList(body["value"]) {
				id := v.(object)["id"].(string)
				if seen[id] {
					t.Fatalf("%s: %s twice", test.path, id)
				}
				seen[id] = true
			}
			path, _ = body["@odata.nextLink"].(string)
			if path != "" && !strings.HasPrefix(path, c.url+"/users?") {
				t.Fatalf("next link to another host: %s", path)
			}
		}
		if test.pages > 0 && (pages != test.pages || len(seen) != test.want) {
			t.Errorf("%s: %d objects on %d pages, want %d on %d", test.path, len(seen), pages, test.want, test.pages)
		}
	}
}

// A page continues where the last one ended although objects come and go in between.
func TestPagingWhileTheTenantChanges(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		c.group(name)
	}
	first := c.get("/groups?$top=2")
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+asList(first["value"])[0].(object)["id"].(string), "")
	c.group("f")
	rest := c.values(first["@odata.nextLink"].(string))
	if got := pick(rest, "displayName"); !slices.Equal(got, []string{"c", "d", "e", "f"}) {
		t.Errorf("after the first page: %v", got)
	}
}

func TestPageTokens(t *testing.T) {
	c := serve(t, Options{})
	next, err := url.Parse(c.get("/users?$top=5")["@odata.nextLink"].(string))
	if err != nil {
		t.Fatal(err)
	}
	token := next.Query().Get("$skiptoken")
	const code, message = "Directory_ExpiredPageToken", "The specified page token value has expired"
	c.refuses(400, code, message, "GET", "/users?$top=5&$skiptoken=nonsense", "")
	c.refuses(400, code, message, "GET", "/groups?$top=5&$skiptoken="+token, "")
	c.refuses(400, code, message, "GET", "/users?$top=6&$skiptoken="+token, "")
	c.get("/users?$top=5&$skiptoken=" + token)
}

func TestDefaultProperties(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	id := c.user("ada")
	c.expect(http.StatusNoContent, "PATCH", "/users/"+id, `{"department":"R&D"}`)
	eleven := []string{
		"businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation",
		"preferredLanguage", "surname", "userPrincipalName",
	}
	for _, body := range []object{c.get("/users/" + id), c.values("/users?$filter=id eq '" + id + "'")[0]} {
		var names []string
		for name := range body {
			if !strings.HasPrefix(name, "@") {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if !slices.Equal(names, eleven) {
			t.Errorf("default properties: %v", names)
		}
	}
	body := c.get("/users/" + id + "?$select=department,state,passwordProfile,proxyAddresses")
	if body["department"] != "R&D" || body["id"] != nil {
		t.Errorf("selected: %v", body)
	}
	if state, there := body["state"]; !there || state != nil {
		t.Errorf("a selected property without a value must be null: %v", body)
	}
	if list, ok := body["proxyAddresses"].([]any); !ok || len(list) != 0 {
		t.Errorf("an empty collection must be []: %v", body)
	}
	if password, there := body["passwordProfile"].(object)["password"]; !there || password != nil {
		t.Errorf("a password came back: %v", body)
	}
}

func TestQueriesThatFail(t *testing.T) {
	c := serve(t, Options{})
	for _, test := range []struct{ path, code, message string }{
		{"/users?$select=shoeSize", "BadRequest", "Could not find a property named 'shoeSize' on type 'microsoft.graph.user'."},
		{"/users?$top=1000", "Request_BadRequest", "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive."},
		{"/users?$top=x", "BadRequest", "non-negative integer"},
		{"/users?$skip=1", "BadRequest", "$skip"},
		{"/users?$filter=shoeSize eq 4", "BadRequest", "Could not find a property named 'shoeSize'"},
		{"/users?$filter=displayName eq 'a", "BadRequest", "unterminated"},
		{"/users?$filter=displayName like 'a'", "BadRequest", "not an operator"},
		{"/users?$filter=contains(displayName,'a')", "Request_UnsupportedQuery", "Unsupported Query"},
		{"/users?$filter=displayName ne 'a'", "Request_UnsupportedQuery", "Unsupported or invalid query filter"},
		{"/users?$filter=endswith(mail,'a')", "Request_UnsupportedQuery", "Unsupported or invalid query filter"},
		{"/users?$orderby=displayName&$filter=startswith(displayName,'a')", "Request_UnsupportedQuery", "Sorting not supported"},
		{"/users?$orderby=jobTitle", "Request_UnsupportedQuery", "Sorting not supported"},
		{"/users?$search=%22displayName:a%22", "Request_UnsupportedQuery", "ConsistencyLevel"},
		{"/users?$expand=manager,memberOf", "BadRequest", "Only one property"},
		{"/users?$expand=shoes", "BadRequest", "Could not find a property named 'shoes'"},
		{"/users/$count", "Request_BadRequest", "$count is not currently supported."},
		{"/directory/deletedItems", "Request_UnsupportedQuery", "type"},
		{"/shoes", "BadRequest", "Resource not found for the segment 'shoes'."},
		{"/users/" + c.values("/users?$top=1")[0]["id"].(string) + "/shoes", "BadRequest", "Resource not found for the segment 'shoes'."},
	} {
		c.refuses(400, test.code, test.message, "GET", test.path, "")
	}
	c.refuses(404, "Request_ResourceNotFound", "Resource 'nobody@nowhere' does not exist", "GET", "/users/nobody@nowhere", "")
	c.refuses(405, "Request_BadRequest", "not allowed", "GET", "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations", "")
}

func TestFilters(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, bob := c.user("Ada"), c.user("bob")
	c.user("Carol")
	c.expect(http.StatusNoContent, "PATCH", "/users/"+ada, `{"department":"O'Neil","accountEnabled":false,"businessPhones":["+1"]}`)
	eventual := c.with("ConsistencyLevel", "eventual")
	for filter, want := range map[string]string{
		"id eq '" + bob + "'":                                             "bob",
		"displayName eq 'ADA'":                                            "Ada",
		"department eq 'O''Neil'":                                         "Ada",
		"accountEnabled eq false":                                         "Ada",
		"startswith(displayName,'b')":                                     "bob",
		"displayName in ('ada', 'carol')":                                 "Ada Carol",
		"displayName eq 'ada' or displayName eq 'bob'":                    "Ada bob",
		"accountEnabled eq true and startsWith(displayName,'c')":          "Carol",
		"(accountEnabled eq true) and (displayName eq 'ada')":             "",
		"not(displayName eq 'ada')":                                       "bob Carol",
		"department eq null":                                              "bob Carol",
		"department ne null":                                              "Ada",
		"endswith(userPrincipalName,'@" + c.domain() + "')":               "Ada bob Carol",
		"businessPhones/any(p:p eq '+1')":                                 "Ada",
		"createdDateTime ge 2026-10-01T00:00:00Z":                         "Ada bob Carol",
		"createdDateTime ge 2026-10-02T00:00:00Z":                         "",
		"createdDateTime le 2026-10-01T09:00:00Z and id ne '" + ada + "'": "bob Carol",
		"identities/any(i:i/signInType eq 'federated')":                   "",
	} {
		got := strings.Join(pick(eventual.values("/users?$count=true&$filter="+url.QueryEscape(filter)), "displayName"), " ")
		if got != want {
			t.Errorf("%s: %q, want %q", filter, got, want)
		}
	}
}

func TestCounts(t *testing.T) {
	c := serve(t, Options{Scale: Scale{Users: 120}})
	eventual := c.with("ConsistencyLevel", "eventual")
	if got := eventual.do("GET", "/users/$count", ""); got.text != "120" || got.header.Get("Content-Type") != "text/plain" {
		t.Errorf("/users/$count: %q, %s", got.text, got.header.Get("Content-Type"))
	}
	first := eventual.get("/users?$count=true&$top=50")
	if n, _ := first["@odata.count"].(interface{ String() string }); n == nil || n.String() != "120" {
		t.Errorf("@odata.count: %v", first["@odata.count"])
	}
	if second := eventual.get(first["@odata.nextLink"].(string)); second["@odata.count"] != nil {
		t.Error("@odata.count on the second page")
	}
	if ignored := c.get("/users?$count=true&$top=1"); ignored["@odata.count"] != nil {
		t.Error("a count without ConsistencyLevel")
	}
	if policies := c.get("/identity/conditionalAccess/policies?$count=true"); policies["@odata.count"] == nil {
		t.Error("no count of Conditional Access policies")
	}
}

func TestSkipWhereDocumented(t *testing.T) {
	c := serve(t, Options{})
	all := pick(c.values("/identity/conditionalAccess/policies"), "id")
	if rest := pick(c.values("/identity/conditionalAccess/policies?$skip=3&$top=2"), "id"); !slices.Equal(rest, all[3:]) {
		t.Errorf("after $skip=3: %d of %d", len(rest), len(all))
	}
}

func TestAddresses(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := c.user("ada")
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"Payroll"}`)
	appID := app["appId"].(string)
	c.expect(http.StatusCreated, "POST", "/servicePrincipals", `{"appId":"`+appID+`"}`)
	for _, path := range []string{
		"/users/" + ada, "/users/ADA@" + c.domain(), "/users('" + ada + "')", "/Users/" + strings.ToUpper(ada),
		"/users(userPrincipalName='ada@" + c.domain() + "')", "/directoryObjects/" + ada,
	} {
		if got := c.get(path)["id"]; got != ada {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := c.get("/applications(appId='" + appID + "')")["displayName"]; got != "Payroll" {
		t.Errorf("application by appId: %v", got)
	}
	if got := c.get("/servicePrincipals(appId='" + appID + "')/appRoleAssignedTo")["value"]; len(asList(got)) != 0 {
		t.Errorf("assignments: %v", got)
	}
	if got := c.get("/directoryObjects/" + ada)["@odata.type"]; got != "#microsoft.graph.user" {
		t.Errorf("a directory object must carry its type: %v", got)
	}
	c.refuses(400, "BadRequest", "key predicate 'mail'", "GET", "/users(mail='x')", "")
	organization := c.values("/organization")
	if len(organization) != 1 || c.get("/organization/" + organization[0]["id"].(string))["id"] != c.server.TenantID() {
		t.Errorf("organization: %v", organization)
	}
}

func TestRelationships(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, inner, outer := c.user("ada"), c.group("inner"), c.group("outer")
	c.expect(http.StatusNoContent, "POST", "/groups/"+inner+"/members/$ref", pointer(ada))
	c.expect(http.StatusNoContent, "POST", "/groups/"+outer+"/members/$ref", pointer(inner))
	c.expect(http.StatusNoContent, "POST", "/groups/"+outer+"/owners/$ref", pointer(ada))
	for path, want := range map[string]string{
		"/groups/" + outer + "/members":                                "inner",
		"/groups/" + outer + "/transitiveMembers":                      "inner ada",
		"/groups/" + outer + "/transitiveMembers/microsoft.graph.user": "ada",
		"/groups/" + outer + "/members/graph.user":                     "",
		"/users/" + ada + "/memberOf":                                  "inner",
		"/users/" + ada + "/transitiveMemberOf":                        "inner outer",
		"/users/" + ada + "/ownedObjects":                              "outer",
		"/groups/" + outer + "/members?$select=id,displayName":         "inner",
	} {
		members := c.values(path)
		if got := strings.Join(pick(members, "displayName"), " "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
		for _, m := range members {
			if m["@odata.type"] == nil && !strings.Contains(path, "graph.user") {
				t.Errorf("%s: no @odata.type: %v", path, m)
			}
		}
	}
	if got := c.with("ConsistencyLevel", "eventual").do("GET", "/groups/"+outer+"/transitiveMembers/$count", ""); got.text != "2" {
		t.Errorf("count of transitive members: %s", got.text)
	}
}

func TestExpandStopsAtTwenty(t *testing.T) {
	c := serve(t, Options{Scale: Scale{Users: 100}})
	group := c.group("many")
	for _, id := range pick(c.values("/users?$select=id&$top=30"), "id")[:30] {
		c.expect(http.StatusNoContent, "POST", "/groups/"+group+"/members/$ref", pointer(id))
	}
	body := c.get("/groups/" + group + "?$expand=members($select=id)")
	if got := len(asList(body["members"])); got != 20 || body["members@odata.nextLink"] != nil {
		t.Errorf("%d expanded members", got)
	}
	if got := len(c.values("/groups/" + group + "/members")); got != 30 {
		t.Errorf("%d members", got)
	}
}

func TestAnnotations(t *testing.T) {
	c := serve(t, Options{})
	policy := c.get("/policies/authenticationMethodsPolicy")
	if policy["authenticationMethodConfigurations@odata.context"] == nil || policy["@odata.context"] == nil {
		t.Errorf("no context: %v", policy)
	}
	for _, v := range asList(policy["authenticationMethodConfigurations"]) {
		if typ, _ := v.(object)["@odata.type"].(string); !strings.HasPrefix(typ, "#microsoft.graph.") {
			t.Errorf("a configuration of no type: %v", v)
		}
	}
	embedded := 0
	for _, policy := range c.values("/identity/conditionalAccess/policies") {
		controls, _ := policy["grantControls"].(object)
		if strength, ok := controls["authenticationStrength"].(object); ok {
			embedded++
			if strength["displayName"] == nil || controls["authenticationStrength@odata.context"] == nil {
				t.Errorf("a strength that is not embedded whole: %v", strength)
			}
		}
	}
	if embedded == 0 {
		t.Error("no policy embeds a strength")
	}
	a := c.with("client-request-id", "mine").do("GET", "/users?$top=1", "")
	if a.header.Get("client-request-id") != "mine" || a.header.Get("request-id") == "" || !strings.Contains(a.header.Get("Content-Type"), "odata.metadata=minimal") {
		t.Errorf("headers: %v", a.header)
	}
}
