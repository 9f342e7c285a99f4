package report

import (
	"bytes"
	"cmp"
	"io"
	"strings"

	"github.com/entragit/entragit/internal/ui"
)

// Text writes the document for a terminal or a log. The palette decorates and changes no word,
// nor where a line ends. No line starts with a word of the tenant's, so that none can be a
// command to the GitHub Actions runner.
func (d Document) Text(w io.Writer, p ui.Palette) error {
	t := textWriter{palette: p, columns: cmp.Or(d.columns, TextColumns)}
	t.lines(d.intro)
	for _, s := range d.sections {
		t.gap()
		t.line(at(0, span{text: s.title, tone: s.tone}))
		for _, it := range s.items {
			t.lines(it)
		}
	}
	if len(d.footer) > 0 {
		t.gap()
		t.lines(d.footer)
	}
	_, err := t.WriteTo(w)
	return err
}

type textWriter struct {
	bytes.Buffer
	palette ui.Palette
	columns int
}

// gap separates sections.
func (t *textWriter) gap() {
	if t.Len() > 0 {
		t.WriteByte('\n')
	}
}

func (t *textWriter) lines(lines []line) {
	for _, l := range lines {
		t.line(l)
	}
}

func (t *textWriter) line(l line) {
	t.wrapped(l.spans, 2*l.depth, 2*l.depth+4)
	for _, row := range l.block {
		t.wrapped([]span{{text: "| " + row, tone: rowTone(row)}}, 2*l.depth+2, 2*l.depth+6)
	}
}

// wrapped writes spans as one line, or as several that are indented more than what is below.
func (t *textWriter) wrapped(spans []span, indent, hanging int) {
	for _, row := range rows(spans, t.columns, indent, hanging) {
		t.WriteString(strings.Repeat(" ", indent))
		t.row(row)
		t.WriteByte('\n')
		indent = hanging
	}
}

// row writes the words of a row; those of one tone are decorated together.
func (t *textWriter) row(words []word) {
	var run strings.Builder
	for i, w := range words {
		if i > 0 && w.tone != words[i-1].tone {
			t.WriteString(paint(t.palette, words[i-1].tone, run.String()))
			run.Reset()
			if !w.joins {
				t.WriteByte(' ')
			}
		} else if i > 0 && !w.joins {
			run.WriteByte(' ')
		}
		run.WriteString(w.text)
	}
	if len(words) > 0 {
		t.WriteString(paint(t.palette, words[len(words)-1].tone, run.String()))
	}
}

func rowTone(row string) tone {
	switch row[0] {
	case '+':
		return added
	case '-':
		return removed
	default:
		return plain
	}
}

func paint(p ui.Palette, t tone, s string) string {
	switch t {
	case strong:
		return p.Strong(s)
	case faint:
		return p.Faint(s)
	case added:
		return p.Added(s)
	case removed:
		return p.Removed(s)
	case changed:
		return p.Changed(s)
	case alarm:
		return p.Alarm(s)
	default:
		return s
	}
}
