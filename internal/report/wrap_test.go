package report

import (
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// tooWide are the rows of a text that are wider than they have to be: one word that is longer
// than a row has a row to itself.
func tooWide(text string) []string {
	var wide []string
	for _, row := range strings.Split(text, "\n") {
		if ui.Columns(row) > TextColumns && strings.Contains(strings.TrimSpace(row), " ") {
			wide = append(wide, row)
		}
	}
	return wide
}

// Every report fits, whatever it is about, and nothing is lost by it.
func TestTextFits(t *testing.T) {
	attributed := incident()
	attributed.Changes[0].By = []entra.Attribution{portalAda}
	attributed.Risks = []entra.Risk{{Severity: entra.High, Key: attributed.Changes[0].Key, Name: "CA001", Says: "is switched off", About: []string{mallory, adaID}}}
	for name, d := range map[string]Document{
		"changes": Changes(attributed, Options{}), "whole changes": Changes(attributed, Options{Full: true}), "hostile": Changes(hostileSet(), Options{Full: true}),
		"plan": Plan(comeback(), Options{}), "outcome": Outcome(done(), Options{}), "drill": Drill(rehearsed(), Options{}),
		"backup": Capture(night(), nil, Options{}), "nothing": Capture(&capture.Summary{}, nil, Options{}),
	} {
		got := text(t, d, ui.Palette{})
		for _, row := range tooWide(got) {
			t.Errorf("%s: %d columns: %q", name, ui.Columns(row), row)
		}
		if words := strings.Fields(strings.ReplaceAll(got, `\x3a:`, "::")); strings.Join(words, "") != strings.Join(strings.Fields(plainText(t, d)), "") {
			t.Errorf("%s loses words by being broken into rows", name)
		}
		for _, row := range strings.Split(got, "\n") {
			if strings.HasPrefix(strings.TrimSpace(row), "::") {
				t.Errorf("%s: a runner would obey %q", name, row)
			}
		}
	}
}

func TestRows(t *testing.T) {
	id := "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"
	url := "https://login.contoso.com/" + strings.Repeat("a", 80)
	for _, tt := range []struct {
		what  string
		spans []span
		rows  []string
	}{
		{"nothing", nil, []string{""}},
		{"one row", []span{sign(added), own("user"), quote("Ada")}, []string{"+ user Ada"}},
		{"an id is not broken", []span{sign(changed), own("policy"), quote(strings.Repeat("name ", 8) + "x"), quote("(" + id + ")")}, []string{
			"~ policy name name name name name name name name x", "    (" + id + ")",
		}},
		{"just as wide", []span{own(strings.Repeat("a", 40)), own(strings.Repeat("b", 39))}, []string{strings.Repeat("a", 40) + " " + strings.Repeat("b", 39)}},
		{"one more", []span{own(strings.Repeat("a", 40)), own(strings.Repeat("b", 40))}, []string{strings.Repeat("a", 40), "    " + strings.Repeat("b", 40)}},
		{"an address has its own row", []span{own("at"), quote(url), own("now")}, []string{"at", "    " + url, "    now"}},
		{"two columns a letter", []span{quote(strings.Repeat("李", 45))}, []string{strings.Repeat("李", 40), "    " + strings.Repeat("李", 5)}},
		{"a list", []span{quote(`["` + strings.Repeat("a", 50) + `","` + strings.Repeat("b", 30) + `"]`)}, []string{
			`["` + strings.Repeat("a", 50) + `",`, `    "` + strings.Repeat("b", 30) + `"]`,
		}},
		{"a command", []span{quote(strings.Repeat("a", 70) + " ::error::pwned")}, []string{strings.Repeat("a", 70), `    \x3a:error::pwned`}},
		{"blanks are the tenant's", []span{quote("a  b")}, []string{"a  b"}},
	} {
		want := strings.Join(tt.rows, "\n") + "\n"
		if got := text(t, Document{intro: []line{at(0, tt.spans...)}}, ui.Palette{}); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.what, got, want)
		}
	}
}
