package emulator

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What collectors ask for (ROADtools, AzureHound, Microsoft's SDKs), as they ask for it.
func TestCollectorsAreAnswered(t *testing.T) {
	c := serve(t, Options{})
	batch := c.expect(200, "POST", "/$batch", `{"requests": [{"id": "1", "method": "GET", "url": "/users?$top=1", "headers": {}, "body": null}]}`)
	if status := batch["responses"].([]any)[0].(object)["status"]; fmt.Sprint(status) != "200" {
		t.Errorf("a batched GET with the body null: %v", status)
	}
	types, scopes := map[any]bool{}, 0
	for _, a := range c.values("/roleManagement/directory/roleAssignments?$expand=principal") {
		types[typeOf(a["principal"])] = true
	}
	if !types["#microsoft.graph.user"] || types[nil] {
		t.Errorf("principals are of %v", types)
	}
	for _, a := range c.values("/roleManagement/directory/roleAssignments?$expand=directoryScope") {
		scope, ok := a["directoryScope"]
		if !ok || (scope == nil) != (a["directoryScopeId"] == "/") {
			t.Errorf("the scope of %v is %v", a["directoryScopeId"], scope)
		}
		if scope != nil {
			scopes++
		}
	}
	if scopes == 0 {
		t.Error("no assignment has a scope")
	}
	for path, property := range map[string]string{
		"/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal":     "roleEligibilityScheduleId",
		"/roleManagement/directory/roleAssignmentScheduleInstances?$expand=roleDefinition": "roleAssignmentScheduleId",
	} {
		for i, o := range c.values(path) {
			if o[property] == nil || typeOf(o["principal"]) == nil && at(o, "roleDefinition.displayName") == nil {
				t.Errorf("%s: %d: %v", path, i, o)
			}
		}
		if len(c.values(path)) == 0 {
			t.Errorf("%s: nothing", path)
		}
	}
}

// Both interfaces of roles say the same.
func TestActivatedRolesHaveTheAssigned(t *testing.T) {
	c := serve(t, Options{})
	role := c.values("/directoryRoles?$filter=roleTemplateId eq '62e90394-69f5-4237-9190-012177145e10'")[0]["id"].(string)
	members := "/directoryRoles/" + role + "/members"
	assignments := "/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '62e90394-69f5-4237-9190-012177145e10'"
	if len(c.values(members)) == 0 || len(c.values(members)) != len(c.values(assignments)) {
		t.Fatalf("%d members, %d assignments", len(c.values(members)), len(c.values(assignments)))
	}
	ada := c.user("ada")
	c.expect(204, "POST", members+"/$ref", `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/`+ada+`"}`)
	c.refuses(400, "Request_BadRequest", "already exist", "POST", members+"/$ref", `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/`+ada+`"}`)
	if n := len(c.values(assignments + " and principalId eq '" + ada + "'")); n != 1 {
		t.Errorf("the new member has %d assignments", n)
	}
	if of := c.values("/users/" + ada + "/memberOf"); len(of) != 1 || of[0]["id"] != role || of[0]["@odata.type"] != "#microsoft.graph.directoryRole" {
		t.Errorf("the new member is a member of %v", of)
	}
	c.expect(204, "DELETE", members+"/"+ada+"/$ref", "")
	if n := len(c.values(assignments + " and principalId eq '" + ada + "'")); n != 0 {
		t.Errorf("the old member has %d assignments", n)
	}
}

func TestMemberActions(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, inner, outer := c.user("ada"), c.group("inner"), c.group("outer")
	for group, member := range map[string]string{inner: ada, outer: inner} {
		c.expect(204, "POST", "/groups/"+group+"/members/$ref", `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/`+member+`"}`)
	}
	ids := func(path, body string) string {
		values := valuesAt(c.expect(200, "POST", path, body)["value"], nil)
		slices.Sort(values)
		return strings.Join(values, " ")
	}
	both := []string{inner, outer}
	slices.Sort(both)
	for path, body := range map[string]string{
		"/users/" + ada + "/getMemberGroups":                  `{"securityEnabledOnly": true}`,
		"/users/" + ada + "/microsoft.graph.getMemberObjects": `{"securityEnabledOnly": false}`,
		"/directoryObjects/" + ada + "/checkMemberGroups":     `{"groupIds": ["` + inner + `", "` + outer + `"]}`,
		"/users/" + ada + "/checkMemberObjects":               `{"ids": ["` + inner + `", "` + outer + `", "` + ada + `"]}`,
	} {
		if got := ids(path, body); got != strings.Join(both, " ") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := ids("/groups/"+inner+"/getMemberGroups", `{"securityEnabledOnly": false}`); got != outer {
		t.Errorf("the group is a member of %s", got)
	}
	c.refuses(400, "Request_BadRequest", "securityEnabledOnly", "POST", "/users/"+ada+"/getMemberGroups", `{}`)
	c.refuses(400, "Request_BadRequest", "users and service principals", "POST", "/groups/"+inner+"/getMemberGroups", `{"securityEnabledOnly": true}`)
	c.refuses(400, "Request_BadRequest", "1 to 20", "POST", "/users/"+ada+"/checkMemberGroups", `{"groupIds": []}`)
	c.refuses(405, "Request_BadRequest", "", "GET", "/users/"+ada+"/getMemberGroups", "")
}

func TestLicenceDetails(t *testing.T) {
	c := serve(t, Options{})
	for _, u := range c.values("/users?$select=id,assignedLicenses&$top=999") {
		details := c.values("/users/" + u["id"].(string) + "/licenseDetails")
		if len(details) != len(asList(u["assignedLicenses"])) {
			t.Fatalf("%v has %d licences and %d details", u["id"], len(asList(u["assignedLicenses"])), len(details))
		}
		if len(details) > 0 {
			if details[0]["skuPartNumber"] == nil || len(asList(details[0]["servicePlans"])) == 0 {
				t.Errorf("details without content: %v", details[0])
			}
			return
		}
	}
	t.Error("nobody has a licence")
}

func typeOf(v any) any {
	o, _ := v.(object)
	return o["@odata.type"]
}
