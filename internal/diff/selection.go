package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// root is the folder of a snapshot that holds the objects' files.
const root = "tenant/"

// Selection says which objects, and which parts of them, a command is about. The
// zero value selects everything.
type Selection struct {
	objects []selector
	parts   []Part
}

// ParseSelection reads what a person typed. Each object argument is a kind ("users"),
// a key ("users/3f2b…"), a kind and a name ("conditionalAccessPolicies/CA001 - Require
// MFA"), or a path, folder or glob of a snapshot's files with or without "tenant/" in front
// ("tenant/conditionalAccessPolicies/**"); a glob is also tried on keys and on names,
// so "users/*" selects every user wherever its file lies. Each property argument is as
// [ParsePart] says, and at least one selected kind must have it: a misspelt property
// would otherwise look like one that never differs. Errors wrap [entra.ErrInvalid].
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

// Kind reports whether an object of the kind may be selected.
func (s Selection) Kind(name string) bool {
	return len(s.objects) == 0 || slices.ContainsFunc(s.objects, func(o selector) bool { return o.mayBe(name) })
}

// Names reports whether the selection of the kind's objects may depend on their
// names, which only their files tell.
func (s Selection) Names(kindName string) bool {
	return slices.ContainsFunc(s.objects, func(o selector) bool { return o.mayBe(kindName) && !o.whole })
}

// Object reports whether an object is selected: by its file's path below the root of
// the snapshot, its key, or one of the names it has or had.
func (s Selection) Object(path string, key entra.Key, names ...string) bool {
	return len(s.objects) == 0 || slices.ContainsFunc(s.objects, func(o selector) bool { return o.matches(path, key, names) })
}

// Parts returns the selected parts; none means the whole object.
func (s Selection) Parts() []Part { return s.parts }

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
	c.Links = slices.DeleteFunc(c.Links, func(l entra.LinkChange) bool {
		return !s.Part(jsonpointer.Join(entra.SectionLinks, l.Link))
	})
	if len(c.Properties)+len(c.Links) == 0 {
		return nil
	}
	return c
}

// selector is one object argument.
type selector struct {
	kind    string // empty: the kind is part of the glob
	whole   bool   // every object of the kind
	literal string // below the root
	glob    string // below the root; empty when literal is no valid pattern
}

func parseSelector(arg string) (selector, error) {
	text := strings.TrimPrefix(strings.TrimPrefix(arg, "./"), root)
	text = strings.TrimSuffix(text, "/")
	if text == "" || text == "tenant" || text == "**" {
		if arg == "" {
			return selector{}, fmt.Errorf("selection: empty path: %w", entra.ErrInvalid)
		}
		return selector{whole: true}, nil
	}
	first, _, deeper := strings.Cut(text, "/")
	s := selector{literal: text}
	if !strings.ContainsAny(first, `*?[{\`) {
		s.kind = strings.TrimSuffix(first, ".yaml")
		s.whole = !deeper
		if kind.ByName(s.kind) == nil {
			return selector{}, fmt.Errorf("selection %q: unknown kind %q: %w", arg, s.kind, entra.ErrInvalid)
		}
	}
	if doublestar.ValidatePattern(text) {
		s.glob = text
	}
	return s, nil
}

// mayBe reports whether the selector may select an object of the kind.
func (s selector) mayBe(kindName string) bool {
	if s.kind != "" || s.whole {
		return s.kind == "" || s.kind == kindName
	}
	first, _, _ := strings.Cut(s.glob, "/")
	ok, err := doublestar.Match(strings.TrimSuffix(first, ".yaml"), kindName)
	return s.glob == "" || strings.Contains(first, "**") || err == nil && ok
}

func (s selector) matches(path string, key entra.Key, names []string) bool {
	if !s.mayBe(key.Kind) {
		return false
	}
	path = strings.TrimPrefix(path, root)
	candidates := []string{path, key.String()}
	for _, name := range names {
		candidates = append(candidates, key.Kind+"/"+name)
	}
	return s.whole || strings.HasPrefix(path, s.literal+"/") || slices.ContainsFunc(candidates, func(c string) bool {
		if c == s.literal {
			return true
		}
		ok, err := doublestar.Match(s.glob, c)
		return s.glob != "" && err == nil && ok
	})
}

// Part is a part of an object's file: a section, or something within one.
type Part struct {
	// Sections are those that the part may lie in. A property named without its
	// section is looked for in spec and status.
	Sections []string
	// Tokens lead from the section to the part, as in a pointer.
	Tokens []string
}

// ParsePart reads a part as a dotted path ("conditions.users.excludeGroups",
// "links.members", "contained.federatedIdentityCredentials") or as a pointer
// ("/spec/appRoles/<id>/isEnabled"). A first token that names a section is the section.
// Errors wrap [entra.ErrInvalid].
func ParsePart(arg string) (Part, error) {
	tokens := strings.Split(arg, ".")
	if strings.HasPrefix(arg, "/") {
		tokens = jsonpointer.Split(arg)
	}
	if arg == "" || slices.Contains(tokens, "") {
		return Part{}, fmt.Errorf("property %q: empty name in the path: %w", arg, entra.ErrInvalid)
	}
	switch tokens[0] {
	case entra.SectionSpec, entra.SectionLinks, entra.SectionContained, entra.SectionStatus:
		return Part{Sections: tokens[:1], Tokens: tokens[1:]}, nil
	}
	if strings.HasPrefix(arg, "/") {
		return Part{}, fmt.Errorf("property %q: a pointer starts with /spec, /links, /contained or /status: %w", arg, entra.ErrInvalid)
	}
	return Part{Sections: []string{entra.SectionSpec, entra.SectionStatus}, Tokens: tokens}, nil
}

// Touches reports whether the part and the place that the pointer's tokens lead to
// hold one another.
func (p Part) Touches(tokens []string) bool {
	if len(tokens) == 0 {
		return true
	}
	n := min(len(p.Tokens), len(tokens)-1)
	return slices.Contains(p.Sections, tokens[0]) && slices.Equal(p.Tokens[:n], tokens[1:n+1])
}

// in reports whether objects of the kind may have the part. A property under status
// that is named as such may be one that no list knows.
func (p Part) in(k *kind.Kind) bool {
	if len(p.Tokens) == 0 {
		return true
	}
	name := p.Tokens[0]
	for _, section := range p.Sections {
		var has bool
		switch section {
		case entra.SectionSpec:
			has = k.Restorable(name) || name == typeProperty && k.Polymorphic
		case entra.SectionStatus:
			has = slices.Contains(k.Status, name) || len(p.Sections) == 1
		case entra.SectionLinks:
			has = slices.ContainsFunc(k.Links, func(l kind.Link) bool { return l.Name == name })
		case entra.SectionContained:
			has = slices.ContainsFunc(k.Contained, func(c kind.Contained) bool { return c.Name == name })
		}
		if has {
			return true
		}
	}
	return false
}
