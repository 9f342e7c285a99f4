package attribution

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// items decide who added and removed the elements of a set.
func (m *matcher) items(k *kind.Kind, c *entra.Change, p entra.PropertyChange) []cell {
	place, _ := diff.Locate(k, p.Pointer)
	name := func(item any) string { return itemName(place, item) }
	writes := m.writing(k, c, p, func(entra.PropertyChange) verdict { return brings })
	keys, value := m.natural(k, c)
	key := ""
	if keys != nil {
		key = keys[0]
	}
	var cells []cell
	for _, side := range []struct {
		items []any
		there bool
	}{{p.RemovedItems, false}, {p.AddedItems, true}} {
		for _, item := range side.items {
			is := func(other any) bool { return strings.EqualFold(bare(place, name(other)), bare(place, name(item))) }
			signs := make([]sign, 0, len(writes))
			for _, s := range writes {
				if s.says == brings {
					s.says = itemSays(s.write.told(k).changes[strings.ToLower(p.Pointer)], is, side.there)
				}
				signs = append(signs, s)
			}
			signs = append(signs, m.scopes(key, value, p.Pointer, is, side.there)...)
			o := m.decide(inOrder(signs), m.claims[key])
			o.key = key
			cells = append(cells, cell{p.Pointer + jsonpointer.Join(name(item)), o})
		}
	}
	return cells
}

// itemSays is what the told change of a set says of one element.
func itemSays(told entra.PropertyChange, is func(any) bool, there bool) verdict {
	added, removed := has(told.AddedItems, is), has(told.RemovedItems, is)
	switch {
	case added && !removed:
		return says(there)
	case removed && !added:
		return says(!there)
	case told.AddedItems == nil && told.RemovedItems == nil:
		return touches // a value that is no set
	}
	return none
}

func has(items []any, is func(any) bool) bool {
	for _, item := range items {
		if is(item) {
			return true
		}
	}
	return false
}

// scopePointer is the property that the value of a tie is.
const scopePointer = "/spec/scope"

// scopes are the signs of ties about an element of what they say: one of the scopes of a grant.
func (m *matcher) scopes(key string, value func(string) string, pointer string, is func(any) bool, there bool) []sign {
	if key == "" || pointer != scopePointer {
		return nil
	}
	var signs []sign
	for _, n := range m.knots[key] {
		if !n.means(value) {
			continue
		}
		m.use(n.entry)
		s := sign{entry: n.entry, job: n.row.Job, loose: n.loose, says: touches}
		if n.valued {
			was, now := has(fieldsOf(n.was), is), has(fieldsOf(n.value), is)
			s.says = none
			if was != now {
				s.says = says(now == there)
			}
		}
		signs = append(signs, s)
	}
	return signs
}

func fieldsOf(v any) []any {
	s, _ := v.(string)
	var fields []any
	for _, field := range strings.Fields(s) {
		fields = append(fields, field)
	}
	return fields
}

// itemName is what an element of a set is told from the others by.
func itemName(place diff.Place, item any) string {
	if _, isObject := item.(map[string]any); isObject && place.Shape != nil && diff.IsKeyed(place.Shape, place.Path) {
		if key, ok := diff.ElementKey(place.Shape, place.Path, item); ok {
			return key
		}
	}
	if s, ok := item.(string); ok {
		return s
	}
	return asJSON(item)
}

// bare is an id without what Graph puts before it and the log does not.
func bare(place diff.Place, name string) string {
	if place.Shape == nil {
		return name
	}
	for _, r := range place.Shape.References {
		if r.Path != place.Path {
			continue
		}
		for _, prefix := range r.Prefixes {
			if len(name) > len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
				return name[len(prefix):]
			}
		}
	}
	return name
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// alike reports whether a value of the log is that of a property. The log writes one value as a
// list, truth as words, times with another zone, and does not agree with Graph on the case of ids
// and of words.
func alike(told, actual any) bool {
	if list, ok := actual.([]any); ok {
		others := elementsOf(told)
		if len(others) != len(list) {
			return false
		}
		for i := range list {
			if !alike(others[i], list[i]) {
				return false
			}
		}
		return true
	}
	told = sole(told)
	switch actual := actual.(type) {
	case nil:
		return !filled(told)
	case map[string]any:
		return strings.EqualFold(asJSON(told), asJSON(actual))
	case string:
		s, ok := told.(string)
		if !ok {
			return told != nil && asJSON(told) == actual
		}
		return s == actual || isCode(s) && strings.EqualFold(s, actual) || sameTime(s, actual)
	case bool:
		s, ok := told.(string)
		return told == actual || ok && strings.EqualFold(s, fmt.Sprint(actual))
	}
	s, ok := told.(string)
	return asJSON(told) == asJSON(actual) || ok && s == asJSON(actual)
}

// isCode reports whether a text is an id or a word of an enumeration: one word, with a digit or
// capital letter within, as names of people have none.
func isCode(s string) bool {
	return len(s) == 36 && strings.Count(s, "-") == 4 || s != "" && isWord(s) && strings.ToLower(s[1:]) != s[1:]
}

func sameTime(a, b string) bool {
	ta, err := time.Parse(time.RFC3339Nano, a)
	if err != nil {
		return false
	}
	tb, err := time.Parse(time.RFC3339Nano, b)
	return err == nil && ta.Equal(tb)
}
