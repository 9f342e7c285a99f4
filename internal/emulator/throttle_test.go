package emulator

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

func TestUnitCosts(t *testing.T) {
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/users", 2},
		{"GET", "/users?$select=id", 1},
		{"GET", "/users?$select=id&$expand=manager", 2},
		{"GET", "/users?$top=5", 1},
		{"GET", "/users?$top=999", 2},
		{"GET", "/users/x", 1},
		{"GET", "/groups/x/members", 3},
		{"GET", "/groups/x/transitiveMembers", 5},
		{"POST", "/directoryObjects/getByIds", 5},
		{"POST", "/directoryObjects/getByIds?$select=id", 2},
		{"PATCH", "/users/x", 1},
		{"GET", "/policies/authorizationPolicy", 1},
	} {
		u, err := url.Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		if got := unitCost(&request{method: test.method, path: u.Path, query: u.Query()}); got != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, got, test.want)
		}
	}
}

func TestQuotas(t *testing.T) {
	now := testClock
	limits := newThrottle(10, func() time.Time { return now })
	ask := func(method, path string) (bool, http.Header) {
		refusal, header := limits.admit(&request{method: method, path: path})
		return refusal == nil, header
	}
	if ok, _ := ask("GET", policiesPath); !ok {
		t.Fatal("the first request for Conditional Access was refused")
	}
	if ok, header := ask("GET", policiesPath); ok || header.Get("Retry-After") != "" {
		t.Error("a second request in one second must be refused without Retry-After")
	}
	now = now.Add(time.Second)
	if ok, _ := ask("GET", policiesPath); !ok {
		t.Error("refused after a second")
	}
	granted := 0
	for ; ; granted++ {
		ok, header := ask("GET", "/users/x")
		if ok {
			continue
		}
		if header.Get("Retry-After") == "" || header.Get("x-ms-throttle-information") != "ResourceUnitLimitExceeded" {
			t.Errorf("refusal: %v", header)
		}
		break
	}
	if granted != 3500 {
		t.Errorf("%d units in a small tenant", granted)
	}
	now = now.Add(10 * time.Second)
	if ok, header := ask("GET", "/users/x"); !ok || header.Get("x-ms-resource-unit") != "1" {
		t.Errorf("after the period: %v, %v", ok, header)
	}
}

func TestThrottledTenant(t *testing.T) {
	c := serve(t, Options{Throttle: true})
	c.get(policiesPath)
	c.refuses(429, "TooManyRequests", "", "GET", policiesPath, "")
	if a := c.do("GET", "/users?$top=1", ""); a.header.Get("x-ms-resource-unit") != "1" {
		t.Errorf("%v", a.header)
	}
	batch := c.expect(200, "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/identity/conditionalAccess/namedLocations"}]}`)
	if item := asList(batch["responses"])[0].(object); item["status"].(interface{ String() string }).String() != "429" {
		t.Errorf("items of a batch count on their own: %v", item)
	}
}

// A new object is not there for readers until it has been replicated.
func TestReplicationLag(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Lag: 5 * time.Second, Now: func() time.Time { return now }})
	ada := c.user("ada")
	group := c.group("g")
	now = now.Add(time.Second)
	c.refuses(404, "Request_ResourceNotFound", ada, "GET", "/users/"+ada, "")
	if got := c.values("/users"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	now = now.Add(5 * time.Second)
	c.get("/users/" + ada)
	bob := c.user("bob")
	c.refuses(404, "Request_ResourceNotFound", bob, "POST", "/groups/"+group+"/members/$ref", pointer(bob))
	c.refuses(400, "Request_BadRequest", "one of the objects being referenced do not exist", "POST", "/groups/"+c.group("new")+"/members/$ref", pointer(ada))
	c.expect(204, "DELETE", "/users/"+ada, "")
	now = now.Add(5 * time.Second)
	c.expect(200, "POST", "/directory/deletedItems/"+ada+"/restore", "")
	c.refuses(404, "Request_ResourceNotFound", ada, "GET", "/users/"+ada, "")
}

// Whoever looks from outside meets no limit, and leaves what there is to the others.
func TestUnlimited(t *testing.T) {
	now := testClock
	c := serve(t, Options{Throttle: true, Now: func() time.Time { return now }})
	web := httptest.NewServer(c.server.Unlimited())
	defer web.Close()
	outside := &client{t: t, server: c.server, url: web.URL + servicePrefix, header: make(http.Header)}
	for range 3 {
		outside.get(policiesPath)
		batch := outside.expect(200, "POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/identity/conditionalAccess/namedLocations"}]}`)
		if item := asList(batch["responses"])[0].(object); item["status"].(interface{ String() string }).String() != "200" {
			t.Errorf("an item of a batch: %v", item)
		}
	}
	c.get(policiesPath)
	c.refuses(429, "TooManyRequests", "", "GET", policiesPath, "")
	now = now.Add(time.Second) // the limits go by the tenant's clock
	c.get(policiesPath)
}
