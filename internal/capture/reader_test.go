package capture

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// script is a source that answers from a table, by path without the query.
type script struct {
	bodies  map[string][]string // objects of a list, or the one body of a resource
	errs    map[string]error
	batch   error // of every batch as a whole
	asked   []string
	sizes   []int    // of batches
	granted []string // nil where nobody knows
}

func (s *script) Cloud() string { return "" }

func (s *script) Unknown(string, url.Values) map[string]error { return nil }

func (s *script) List(_ context.Context, path string, _ url.Values) iter.Seq2[[]byte, error] {
	s.asked = append(s.asked, path)
	return func(yield func([]byte, error) bool) {
		for _, body := range s.bodies[path] {
			if !yield([]byte(body), nil) {
				return
			}
		}
		if err := s.errs[path]; err != nil {
			yield(nil, err)
		}
	}
}

// Permissions are what the test says.
func (s *script) Permissions(context.Context) ([]string, bool) { return s.granted, s.granted != nil }

// Items takes an answer for the path of its list.
func (s *script) Items(ctx context.Context, answer []byte) iter.Seq2[[]byte, error] {
	return s.List(ctx, string(answer), nil)
}

func (s *script) Get(_ context.Context, path string, _ url.Values) ([]byte, error) {
	s.asked = append(s.asked, path)
	if err := s.errs[path]; err != nil {
		return nil, err
	}
	return []byte(strings.Join(s.bodies[path], "")), nil
}

func (s *script) Batch(_ context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error) {
	if s.batch != nil {
		return nil, s.batch
	}
	s.sizes = append(s.sizes, len(reqs))
	resps := make([]graph.BatchResponse, len(reqs))
	for i, req := range reqs {
		path, _, _ := strings.Cut(req.Path, "?")
		s.asked = append(s.asked, path)
		resps[i] = graph.BatchResponse{Body: []byte(path), Err: s.errs[path]}
	}
	return resps, nil
}

// A list is asked for on the largest pages and a single object without them; what needs a
// permission of its own is asked for until it is refused.
func TestQueryOfAView(t *testing.T) {
	plain := &kind.Kind{Name: "plain", Shape: kind.Shape{Update: []string{"b"}, Create: []string{"a"}, Status: []string{"c", "b"}}}
	byNames := *plain
	byNames.Reading = kind.Reading{Select: true, Top: 999, Filter: "x eq 'y z'", Expand: []string{"m", "n"}}
	extra := *plain
	extra.Status = []string{"c", "secret"}
	extra.Reading = kind.Reading{Extras: []kind.Extra{{Properties: []string{"secret"}, Permissions: kind.Permissions{Read: []string{"Secret.Read"}}}}}
	for _, tt := range []struct {
		kind         *kind.Kind
		object, list string
	}{
		{plain, "/p", "/p"},
		{&byNames, "/p?$expand=m,n&$select=a,b,c,id", "/p?$expand=m,n&$filter=x%20eq%20%27y%20z%27&$select=a,b,c,id&$top=999"},
		{&extra, "/p?$select=a,b,c,id,secret", "/p?$select=a,b,c,id,secret"},
	} {
		v, err := (&reader{src: &script{}}).view(t.Context(), tt.kind)
		if err != nil {
			t.Fatal(err)
		}
		if got := withQuery("/p", v.query()); got != tt.object {
			t.Errorf("object: %s", got)
		}
		if got := withQuery("/p", v.listQuery()); got != tt.list {
			t.Errorf("list: %s", got)
		}
	}
	v, _ := (&reader{src: &script{}}).view(t.Context(), &extra)
	if v.missing("secret") != nil || v.missing("a") != nil {
		t.Error("something is missing before it was refused")
	}
	v.withoutExtras(entra.ErrForbidden)
	if got := withQuery("/p", v.query()); got != "/p?$select=a,b,c,id" {
		t.Errorf("without extras: %s", got)
	}
	denied, _ := (&reader{src: &script{granted: []string{"Plain.Read"}}}).view(t.Context(), &extra)
	if _, ok := errors.AsType[notGranted](denied.missing("secret")); !ok || denied.extent().ReadProperty("secret") || len(denied.dropped) > 0 {
		t.Errorf("what was not granted is missing for %v", denied.missing("secret"))
	}
	if v.missing("secret") == nil || v.missing("a") != nil || !slices.Equal(v.dropped, []string{"secret"}) || v.extent().ReadProperty("secret") {
		t.Errorf("missing %v, dropped %v", v.missed, v.dropped)
	}
}

