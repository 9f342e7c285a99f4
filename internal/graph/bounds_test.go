package graph_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// endless answers every page with some items and a link to a page of its own.
func endless(items string) http.HandlerFunc {
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		n++
		answer(200, fmt.Sprintf(`{"value":[%s],"@odata.nextLink":"http://%s/v1.0/users?$skiptoken=%d"}`, items, r.Host, n))(w, r)
	}
}

// A collection that never ends is given up, and so is one that has nothing but links.
func TestEndlessCollection(t *testing.T) {
	for name, tc := range map[string]struct {
		items string
		sent  int
		says  string
	}{
		"pages with objects": {`{"id":"1"}`, 30, "more pages than"},
		"empty pages":        {``, 30, "more pages than"},
		"many empty pages":   {``, 500, "500 pages in a row without an object"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := &steps{handlers: []http.HandlerFunc{endless(tc.items)}}
			client, _, _ := connect(t, srv, func(c *graph.Config) {
				if tc.sent == 30 {
					c.MaxPages = 30
				}
			})
			_, err := collect(client.List(t.Context(), "/users", nil))
			if !errors.Is(err, entra.ErrUnsafe) || !strings.Contains(fmt.Sprint(err), tc.says) || srv.count() != tc.sent {
				t.Errorf("%v after %d pages, want ErrUnsafe after %d", err, srv.count(), tc.sent)
			}
		})
	}
	t.Run("as many as allowed", func(t *testing.T) {
		client, _, _ := connect(t, pages(`{"value":[]}`, `{"value":[]}`, `{"value":[{"id":"1"}]}`),
			func(c *graph.Config) { c.MaxPages = 3 })
		if items, err := collect(client.List(t.Context(), "/users", nil)); err != nil || len(items) != 1 {
			t.Errorf("%q %v", items, err)
		}
	})
	t.Run("an object after many empty pages", func(t *testing.T) {
		bodies := make([]string, 700)
		for i := range bodies {
			bodies[i] = `{"value":[]}`
		}
		bodies[350] = `{"value":[{"id":"1"}]}`
		client, _, _ := connect(t, pages(bodies...))
		if items, err := collect(client.List(t.Context(), "/users", nil)); err != nil || len(items) != 1 {
			t.Errorf("%q %v", items, err)
		}
	})
}

// What stays wrong is given up after two minutes, and what the server puts off again
// and again after a quarter of an hour, however many attempts would be left.
func TestPatience(t *testing.T) {
	slow := func(c *clock, status int, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_ = c.Sleep(context.Background(), 50*time.Second) // what the answer takes
			answer(status, "garbage", headers...)(w, r)
		}
	}
	for name, tc := range map[string]struct {
		status  int
		headers []string
		sent    int
		longest time.Duration
	}{
		"server errors":  {500, nil, 3, 3 * time.Minute},
		"damaged":        {200, nil, 3, 3 * time.Minute},
		"put off":        {503, []string{"Retry-After", "290"}, 3, 16 * time.Minute},
		"throttled long": {429, []string{"Retry-After", "600"}, 3, 16 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			srv := new(steps)
			client, c, _ := connect(t, srv)
			srv.handlers = []http.HandlerFunc{slow(c, tc.status, tc.headers...)}
			begun := c.Now()
			if _, err := client.Get(t.Context(), "/users", nil); err == nil {
				t.Fatal("no error")
			}
			if took := c.Now().Sub(begun); srv.count() != tc.sent || took > tc.longest {
				t.Errorf("%d requests in %v, want %d in at most %v", srv.count(), took, tc.sent, tc.longest)
			}
		})
	}
	t.Run("inside a batch", func(t *testing.T) {
		srv := &steps{handlers: []http.HandlerFunc{
			answer(200, `{"responses":[{"id":"0","status":429,"headers":{"Retry-After":"290"}}]}`)}}
		client, _, _ := connect(t, srv)
		got, err := client.Batch(t.Context(), []graph.BatchRequest{{Method: "GET", Path: "/users"}})
		if err != nil || !errors.Is(got[0].Err, entra.ErrThrottled) || srv.count() != 4 {
			t.Errorf("%v %v after %d requests, want ErrThrottled after 4", got, err, srv.count())
		}
	})
}

// A deadline says of itself which it is.
func TestDeadlineIsNamed(t *testing.T) {
	late := errors.New("the run was given an hour")
	ctx, cancel := context.WithDeadlineCause(t.Context(), time.Now().Add(-time.Second), late)
	defer cancel()
	client, _, _ := connect(t, answer(200, oneUser))
	if _, err := client.Get(ctx, "/users", nil); !errors.Is(err, late) {
		t.Errorf("got %v", err)
	}
}
