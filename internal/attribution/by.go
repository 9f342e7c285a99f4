package attribution

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// by says who did a change.
func (m *matcher) by(c *entra.Change) []entra.Attribution {
	k := kind.ByName(c.Kind)
	if k == nil {
		return []entra.Attribution{{Unknown: m.unknown()}}
	}
	switch {
	case c.Type == entra.Removed:
		return m.attributions(c, []cell{m.existence(k, c, false)})
	case c.Type == entra.Added || c.OldID != "":
		created := m.existence(k, c, true)
		cells := []cell{created}
		for _, later := range m.cells(k, c) {
			if later.certainty == entra.Confirmed && (created.entry == nil || !later.sameActor(created.entry)) {
				cells = append(cells, later)
			}
		}
		return m.attributions(c, cells)
	}
	return m.attributions(c, m.cells(k, c))
}

// cells are all that somebody can have done of a change.
func (m *matcher) cells(k *kind.Kind, c *entra.Change) []cell {
	var cells []cell
	for _, p := range c.Properties {
		cells = append(cells, merged(p.Pointer, m.property(k, c, p))...)
	}
	for _, l := range c.Links {
		part := entra.SectionLinks + "/" + l.Link
		for _, id := range l.Removed {
			cells = append(cells, m.unlinked(k, c, part, id))
		}
		for _, id := range l.Added {
			cells = append(cells, m.element(c, k, part, id, true))
		}
	}
	return cells
}

// unlinked decides who removed an element of a link: where nobody did, whoever deleted what it led
// to.
func (m *matcher) unlinked(k *kind.Kind, c *entra.Change, part, id string) cell {
	x := m.element(c, k, part, id, false)
	target := m.removed[identity(id)]
	if x.entry != nil || len(x.rivals) > 0 || target == nil {
		return x
	}
	if of := kind.ByName(target.Kind); of != nil {
		if gone := m.existence(of, target, false); gone.entry != nil {
			return cell{"/" + part + jsonpointer.Join(id), gone.outcome}
		}
	}
	return x
}

// merged tells the cells of one property as one where one entry tells of all.
func merged(pointer string, cells []cell) []cell {
	for _, x := range cells {
		if x.group() != cells[0].group() {
			return cells
		}
	}
	if len(cells) > 1 {
		cells = cells[:1]
		cells[0].part = pointer
	}
	if len(cells) == 1 && !strings.HasPrefix(pointer, "/"+entra.SectionContained) {
		cells[0].part = pointer
	}
	return cells
}

// group is what the cells of one attribution have in common: the call, or why nobody is known.
func (o outcome) group() string {
	if o.entry == nil {
		group := string(o.unknown)
		for _, e := range o.rivals {
			group += "\x00" + e.who()
		}
		return group
	}
	call := cmp.Or(string(o.Correlation), fmt.Sprint(o.index))
	return strings.Join([]string{call, o.who(), o.job, string(o.certainty)}, "\x00")
}

// attributions says of cells who did them, newest first.
func (m *matcher) attributions(c *entra.Change, cells []cell) []entra.Attribution {
	groups := map[string]int{}
	var by []entra.Attribution
	for _, x := range cells {
		group := x.group()
		if x.part == "" {
			group = "whole" // of an object that came or went
		}
		at, known := groups[group]
		if !known {
			at = len(by)
			groups[group] = at
			by = append(by, m.attribution(c, x.outcome))
		} else if x.entry != nil {
			m.join(&by[at], c, x.outcome)
		}
		if x.part != "" {
			by[at].Parts = append(by[at].Parts, x.part)
		}
	}
	if len(by) == 1 {
		by[0].Parts = nil
	}
	for i := range by {
		slices.Sort(by[i].Parts)
		by[i].Parts = slices.Compact(by[i].Parts)
	}
	slices.SortStableFunc(by, func(a, b entra.Attribution) int {
		return cmp.Or(b.When.Compare(a.When), slices.Compare(a.Entries, b.Entries), slices.Compare(a.Parts, b.Parts))
	})
	return by
}

// join adds another entry to an attribution.
func (m *matcher) join(a *entra.Attribution, c *entra.Change, o outcome) {
	other := m.attribution(c, o)
	if other.Actor == a.Actor && other.When.After(a.When) {
		other.Parts = a.Parts
		*a, other = other, *a
	}
	a.Entries = append(a.Entries, other.Entries...)
	slices.Sort(a.Entries)
	a.Entries = slices.Compact(a.Entries)
}