// The names of directory extensions are asked for once, whatever the case of the type's
// letters, and are taken from what looks like one.
func TestViewOfExtensions(t *testing.T) {
	const path = "/directoryObjects/getAvailableExtensionProperties"
	k := &kind.Kind{Name: "users", Shape: kind.Shape{Type: "microsoft.graph.user", Update: []string{"a"}, Extensions: true}}
	for _, tt := range []struct {
		name   string
		answer []string
		err    error
		want   string
		missed error
	}{
		{"two", []string{
			`{"name":"extension_1_x","targetObjects":["User","Group"]}`, `{"name":"extension_1_y","targetObjects":["user"]}`,
		}, nil, "a extension_1_x extension_1_y id", nil},
		{"of another type", []string{`{"name":"extension_1_x","targetObjects":["Group"]}`}, nil, "a id", nil},
		{"no extension", []string{`{"name":"password","targetObjects":["User"]}`}, nil, "a id", nil},
		{"odd", []string{`{"name":7}`}, nil, "a id", entra.ErrUnavailable},
		{"page refused", nil, entra.ErrForbidden, "a id", entra.ErrForbidden},
	} {
		src := &script{bodies: map[string][]string{path: tt.answer}, errs: map[string]error{path: tt.err}}
		r := &reader{src: src}
		for range 2 {
			v, err := r.view(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(v.asked(), " "); got != tt.want || !errors.Is(v.missing("extension_1_x"), tt.missed) {
				t.Errorf("%s: asked for %s, missed %v", tt.name, got, v.missed)
			}
		}
		if n := len(src.sizes); n != 1 {
			t.Errorf("%s: asked %d times", tt.name, n)
		}
	}
	src := &script{bodies: map[string][]string{path: {}}, errs: map[string]error{path: nil}, batch: entra.ErrUnauthenticated}
	if _, err := (&reader{src: src}).view(t.Context(), k); !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("a refused sign-in: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	src.batch = context.Canceled
	r := &reader{src: src}
	if _, err := r.view(cancelled, k); !errors.Is(err, context.Canceled) || r.extensions != nil {
		t.Errorf("cancelled: %v, remembered %v", err, r.extensions)
	}
}

// A kind of the tenant's own asks for the tenant's id once, and cannot be read without.
func TestViewInTheTenant(t *testing.T) {
	k := kind.ByName("organizationalBranding")
	src := &script{bodies: map[string][]string{"/organization": {`{"id":"t1","displayName":"Contoso"}`}}}
	r := &reader{src: src}
	for range 2 {
		v, err := r.view(t.Context(), k)
		if err != nil || v.object("") != "/organization/t1/branding" {
			t.Errorf("%v, %v", v, err)
		}
	}
	if len(src.asked) != 1 {
		t.Errorf("asked %v", src.asked)
	}
	if _, err := (&reader{src: &script{}}).view(t.Context(), k); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("without an id: %v", err)
	}
	if v, err := (&reader{src: &script{}, tenant: "known"}).view(t.Context(), k); err != nil || v.object("") != "/organization/known/branding" {
		t.Errorf("with an id that is known: %v", err)
	}
}

// A kind with some links, of which each object needs a request each.
func linked(links int) *result {
	k := &kind.Kind{Name: "linked", Place: kind.Place{Path: "/linked"}}
	for i := range links {
		k.Links = append(k.Links, kind.Link{Name: fmt.Sprint("l", i)})
	}
	res := newResult(k, entra.Coverage{}, true)
	res.view = newView(k, "")
	return res
}

// Objects wait until their requests fill whole batches of twenty, of which sixteen are
// sent at once; objects without requests do not wait for ever.
func TestWindow(t *testing.T) {
	for _, tt := range []struct {
		links   int
		objects int // until the window is full
	}{
		{0, 320}, {1, 320}, {2, 160}, {3, 100}, {4, 80}, {5, 60}, {6, 40}, {7, 40}, {16, 20}, {17, 20}, {40, 20},
	} {
		c := newChildren(&script{}, linked(tt.links))
		n := 0
		for !c.full() {
			c.add(item{id: fmt.Sprint(n)})
			n++
		}
		if n != tt.objects {
			t.Errorf("%d links: full after %d objects, want %d", tt.links, n, tt.objects)
		}
		if n*tt.links%20 != 0 {
			t.Errorf("%d links: %d requests are no whole batches", tt.links, n*tt.links)
		}
	}
	c := newChildren(&script{}, linked(1))
	for i := range 320 {
		if c.full() {
			t.Fatalf("full after %d objects that need no request", i)
		}
		c.add(item{err: entra.ErrForbidden})
	}
	if !c.full() {
		t.Error("objects that need no request wait for ever")
	}
}

// What is flushed comes in the order of adding, each with its own links; what is not asked
// for costs no request, and the next window starts empty.
func TestWindowIsFlushed(t *testing.T) {
	src := &script{
		bodies: map[string][]string{"/linked/a/l0": {`{"id":"x"}`, `{}`, `{"id":"y"}`}, "/linked/c/l0": {`{"id":"z"}`}},
		errs:   map[string]error{"/linked/c/l1": entra.ErrForbidden, "/linked/a/l1": entra.ErrUnavailable},
	}
	res := linked(2)
	c := newChildren(src, res)
	for _, it := range []item{{id: "a"}, {id: "b", err: entra.ErrForbidden}, {id: "c"}} {
		it.raw = canon.Raw{Body: []byte(`{}`)}
		c.add(it)
	}
	items, err := c.flush(t.Context())
	if err != nil || len(items) != 3 || items[0].id != "a" || items[1].id != "b" || items[2].id != "c" {
		t.Fatalf("%v, %v", items, err)
	}
	if !slices.Equal(src.sizes, []int{4}) {
		t.Errorf("batches of %v", src.sizes)
	}
	if got := fmt.Sprint(items[0].raw.Links, items[1].raw.Links, items[2].raw.Links); got != "map[l0:[x y]] map[] map[l0:[z]]" {
		t.Errorf("links %s", got)
	}
	if res.part("links/l0").read != 2 || res.part("links/l1").refused != 1 || res.part("links/l1").failed != 1 {
		t.Errorf("l0 %+v, l1 %+v", res.part("links/l0"), res.part("links/l1"))
	}
	if rest, err := c.flush(t.Context()); err != nil || len(rest) != 0 || c.pending != 0 || len(src.sizes) != 1 {
		t.Errorf("a second flush: %v, %v, %d pending", rest, err, c.pending)
	}
	src.batch = entra.ErrUnavailable
	c.add(item{id: "a", raw: canon.Raw{Body: []byte(`{}`)}})
	if _, err := c.flush(t.Context()); !errors.Is(err, entra.ErrUnavailable) || !strings.Contains(err.Error(), "read links of linked") {
		t.Errorf("a batch that fails: %v", err)
	}
}

// A closed part is not asked for again; the object says that it lacks it all the same.
func TestWindowWithoutAClosedPart(t *testing.T) {
	src, res := &script{}, linked(2)
	tell(res.part("links/l1"), strings.Repeat("f", manyRefusals))
	c := newChildren(src, res)
	for _, id := range []string{"a", "b"} {
		c.add(item{id: id, raw: canon.Raw{Body: []byte(`{}`)}})
	}
	items, err := c.flush(t.Context())
	if err != nil || !slices.Equal(src.sizes, []int{2}) {
		t.Fatalf("%v, batches of %v", err, src.sizes)
	}
	for _, it := range items {
		if len(it.unread) != 1 || it.unread[0].part != "links/l1" || it.unread[0].asked || !errors.Is(it.unread[0].err, entra.ErrForbidden) {
			t.Errorf("%s: unread %+v", it.id, it.unread)
		}
	}
	if p := res.part("links/l1"); p.unasked != 2 || p.refused != manyRefusals {
		t.Errorf("%+v", p)
	}
}

// Kinds whose files carry names are read first, those that are listed for the objects of
// another kind last.
func TestWaves(t *testing.T) {
	list := waves(kind.All())
	for i, wave := range list {
		for _, k := range wave {
			want := 1
			if k.Annotate {
				want = 0
			}
			if k.Parent != nil || k.GlossedBy != nil && k.Name != "servicePrincipals" {
				want = 2
			}
			if i != want {
				t.Errorf("%s is read in wave %d, want %d", k.Name, i, want)
			}
		}
	}
	if n := len(slices.Concat(list...)); n != len(kind.All()) || len(list[2]) == 0 {
		t.Errorf("%d kinds of %d", n, len(kind.All()))
	}
}
