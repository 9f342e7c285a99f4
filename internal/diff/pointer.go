package diff

import (
	"encoding/json"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Place is a pointer as the shape of its kind names it.
type Place struct {
	// Contained is the contained collection that the pointer leads into, or nil.
	Contained *kind.Contained
	// Shape is the shape that Path belongs to: the collection's or the kind's own.
	Shape *kind.Shape
	// Path is the place within a body, dotted, with "[]" for an element. It is empty
	// for a whole section or a whole contained element.
	Path string
	// Around is what the pointer says of properties around the place, by path: it passes
	// elements by their keys.
	Around map[string]string
}

// Locate finds the place that a pointer of a [entra.PropertyChange] of kind k leads
// to. It reports false for a pointer that leads nowhere, and for links.
func Locate(k *kind.Kind, pointer string) (Place, bool) {
	tokens := jsonpointer.Split(pointer)
	if len(tokens) == 0 {
		return Place{}, false
	}
	switch tokens[0] {
	case entra.SectionSpec, entra.SectionStatus:
		return Place{Shape: &k.Shape, Path: shapePath(&k.Shape, tokens[1:]), Around: k.Around(tokens[1:])}, true
	case entra.SectionContained:
		if len(tokens) < 2 {
			return Place{}, false
		}
		for i := range k.Contained {
			if c := &k.Contained[i]; c.Name == tokens[1] {
				inside := tokens[min(3, len(tokens)):]
				return Place{Contained: c, Shape: &c.Shape, Path: shapePath(&c.Shape, inside), Around: c.Around(inside)}, true
			}
		}
	}
	return Place{}, false
}

func shapePath(s *kind.Shape, tokens []string) string {
	path := ""
	for i, t := range tokens {
		switch {
		case i == 0:
			path = t
		case IsKeyed(s, path):
			path += "[]"
		default:
			path += "." + t
		}
	}
	return path
}

// IsKeyed reports whether the path is a set whose elements have a key, so that a
// pointer's next token is the key of an element.
func IsKeyed(s *kind.Shape, path string) bool { return s.Sets[path] != "" }

// Value returns what the object holds at a pointer of a [entra.PropertyChange], or
// nil where nothing is.
func Value(k *kind.Kind, o *entra.Object, pointer string) any {
	tokens := jsonpointer.Split(pointer)
	if o == nil || len(tokens) < 2 {
		return nil
	}
	switch tokens[0] {
	case entra.SectionSpec:
		return inside(&k.Shape, "", o.Spec, tokens[1:])
	case entra.SectionStatus:
		return inside(&k.Shape, "", o.Status, tokens[1:])
	case entra.SectionContained:
		place, ok := Locate(k, pointer)
		if !ok {
			return nil
		}
		elements := o.Contained[tokens[1]]
		if len(tokens) == 2 {
			return list(anys(elements))
		}
		index, _ := ContainedByKey(place.Contained, elements)
		if e := index[tokens[2]]; e != nil {
			return inside(place.Shape, "", e, tokens[3:])
		}
	}
	return nil
}

// inside follows tokens into a value at a path of the shape.
func inside(s *kind.Shape, path string, v any, tokens []string) any {
	if len(tokens) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		child := tokens[0]
		if path != "" {
			child = path + "." + child
		}
		return inside(s, child, v[tokens[0]], tokens[1:])
	case []any:
		if index, ok := byKey(v, s.Sets[path]); ok && IsKeyed(s, path) {
			return inside(s, path+"[]", index[tokens[0]], tokens[1:])
		}
	}
	return nil
}

// byKey indexes the elements of a set by the value of their key, which may be
// compound ("id+type") or empty for none. It reports false when an element has no
// key or two have the same.
func byKey(elements []any, key string) (map[string]any, bool) {
	if key == "" {
		return nil, false
	}
	names := strings.Split(key, "+")
	index := make(map[string]any, len(elements))
	for _, e := range elements {
		m, _ := e.(map[string]any)
		id, ok := kind.ElementKey(m, names)
		if !ok || index[id] != nil {
			return nil, false
		}
		index[id] = e
	}
	return index, true
}

// ElementKey returns the key of an element of the keyed set at a path of the shape.
func ElementKey(s *kind.Shape, path string, element any) (string, bool) {
	m, _ := element.(map[string]any)
	return kind.ElementKey(m, strings.Split(s.Sets[path], "+"))
}

// quoted is a value as JSON, the same for equal values and no others.
func quoted(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "" // cannot happen: values come from JSON
	}
	return string(b)
}
