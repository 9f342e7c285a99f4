package cli

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// plainWorld is what a tenant holds, with everything that moves.
func plainWorld(t testing.TB, server *emulator.Server, saved string) world {
	t.Helper()
	return readWorld(t, server, saved, plain)
}

// plain is a value without what says nothing, its lists in an order of their own, and so what a
// text holds.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, inner := range v {
			if p := plainOf(name, inner); !saysNothing(p) {
				m[name] = p
			}
		}
		return m
	case string:
		return settledText(v)
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			list = append(list, plain(e))
		}
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(textOf(a), textOf(b)) })
		return list
	}
	return v
}

// plainOf is a plain value of a property: scopes are a set.
func plainOf(name string, v any) any {
	if scopes, ok := v.(string); ok && name == "scope" {
		fields := strings.Fields(scopes)
		slices.Sort(fields)
		return strings.Join(fields, " ")
	}
	return plain(v)
}

// truth is how two worlds differ, told by nobody of ours: of each object of a kind that is kept,
// the parts that differ. The table of kinds says only where objects are, and what of them is kept.
type truth map[entra.Key]differs

// differs are the parts of an object before and after; nil where there was, or is, none.
type differs struct{ before, after map[string]any }

// parts are the names of the parts that differ.
func (d differs) parts() []string {
	var names []string
	for _, name := range slices.Compact(slices.Sorted(slices.Values(slices.AppendSeq(slices.Collect(maps.Keys(d.before)), maps.Keys(d.after))))) {
		if !reflect.DeepEqual(d.before[name], d.after[name]) {
			names = append(names, name)
		}
	}
	return names
}

// apart takes every object of a world that is kept apart.
func (l *law) apart(w world) map[entra.Key]map[string]any {
	all := map[entra.Key]map[string]any{}
	for _, k := range kind.All() {
		if k.Unavailable != "" {
			continue
		}
		for id, parts := range w.partsOf(k, emulatorPath(l.addresses().Collection(k))) {
			all[entra.Key{Kind: k.Name, ID: id}] = parts
		}
	}
	return all
}

func truthOf(before, after map[entra.Key]map[string]any) truth {
	found := truth{}
	for key := range before {
		if !reflect.DeepEqual(before[key], after[key]) {
			found[key] = differs{before[key], after[key]}
		}
	}
	for key := range after {
		if before[key] == nil {
			found[key] = differs{nil, after[key]}
		}
	}
	return found
}

// partsOf takes the objects of a kind apart: "spec/state", "links/members", "contained/members".
func (w world) partsOf(k *kind.Kind, path string) map[string]map[string]any {
	objects := map[string]map[string]any{}
	for id, body := range w[path] {
		if slices.ContainsFunc(k.LeftOut, func(c kind.Condition) bool { return c.Holds(at(body, c.Property)) }) {
			continue
		}
		parts := map[string]any{}
		for name, v := range body {
			w.part(parts, k, name, v)
		}
		for i := range k.Links {
			w.lasting(parts, &k.Links[i], id)
		}
		for i := range k.Contained {
			c := &k.Contained[i]
			collection := path + "/" + id + "/" + c.Name
			if k.Singleton && !k.Listed {
				collection = path + "/" + c.Name
			}
			var elements []any
			for _, e := range w[collection] {
				elements = append(elements, w.element(c, collection, e))
			}
			if len(elements) > 0 {
				parts[entra.SectionContained+"/"+c.Name] = plain(elements)
			}
		}
		objects[id] = parts
	}
	for i := range k.Links {
		if k.Links[i].Reverse != "" {
			w.reversed(objects, &k.Links[i])
		}
	}
	return objects
}

// part files one property of a body where a snapshot has it, if it has it.
func (w world) part(parts map[string]any, k *kind.Kind, name string, v any) {
	link := slices.ContainsFunc(k.Links, func(l kind.Link) bool { return l.Name == name && l.Reverse == "" })
	inline := slices.ContainsFunc(k.Contained, func(c kind.Contained) bool { return c.Name == name })
	switch {
	case name == "@odata.type" && k.Polymorphic:
		parts[entra.SectionSpec+"/"+name] = v
	case strings.Contains(name, "@"), name == "id":
	case link:
		if targets := ids(v); len(targets) > 0 {
			parts[entra.SectionLinks+"/"+name] = targets
		}
	case inline:
		parts[entra.SectionContained+"/"+name] = v
	case leadsOn(v) && !slices.Contains(slices.Concat(k.Update, k.Create, k.Status), name): // a relationship that is another's link, or nobody's
	case k.Restorable(name):
		setKept(parts, entra.SectionSpec, &k.Shape, name, v)
	default:
		setKept(parts, entra.SectionStatus, &k.Shape, name, v)
	}
}

