package apply

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// typeProperty is the type of a polymorphic body.
const typeProperty = "@odata.type"

// patches returns the requests that write the named properties of a body from live
// to planned: one, or two where elements must be disabled before they go. Paths are
// left to the caller.
func patches(s *kind.Shape, names []string, live, planned map[string]any) []entra.Request {
	requests := streams(s, names, planned)
	if names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return s.Streams[name] != "" }); len(names) == 0 {
		return requests
	}
	if disabled := disable(s, names, live, planned); disabled != nil {
		requests = append(requests, patch(s, slices.Sorted(maps.Keys(disabled)), live, disabled))
		live = maps.Clone(live)
		maps.Copy(live, disabled)
	}
	return append(requests, patch(s, names, live, planned))
}

func patch(s *kind.Shape, names []string, live, planned map[string]any) entra.Request {
	body := map[string]any{}
	for _, name := range names {
		body[name] = top(s, name, live[name], planned[name])
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
	return body
}

// actionBody is the body of an action.
func actionBody(s *kind.Shape, w plan.Write, live, planned map[string]any) map[string]any {
	var body map[string]any
	switch {
	case w.Action.Add != "":
		return changeBody(s, w, live, planned)
	case w.Action.Whole:
		body = whole(s, live, planned)
	default:
		body = map[string]any{}
		for _, name := range w.Names {
			body[name] = wire(live[name], planned[name])
		}
	}
	if w.Action.Wrap != "" {
		body = map[string]any{w.Action.Wrap: body}
	}
	return body
}

// changeBody is the body of an action that says what to change in a set: the elements
// that are new or differ, and the keys of those that go.
func changeBody(s *kind.Shape, w plan.Write, live, planned map[string]any) map[string]any {
	name := w.Names[0]
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
	for _, key := range sortedKeys(before, after) {
		if after[key] == nil {
			remove = append(remove, key)
		} else if !diff.Equal(s, name+"[]", before[key], after[key]) {
			add = append(add, wire(before[key], after[key]))
		}
	}
	return map[string]any{w.Action.Add: add, w.Action.Remove: remove}
}

// sortedKeys are the keys of both maps.
func sortedKeys(a, b map[string]any) []string {
	all := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(all)
	return slices.Compact(all)
}

// top is a top-level property as it is sent.
func top(s *kind.Shape, name string, live, planned any) any {
	if form, ok := s.Typed[name]; ok {
		return typed(form, plan.Typed(s, name, live, planned), live)
	}
	if saysNothing(s, name, planned) && live != "" {
		return nil
	}
	if _, ok := live.(map[string]any); ok && planned == nil && slices.Contains(s.ClearByParts, name) {
		planned = map[string]any{}
	}
	return wire(live, planned)
}

// saysNothing reports whether a property is an empty text, for which null means the same. No
// page says that Graph takes the text; a set in a text is sent as it is.
func saysNothing(s *kind.Shape, name string, v any) bool {
	_, set := s.Strings[name]
	return v == "" && !set
}

// wire is a value as it is sent. What live has and planned has not is cleared by
// name: a list by an empty one, anything else by null.
func wire(live, planned any) any {
	switch t := planned.(type) {
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
		return planned // the elements of a list are replaced whole
	}
}

// disable returns the live values of those properties that hold an enabled element
// which planned removes or changes and Graph wants disabled first, with these elements
// disabled. It returns nil when there is none. A property holds one such list at most.
func disable(s *kind.Shape, names []string, live, planned map[string]any) map[string]any {
	var disabled map[string]any
	for _, p := range s.DisableFirst {
		tokens := strings.Split(p, ".")
		if !slices.Contains(names, tokens[0]) {
			continue
		}
		before, _ := jsonpointer.Get(live, tokens...).([]any)
		after, _ := jsonpointer.Get(planned, tokens...).([]any)
		elements, found := disableElements(s, p, before, after)
		if !found {
			continue
		}
		if disabled == nil {
			disabled = map[string]any{}
		}
		disabled[tokens[0]] = jsonpointer.Set(live[tokens[0]], tokens[1:], elements)
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

// encode writes a body. Values come from JSON, so it cannot fail.
func encode[V any](body map[string]V) json.RawMessage {
	b, err := json.Marshal(body)
	if err != nil {
		panic("apply: encode body: " + err.Error())
	}
	return b
}
