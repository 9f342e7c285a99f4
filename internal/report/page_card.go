package report

import (
	"math"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/ui"
)

// pageCard is one change of one object.
type pageCard struct {
	view   *pageView
	Anchor int
	change entra.Change
}

func (v *pageView) card(i int) *pageCard { return &pageCard{v, i + 1, v.told[i]} }

// fullCards is how many changes are shown with all that a page can do. A browser takes some
// seventy elements for each; what comes after that many is plain text, three elements each, and says
// the same.
const fullCards = 2000

// Plain reports whether the change is told as text.
func (c *pageCard) Plain() bool { return c.Anchor > fullCards }

// Text is the change as the text of a report tells it, with what it brought about.
func (c *pageCard) Text() string {
	it := c.view.change(c.change)
	head := it[:1:1]
	for _, r := range c.view.risks[c.change.Key] {
		head = append(head, at(1, sign(alarm), severity(r.Severity), own(r.Says)))
	}
	t := textWriter{columns: math.MaxInt} // the page breaks lines itself
	t.lines(append(head, it[1:]...))
	t.lines(c.Brought())
	return strings.TrimSuffix(t.String(), "\n")
}

// Severity is the worst that the change can do; empty for nothing that is known.
func (c *pageCard) Severity() entra.Severity { return entra.Worst(c.view.risks[c.change.Key]) }

// Type says in a word what became of the object.
func (c *pageCard) Type() entra.ChangeType { return c.change.Type }

// Kind is the object's kind.
func (c *pageCard) Kind() string { return ui.Safe(c.change.Kind) }

// Headline is the object, and what it was before.
func (c *pageCard) Headline() []span { return c.view.became(c.change) }

// Who is who did it, or most of it, in a few words.
func (c *pageCard) Who() []span {
	main, ok := authors(c.change.By).main()
	if !ok {
		return nil
	}
	spans := c.view.who(main)
	if !main.When.IsZero() {
		spans = append(spans, own(authors(c.change.By).when(main)))
	}
	if main.Address != "" {
		spans = append(spans, own("from"), quote(main.Address))
	}
	return spans
}

// Actors are the names that the filter looks for, one a row.
func (c *pageCard) Actors() string { return strings.Join(c.view.actorsOf(c.change), "\n") }

// Properties are the names of what changed, one a row.
func (c *pageCard) Properties() string { return strings.Join(propertiesOf(c.change), "\n") }

// Risks are what the change can do, worst first.
func (c *pageCard) Risks() []pageLook {
	var looks []pageLook
	for _, r := range c.view.risks[c.change.Key] {
		looks = append(looks, pageLook{Severity: r.Severity, Spans: append(c.view.riskOf(c.change, r), c.view.about(r.About)...), Reference: r.Reference})
	}
	return looks
}

// Acts are who did it, newest first.
func (c *pageCard) Acts() []pageAct {
	acts := make([]pageAct, len(c.change.By))
	for i, a := range c.change.By {
		acts[i] = pageAct{c.view, a}
	}
	return acts
}

// Came reports whether all of the object did, so that nothing was before.
func (c *pageCard) Came() bool { return c.change.Type == entra.Added }

// Went reports whether all of the object did.
func (c *pageCard) Went() bool { return c.change.Type == entra.Removed }

// Rows are the properties and links that changed.
func (c *pageCard) Rows() []pageProperty {
	var rows []pageProperty
	for _, p := range c.change.Properties {
		if c.change.Type == entra.Changed || !p.Observed || c.view.Full {
			row := c.view.pageProperty(p, c.change.Type)
			row.By = c.view.didPart(0, c.change.By, p.Pointer)
			rows = append(rows, row)
		}
	}
	for _, l := range c.change.Links {
		row := c.view.pageSet(l.Link, anys(l.Removed), anys(l.Added))
		row.By = c.view.didPart(0, c.change.By, jsonpointer.Join(entra.SectionLinks, l.Link))
		rows = append(rows, row)
	}
	return rows
}

// Brought is what the change brought about.
func (c *pageCard) Brought() []line { return c.view.brought(c.view.under[c.change.Key]) }

// pageProperty is a property or link before and after.
type pageProperty struct {
	Name          []string // broken where a line may be
	Observed      bool
	Set           bool // the sides are what went and what came, not all there was and is
	Before, After []line
	// Rows are both at once, of text with several lines.
	Rows []pageRow
	Note string
	By   []line // who did it, where that is not who did the change as such
}

// pageProperty shows one property: what it was and what it became, or for text of several
// lines the lines that differ.
func (v *pageView) pageProperty(p entra.PropertyChange, what entra.ChangeType) pageProperty {
	row := pageProperty{Name: breakable(v.path(p.Pointer))}
	switch {
	case len(p.AddedItems)+len(p.RemovedItems) > 0:
		row = v.pageSet(v.path(p.Pointer), p.RemovedItems, p.AddedItems)
	case what == entra.Changed && multiline(p.Before, p.After):
		before, _ := p.Before.(string)
		after, _ := p.After.(string)
		row.Rows = blockRows(lineDiff(before, after, v.limit(longDiff)))
	case isFields(p.Before) || isFields(p.After):
		row.Before, row.After = v.side(p.Before), v.side(p.After)
	case what == entra.Added:
		row.After = v.side(p.After)
	case what == entra.Removed:
		row.Before = v.side(p.Before)
	default:
		before, after := v.scalars(p.Before, p.After)
		row.Before, row.After = []line{at(0, v.id(before)...)}, []line{at(0, v.id(after)...)}
		if lookAlike(p.Before, p.After) {
			row.Note = "Both look the same: another encoding of the same letters."
		}
	}
	row.Observed = p.Observed
	return row
}

// pageSet shows what came and went of a list whose elements have no order. What stayed is not
// shown, so that an empty side says what it means.
func (v *pageView) pageSet(name string, gone, come []any) pageProperty {
	return pageProperty{Name: breakable(name), Set: true, Before: v.items(0, gone, removed), After: v.items(0, come, added)}
}

// breakable is a property's name in pieces that may stand on lines of their own.
func breakable(name string) []string { return strings.SplitAfter(ui.Safe(name), ".") }

func isFields(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// side is a whole value; none for one that is not there.
func (v *pageView) side(value any) []line {
	if value == nil {
		return nil
	}
	return v.element(0, nil, value)
}

// propertiesOf names what changed as people filter by it: lists and collections by
// their own name, not by that of an element.
func propertiesOf(c entra.Change) []string {
	var all []string
	for _, p := range c.Properties {
		all = append(all, propertyName(p.Pointer))
	}
	for _, l := range c.Links {
		all = append(all, ui.Safe(l.Link))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func propertyName(pointer string) string {
	segments := jsonpointer.Split(pointer)
	if len(segments) < 2 {
		return ui.Safe(strings.Join(segments, "."))
	}
	if segments[0] == entra.SectionContained {
		return ui.Safe(segments[1])
	}
	segments = segments[1:]
	for i, s := range segments {
		if i > 0 && !plainSegment(s) {
			segments = segments[:i]
			break
		}
	}
	return ui.Safe(strings.Join(segments, "."))
}
