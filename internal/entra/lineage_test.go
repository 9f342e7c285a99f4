package entra

import (
	"slices"
	"testing"
	"time"
)

func second(n int) time.Time { return time.Date(2026, 10, 1, 0, 0, n, 0, time.UTC) }

func TestLines(t *testing.T) {
	group := func(older, newer string, when int) Succession {
		return Succession{Kind: "groups", Old: older, New: newer, When: second(when)}
	}
	for _, tc := range []struct {
		name    string
		lineage Lineage
		id      string
		want    []string
	}{
		{"nothing", nil, "a", []string{"a"}},
		{"another object", Lineage{group("a", "b", 1)}, "c", []string{"c"}},
		{"once, from the old id", Lineage{group("a", "b", 1)}, "a", []string{"a", "b"}},
		{"once, from the new id", Lineage{group("a", "b", 1)}, "b", []string{"a", "b"}},
		{"twice in a row", Lineage{group("a", "b", 1), group("b", "c", 2)}, "b", []string{"a", "b", "c"}},
		{"told in the wrong order", Lineage{group("b", "c", 2), group("a", "b", 1)}, "c", []string{"a", "b", "c"}},
		{"names do not order", Lineage{group("z", "m", 1), group("m", "a", 2)}, "m", []string{"z", "m", "a"}},
		{"twice from one id", Lineage{group("a", "x", 2), group("a", "b", 1)}, "a", []string{"a", "b", "x"}},
		{"joined late", Lineage{group("a", "b", 1), group("c", "d", 2), group("b", "c", 3)}, "d", []string{"a", "b", "d", "c"}},
		{"another kind", Lineage{{Kind: "users", Old: "a", New: "b", When: second(1)}}, "a", []string{"a"}},
		{"another property", Lineage{{Kind: "groups", By: "mail", Old: "a", New: "b", When: second(1)}}, "a", []string{"a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			name := Name{Kind: "groups", Value: tc.id}
			lines := tc.lineage.Lines()
			if got := lines.Of(name); !slices.Equal(got, tc.want) {
				t.Errorf("line of %s: %v, want %v", tc.id, got, tc.want)
			}
			if got, want := lines.Newest(name), tc.want[len(tc.want)-1]; got != want {
				t.Errorf("newest of %s: %s, want %s", tc.id, got, want)
			}
		})
	}
}

func TestLinesOfACircle(t *testing.T) {
	lines := Lineage{
		{Kind: "groups", Old: "a", New: "b", When: second(1)}, {Kind: "groups", Old: "b", New: "a", When: second(2)},
	}.Lines()
	if got := lines.Newest(Name{Kind: "groups", Value: "b"}); got != "a" {
		t.Errorf("newest of a circle: %s, want the one that came last, a", got)
	}
	if got := len(lines.Of(Name{Kind: "groups", Value: "a"})); got != 2 {
		t.Errorf("%d ids, want 2", got)
	}
}

func TestMerge(t *testing.T) {
	older := Lineage{{Kind: "users", Old: "a", New: "b", When: second(5)}}
	merged := older.Merge(
		Succession{Kind: "users", Old: "a", New: "b", When: second(9)},
		Succession{Kind: "applications", By: "appId", Old: "x", New: "y", When: second(1).Add(300 * time.Millisecond)},
		Succession{Kind: "users", Old: "c", New: "c", When: second(2)},
		Succession{Kind: "users", Old: "", New: "d", When: second(2)},
	)
	want := Lineage{
		{Kind: "applications", By: "appId", Old: "x", New: "y", When: second(1)},
		{Kind: "users", Old: "a", New: "b", When: second(5)},
	}
	if !slices.Equal(merged, want) {
		t.Errorf("merged\n%v\nwant\n%v", merged, want)
	}
	if len(older) != 1 || older[0].When != second(5) {
		t.Error("merging changed what it merged into")
	}
}

func TestKeysOfALine(t *testing.T) {
	lines := Lineage{{Kind: "groups", Old: "a", New: "b", When: second(1)}}.Lines()
	if got := lines.Key(Key{"groups", "a"}); got != (Key{"groups", "b"}) {
		t.Errorf("newest key %v", got)
	}
	if got := lines.Keys(Key{"groups", "b"}); !slices.Equal(got, []Key{{"groups", "a"}, {"groups", "b"}}) {
		t.Errorf("keys %v", got)
	}
	if !lines.Since(Name{Kind: "groups", Value: "b"}).Equal(second(1)) || !lines.Since(Name{Kind: "groups", Value: "a"}).IsZero() {
		t.Error("only the new id came to be by re-creation")
	}
	if lines.Empty() || !(Lineage{}).Lines().Empty() {
		t.Error("empty is what has no line")
	}
}

func TestOnlySomeLines(t *testing.T) {
	lines := Lineage{
		{Kind: "users", Old: "u", New: "v", When: second(2)}, {Kind: "groups", Old: "b", New: "c", When: second(1)}, {Kind: "groups", Old: "a", New: "x", When: second(3)},
		{Kind: "groups", Old: "c", New: "d", When: second(4)},
	}.Lines()
	var all [][]Name
	for names := range lines.All() {
		all = append(all, names)
	}
	if len(all) != 3 || len(all[1]) != 3 || all[0][0] != (Name{"groups", "", "a"}) || all[1][2] != (Name{"groups", "", "d"}) || all[2][0].Kind != "users" {
		t.Errorf("all lines: %v", all)
	}
	kept := lines.Only(func(first Name) bool { return first.Value == "b" })
	if !kept.Has(Name{"groups", "", "c"}) || kept.Has(Name{"users", "", "u"}) || kept.Newest(Name{"groups", "", "b"}) != "d" || kept.Newest(Name{"users", "", "u"}) != "u" {
		t.Error("not the line that was kept")
	}
	if !lines.Only(func(Name) bool { return false }).Empty() {
		t.Error("nothing is kept, and something is there")
	}
}
