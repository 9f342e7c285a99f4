package cli

import (
	"encoding/csv"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// agree holds the other reports of what two snapshots differ in against the one for programs: a
// spreadsheet's rows, what people read, and what the commit says of itself.
func (w *watched) agree(t *testing.T, from, to int) {
	t.Helper()
	a, b := seq(from), seq(to)
	set := w.diff(t, a, b)
	toldOnce := entra.Told(set.Changes)
	read := func(format string) string {
		code, out, errs := w.entragit("diff", a, b, "--verbose", "--output", format)
		if code != exitDone {
			t.Errorf("diff --output %s exits with %d: %s", format, code, errs)
		}
		return out
	}
	sameRows(t, read("csv"), set.Changes)
	sameBlocks(t, "text", regexp.MustCompile(`(?m)^[-+~] `), read("text"), toldOnce)
	sameBlocks(t, "markdown", regexp.MustCompile("(?m)^- `[-+~]` "), read("markdown"), toldOnce)
	sameCards(t, read("html"), toldOnce)
	added, changed, removed := entra.Count(toldOnce)
	want := fmt.Sprintf("backup: +%d ~%d -%d", added, changed, removed)
	if got, _, _ := strings.Cut(w.git(t, "log", "-1", "--format=%s", snapshotsBranch+"~"+fmt.Sprint(len(w.worlds)-1-to)), "\n"); to == from+1 && got != want {
		t.Errorf("%s: the commit says %q, and the report %q", b, got, want)
	}
}

func seq(n int) string { return fmt.Sprintf("seq:%d", n+2) }

// sameRows holds rows against changes: each property and link of each change has one.
func sameRows(t *testing.T, table string, changes []entra.Change) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	must(t, err)
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	var got, want []string
	for _, row := range rows[1:] {
		if column(row, "type") != "not read" {
			got = append(got, fmt.Sprint(column(row, "type"), " ", column(row, "kind"), " ", strings.TrimPrefix(column(row, "id"), "'"), " ", column(row, "property")))
		}
	}
	for _, c := range changes {
		head := fmt.Sprint(c.Type, " ", c.Kind, " ", c.ID, " ")
		for _, p := range c.Properties {
			want = append(want, head+p.Pointer)
		}
		for _, l := range c.Links {
			want = append(want, head+"/links/"+l.Link)
		}
		if len(c.Properties)+len(c.Links) == 0 {
			want = append(want, head)
		}
	}
	same(t, "csv", got, want)
}

// sameBlocks holds what is written of each object, which begins with a sign, against changes.
func sameBlocks(t *testing.T, format string, sign *regexp.Regexp, report string, changes []entra.Change) {
	t.Helper()
	var blocks []string
	for starts := sign.FindAllStringIndex(report, -1); len(starts) > 0; starts = starts[1:] {
		end := len(report)
		if len(starts) > 1 {
			end = starts[1][0]
		}
		blocks = append(blocks, strings.Join(strings.Fields(report[starts[0][0]:end]), " "))
	}
	if len(blocks) != len(changes) {
		t.Errorf("%s: %d objects are told, want %d", format, len(blocks), len(changes))
	}
	for _, c := range changes {
		i := slices.IndexFunc(blocks, func(b string) bool { return isAbout(b, c) })
		if i < 0 {
			t.Errorf("%s: nothing is told of %s", format, c.Key)
			continue
		}
		blocks = slices.Delete(blocks, i, i+1)
	}
}

// isAbout reports whether a block tells a change: it names the object and, of one that is still
// there, every property and link that differs.
func isAbout(block string, c entra.Change) bool {
	sign := map[entra.ChangeType]string{entra.Added: "+", entra.Removed: "-", entra.Changed: "~"}[c.Type]
	if !strings.HasPrefix(strings.NewReplacer("`", "", "- `", "").Replace(strings.TrimPrefix(block, "- `")), sign) || !strings.Contains(block, c.ID) {
		return false
	}
	if c.Type != entra.Changed {
		return true
	}
	for _, p := range c.Properties {
		if !strings.Contains(block, jsonpointer.Split(p.Pointer)[1]) {
			return false
		}
	}
	return !slices.ContainsFunc(c.Links, func(l entra.LinkChange) bool { return !strings.Contains(block, l.Link) })
}

// sameCards holds the cards of a page against changes, by kind and what became of objects.
func sameCards(t *testing.T, page string, changes []entra.Change) {
	t.Helper()
	var got, want []string
	for _, card := range regexp.MustCompile(`<article class="card" id="[^"]*" data-kind="([^"]*)" data-change="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		got = append(got, card[2]+" "+card[1])
	}
	for _, c := range changes {
		want = append(want, string(c.Type)+" "+c.Kind)
	}
	same(t, "html", got, want)
}

// same compares two lists, whatever their order.
func same(t *testing.T, format string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	for len(got)+len(want) > 0 {
		switch {
		case len(want) == 0 || len(got) > 0 && got[0] < want[0]:
			t.Errorf("%s tells too much: %s", format, got[0])
			got = got[1:]
		case len(got) == 0 || got[0] > want[0]:
			t.Errorf("%s does not tell: %s", format, want[0])
			want = want[1:]
		default:
			got, want = got[1:], want[1:]
		}
	}
}
