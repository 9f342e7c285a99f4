package emulator

import (
	"encoding/base64"
	"net/http"
	"slices"
	"testing"
	"time"
)

// bearing makes a bearer token that names a caller. Nobody verifies it here.
func bearing(claims string) string {
	return "Bearer e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".sig"
}

func TestWritesAreAudited(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Now: func() time.Time { return now }})
	ada, group := c.user("ada"), c.group("g")
	now = now.Add(time.Hour)
	person := c.with("Authorization", bearing(`{"oid":"`+ada+`","upn":"ada@contoso.com"}`))
	person.expect(http.StatusNoContent, "PATCH", "/groups/"+group, `{"description":"new"}`)
	app := c.with("Authorization", bearing(`{"oid":"o","appid":"a","app_displayname":"x"}`))
	app.expect(http.StatusNoContent, "POST", "/groups/"+group+"/members/$ref", pointer(ada))
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group+"/members/"+ada+"/$ref", "")
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group, "")
	c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+group+"/restore", "")

	log := c.values(auditPath + "?$filter=activityDateTime ge 2026-10-01T09:30:00Z")
	want := []string{"Restore group", "Delete group", "Remove member from group", "Add member to group", "Update group"}
	if got := pick(log, "activityDisplayName"); !slices.Equal(got, want) {
		t.Fatalf("activities: %q", got)
	}
	update := log[4]
	if user := at(update, "initiatedBy.user.userPrincipalName"); user != "ada@contoso.com" || at(update, "initiatedBy.app") != nil {
		t.Errorf("initiated by %v", update["initiatedBy"])
	}
	if by := at(log[3], "initiatedBy.app"); field(by, "appId") != "a" || field(by, "displayName") != "x" || field(by, "servicePrincipalId") != "o" {
		t.Errorf("initiated by %v", log[3]["initiatedBy"])
	}
	resource := asList(update["targetResources"])[0].(object)
	changes := asList(resource["modifiedProperties"])
	if resource["id"] != group || len(changes) != 1 {
		t.Fatalf("target: %v", resource)
	}
	if change := changes[0].(object); change["displayName"] != "description" || change["oldValue"] != nil || change["newValue"] != `"new"` {
		t.Errorf("change: %v", change)
	}
	if got := len(c.values(auditPath + "?$filter=targetResources/any(t:t/id eq '" + group + "')")); got != 6 {
		t.Errorf("%d entries about the group", got)
	}
	c.refuses(405, "Request_BadRequest", "not allowed", "POST", auditPath, `{}`)
}

func TestRefusedWritesAreNotAudited(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	c.refuses(400, "BadRequest", "shoeSize", "POST", "/groups", `{"shoeSize":4}`)
	if log := c.values(auditPath); len(log) != 0 {
		t.Errorf("%v", log)
	}
}

// A tenant without an audit log takes the same writes.
func TestNoAudit(t *testing.T) {
	c := serve(t, Options{Seed: "empty", NoAudit: true})
	ada := c.user("ada")
	c.expect(204, "PATCH", "/users/"+ada, `{"jobTitle":"Analyst"}`)
	c.expect(204, "DELETE", "/users/"+ada, "")
	if log := c.values(auditPath); len(log) != 0 {
		t.Errorf("the log has %d entries", len(log))
	}
}
