package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// After returns the object as a step leaves it: the object as it is, nil where it is
// gone, with the step's changes laid over it, pointer by pointer. Of a declared set only
// the elements that come and go are touched, and of a set with keys the rest of an element
// stays. It is what every reader of a step goes by: the one that shows it, the guards, and
// the one that renders its requests. Errors wrap [entra.ErrInvalid]: a change leads
// nowhere. What a step deletes is nil.
func After(k *kind.Kind, o *entra.Object, s entra.Step) (*entra.Object, error) {
	if s.Action == entra.ActionDelete {
		return nil, nil
	}
	if o == nil {
		o = &entra.Object{Key: s.Key, Name: s.Name}
	}
	after := *o
	after.Spec = copied(o.Spec)
	after.Links = copied(o.Links)
	after.Contained = copied(o.Contained)
	for _, c := range s.Properties {
		if err := change(k, &after, c); err != nil {
			return nil, err
		}
	}
	for _, l := range s.Links {
		moved := map[string]bool{}
		for _, id := range slices.Concat(l.Added, l.Removed) {
			moved[id] = true
		}
		ids := slices.DeleteFunc(slices.Clone(after.Links[l.Link]), func(id string) bool {
			return moved[id] || len(l.Added) > 0 && k.SingleLink(l.Link)
		})
		after.Links[l.Link] = slices.Sorted(slices.Values(append(ids, l.Added...)))
	}
	return &after, nil
}

// change makes one change of a property.
func change(k *kind.Kind, o *entra.Object, c entra.PropertyChange) error {
	tokens := jsonpointer.Split(c.Pointer)
	place, ok := diff.Locate(k, c.Pointer)
	if !ok || len(tokens) < 2 || tokens[0] == entra.SectionStatus {
		return fmt.Errorf("%s leads to nothing that can be written: %w", c.Pointer, entra.ErrInvalid)
	}
	if tokens[0] == entra.SectionSpec {
		set(o.Spec, tokens[1], put(place.Shape, tokens[1], o.Spec[tokens[1]], tokens[2:], c))
		return nil
	}
	if len(tokens) < 3 {
		return fmt.Errorf("%s leads to no element: %w", c.Pointer, entra.ErrInvalid)
	}
	elements, ok := diff.ContainedByKey(place.Contained, o.Contained[tokens[1]])
	if !ok {
		return fmt.Errorf("%s: elements cannot be told apart: %w", c.Pointer, entra.ErrInvalid)
	}
	if len(tokens) == 3 {
		delete(elements, tokens[2])
		if element, ok := c.After.(map[string]any); ok {
			elements[tokens[2]] = element
		}
	} else {
		element := copied(elements[tokens[2]])
		set(element, tokens[3], put(place.Shape, tokens[3], element[tokens[3]], tokens[4:], c))
		elements[tokens[2]] = element
	}
	list := make([]map[string]any, 0, len(elements))
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		list = append(list, elements[key])
	}
	o.Contained[tokens[1]] = list
	return nil
}

// put returns a value at a path of the shape with the change made where the tokens
// lead; nil where nothing is left of it.
func put(s *kind.Shape, path string, v any, tokens []string, c entra.PropertyChange) any {
	if len(tokens) == 0 {
		if _, declared := s.Set(path); declared && len(c.AddedItems)+len(c.RemovedItems) > 0 {
			return exchange(s, path, v, c)
		}
		return c.After
	}
	if diff.IsKeyed(s, path) {
		elements, _ := v.([]any)
		elements = slices.Clone(elements)
		i := slices.IndexFunc(elements, func(e any) bool {
			key, ok := diff.ElementKey(s, path, e)
			return ok && key == tokens[0]
		})
		if i >= 0 {
			if elements[i] = put(s, path+"[]", elements[i], tokens[1:], c); elements[i] == nil {
				elements = slices.Delete(elements, i, i+1)
			}
		}
		return list(elements)
	}
	m, _ := v.(map[string]any)
	m = copied(m)
	set(m, tokens[0], put(s, path+"."+tokens[0], m[tokens[0]], tokens[1:], c))
	if len(m) == 0 {
		return nil
	}
	return m
}

// exchange removes and adds elements of a set. An element that goes is found by its
// value, or else by its key: it may have changed inside.
func exchange(s *kind.Shape, path string, v any, c entra.PropertyChange) any {
	elements, _ := v.([]any)
	elements = slices.Clone(elements)
	for _, item := range c.RemovedItems {
		i := slices.IndexFunc(elements, func(e any) bool { return diff.Equal(s, path+"[]", e, item) })
		if key, ok := diff.ElementKey(s, path, item); i < 0 && ok {
			i = slices.IndexFunc(elements, func(e any) bool {
				other, ok := diff.ElementKey(s, path, e)
				return ok && other == key
			})
		}
		if i >= 0 {
			elements = slices.Delete(elements, i, i+1)
		}
	}
	return list(append(elements, c.AddedItems...))
}

// list keeps an empty list an untyped nil.
func list(elements []any) any {
	if len(elements) == 0 {
		return nil
	}
	return elements
}

// copied is a copy that can be written to.
func copied[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

// set stores a value where absent means null or empty.
func set(m map[string]any, name string, v any) {
	if empty(v) {
		delete(m, name)
		return
	}
	m[name] = v
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
