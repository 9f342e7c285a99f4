package emulator

import (
	"strings"
	"testing"
)

// Clients that know the beta version alone find the same tenant there, with the service principals
// that v1.0 leaves out of a group's lists (its known issue names beta as a way around).
func TestBetaServesTheSameTenant(t *testing.T) {
	c := serve(t, Options{Seed: "empty", PageSize: 1})
	beta := *c
	beta.url = strings.TrimSuffix(c.url, servicePrefix) + betaPrefix
	ada, group := c.user("ada"), c.group("readers")
	c.user("ben")
	app := c.expect(201, "POST", "/applications", `{"displayName":"Robot"}`)
	robot := beta.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	for _, id := range []string{ada, robot} {
		beta.expect(204, "POST", "/groups/"+group+"/members/$ref", pointer(id))
	}
	if got := pick(c.values("/groups/"+group+"/members"), "id"); len(got) != 1 {
		t.Errorf("v1.0 lists %v", got)
	}
	if got := pick(beta.values("/groups/"+group+"/members"), "id"); len(got) != 2 {
		t.Errorf("beta lists %v", got)
	}
	if next, _ := beta.get("/users?$top=1")["@odata.nextLink"].(string); !strings.HasPrefix(next, beta.url) {
		t.Errorf("the next page is at %s", next)
	}
	other := *c
	other.url = strings.TrimSuffix(c.url, servicePrefix) + "/v2.0"
	other.refuses(400, "BadRequest", "Invalid version: v2.0", "GET", "/users", "")
}
