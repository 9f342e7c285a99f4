package diff

import (
	"errors"
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
	// section is looked for in all of them.
	Sections []string
	// Tokens lead from the section to the part, as in a pointer.
	Tokens []string

	arg   string // as it was typed
	named bool   // the last token was in brackets: it may be a name for what the file knows by id
}

// String is the part as it was typed, or as the path that leads to it.
func (p Part) String() string {
	if p.arg != "" {
		return p.arg
	}
	return strings.Join(p.Tokens, ".")
}

// ParsePart reads a part as reports print it ("conditions.users.excludeGroups", "members",
// "appRoles[<id>].isEnabled", "federatedIdentityCredentials[github].subject"), with its
// section in front ("links.members"), or as a pointer ("/spec/appRoles/<id>/isEnabled"). An
// element is in brackets; one of a list of references may be named
// ("members[ada@contoso.com]"), which [Selection.In] turns into its id. Errors wrap
// [entra.ErrInvalid].
func ParsePart(arg string) (Part, error) {
	tokens, named, err := splitPart(arg)
	if err != nil {
		return Part{}, fmt.Errorf("property %q: %w: %w", arg, err, entra.ErrInvalid)
	}
	p := Part{arg: arg, named: named}
	switch tokens[0] {
	case entra.SectionSpec, entra.SectionLinks, entra.SectionContained, entra.SectionStatus:
		p.Sections, p.Tokens = tokens[:1], tokens[1:]
		return p, nil
	}
	if strings.HasPrefix(arg, "/") {
		return Part{}, fmt.Errorf("property %q: a pointer starts with /spec, /links, /contained or /status: %w", arg, entra.ErrInvalid)
	}
	p.Sections = []string{entra.SectionSpec, entra.SectionStatus, entra.SectionLinks, entra.SectionContained}
	p.Tokens = tokens
	return p, nil
}

// splitPart cuts a part into tokens and reports whether the last was in brackets, within
// which a dot is a letter as any other.
func splitPart(arg string) (tokens []string, named bool, err error) {
	if strings.HasPrefix(arg, "/") {
		tokens = jsonpointer.Split(arg)
	} else {
		for rest, more := arg, true; more; {
			var token string
			if token, rest, named, more = nextToken(rest); named && token == "" {
				return nil, false, errors.New("nothing in the brackets, or no end of them")
			}
			tokens = append(tokens, token)
		}
	}
	if slices.Contains(tokens, "") {
		return nil, false, errors.New("empty name in the path")
	}
	return tokens, named, nil
}

// nextToken cuts the first token off a dotted path. more reports that another must follow.
func nextToken(text string) (token, rest string, bracketed, more bool) {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		end := strings.IndexByte(inner, ']')
		if end < 0 {
			return "", "", true, false
		}
		token, rest, bracketed = inner[:end], inner[end+1:], true
	} else {
		end := strings.IndexAny(text, ".[")
		if end < 0 {
			return text, "", false, false
		}
		token, rest = text[:end], text[end:]
	}
	if after, dotted := strings.CutPrefix(rest, "."); dotted {
		return token, after, bracketed, true
	}
	return token, rest, bracketed, rest != ""
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
