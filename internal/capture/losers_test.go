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
		faults            []emulator.Fault
		now, gained, lost int
		losers            int
	}{
		{"one gains", []emulator.Fault{with("/groups/"+one+"/members", append(slices.Clone(had), "new")...)}, members + 1, 1, 0, 0},
		{"one changes", []emulator.Fault{with("/groups/"+one+"/members", append(slices.Clone(had[1:]), "new")...)}, members, 1, 1, 1},
		{"one loses", []emulator.Fault{with("/groups/"+one+"/members", had[1:]...)}, members - 1, 0, 1, 1},
		{"all lose", []emulator.Fault{with("/groups/*/members"), with("/groups/*/members/*")}, 0, 0, members, 5},
	} {
		tn := newTenant(t, emulator.Options{})
		tn.fault(t, tt.faults...)
		_, s := tn.only(t, base, s.Manifest, "groups")
		c := s.Kinds[0].Parts["members"]
		if c.Now != tt.now || c.Gained != tt.gained || c.Lost != tt.lost || len(c.Losers) != tt.losers || c.Before() != members {
			t.Errorf("%s: %+v of %d", tt.what, c, members)
		}
		if tt.losers == 1 && c.Losers[0] != name {
			t.Errorf("%s: %v lost members, want %s", tt.what, c.Losers, name)
		}
	}
}

// What objects contain is counted like what they are linked to, by number: an element has
// no id that outlives it.
func TestElementsThatAreLost(t *testing.T) {
	const part = "appRoleAssignedTo"
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "servicePrincipals")
	var elements, owners, most int
	var one string
	for _, id := range ids(base, "servicePrincipals") {
		path := file(t, base, "servicePrincipals", id)
		n := len(decode(t, "servicePrincipals", path, base[path]).Contained[part])
		if elements += n; n > 0 {
			owners++
		}
		if n > most {
			one, most = id, n
		}
	}
	if owners < 2 || most < 2 {
		t.Fatalf("%d owners, the largest with %d", owners, most)
	}
	for what, path := range map[string]string{"all lose": "*", "one loses": one} {
		tn := newTenant(t, emulator.Options{})
		tn.fault(t, emulator.Fault{Method: "GET", Path: "/servicePrincipals/" + path + "/" + part, List: "empty"})
		lost, losers := elements, min(owners, 5)
		if path == one {
			lost, losers = most, 1
		}
		now, s := tn.only(t, base, s.Manifest, "servicePrincipals")
		if c := s.Kinds[0].Parts[part]; c.Now != elements-lost || c.Gained != 0 || c.Lost != lost || len(c.Losers) != losers {
			t.Errorf("%s: %+v of %d", what, c, elements)
		}
		// and they come back as gains
		_, s = newTenant(t, emulator.Options{}).only(t, now, s.Manifest, "servicePrincipals")
		if c := s.Kinds[0].Parts[part]; c.Now != elements || c.Gained != lost || c.Lost != 0 || c.Losers != nil {
			t.Errorf("%s and back: %+v of %d", what, c, elements)
		}
	}
}
