package attribution

import (
	"encoding/json"
	"strings"
)

// decode reads a value as the log writes values: JSON within text, often twice, a list of such
// texts, or text that is no JSON at all. nil is no value. Whatever cannot be read stays the text
// that it is.
func decode(raw json.RawMessage) any {
	var v any
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	if s, ok := v.(string); ok {
		v = parsed(s)
	}
	if s, ok := v.(string); ok && (strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[{")) {
		v = parsed(s) // a document within text within text
	}
	list, ok := v.([]any)
	if !ok {
		return v
	}
	for i, element := range list {
		if s, ok := element.(string); ok && strings.HasPrefix(s, "{") {
			list[i] = parsed(s)
		}
	}
	return list
}

// parsed is what a text says as JSON, or the text.
func parsed(s string) any {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	return v
}

// filled reports whether a value says anything.
func filled(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case []any:
		for _, element := range v {
			if filled(element) {
				return true
			}
		}
		return false
	case map[string]any:
		return len(v) > 0
	}
	return true
}

// elementsOf is a value as a list.
func elementsOf(v any) []any {
	list, ok := v.([]any)
	switch {
	case ok:
		return list
	case !filled(v):
		return nil
	}
	return []any{v}
}

// sole is a value of which there is one: the log writes it as a list of one.
func sole(v any) any {
	list, ok := v.([]any)
	switch {
	case !ok:
		return v
	case len(list) == 1:
		return list[0]
	}
	return nil
}

// word is a value that is one text.
func word(v any) string {
	s, _ := sole(v).(string)
	return strings.TrimSpace(s)
}

// bracketed reads text such as "[KeyIdentifier=1,KeyType=Password,DisplayName=a, b]": a part
// begins behind a comma where a word and "=" follow. It returns nil for other text.
func bracketed(s string) map[string]string {
	s, opened := strings.CutPrefix(strings.TrimSpace(s), "[")
	s, closed := strings.CutSuffix(s, "]")
	if !opened || !closed {
		return nil
	}
	parts := map[string]string{}
	name := ""
	for i, part := range strings.Split(s, ",") {
		key, value, ok := strings.Cut(part, "=")
		if key = strings.TrimSpace(key); ok && isWord(key) {
			if _, again := parts[key]; again {
				return nil // somebody named it so: whose value is whose is not known
			}
			name, parts[key] = key, strings.TrimSpace(value)
			continue
		}
		if i == 0 {
			return nil
		}
		parts[name] += "," + part
	}
	return parts
}

func isWord(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s != ""
}
