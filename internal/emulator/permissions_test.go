package emulator

import (
	"slices"
	"strings"
	"testing"
)

// granting serves the contoso seed to callers with some permissions.
func granting(t *testing.T, permissions ...string) *client {
	return serve(t, Options{Permissions: append([]string{}, permissions...)})
}

// plainUser returns the id of a person of the cloud who has a manager and no role.
func plainUser(t *testing.T, s *store) string {
	t.Helper()
	for _, e := range s.list("/users") {
		if !s.isAdministrator(e) && e.body["onPremisesSyncEnabled"] != true && !isRestricted(e.body) && len(s.targets(e.id, "manager")) == 1 {
			return e.id
		}
	}
	t.Fatal("the seed has no such person")
	return ""
}

func TestPermissions(t *testing.T) {
	ada := "/users/" + plainUser(t, serve(t, Options{}).server.store)
	for _, test := range []struct {
		granted, method, path, body string
		refused                     bool
	}{
		{"User.Read.All", "GET", "/users", "", false},
		{"User.Read.All", "GET", ada, "", false},
		{"User.Read.All", "GET", ada + "/manager", "", false},
		{"Directory.Read.All", "GET", "/users?$select=id", "", false},
		{"Directory.Read.All", "GET", ada + "/sponsors", "", true}, // User.Read.All alone
		{"User.Read.All", "GET", "/groups", "", true},
		{"User.Read.All", "PATCH", ada, `{"city":"Leeds"}`, true},
		{"User.ReadWrite.All", "PATCH", ada, `{"city":"Leeds"}`, false},
		{"User.ReadWrite.All", "PATCH", ada, `{"employeeLeaveDateTime":"2027-01-01T00:00:00Z"}`, true},
		{"User.ReadWrite.All,User-LifeCycleInfo.ReadWrite.All", "PATCH", ada, `{"employeeLeaveDateTime":"2027-01-01T00:00:00Z"}`, false},
		{"User.ReadWrite.All", "GET", "/directory/deletedItems/microsoft.graph.user", "", false},
		{"User.ReadWrite.All", "GET", "/directory/deletedItems/microsoft.graph.group", "", true},
		{"Application.Read.All", "GET", "/servicePrincipals(appId='" + graphAppID + "')", "", false},
		{"Application.Read.All", "POST", "/directoryObjects/getAvailableExtensionProperties", "{}", true},
		{"Directory.Read.All", "POST", "/directoryObjects/getAvailableExtensionProperties", "{}", false},
		{"Policy.ReadWrite.ConditionalAccess", "GET", "/identity/conditionalAccess/policies", "", true},
		{"Group.ReadWrite.All", "POST", "/groups", `{"displayName":"A","mailEnabled":false,"mailNickname":"a","securityEnabled":true}`, false},
		{"Group.ReadWrite.All", "POST", "/groups", `{"displayName":"A","mailEnabled":false,"mailNickname":"a","securityEnabled":true,"isAssignableToRole":true}`, true},
		{"", "GET", "/organization", "", true},
	} {
		c := granting(t, strings.FieldsFunc(test.granted, func(r rune) bool { return r == ',' })...)
		got := c.do(test.method, test.path, test.body)
		if refused := got.status == 403; refused != test.refused || !refused && got.status >= 400 {
			t.Errorf("with %s, %s %s %s: %d %.200s", test.granted, test.method, test.path, test.body, got.status, got.text)
		}
	}
}

