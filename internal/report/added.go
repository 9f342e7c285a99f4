package report

import (
	"cmp"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// since lists what the tenant has and the snapshot has not, objects and parts of objects,
// the most dangerous first.
func (w writer) since(p *entra.Plan) section {
	type addition struct {
		danger int
		item   func() item
	}
	var all []addition
	for _, o := range p.Added {
		all = append(all, addition{o.Danger, func() item { return w.addedObject(o) }})
	}
	for _, part := range p.AddedParts {
		all = append(all, addition{part.Danger, func() item { return w.addedPart(part) }})
	}
	slices.SortStableFunc(all, func(a, b addition) int { return cmp.Compare(a.danger, b.danger) })
	s := section{title: "Added since, left alone: " + number(len(all)), tone: alarm}
	for i, a := range all {
		if limit := w.limit(longList); limit > 0 && i == limit {
			s.items = append(s.items, item{at(0, own("… "+number(len(all)-i)+" more"))})
			break
		}
		s.items = append(s.items, a.item())
	}
	return s
}

// addedObject is one object, with whom it is about where it has no name of its own.
func (w writer) addedObject(o entra.Listed) item {
	it := item{at(0, append([]span{sign(added)}, object(o.Key, w.display(o.Name))...)...)}
	if o.Twin != "" {
		it = append(it, at(1, own("it has the name of"), quote(o.Kind+"/"+o.Twin), own("which was deleted")))
	}
	if o.State != "" {
		it = append(it, at(1, own("state:"), quote(o.State)))
	}
	return append(it, w.facts(o.NaturalKey)...)
}

// addedPart is one target of a link, by name, or one contained object with what it says.
func (w writer) addedPart(part entra.AddedPart) item {
	tokens := jsonpointer.Split(part.Pointer)
	spans := []span{sign(added)}
	if len(tokens) == 3 && tokens[0] == entra.SectionLinks {
		spans = append(append(spans, quote(singular(tokens[1]))), w.id(tokens[2])...)
	} else {
		spans = append(spans, quote(w.path(part.Pointer)))
	}
	spans = append(append(spans, own("of")), object(part.Key, w.display(part.Name))...)
	return append(item{at(0, spans...)}, w.facts(part.Value)...)
}

// facts are the texts among some properties, a line each.
func (w writer) facts(properties map[string]any) []line {
	var lines []line
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if value, ok := properties[name].(string); ok {
			lines = append(lines, at(1, append([]span{quote(name + ":")}, w.id(value)...)...))
		}
	}
	return lines
}

// deletion says what goes with an object, whether it can be taken back, and what identifies
// it where it has no name of its own.
func (w writer) deletion(s entra.Step, who []span, sentence func(tone, ...[]span) line) item {
	k := kind.ByName(s.Kind)
	how := "for good: it cannot be taken back"
	switch {
	case k.Deletion.Mode == kind.DeleteSoft:
		how = "into the deleted items"
	case k.Recreated():
		how = "for good: it can only be made again"
	}
	for _, c := range k.CascadesTo {
		who = append(who, own("and its "+title(c.Kind)))
	}
	it := item{sentence(removed, words("Delete"), who, words(how))}
	facts := map[string]any{}
	for _, p := range s.Properties {
		if tokens := jsonpointer.Split(p.Pointer); len(tokens) == 2 {
			facts[tokens[1]] = p.Before
		}
	}
	return append(it, w.facts(facts)...)
}
