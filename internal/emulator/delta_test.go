package emulator

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// follow reads a round of a delta query to its end.
func (c *client) follow(path string) (told []object, next string) {
	c.t.Helper()
	for {
		body := c.get(path)
		for _, v := range asList(body["value"]) {
			told = append(told, v.(object))
		}
		if link, ok := body["@odata.nextLink"].(string); ok {
			path = link
			continue
		}
		return told, body["@odata.deltaLink"].(string)
	}
}

func TestDeltaTellsWhatChanged(t *testing.T) {
	c := serve(t, Options{Seed: "empty", PageSize: 2})
	ada, ben, cho := c.user("ada"), c.user("ben"), c.user("cho")
	all, next := c.follow("/users/delta?$select=displayName,city,manager")
	if len(all) < 3 || all[0]["displayName"] == nil || all[0]["city"] != nil {
		t.Fatalf("the first round tells %v", all)
	}
	if again, _ := c.follow(next); len(again) != 0 {
		t.Errorf("nothing changed, and %v is told", again)
	}
	c.expect(204, "PATCH", "/users/"+ada, `{"city": "Bonn", "jobTitle": "not selected"}`)
	c.expect(204, "PUT", "/users/"+ada+"/manager/$ref", `{"@odata.id": "https://graph.microsoft.com/v1.0/users/`+ben+`"}`)
	c.expect(204, "DELETE", "/users/"+ben, "")
	c.expect(204, "DELETE", "/users/"+cho, "")
	c.expect(204, "DELETE", "/directory/deletedItems/"+cho, "")
	dee := c.user("dee")
	told, after := c.follow(next)
	got := map[any]object{}
	for _, o := range told {
		got[o["id"]] = o
	}
	switch {
	case len(told) != 4:
		t.Errorf("%d objects are told: %v", len(told), told)
	case got[ada]["city"] != "Bonn" || got[ada]["jobTitle"] != nil || at(asList(got[ada]["manager@delta"])[0].(object), "id") != ben:
		t.Errorf("ada: %v", got[ada])
	case got[ben]["@removed"].(object)["reason"] != "changed":
		t.Errorf("a deleted user: %v", got[ben])
	case got[cho]["@removed"].(object)["reason"] != "deleted":
		t.Errorf("a purged user: %v", got[cho])
	case got[dee]["displayName"] != "dee":
		t.Errorf("a new user: %v", got[dee])
	}
	c.expect(200, "POST", "/directory/deletedItems/"+ben+"/restore", "")
	c.expect(204, "PATCH", "/users/"+ada, `{"city": null}`)
	told, _ = c.follow(after)
	if len(told) != 2 || told[0]["displayName"] != "ben" || told[1]["city"] != nil {
		t.Errorf("after a restoration and a clearing: %v", told)
	}
	if _, cleared := told[1]["city"]; !cleared {
		t.Errorf("a cleared property is not told: %v", told[1])
	}
	minimal, _ := c.with("Prefer", "return=minimal").follow(after)
	if len(minimal) != 2 || len(minimal[1]) != 2 {
		t.Errorf("with return=minimal: %v", minimal)
	}
}

func TestDeltaTellsRelationships(t *testing.T) {
	c := serve(t, Options{})
	group, ada := c.group("readers"), c.user("ada")
	ref := `{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/` + ada + `"}`
	_, plain := c.follow("/groups/delta")
	_, next := c.follow("/groups/delta()?$select=displayName,members&$filter=id eq '" + group + "'")
	c.expect(204, "POST", "/groups/"+group+"/members/$ref", ref)
	if told, _ := c.follow(plain); len(told) != 0 {
		t.Errorf("members are told though $select does not name them: %v", told)
	}
	told, after := c.follow(next)
	if len(told) != 1 || fmt.Sprint(told[0]["members@delta"]) != "[map[@odata.type:#microsoft.graph.user id:"+ada+"]]" {
		t.Errorf("a new member: %v", told)
	}
	c.expect(204, "DELETE", "/groups/"+group+"/members/"+ada+"/$ref", "")
	told, _ = c.follow(after)
	if len(told) != 1 || !strings.Contains(fmt.Sprint(told[0]["members@delta"]), "@removed:map[reason:deleted]") {
		t.Errorf("a member less: %v", told)
	}
	_, roles := c.follow("/directoryRoles/delta")
	role := c.values("/directoryRoles?$filter=roleTemplateId eq '62e90394-69f5-4237-9190-012177145e10'")[0]["id"].(string)
	c.create("/roleManagement/directory/roleAssignments", `{"principalId": "`+ada+`", "roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10", "directoryScopeId": "/"}`)
	told, _ = c.follow(roles)
	if len(told) != 1 || told[0]["id"] != role || !strings.Contains(fmt.Sprint(told[0]["members@delta"]), ada) {
		t.Errorf("a new holder of a role: %v", told)
	}
}

func TestDeltaTokens(t *testing.T) {
	now := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	c := serve(t, Options{Seed: "empty", Now: func() time.Time { return now }, Lag: 30 * time.Second})
	told, next := c.follow("/applications/delta?$deltatoken=latest")
	if len(told) != 0 {
		t.Errorf("from now on, and %v is told", told)
	}
	c.create("/applications", `{"displayName": "Portal"}`)
	told, next = c.follow(next)
	if len(told) != 0 {
		t.Errorf("what is not replicated is told: %v", told)
	}
	now = now.Add(time.Minute)
	if told, next = c.follow(next); len(told) != 1 || told[0]["displayName"] != "Portal" {
		t.Errorf("what came: %v", told)
	}
	now = now.Add(8 * 24 * time.Hour)
	a := c.do("GET", next, "")
	if a.status != 410 || !strings.HasSuffix(a.header.Get("Location"), "/applications/delta?$deltatoken=") {
		t.Errorf("an old token: %d %s %s", a.status, a.header.Get("Location"), a.text)
	}
	if told, _ = c.follow(a.header.Get("Location")); len(told) == 0 {
		t.Error("a new beginning tells nothing")
	}
	c.refuses(400, "BadRequest", "token", "GET", "/applications/delta?$deltatoken=abc", "")
	for option, code := range map[string]string{"$expand=owners": "BadRequest", "$top=5": "BadRequest", "$filter=displayName eq 'x'": "Request_UnsupportedQuery"} {
		c.refuses(400, code, "", "GET", "/users/delta?"+option, "")
	}
	c.refuses(404, "Request_ResourceNotFound", "", "GET", "/domains/delta", "")
	c.refuses(405, "Request_BadRequest", "", "POST", "/users/delta", "{}")
}
