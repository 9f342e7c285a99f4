package report

import (
	"html/template"
	"iter"
	"slices"
	"strconv"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/ui"
)

// pageView is what the page's template shows: the same words as every other form, and what
// only a page has. Its methods are called once each, in the order of the page, so that a
// large comparison is never there twice.
type pageView struct {
	writer
	Page
	risks byRisk
	told  []entra.Change
	// under are the changes that another one brought about, by the one that did.
	under map[entra.Key][]entra.Consequence
	// since is how a command names the point before a change.
	since func(i int) string
	// anchors are the places of the changes in the page.
	anchors map[entra.Key]int
}

func newPageView(p Page, opts Options) *pageView {
	v := &pageView{
		writer: writer{names: withChanged(p.Set), Options: opts, by: authorsOf(p.Set.Changes)},
		Page:   p, risks: group(p.Set), anchors: map[entra.Key]int{},
	}
	v.since = func(int) string { return revision(p.Set.From) }
	v.under = entra.Consequences(p.Set.Changes)
	first, rest := v.risks.split(entra.Told(p.Set.Changes))
	v.told = append(first, rest...)
	for i, c := range v.told {
		v.anchors[c.Key] = i + 1
		for _, u := range v.under[c.Key] {
			if u.Cause != nil { // else it is told itself, too
				v.anchors[u.Key] = i + 1
			}
		}
	}
	return v
}

// Policy is the page's Content Security Policy.
func (v *pageView) Policy() string { return pagePolicy() }

// Style is the one style sheet.
func (v *pageView) Style() template.CSS { return template.CSS(pageStyle) }

// Script is the one script.
func (v *pageView) Script() template.JS { return template.JS(pageScript) }

// Title names the page in a list of windows.
func (v *pageView) Title() string {
	return "Changes of the tenant: " + shortPoint(v.Set.From) + " to " + shortPoint(v.Set.To)
}

func shortPoint(p entra.Point) string {
	if p.Live() {
		return "now"
	}
	return revision(p)
}

// Heading is the page's.
func (v *pageView) Heading() []span { return []span{own("What changed in the tenant")} }

// Points are the two sides in words.
func (v *pageView) Points() []string {
	return []string{ui.Safe(v.Set.From.String()), ui.Safe(v.Set.To.String())}
}

// Count is how many changes are told.
func (v *pageView) Count() string { return number(len(v.told)) }

// Looks are the worst of what the changes can do.
func (v *pageView) Looks() []pageLook {
	var looks []pageLook
	for _, r := range v.Set.Risks[:min(firstLooks, len(v.Set.Risks))] {
		looks = append(looks, pageLook{r.Severity, v.risk(r)[1:], v.anchors[r.Key], r.Reference})
	}
	return looks
}

// pageLook is a risk as it is told first.
type pageLook struct {
	Severity  entra.Severity
	Spans     []span
	Anchor    int // 0 for what is not a change of one object
	Reference string
}

// MoreLooks is how many risks are told with their changes alone.
func (v *pageView) MoreLooks() int { return max(0, len(v.Set.Risks)-firstLooks) }

// Doubts are what a reader must know before he believes the rest.
func (v *pageView) Doubts() []section {
	var sections []section
	if len(v.Set.Unread) > 0 {
		sections = append(sections, v.unread(v.Set.Unread))
	}
	if len(v.Set.Shrunk) > 0 {
		sections = append(sections, v.shrunk(v.Set.Shrunk))
	}
	if len(v.Set.Dangling) > 0 {
		sections = append(sections, v.dangling(v.Set.Dangling))
	}
	return sections
}

// Groups are the changes: first those that can do something, of whatever kind, then the rest
// by kind.
func (v *pageView) Groups() iter.Seq[pageGroup] {
	return func(yield func(pageGroup) bool) {
		risky := slices.IndexFunc(v.told, func(c entra.Change) bool { return len(v.risks[c.Key]) == 0 })
		if risky < 0 {
			risky = len(v.told)
		}
		if risky > 0 && !yield(pageGroup{"Riskiest first: " + tally(v.told[:risky]), v.chunks(0, risky)}) {
			return
		}
		for start := risky; start < len(v.told); {
			end := start
			for end < len(v.told) && v.told[end].Kind == v.told[start].Kind {
				end++
			}
			title := heading(v.told[start].Kind) + ": " + tally(v.told[start:end])
			if !yield(pageGroup{ui.Safe(title), v.chunks(start, end)}) {
				return
			}
			start = end
		}
	}
}

// PlainText says which changes are told as text; empty where none is.
func (v *pageView) PlainText() string {
	if len(v.told) <= fullCards {
		return ""
	}
	return "The first " + number(fullCards) + " are shown each with a table and the command that puts it back, the others as plain text, so that a browser can open so many. " +
		"To put one of those back: entragit reconcile --from " + revision(v.Set.From) + " KIND/ID"
}

// pageGroup is changes under one heading.
type pageGroup struct {
	Title string
	// Chunks are the changes in lots that a browser lays out when they are looked at.
	Chunks iter.Seq[iter.Seq[*pageCard]]
}

// chunk is how many changes are laid out together.
const chunk = 100

func (v *pageView) chunks(from, to int) iter.Seq[iter.Seq[*pageCard]] {
	return func(yield func(iter.Seq[*pageCard]) bool) {
		for ; from < to; from += chunk {
			if !yield(v.cards(from, min(from+chunk, to))) {
				return
			}
		}
	}
}

func (v *pageView) cards(from, to int) iter.Seq[*pageCard] {
	return func(yield func(*pageCard) bool) {
		for i := from; i < to; i++ {
			if !yield(v.card(i)) {
				return
			}
		}
	}
}

// What the template reads of a document's parts.

// Title is the section's heading.
func (s section) Title() string { return ui.Safe(s.title) }

// Items are the section's items.
func (s section) Items() []item { return s.items }

// Depth is how far below its item's headline the line is.
func (l line) Depth() int { return l.depth }

// Spans are the line's runs of text.
func (l line) Spans() []span { return l.spans }

// Block is a change of multi-line text.
func (l line) Block() []pageRow { return blockRows(l.block) }

// Text is the span as a reader sees it: nothing in it is obeyed, and nothing is hidden.
func (s span) Text() string { return ui.Safe(s.text) }

// Quoted reports whether the words are the tenant's.
func (s span) Quoted() bool { return s.quoted }

// Class is the span's tone as the style sheet calls it.
func (s span) Class() string { return toneClasses[s.tone] }

var toneClasses = map[tone]string{
	strong: "strong", faint: "faint", added: "added", removed: "removed", changed: "changed", alarm: "alarm",
}

// pageRow is a row of multi-line text.
type pageRow struct{ Mark, Text string }

// Came reports whether the row was not there before.
func (r pageRow) Came() bool { return r.Mark == "+" }

// Went reports whether the row is no longer there.
func (r pageRow) Went() bool { return r.Mark == "-" }

func blockRows(rows []string) []pageRow {
	var out []pageRow
	for _, row := range rows {
		out = append(out, pageRow{row[:1], ui.Safe(row[1:])})
	}
	return out
}

// revision is how a command names a point.
func revision(p entra.Point) string {
	switch {
	case p.Live():
		return "live"
	case p.Seq > 0:
		return "seq:" + strconv.Itoa(p.Seq)
	}
	return p.Commit[:min(len(p.Commit), 12)]
}

// kindTitle is what a person calls a kind in a list of kinds.
func kindTitle(name string) string {
	if kind.ByName(name) == nil {
		return ui.Safe(name)
	}
	return heading(name)
}
