package kind

import (
	"iter"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// NamesOf returns every place of an object that holds another object's identity, as
// [Kind.Mentions] does of its file. Pointers begin with the section and count elements.
func (k *Kind) NamesOf(o *entra.Object) iter.Seq[Mention] {
	contained := map[string]any{}
	for name, elements := range o.Contained {
		list := make([]any, len(elements))
		for i, e := range elements {
			list[i] = e
		}
		contained[name] = list
	}
	links := map[string]any{}
	for name, ids := range o.Links {
		list := make([]any, len(ids))
		for i, id := range ids {
			list[i] = id
		}
		links[name] = list
	}
	return k.Mentions(map[string]any{
		entra.SectionSpec: o.Spec, entra.SectionStatus: o.Status, entra.SectionContained: contained, entra.SectionLinks: links,
	})
}

// Of reports whether a mention is of one of some identities.
func (m Mention) Of(names map[entra.Name]bool) bool {
	return slices.ContainsFunc(m.Targets, func(target string) bool {
		return names[entra.Name{Kind: target, By: m.By, Value: m.Referent}]
	})
}

// Leads reports whether an object of the kind, a link or what it contains, can lead to one of some kinds.
func (k *Kind) Leads(kinds map[string]bool) bool {
	for ref := range k.EveryReference() {
		if slices.ContainsFunc(ref.Targets, func(target string) bool { return kinds[target] }) {
			return true
		}
	}
	return false
}

// NamesInBody reports whether an object of the kind, or what it contains, can name one of some
// kinds in a property. A link is none: Graph takes it away with what it leads to.
func (k *Kind) NamesInBody(kinds map[string]bool) bool {
	for ref := range k.EveryReference() {
		if !strings.HasPrefix(ref.Path, entra.SectionLinks+".") && slices.ContainsFunc(ref.Targets, func(target string) bool { return kinds[target] }) {
			return true
		}
	}
	return false
}
