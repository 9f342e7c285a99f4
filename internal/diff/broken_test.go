package diff

import (
	"errors"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// broken is a side of which something cannot be had.
type broken struct {
	*side
	unreadable string // a path
	extent     string // the path of an object of which nobody can say what was read
	lost       int    // how many more times the files are listed before they cannot be; 0 for ever
	listed     int
}

var errBroken = errors.New("torn pack")

func (s *broken) Read(path string) ([]byte, error) {
	if path == s.unreadable {
		return nil, errBroken
	}
	return s.side.Read(path)
}

func (s *broken) Extent(key entra.Key, path string) (entra.Extent, error) {
	if path == s.extent {
		return entra.Extent{}, errBroken
	}
	return s.side.Extent(key, path)
}

func (s *broken) Folder(path string) ([]Entry, error) {
	if path == "tenant/groups" {
		if s.listed++; s.lost > 0 && s.listed >= s.lost {
			return nil, errBroken
		}
	}
	return s.side.Folder(path)
}

// Whatever cannot be had of either side ends the comparison: half a report would pass for
// a whole one.
func TestCompareStopsWhereASideIsBroken(t *testing.T) {
	const one, two = "tenant/groups/a1.yaml", "tenant/groups/a2.yaml"
	type sides = func(a, b *broken)
	lackingOne := func(a, _ *broken) { a.except("groups", busy("a1", "links/members")...) }
	for _, tt := range []struct {
		name  string
		sides []sides
	}{
		{"a file before", []sides{func(a, _ *broken) { a.unreadable = two }}},
		{"a file after", []sides{func(_, b *broken) { b.unreadable = two }}},
		{"what was read before", []sides{func(a, _ *broken) { a.extent = two }}},
		{"what was read after", []sides{func(_, b *broken) { b.extent = two }}},
		{"the list of files before", []sides{func(a, _ *broken) { a.lost = 1 }}},
		{"the list of files after", []sides{func(_, b *broken) { b.lost = 1 }}},
		{"the files of exceptions before", []sides{lackingOne, func(a, _ *broken) { a.lost = 1 }}},
		{"the files of exceptions after", []sides{lackingOne, func(_, b *broken) { b.lost = 1 }}},
		{"the files after those of exceptions", []sides{lackingOne, func(_, b *broken) { b.lost = 2 }}},
		{"the name for an exception", []sides{lackingOne, func(_, b *broken) { b.unreadable = one }}},
		{"what was read of an exception", []sides{lackingOne, func(a, _ *broken) { a.extent = one }}},
	} {
		a := &broken{side: point(t, map[string]*entra.Object{one: group("a1", "same"), two: group("a2", "old")}), extent: "none"}
		b := &broken{side: point(t, map[string]*entra.Object{one: group("a1", "same"), two: group("a2", "new")}), extent: "none"}
		for _, set := range tt.sides {
			set(a, b)
		}
		if set, err := Compare(a, b, Options{}); set != nil || !errors.Is(err, errBroken) || !strings.HasPrefix(err.Error(), "compare groups: ") {
			t.Errorf("%s: %v, error %v", tt.name, set, err)
		}
	}
}

// The same where an object has to be recognized that was created again, and where it is
// selected by its name.
func TestBrokenSidesWhileLookingForObjects(t *testing.T) {
	const before, after = "tenant/oauth2PermissionGrants/1.yaml", "tenant/oauth2PermissionGrants/2.yaml"
	grant := func(path, id string) map[string]*entra.Object {
		return map[string]*entra.Object{path: {Key: entra.Key{Kind: "oauth2PermissionGrants", ID: id}, Spec: map[string]any{"clientId": "c", "resourceId": "r"}}}
	}
	for _, path := range []string{before, after} {
		a := &broken{side: point(t, grant(before, "1")), unreadable: path}
		b := &broken{side: point(t, grant(after, "2")), unreadable: path}
		if _, err := Compare(a, b, Options{}); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v", path, err)
		}
	}
	p := &broken{side: groupsPoint(t, map[string]string{"aa11": "Twins"}), unreadable: "tenant/groups/aa/aa11.yaml"}
	if _, err := selection(t, "groups/Twins").In(p); !errors.Is(err, errBroken) || !strings.HasPrefix(err.Error(), "select groups: ") {
		t.Errorf("a name that cannot be read: error %v", err)
	}
}

// A file that is listed twice is as little in order as one that is listed late.
func TestCompareRefusesAFileListedTwice(t *testing.T) {
	p := point(t, map[string]*entra.Object{"tenant/groups/a1.yaml": group("a1", "g")})
	if _, err := Compare(p, &doubled{p}, Options{}); !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), "tenant/groups/a1.yaml after tenant/groups/a1.yaml") {
		t.Errorf("error %v", err)
	}
}

// doubled lists each file twice.
type doubled struct{ *side }

func (s *doubled) Folder(path string) ([]Entry, error) {
	entries, err := s.side.Folder(path)
	if path == "tenant/groups" {
		entries = append(entries, entries...)
	}
	return entries, err
}
