package capture

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

func TestFirstID(t *testing.T) {
	for _, test := range []struct {
		name string
		kind kind.Kind
		body string
		want string
	}{
		{"a list", kind.Kind{}, `{"value":[{"id":"a"},{"id":"b"}]}`, "a"},
		{"an empty list", kind.Kind{}, `{"value":[]}`, ""},
		{"known by another property", kind.Kind{Place: kind.Place{IDFrom: "tenantId"}}, `{"value":[{"tenantId":"t"}]}`, "t"},
		{"a singleton", kind.Kind{Place: kind.Place{Singleton: true}}, `{"id":"s"}`, "s"},
		{"no JSON", kind.Kind{}, `<html>`, ""},
	} {
		if got := firstID(&test.kind, []byte(test.body)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestProbeJudges forgives what only says that there is nothing.
func TestProbeJudges(t *testing.T) {
	optional := &kind.Kind{Place: kind.Place{Optional: true}}
	for _, test := range []struct {
		probe Probe
		err   error
		fine  bool
	}{
		{Probe{Kind: &kind.Kind{}}, nil, true},
		{Probe{Kind: &kind.Kind{}}, entra.ErrNotFound, false},
		{Probe{Kind: optional}, entra.ErrNotFound, true},
		{Probe{Kind: optional}, entra.ErrForbidden, false},
		{Probe{Kind: &kind.Kind{}, Part: "p"}, entra.ErrNotFound, true},
		{Probe{Kind: &kind.Kind{}, Part: "p"}, entra.ErrRejected, true},
		{Probe{Kind: &kind.Kind{}, Part: "p"}, entra.ErrForbidden, false},
	} {
		if got := test.probe.judge(test.err); (got == nil) != test.fine {
			t.Errorf("%+v: %v", test.probe, got)
		}
	}
}

// A kind is asked for one object, or for its first page where the page takes no size; a
// part that needs a permission of its own about the object that was found.
func TestProbesAskForLittle(t *testing.T) {
	many := &kind.Kind{Name: "many", Place: kind.Place{Path: "/many"}, Reading: kind.Reading{Top: 999}}
	many.Permissions.Read = []string{"Many.Read"}
	many.Links = []kind.Link{{Name: "free"}, {Name: "closed", Permissions: kind.Permissions{Read: []string{"Closed.Read"}}}}
	many.Contained = []kind.Contained{{Name: "inline", Inline: true, Permissions: many.Permissions}, {Name: "parts", Permissions: many.Permissions}}
	many.Extras = []kind.Extra{{Properties: []string{"x", "y"}, Permissions: kind.Permissions{Read: []string{"X.Read"}}}}
	of := &kind.Kind{Name: "of", Place: kind.Place{Path: "/of", Parent: &kind.Parent{Kind: "many", Filter: "m eq '{id}'"}}}
	one := &kind.Kind{Name: "one", Place: kind.Place{Path: "/one", Singleton: true}}
	none := &kind.Kind{Name: "none", Reading: kind.Reading{Unavailable: "nobody may"}}
	kinds := []*kind.Kind{of, many, none, one}
	for _, tt := range []struct {
		answer string
		asked  string
		done   string
	}{
		{`{"value":[{"id":"1"}]}`,
			"/many?$select=id&$top=1 /one /of?$filter=m%20eq%20%271%27 /many?$select=id,x,y&$top=1 /many/1/parts /many/1/closed",
			"of many many/x, y many/parts many/closed one"},
		{`{"value":[]}`,
			"/many?$select=id&$top=1 /one /many?$select=id,x,y&$top=1",
			"of? many many/parts? many/closed? many/x, y one"},
	} {
		src := &probed{answer: tt.answer}
		probes, err := Probes(t.Context(), src, "t", kinds)
		if err != nil {
			t.Fatal(err)
		}
		var done []string
		for _, p := range probes {
			name := p.Kind.Name
			if p.Part != "" {
				name += "/" + p.Part
			}
			if p.Untried {
				name += "?"
			}
			done = append(done, name)
		}
		if got := strings.Join(done, " "); got != tt.done {
			t.Errorf("%s: %s, want %s", tt.answer, got, tt.done)
		}
		if got := strings.Join(src.asked, " "); got != tt.asked {
			t.Errorf("%s: asked %s, want %s", tt.answer, got, tt.asked)
		}
	}
	if _, err := Probes(t.Context(), &script{batch: entra.ErrUnavailable}, "t", kinds); !errors.Is(err, entra.ErrUnavailable) {
		t.Errorf("a batch that fails: %v", err)
	}
	if probes, err := Probes(t.Context(), &script{batch: entra.ErrUnavailable}, "t", []*kind.Kind{none}); err != nil || len(probes) != 0 {
		t.Errorf("nothing to ask: %v, %v", probes, err)
	}
}

// probed answers each request of a batch the same.
type probed struct {
	script
	answer string
}

func (p *probed) Batch(_ context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error) {
	resps := make([]graph.BatchResponse, len(reqs))
	for i, req := range reqs {
		p.asked = append(p.asked, req.Path)
		resps[i].Body = []byte(p.answer)
	}
	return resps, nil
}

// A probe says in words what the coverage of the kind would say.
func TestProbeState(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{nil, "complete "},
		{fmt.Errorf("x: %w", entra.ErrForbidden), "forbidden x: permission denied"},
		{&graph.Error{Status: 403, Code: "TenantNotLicensed", Sentinel: entra.ErrUnlicensed}, "unlicensed not licensed: 403 TenantNotLicensed"},
		{entra.ErrUnavailable, "skipped service unavailable"},
	} {
		state, cause := (&Probe{Err: tt.err}).State()
		if got := string(state) + " " + cause; got != tt.want {
			t.Errorf("%v: %q", tt.err, got)
		}
	}
}