// attribution is an outcome in the words of a report.
func (m *matcher) attribution(c *entra.Change, o outcome) entra.Attribution {
	if o.entry == nil {
		a := entra.Attribution{Unknown: o.unknown}
		for _, e := range o.rivals {
			actor := m.facts.actor(e)
			if !slices.Contains(a.Candidates, actor) {
				a.Candidates = append(a.Candidates, actor)
			}
		}
		return a
	}
	companions := m.companions(c, o)
	e, actor, ok := m.author(o)
	if !ok {
		return entra.Attribution{Unknown: m.unknown()}
	}
	a := entra.Attribution{
		Actor: actor, When: e.When, Client: e.client(), Activity: strings.TrimSpace(string(e.Activity)),
		CorrelationID: string(e.Correlation), Certainty: o.certainty,
	}
	a.Address, a.Service = e.address()
	for _, x := range append(companions, e, o.entry) {
		m.use(x)
		a.Entries = append(a.Entries, string(x.ID))
		for _, p := range x.pieces {
			a.Entries = append(a.Entries, string(p.ID))
		}
	}
	slices.Sort(a.Entries)
	a.Entries = slices.Compact(a.Entries)
	return a
}

// author is who an outcome names, and the entry that does. Where PIM acted for somebody, that is
// PIM's own entry; false where there is none and may still be one.
func (m *matcher) author(o outcome) (*entry, entra.Actor, bool) {
	if !o.goBetween() {
		if actor := m.facts.actor(o.entry); o.job == "" || actor.Type == entra.ActorUser {
			return o.entry, actor, true
		}
	}
	if o.job != "" {
		return o.entry, entra.Actor{Type: entra.ActorMicrosoft, Name: o.job}, true
	}
	persons, best := map[string]*entry{}, o.entry
	for _, n := range m.knots[o.key] {
		switch {
		case !m.sameAct(o, n):
		case !n.goBetween():
			persons[n.who()] = n.entry
		case n.row.Services != nil:
			best = n.entry // PIM's own, which says why
		}
	}
	switch len(persons) {
	case 0:
		return best, m.facts.actor(best), m.settled && m.why == ""
	case 1:
		for _, e := range persons {
			return e, m.facts.actor(e), true
		}
	}
	return nil, entra.Actor{}, false
}

// sameAct reports whether a tie is the one that an outcome is about, as another service logs it.
func (m *matcher) sameAct(o outcome, n *knot) bool {
	for _, own := range m.knots[o.key] {
		if own.entry == o.entry && own.on == n.on {
			return near(o.entry, n.entry, togetherPIM) || o.Correlation != "" && o.Correlation == n.Correlation
		}
	}
	return false
}

// mostRelated bounds the entries that are told beside one: a call about more is one in bulk.
const mostRelated = 16

// companions are the other entries of the act that an outcome is: those of the same call about one
// of its targets, and what another service logged of it at that time.
func (m *matcher) companions(c *entra.Change, o outcome) []*entry {
	var companions []*entry
	for _, t := range o.Targets {
		related := m.related[call{string(o.Correlation), identity(string(t.ID))}]
		if o.Correlation != "" && len(related) <= mostRelated {
			companions = append(companions, related...)
		}
	}
	writes := m.writesOf(c)
	first := sort.Search(len(writes), func(i int) bool { return !writes[i].When.Before(o.When.Add(-together)) })
	for _, w := range writes[first:] {
		if w.When.Sub(o.When) > together {
			break
		}
		if w.service != o.service && o.writes(w) {
			companions = append(companions, w.entry)
		}
	}
	for _, n := range m.knots[o.key] {
		if n.service != o.service && m.sameAct(o, n) {
			companions = append(companions, n.entry)
		}
	}
	return companions
}

// writes reports whether an entry is what another service logged of the same writing.
func (e *entry) writes(w *write) bool {
	for _, row := range activitiesOf(e) {
		if row.Ties == nil && row.Does == w.row.Does && slices.ContainsFunc(row.Kinds, func(k string) bool { return slices.Contains(w.row.Kinds, k) }) {
			return true
		}
	}
	return false
}
