package kind

import (
	"encoding/json"
	"strings"
)

// ElementKey joins the values of the named properties of an element by "+": the key
// of an element of a set or a contained collection. A part of a compound key may be
// absent; an element with none of them has no key.
func ElementKey(element map[string]any, names []string) (string, bool) {
	found := false
	parts := make([]string, len(names))
	for i, name := range names {
		if v, ok := element[name]; ok {
			parts[i] = keyText(v)
			found = true
		}
	}
	return strings.Join(parts, "+"), found
}

// keyText is one value of a key: a string as it is, anything else as JSON.
func keyText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "" // cannot happen: values come from JSON
	}
	return string(b)
}
