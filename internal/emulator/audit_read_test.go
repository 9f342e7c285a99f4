package emulator

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"
)

// filtered returns the activities that a filter finds, in the order in which they come.
func (c *client) filtered(filter, more string) []string {
	c.t.Helper()
	return pick(c.values(auditPath+"?$filter="+url.PathEscape(filter)+more), "activityDisplayName")
}

// An entry can be read some minutes after its time, and no longer than the licence keeps it.
func TestAuditDelayAndRetention(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Now: func() time.Time { return now }, AuditDelay: 5 * time.Minute})
	group := c.group("g")
	seen := func(want int) {
		t.Helper()
		if got := len(c.values(auditPath)); got != want {
			t.Errorf("after %s the log has %d entries, want %d", now.Sub(testClock), got, want)
		}
	}
	seen(0)
	now = now.Add(5*time.Minute - time.Second)
	seen(0)
	now = now.Add(time.Second)
	seen(1)
	id := textOf(c.values(auditPath)[0]["id"])
	c.get(auditPath + "/" + id)
	c.expect(204, "DELETE", "/groups/"+group, "")
	now = now.Add(8 * 24 * time.Hour)
	seen(2)
	if err := c.server.SetLicence("free"); err != nil {
		t.Fatal(err)
	}
	seen(0)
	if a := c.do("GET", auditPath+"/"+id, ""); a.status != 404 {
		t.Errorf("an entry that is no longer kept: %d", a.status)
	}
	if err := c.server.SetLicence("p1"); err != nil {
		t.Fatal(err)
	}
	now = testClock.Add(30*24*time.Hour + time.Second)
	seen(1)
}

func TestAuditFiltersAndOrder(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Now: func() time.Time { return now }})
	group := c.group("g")
	for i, fraction := range []time.Duration{500 * time.Millisecond, 0, 40 * time.Millisecond} { // times of three lengths
		now = testClock.Add(time.Duration(10-i)*time.Second + fraction)
		c.ada().expect(204, "PATCH", "/groups/"+group, `{"description":"`+now.String()+`"}`)
	}
	order := pick(c.values(auditPath), "activityDateTime")
	want := []string{"2026-10-01T09:00:10.5Z", "2026-10-01T09:00:09Z", "2026-10-01T09:00:08.04Z", "2026-10-01T09:00:00Z"}
	if !slices.Equal(order, want) {
		t.Errorf("newest first: %q", order)
	}
	order = pick(c.values(auditPath+"?$orderby=activityDateTime asc&$top=2"), "activityDateTime")
	slices.Reverse(want)
	if !slices.Equal(order, want) {
		t.Errorf("oldest first: %q", order)
	}
	first := c.entry("Add group")
	for filter, want := range map[string]int{
		"activityDateTime ge 2026-10-01T09:00:08Z and activityDateTime lt 2026-10-01T09:00:10Z":         2,
		"activityDateTime gt 2026-10-01T09:00:09Z and activityDateTime le 2026-10-01T09:00:10.5Z":       1,
		"activityDateTime eq 2026-10-01T09:00:09Z":                                                      1,
		"activityDateTime ge 2026-10-01T09:00:09Z and targetResources/any(t: t/id eq '" + group + "')":  2,
		"activityDisplayName eq 'Update group'":                                                         3,
		"startswith(activityDisplayName,'Update')":                                                      3,
		"correlationId eq '" + textOf(first["correlationId"]) + "'":                                     1,
		"id eq '" + textOf(first["id"]) + "'":                                                           1,
		"loggedByService eq 'Core Directory' and category eq 'GroupManagement' and result eq 'success'": 4,
		"initiatedBy/user/userPrincipalName eq 'ada@contoso.com'":                                       3,
		"initiatedBy/user/id eq 'u-ada' and operationType eq 'Update'":                                  3,
		"initiatedBy/app/displayName eq 'Graph client'":                                                 1,
		"targetResources/any(t: startswith(t/displayName,'x'))":                                         0,
	} {
		if got := c.filtered(filter, ""); len(got) != want {
			t.Errorf("%s: %q", filter, got)
		}
	}
	c.refuses(400, "Request_UnsupportedQuery", "activityDateTime", "GET", auditPath+"?$filter=activityDateTime%20ne%202026-10-01T09:00:00Z", "")
	c.refuses(400, "Request_UnsupportedQuery", "category", "GET", auditPath+"?$filter=startswith(category,'G')", "")
}

