package capture_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// A summary counts the targets that came and went, and names the first objects that lost
// some: none of which only gained.
func TestLinksThatAreLost(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	var members, losers int
	var one, name string
	var had []string
	for _, id := range ids(base, "groups") {
		path := file(t, base, "groups", id)
		o := decode(t, "groups", path, base[path])
		if n := len(o.Links["members"]); n > 0 {
			members, losers = members+n, losers+1
			one, name, had = id, o.Name, o.Links["members"]
		}
	}
	if losers < 6 {
		t.Fatalf("only %d groups have members", losers)
	}
	with := func(path string, ids ...string) emulator.Fault {
		var list []string
		for _, id := range ids {
			list = append(list, `{"id":"`+id+`"}`)
		}
		return emulator.Fault{Method: "GET", Path: path, Body: `{"value":[` + strings.Join(list, ",") + `]}`}
	}
	for _, tt := range []struct {
		what              string
		fault             emulator.Fault
		now, gained, lost int
		losers            int
	}{
		{"one gains", with("/groups/"+one+"/members", append(slices.Clone(had), "new")...), members + 1, 1, 0, 0},
		{"one changes", with("/groups/"+one+"/members", append(slices.Clone(had[1:]), "new")...), members, 1, 1, 1},
		{"one loses", with("/groups/"+one+"/members", had[1:]...), members - 1, 0, 1, 1},
		{"all lose", with("/groups/*/members"), 0, 0, members, 5},
	} {
		tn := newTenant(t, emulator.Options{})
		tn.fault(t, tt.fault)
		_, s := tn.only(t, base, s.Manifest, "groups")
		c := s.Kinds[0].Links["members"]
		if c.Now != tt.now || c.Gained != tt.gained || c.Lost != tt.lost || len(c.Losers) != tt.losers || c.Before() != members {
			t.Errorf("%s: %+v of %d", tt.what, c, members)
		}
		if tt.losers == 1 && c.Losers[0] != name {
			t.Errorf("%s: %v lost members, want %s", tt.what, c.Losers, name)
		}
	}
}
