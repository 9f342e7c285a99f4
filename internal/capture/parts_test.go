package capture

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// tell notes what became of a part of some objects: + gave it, f forbade it, u has no licence
// for it, x failed, each with the object's number in the order of the letters.
func tell(p *part, story string) {
	for i, what := range story {
		id := fmt.Sprintf("%05d", i)
		switch what {
		case '+':
			p.gave(id)
		case 'f':
			p.missed(id, fmt.Errorf("object %d: %w", i, entra.ErrForbidden))
		case 'u':
			p.missed(id, fmt.Errorf("object %d: %w", i, entra.ErrUnlicensed))
		case 'x':
			p.missed(id, fmt.Errorf("object %d: %w", i, entra.ErrUnavailable))
		}
	}
}

// A part is closed when every try of it was refused, and there were many.
func TestPartIsClosed(t *testing.T) {
	for _, tt := range []struct {
		name, story string
		closed      bool
	}{
		{"nobody asked", "", false},
		{"one refusal", "f", false},
		{"one less than many", strings.Repeat("f", 19), false},
		{"many", strings.Repeat("f", 20), true},
		{"many, for two reasons", strings.Repeat("fu", 10), true},
		{"many, and one that gave it before", "+" + strings.Repeat("f", 20), false},
		{"many, and one that gave it after", strings.Repeat("f", 20) + "+", false},
		{"many, and one that failed", strings.Repeat("f", 20) + "x", false},
		{"many failures", strings.Repeat("x", 20), false},
	} {
		p := &part{}
		tell(p, tt.story)
		err := p.closed()
		if (err != nil) != tt.closed || err != nil && !errors.Is(err, entra.ErrForbidden) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if err := (*part)(nil).closed(); err != nil {
		t.Errorf("a part that nobody knows: %v", err)
	}
}

// What is said of a part counts the objects that lack it, and names the first.
func TestPartSaysWhatIsLacking(t *testing.T) {
	for _, tt := range []struct {
		name, story string
		unasked     int
		count       int
		why, detail string
	}{
		{"one of two", "+x", 0, 1, "object 1: service unavailable", "members not read for 1 object: object 1: service unavailable"},
		{"two", "x+f", 0, 2, "object 0: service unavailable", "members not read for 2 objects, first: object 0: service unavailable"},
		{"one, and others not asked", "f", 2, 3, "object 0: permission denied", "members not read for 3 objects, first: object 0: permission denied"},
		{"as many as are named", strings.Repeat("x", 1000), 0, 1000, "object 0: service unavailable", "members not read for 1000 objects, first: object 0: service unavailable"},
		{"more than are named", strings.Repeat("x", 600) + strings.Repeat("f", 600), 7, 1207, "object 0: service unavailable", "members not read for 1207 objects, first: object 0: service unavailable"},
	} {
		p := &part{unasked: tt.unasked}
		tell(p, tt.story)
		if p.count() != tt.count || p.why() != tt.why || p.detail("members ").Error() != tt.detail {
			t.Errorf("%s: %d, %q, %q", tt.name, p.count(), p.why(), p.detail("members "))
		}
		if n := len(p.list("links/members")); n > maxExceptions+1 || tt.count <= maxExceptions && n+tt.unasked != tt.count {
			t.Errorf("%s: %d exceptions", tt.name, n)
		}
	}
}

// An object that gives the part at another try is no exception.
func TestPartThatIsGivenLater(t *testing.T) {
	p := &part{}
	p.missed("a", entra.ErrUnavailable)
	p.missed("b", entra.ErrForbidden)
	p.gave("a")
	if got := p.list("links/owners"); p.count() != 1 || len(got) != 1 || got[0] != (entra.Exception{ID: "b", Part: "links/owners", Cause: "permission denied"}) {
		t.Errorf("%v", got)
	}
	many := &part{}
	tell(many, strings.Repeat("x", maxExceptions+1))
	many.gave("00007")
	if many.count() != maxExceptions {
		t.Errorf("%d lacking, want %d", many.count(), maxExceptions)
	}
	p.gave("b")
	if p.count() != 0 || p.why() != "" {
		t.Errorf("%d lacking: %q", p.count(), p.why())
	}
}

// The exceptions of a kind stay within their bound: the parts that have the most are
// closed first, those of whole objects never.
func TestClosedParts(t *testing.T) {
	for _, tt := range []struct {
		name      string
		singleton bool
		parts     map[string]int // failures by part
		closed    string
	}{
		{"none", false, nil, ""},
		{"as many as may be", false, map[string]int{"links/a": 400, "links/b": 600}, ""},
		{"one more", false, map[string]int{"links/a": 400, "links/b": 601}, "links/b"},
		{"equally many", false, map[string]int{"links/b": 501, "links/a": 501}, "links/a"},
		{"two must go", false, map[string]int{"links/a": 900, "links/b": 800, "contained/c": 700}, "links/a links/b"},
		{"whole objects do not count", false, map[string]int{"": 900, "links/a": 200}, ""},
		{"all", false, map[string]int{"links/a": 1001}, "links/a"},
		{"of a singleton", true, map[string]int{"contained/a": 1}, "contained/a"},
	} {
		k := &kind.Kind{Place: kind.Place{Singleton: tt.singleton}}
		r := newResult(k, entra.Coverage{}, false)
		for name, n := range tt.parts {
			tell(r.part(name), strings.Repeat("x", n))
		}
		got := r.closedParts()
		slices.Sort(got)
		if strings.Join(got, " ") != tt.closed {
			t.Errorf("%s: closed %v, want %s", tt.name, got, tt.closed)
		}
	}
}

// The coverage of a kind names what single objects lack, and takes out what is closed.
func TestCoverageOfWhatIsLacking(t *testing.T) {
	k := kind.ByName("groups")
	const oneLink = "members members/microsoft.graph.servicePrincipal"
	const both = oneLink + " owners owners/microsoft.graph.servicePrincipal"
	for _, tt := range []struct {
		name       string
		parts      map[string]string
		cause      string
		links      string
		exceptions int
		details    int
	}{
		{"nothing", map[string]string{"links/members": "++", "": "+"}, "", both, 0, 0},
		{"one object", map[string]string{"": "+x"}, "1 object not read: object 1: service unavailable", both, 1, 1},
		{"a part of two objects", map[string]string{"links/owners": "x+x"}, "owners of 2 objects not read: object 0: service unavailable", both, 2, 1},
		{"a closed part", map[string]string{"links/owners": strings.Repeat("f", 20)}, "owners not read: object 0: permission denied", oneLink, 0, 1},
		{"too many", map[string]string{"links/owners": "+" + strings.Repeat("x", 1001)},
			"owners not read, since 1001 objects did not give it: object 1: service unavailable", oneLink, 0, 1},
		{"several", map[string]string{"": "f", "links/members": "+x", "links/owners": strings.Repeat("f", 20)},
			"1 object not read: object 0: permission denied; members of 1 object not read: object 1: service unavailable; owners not read: object 0: permission denied",
			oneLink, 2, 3},
	} {
		r := newResult(k, entra.Coverage{}, false)
		r.view = newView(k, "")
		for name, story := range tt.parts {
			tell(r.part(name), story)
		}
		r.finish()
		state := entra.Complete
		if tt.cause != "" {
			state = entra.Partial
		}
		c := r.Coverage
		if c.State != state || c.Cause != tt.cause || strings.Join(c.Links, " ") != tt.links || len(c.Exceptions) != tt.exceptions || len(r.Details) != tt.details {
			t.Errorf("%s: %s %q, links %v, %d exceptions, %d details", tt.name, c.State, c.Cause, c.Links, len(c.Exceptions), len(r.Details))
		}
	}
}

// What is no single object's is told by what was not read, with the first cause and how
// many there were.
func TestNotes(t *testing.T) {
	k := kind.ByName("namedLocations")
	r := newResult(k, entra.Coverage{}, false)
	r.view = newView(k, "")
	r.note("objects", errors.New("first"))
	r.note("objects", errors.New("second"))
	r.note("extras", &graph.Error{Status: 403, Code: "Denied", Sentinel: entra.ErrForbidden, Path: "/x"})
	r.finish()
	if r.Coverage.State != entra.Partial || r.Coverage.Cause != "extras not read: permission denied: 403 Denied; objects not read: first" {
		t.Errorf("%s: %s", r.Coverage.State, r.Coverage.Cause)
	}
	if got := r.Details[1].Error(); got != "objects not read for 2 objects, first: first" {
		t.Errorf("details say %q", got)
	}
	if got := r.Details[0].Error(); !strings.HasPrefix(got, "extras not read for 1 object: ") {
		t.Errorf("details say %q", got)
	}
}

// A cause is the same for the same reason: nothing of the run is in it.
func TestCause(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("plain"), "plain"},
		{&graph.Error{Status: 403, Code: "Denied", Sentinel: entra.ErrForbidden, Message: "for 12:01", RequestID: "r"}, "permission denied: 403 Denied"},
		{&graph.Error{Status: 404, Sentinel: entra.ErrNotFound}, "not found: 404"},
		{&graph.Error{Sentinel: entra.ErrUnavailable, Cause: errors.New("dial tcp 127.0.0.1:1")}, "service unavailable"},
		{fmt.Errorf("users/1: %w", &graph.Error{Status: 500, Code: "Oops", Sentinel: entra.ErrUnavailable}), "service unavailable: 500 Oops"},
	} {
		if got := cause(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

// A kind that was lost keeps what is known of its files, and says why.
func TestCoverageOfALostKind(t *testing.T) {
	before := entra.Coverage{State: entra.Complete, Links: []string{"members"}, Shard: 2}
	for _, tt := range []struct {
		err     error
		licence string
		state   entra.CoverageState
		cause   string
	}{
		{entra.ErrForbidden, "P2", entra.Forbidden, "permission denied"},
		{entra.ErrUnlicensed, "P2", entra.Skipped, "P2 is needed: not licensed, although an earlier snapshot read it"},
		{entra.ErrUnlicensed, "", entra.Skipped, "not licensed, although an earlier snapshot read it"},
		{entra.ErrAbsent, "", entra.Skipped, "not in this tenant's Graph, although an earlier snapshot read it"},
		{entra.ErrUnavailable, "P2", entra.Skipped, "service unavailable"},
	} {
		r := newResult(&kind.Kind{Name: "x", Reading: kind.Reading{Licence: tt.licence}}, before, false)
		r.Objects, r.Added = 7, 7
		r.lose(tt.err)
		r.finish()
		c := r.Coverage
		if c.State != tt.state || c.Cause != tt.cause || c.Shard != 2 || len(c.Links) != 1 {
			t.Errorf("%v: %+v", tt.err, c)
		}
		if r.Objects+r.Added != 0 || len(r.Details) != 1 || !errors.Is(r.Details[0], tt.err) {
			t.Errorf("%v: %+v", tt.err, r.KindSummary)
		}
	}
}

// What the tenant never had is no loss; what it had is one as long as there are files of it, and
// in the first run also where there are none.
func TestCoverageOfWhatWasNeverBought(t *testing.T) {
	for _, tt := range []struct {
		before entra.Coverage
		empty  bool
		state  entra.CoverageState
	}{
		{entra.Coverage{}, true, entra.Unlicensed},
		{entra.Coverage{State: entra.Unlicensed}, true, entra.Unlicensed},
		{entra.Coverage{State: entra.Forbidden}, true, entra.Unlicensed},
		{entra.Coverage{State: entra.Complete}, true, entra.Skipped},
		{entra.Coverage{State: entra.Partial}, true, entra.Skipped},
		{entra.Coverage{State: entra.Skipped}, true, entra.Unlicensed},
		{entra.Coverage{State: entra.Skipped}, false, entra.Skipped},
	} {
		r := newResult(&kind.Kind{Name: "x"}, tt.before, tt.empty)
		r.lose(entra.ErrUnlicensed)
		if r.finish(); r.Coverage.State != tt.state {
			t.Errorf("%+v, empty %v: %s, want %s", tt.before, tt.empty, r.Coverage.State, tt.state)
		}
	}
}

// A kind is read for the first time while it has no file and no snapshot has read it.
func TestFirstReading(t *testing.T) {
	for _, tt := range []struct {
		before entra.Coverage
		empty  bool
		first  bool
	}{
		{entra.Coverage{}, true, true},
		{entra.Coverage{}, false, false},
		{entra.Coverage{State: entra.Forbidden}, true, true},
		{entra.Coverage{State: entra.Complete}, true, false},
		{entra.Coverage{State: entra.Partial}, true, false},
		{entra.Coverage{State: entra.Skipped, Properties: []string{"id"}}, true, false},
		{entra.Coverage{State: entra.Skipped, Links: []string{"members"}}, true, false},
		{entra.Coverage{State: entra.Skipped, Contained: []string{"parts"}}, true, false},
	} {
		if r := newResult(&kind.Kind{}, tt.before, tt.empty); r.First != tt.first {
			t.Errorf("%+v, empty %v: first is %v", tt.before, tt.empty, r.First)
		}
	}
}

// A summary names the first hundred changes of each type and counts them all.
func TestChangesAreNamedUpToABound(t *testing.T) {
	r := newResult(kind.ByName("users"), entra.Coverage{}, false)
	for i := range 101 {
		r.count(entra.Key{Kind: "users", ID: fmt.Sprint(i)}, "", entra.Added)
		r.count(entra.Key{Kind: "users", ID: fmt.Sprint(i)}, "", "")
	}
	r.count(entra.Key{Kind: "users", ID: "c"}, "", entra.Changed)
	r.count(entra.Key{Kind: "users", ID: "r"}, "", entra.Removed)
	if r.Added != 101 || r.Changed != 1 || r.Removed != 1 || len(r.Changes) != 102 {
		t.Errorf("+%d ~%d -%d, %d named", r.Added, r.Changed, r.Removed, len(r.Changes))
	}
	if r.Changes[99].ID != "99" || r.Changes[100].ID != "c" {
		t.Errorf("named: %v", r.Changes[98:])
	}
	r.view = newView(r.Kind, "")
	r.finish()
	if r.Changes[0].Type != entra.Added || r.Changes[100].Type != entra.Changed || r.Changes[101].Type != entra.Removed {
		t.Errorf("in the order %v", r.Changes[99:])
	}
}
