package graph

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// steady is a clock that only goes on where somebody waits.
type steady struct{ now time.Time }

func (s *steady) Now() time.Time { return s.now }

func (s *steady) Sleep(ctx context.Context, d time.Duration) error {
	s.now = s.now.Add(d)
	return ctx.Err()
}

// Writes go as fast as they come until the quota is used up, and from then on as fast as it
// fills. Graph knows better: after it took no more, nothing is sent until it does.
func TestWriteQuota(t *testing.T) {
	c := &steady{now: time.Unix(1_800_000_000, 0)}
	begun := c.now
	q := newWriteQuota(c.now)
	write := func(n int) time.Duration {
		for range n / 20 {
			if err := q.take(t.Context(), c, 20); err != nil {
				t.Fatal(err)
			}
		}
		return c.now.Sub(begun).Round(time.Second)
	}
	if took := write(2900); took != 0 {
		t.Errorf("the first took %s", took)
	}
	if took := write(3000); took < 150*time.Second || took > 160*time.Second {
		t.Errorf("those of a period more took %s", took)
	}
	before := c.now
	q.exhausted(c.now, 30*time.Second)
	if write(20); c.now.Sub(before) < 30*time.Second || c.now.Sub(before) > 32*time.Second {
		t.Errorf("after %s although Graph took none for 30 s", c.now.Sub(before))
	}
	before = c.now
	if err := q.take(t.Context(), c, 0); err != nil || c.now != before {
		t.Errorf("nothing took %s: %v", c.now.Sub(before), err)
	}
	c.now = c.now.Add(time.Hour)
	before = c.now
	if write(2900); c.now != before {
		t.Errorf("after an hour, %s", c.now.Sub(before))
	}
}

// What only asks is no write, and what has a rate of its own counts there.
func TestWhatCountsAsAWrite(t *testing.T) {
	for path, want := range map[string]int{
		"PATCH /v1.0/users/1": 1, "POST /v1.0/groups": 1, "DELETE /v1.0/groups/1/members/2/$ref": 1, "PUT /v1.0/users/1/manager/$ref": 1,
		"GET /v1.0/users": 0, "POST /v1.0/directoryObjects/getByIds": 0, "POST /v1.0/directoryObjects/microsoft.graph.getByIds": 0,
		"POST /v1.0/users/1/checkMemberGroups": 0, "POST /v1.0/$batch": 0, "PATCH /v1.0/identity/conditionalAccess/policies/1": 0,
	} {
		method, rest, _ := strings.Cut(path, " ")
		k := call{method: method, url: &url.URL{Path: rest}, rate: rateOf(rest)}
		if got := k.writes(); got != want {
			t.Errorf("%s counts %d", path, got)
		}
	}
	u := &url.URL{Path: "/v1.0/users/1"}
	all := call{method: http.MethodPost, url: &url.URL{Path: "/v1.0/$batch"}}
	for _, method := range []string{"PATCH", "GET", "PATCH"} {
		all.items = append(all.items, &item{call: call{method: method, url: u}})
	}
	if got := all.writes(); got != 2 {
		t.Errorf("a batch counts %d", got)
	}
}
