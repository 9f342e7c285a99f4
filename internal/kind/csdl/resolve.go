package csdl

import (
	"fmt"
	"slices"
	"strings"
)

// Place is what a path of Graph leads to.
type Place struct {
	// Type is the type of the object or value there, or of the elements of a collection;
	// of an operation, the type that the operation is bound to.
	Type string
	// Collection marks a collection: of objects, or of what a link leads to.
	Collection bool
	// Operation is the name of an action, or of a function with "()" behind it; empty for
	// all else. Parameters are an action's, abbreviated as the members of a [Type].
	Operation  string
	Parameters map[string]string
	// Ref marks "$ref": there is a reference to an object of the type.
	Ref bool
	// Count marks "$count".
	Count bool
	// Key marks an object whose key is the last segment, in the collection before it.
	Key bool
}

// Resolve follows a path below the versioned base URL, such as
// "/groups/{id}/members/microsoft.graph.user", from the entity container through keys,
// navigation, casts and operations. Every segment must be one that the metadata has, spelt as
// there.
func (m *Metadata) Resolve(path string) (Place, error) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	place, err := m.enter(segments[0])
	for _, segment := range segments[1:] {
		if err == nil {
			place, err = m.step(place, segment)
		}
	}
	if err != nil {
		return Place{}, fmt.Errorf("%s: %w", path, err)
	}
	return place, nil
}

// enter follows the first segment, which the entity container names.
func (m *Metadata) enter(segment string) (Place, error) {
	name, predicate := predicateOf(segment)
	short, ok := m.Container[name]
	if !ok {
		return Place{}, fmt.Errorf("the entity container has no %s", name)
	}
	return m.keyed(parse(name, short), predicate)
}

// step follows one segment.
func (m *Metadata) step(p Place, segment string) (Place, error) {
	cast, isCast := m.castOf(segment)
	operation, parameters := m.operation(p, segment)
	switch {
	case p.Operation != "" || p.Ref || p.Count:
		return Place{}, fmt.Errorf("nothing is below what stands before %s", segment)
	case segment == "$ref":
		return Place{Type: p.Type, Collection: p.Collection, Ref: true}, nil
	case segment == "$count" && p.Collection:
		return Place{Type: "Int32", Count: true}, nil
	case isCast && m.IsA(cast, p.Type):
		return Place{Type: cast, Collection: p.Collection}, nil
	case isCast:
		return Place{}, fmt.Errorf("%s is not derived from %s", cast, p.Type)
	case operation != "":
		return Place{Type: p.Type, Collection: p.Collection, Operation: operation, Parameters: parameters}, nil
	case p.Collection:
		return Place{Type: p.Type, Key: true}, nil // any other segment is a key
	}
	name, predicate := predicateOf(segment)
	member, ok := m.Members(p.Type, false)[name]
	if !ok {
		return Place{}, fmt.Errorf("%s has no %s", p.Type, name)
	}
	return m.keyed(member, predicate)
}

// keyed is the place of a member, or of the object in it that a predicate such as
// "appId='…'" names.
func (m *Metadata) keyed(member Member, predicate string) (Place, error) {
	p := Place{Type: member.Type, Collection: member.Collection}
	if predicate == "" {
		return p, nil
	}
	property, _, named := strings.Cut(predicate, "=")
	if named = named && !strings.HasPrefix(predicate, "'"); !member.Collection || named && m.Members(p.Type, false)[property].Name == "" {
		return Place{}, fmt.Errorf("%s cannot be addressed by (%s)", member.Name, predicate)
	}
	return Place{Type: p.Type, Key: true}, nil
}

// predicateOf splits "applications(appId='…')".
func predicateOf(segment string) (name, predicate string) {
	name, predicate, _ = strings.Cut(segment, "(")
	return name, strings.TrimSuffix(predicate, ")")
}

// castOf returns the type that a segment such as "microsoft.graph.user" names.
func (m *Metadata) castOf(segment string) (string, bool) {
	name := strings.TrimPrefix(segment, namespace)
	if name == segment {
		name = strings.TrimPrefix(segment, "graph.")
	}
	return name, name != segment && m.Types[name] != nil
}

// operation returns the operation that a segment names, bound to the type of the place or to
// one of its bases, with its parameters. The name of an operation may be qualified.
func (m *Metadata) operation(p Place, segment string) (string, map[string]string) {
	name := segment
	if qualified, ok := strings.CutPrefix(segment, namespace); ok {
		name = qualified[strings.LastIndexByte(qualified, '.')+1:]
	}
	function, _ := predicateOf(name)
	for typ := p.Type; typ != ""; typ = m.Types[typ].base() {
		bound := m.Operations[bindingOf(typ, p.Collection)]
		for _, name := range []string{name, function + "()"} {
			if parameters, ok := bound[name]; ok {
				return name, parameters
			}
		}
	}
	return "", nil
}

func bindingOf(typ string, collection bool) string {
	if collection {
		return "Collection(" + typ + ")"
	}
	return typ
}

func (t *Type) base() string {
	if t == nil {
		return ""
	}
	return t.Base
}

// IsA reports whether a type is another or derived from it. A type that the metadata does
// not have is itself alone.
func (m *Metadata) IsA(typ, other string) bool {
	for ; typ != ""; typ = m.Types[typ].base() {
		if typ == other {
			return true
		}
	}
	return false
}

// Derived returns a type and all those derived from it, sorted.
func (m *Metadata) Derived(typ string) []string {
	all := []string{typ}
	for _, d := range m.derived[typ] {
		all = append(all, m.Derived(d)...)
	}
	slices.Sort(all)
	return all
}
