package emulator

import (
	"slices"
	"strings"
)

// sentinel ends the members of an enumeration that every client gets to see. Those after
// it were added later: a client that does not prefer them is answered the sentinel in their
// place, and may not send them (Microsoft's page "Best practices for working with Microsoft
// Graph", evolvable enumerations; Microsoft REST API guidelines, "Evolvable enums"). The
// "linux" of conditionalAccessPlatforms is such a member.
const sentinel = "unknownFutureValue"

// laterMember is a value of an enumeration in an answer that is a member after the sentinel.
type laterMember string

// prefersLater reports whether the client takes members after the sentinel.
func (r *request) prefersLater() bool {
	for _, header := range r.header.Values("Prefer") {
		for preference := range strings.SplitSeq(header, ",") {
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}

// evolvable returns a value of a type as render keeps it: marked where it is a member after
// the sentinel, or a list of such.
func (m *metadata) evolvable(typ string, value any) any {
	switch value := value.(type) {
	case string:
		if m.isLater(typ, value) {
			return laterMember(value)
		}
	case []any:
		for i, v := range value {
			if text, ok := v.(string); ok && m.isLater(typ, text) {
				list := slices.Clone(value) // the store's own
				for n := i; n < len(list); n++ {
					list[n] = m.evolvable(typ, list[n])
				}
				return list
			}
		}
	}
	return value
}

// isLater reports whether a value of an enumeration is a member after the sentinel, or holds
// one among its flags.
func (m *metadata) isLater(typ, value string) bool {
	members := m.Enums[typ]
	at := slices.Index(members, sentinel)
	if at < 0 || at == len(members)-1 {
		return false
	}
	for flag := range strings.SplitSeq(value, ",") {
		if slices.ContainsFunc(members[at+1:], func(member string) bool { return strings.EqualFold(member, strings.TrimSpace(flag)) }) {
			return true
		}
	}
	return false
}

// hideLater puts the sentinel in the place of each later member of a rendered body. What
// holds one is the answer's own; the rest may be the store's and is not written to.
func hideLater(value any) {
	switch value := value.(type) {
	case object:
		for name, v := range value {
			if _, later := v.(laterMember); later {
				value[name] = sentinel
			} else {
				hideLater(v)
			}
		}
	case []any:
		for i, v := range value {
			if _, later := v.(laterMember); later {
				value[i] = sentinel
			} else {
				hideLater(v)
			}
		}
	}
}

// checkLater refuses a body with a member after the sentinel.
func (s *store) checkLater(typ string, body object) *apiError {
	if named, ok := body["@odata.type"].(string); ok && s.meta.Types[typeName(named)] != nil {
		typ = typeName(named)
	}
	t := s.meta.Types[typ]
	if t == nil {
		return nil
	}
	for name, value := range body {
		list, isList := value.([]any)
		if !isList {
			list = []any{value}
		}
		of := t.properties[name].Type
		if of == "" {
			of = t.navigation[name].Type
		}
		for _, v := range list {
			if text, ok := v.(string); ok && s.meta.isLater(of, text) {
				return badRequest("Invalid value specified for property '%s': '%s' needs the header Prefer: include-unknown-enum-members.", name, text)
			}
			if inner, ok := v.(object); ok {
				if err := s.checkLater(of, inner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
