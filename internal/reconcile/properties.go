package reconcile

import (
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
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
		name := jsonpointer.Split(c.Pointer)[1]
		byName[name] = append(byName[name], c)
	}
	if _, ok := byName[typeProperty]; ok {
		d.refuse("", fmt.Sprintf("it is a %v now and was a %v, which cannot be written", d.live.Spec[typeProperty], d.target.Spec[typeProperty]), "")
		return
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if d.deleted && d.live.Spec[name] == nil && !slices.Contains(d.kind.Update, name) {
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
	for _, w := range writes(&d.kind.Shape, names) {
		d.update(w, byName)
	}
}

// write is what one step writes.
type write struct {
	element string // tells the step apart from the plain update of the object
	names   []string
	action  *kind.Action // nil: a plain update
}

// writes splits properties into those that can be written together, those that are
// written by an action, and those that Graph only takes alone.
func writes(s *kind.Shape, names []string) []write {
	var together, alone, actions []write
	for i := range s.Actions {
		a := &s.Actions[i]
		w := write{element: a.Name, action: a}
		for _, name := range names {
			if slices.Contains(a.Properties, name) {
				w.names = append(w.names, name)
			}
		}
		if len(w.names) > 0 && a.Whole {
			return []write{{element: a.Name, names: names, action: a}}
		}
		if len(w.names) > 0 {
			actions = append(actions, w)
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(w.names, name) })
		}
	}
	var rest []string
	for _, name := range names {
		if slices.Contains(s.OwnRequest, name) {
			alone = append(alone, write{element: name, names: []string{name}})
		} else {
			rest = append(rest, name)
		}
	}
	if len(rest) > 0 {
		together = []write{{names: rest}}
	}
	return slices.Concat(together, alone, actions)
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
	if final, ok := d.kind.OneWay[name]; ok && d.live.Spec[name] == final {
		return fmt.Sprintf("Graph does not let it be changed once it is %v", final), "", false
	}
	if d.target.Spec[name] == nil && slices.Contains(d.kind.NotClearable, name) {
		return "the snapshot has no value for it, and Graph lets it be changed but not cleared", "", false
	}
	return "", "", true
}

// update plans one write.
func (d *draft) update(w write, changes map[string][]entra.PropertyChange) {
	for _, name := range w.names {
		if id := d.exposed(changes[name]); id != "" {
			d.refuse("", "it would no longer exempt the break-glass account "+id, "keep break-glass accounts excluded")
			return
		}
		set(d.planned.Spec, name, d.target.Spec[name])
	}
	sent := pick(d.planned.Spec, w.names)
	if d.kind.Put || w.action != nil && w.action.Whole {
		sent = d.planned.Spec
	}
	incoming, ok := d.resolveBody(&d.kind.Shape, sent)
	if !ok {
		return
	}
	requests := d.requests(w)
	if d.refused {
		return
	}
	s := d.step(entra.ActionUpdate, "", w.element, requests...)
	for _, name := range w.names {
		s.Properties = append(s.Properties, changes[name]...)
	}
	for _, key := range incoming {
		d.need(s, key)
	}
}

// requests are those of one write.
func (d *draft) requests(w write) []entra.Request {
	s := &d.kind.Shape
	live, planned := d.live.Spec, d.planned.Spec
	switch r := d.kind.Requests; {
	case r != nil && r.Update == "":
		d.refuse("", "Graph takes no request to change one", "")
		return nil
	case r != nil:
		return []entra.Request{d.ask(r, r.Update, pick(planned, r.Send), "")}
	case w.action != nil:
		return []entra.Request{{Method: "POST", Path: d.at(w.action.Name), Body: encode(actionBody(s, w, live, planned))}}
	case d.kind.Put:
		return []entra.Request{{Method: "PUT", Path: d.at(), Body: encode(whole(s, live, planned))}}
	}
	requests := patches(s, w.names, live, planned)
	for i := range requests {
		requests[i].Path = d.at()
	}
	return requests
}

// exposed returns a break-glass account that the changes take off a list of those
// the object spares.
func (d *draft) exposed(changes []entra.PropertyChange) string {
	for _, c := range changes {
		place, ok := diff.Locate(d.kind, c.Pointer)
		if !ok || !slices.Contains(d.kind.Exclusions, place.Path) {
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
