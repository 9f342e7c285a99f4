package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

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