func setKept(parts map[string]any, section string, s *kind.Shape, name string, v any) {
	for _, path := range s.Drop {
		if first, _, _ := strings.Cut(path, "."); strings.TrimSuffix(first, "[]") == name {
			v = kept(s, map[string]any{name: v})[name]
			break
		}
	}
	if _, some := s.Keep[name]; some {
		v = kept(s, map[string]any{name: v})[name]
	}
	if v != nil {
		parts[section+"/"+name] = inOrder(s, name, v)
	}
}

// inOrder puts the elements of a text that is a set in order.
func inOrder(s *kind.Shape, path string, v any) any {
	text, ok := v.(string)
	separator, set := s.Strings[path]
	if !ok || !set {
		return v
	}
	elements := strings.Split(text, separator)
	slices.Sort(elements)
	return strings.Join(elements, separator)
}

// element is a contained object as a file has it: without the id that does not outlive it, and
// without what it leads to that is gone.
func (w world) element(c *kind.Contained, collection string, body map[string]any) map[string]any {
	e := kept(&c.Shape, body)
	if !slices.Contains(c.Key, "id") && !c.Only {
		delete(e, "id")
	}
	for _, name := range c.Expand {
		id, _ := at(e, name+".id").(string)
		there := false
		for other, bodies := range w {
			there = there || other != collection && bodies[id] != nil
		}
		if !there {
			delete(e, name)
		}
	}
	return e
}

// at is what is at a dotted path of a body.
func at(body map[string]any, path string) any {
	var v any = body
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// lasting takes the targets out of a link that are there for a time only.
func (w world) lasting(parts map[string]any, link *kind.Link, owner string) {
	part := entra.SectionLinks + "/" + link.Name
	targets, _ := parts[part].([]any)
	if link.Timed == nil || len(targets) == 0 {
		return
	}
	for _, schedule := range w[link.Timed.Path] {
		asked := true
		for clause := range strings.SplitSeq(strings.ReplaceAll(link.Timed.Filter, "{id}", owner), " and ") {
			property, value, _ := strings.Cut(clause, " eq ")
			asked = asked && schedule[property] == strings.Trim(value, "'")
		}
		if asked && !link.Timed.Lasting.Holds(at(schedule, link.Timed.Lasting.Property)) {
			targets = slices.DeleteFunc(slices.Clone(targets), func(id any) bool { return id == schedule[link.Timed.Property] })
		}
	}
	if parts[part] = targets; len(targets) == 0 {
		delete(parts, part)
	}
}

// reversed adds a link that the tenant has at its targets.
func (w world) reversed(objects map[string]map[string]any, link *kind.Link) {
	for _, target := range link.Targets {
		for id, body := range w[emulatorPath(kind.ByName(target).Path)] {
			for _, owner := range ids(body[link.Reverse]) {
				if parts := objects[owner.(string)]; parts != nil {
					part := entra.SectionLinks + "/" + link.Name
					list, _ := parts[part].([]any)
					parts[part] = plain(append(slices.Clone(list), id))
				}
			}
		}
	}
}

// ids are those of the targets of a relationship.
func ids(v any) []any {
	list, many := v.([]any)
	if !many && v != nil {
		list = []any{v}
	}
	var all []any
	for _, e := range list {
		target, _ := e.(map[string]any)
		if id, ok := target["id"].(string); ok {
			all = append(all, strings.ToLower(id)) // which is how the emulator remembers some
		}
	}
	slices.SortFunc(all, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	return all
}

// leadsOn reports whether a value is what a save makes of a relationship.
func leadsOn(v any) bool {
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	for _, e := range list {
		target, _ := e.(map[string]any)
		if len(target) != 1 || target["id"] == nil {
			return false
		}
	}
	return len(list) > 0
}

// kept is a body without what never belongs in a file.
func kept(s *kind.Shape, body map[string]any) map[string]any {
	body = maps.Clone(body)
	for name, condition := range s.Keep {
		if list, ok := body[name].([]any); ok {
			body[name] = slices.DeleteFunc(slices.Clone(list), func(e any) bool { return !condition.Holds(e.(map[string]any)[condition.Property]) })
		}
	}
	var v any = body
	for _, path := range s.Drop {
		v = without(v, strings.Split(path, "."))
	}
	m, _ := plain(v).(map[string]any)
	return m
}

// without is a value without what is at a path of a shape.
func without(v any, path []string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	m = maps.Clone(m)
	name, each := strings.CutSuffix(path[0], "[]")
	switch list, many := m[name].([]any); {
	case len(path) == 1:
		delete(m, name)
	case each && many:
		inner := make([]any, len(list))
		for i, e := range list {
			inner[i] = without(e, path[1:])
		}
		m[name] = inner
	case m[name] != nil:
		m[name] = without(m[name], path[1:])
	}
	return m
}
