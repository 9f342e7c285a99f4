package graph_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// A $select that names what Graph does not know goes on without, and is refused once a
// run for each property: by a list, by its next pages, by one object and in a batch.
func TestUnknownPropertiesAreLeftOut(t *testing.T) {
	tenant := newTenant(t, emulator.Options{PageSize: 10, Faults: []emulator.Fault{
		{Path: "/groups", Unknown: "classification"}, {Path: "/groups/*", Unknown: "classification"},
		{Path: "/groups", Unknown: "theme"}, {Path: "/groups/*", Unknown: "theme"},
	}})
	client, _, _ := connect(t, tenant)
	query := url.Values{"$select": {"classification,displayName,id,theme"}}
	groups := ids(t, client, "/groups", query)
	body, err := client.Get(context.Background(), "/groups/"+groups[0], query)
	if err != nil || property(t, body, "displayName") == "" {
		t.Errorf("%s: %v", body, err)
	}
	answers, err := client.Batch(context.Background(), []graph.BatchRequest{
		{Method: "GET", Path: "/groups/" + groups[1] + "?$select=classification,displayName,id,theme"},
		{Method: "GET", Path: "/groups/" + groups[2] + "?$select=id,theme"},
		{Method: "GET", Path: "/groups/" + groups[3] + "?$select=theme"},
	})
	if err != nil || answers[0].Err != nil || answers[1].Err != nil || property(t, answers[1].Body, "id") != groups[2] {
		t.Errorf("%v %v", answers, err)
	}
	if !errors.Is(answers[2].Err, entra.ErrRejected) {
		t.Errorf("a request for nothing that is known: %v", answers[2].Err)
	}
	refused := 0
	for _, r := range tenant.Requests() {
		if r.Status == http.StatusBadRequest {
			refused++
		}
	}
	if refused != 4 || len(groups) < 50 {
		t.Errorf("%d requests were refused for %d groups, want 2 of the first $select and 1 of each other", refused, len(groups))
	}
	known := slices.Sorted(maps.Keys(client.Unknown("/groups/"+groups[0], query)))
	if d := cmp.Diff([]string{"classification", "theme"}, known); d != "" || len(client.Unknown("/users", query)) > 0 {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A service that refuses whatever it is asked for is asked a bounded number of times.
func TestRefusalsThatLeadNowhere(t *testing.T) {
	refusal := func(name string) http.HandlerFunc {
		return answer(400, errorBody("BadRequest", "Parsing OData Select and Expand failed: Could not find a property named '"+name+"' on type 'microsoft.graph.group'."))
	}
	long := url.Values{"$select": {"p00,p01,p02,p03,p04,p05,p06,p07,p08,p09,p10,p11,p12,p13,p14,p15,p16,p17,p18,p19,p20,p21,p22,p23,p24,id"}}
	var each []http.HandlerFunc
	for i := range 25 {
		each = append(each, refusal("p"+string(rune('0'+i/10))+string(rune('0'+i%10))))
	}
	for name, tt := range map[string]struct {
		handlers []http.HandlerFunc
		query    url.Values
		requests int
	}{
		"the same again":      {[]http.HandlerFunc{refusal("a")}, url.Values{"$select": {"a,id"}}, 2},
		"what was not asked":  {[]http.HandlerFunc{refusal("b")}, url.Values{"$select": {"a,id"}}, 1},
		"without a selection": {[]http.HandlerFunc{refusal("a")}, nil, 1},
		"every property":      {[]http.HandlerFunc{refusal("a"), refusal("id")}, url.Values{"$select": {"a,id"}}, 2},
		"too many":            {each, long, 21},
		"another refusal":     {[]http.HandlerFunc{answer(400, errorBody("BadRequest", "Invalid filter clause: 'a'"))}, url.Values{"$select": {"a,id"}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			server := &steps{handlers: tt.handlers}
			client, _, _ := connect(t, server)
			_, err := client.Get(context.Background(), "/groups/1", tt.query)
			if !errors.Is(err, entra.ErrRejected) || server.count() != tt.requests {
				t.Errorf("%d requests, want %d: %v", server.count(), tt.requests, err)
			}
		})
	}
}
