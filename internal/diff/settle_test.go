package diff

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// groupsPoint is a point with groups; their ids are those of the names, in order.
func groupsPoint(t *testing.T, names map[string]string) *side {
	t.Helper()
	files := map[string]*entra.Object{}
	for id, name := range names {
		files["tenant/groups/"+id[:2]+"/"+id+".yaml"] = group(id, name)
	}
	if len(files) == 0 {
		return &side{manifest: entra.Manifest{Kinds: map[string]entra.Coverage{"groups": {State: entra.Complete}}}}
	}
	return point(t, files)
}

// settled lists the ids of the groups that arguments select at the points.
func settled(t *testing.T, args []string, points ...*side) ([]string, error) {
	t.Helper()
	s, err := ParseSelection(args, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []Files
	for _, p := range points {
		all = append(all, p)
	}
	s, err = s.In(all...)
	var ids []string
	for _, p := range points {
		for f, err := range p.Files("groups") {
			if err != nil {
				t.Fatal(err)
			}
			if s.Object(f.Path, keyOf(kind.ByName("groups"), f.Path)) {
				ids = append(ids, id(f.Path))
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

func TestSettle(t *testing.T) {
	const café = "Caf\u00e9"
	p := groupsPoint(t, map[string]string{
		"aa11": "[ab]", "aa22": "a", "bb33": "Twins", "bb44": "Twins", "cc55": "aa22", "cc66": "Sales / EU", "dd77": café, "dd88": "*",
	})
	for _, tt := range []struct{ arg, want string }{
		{"groups/[ab]", "aa11"},         // a name before a glob
		{"groups/[ac]", "aa22"},         // a glob where nobody has the name
		{"groups/Twins", "bb33 bb44"},   // all of a name
		{"groups/aa22", "aa22"},         // an id before a name
		{"groups/aa", "aa11 aa22"},      // a folder
		{"groups/a", "aa22"},            // never a part of a folder's name
		{"groups/cc/cc55.yaml", "cc55"}, // a file
		{"tenant/groups/cc/*.yaml", "cc55 cc66"},
		{"groups/b*", "bb33 bb44"},
		{"groups/Sales*", "cc66"},
		{"groups/Sales / EU", "cc66"},
		{"groups/Sales / *", "cc66"},
		{"groups/" + norm.NFD.String(café), "dd77"},
		{"groups/" + norm.NFD.String("Caf\u00e9") + "*", "dd77"},
		{"groups/*", "aa11 aa22 bb33 bb44 cc55 cc66 dd77 dd88"},
		{"groups/**", "aa11 aa22 bb33 bb44 cc55 cc66 dd77 dd88"},
		{"**/Tw*", "bb33 bb44"},
		{"groups", "aa11 aa22 bb33 bb44 cc55 cc66 dd77 dd88"},
	} {
		got, err := settled(t, []string{tt.arg}, p)
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s selects %v, want %s (error %v)", tt.arg, got, tt.want, err)
		}
	}
}

// TestSettledIDIsNoName: once an argument is an id, a name that reads the same selects
// nothing.
func TestSettledIDIsNoName(t *testing.T) {
	p := groupsPoint(t, map[string]string{"aa22": "One", "cc55": "aa22"})
	s, err := ParseSelection([]string{"groups/aa22"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := entra.Key{Kind: "groups", ID: "cc55"}
	if !s.Object("tenant/groups/cc/cc55.yaml", other, "aa22") {
		t.Error("before anything was looked at, the name may be meant")
	}
	if s, err = s.In(p); err != nil || s.Object("tenant/groups/cc/cc55.yaml", other, "aa22") {
		t.Errorf("the group that is called like another's id is selected (error %v)", err)
	}
}

// TestSettleNew: all of a kind, a folder and a glob mean what is yet to come, too; an id and
// a name mean what is there.
func TestSettleNew(t *testing.T) {
	p := groupsPoint(t, map[string]string{"aa11": "Sales", "aa22": "Sales EU", "bb33": "*"})
	for _, tt := range []struct {
		args               string
		open, sales, other bool
	}{
		{"", true, true, true},
		{"groups", true, true, true},
		{"tenant/**", true, true, true},
		{"groups/aa", true, true, false},
		{"tenant/groups/aa/", true, true, false},
		{"groups/Sales*", true, true, false},
		{"groups/aa/*", true, true, false},
		{"groups/*les*", true, true, false},
		{"groups/bb/*", true, false, true},
		{"groups/aa11", false, false, false},
		{"groups/aa/aa11.yaml", false, false, false},
		{"groups/Sales", false, false, false},
		{"groups/Sales namedLocations", false, false, false},
		{"groups/aa11 groups/bb/*", true, false, true},
	} {
		s, err := ParseSelection(strings.Fields(tt.args), nil)
		if err != nil {
			t.Fatal(err)
		}
		if s, err = s.In(p); err != nil {
			t.Fatal(err)
		}
		sales := s.New("tenant/groups/aa/aa99.yaml", entra.Key{Kind: "groups", ID: "aa99"}, "Sales")
		other := s.New("tenant/groups/bb/bb99.yaml", entra.Key{Kind: "groups", ID: "bb99"}, "Other")
		if s.Open("groups") != tt.open || sales != tt.sales || other != tt.other {
			t.Errorf("%q: open %v, new ones are selected: %v, %v", tt.args, s.Open("groups"), sales, other)
		}
	}
	s, err := ParseSelection([]string{"groups"}, nil)
	if err != nil || s.Open("users") || s.New("tenant/users/a.yaml", entra.Key{Kind: "users", ID: "a"}, "") {
		t.Errorf("groups are users (%v)", err)
	}
}

// TestSettleBothSides: what either side has is selected on both, whatever it is called
// there.
func TestSettleBothSides(t *testing.T) {
	before := groupsPoint(t, map[string]string{"aa11": "old", "aa22": "other"})
	after := groupsPoint(t, map[string]string{"aa11": "new", "bb33": "come"})
	for _, tt := range []struct{ arg, want string }{
		{"groups/old", "aa11"}, {"groups/new", "aa11"}, {"groups/other", "aa22"}, {"groups/come", "bb33"}, {"groups/bb33", "bb33"},
	} {
		got, err := settled(t, []string{tt.arg}, before, after)
		if err != nil || strings.Join(got, " ") != tt.want {
			t.Errorf("%s selects %v, want %s (error %v)", tt.arg, got, tt.want, err)
		}
	}
}

func TestSettleUnmatched(t *testing.T) {
	p := groupsPoint(t, map[string]string{"aa11": "Twins", "aa22": "Break-glass accounts"})
	p.manifest.Kinds["groups"] = p.manifest.Kinds["groups"].Except(entra.Exception{ID: "ff99", Cause: "could not be read"})
	p.manifest.Kinds["users"] = entra.Coverage{State: entra.Forbidden}
	for _, tt := range []struct {
		args []string
		want error
		text string
		near string
	}{
		{[]string{"groups/nobody"}, entra.ErrNotFound, `"groups/nobody": not found`, ""},
		{[]string{"groups/Twins", "groups/nobody", "groups/a"}, entra.ErrNotFound, `"groups/nobody", "groups/a": not found`, ""},
		{[]string{"groups/twinz"}, entra.ErrNotFound, `"groups/twinz": not found`, "groups/Twins"},
		{[]string{"groups/break"}, entra.ErrNotFound, `"groups/break": not found`, "groups/Break-glass accounts"},
		{[]string{"groups/AA12"}, entra.ErrNotFound, `"groups/AA12": not found`, "groups/aa11"},
		{[]string{"groups/z*"}, entra.ErrNotFound, `"groups/z*": not found`, ""},
		{[]string{"users/nobody"}, entra.ErrIncomplete, `"users/nobody": users was not read: incomplete`, ""},
		{[]string{"groups/ff99"}, nil, "", ""},
		{[]string{"groups", "namedLocations"}, nil, "", ""},
	} {
		_, err := settled(t, tt.args, p)
		if tt.want == nil {
			if err != nil {
				t.Errorf("%s: %v", tt.args, err)
			}
			continue
		}
		unmatched, ok := errors.AsType[*UnmatchedError](err)
		if !ok || !errors.Is(err, tt.want) || err.Error() != tt.text {
			t.Errorf("%s: error %v, want %s", tt.args, err, tt.text)
			continue
		}
		if first := strings.Join(unmatched.Near[:min(1, len(unmatched.Near))], ""); first != tt.near {
			t.Errorf("%s: nearest %q, want %s", tt.args, unmatched.Near, tt.near)
		}
	}
}

// TestSettleReads: only what no path settles is read, and what both sides have once.
func TestSettleReads(t *testing.T) {
	names := map[string]string{"aa11": "Twins", "bb22": "Break-glass"}
	for _, tt := range []struct {
		arg   string
		reads int
	}{{"groups/aa11", 0}, {"groups/aa", 0}, {"groups", 0}, {"groups/*", 0}, {"*", 0}, {"groups/Twins", 2}, {"groups/T*", 2}} {
		before, after := groupsPoint(t, names), groupsPoint(t, names)
		if _, err := settled(t, []string{tt.arg}, before, after); err != nil {
			t.Errorf("%s: %v", tt.arg, err)
		}
		if n := len(before.read) + len(after.read); n != tt.reads {
			t.Errorf("%s: %d files were read, want %d", tt.arg, n, tt.reads)
		}
		if len(after.read) > 0 {
			t.Errorf("%s: what both points have was read at the second, which may be the tenant: %s", tt.arg, after.read)
		}
	}
	p := groupsPoint(t, names)
	p.files["tenant/groups/cc/cc33.yaml"] = "no object"
	if got, err := settled(t, []string{"groups/Twins"}, p); err != nil || len(got) != 1 {
		t.Errorf("a broken file beside it: %v %v", got, err)
	}
	p.fail = entra.ErrUnverified
	s, err := ParseSelection([]string{"groups/Twins"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.In(p); !errors.Is(err, entra.ErrUnverified) {
		t.Errorf("a point that cannot be read: %v", err)
	}
}

func TestCompareSelectsNothing(t *testing.T) {
	p := groupsPoint(t, map[string]string{"aa11": "Twins"})
	s, err := ParseSelection([]string{"groups/Twins", "groups/nobody"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Compare(p, p, Options{Selection: s}); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("error %v", err)
	}
}
