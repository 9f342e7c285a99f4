package reconcile

import (
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// patches returns the requests that write the named properties of a body from live
// to target: one, or two where elements must be disabled before they go. Paths are
// left to the caller.
func patches(s *kind.Shape, names []string, live, target map[string]any) []entra.Request {
	var requests []entra.Request
	if disabled := disable(s, names, live, target); disabled != nil {
		requests = append(requests, patch(s, slices.Sorted(maps.Keys(disabled)), live, disabled))
		live = copied(live)
		maps.Copy(live, disabled)
	}
	return append(requests, patch(s, names, live, target))
}

func patch(s *kind.Shape, names []string, live, target map[string]any) entra.Request {
	body := map[string]any{}
	for _, name := range names {
		body[name] = top(s, name, live[name], target[name])
	}
	if s.Polymorphic && live[typeProperty] != nil {
		body[typeProperty] = live[typeProperty]
	}
	return entra.Request{Method: "PATCH", Body: encode(body)}
}

// whole is a body of every property that can be written or given at creation.
func whole(s *kind.Shape, live, planned map[string]any) map[string]any {
	body := map[string]any{}
	for _, name := range slices.Concat(s.Update, s.Create) {
		if live[name] != nil || planned[name] != nil {
			body[name] = top(s, name, live[name], planned[name])
		}
	}
	if s.Polymorphic && live[typeProperty] != nil {
		body[typeProperty] = live[typeProperty]
	}
	return body
}

// actionBody is the body of an action.
func actionBody(s *kind.Shape, w write, live, planned map[string]any) map[string]any {
	var body map[string]any
	switch {
	case w.action.Add != "":
		return changeBody(s, w, live, planned)
	case w.action.Whole:
		body = whole(s, live, planned)
	default:
		body = map[string]any{}
		for _, name := range w.names {
			body[name] = wire(live[name], planned[name])
		}
	}
	if w.action.Wrap != "" {
		body = map[string]any{w.action.Wrap: body}
	}
	return body
}

// changeBody is the body of an action that says what to change in a set: the elements
// that are new or differ, and the keys of those that go.
func changeBody(s *kind.Shape, w write, live, planned map[string]any) map[string]any {
	name := w.names[0]
	index := func(v any) map[string]any {
		all := map[string]any{}
		list, _ := v.([]any)
		for _, e := range list {
			if key, ok := diff.ElementKey(s, name, e); ok {
				all[key] = e
			}
		}
		return all
	}
	before, after := index(live[name]), index(planned[name])
	add, remove := []any{}, []any{}
	for _, key := range keys(before, after) {
		if after[key] == nil {
			remove = append(remove, key)
		} else if !diff.Equal(s, name+"[]", before[key], after[key]) {
			add = append(add, wire(before[key], after[key]))
		}
	}
	return map[string]any{w.action.Add: add, w.action.Remove: remove}
}

// top is a top-level property as it is sent.
func top(s *kind.Shape, name string, live, target any) any {
	if _, ok := live.(map[string]any); ok && target == nil && slices.Contains(s.ClearByParts, name) {
		target = map[string]any{}
	}
	return wire(live, target)
}

// wire is a value as it is sent. What live has and target has not is cleared by
// name: a list by an empty one, anything else by null.
func wire(live, target any) any {
	switch t := target.(type) {
	case nil:
		if _, ok := live.([]any); ok {
			return []any{}
		}
		return nil
	case map[string]any:
		l, _ := live.(map[string]any)
		body := make(map[string]any, len(t))
		for name, v := range t {
			body[name] = wire(l[name], v)
		}
		if l[typeProperty] != t[typeProperty] {
			return body // another type replaces the value and may not have these properties
		}
		for name, v := range l {
			if _, both := t[name]; !both && !strings.Contains(name, "@") {
				body[name] = wire(v, nil)
			}
		}
		return body
	default:
		return target // the elements of a list are replaced whole
	}
}

// disable returns the live values of those properties that hold an enabled element
// which target removes or changes and Graph wants disabled first, with these elements
// disabled. It returns nil when there is none.
func disable(s *kind.Shape, names []string, live, target map[string]any) map[string]any {
	var disabled map[string]any
	for _, p := range s.DisableFirst {
		tokens := strings.Split(p, ".")
		if !slices.Contains(names, tokens[0]) {
			continue
		}
		before, _ := getAt(live, tokens).([]any)
		after, _ := getAt(target, tokens).([]any)
		elements, found := disableElements(s, p, before, after)
		if !found {
			continue
		}
		if disabled == nil {
			disabled = map[string]any{}
		}
		from := live[tokens[0]]
		if d, ok := disabled[tokens[0]]; ok {
			from = d
		}
		disabled[tokens[0]] = setAt(from, tokens[1:], elements)
	}
	return disabled
}

// enabledProperty is the switch of an element that must be off before it goes.
const enabledProperty = "isEnabled"

func disableElements(s *kind.Shape, path string, before, after []any) (elements []any, found bool) {
	kept := map[string]any{}
	for _, e := range after {
		if key, ok := diff.ElementKey(s, path, e); ok {
			kept[key] = off(e)
		}
	}
	for _, e := range before {
		key, ok := diff.ElementKey(s, path, e)
		m, _ := e.(map[string]any)
		if ok && m[enabledProperty] == true && !diff.Equal(s, path+"[]", off(e), kept[key]) {
			elements, found = append(elements, off(e)), true
		} else {
			elements = append(elements, e)
		}
	}
	return elements, found
}

// off is an element, disabled.
func off(element any) any {
	m, ok := element.(map[string]any)
	if !ok {
		return element
	}
	m = maps.Clone(m)
	m[enabledProperty] = false
	return m
}

// getAt follows names into nested objects.
func getAt(m map[string]any, names []string) any {
	var v any = m
	for _, name := range names {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

// setAt returns a copy of v with the value at names replaced.
func setAt(v any, names []string, value any) any {
	if len(names) == 0 {
		return value
	}
	m, _ := v.(map[string]any)
	m = copied(m)
	set(m, names[0], setAt(m[names[0]], names[1:], value))
	return m
}

// copied is a copy that can be written to.
func copied[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

// set stores a value where absent means null or empty.
func set(m map[string]any, name string, v any) {
	if empty(v) {
		delete(m, name)
		return
	}
	m[name] = v
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
