package report

import (
	"bytes"
	"io"
	"strings"

	"github.com/entragit/entragit/internal/ui"
)

// Text writes the document for a terminal or a log. The palette decorates and
// changes no word. No line starts with a word of the tenant's, so that none can be a
// command to the GitHub Actions runner.
func (d Document) Text(w io.Writer, p ui.Palette) error {
	t := textWriter{palette: p}
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
	t.WriteString(strings.Repeat("  ", l.depth))
	for i, s := range l.spans {
		if i > 0 {
			t.WriteByte(' ')
		}
		t.WriteString(paint(t.palette, s.tone, ui.Safe(s.text)))
	}
	t.WriteByte('\n')
	for _, row := range l.block {
		t.WriteString(strings.Repeat("  ", l.depth+1))
		t.WriteString(paint(t.palette, rowTone(row), "| "+ui.Safe(row)))
		t.WriteByte('\n')
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
