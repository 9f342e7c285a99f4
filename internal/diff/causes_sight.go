package diff

import (
	"reflect"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// sight is what a rule looks at: it returns what brought a change about, with the parts that it
// is about, or with none for the change as a whole.
type sight func(*causeIndex, *entra.Change) []entra.Cause

// provided sees what comes and goes with another object.
func provided(x *causeIndex, c *entra.Change) []entra.Cause {
	if c.Type == entra.Changed {
		return nil
	}
	for _, s := range companies {
		if s.kind != c.Kind || s.deleted && c.Type != entra.Removed {
			continue
		}
		var other *entra.Change
		if s.named {
			other = x.namedBy(s, c)
		} else {
			other = x.find([]string{s.of}, textAt(c, s.path...))
		}
		if other != nil && other.Type == c.Type {
			return wholly(other)
		}
	}
	return nil
}

// namedBy finds the change of the object that names one which came or went with it.
func (x *causeIndex) namedBy(s company, c *entra.Change) *entra.Change {
	if x.naming == nil {
		x.naming = map[entra.Key]*entra.Change{}
		for i := range x.changes {
			for _, s := range companies {
				if other := &x.changes[i]; s.named && other.Kind == s.of && other.Type != entra.Changed {
					x.naming[entra.Key{Kind: s.kind, ID: textAt(other, s.path...)}] = other
				}
			}
		}
	}
	return x.naming[c.Key]
}

// instance sees the service principal that came or went with its application.
func instance(x *causeIndex, c *entra.Change) []entra.Cause {
	if other := x.mirrorOf(c); c.Type != entra.Changed && other != nil && other.Type == c.Type {
		return wholly(other)
	}
	return nil
}

// mirrorOf finds the change of what an object repeats.
func (x *causeIndex) mirrorOf(c *entra.Change) *entra.Change {
	value := x.known[c.Key]
	for _, m := range mirrors {
		if m.kind == c.Kind && value != "" {
			return x.identified[entra.Name{Kind: m.of, Value: value}]
		}
	}
	return nil
}

// deletedSubject sees an object, or a contained one, that was about what was deleted.
func deletedSubject(x *causeIndex, c *entra.Change) []entra.Cause {
	k := kind.ByName(c.Kind)
	switch {
	case k == nil:
		return nil
	case c.Type == entra.Removed:
		return wholly(x.subject(&k.Shape, k.NaturalKey, entra.Removed, func(name string) string { return textAt(c, name) }))
	}
	var parts partly
	for _, p := range c.Properties {
		if of, element := elementOf(k, p, p.Before); of != nil && p.After == nil {
			parts.add(x.subject(&of.Shape, of.Key, entra.Removed, textIn(element)), p.Pointer)
		}
	}
	return parts.causes
}

// restoredSubject sees an object, or a contained one, that is about what came back, and that
// was there with it before.
func restoredSubject(x *causeIndex, c *entra.Change) []entra.Cause {
	k := kind.ByName(c.Kind)
	switch {
	case k == nil || len(x.before) == 0:
		return nil
	case c.Type == entra.Added:
		of := x.subject(&k.Shape, k.NaturalKey, entra.Added, func(name string) string { return textAt(c, name) })
		if of == nil || !x.had(of, c.Key, func(*entra.Object) bool { return true }) {
			return nil
		}
		return wholly(of)
	}
	var parts partly
	for _, p := range c.Properties {
		collection, element := elementOf(k, p, p.After)
		if collection == nil || p.Before != nil {
			continue
		}
		of := x.subject(&collection.Shape, collection.Key, entra.Added, textIn(element))
		key, _ := collection.KeyOf(element)
		if of != nil && x.had(of, c.Key, func(o *entra.Object) bool { return holds(collection, o, key) }) {
			parts.add(of, p.Pointer)
		}
	}
	return parts.causes
}

// subject finds what something is about among what was deleted, or came back.
func (x *causeIndex) subject(shape *kind.Shape, key []string, what entra.ChangeType, text func(name string) string) *entra.Change {
	for i := range shape.References {
		ref := &shape.References[i]
		if !slices.Contains(subjects, ref.Path) || !slices.Contains(key, ref.Path) {
			continue
		}
		id, ok := ref.Referent(text(ref.Path))
		if !ok {
			continue
		}
		if of := x.find(ref.Targets, id); of != nil && of.Type == what && (what == entra.Removed || of.Restored != nil) {
			return of
		}
	}
	return nil
}

// elementOf is the collection that holds a contained object which came or went as a whole, and
// the object.
func elementOf(k *kind.Kind, p entra.PropertyChange, value any) (*kind.Contained, map[string]any) {
	element, ok := value.(map[string]any)
	tokens := jsonpointer.Split(p.Pointer)
	if !ok || len(tokens) != 3 || tokens[0] != entra.SectionContained {
		return nil, nil
	}
	for i := range k.Contained {
		if k.Contained[i].Name == tokens[1] {
			return &k.Contained[i], element
		}
	}
	return nil, nil
}

func textIn(element map[string]any) func(name string) string {
	return func(name string) string {
		text, _ := element[name].(string)
		return text
	}
}

// holds reports whether an object contains an element of the key.
func holds(c *kind.Contained, o *entra.Object, key string) bool {
	return slices.ContainsFunc(o.Contained[c.Name], func(element map[string]any) bool {
		have, ok := c.KeyOf(element)
		return ok && have == key
	})
}

// shadowed sees an object that another says the same as, and more.
func shadowed(x *causeIndex, c *entra.Change) []entra.Cause {
	for _, s := range shadows {
		if s.kind != c.Kind || c.Type == entra.Changed {
			continue
		}
		if key, ok := naturalKeyOf(c); ok {
			if of := x.natural[s.of+" "+key]; of != nil && of.Type == c.Type {
				return wholly(of)
			}
		}
	}
	return nil
}

// naturalKeyOf is the natural key of an object that came or went.
func naturalKeyOf(c *entra.Change) (string, bool) {
	k := kind.ByName(c.Kind)
	if k == nil || c.Type == entra.Changed || len(k.NaturalKey) == 0 {
		return "", false
	}
	values := map[string]any{}
	for _, name := range k.NaturalKey {
		if text := textAt(c, name); text != "" {
			values[name] = text
		}
	}
	return kind.ElementKey(values, k.NaturalKey)
}

// deletedTarget sees links to what was deleted.
func deletedTarget(x *causeIndex, c *entra.Change) []entra.Cause {
	return x.linked(c, func(l entra.LinkChange) []string { return l.Removed }, func(of *entra.Change, _, _ string) bool {
		return of.Type == entra.Removed
	})
}

// restoredTarget sees links to what came back, where they were there with it before.
func restoredTarget(x *causeIndex, c *entra.Change) []entra.Cause {
	if len(x.before) == 0 {
		return nil
	}
	return x.linked(c, func(l entra.LinkChange) []string { return l.Added }, func(of *entra.Change, link, id string) bool {
		return of.Restored != nil && x.had(of, c.Key, func(o *entra.Object) bool { return slices.Contains(o.Links[link], id) })
	})
}

func (x *causeIndex) linked(c *entra.Change, ids func(entra.LinkChange) []string, test func(of *entra.Change, link, id string) bool) []entra.Cause {
	k := kind.ByName(c.Kind)
	if k == nil || c.Type != entra.Changed {
		return nil
	}
	var parts partly
	for _, l := range c.Links {
		targets := k.LinkReference(l.Link).Targets
		for _, id := range ids(l) {
			if of := x.find(targets, id); of != nil && test(of, l.Link, id) {
				parts.add(of, entra.LinkPart(l.Link, id))
			}
		}
	}
	return parts.causes
}

// followed sees members who came or went because of a rule, where they were changed in something
// that the rule asks about, or are new. Where the rule itself changed, its members are told.
func followed(x *causeIndex, c *entra.Change) []entra.Cause {
	rule := strings.ToLower(x.rules[c.Key])
	i := slices.IndexFunc(followings, func(f following) bool { return f.kind == c.Kind })
	if rule == "" || i < 0 || slices.ContainsFunc(c.Properties, func(p entra.PropertyChange) bool { return p.Pointer == "/spec/"+followings[i].rule }) {
		return nil
	}
	ids := func(l entra.LinkChange) []string {
		if l.Link != followings[i].link {
			return nil
		}
		return slices.Concat(l.Added, l.Removed)
	}
	return x.linked(c, ids, func(of *entra.Change, _, _ string) bool {
		return of.Type == entra.Added && of.Restored == nil || slices.ContainsFunc(of.Properties, func(p entra.PropertyChange) bool {
			tokens := jsonpointer.Split(p.Pointer)
			return of.Type == entra.Changed && len(tokens) > 1 && strings.Contains(rule, "."+strings.ToLower(tokens[1]))
		})
	})
}

// mirrored sees properties that repeat what another object says, where they changed in the
// same way.
func mirrored(x *causeIndex, c *entra.Change) []entra.Cause {
	of := x.mirrorOf(c)
	if of == nil || c.Type != entra.Changed || of.Type != entra.Changed {
		return nil
	}
	var parts partly
	for _, m := range mirrors {
		if m.kind != c.Kind {
			continue
		}
		for _, p := range c.Properties {
			for at, from := range m.repeats {
				if rest, ok := strings.CutPrefix(p.Pointer, at); ok && (rest == "" || rest[0] == '/') && repeats(p, of, from, rest) {
					parts.add(of, p.Pointer)
				}
			}
		}
	}
	return parts.causes
}

// repeats reports whether a property changed as those do that it repeats.
func repeats(p entra.PropertyChange, of *entra.Change, from []string, rest string) bool {
	var added, removed []any
	for _, q := range of.Properties {
		if !slices.ContainsFunc(from, func(pointer string) bool { return q.Pointer == pointer+rest }) {
			continue
		}
		if !isSet(p) && !isSet(q) && reflect.DeepEqual(p.Before, q.Before) && reflect.DeepEqual(p.After, q.After) {
			return true
		}
		added, removed = append(added, q.AddedItems...), append(removed, q.RemovedItems...)
	}
	return isSet(p) && among(p.AddedItems, added) && among(p.RemovedItems, removed)
}

func isSet(p entra.PropertyChange) bool { return len(p.AddedItems)+len(p.RemovedItems) > 0 }

// among reports whether all items are among others, by their ids where they have any.
func among(items, others []any) bool {
	for _, item := range items {
		if !slices.ContainsFunc(others, func(other any) bool { return sameItem(item, other) }) {
			return false
		}
	}
	return true
}

func sameItem(a, b any) bool {
	ma, oka := a.(map[string]any)
	mb, okb := b.(map[string]any)
	if oka && okb && ma["id"] != nil {
		return ma["id"] == mb["id"]
	}
	return reflect.DeepEqual(a, b)
}

// renumbered sees the numbers of a list's elements where elements came or went.
func renumbered(_ *causeIndex, c *entra.Change) []entra.Cause {
	var parts partly
	for _, n := range numberings {
		i := slices.IndexFunc(c.Properties, func(p entra.PropertyChange) bool { return p.Pointer == n.of })
		if n.kind != c.Kind || c.Type != entra.Changed || i < 0 {
			continue
		}
		list := c.Properties[i]
		for _, p := range c.Properties {
			within := p.Pointer != n.pointer && jsonpointer.Within(p.Pointer, n.pointer)
			if within || p.Pointer == n.pointer && among(keysOf(p.AddedItems, n.key), list.AddedItems) && among(keysOf(p.RemovedItems, n.key), list.RemovedItems) {
				parts.add(c, p.Pointer)
			}
		}
	}
	return parts.causes
}

func keysOf(items []any, key string) []any {
	keys := make([]any, len(items))
	for i, item := range items {
		keys[i] = jsonpointer.Get(item, key)
	}
	return keys
}

// replacedDefault sees an object that is no longer the one of its kind that has a mark, where
// another has it now.
func replacedDefault(x *causeIndex, c *entra.Change) []entra.Cause {
	k := kind.ByName(c.Kind)
	if k == nil || k.Sole == "" || c.Type != entra.Changed {
		return nil
	}
	pointer := jsonpointer.Join(entra.SectionSpec, k.Sole)
	marked := func(c *entra.Change, was, is bool) bool {
		return slices.ContainsFunc(c.Properties, func(p entra.PropertyChange) bool {
			return p.Pointer == pointer && (p.Before == true) == was && (p.After == true) == is
		})
	}
	if !marked(c, true, false) {
		return nil
	}
	var parts partly
	for i := range x.changes {
		if other := &x.changes[i]; other.Kind == c.Kind && marked(other, false, true) {
			parts.add(other, pointer)
			break
		}
	}
	return parts.causes
}
