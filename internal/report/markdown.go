package report

import (
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/ui"
)

// MarkdownBudget is a safe size in bytes for a comment or the body of a pull request
// on GitHub, which accepts 65,536 characters.
const MarkdownBudget = 60_000

// Markdown returns the document as GitHub Flavored Markdown of at most budget bytes;
// 0 means no limit. It is cut between items, and a last sentence says how many were
// left out, followed by more, which tells where the whole report is.
//
// Whatever came from the tenant is inside a code span or a fenced block: there, no
// Markdown, HTML, mention, issue number or link is recognised (GitHub Flavored
// Markdown, sections 6.3 and 4.5).
func (d Document) Markdown(budget int, more string) string {
	var head, tail strings.Builder
	for _, l := range d.intro {
		markdownParagraph(&head, l)
	}
	for _, l := range d.footer {
		markdownParagraph(&tail, l)
	}
	m := cutter{budget: budget}
	m.budget -= tail.Len() + len(more) + reserve
	m.unlimited = budget == 0
	m.write(head.String())
	for _, s := range d.sections {
		m.section(s)
	}
	if m.left > 0 {
		fmt.Fprintf(&m.b, "\n_Left out for length: %s._ %s\n", count(m.left, "item"), more)
	}
	return strings.TrimLeft(m.b.String()+tail.String(), "\n")
}

// reserve is room for the sentence about what was left out.
const reserve = 80

// cutter collects Markdown until the budget is used up.
type cutter struct {
	b         strings.Builder
	budget    int
	unlimited bool
	left      int // items left out
}

// write adds text when it fits.
func (c *cutter) write(text string) bool {
	if !c.unlimited && c.b.Len()+len(text) > c.budget {
		return false
	}
	c.b.WriteString(text)
	return true
}

// section adds a heading and its items. An item that does not fit is reduced to its
// headline; what does not fit even so is counted.
func (c *cutter) section(s section) {
	if c.left > 0 || !c.write("\n### "+s.title+"\n\n") {
		c.left += len(s.items)
		return
	}
	for i, it := range s.items {
		if c.write(markdownItem(it)) {
			continue
		}
		if !c.write(markdownItem(item{shortened(it[0])})) {
			c.left += len(s.items) - i
			return
		}
	}
}

func shortened(headline line) line {
	headline.spans = append(headline.spans[:len(headline.spans):len(headline.spans)], own("(details left out for length)"))
	headline.block = nil
	return headline
}

// markdownItem is a list item; lines below the headline are nested lists.
func markdownItem(it item) string {
	var b strings.Builder
	for _, l := range it {
		indent := strings.Repeat("  ", l.depth)
		b.WriteString(indent + "- ")
		markdownSpans(&b, l.spans)
		b.WriteByte('\n')
		markdownBlock(&b, indent+"  ", l.block)
	}
	return b.String()
}

func markdownParagraph(b *strings.Builder, l line) {
	b.WriteByte('\n')
	markdownSpans(b, l.spans)
	b.WriteByte('\n')
	markdownBlock(b, "", l.block)
}

func markdownSpans(b *strings.Builder, spans []span) {
	for i, s := range spans {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch {
		case s.quoted || isSign(s):
			b.WriteString(codeSpan(s.text))
		case s.tone == strong || s.tone == alarm:
			b.WriteString("**" + s.text + "**")
		default:
			b.WriteString(s.text)
		}
	}
}

// isSign tells the marks apart, which Markdown would take for lists.
func isSign(s span) bool { return s == sign(s.tone) }

// markdownBlock writes a change of multi-line text as a fenced diff.
func markdownBlock(b *strings.Builder, indent string, rows []string) {
	if len(rows) == 0 {
		return
	}
	safe := make([]string, len(rows))
	for i, row := range rows {
		safe[i] = indent + ui.Safe(row)
	}
	text := strings.Join(safe, "\n")
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	fmt.Fprintf(b, "%s%sdiff\n%s\n%s%s\n", indent, fence, text, indent, fence)
}

// codeSpan quotes text, made [ui.Safe], so that every character of it is shown and
// none means anything: its fence is longer than any run of backticks inside, and the
// blanks that Markdown strips are given twice.
func codeSpan(text string) string {
	text = ui.Safe(text)
	if strings.TrimSpace(text) == "" {
		return "`\"" + text + "\"`"
	}
	fence := strings.Repeat("`", longestRun(text)+1)
	first, last := text[0], text[len(text)-1]
	if first == '`' || last == '`' || (first == ' ' && last == ' ') {
		text = " " + text + " "
	}
	return fence + text + fence
}

// longestRun returns the length of the longest run of backticks.
func longestRun(text string) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
