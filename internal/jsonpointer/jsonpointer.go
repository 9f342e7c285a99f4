// Package jsonpointer owns JSON pointers (RFC 6901): writing and reading them, and
// following one through the values of encoding/json.
//
// It must not know which objects pointers lead into. The pointers of changes name an
// element of a set by its key and not by its index; following such a pointer takes the
// shape of a kind and is the business of package diff.
package jsonpointer

import (
	"maps"
	"strconv"
	"strings"
)

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// Join returns the pointer that consists of the tokens: "/spec/a~1b" for "spec" and
// "a/b". No token at all is the whole document, "".
func Join(tokens ...string) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteByte('/')
		b.WriteString(escaper.Replace(t))
	}
	return b.String()
}

// Split returns the tokens of a pointer, none for the whole document.
func Split(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, t := range tokens {
		tokens[i] = unescaper.Replace(t)
	}
	return tokens
}

// Within reports whether a pointer leads to the value that outer leads to, or to a part
// of that value.
func Within(pointer, outer string) bool {
	rest, ok := strings.CutPrefix(pointer, outer)
	return ok && (rest == "" || rest[0] == '/')
}

// Get follows tokens into objects and lists and returns the value that they lead to, nil
// where they lead nowhere.
func Get(v any, tokens ...string) any {
	for _, t := range tokens {
		switch parent := v.(type) {
		case map[string]any:
			v = parent[t]
		case []any:
			i, err := strconv.Atoi(t)
			if err != nil || i < 0 || i >= len(parent) {
				return nil
			}
			v = parent[i]
		default:
			return nil
		}
	}
	return v
}

// Set returns a copy of v in which the member that tokens lead to, through objects
// alone, is the value; nil takes the member out. Objects that are missing on the way are
// made. What lies beside the way is shared with v.
func Set(v any, tokens []string, value any) any {
	if len(tokens) == 0 {
		return value
	}
	old, _ := v.(map[string]any)
	m := make(map[string]any, len(old)+1)
	maps.Copy(m, old)
	if m[tokens[0]] = Set(old[tokens[0]], tokens[1:], value); m[tokens[0]] == nil {
		delete(m, tokens[0])
	}
	return m
}
