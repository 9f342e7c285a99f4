package emulator

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// lagging is a tenant of whose three users one shows its writes in a list first, one to a
// request for it first, and one to both at once.
func lagging(t *testing.T) (c *client, pass func(time.Duration), first map[replica]string) {
	t.Helper()
	now := testClock
	c = serve(t, Options{Seed: "empty", Lag: time.Minute, Now: func() time.Time { return now }})
	first = map[replica]string{}
	for i := 0; len(first) < 2; i++ {
		id := c.user(fmt.Sprintf("user%d", i))
		list, key := c.server.store.behind(id, byList), c.server.store.behind(id, byKey)
		switch {
		case list < key:
			first[byList] = id
		case key < list:
			first[byKey] = id
		}
	}
	return c, func(d time.Duration) { now = now.Add(d) }, first
}

func (c *client) lists(path, id string) bool {
	return slices.ContainsFunc(asList(c.get(path)["value"]), func(v any) bool { return v.(object)["id"] == id })
}

// A list may show an object that a request for it does not find, and the other way round.
func TestReplicasDisagree(t *testing.T) {
	c, pass, first := lagging(t)
	pass(40 * time.Second)
	id := first[byList]
	if !c.lists("/users", id) {
		t.Error("the list does not show it")
	}
	c.refuses(404, "Request_ResourceNotFound", id, "GET", "/users/"+id, "")
	c.refuses(404, "Request_ResourceNotFound", id, "GET", "/users/"+id+"/manager", "")
	c.refuses(404, "Request_ResourceNotFound", id, "PATCH", "/users/"+id, `{"city":"Praha"}`)
	id = first[byKey]
	c.get("/users/" + id)
	if c.lists("/users", id) {
		t.Error("the list shows it")
	}
	pass(20 * time.Second)
	for _, id := range first {
		if c.get("/users/" + id); !c.lists("/users", id) {
			t.Error("the list does not show it after a minute")
		}
	}
}

// Reads show the value before a write for a while, in one place longer than in the other.
func TestStaleReads(t *testing.T) {
	c, pass, first := lagging(t)
	pass(time.Minute)
	id := first[byKey]
	city := func() (key, list any) {
		for _, v := range asList(c.get("/users?$select=id,city")["value"]) {
			if v.(object)["id"] == id {
				list = v.(object)["city"]
			}
		}
		return c.get("/users/" + id + "?$select=city")["city"], list
	}
	c.expect(204, "PATCH", "/users/"+id, `{"city":"Praha"}`)
	pass(10 * time.Second)
	c.expect(204, "PATCH", "/users/"+id, `{"city":"Brno"}`)
	for _, want := range []struct {
		wait      time.Duration
		key, list any
	}{{0, nil, nil}, {25 * time.Second, "Praha", nil}, {10 * time.Second, "Brno", nil}, {20 * time.Second, "Brno", "Praha"}, {10 * time.Second, "Brno", "Brno"}} {
		pass(want.wait)
		if key, list := city(); key != want.key || list != want.list {
			t.Errorf("after %s more: %v and in the list %v, want %v and %v", want.wait, key, list, want.key, want.list)
		}
	}
	const settings = "/policies/authorizationPolicy"
	before := c.get(settings)["allowInvitesFrom"]
	c.expect(204, "PATCH", settings, `{"allowInvitesFrom":"none"}`)
	if c.get(settings)["allowInvitesFrom"] != before {
		t.Error("a singleton shows a write at once")
	}
	pass(time.Minute)
	if c.get(settings)["allowInvitesFrom"] == before {
		t.Error("a singleton never shows a write")
	}
}

// A deleted object is listed for a while, and is not yet among the deleted ones; a member who
// came or went shows later.
func TestStaleDeletionsAndMembers(t *testing.T) {
	c, pass, first := lagging(t)
	group := c.group("g")
	pass(time.Minute)
	id, members := first[byKey], "/groups/"+group+"/members"
	c.expect(204, "POST", members+"/$ref", pointer(id))
	if c.lists(members, id) {
		t.Error("the member shows at once")
	}
	c.refuses(400, "Request_BadRequest", "already exist", "POST", members+"/$ref", pointer(id))
	pass(time.Minute)
	if !c.lists(members, id) {
		t.Error("the member never shows")
	}
	c.expect(204, "DELETE", members+"/"+id+"/$ref", "")
	if !c.lists(members, id) {
		t.Error("the member is gone at once")
	}
	c.expect(204, "DELETE", "/users/"+id, "")
	bin := "/directory/deletedItems/microsoft.graph.user"
	if c.get("/users/" + id); !c.lists("/users", id) || c.lists(bin, id) {
		t.Error("the deletion shows at once")
	}
	pass(40 * time.Second)
	c.refuses(404, "Request_ResourceNotFound", id, "GET", "/users/"+id, "")
	if !c.lists("/users", id) {
		t.Error("the list knows of the deletion as soon as a request for the user")
	}
	pass(20 * time.Second)
	if c.lists("/users", id) || !c.lists(bin, id) {
		t.Error("the deletion never shows")
	}
	if name := c.get(bin + "/" + id)["userPrincipalName"].(string); name[:32] != prefixOf(id) {
		t.Errorf("the deleted user is called %s", name)
	}
	if c.lists(members, id) {
		t.Error("a deleted member shows")
	}
}