// What Graph leaves out for lack of a permission, it leaves out with status 200.
func TestWithheld(t *testing.T) {
	all := serve(t, Options{})
	leaving := slices.IndexFunc(all.server.Objects("/users"), func(u object) bool { return u["employeeLeaveDateTime"] != nil })
	attributes := slices.IndexFunc(all.server.Objects("/users"), func(u object) bool { return u["customSecurityAttributes"] != nil })
	secret := slices.IndexFunc(all.server.Objects("/groups"), func(g object) bool { return g["visibility"] == hidden })
	if leaving < 0 || attributes < 0 || secret < 0 {
		t.Fatalf("the seed lacks who leaves (%d), has attributes (%d) or hides members (%d)", leaving, attributes, secret)
	}
	leaver, marked := textOf(all.server.Objects("/users")[leaving]["id"]), textOf(all.server.Objects("/users")[attributes]["id"])
	group := textOf(all.server.Objects("/groups")[secret]["id"])
	property := func(path, name string) func(*client) any { return func(c *client) any { return c.get(path)[name] } }
	count := func(path string) func(*client) any {
		return func(c *client) any { return len(c.get(path)["value"].([]any)) }
	}
	for _, test := range []struct {
		name          string
		less, more    string
		read          func(*client) any
		without, with any
	}{
		{"when somebody leaves", "User.Read.All", "User-LifeCycleInfo.Read.All",
			property("/users/"+leaver+"?$select=employeeLeaveDateTime", "employeeLeaveDateTime"), nil, all.server.Objects("/users")[leaving]["employeeLeaveDateTime"]},
		{"custom security attributes", "User.Read.All", "CustomSecAttributeAssignment.Read.All",
			func(c *client) any {
				return c.get("/users/" + marked + "?$select=customSecurityAttributes")["customSecurityAttributes"] == nil
			}, true, false},
		{"hidden members", "Group.Read.All", "Member.Read.Hidden", count("/groups/" + group + "/members"), 0, len(all.get("/groups/" + group + "/members")["value"].([]any))},
		{"who belongs to a group", "Group.Read.All,Member.Read.Hidden", "User.Read.All",
			func(c *client) any {
				first := c.get("/groups/" + group + "/members")["value"].([]any)[0].(object)
				return first["id"] != nil && first["@odata.type"] == "#microsoft.graph.user" && first["userPrincipalName"] != nil
			}, false, true},
		{"an organization", "User.Read.All", "Organization.Read.All", func(c *client) any {
			return c.get("/organization")["value"].([]any)[0].(object)["countryLetterCode"] == nil
		}, true, false},
		{"basic profiles", "User.ReadBasic.All", "User.Read.All", func(c *client) any {
			u := c.get("/users/" + leaver + "?$select=displayName,usageLocation")
			return u["displayName"] != nil && u["usageLocation"] == nil
		}, true, false},
	} {
		granted := strings.Split(test.less, ",")
		if got := test.read(granting(t, granted...)); got != test.without {
			t.Errorf("%s with %s: %v, want %v", test.name, test.less, got, test.without)
		}
		if got := test.read(granting(t, append(granted, test.more)...)); got != test.with {
			t.Errorf("%s with %s besides: %v, want %v", test.name, test.more, got, test.with)
		}
	}
	if len(all.get("/groups/" + group + "/members")["value"].([]any)) == 0 {
		t.Error("the group that hides its members has none")
	}
}

// Permissions to write do not reach administrators, nor groups that may hold a role.
func TestAdministratorsTakeMore(t *testing.T) {
	c := granting(t, "User.ReadWrite.All", "User.DeleteRestore.All", "Group.ReadWrite.All")
	s := c.server.store
	var admin, privileged string
	other := "/users/" + plainUser(t, s)
	for _, e := range s.list("/users") {
		if s.isAdministrator(e) && len(s.rolesOf(e.id)) > 0 && !isRestricted(e.body) {
			admin = "/users/" + e.id
		}
	}
	for _, e := range s.list("/groups") {
		if e.body["isAssignableToRole"] == true {
			privileged = "/groups/" + e.id
		}
	}
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "PATCH", admin, `{"accountEnabled":false}`)
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "DELETE", admin, "")
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "POST", privileged+"/members/$ref", `{"@odata.id":"`+c.url+other+`"}`)
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "DELETE", privileged, "")
	for _, did := range []answer{
		c.do("PATCH", admin, `{"city":"Leeds"}`),
		c.do("PATCH", other, `{"accountEnabled":false}`),
		c.do("DELETE", other, ""),
	} {
		if did.status != 204 {
			t.Errorf("%d %s", did.status, did.text)
		}
	}
	c.server.Grant([]string{"Group.ReadWrite.All", givesRoles})
	if did := c.do("DELETE", privileged, ""); did.status != 204 {
		t.Errorf("with %s: %d %s", givesRoles, did.status, did.text)
	}
	c.refuses(403, "Authorization_RequestDenied", "Insufficient privileges", "DELETE", admin, "")
}
