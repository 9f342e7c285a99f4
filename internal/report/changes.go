package report

import (
	"maps"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Options say how much a report shows. The zero value is for people.
type Options struct {
	// Full shortens no value and no list, and shows what an added or removed object of
	// a bulk kind held.
	Full bool
	// Requests are what a plan's steps would send, by the step's id; none shows none.
	Requests map[string][]entra.Request
}

// Changes is the report of a comparison: the worst that the changes can do first, what could
// not be compared, the changes that can do anything, and the rest by kind, in the order of
// the change set.
func Changes(set *entra.ChangeSet, opts Options) Document {
	w := writer{names: withChanged(set), Options: opts, by: authorsOf(set.Changes)}
	d := Document{intro: []line{at(0,
		own("From"), own(set.From.String()).toned(strong),
		own("to"), own(set.To.String()).toned(strong),
	)}}
	if len(set.Risks) > 0 {
		d.sections = append(d.sections, w.lookHere(set.Risks))
	}
	if len(set.Unread) > 0 {
		d.sections = append(d.sections, w.unread(set.Unread))
	}
	if len(set.Shrunk) > 0 {
		d.sections = append(d.sections, w.shrunk(set.Shrunk))
	}
	if len(set.Dangling) > 0 {
		d.sections = append(d.sections, w.dangling(set.Dangling))
	}
	told, brought := entra.Told(set.Changes), consequences(entra.Consequences(set.Changes))
	risks := group(set)
	first, rest := risks.split(told)
	if len(first) > 0 {
		d.sections = append(d.sections, w.riskiest(first, risks, brought))
	}
	d.sections = append(d.sections, w.byKind(rest, brought)...)
	d.footer = append([]line{at(0, own(changesSummary(set, told)))}, ignoredLines(set.Ignored)...)
	d.footer = append(d.footer, attributedLines(set)...)
	if len(set.Unlicensed) > 0 {
		d.footer = append(d.footer, at(0, own(Unlicensed(set.Unlicensed))))
	}
	return d
}

// withChanged adds the names of the changed objects themselves: what they are linked
// to may have changed, too.
func withChanged(set *entra.ChangeSet) names {
	all := make(names, len(set.Names)+len(set.Changes))
	for _, c := range set.Changes {
		if c.Name != "" {
			all[c.ID] = c.Kind + ": " + c.Name
			if c.OldID != "" {
				all[c.OldID] = all[c.ID]
			}
		}
	}
	maps.Copy(all, set.Names)
	return all
}

func changesSummary(set *entra.ChangeSet, told []entra.Change) string {
	if len(set.Changes) > 0 {
		verb := " differ: "
		if len(told) == 1 {
			verb = " differs: "
		}
		text := count(len(told), "object") + verb + tally(told)
		if folded := len(set.Changes) - len(told); folded > 0 {
			text += " (and " + number(folded) + " more because of that)"
		}
		return text + unreadSummary(set.Unread)
	}
	if len(set.Unread) > 0 {
		return "No differences in what could be compared" + unreadSummary(set.Unread)
	}
	if anyIgnored(set.Ignored) {
		return "No differences but what is ignored"
	}
	return "No differences"
}

func tally(changes []entra.Change) string {
	a, c, r := entra.Count(changes)
	return list(some(r, "removed"), some(c, "changed"), some(a, "added"))
}

// writer builds the parts of a report.
type writer struct {
	names
	Options
	by map[entra.Key]authors // of those who did the changes, where somebody looked
}

// limit returns n, or 0 when nothing is shortened.
func (w writer) limit(n int) int {
	if w.Full {
		return 0
	}
	return n
}

// byKind makes a section of each run of changes of one kind.
func (w writer) byKind(changes []entra.Change, brought consequences) []section {
	var sections []section
	for start := 0; start < len(changes); {
		end := start
		for end < len(changes) && changes[end].Kind == changes[start].Kind {
			end++
		}
		group := changes[start:end]
		s := section{title: heading(group[0].Kind) + ": " + tally(group), tone: strong}
		for _, c := range group {
			s.items = append(s.items, append(w.change(c), w.brought(brought[c.Key])...))
		}
		sections = append(sections, s)
		start = end
	}
	return sections
}

// change is one object: a headline, then its properties and links.
func (w writer) change(c entra.Change) item {
	mark := map[entra.ChangeType]tone{entra.Added: added, entra.Removed: removed}[c.Type]
	if mark == plain {
		mark = changed
	}
	it := append(item{at(0, append([]span{sign(mark)}, w.became(c)...)...)}, w.did(c.By)...)
	k := kind.ByName(c.Kind)
	if c.Type != entra.Changed && k != nil && k.Bulk && len(k.NaturalKey) == 0 && !w.Full {
		return it // its name says enough; what is known by its properties has no other name
	}
	for _, p := range c.Properties {
		if c.Type != entra.Changed && p.Observed && !w.Full {
			continue // what only Graph writes says little of an object that came or went
		}
		it = append(it, w.property(1, p, c.Type)...)
		it = append(it, w.didPart(2, c.By, p.Pointer)...)
	}
	for _, l := range c.Links {
		it = append(it, w.linkBy(l, c.By)...)
	}
	return it
}

// became names the object of a change, with what it was called before.
func (w writer) became(c entra.Change) []span {
	spans := object(c.Key, w.display(c.Name))
	if c.OldName != "" && c.OldName != c.Name {
		spans = append(spans, own("was"), quote(c.OldName))
	}
	if what := fateOf(c.Fate, c.Until); what != "" {
		spans = append(spans, own("–"), own(what))
	}
	if c.Restored != nil {
		spans = append(spans, own("restored, last in "+c.Restored.String()))
	}
	if c.OldID != "" {
		spans = append(spans, own("created again, was"), quote("("+c.OldID+")").toned(faint))
	}
	return spans
}
