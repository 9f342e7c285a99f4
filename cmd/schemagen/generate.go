package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/kind/csdl"
)

// object is a JSON object; encoding/json writes its keys sorted.
type object map[string]any

// generate returns the schema of a file of the kind.
func generate(m *csdl.Metadata, k *kind.Kind) ([]byte, error) {
	g := &generator{m: m, defs: object{}}
	schema, err := g.file(k)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k.Name, err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(schema); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k.Name, err)
	}
	return b.Bytes(), nil
}

// generator builds the schema of one kind.
type generator struct {
	m *csdl.Metadata
	// defs are the types and enumerations that the schema refers to.
	defs object
}

// file is the schema of a whole file.
func (g *generator) file(k *kind.Kind) (object, error) {
	spec, status, err := g.sections(&k.Shape)
	if err != nil {
		return nil, err
	}
	contained := object{}
	for i := range k.Contained {
		c := &k.Contained[i]
		if contained[c.Name], err = g.contained(c); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
	}
	observed := closed(status)
	if g.m.Lookup(k.Type).Open {
		observed = extensible(status)
	}
	restored := closed(spec)
	if k.Extensions {
		restored = extensible(spec)
	}
	schema := closed(object{
		"apiVersion": object{"const": "entragit/v1"},
		"kind":       object{"const": k.Name},
		"metadata":   metadata(k),
		"spec":       restored,
		"links":      closed(links(k)),
		"contained":  closed(contained),
		"status":     annotate(observed, "readOnly", true),
	})
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["$id"] = "https://github.com/entragit/entragit/schemas/" + fileName(k)
	schema["title"] = k.Title
	schema["required"] = []string{"apiVersion", "kind", "metadata"}
	schema["$defs"] = g.defs
	return schema, nil
}

func metadata(k *kind.Kind) object {
	schema := closed(object{
		"id":   object{"type": "string", "minLength": 1},
		"name": object{"type": "string"},
	})
	if !k.Singleton {
		schema["required"] = []string{"id"}
	}
	return schema
}

func links(k *kind.Kind) object {
	properties := object{}
	for _, l := range k.Links {
		list := object{"type": "array", "items": object{"type": "string"}, "uniqueItems": true}
		if l.Single {
			list["maxItems"] = 1
		}
		properties[l.Name] = list
	}
	return properties
}

// contained is the schema of a contained collection, whose elements are flat.
func (g *generator) contained(c *kind.Contained) (object, error) {
	spec, status, err := g.sections(&c.Shape)
	if err != nil {
		return nil, err
	}
	spec["id"] = object{"type": "string", "readOnly": true}
	for name, schema := range status {
		spec[name] = schema
	}
	element := closed(spec)
	if len(c.Key) > 0 {
		element["required"] = c.Key
	}
	return object{"type": "array", "items": element}, nil
}

// sections returns the properties of spec and of status. What is never written to a
// file is listed under status too, as volatile.
func (g *generator) sections(s *kind.Shape) (spec, status object, err error) {
	if g.m.Lookup(s.Type) == nil {
		return nil, nil, fmt.Errorf("the metadata has no type %s", s.Type)
	}
	b := newBody(g, s)
	spec, status = object{}, object{}
	if s.Polymorphic {
		spec["@odata.type"] = g.typeNames(s.Type)
	}
	for _, name := range slices.Concat(s.Update, s.Create) {
		if spec[name], err = b.property(name); err != nil {
			return nil, nil, err
		}
	}
	if !s.Polymorphic { // where it is another than that of the kind
		status["@odata.type"] = annotate(g.typeNames(s.Type), "readOnly", true)
	}
	for _, name := range s.Status {
		property, err := b.property(name)
		if err != nil {
			return nil, nil, err
		}
		status[name] = annotate(property, "readOnly", true)
	}
	for _, name := range b.dropped() {
		status[name] = volatile()
	}
	return spec, status, nil
}

// body builds the properties of one shape.
type body struct {
	*generator
	shape   *kind.Shape
	members map[string]csdl.Member
	// reduced and volatile hold "type.member" below the top level; followed holds the
	// navigation properties that the body carries.
	reduced, volatile, followed map[string]bool
}

func newBody(g *generator, s *kind.Shape) *body {
	b := &body{
		generator: g, shape: s, members: g.m.Members(s.Type, s.Polymorphic),
		reduced: map[string]bool{}, volatile: map[string]bool{}, followed: map[string]bool{},
	}
	follow := func(path string) bool {
		return slices.Contains(s.Reduce, path) || s.Restorable(path) || slices.Contains(s.Status, path)
	}
	for _, p := range g.m.Paths(s.Type, s.Polymorphic, follow) {
		member := p.Owner + "." + p.Name
		b.followed[member] = p.Navigation
		b.reduced[member] = b.reduced[member] || slices.Contains(s.Reduce, p.Path)
		b.volatile[member] = b.volatile[member] || slices.Contains(s.Drop, p.Path)
	}
	return b
}

// dropped lists the top-level properties that the metadata knows and a file never
// holds.
func (b *body) dropped() []string {
	return slices.DeleteFunc(slices.Clone(b.shape.Drop), func(path string) bool {
		_, ok := b.members[path]
		return !ok || strings.Contains(path, ".")
	})
}

// property is the schema of a top-level property.
func (b *body) property(name string) (object, error) {
	member, ok := b.members[name]
	if !ok {
		return nil, fmt.Errorf("%s has no property %s", b.shape.Type, name)
	}
	class := "public-config"
	if slices.Contains(b.shape.Personal, name) {
		class = "personal"
	}
	return annotate(b.value(member), "x-entragit-class", class), nil
}