// Pages go on where the last one ended, whatever came to the log since.
func TestAuditPages(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", PageSize: 2, Now: func() time.Time { now = now.Add(time.Second); return now }})
	for _, name := range []string{"a", "b", "c", "d"} {
		c.group(name)
	}
	for _, order := range []string{"desc", "asc"} {
		first := c.get(auditPath + "?$orderby=activityDateTime%20" + order)
		c.group("later-" + order)
		second := c.values(textOf(first["@odata.nextLink"]))
		seen := make(map[any]bool)
		for _, v := range asList(first["value"]) {
			seen[field(v, "id")] = true
		}
		for _, e := range second {
			if seen[e["id"]] {
				t.Errorf("%s: twice: %v", order, e["id"])
			}
			seen[e["id"]] = true
		}
		if len(seen) < 4 {
			t.Errorf("%s: %d entries", order, len(seen))
		}
	}
}

// The log is bounded; the oldest entries go first.
func TestAuditLogIsBounded(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	s := c.server.store
	for i := range auditLimit + 3 {
		s.record(caller{}, report{activity: strconv.Itoa(i)})
	}
	log := s.list(auditPath)
	if len(log) != auditLimit || log[0].body["activityDisplayName"] != "3" {
		t.Errorf("%d entries, the first is %v", len(log), log[0].body["activityDisplayName"])
	}
}

func TestWhoReadsTheAuditLog(t *testing.T) {
	c := serve(t, Options{Seed: "contoso", Permissions: []string{"Group.Read.All"}})
	c.refuses(403, "Authentication_MSGraphPermissionMissing", "required MSGraph permissions AuditLog.Read.All", "GET", auditPath, "")
	c.server.Grant([]string{"AuditLog.Read.All"})
	c.get(auditPath)
	c.server.Grant(nil)
	bob := c.user("bob")
	person := c.with("Authorization", bearing(`{"oid":"`+bob+`","upn":"bob@`+mainDomain+`"}`))
	person.refuses(403, "Authentication_RequestFromUnsupportedUserRole", "not in the allowed roles", "GET", auditPath, "")
	c.create(roleAssignmentsPath, `{"principalId":"`+bob+`","roleDefinitionId":"`+globalReader+`","directoryScopeId":"/"}`)
	person.get(auditPath)
	if err := c.server.SetLicence("free"); err != nil {
		t.Fatal(err)
	}
	c.get(auditPath) // every edition has the log
}

func TestAuditLogIsThrottled(t *testing.T) {
	now := testClock
	c := serve(t, Options{Seed: "empty", Throttle: true, Now: func() time.Time { return now }})
	for range 5 {
		c.get(auditPath)
	}
	refused := c.do("GET", auditPath, "")
	if refused.status != http.StatusTooManyRequests || refused.header.Get("Retry-After") != "2" {
		t.Errorf("%d, %q", refused.status, refused.header.Get("Retry-After"))
	}
	c.get("/users") // has limits of its own
	now = now.Add(2 * time.Second)
	c.get(auditPath)
}

func TestAuditDelayIsNotNegative(t *testing.T) {
	if _, err := New(Options{Seed: "empty", AuditDelay: -time.Second}); err == nil {
		t.Error("a negative delay was taken")
	}
}

// The administrator of a portal can be anybody, at any address.
func TestAdministratorIsNamed(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	bob := c.user("bob")
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", bearing(`{"oid":"`+bob+`","upn":"bob@contoso.com"}`))
	r.Header.Set("X-Forwarded-For", "198.51.100.4")
	if err := c.server.Administrator().As(r).Set("/users/"+bob, map[string]any{"jobTitle": "Analyst"}); err != nil {
		t.Fatal(err)
	}
	by := at(c.entry("Update user"), "initiatedBy.user").(object)
	if by["id"] != bob || by["userPrincipalName"] != "bob@contoso.com" || by["ipAddress"] != "198.51.100.4" {
		t.Errorf("%v", by)
	}
}

// Who revokes a person's sessions is told twice.
func TestRevokedSessionsInTheLog(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	bob := c.user("bob")
	c.expect(200, "POST", "/users/"+bob+"/revokeSignInSessions", "")
	revoked, twin := c.entry("Update StsRefreshTokenValidFrom Timestamp"), c.entry("Update user")
	c.says(revoked, "User "+bob, `StsRefreshTokensValidFrom: [] → ["2026-10-01T09:00:00Z"]`, `Included Updated Properties: ∅ → "StsRefreshTokensValidFrom"`)
	if revoked["correlationId"] != twin["correlationId"] {
		t.Error("twins of different calls")
	}
}
