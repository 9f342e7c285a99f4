package kind

import (
	"slices"
	"strings"
)

// Holds reports whether the condition is met by its property's value, which is nil
// where the object has none, and a bool, string, list or object as in entra.Object
// otherwise.
func (c Condition) Holds(value any) bool {
	met := c.test(value)
	if list, ok := value.([]any); ok {
		met = slices.ContainsFunc(list, c.test)
	}
	return met != c.Not
}

// Meets reports whether all conditions hold of an object's properties.
func Meets(conditions []Condition, property func(name string) any) bool {
	return !slices.ContainsFunc(conditions, func(c Condition) bool { return !c.Holds(property(c.Property)) })
}

func (c Condition) test(value any) bool {
	switch v := value.(type) {
	case string:
		if c.Prefix != "" {
			return strings.HasPrefix(v, c.Prefix)
		}
		return c.Equals == v
	case bool:
		return c.Equals == v
	case nil:
		return c.Equals == nil && c.Prefix == ""
	}
	return false
}

// Referent returns the identity of the object that a value of the property names, without
// the prefix that may precede the identity. It reports false for a value that names no object of the
// targets.
func (r *Reference) Referent(value string) (string, bool) {
	if value == "" || slices.Contains(r.Special, value) {
		return "", false
	}
	if len(r.Prefixes) == 0 {
		return value, true
	}
	for _, prefix := range r.Prefixes {
		if id, ok := strings.CutPrefix(value, prefix); ok && id != "" {
			return id, true
		}
	}
	return "", false
}
