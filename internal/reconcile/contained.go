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

// contained plans the writes of contained objects, each element by itself.
func (d *draft) contained(changes []entra.PropertyChange) {
	type element struct{ collection, key string }
	grouped := map[element][]entra.PropertyChange{}
	var elements []element
	for _, c := range changes {
		tokens := diff.Tokens(c.Pointer)
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
			d.refuse(diff.Pointer(entra.SectionContained, c.Name, e.key), l.Reason, l.Hint)
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
	at := diff.Pointer(entra.SectionContained, c.Name, key)
	live, _ := diff.ContainedByKey(c, d.live.Contained[c.Name])
	want, _ := diff.ContainedByKey(c, d.target.Contained[c.Name])
	before, after := live[key], want[key]
	if c.Fixed && (before == nil || after == nil) {
		d.refuse(at, "it comes with the tenant and can neither be created nor deleted", "")
		return
	}
	id := d.live.IDs[c.Name][key]
	if slices.Contains(c.Key, "id") {
		id = key
	}
	if before != nil && id == "" {
		d.refuse(at, "its id was not read", "")
		return
	}
	switch {
	case before == nil:
		d.create(c, at, key, after, changes)
	case after == nil:
		s := d.step(entra.ActionDeleteContained, c.Name, key, entra.Request{Method: "DELETE", Path: path(d.kind, d.key.ID, c.Name, id)})
		s.Properties = changes
	default:
		d.updateElement(c, at, key, id, before, after, changes)
	}
}

func (d *draft) create(c *kind.Contained, at, key string, element map[string]any, changes []entra.PropertyChange) {
	restored, missing := d.resolve(&c.Shape, "", element)
	if len(missing) > 0 {
		d.refuse(at, missing[0].String(), "restore what it refers to first")
		return
	}
	body := maps.Clone(element)
	if c.CreatePrefix != "" {
		name, _ := body[c.Key[0]].(string)
		short, ok := strings.CutPrefix(name, d.prefix(c.CreatePrefix))
		if !ok {
			d.refuse(at, fmt.Sprintf("its %s does not start with %s, which Graph would put there", c.Key[0], d.prefix(c.CreatePrefix)), "")
			return
		}
		body[c.Key[0]] = short
	}
	s := d.step(entra.ActionCreateContained, c.Name, key, entra.Request{Method: "POST", Path: path(d.kind, d.key.ID, c.Name), Body: encode(body)})
	s.Properties = changes
	for _, k := range restored {
		need(s, k)
	}
}

func (d *draft) updateElement(c *kind.Contained, at, key, id string, before, after map[string]any, changes []entra.PropertyChange) {
	var names []string
	var kept []entra.PropertyChange
	for _, change := range changes {
		name := diff.Tokens(change.Pointer)[3]
		switch {
		case name == typeProperty:
			d.refuse(at, fmt.Sprintf("it is a %v now and was a %v, which cannot be written", before[name], after[name]), "")
			return
		case !slices.Contains(c.Update, name):
			d.refuse(change.Pointer, "it can only be given when the element is created", "delete the element, then reconcile to have it created again")
			continue
		case !slices.Contains(names, name):
			names = append(names, name)
		}
		kept = append(kept, change)
	}
	if len(names) == 0 {
		return
	}
	var needs []entra.Key
	for _, name := range names {
		restored, missing := d.resolve(&c.Shape, name, after[name])
		if len(missing) > 0 {
			d.refuse(at, missing[0].String(), "restore or replace what it refers to first; the lists are not shortened")
			return
		}
		needs = append(needs, restored...)
	}
	requests := patches(&c.Shape, names, before, after)
	for i := range requests {
		requests[i].Path = path(d.kind, d.key.ID, c.Name, id)
	}
	s := d.step(entra.ActionUpdateContained, c.Name, key, requests...)
	s.Properties = kept
	for _, k := range needs {
		need(s, k)
	}
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
