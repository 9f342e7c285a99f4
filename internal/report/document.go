package report

// Document is a report before it has a form.
type Document struct {
	intro    []line
	sections []section
	footer   []line
	columns  int // of a text line; 0 is [TextColumns]
}

// section is a heading with the items below it.
type section struct {
	title string // our own words
	tone  tone
	items []item
}

// item is what stands or falls together when a report has to be cut: one object,
// one step. Its first line is its headline.
type item []line

// line is a row of spans. depth is its indentation, 0 for a headline.
type line struct {
	depth int
	spans []span
	// block is a change of multi-line text below the line: each row starts with "+",
	// "-" or a blank.
	block []string
}

// span is a run of text.
type span struct {
	text string
	tone tone
	// quoted marks words that came from the tenant: they are data, whatever they look
	// like.
	quoted bool
}

// tone says what a span means, for decoration.
type tone int

const (
	plain tone = iota
	strong
	faint
	added
	removed
	changed
	alarm
)

// own makes a span of our own words.
func own(text string) span { return span{text: text} }

// quote makes a span of the tenant's words.
func quote(text string) span { return span{text: text, quoted: true} }

// toned returns the span with another tone.
func (s span) toned(t tone) span {
	s.tone = t
	return s
}

// at builds a line.
func at(depth int, spans ...span) line { return line{depth: depth, spans: spans} }

// sign is the mark in front of what came, went or changed.
func sign(t tone) span {
	switch t {
	case added:
		return span{text: "+", tone: added}
	case removed:
		return span{text: "-", tone: removed}
	case alarm:
		return span{text: "!", tone: alarm}
	default:
		return span{text: "~", tone: changed}
	}
}
