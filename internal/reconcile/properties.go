package reconcile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// typeProperty selects the type of a polymorphic body.
const typeProperty = "@odata.type"

// properties plans the writes of differing properties: one step for all of them, and
// one for each that Graph only takes alone.
func (d *draft) properties(changes []entra.PropertyChange) {
	d.planned = d.live
	byName := map[string][]entra.PropertyChange{}
	for _, c := range changes {
		name := diff.Tokens(c.Pointer)[1]
		byName[name] = append(byName[name], c)
	}
	if _, ok := byName[typeProperty]; ok {
		d.refuse("", fmt.Sprintf("it is a %v now and was a %v, which cannot be written", d.live.Spec[typeProperty], d.target.Spec[typeProperty]), "")
		return
	}
	var together []string
	var alone [][]string
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if d.deleted && d.live.Spec[name] == nil && !slices.Contains(d.kind.Update, name) {
			continue // a deleted item does not show everything; this one comes back as it was
		}
		if reason, hint, ok := d.writable(name); !ok {
			d.refuse(diff.Pointer(entra.SectionSpec, name), reason, hint)
		} else if slices.Contains(d.kind.Alone, name) {
			alone = append(alone, []string{name})
		} else {
			together = append(together, name)
		}
	}
	groups := alone
	if len(together) > 0 {
		groups = append([][]string{together}, alone...)
	}
	planned := *d.live
	planned.Spec = copied(d.live.Spec)
	d.planned = &planned
	for i, names := range groups {
		element := ""
		if i > 0 || len(together) == 0 {
			element = names[0]
		}
		d.update(element, names, byName)
	}
}

// writable reports whether a top-level property may be written, and otherwise why
// not.
func (d *draft) writable(name string) (reason, hint string, ok bool) {
	if !slices.Contains(d.kind.Update, name) {
		return "it can only be given when the object is created", "", false
	}
	if l := d.lock(entra.SectionSpec, name, d.live); l != nil {
		return l.Reason, l.Hint, false
	}
	if d.target.Spec[name] == nil && slices.Contains(d.kind.Sticky, name) {
		return "the snapshot has no value for it, and Graph lets it be changed but not cleared", "", false
	}
	return "", "", true
}

// update plans one write of the named properties.
func (d *draft) update(element string, names []string, changes map[string][]entra.PropertyChange) {
	var restored []entra.Key
	for _, name := range names {
		keys, missing := d.resolve(&d.kind.Shape, name, d.target.Spec[name])
		if len(missing) > 0 {
			d.refuse("", missing[0].String(), "restore or replace what it refers to first; the lists are not shortened")
			return
		}
		if id := d.exposed(changes[name]); id != "" {
			d.refuse("", "it would no longer exempt the break-glass account "+id, "keep break-glass accounts excluded")
			return
		}
		restored = append(restored, keys...)
		set(d.planned.Spec, name, d.target.Spec[name])
	}
	requests := patches(&d.kind.Shape, names, d.live.Spec, d.target.Spec)
	for i := range requests {
		requests[i].Path = path(d.kind, d.key.ID)
	}
	s := d.step(entra.ActionUpdate, "", element, requests...)
	for _, name := range names {
		s.Properties = append(s.Properties, changes[name]...)
	}
	for _, key := range restored {
		need(s, key)
	}
}

// exposed returns a break-glass account that the changes take off a list of those
// the object spares.
func (d *draft) exposed(changes []entra.PropertyChange) string {
	for _, c := range changes {
		place, ok := diff.Locate(d.kind, c.Pointer)
		if !ok || !slices.Contains(d.kind.Spares, place.Path) {
			continue
		}
		for _, item := range c.RemovedItems {
			if id, _ := item.(string); slices.Contains(d.in.BreakGlass, id) {
				return id
			}
		}
	}
	return ""
}

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
		body[name] = wire(live[name], target[name])
	}
	if s.Polymorphic && live[typeProperty] != nil {
		body[typeProperty] = live[typeProperty]
	}
	return entra.Request{Method: "PATCH", Body: encode(body)}
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
		before, _ := dig(live, tokens).([]any)
		after, _ := dig(target, tokens).([]any)
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
		disabled[tokens[0]] = bury(from, tokens[1:], elements)
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

// dig follows names into nested objects.
func dig(m map[string]any, names []string) any {
	var v any = m
	for _, name := range names {
		o, _ := v.(map[string]any)
		v = o[name]
	}
	return v
}

// bury returns a copy of v with the value at names replaced.
func bury(v any, names []string, value any) any {
	if len(names) == 0 {
		return value
	}
	m, _ := v.(map[string]any)
	m = copied(m)
	set(m, names[0], bury(m[names[0]], names[1:], value))
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
