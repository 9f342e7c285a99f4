package capture

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entragit/entragit/internal/kind"
)

// members yields the members of a JSON object until it ends or is damaged. A value is
// valid until the next.
func members(body []byte) iter.Seq2[string, jsontext.Value] {
	return func(yield func(string, jsontext.Value) bool) {
		d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true))
		if tok, err := d.ReadToken(); err != nil || tok.Kind() != '{' {
			return
		}
		for d.PeekKind() == '"' {
			key, err := d.ReadToken()
			if err != nil {
				return
			}
			name := key.String()
			value, err := d.ReadValue()
			if err != nil || !yield(name, value) {
				return
			}
		}
	}
}

// stringProperty returns a top-level string property of a JSON object, or "".
func stringProperty(body []byte, property string) string {
	for name, value := range members(body) {
		if name == property && value.Kind() == '"' {
			text, err := jsontext.AppendUnquote(nil, value)
			if err != nil {
				return ""
			}
			return string(text)
		}
	}
	return ""
}

// member returns a property of a JSON object by its dotted path, or nil.
func member(body []byte, path string) any {
	property, rest, deep := strings.Cut(path, ".")
	for name, value := range members(body) {
		if name != property {
			continue
		}
		if deep {
			return member(value, rest)
		}
		var v any
		if json.Unmarshal(value, &v) != nil {
			return nil
		}
		return v
	}
	return nil
}

// meets reports whether a JSON object meets every condition.
func meets(body []byte, when []kind.Condition) bool {
	for _, c := range when {
		if !c.Holds(member(body, c.Property)) {
			return false
		}
	}
	return true
}

// redacted reports whether nothing is left of an object but its type and its id: so Graph
// returns an object that the identity may not read. It names the type only where it says
// nothing else.
func redacted(body []byte) bool {
	typed := false
	for name, value := range members(body) {
		switch {
		case name == "@odata.type":
			typed = true
		case name == "id" || strings.Contains(name, "@odata."):
		default:
			switch text := string(value); text {
			case "null", "[]", "{}", `""`:
			default:
				return false
			}
		}
	}
	return typed
}
