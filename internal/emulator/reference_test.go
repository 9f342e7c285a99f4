package emulator

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, bob, group := c.user("ada"), c.user("bob"), c.group("g")
	members := "/groups/" + group + "/members"
	c.expect(http.StatusNoContent, "POST", members+"/$ref", pointer(ada))
	c.refuses(400, "Request_BadRequest", "One or more added object references already exist for the following modified properties: 'members'.", "POST", members+"/$ref", pointer(ada))
	c.refuses(404, "Request_ResourceNotFound", zeroID, "POST", members+"/$ref", pointer(zeroID))
	c.refuses(400, "Request_BadRequest", "@odata.id", "POST", members+"/$ref", `{}`)
	c.refuses(400, "Request_BadRequest", "itself", "POST", members+"/$ref", pointer(group))
	c.refuses(400, "Request_BadRequest", "One or more removed object references do not exist", "DELETE", members+"/"+bob+"/$ref", "")
	c.refuses(404, "Request_ResourceNotFound", zeroID, "DELETE", members+"/"+zeroID+"/$ref", "")
	c.refuses(400, "Request_BadRequest", "invalid operation was included in the following modified references: 'owners'", "POST", "/groups/"+group+"/owners/$ref", pointer(c.group("other")))
	c.refuses(400, "BadRequest", "Write requests are only supported on contained entities", "POST", members, pointer(bob))
	c.refuses(405, "Request_BadRequest", "not allowed", "PUT", members+"/$ref", pointer(bob))
	c.expect(http.StatusNoContent, "PATCH", "/groups/"+group, `{"members@odata.bind":["https://graph.microsoft.com/v1.0/users('`+bob+`')"]}`)
	if got := pick(c.values(members), "displayName"); !slices.Equal(got, []string{"ada", "bob"}) {
		t.Errorf("members: %v", got)
	}
	if refs := c.values(members + "/$ref"); len(refs) != 2 || refs[0]["@odata.id"] != c.url+"/directoryObjects/"+ada {
		t.Errorf("$ref: %v", refs)
	}
	c.expect(http.StatusNoContent, "DELETE", members+"/"+ada+"/$ref", "")
	c.expect(http.StatusNoContent, "DELETE", members+"/$ref?@id=https://graph.microsoft.com/v1.0/directoryObjects/"+bob, "")
	if got := c.values(members); len(got) != 0 {
		t.Errorf("members left: %v", got)
	}
}

func TestBindsAreLimitedAndWholeOrNothing(t *testing.T) {
	c := serve(t, Options{Scale: Scale{Users: 60}})
	group := c.group("g")
	users := pick(c.values("/users?$select=id"), "id")
	bind := func(ids ...string) string {
		return `{"members@odata.bind":["https://graph.microsoft.com/v1.0/directoryObjects/` +
			strings.Join(ids, `","https://graph.microsoft.com/v1.0/directoryObjects/`) + `"]}`
	}
	c.refuses(400, "Request_BadRequest", "maximum of 20", "PATCH", "/groups/"+group, bind(users[:21]...))
	c.refuses(400, "Request_BadRequest", "The source resource object or one of the objects being referenced don't exist.", "PATCH", "/groups/"+group, bind(users[0], zeroID))
	c.expect(http.StatusNoContent, "PATCH", "/groups/"+group, bind(users[:20]...))
	c.refuses(400, "Request_BadRequest", "already exist", "PATCH", "/groups/"+group, bind(users[20], users[0]))
	if got := len(c.values("/groups/" + group + "/members")); got != 20 {
		t.Errorf("%d members", got)
	}
	made := c.expect(http.StatusCreated, "POST", "/groups", strings.Replace(bind(users[:2]...), "{", `{"displayName":"H","mailEnabled":false,"mailNickname":"h","securityEnabled":true,`, 1))
	if got := len(c.values("/groups/" + made["id"].(string) + "/members")); got != 2 {
		t.Errorf("%d members of a group created with 2", got)
	}
}

