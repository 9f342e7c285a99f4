package capture

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// The rule of sudden losses, at its edges.
func TestShrunk(t *testing.T) {
	usual := ShrinkLimit{Percent: 20, Least: 10}
	for _, tt := range []struct {
		name                   string
		kind                   string
		before, added, removed int
		limit                  ShrinkLimit
		shrunk                 bool
	}{
		{"nothing", "users", 300, 0, 0, usual, false},
		{"a fifth", "users", 50, 0, 10, usual, false},
		{"more than a fifth", "users", 49, 0, 10, usual, true},
		{"a large share of few", "users", 20, 0, 9, usual, false},
		{"a small share of many", "users", 100000, 0, 20000, usual, false},
		{"and one more", "users", 100000, 0, 20001, usual, true},
		{"all", "users", 300, 0, 300, usual, true},
		{"all of three", "users", 3, 0, 3, usual, true},
		{"all of two", "users", 2, 0, 2, usual, false},
		{"others in their place", "users", 300, 300, 300, usual, true},
		{"few others in their place", "users", 3, 1, 3, usual, false},
		{"the same again by other ids", "roleAssignments", 300, 300, 300, usual, false},
		{"most of them again by other ids", "roleAssignments", 300, 200, 300, usual, true},
		{"a singleton", "organizationalBranding", 1, 0, 1, ShrinkLimit{Percent: 1, Least: 1}, false},
		{"never had any", "users", 0, 0, 0, ShrinkLimit{Percent: 1, Least: 1}, false},
		{"a stricter limit", "users", 100, 0, 2, ShrinkLimit{Percent: 1, Least: 2}, true},
		{"no limit", "users", 300, 0, 300, ShrinkLimit{}, false},
		{"only when nothing is left", "users", 300, 0, 299, ShrinkLimit{Percent: 100, Least: 10}, false},
		{"and nothing is", "users", 300, 0, 300, ShrinkLimit{Percent: 100, Least: 10}, true},
		{"accepted", "users", 300, 0, 300, ShrinkLimit{Percent: 20, Least: 10, Accepted: []string{"groups", "users"}}, false},
		{"another one accepted", "users", 300, 0, 300, ShrinkLimit{Percent: 20, Least: 10, Accepted: []string{"groups"}}, true},
	} {
		s := Summary{Kinds: []KindSummary{{
			Kind: kind.ByName(tt.kind), Before: tt.before, Objects: tt.before + tt.added - tt.removed, Added: tt.added, Removed: tt.removed,
		}}}
		got := s.shrunk(tt.limit)
		if len(got) > 0 != tt.shrunk {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if tt.shrunk && (got[0].Kind != tt.kind || got[0].Before != tt.before || got[0].Lost != tt.removed && tt.kind == "users") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestShrunkLinks(t *testing.T) {
	count := func(now, gained, lost int) []KindSummary {
		return []KindSummary{{
			Kind: kind.ByName("groups"), Before: 5, Objects: 5,
			Parts: map[string]PartCount{"members": {Now: now, Gained: gained, Lost: lost, Losers: []string{"Board"}}, "owners": {Now: 7}},
		}}
	}
	for _, tt := range []struct {
		now, gained, lost int
		want              string
	}{
		{100, 0, 0, "[]"},
		{40, 0, 10, "[]"},
		{39, 0, 10, "[{groups members 10 49 [Board]}]"},
		{0, 0, 9, "[]"},
		{0, 0, 10, "[{groups members 10 10 [Board]}]"},
		{100, 100, 100, "[{groups members 100 100 [Board]}]"},
	} {
		s := Summary{Kinds: count(tt.now, tt.gained, tt.lost)}
		if got := fmt.Sprint(s.shrunk(ShrinkLimit{Percent: 20, Least: 10})); got != tt.want {
			t.Errorf("%d now, %d gained, %d lost: %s, want %s", tt.now, tt.gained, tt.lost, got, tt.want)
		}
	}
}

func TestShrunkNames(t *testing.T) {
	k := KindSummary{Kind: kind.ByName("users"), Before: 20, Removed: 20}
	k.Changes = append(k.Changes, ObjectChange{Name: "added", Type: entra.Added}, ObjectChange{Key: entra.Key{ID: "nameless"}, Type: entra.Removed})
	for i := range 6 {
		k.Changes = append(k.Changes, ObjectChange{Name: fmt.Sprint(i), Type: entra.Removed})
	}
	s := Summary{Kinds: []KindSummary{k}}
	if got := s.shrunk(ShrinkLimit{Percent: 20, Least: 10}); len(got) != 1 || !slices.Equal(got[0].Names, []string{"nameless", "0", "1", "2", "3"}) {
		t.Errorf("%+v", got)
	}
}

// Whoever is deleted leaves everything at once, which is told as one loss.
func TestShrunkByDeletion(t *testing.T) {
	part := func(gone map[string]int) []KindSummary {
		return []KindSummary{
			{Kind: kind.ByName("users"), Before: 300, Removed: 1, Changes: []ObjectChange{{Key: entra.Key{Kind: "users", ID: "u"}, Type: entra.Removed}, {Key: entra.Key{Kind: "users", ID: "v"}}}},
			{Kind: kind.ByName("groups"), Before: 20, Parts: map[string]PartCount{"members": {Now: 16, Lost: 12, gone: gone}}},
		}
	}
	for _, tt := range []struct {
		gone map[string]int
		want string
	}{
		{map[string]int{"u": 12}, "[]"},
		{map[string]int{"u": 1, "v": 11}, "[{groups members 11 28 []}]"}, // v changed
		{map[string]int{"u": 1, "w": 11}, "[{groups members 11 28 []}]"}, // w is as it was
		{map[string]int{"u": 3, "w": 9}, "[]"},
	} {
		s := Summary{Kinds: part(tt.gone)}
		if got := fmt.Sprint(s.shrunk(ShrinkLimit{Percent: 20, Least: 10})); got != tt.want {
			t.Errorf("gone %v: %s, want %s", tt.gone, got, tt.want)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, tt := range []struct{ sorted, list, want []string }{
		{nil, nil, nil}, {nil, []string{"a"}, nil}, {[]string{"a", "b"}, nil, []string{"a", "b"}},
		{[]string{"a", "b"}, []string{"b", "c"}, []string{"a"}}, {[]string{"a"}, []string{"a", "a"}, nil},
	} {
		if got := missing(tt.sorted, tt.list); !slices.Equal(got, tt.want) {
			t.Errorf("%v of %v: %v", tt.list, tt.sorted, got)
		}
	}
}
