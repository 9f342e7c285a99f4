package risk

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// scene is one change with what a rule may ask about it.
type scene struct {
	*entra.Change
	kind  *kind.Kind
	facts Facts
	now   *entra.Object
	known bool  // now was asked for
	err   error // of asking
}

// look is what a rule looks at: it reports whether it sees it, and what that is about.
type look func(*scene) (about []string, sees bool)

// object is the object after the change, or as it was where it is gone; empty where that
// is not known.
func (s *scene) object() *entra.Object {
	if !s.known {
		s.known, s.now = true, nil
		if s.facts.Object != nil {
			var err error
			s.now, err = s.facts.Object(s.Key)
			s.err = cmp.Or(s.err, err)
		}
		if s.now == nil {
			s.now = &entra.Object{Key: s.Key}
		}
	}
	return s.now
}

// before and after are values of a top-level property on both sides; where the change
// does not mention it, both are what the object has.
func (s *scene) before(property string) any {
	return s.value(property, func(p entra.PropertyChange) any { return p.Before })
}
func (s *scene) after(property string) any {
	return s.value(property, func(p entra.PropertyChange) any { return p.After })
}

func (s *scene) value(property string, side func(entra.PropertyChange) any) any {
	for _, p := range s.Properties {
		if tokens := jsonpointer.Split(p.Pointer); len(tokens) == 2 && tokens[1] == property {
			return side(p)
		}
	}
	if s.Type != entra.Changed {
		return nil
	}
	return s.object().Property(property)
}

// at returns the changes of the properties that a pointer leads to; "*" stands for any one
// token.
func (s *scene) at(pointer string) []entra.PropertyChange {
	want := jsonpointer.Split(pointer)
	var found []entra.PropertyChange
	for _, p := range s.Properties {
		if matches(jsonpointer.Split(p.Pointer), want) {
			found = append(found, p)
		}
	}
	return found
}

func matches(tokens, want []string) bool {
	return slices.EqualFunc(tokens, want, func(token, want string) bool { return want == "*" || token == want })
}

// became sees a property that has a value now and had another, or none.
func became(pointer string, value any) look {
	return where(pointer, func(p entra.PropertyChange) bool { return p.After == value })
}

// ceased sees a property that had a value and has another, or none.
func ceased(pointer string, value any) look {
	return where(pointer, func(p entra.PropertyChange) bool { return p.Before == value })
}

// went sees a property that had the first value and has the second.
func went(pointer string, from, to any) look {
	return where(pointer, func(p entra.PropertyChange) bool { return p.Before == from && p.After == to })
}

// differs sees any change of a property.
func differs(pointers ...string) look {
	return anyOf(each(pointers, func(pointer string) look {
		return where(pointer, func(entra.PropertyChange) bool { return true })
	})...)
}

// replaced sees a property that had a value and has another.
func replaced(pointer string) look {
	return where(pointer, func(p entra.PropertyChange) bool { return p.Before != nil && p.After != nil })
}

// vanished sees a property that has no value any more.
func vanished(pointer string) look {
	return where(pointer, func(p entra.PropertyChange) bool { return p.After == nil })
}

// rose sees a property that went on in an order of its values.
func rose(pointer string, order []any) look {
	return where(pointer, func(p entra.PropertyChange) bool {
		return slices.Contains(order, p.Before) && slices.Index(order, p.After) > slices.Index(order, p.Before)
	})
}

// where sees a property whose change meets a test. It is about nothing more than that.
func where(pointer string, test func(entra.PropertyChange) bool) look {
	return func(s *scene) ([]string, bool) { return nil, slices.ContainsFunc(s.at(pointer), test) }
}

// gained sees elements that came to a set: any, and is about them, or some of the values.
func gained(pointer string, values ...string) look {
	return items(pointer, func(p entra.PropertyChange) []any { return p.AddedItems }, values)
}

// lost sees elements that went from a set: any, and is about them, or some of the values.
func lost(pointer string, values ...string) look {
	return items(pointer, func(p entra.PropertyChange) []any { return p.RemovedItems }, values)
}

func items(pointer string, of func(entra.PropertyChange) []any, values []string) look {
	return func(s *scene) ([]string, bool) {
		var about []string
		for _, p := range s.at(pointer) {
			for _, item := range of(p) {
				if name := label(item); len(values) == 0 || slices.Contains(values, name) {
					about = append(about, name)
				}
			}
		}
		if len(values) > 0 {
			return nil, len(about) > 0 // the rule's sentence says what they are
		}
		return about, len(about) > 0
	}
}

// label is what an element of a set is told by.
func label(item any) string {
	element, ok := item.(map[string]any)
	if !ok {
		return fmt.Sprint(item)
	}
	for _, name := range []string{"principalId", "displayName", "name", "issuer", "keyId", "cidrAddress", "id"} {
		if text, ok := element[name].(string); ok {
			return text
		}
	}
	return "an element without a name"
}

// linked sees targets that came to a link.
func linked(name string) look {
	return links(name, func(l entra.LinkChange) []string { return l.Added })
}

// unlinked sees targets that went from a link.
func unlinked(name string) look {
	return links(name, func(l entra.LinkChange) []string { return l.Removed })
}

func links(name string, of func(entra.LinkChange) []string) look {
	return func(s *scene) ([]string, bool) {
		for _, l := range s.Links {
			if ids := of(l); l.Link == name && len(ids) > 0 {
				return ids, true
			}
		}
		return nil, false
	}
}

// contained sees elements that came to a contained collection and meet a test.
func contained(name string, test func(element map[string]any) bool) look {
	return func(s *scene) ([]string, bool) {
		var about []string
		for _, p := range s.at(jsonpointer.Join(entra.SectionContained, name, "*")) {
			if element, ok := p.After.(map[string]any); ok && test(element) {
				about = append(about, label(element))
			}
		}
		return about, len(about) > 0
	}
}

// whatever is met by every element.
func whatever(map[string]any) bool { return true }

// having sees what another look sees of an object whose property has one of some values.
func having(property string, values []any, l look) look {
	return func(s *scene) ([]string, bool) {
		if !slices.Contains(values, s.after(property)) {
			return nil, false
		}
		return l(s)
	}
}

// anyOf sees what any of some looks sees, and is about all that they are about.
func anyOf(looks ...look) look {
	return func(s *scene) ([]string, bool) {
		var all []string
		sees := false
		for _, l := range looks {
			about, ok := l(s)
			all, sees = append(all, about...), sees || ok
		}
		return all, sees
	}
}

// but sees what the first look sees unless the second sees anything.
func but(l, unless look) look {
	return func(s *scene) ([]string, bool) {
		if _, ok := unless(s); ok {
			return nil, false
		}
		return l(s)
	}
}

// each makes a look of every pointer.
func each(pointers []string, of func(pointer string) look) []look {
	looks := make([]look, len(pointers))
	for i, pointer := range pointers {
		looks[i] = of(pointer)
	}
	return looks
}

// itself sees the change whatever it is.
func itself(*scene) ([]string, bool) { return nil, true }