func TestManagerAndSponsors(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, bob := c.user("ada"), c.user("bob")
	manager := "/users/" + ada + "/manager"
	c.refuses(404, "Request_ResourceNotFound", "manager", "GET", manager, "")
	c.refuses(404, "Request_ResourceNotFound", "manager", "DELETE", manager+"/$ref", "")
	c.refuses(404, "Request_ResourceNotFound", zeroID, "PUT", manager+"/$ref", pointer(zeroID))
	c.expect(http.StatusNoContent, "PUT", manager+"/$ref", pointer(bob))
	if got := c.get(manager); got["id"] != bob || got["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("manager: %v", got)
	}
	if got := c.get("/users/" + ada + "?$expand=manager($select=id)")["manager"].(object); got["id"] != bob {
		t.Errorf("expanded manager: %v", got)
	}
	carol := c.user("carol")
	c.expect(http.StatusNoContent, "PUT", manager+"/$ref", pointer(carol))
	if got := c.values("/users/" + bob + "/directReports"); len(got) != 0 {
		t.Errorf("the former manager still has reports: %v", got)
	}
	c.expect(http.StatusNoContent, "DELETE", manager+"/$ref", "")
	sponsors := "/users/" + ada + "/sponsors/$ref"
	for _, name := range []string{"s1", "s2", "s3", "s4"} {
		c.expect(http.StatusNoContent, "POST", sponsors, pointer(c.user(name)))
	}
	c.expect(http.StatusNoContent, "POST", sponsors, pointer(c.group("s5")))
	c.refuses(403, "Directory_QuotaExceeded", "sponsors", "POST", sponsors, pointer(bob))
}

func TestLastOwnerOfMicrosoft365GroupStays(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, bob := c.user("ada"), c.user("bob")
	group := c.create("/groups", `{"displayName":"T","mailEnabled":true,"mailNickname":"t","securityEnabled":false,"groupTypes":["Unified"]}`)
	owners := "/groups/" + group + "/owners"
	c.expect(http.StatusNoContent, "POST", owners+"/$ref", pointer(ada))
	c.refuses(400, "Request_BadRequest", "at least one owner", "DELETE", owners+"/"+ada+"/$ref", "")
	c.expect(http.StatusNoContent, "POST", owners+"/$ref", pointer(bob))
	c.expect(http.StatusNoContent, "DELETE", owners+"/"+ada+"/$ref", "")
	c.refuses(400, "Request_BadRequest", "Only users", "POST", "/groups/"+group+"/members/$ref", pointer(c.group("nested")))
}

func TestPoliciesThatApply(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app := c.create("/applications", `{"displayName":"A"}`)
	policy := c.create("/policies/tokenLifetimePolicies", `{"displayName":"P","definition":["{}"]}`)
	issuance := c.create("/policies/tokenIssuancePolicies", `{"displayName":"P","definition":["{}"]}`)
	refs := "/applications/" + app + "/tokenLifetimePolicies/$ref"
	c.refuses(400, "Request_BadRequest", "invalid operation", "POST", refs, pointer(issuance))
	c.expect(http.StatusNoContent, "POST", refs, pointer(policy))
	if got := pick(c.values("/policies/tokenLifetimePolicies/"+policy+"/appliesTo"), "id"); !slices.Equal(got, []string{app}) {
		t.Errorf("applies to %v", got)
	}
	unit := c.create("/directory/administrativeUnits", `{"displayName":"U"}`)
	c.expect(http.StatusNoContent, "POST", "/directory/administrativeUnits/"+unit+"/members/$ref", pointer(c.user("ada")))
	c.expect(http.StatusNoContent, "DELETE", "/directory/administrativeUnits/"+unit, "")
	c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+unit+"/restore", "")
	if got := c.values("/directory/administrativeUnits/" + unit + "/members"); len(got) != 1 {
		t.Errorf("members %v", got)
	}
}
