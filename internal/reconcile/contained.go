package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// contained plans the writes of contained objects, each element by itself.
func (d *draft) contained(changes []entra.PropertyChange) {
	type element struct{ collection, key string }
	grouped := map[element][]entra.PropertyChange{}
	var elements []element
	for _, c := range changes {
		tokens := jsonpointer.Split(c.Pointer)
		if len(tokens) == 2 {
			d.refuse(c.Pointer, "its elements cannot be told apart by "+strings.Join(d.collection(tokens[1]).Key, " and "), "")
			continue
		}
		e := element{tokens[1], tokens[2]}
		if grouped[e] == nil {
			elements = append(elements, e)
		}
		grouped[e] = append(grouped[e], c)
	}
	for _, e := range elements {
		c := d.collection(e.collection)
		if l := d.lock(entra.SectionContained, c.Name, d.planned); l != nil {
			d.refuse(jsonpointer.Join(entra.SectionContained, c.Name, e.key), l.Reason, l.Hint)
			continue
		}
		d.element(c, e.key, grouped[e])
	}
}

func (d *draft) collection(name string) *kind.Contained {
	i := slices.IndexFunc(d.kind.Contained, func(c kind.Contained) bool { return c.Name == name })
	return &d.kind.Contained[i] // diff only reports collections of the kind
}

// element plans creating, updating or deleting one element.
func (d *draft) element(c *kind.Contained, key string, changes []entra.PropertyChange) {
	at := jsonpointer.Join(entra.SectionContained, c.Name, key)
	live, _ := diff.ContainedByKey(c, d.live.Contained[c.Name])
	want, _ := diff.ContainedByKey(c, d.target.Contained[c.Name])
	before, after := live[key], want[key]
	if c.UpdateOnly && (before == nil || after == nil) {
		d.refuse(at, "it comes with the tenant and can neither be created nor deleted", "")
		return
	}
	id := d.live.IDs[c.Name][key]
	if slices.Contains(c.Key, "id") {
		id = key
	}
	if before != nil && id == "" && !c.Single {
		d.refuse(at, "its id was not read", "")
		return
	}
	switch {
	case before == nil:
		d.createElement(c, at, key, after, changes)
	case after == nil:
		d.deleteElement(c, at, key, id, before, changes)
	default:
		d.updateElement(c, at, key, id, before, after, changes)
	}
}

func (d *draft) deleteElement(c *kind.Contained, at, key, id string, element map[string]any, changes []entra.PropertyChange) {
	if c.NoDelete {
		d.refuse(at, "Graph does not let it be removed", "")
		return
	}
	request := entra.Request{Method: "DELETE", Path: elementAt(d.kind, c, d.in.Tenant, d.id(), id)}
	if r := c.Requests; r != nil && r.Remove == "" {
		d.refuse(at, "Graph takes no request to remove it", "")
		return
	} else if r != nil {
		request = d.ask(r, r.Remove, map[string]any{"id": id}, d.id())
	}
	s := d.step(entra.ActionDeleteContained, c.Name, key, request)
	s.Properties = changes
	d.early[s.ID] = d.inTheWay(c, element)
}

// inTheWay reports whether an element that goes has the unique values of one that the
// collection will hold.
func (d *draft) inTheWay(c *kind.Contained, element map[string]any) bool {
	values, ok := kind.ElementKey(element, c.Unique)
	return ok && slices.ContainsFunc(d.target.Contained[c.Name], func(e map[string]any) bool {
		other, ok := kind.ElementKey(e, c.Unique)
		return ok && other == values
	})
}

func (d *draft) createElement(c *kind.Contained, at, key string, element map[string]any, changes []entra.PropertyChange) {
	body := map[string]any{}
	for name, v := range element {
		if c.Restorable(name) || name == typeProperty || name == "id" && !c.DerivedID {
			body[name] = v
		}
	}
	incoming, missing := d.resolve(&c.Shape, "", body)
	if len(missing) > 0 {
		d.refuse(at, missing[0].String(), "restore what it refers to first")
		return
	}
	if c.CreatePrefix != "" {
		name, _ := body[c.Key[0]].(string)
		short, ok := strings.CutPrefix(name, d.prefix(c.CreatePrefix))
		if !ok {
			d.refuse(at, fmt.Sprintf("its %s does not start with %s, which Graph would put there", c.Key[0], d.prefix(c.CreatePrefix)), "")
			return
		}
		body[c.Key[0]] = short
	}
	request := entra.Request{Method: "POST", Path: elements(d.kind, c, d.in.Tenant, d.id()), Body: encode(body)}
	switch r := c.Requests; {
	case r != nil && r.Create == "":
		d.refuse(at, "Graph takes no request to add it", "")
		return
	case r != nil:
		request = d.ask(r, r.Create, pick(body, r.Send), d.id())
	case c.Single && c.Put:
		request.Method = "PUT"
	}
	s := d.step(entra.ActionCreateContained, c.Name, key, request)
	s.Properties = changes
	for _, k := range incoming {
		d.need(s, k)
	}
}

func (d *draft) updateElement(c *kind.Contained, at, key, id string, before, after map[string]any, changes []entra.PropertyChange) {
	names, kept, ok := d.changedOfElement(c, at, before, after, changes)
	if !ok || len(names) == 0 {
		return
	}
	planned := copied(before)
	for _, name := range names {
		set(planned, name, after[name])
	}
	sent := pick(planned, names)
	requests := patches(&c.Shape, names, before, planned)
	if c.Put {
		sent = planned
		requests = []entra.Request{{Method: "PUT", Body: encode(whole(&c.Shape, before, planned))}}
	}
	for i := range requests {
		requests[i].Path = elementAt(d.kind, c, d.in.Tenant, d.id(), id)
	}
	incoming, missing := d.resolve(&c.Shape, "", sent)
	if len(missing) > 0 {
		d.refuse(at, missing[0].String(), "restore or replace what it refers to first; the lists are not shortened")
		return
	}
	s := d.step(entra.ActionUpdateContained, c.Name, key, requests...)
	s.Properties = kept
	for _, k := range incoming {
		d.need(s, k)
	}
}

// changedOfElement names the properties of an element that are to be written, with
// their changes. It reports false when the element is refused as a whole.
func (d *draft) changedOfElement(c *kind.Contained, at string, before, after map[string]any, changes []entra.PropertyChange) (names []string, kept []entra.PropertyChange, ok bool) {
	for _, change := range changes {
		name := jsonpointer.Split(change.Pointer)[3]
		switch {
		case name == typeProperty:
			d.refuse(at, fmt.Sprintf("it is a %v now and was a %v, which cannot be written", before[name], after[name]), "")
			return nil, nil, false
		case !slices.Contains(c.Update, name):
			d.refuse(change.Pointer, "it can only be given when the element is created", "delete the element, then reconcile to have it created again")
			continue
		case !slices.Contains(names, name):
			names = append(names, name)
		}
		kept = append(kept, change)
	}
	return names, kept, true
}

// prefix fills in what Graph puts before the name of a created element: properties of
// the owner in braces, without their hyphens.
func (d *draft) prefix(template string) string {
	before, rest, ok := strings.Cut(template, "{")
	if !ok {
		return template
	}
	property, after, _ := strings.Cut(rest, "}")
	v, ok := d.live.Status[property]
	if !ok {
		v = d.live.Spec[property]
	}
	s, _ := v.(string)
	return before + strings.ReplaceAll(s, "-", "") + after
}
