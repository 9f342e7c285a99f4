package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// typeProperty selects the type of a polymorphic body.
const typeProperty = "@odata.type"

// properties plans the writes of differing properties: one step for all of them, and
// one for each that Graph only takes alone.
func (d *objectPlan) properties(changes []entra.PropertyChange) {
	d.planned = d.live
	byName := map[string][]entra.PropertyChange{}
	for _, c := range changes {
		name := jsonpointer.Split(c.Pointer)[1]
		byName[name] = append(byName[name], c)
	}
	if _, ok := byName[typeProperty]; ok {
		d.refuse("", fmt.Sprintf("it is a %v now and was a %v, which cannot be written", d.live.Spec[typeProperty], d.desired.Spec[typeProperty]), "")
		return
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if d.deleted && d.live.Spec[name] == nil && !d.kind.Updatable(name) {
			continue // a deleted item does not show everything; this one comes back as it was
		}
		if reason, hint, ok := d.writable(name); !ok {
			d.refuse(jsonpointer.Join(entra.SectionSpec, name), reason, hint)
		} else {
			names = append(names, name)
		}
	}
	planned := *d.live
	planned.Spec = copied(d.live.Spec)
	d.planned = &planned
	for _, w := range Writes(&d.kind.Shape, names) {
		d.update(w, byName)
	}
}

// Write is a set of properties that one request writes.
type Write struct {
	Names  []string
	Action *kind.Action // nil: a plain update
	// element tells the step apart from the plain update of the object.
	element string
}

// Writes splits properties into those that can be written together, those that are
// written by an action, and those that Graph only takes alone.
func Writes(s *kind.Shape, names []string) []Write {
	var together, alone, actions []Write
	for i := range s.Actions {
		a := &s.Actions[i]
		w := Write{element: a.Name, Action: a}
		for _, name := range names {
			if slices.Contains(a.Properties, name) {
				w.Names = append(w.Names, name)
			}
		}
		if len(w.Names) > 0 && a.Whole {
			return []Write{{element: a.Name, Names: names, Action: a}}
		}
		if len(w.Names) > 0 {
			actions = append(actions, w)
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(w.Names, name) })
		}
	}
	var rest []string
	for _, name := range names {
		if slices.Contains(s.OwnRequest, name) || s.Streams[name] != "" {
			alone = append(alone, Write{element: name, Names: []string{name}})
		} else {
			rest = append(rest, name)
		}
	}
	if len(rest) > 0 {
		together = []Write{{Names: rest}}
	}
	return slices.Concat(together, alone, actions)
}

// writable reports whether a top-level property may be written, and otherwise why
// not.
func (d *objectPlan) writable(name string) (reason, hint string, ok bool) {
	if !d.kind.Updatable(name) {
		return "it can only be given when the object is created", "", false
	}
	if l := d.lock(entra.SectionSpec, name, d.live); l != nil {
		return l.Reason, l.Hint, false
	}
	if o := d.opposed[d.key]; o.property == name {
		return o.reason, o.hint, false
	}
	if final, ok := d.kind.OneWay[name]; ok && d.live.Spec[name] == final {
		return fmt.Sprintf("Graph does not let it be changed once it is %v", final), "", false
	}
	if end, past := d.in.over(d.kind, d.desired); past && strings.HasPrefix(d.kind.Term, name+".") {
		return wasUntil(end), "what the tenant has now is left as it is", false
	}
	if c, taken := d.taken(name); taken {
		return c.String(), c.hint(), false
	}
	if d.desired.Spec[name] == nil && slices.Contains(d.kind.NotClearable, name) {
		return "the snapshot has no value for it, and Graph lets it be changed but not cleared", "", false
	}
	return "", "", true
}

// update plans one write. A property that refers to something that does not exist is
// refused whole, and the others are written: no list is shortened.
func (d *objectPlan) update(w Write, changes map[string][]entra.PropertyChange) {
	w.Names = slices.DeleteFunc(slices.Clone(w.Names), func(name string) bool {
		_, missing := d.resolve(&d.kind.Shape, name, d.sent(name))
		if len(missing) > 0 {
			d.refuseDangling(jsonpointer.Join(entra.SectionSpec, name), missing[0], restoreFirst)
		}
		return len(missing) > 0
	})
	if len(w.Names) == 0 {
		return
	}
	sent := map[string]any{}
	for _, name := range w.Names {
		set(d.planned.Spec, name, d.desired.Spec[name])
		sent[name] = d.sent(name)
	}
	if d.kind.Put || d.kind.Requests != nil || w.Action != nil && w.Action.Whole {
		sent = d.planned.Spec
	}
	incoming, ok := d.resolveBody(&d.kind.Shape, sent)
	if !ok {
		return
	}
	if d.kind.Requests != nil && d.kind.Requests.Update == "" {
		d.refuse("", "Graph takes no request to change one", "")
		return
	}
	s := d.step(entra.ActionUpdate, "", w.element)
	for _, name := range w.Names {
		s.Properties = append(s.Properties, changes[name]...)
	}
	for _, key := range incoming {
		d.need(s, key)
	}
}

// restoreFirst is what a person can do about a reference that leads nowhere.
const restoreFirst = "restore or replace what it refers to first; the lists are not shortened"
