package capture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Singletons and small kinds are read by one batch; what is large, listed for others or
// not readable is not, and one alone costs a request either way.
func TestPrefetch(t *testing.T) {
	few := func(name string) *kind.Kind { return &kind.Kind{Name: name, Place: kind.Place{Path: "/" + name}} }
	one := &kind.Kind{Name: "one", Place: kind.Place{Path: "/one", Singleton: true}}
	among := &kind.Kind{Name: "among", Place: kind.Place{Path: "/among", Singleton: true, Listed: true}}
	bulk := few("bulk")
	bulk.Bulk = true
	paged := few("paged")
	paged.Top = 100
	ofOthers := few("ofOthers")
	ofOthers.Parent = &kind.Parent{Kind: "few"}
	closed := few("closed")
	closed.Unavailable = "nobody may"
	lost := few("lost")
	lost.Path = "/of/{tenant}/lost" // whose id is not known
	for _, tt := range []struct {
		kinds []*kind.Kind
		asked []string
	}{
		{nil, nil},
		{[]*kind.Kind{one}, nil},
		{[]*kind.Kind{one, bulk, paged, ofOthers, closed}, nil},
		{[]*kind.Kind{one, few("few"), among}, []string{"/one", "/few", "/among"}},
		{[]*kind.Kind{few("few"), bulk, closed, few("more")}, []string{"/few", "/more"}},
		{[]*kind.Kind{few("few"), lost, few("more")}, []string{"/organization", "/few", "/more"}},
	} {
		src := &script{}
		r := &reader{src: src}
		if err := r.prefetch(t.Context(), tt.kinds); err != nil || !slices.Equal(src.asked, tt.asked) {
			t.Errorf("%v, asked %v, want %v", err, src.asked, tt.asked)
		}
	}
}

// What was prefetched serves one reading; after a batch that failed each kind is read on
// its own, and only a run that cannot go on ends.
func TestPrefetchedOnce(t *testing.T) {
	a, b := &kind.Kind{Name: "a", Place: kind.Place{Path: "/a"}}, &kind.Kind{Name: "b", Place: kind.Place{Path: "/b", Singleton: true}}
	src := &script{
		bodies: map[string][]string{"/a": {`{"id":"1"}`, `{"id":"2"}`}, "/b": {"/b"}},
		errs:   map[string]error{"/b": entra.ErrForbidden},
	}
	r := &reader{src: src}
	if err := r.prefetch(t.Context(), []*kind.Kind{a, b}); err != nil {
		t.Fatal(err)
	}
	read := func(k *kind.Kind) (got string) {
		for body, err := range r.list(t.Context(), newView(k, "")) {
			got += fmt.Sprintf("%s %v;", body, err)
		}
		return got
	}
	if got := read(a); got != `{"id":"1"} <nil>;{"id":"2"} <nil>;` || read(a) != got {
		t.Errorf("a list: %s", got)
	}
	if got := read(b); got != "/b permission denied;" {
		t.Errorf("a singleton: %s", got)
	}
	src.errs = nil
	if got := read(b); got != "/b <nil>;" {
		t.Errorf("a singleton that is read again: %s", got)
	}
	src.batch = entra.ErrUnavailable
	if err := r.prefetch(t.Context(), []*kind.Kind{a, b}); err != nil {
		t.Errorf("a batch that failed ends the run: %v", err)
	}
	if got := read(b); got != "/b <nil>;" {
		t.Errorf("after a batch that failed: %s", got)
	}
	src.batch = entra.ErrUnauthenticated
	if err := r.prefetch(t.Context(), []*kind.Kind{a, b}); !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("a refused sign-in: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	src.batch = context.Canceled
	if err := r.prefetch(cancelled, []*kind.Kind{a, b}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A listing whose page token expired begins anew, three times at most; one that is refused
// because of extras begins anew without them.
func TestListingsThatBeginAnew(t *testing.T) {
	k := &kind.Kind{Name: "k", Place: kind.Place{Path: "/k"}}
	src := &script{bodies: map[string][]string{"/k": {"x"}}, errs: map[string]error{"/k": entra.ErrExpired}}
	r := &reader{src: src}
	var objects int
	var last error
	for _, err := range r.list(t.Context(), newView(k, "")) {
		if last = err; err == nil {
			objects++
		}
	}
	if len(src.asked) != 4 || objects != 4 || !errors.Is(last, entra.ErrExpired) {
		t.Errorf("listed %d times, %d objects, %v", len(src.asked), objects, last)
	}
	src.asked, src.errs["/k"] = nil, entra.ErrForbidden
	v := newView(k, "")
	v.extras = []string{"secret"}
	for _, err := range r.list(t.Context(), v) {
		last = err
	}
	if len(src.asked) != 2 || !errors.Is(last, entra.ErrForbidden) || v.extras != nil || !errors.Is(v.missing("secret"), entra.ErrForbidden) {
		t.Errorf("listed %d times, %v, extras %v", len(src.asked), last, v.extras)
	}
	src.asked = nil
	for range r.list(t.Context(), newView(k, "")) {
		break
	}
	if len(src.asked) != 1 {
		t.Errorf("a caller that had enough: listed %d times", len(src.asked))
	}
}

// A singleton may be absent only where its kind says so.
func TestSingletonThatIsAbsent(t *testing.T) {
	src := &script{errs: map[string]error{"/k": entra.ErrNotFound}}
	for _, optional := range []bool{true, false} {
		n := 0
		for range (&reader{src: src}).list(t.Context(), newView(&kind.Kind{Place: kind.Place{Path: "/k", Singleton: true, Optional: optional}}, "")) {
			n++
		}
		if (n == 0) != optional {
			t.Errorf("optional %v: %d answers", optional, n)
		}
	}
}
