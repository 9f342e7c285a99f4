package emulator

import (
	"net/url"
	"strings"
)

// segment is one part of a request's path.
type segment struct {
	name string
	// property and key are the predicate of "applications(appId='…')"; the property is
	// empty in "users('…')".
	property, key string
	keyed         bool
}

// parsePath splits an escaped path into segments.
func parsePath(escaped string) ([]segment, *apiError) {
	var path []segment
	for part := range strings.SplitSeq(strings.Trim(escaped, "/"), "/") {
		name, err := url.PathUnescape(part)
		if err != nil || name == "" {
			return nil, badRequest("Empty or malformed segment in the request URL.")
		}
		path = append(path, parseSegment(name))
	}
	return path, nil
}

// parseSegment splits a key predicate off. A segment in any other form with
// parentheses is a key that happens to hold them.
func parseSegment(s string) segment {
	open := strings.IndexByte(s, '(')
	if open <= 0 || !strings.HasSuffix(s, ")") || strings.ContainsAny(s[:open], "@-' ") {
		return segment{name: s}
	}
	inner := s[open+1 : len(s)-1]
	if inner == "" {
		return segment{name: s[:open]}
	}
	property, value, named := strings.Cut(inner, "=")
	if !named || strings.HasPrefix(inner, "'") {
		property, value = "", inner
	}
	if len(value) >= 2 && value[0] == '\'' && value[len(value)-1] == '\'' {
		value = strings.ReplaceAll(value[1:len(value)-1], "''", "'")
	}
	return segment{name: s[:open], property: property, key: value, keyed: true}
}
