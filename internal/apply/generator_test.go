package apply

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// generator makes objects of any kind from what its shape says of it.
type generator struct {
	*rand.Rand
	kind *kind.Kind
}

// pool are the ids that everything may refer to: the model takes each for an object of
// every kind.
var pool = []string{"p1", "p2", "p3", "p4"}

func (g *generator) object() *entra.Object {
	o := &entra.Object{
		Key: entra.Key{Kind: g.kind.Name, ID: g.kind.IDPrefix + singletonID}, Spec: map[string]any{}, Links: map[string][]string{},
		Contained: map[string][]map[string]any{}, Status: map[string]any{"appId": "00-11"},
	}
	g.body(&g.kind.Shape, o.Spec)
	if g.kind.Restorable("appId") || g.kind.Put { // which would hand back what v1.0 does not name
		delete(o.Status, "appId")
	}
	for _, name := range g.kind.Create {
		o.Spec[name] = g.given(&g.kind.Shape, name, pool[0])
	}
	if g.kind.Restorable(g.kind.ChosenID) {
		o.Spec[g.kind.ChosenID] = o.ID
	}
	for _, l := range g.kind.Links {
		ids := g.subset(pool)
		if l.Single {
			ids = ids[:min(1, len(ids))]
		}
		if len(ids) > 0 {
			o.Links[l.Name] = ids
		}
	}
	for i := range g.kind.Contained {
		c := &g.kind.Contained[i]
		for i, id := range pool {
			if c.UpdateOnly || c.NoDelete || g.IntN(2) == 0 && (!c.Single && !c.Only || i == 0) {
				o.Contained[c.Name] = append(o.Contained[c.Name], g.element(c, id))
			}
		}
	}
	return o
}

// element is one whose create-only properties and key follow from an id.
func (g *generator) element(c *kind.Contained, id string) map[string]any {
	e := map[string]any{}
	g.body(&c.Shape, e)
	for _, name := range slices.Concat(c.Create, c.Key) {
		if c.Restorable(name) || name == "id" {
			e[name] = g.given(&c.Shape, name, id)
		}
	}
	if c.CreatePrefix != "" {
		e[c.Key[0]] = "extension_0011_" + id
	}
	compute(c, e)
	return e
}

// given is a value that follows from an id.
func (g *generator) given(s *kind.Shape, name, id string) any {
	if key, list := s.Sets[name]; list && key == "" {
		return []any{id}
	}
	if slices.Contains(s.Reduce, name) {
		return map[string]any{"id": id}
	}
	return id
}

func (g *generator) body(s *kind.Shape, body map[string]any) {
	if s.Polymorphic {
		body[typeProperty] = "#" + s.Type
	}
	for _, name := range s.Update {
		if name == g.kind.Sole {
			continue // another object must get it
		}
		if final, ok := s.OneWay[name]; ok {
			body[name] = final
		} else if slices.Contains(s.NotClearable, name) || g.IntN(3) > 0 {
			put(body, name, g.value(s, name, 0))
		}
	}
}

// value is a random value for a path of the shape: of the structure that its lists
// tell, or a scalar, a list or an object where they tell nothing.
func (g *generator) value(s *kind.Shape, path string, depth int) any {
	if s.Streams[path] != "" {
		return base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n" + words[g.IntN(4)]))
	}
	if _, ok := s.Typed[path]; ok {
		return g.typed()
	}
	if key, ok := s.Sets[path]; ok {
		return g.set(s, path, key, depth)
	}
	for _, r := range s.References {
		if r.Path == path {
			return pool[g.IntN(len(pool))]
		}
	}
	if separator, ok := s.Strings[path]; ok {
		return strings.Join(g.subset(words), separator)
	}
	if children := below(s, path); len(children) > 0 || slices.Contains(s.ClearByParts, path) {
		m := map[string]any{}
		for _, name := range append(children, "extra", "more") {
			if g.IntN(3) > 0 {
				put(m, name, g.value(s, path+"."+name, depth+1))
			}
		}
		return m
	}
	switch n := g.IntN(10); {
	case n == 0 && depth < 2:
		return map[string]any{"a": words[g.IntN(4)], "b": []any{words[g.IntN(4)], words[g.IntN(4)]}}
	case n == 1 && depth < 2:
		return []any{words[g.IntN(4)], words[g.IntN(4)]}
	case n < 4:
		return g.IntN(2) == 0
	case n < 5:
		return json.Number(fmt.Sprint(g.IntN(100)))
	default:
		return words[g.IntN(4)]
	}
}

var words = []string{"alpha", "beta", "gamma", "delta"}

func (g *generator) set(s *kind.Shape, path, key string, depth int) any {
	var list []any
	for _, id := range g.subset(pool) {
		if key == "" {
			list = append(list, id)
			continue
		}
		e := map[string]any{}
		for _, name := range append(below(s, path+"[]"), "extra") {
			put(e, name, g.value(s, path+"[]."+name, depth+1))
		}
		if slices.Contains(s.DisableFirst, path) {
			e["isEnabled"] = g.IntN(2) == 0
		}
		for name := range strings.SplitSeq(key, "+") {
			e[name] = id
		}
		list = append(list, e)
	}
	return list
}

func (g *generator) subset(all []string) []string {
	var some []string
	for _, s := range slices.Sorted(slices.Values(all)) {
		if g.IntN(2) == 0 {
			some = append(some, s)
		}
	}
	return some
}

// below returns the names that the shape's paths have directly below a path.
func below(s *kind.Shape, path string) []string {
	paths := slices.Collect(maps.Keys(s.Sets))
	paths = slices.AppendSeq(paths, maps.Keys(s.Strings))
	paths = append(append(paths, s.Reduce...), s.Dates...)
	for _, r := range s.References {
		paths = append(paths, r.Path)
	}
	var names []string
	for _, p := range paths {
		if rest, ok := strings.CutPrefix(p, path+"."); ok {
			name, _, _ := strings.Cut(rest, ".")
			names = append(names, strings.TrimSuffix(name, "[]"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// put stores a value where absent means null or empty.
func put(m map[string]any, name string, v any) {
	switch v := v.(type) {
	case nil:
		delete(m, name)
		return
	case []any:
		if len(v) == 0 {
			delete(m, name)
			return
		}
	case map[string]any:
		if len(v) == 0 {
			delete(m, name)
			return
		}
	}
	m[name] = v
}
