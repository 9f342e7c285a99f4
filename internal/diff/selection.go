package diff

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Selection says which objects, and which parts of them, a command is about. The
// zero value selects everything.
type Selection struct {
	objects []selector
	parts   []Part
	lines   entra.Lines
	among   map[entra.Key]bool // nil where it does not matter
}

// ParseSelection reads what a person typed. Each object argument is a kind ("users"),
// a key ("users/3f2b…"), a kind and a name ("conditionalAccessPolicies/CA001 - Require
// MFA"), or a path, folder or glob of a snapshot's files with or without "tenant/" in front
// ("tenant/conditionalAccessPolicies/**"). A glob is also tried on ids and on names,
// where "*" stands for any text: "users/*" is every user wherever its file lies,
// "conditionalAccessPolicies/CA0*" the policies called so, "*/Break*" objects of every
// kind, "**" everything. Each property argument is as [ParsePart] says, and at least one
// selected kind must have it: a misspelt property would otherwise look like one that
// never differs. Errors wrap [entra.ErrInvalid].
//
// Until [Selection.In] has looked at the points that a command is about, an argument
// selects whatever it may mean: what has it as its path or id, lies below it, bears it as
// its name, or fits it as a glob.
func ParseSelection(objects, properties []string) (Selection, error) {
	var s Selection
	for _, arg := range objects {
		sel, err := parseSelector(arg)
		if err != nil {
			return Selection{}, err
		}
		s.objects = append(s.objects, sel)
	}
	for _, arg := range properties {
		part, err := ParsePart(arg)
		if err != nil {
			return Selection{}, err
		}
		if !slices.ContainsFunc(kind.All(), func(k *kind.Kind) bool { return s.Kind(k.Name) && part.in(k) }) {
			return Selection{}, fmt.Errorf("property %q: no selected kind has it: %w", arg, entra.ErrInvalid)
		}
		s.parts = append(s.parts, part)
	}
	return s, nil
}

// Following returns the selection to which an object that was created again goes by every id
// that it had.
func (s Selection) Following(lines entra.Lines) Selection {
	s.lines, s.objects = lines, slices.Clone(s.objects)
	for i := range s.objects {
		s.objects[i].lines = lines
	}
	return s
}

// Kind reports whether an object of the kind may be selected.
func (s Selection) Kind(name string) bool {
	if s.among != nil && !s.among[entra.Key{Kind: name}] {
		return false
	}
	return len(s.objects) == 0 || slices.ContainsFunc(s.objects, func(o selector) bool { return o.mayBe(name) })
}

// Object reports whether an object is selected: by its file's path below the root of
// the snapshot, its key, or one of the names it has or had. What came out of
// [Selection.In] knows the objects by their files and needs no names.
func (s Selection) Object(path string, key entra.Key, names ...string) bool {
	if s.among != nil && !s.among[key] {
		return false
	}
	return len(s.objects) == 0 || slices.ContainsFunc(s.objects, func(o selector) bool { return o.selects(path, key, names) })
}

// Open reports whether the selection, as [Selection.In] settled it, means objects of a
// kind that none of the points has, too: all of the kind, those in a folder, or those that
// fit a glob. An id or a name means no others.
func (s Selection) Open(kindName string) bool {
	if s.among != nil && !s.among[entra.Key{Kind: kindName}] {
		return false
	}
	return len(s.objects) == 0 || slices.ContainsFunc(s.objects, func(o selector) bool { return o.mayBe(kindName) && o.open() })
}

// New reports whether an object that none of the points has is selected; path is where
// its file would be.
func (s Selection) New(path string, key entra.Key, name string) bool {
	if s.among != nil && !s.among[key] {
		return false
	}
	return len(s.objects) == 0 || slices.ContainsFunc(s.objects, func(o selector) bool {
		return o.mayBe(key.Kind) && o.open() && (o.whole || o.meaning(path, key, []string{name}, nil) >= o.least)
	})
}

// Among returns the selection of those of its objects that changed, by whatever id.
func (s Selection) Among(changes []entra.Change) Selection {
	s.among = map[entra.Key]bool{}
	for _, c := range changes {
		s.among[entra.Key{Kind: c.Kind}] = true // the kind, and a singleton, whose file says no id
		for _, key := range s.lines.Keys(c.Key) {
			s.among[key] = true
		}
	}
	return s
}

// Empty reports whether nothing can be selected, because nothing changed.
func (s Selection) Empty() bool { return s.among != nil && len(s.among) == 0 }

// Parts returns the selected parts; none means the whole object.
func (s Selection) Parts() []Part { return s.parts }

// Limited returns the selection of those parts of its objects alone; of none, of all.
func (s Selection) Limited(parts []Part) Selection {
	s.parts = parts
	return s
}

// Part reports whether what is at the pointer is selected, or holds or lies within
// something that is.
func (s Selection) Part(pointer string) bool {
	tokens := jsonpointer.Split(pointer)
	return len(s.parts) == 0 || slices.ContainsFunc(s.parts, func(p Part) bool { return p.Touches(tokens) })
}

// limit drops what is not selected from a change. It returns nil when nothing is
// left.
func (s Selection) limit(c *entra.Change) *entra.Change {
	if c == nil || len(s.parts) == 0 {
		return c
	}
	c.Properties = slices.DeleteFunc(c.Properties, func(p entra.PropertyChange) bool { return !s.Part(p.Pointer) })
	for i := range c.Properties {
		s.limitItems(&c.Properties[i])
	}
	c.Properties = slices.DeleteFunc(c.Properties, func(p entra.PropertyChange) bool {
		return p.AddedItems != nil && p.RemovedItems != nil && len(p.AddedItems)+len(p.RemovedItems) == 0
	})
	for i := range c.Links {
		s.limitLink(&c.Links[i])
	}
	c.Links = slices.DeleteFunc(c.Links, func(l entra.LinkChange) bool { return len(l.Added)+len(l.Removed) == 0 })
	if len(c.Properties)+len(c.Links) == 0 {
		return nil
	}
	return c
}

// limitLink drops the targets that are not selected from the change of a link.
func (s Selection) limitLink(l *entra.LinkChange) {
	out := func(id string) bool { return !s.Part(jsonpointer.Join(entra.SectionLinks, l.Link, id)) }
	l.Added, l.Removed = slices.DeleteFunc(l.Added, out), slices.DeleteFunc(l.Removed, out)
}

// limitItems drops the elements that are not selected from the change of a set of texts. It
// leaves two empty lists where none is.
func (s Selection) limitItems(p *entra.PropertyChange) {
	out := func(item any) bool {
		text, ok := item.(string)
		return ok && !s.Part(p.Pointer+jsonpointer.Join(text))
	}
	if !slices.ContainsFunc(slices.Concat(p.AddedItems, p.RemovedItems), out) {
		return
	}
	p.AddedItems = slices.DeleteFunc(append([]any{}, p.AddedItems...), out)
	p.RemovedItems = slices.DeleteFunc(append([]any{}, p.RemovedItems...), out)
}
