package emulator

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// The log writes values as text in three encodings, which depend on the service and the activity.

// quoted is JSON of one value: of a text, "\"Payroll\"". No value is null.
func quoted(v any) any {
	if v == nil {
		return nil
	}
	return encoded(v)
}

// listed is a JSON array, as the attributes of the directory's old schema have it: one value is
// "[\"x\"]", a boolean "[true]", no value "[]".
func listed(values []any) any {
	if values == nil {
		values = []any{}
	}
	return encoded(values)
}

// flag is a boolean in the form of .NET: "\"True\"".
func flag(b bool) any {
	if b {
		return quoted("True")
	}
	return quoted("False")
}

// encoded returns a value as JSON. What HTML means by a character is of no concern to the log.
func encoded(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // decoded from JSON, so it encodes
	return strings.TrimSuffix(b.String(), "\n")
}

// modified is one line of an entry: what changed, from what to what.
func modified(name string, old, updated any) any {
	return object{"displayName": name, "oldValue": old, "newValue": updated}
}

// moved is a line about something that was added or taken away: it has the value on one side.
func (d deed) moved(name string, value any) any {
	if d.takesAway() {
		return modified(name, value, nil)
	}
	return modified(name, nil, value)
}

// contextLine is a line that says what the entry is about, and is no change.
func contextLine(name string, value any) any { return modified(name, nil, quoted(value)) }

// detail is one of the additional details of an entry.
func detail(key, value string) any { return object{"key": key, "value": value} }

// keyDescription is how the log writes the credentials of an application: bracketed text, in an
// order that means nothing.
func keyDescription(body object) []any {
	var keys []any
	add := func(property, kind, use string) {
		for _, v := range asList(body[property]) {
			text := func(name, other string) string {
				if s := textOf(field(v, name)); s != "" {
					return s
				}
				return other
			}
			keys = append(keys, "[KeyIdentifier="+text("keyId", "")+",KeyType="+text("type", kind)+",KeyUsage="+text("usage", use)+
				",DisplayName="+text("displayName", "")+"]")
		}
	}
	add("keyCredentials", "AsymmetricX509Cert", "Verify")
	add("passwordCredentials", "Password", "Verify")
	slices.Reverse(keys)
	return keys
}
