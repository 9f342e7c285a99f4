package report

import (
	"math"
	"strings"

	"github.com/entragit/entragit/internal/ui"
)

// TextColumns is how wide a text report is: what every terminal, mail and log shows without
// wrapping it by itself. It is the same on a terminal and elsewhere, so that the same report
// is the same bytes.
const TextColumns = 80

// Wide returns the document with text of that many columns; 0 breaks no line.
func (d Document) Wide(columns int) Document {
	d.columns = columns
	if columns <= 0 {
		d.columns = math.MaxInt
	}
	return d
}

// word is what a line is not broken in, of one tone.
type word struct {
	text string
	tone tone
	// joins says that no blank is between the word and the one before.
	joins bool
}

// rows breaks spans into rows of at most so many columns, behind a first indentation and
// a deeper one below it. A word that is longer than a row, such as an address, has a row to
// itself and is not broken, so that it can be copied.
func rows(spans []span, columns, indent, hanging int) [][]word {
	var all [][]word
	var row []word
	at := indent
	for i, s := range spans {
		for j, text := range strings.Split(ui.Safe(s.text), " ") {
			pieces := []string{text}
			if ui.Columns(text) > columns-hanging {
				pieces = parts(text)
			}
			for k, piece := range pieces {
				w := word{text: piece, tone: s.tone, joins: k > 0 || i+j == 0}
				needs := ui.Columns(piece)
				if !w.joins {
					needs++
				}
				if at+needs > columns && len(row) > 0 && piece != "" {
					all, row, at = append(all, row), nil, hanging
					w = word{text: inert(piece), tone: s.tone, joins: true}
					needs = ui.Columns(w.text)
				}
				row, at = append(row, w), at+needs
			}
		}
	}
	return append(all, row)
}

// inert is the start of a row that no runner of GitHub Actions obeys: a command counts behind
// any number of blanks.
func inert(text string) string {
	if strings.HasPrefix(text, "::") {
		return `\x3a` + text[1:]
	}
	return text
}

// parts are what a long word can be broken into where that does no harm: letters that are
// written without blanks between words, and the elements of a list.
func parts(text string) []string {
	var all []string
	start := 0
	var before rune
	for i, r := range text {
		wide := ui.RuneColumns(r) == 2 || ui.RuneColumns(before) == 2
		element := before == ',' && strings.ContainsRune(`"{[`, r)
		if i > start && (wide && ui.RuneColumns(r) > 0 || element) {
			all, start = append(all, text[start:i]), i
		}
		before = r
	}
	return append(all, text[start:])
}
