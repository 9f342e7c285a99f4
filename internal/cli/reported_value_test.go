package cli

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// applied is a part of an object after what a report says of it: a report is true of a value when
// whoever knew the old value and the report would know the new one, and nothing is said twice.
func applied(t *testing.T, c entra.Change, part string, before any) any {
	t.Helper()
	section, name, _ := strings.Cut(part, "/")
	k := kind.ByName(c.Kind)
	p := patch{T: t, key: c.Key, shape: &k.Shape}
	for _, l := range c.Links {
		if section == entra.SectionLinks && l.Link == name {
			before = p.items(before, texts(l.Removed), texts(l.Added))
		}
	}
	for i := range k.Contained {
		if section == entra.SectionContained && k.Contained[i].Name == name {
			p.of, p.shape = &k.Contained[i], &k.Contained[i].Shape
		}
	}
	for _, change := range c.Properties {
		tokens := strings.Split(change.Pointer, "/")[1:]
		for n, token := range tokens {
			tokens[n] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		}
		if tokens[0] == section && tokens[1] == name {
			path := name
			if p.of != nil {
				path = ""
			}
			before = p.change(before, path, tokens[2:], change)
		}
	}
	if section == entra.SectionLinks && reflect.DeepEqual(before, []any{}) {
		return nil
	}
	if after := inOrder(p.shape, name, plainOf(name, before)); !saysNothing(after) {
		return after
	}
	return nil
}

// texts are ids as a world has them.
func texts(list []string) []any {
	var all []any
	for _, s := range list {
		all = append(all, strings.ToLower(s))
	}
	return all
}

// patch changes values as a report says.
type patch struct {
	*testing.T
	key   entra.Key
	shape *kind.Shape
	of    *kind.Contained // whose elements the value is; nil for a property
}

func (p *patch) change(v any, path string, tokens []string, c entra.PropertyChange) any {
	switch {
	case len(tokens) == 0 && len(c.AddedItems)+len(c.RemovedItems) > 0 && !text(c.Before) && !text(c.After):
		return p.items(v, c.RemovedItems, c.AddedItems)
	case len(tokens) == 0:
		if !p.same(v, c.Before, path) {
			p.Errorf("%s: %s was %s, and is reported to have been %s", p.key, c.Pointer, textOf(v), textOf(c.Before))
		}
		return c.After
	}
	list, many := v.([]any)
	if key, set := p.shape.Set(path); many || set || path == "" {
		i := slices.IndexFunc(list, func(e any) bool { return p.keyOf(e, path, key) == tokens[0] })
		rest := slices.Clone(list)
		var old any
		if i >= 0 {
			old = list[i]
			rest = slices.Delete(rest, i, i+1)
		}
		inner := path + "[]"
		if path == "" {
			inner = ""
			if len(tokens) > 1 {
				inner = tokens[1]
				m, _ := old.(map[string]any)
				m = maps.Clone(m)
				m[tokens[1]] = p.change(m[tokens[1]], inner, tokens[2:], c)
				return append(rest, m)
			}
		}
		if after := p.change(old, inner, tokens[1:], c); after != nil {
			rest = append(rest, after)
		}
		return rest
	}
	m, _ := v.(map[string]any)
	if m = maps.Clone(m); m == nil {
		m = map[string]any{}
	}
	m[tokens[0]] = p.change(m[tokens[0]], path+"."+tokens[0], tokens[1:], c)
	return m
}

func text(v any) bool { _, ok := v.(string); return ok }

// keyOf is what a report names an element by.
func (p *patch) keyOf(e any, path, key string) string {
	m, _ := e.(map[string]any)
	if path == "" {
		name, _ := p.of.KeyOf(m)
		return name
	}
	name, _ := kind.ElementKey(m, strings.Split(key, "+"))
	return name
}

// items takes elements out of a list and puts others in.
func (p *patch) items(v any, removed, added []any) any {
	list, _ := v.([]any)
	list = slices.Clone(list)
	for _, r := range removed {
		i := slices.IndexFunc(list, func(e any) bool { return p.same(e, r, "") })
		if i < 0 {
			p.Errorf("%s: %s is reported as removed, and was not in %s", p.key, textOf(r), textOf(v))
			continue
		}
		list = slices.Delete(list, i, i+1)
	}
	return append(list, added...)
}

func (p *patch) same(a, b any, path string) bool {
	a, b = inOrder(p.shape, path, plainOf(path, a)), inOrder(p.shape, path, plainOf(path, b))
	return reflect.DeepEqual(a, b) || saysNothing(a) && saysNothing(b)
}
