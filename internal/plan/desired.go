package plan

import (
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// desired returns the live object with the selected parts of want in their place.
// Status stays live: it is never restored. Comparing it with the live object leaves
// out what was not read.
func desired(k *kind.Kind, live, want *entra.Object, parts []diff.Part) *entra.Object {
	t := *live
	t.Spec = copied(live.Spec)
	if len(parts) == 0 {
		parts = everything
	}
	for _, name := range keys(live.Spec, want.Spec) {
		for _, tokens := range within(parts, entra.SectionSpec, name) {
			set(t.Spec, name, overlay(&k.Shape, name, t.Spec[name], want.Spec[name], tokens))
		}
	}
	t.Links = desiredLinks(k, live, want, parts)
	t.Contained = desiredContained(k, live, want, parts)
	return &t
}

var everything = []diff.Part{
	{Sections: []string{entra.SectionSpec, entra.SectionLinks, entra.SectionContained}},
}

// within returns, for each part that lies in a section's member or holds it, the
// tokens that lead on from there.
func within(parts []diff.Part, section, member string) [][]string {
	var paths [][]string
	for _, p := range parts {
		switch {
		case !slices.Contains(p.Sections, section):
		case len(p.Tokens) == 0:
			paths = append(paths, nil)
		case p.Tokens[0] == member:
			paths = append(paths, p.Tokens[1:])
		}
	}
	return paths
}

// overlay returns live with what is at tokens replaced by what want has there. Where
// there is no such place in either, live stays as it is.
func overlay(s *kind.Shape, path string, live, want any, tokens []string) any {
	if len(tokens) == 0 {
		return want
	}
	if diff.IsKeyed(s, path) {
		return overlayElement(s, path, live, want, tokens)
	}
	if _, set := s.Sets[path]; set {
		return overlayValue(live, want, tokens[0])
	}
	l, okl := live.(map[string]any)
	w, okw := want.(map[string]any)
	if !okl && live != nil || !okw && want != nil {
		return live
	}
	m := copied(l)
	set(m, tokens[0], overlay(s, path+"."+tokens[0], l[tokens[0]], w[tokens[0]], tokens[1:]))
	if len(m) == 0 {
		return nil
	}
	return m
}

// overlayValue puts one value into a set, or takes it out, as want has it.
func overlayValue(live, want any, value string) any {
	l, _ := live.([]any)
	w, _ := want.([]any)
	elements := slices.DeleteFunc(slices.Clone(l), func(e any) bool { return e == value })
	if slices.Contains(w, any(value)) {
		elements = append(elements, value)
	}
	if len(elements) == 0 {
		return nil
	}
	return elements
}

// overlayElement replaces one element of a keyed set, or a part of it.
func overlayElement(s *kind.Shape, path string, live, want any, tokens []string) any {
	find := func(list any) (any, int) {
		elements, _ := list.([]any)
		i := slices.IndexFunc(elements, func(e any) bool {
			key, ok := diff.ElementKey(s, path, e)
			return ok && key == tokens[0]
		})
		if i < 0 {
			return nil, i
		}
		return elements[i], i
	}
	before, at := find(live)
	after, _ := find(want)
	if after == nil && len(tokens) > 1 {
		return live // a part is no reason to remove an element
	}
	if before != nil && after != nil {
		after = overlay(s, path+"[]", before, after, tokens[1:])
	}
	elements, _ := live.([]any)
	elements = slices.Clone(elements)
	switch {
	case after == nil && at >= 0:
		elements = slices.Delete(elements, at, at+1)
	case after != nil && at >= 0:
		elements[at] = after
	case after != nil:
		elements = append(elements, after)
	}
	if len(elements) == 0 {
		return nil
	}
	return elements
}

func desiredLinks(k *kind.Kind, live, want *entra.Object, parts []diff.Part) map[string][]string {
	links := copied(live.Links)
	for _, l := range k.Links {
		for _, tokens := range within(parts, entra.SectionLinks, l.Name) {
			if len(tokens) == 0 {
				links[l.Name] = want.Links[l.Name]
				continue
			}
			one := func(id string) bool { return id == tokens[0] }
			ids := slices.DeleteFunc(slices.Clone(links[l.Name]), one)
			if slices.ContainsFunc(want.Links[l.Name], one) {
				ids = append(ids, tokens[0])
			}
			links[l.Name] = ids
		}
	}
	return links
}

func desiredContained(k *kind.Kind, live, want *entra.Object, parts []diff.Part) map[string][]map[string]any {
	contained := copied(live.Contained)
	for i := range k.Contained {
		c := &k.Contained[i]
		before, okb := diff.ContainedByKey(c, live.Contained[c.Name])
		after, oka := diff.ContainedByKey(c, want.Contained[c.Name])
		for _, tokens := range within(parts, entra.SectionContained, c.Name) {
			if !okb || !oka {
				contained[c.Name] = want.Contained[c.Name] // refused as a whole when it differs
				continue
			}
			before = overlayContained(c, before, after, tokens)
			contained[c.Name] = slices.Collect(maps.Values(before))
		}
	}
	return contained
}

// overlayContained replaces the elements of a contained collection, or only what
// tokens lead to, by what want has.
func overlayContained(c *kind.Contained, live, want map[string]map[string]any, tokens []string) map[string]map[string]any {
	result := copied(live)
	for _, key := range keys(live, want) {
		before, after := live[key], want[key]
		switch {
		case len(tokens) > 0 && tokens[0] != key:
		case after == nil && len(tokens) <= 1:
			delete(result, key)
		case after == nil:
		case before == nil:
			result[key] = written(c, after)
		default:
			result[key] = overlayBody(c, before, after, tokens)
		}
	}
	return result
}

// overlayBody replaces the writable properties of an element, or only what tokens (the
// element's key and on) lead to.
func overlayBody(c *kind.Contained, live, want map[string]any, tokens []string) map[string]any {
	result := copied(live)
	for _, name := range keys(live, want) {
		if !c.Restorable(name) && name != typeProperty {
			continue
		}
		switch {
		case len(tokens) <= 1:
			set(result, name, want[name])
		case tokens[1] == name:
			set(result, name, overlay(&c.Shape, name, live[name], want[name], tokens[2:]))
		}
	}
	return result
}

// written is an element with only what can be given when it is created.
func written(c *kind.Contained, element map[string]any) map[string]any {
	result := map[string]any{}
	for name, v := range element {
		if c.Restorable(name) || name == typeProperty && c.Polymorphic || slices.Contains(c.Key, name) {
			result[name] = v
		}
	}
	return result
}

// keys returns the keys of both maps, sorted.
func keys[V any](a, b map[string]V) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}
