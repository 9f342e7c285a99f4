package report

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// path writes a JSON pointer as people write properties:
// "/spec/conditions/users/excludeGroups" is conditions.users.excludeGroups, and an
// element is in brackets: federatedIdentityCredentials[github].subject.
func (n names) path(pointer string) string {
	segments := jsonpointer.Split(pointer)
	if len(segments) == 0 {
		return ""
	}
	section := segments[0]
	switch section {
	case entra.SectionSpec, entra.SectionLinks, entra.SectionContained, entra.SectionStatus:
		segments = segments[1:]
	}
	var b strings.Builder
	for i, segment := range segments {
		element := section == entra.SectionContained && i == 1
		switch {
		case element || !plainSegment(segment):
			b.WriteString("[" + n.key(segment) + "]")
		case i > 0:
			b.WriteString("." + segment)
		default:
			b.WriteString(segment)
		}
	}
	return b.String()
}

// key names the parts of an element's key, as far as they are ids with a name.
func (n names) key(segment string) string {
	if label, ok := n[segment]; ok {
		return label
	}
	parts := strings.Split(segment, "+")
	for i, part := range parts {
		if label, ok := n[part]; ok {
			parts[i] = label
		}
	}
	return strings.Join(parts, " + ")
}

// plainSegment reports whether a segment reads as a property's name.
func plainSegment(s string) bool {
	for _, r := range s {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		if !letter && r != '_' && r != '@' {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}
