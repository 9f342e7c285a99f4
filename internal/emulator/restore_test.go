package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// What is unique in the directory keeps a deleted object from coming back while another
// object has it, whichever of the two kinds that have such a value it is of.
func TestRestoreOfWhatIsTaken(t *testing.T) {
	unified := func(alias string) string {
		return `{"displayName":"` + alias + `","mailEnabled":true,"mailNickname":"` + alias + `","securityEnabled":false,"groupTypes":["Unified"]}`
	}
	c := serve(t, Options{Seed: "empty"})
	give := func(path string, addresses ...any) {
		t.Helper()
		c.server.store.mu.Lock()
		defer c.server.store.mu.Unlock()
		collection, id, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		body := object{}
		for name, v := range c.server.store.get("/"+collection, id).body {
			body[name] = v
		}
		body[proxies] = addresses
		c.server.store.mustPut("/"+collection, body)
	}
	group := c.create("/groups", unified("sales"))
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group, "")
	other := c.create("/groups", unified("sales"))
	c.refuses(400, "ObjectConflict", "mailNickname", "POST", "/directory/deletedItems/"+group+"/restore", "")
	c.refuses(400, "Request_BadRequest", "mailNickname", "POST", "/groups", unified("SALES"))
	c.create("/groups", `{"displayName":"s","mailEnabled":false,"mailNickname":"sales","securityEnabled":true}`)
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+other, "")
	c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+group+"/restore", "")

	ada := c.user("ada")
	give("/users/"+ada, "SMTP:ada@x", "smtp:a@x")
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	give("/groups/"+group, "smtp:A@x")
	restore := "/directory/deletedItems/" + ada + "/restore"
	c.refuses(400, "ObjectConflict", proxies, "POST", restore, "")
	c.refuses(400, "ObjectConflict", proxies, "POST", restore, `{"autoReconcileProxyConflict":false}`)
	c.expect(http.StatusOK, "POST", restore, `{"autoReconcileProxyConflict":true}`)
	if got := c.get("/users/" + ada + "?$select=proxyAddresses")[proxies].([]any); len(got) != 1 || got[0] != "SMTP:ada@x" {
		t.Errorf("the addresses are %v", got)
	}
	c.refuses(400, "Request_BadRequest", proxies, "PATCH", "/users/"+ada, `{"mail":"a@x"}`)
	details, _ := at(c.do("PATCH", "/users/"+ada, `{"mail":"a@x"}`).body, "error.details").([]any)
	if len(details) != 2 || field(details[0], "target") != proxies || field(details[1], "target") != "Group_"+group {
		t.Errorf("details: %v", details)
	}
	c.expect(http.StatusNoContent, "PATCH", "/users/"+ada, `{"mail":"ada@x"}`)

	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A"}`)
	principal := c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	c.expect(http.StatusNoContent, "DELETE", "/servicePrincipals/"+principal, "")
	c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	c.refuses(409, "ObjectConflict", "already in use", "POST", "/directory/deletedItems/"+principal+"/restore", "")
}

// A deleted user's name has his id before it, so that somebody else can have the name, and loses it
// when he comes back.
func TestNameOfADeletedUser(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := c.user("ada")
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	item := "/directory/deletedItems/" + ada
	if got, want := c.get(item + "/microsoft.graph.user")["userPrincipalName"], strings.ReplaceAll(ada, "-", "")+"ada@"+c.domain(); got != want {
		t.Errorf("the name is %v, want %s", got, want)
	}
	for _, body := range []string{`{"newUserPrincipalName":"ada@elsewhere.example"}`, `{"newUserPrincipalName":1}`, `{"newName":"x"}`} {
		if got := c.do("POST", item+"/restore", body); got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, got.status, got.text)
		}
	}
	c.expect(http.StatusOK, "POST", item+"/restore", "")
	if got := c.get("/users/" + ada)["userPrincipalName"]; got != "ada@"+c.domain() {
		t.Errorf("back as %v", got)
	}
	group := c.group("g")
	c.expect(http.StatusNoContent, "DELETE", "/groups/"+group, "")
	c.refuses(400, "BadRequest", "not a valid parameter", "POST", "/directory/deletedItems/"+group+"/restore", `{"autoReconcileProxyConflict":true}`)
}

// After thirty days a deleted object is gone.
func TestRetention(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Now: func() time.Time { return now }})
	ada := c.user("ada")
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	now = now.Add(retention)
	c.get("/directory/deletedItems/" + ada)
	now = now.Add(time.Second)
	c.refuses(404, "Request_ResourceNotFound", ada, "GET", "/directory/deletedItems/"+ada, "")
	c.refuses(404, "Request_ResourceNotFound", ada, "POST", "/directory/deletedItems/"+ada+"/restore", "")
	if got := c.values("/directory/deletedItems/microsoft.graph.user"); len(got) != 0 {
		t.Errorf("listed: %v", got)
	}
}
