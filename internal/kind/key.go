package kind

import (
	"encoding/json"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// NaturalKey returns the properties that identify an object apart from its id, those of
// [Kind.NaturalKey] that it has; none where the kind has no natural key.
func NaturalKey(k *Kind, o *entra.Object) map[string]any {
	properties := map[string]any{}
	for _, name := range k.NaturalKey {
		if v := o.Property(name); v != nil {
			properties[name] = v
		}
	}
	return properties
}

// Pick returns the named members of an object that it has.
func Pick(object map[string]any, names []string) map[string]any {
	picked := map[string]any{}
	for _, name := range names {
		if v, ok := object[name]; ok {
			picked[name] = v
		}
	}
	return picked
}

// ElementKey joins the values of the named properties of an element by "+": the key
// of an element of a set or a contained collection, or the natural key of an object as
// one string. A part of a compound key may be absent; an element with none of them has
// no key.
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

// OnlyKey is the key of the element of a collection that is marked [Contained.Only].
const OnlyKey = "only"

// KeyOf is the key by which an element is told apart from the others of the collection, as
// [ElementKey] makes it.
func (c *Contained) KeyOf(element map[string]any) (string, bool) {
	if c.Only {
		return OnlyKey, true
	}
	return ElementKey(element, c.Key)
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
