package attribution

import (
	"bytes"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// told is what an entry tells of the writing of an object, in Graph's words.
type told struct {
	// changes are the properties whose values it tells, by pointer in lower case.
	changes map[string]entra.PropertyChange
	kind    *kind.Kind
	// about are pointers of what it wrote without telling how.
	about []string
	// silent is set where it may have written anything else, too, and blank where it tells nothing
	// at all.
	silent, blank bool
	// open is set where it tells something, and may have written what the log has no name for.
	open bool
	// document is set where it tells the object as a whole.
	document bool
}

// tell reads what a target's modified properties say of an object of a kind: two objects are made
// of their old and their new values, and compared as any two are.
func tell(k *kind.Kind, a *activity, t target) *told {
	tell := &told{changes: map[string]entra.PropertyChange{}, kind: k}
	before, after := newPartial(k), newPartial(k)
	var listed []string
	var differ []*attribute // in the text of their values
	named := map[string]bool{}
	for _, m := range t.Modified {
		name := string(m.Name)
		switch {
		case strings.EqualFold(name, included):
			listed = strings.Split(word(either(m)), ",")
			continue
		case isContext(name):
			continue
		}
		named[strings.ToLower(name)] = true
		tell.attribute(k, m, before, after)
		if a := attributeOf(k, name); a != nil && !a.Document && !a.Excerpt && !bytes.Equal(m.Old, m.New) {
			differ = append(differ, a)
		}
	}
	for _, name := range listed {
		if name = strings.TrimSpace(name); name != "" && !named[strings.ToLower(name)] {
			tell.only(k, name)
		}
	}
	tell.blank = len(named) == 0 && len(tell.about) == 0 && !tell.silent
	if c := diff.Objects(k, before.Object, after.Object, whole(k)); c != nil {
		for _, p := range c.Properties {
			tell.changes[strings.ToLower(p.Pointer)] = p
		}
	}
	for _, a := range differ {
		tell.unread(k, a)
	}
	if tell.blank {
		tell.silent = true
	}
	tell.open = a.About == nil && !tell.document && len(tell.changes)+len(tell.about) > 0
	if a.About != nil && (tell.silent || len(tell.changes) == 0) {
		tell.silent = false
		for _, path := range a.About {
			tell.about = append(tell.about, pointerOf(k, path))
		}
	}
	return tell
}

// attribute notes one attribute's values.
func (t *told) attribute(k *kind.Kind, m modified, before, after partial) {
	a := attributeOf(k, string(m.Name))
	old, now := decode(m.Old), decode(m.New)
	switch {
	case a == nil && document(old) == nil && document(now) == nil:
		t.silent = true
		return
	case a == nil: // an object under a name that nobody knows tells what it holds
		a = &attribute{Excerpt: true, Read: document}
	}
	t.silent = t.silent || a.Excerpt
	t.document = t.document || a.Document
	if a.Untold || !before.set(a, old) || !after.set(a, now) {
		t.wrote(k, a)
	}
}

// only notes an attribute of which the entry has no more than the name.
func (t *told) only(k *kind.Kind, name string) {
	if a := attributeOf(k, name); a != nil {
		t.wrote(k, a)
	} else {
		t.silent = true
	}
}

// unread notes an attribute that was written, by a value that reads like the one before: the log
// leaves out some of it.
func (t *told) unread(k *kind.Kind, a *attribute) {
	told := slices.ContainsFunc(a.About, func(path string) bool {
		for other := range t.changes {
			if jsonpointer.Within(other, strings.ToLower(pointerOf(k, path))) {
				return true
			}
		}
		return false
	})
	if !told {
		t.wrote(k, a)
	}
}

func (t *told) wrote(k *kind.Kind, a *attribute) {
	for _, path := range a.About {
		t.about = append(t.about, pointerOf(k, path))
	}
	t.silent = t.silent || a.Document
}

// touches reports whether the entry may have written what a pointer leads to, without telling.
func (t *told) touches(pointer string) bool {
	if !isApart(t.kind, pointer) && (t.silent || t.open && !isPublished(t.kind, pointer)) {
		return true
	}
	pointer = strings.ToLower(pointer)
	near := func(other string) bool {
		other = strings.ToLower(other)
		return jsonpointer.Within(pointer, other) || jsonpointer.Within(other, pointer)
	}
	if slices.ContainsFunc(t.about, near) {
		return true
	}
	for other := range t.changes {
		if other != pointer && near(other) {
			return true
		}
	}
	return false
}

// pointerOf is the pointer of a path below an object.
func pointerOf(k *kind.Kind, path string) string {
	if strings.Contains(path, "/") {
		return "/" + path // a link or a contained collection
	}
	tokens := strings.Split(path, ".")
	return jsonpointer.Join(append([]string{sectionOf(k, tokens[0])}, tokens...)...)
}

func sectionOf(k *kind.Kind, property string) string {
	if k.Restorable(property) {
		return entra.SectionSpec
	}
	return entra.SectionStatus
}

// partial is an object as far as the log tells of it.
type partial struct {
	*entra.Object
	kind *kind.Kind
}

func newPartial(k *kind.Kind) partial {
	return partial{&entra.Object{
		Key: entra.Key{Kind: k.Name}, Spec: map[string]any{}, Status: map[string]any{}, Contained: map[string][]map[string]any{},
	}, k}
}

// set gives the object an attribute's value; it reports false where the value cannot be read.
func (p partial) set(a *attribute, v any) bool {
	if !filled(v) {
		return true
	}
	values := a.values(v)
	if values == nil && (a.Read != nil || len(a.About) > 0) {
		return false
	}
	for path, value := range values {
		p.put(path, graphed(leafOf(path), value))
	}
	return true
}

func leafOf(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// put sets one value.
func (p partial) put(path string, value any) {
	name, contained := strings.CutPrefix(path, "contained/")
	if !contained {
		contained = slices.ContainsFunc(p.kind.Contained, func(c kind.Contained) bool { return c.Name == path })
	}
	if contained {
		for _, element := range elementsOf(value) {
			if element, ok := element.(map[string]any); ok {
				p.Contained[name] = append(p.Contained[name], element)
			}
		}
		return
	}
	if _, set := p.kind.Set(path); set || slices.Contains(p.kind.Ordered, path) {
		if value = elementsOf(value); len(value.([]any)) == 0 {
			return
		}
	} else if list, ok := value.([]any); ok && len(list) == 1 {
		value = list[0]
	}
	if value == nil {
		return
	}
	tokens := strings.Split(path, ".")
	section := p.Status
	if sectionOf(p.kind, tokens[0]) == entra.SectionSpec {
		section = p.Spec
	}
	section[tokens[0]] = jsonpointer.Set(section[tokens[0]], tokens[1:], value)
}

// whole reads everything that two partial objects have.
func whole(k *kind.Kind) diff.Read {
	c := entra.Coverage{State: entra.Complete}
	for _, x := range k.Contained {
		c.Contained = append(c.Contained, x.Name)
	}
	slices.Sort(c.Contained)
	return diff.Read{Before: c.Of(""), After: c.Of("")}
}
