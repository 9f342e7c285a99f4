package plan

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
func (d *objectPlan) contained(changes []entra.PropertyChange) {
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
	d.replaceFirst()
}

func (d *objectPlan) collection(name string) *kind.Contained {
	i := slices.IndexFunc(d.kind.Contained, func(c kind.Contained) bool { return c.Name == name })
	return &d.kind.Contained[i] // diff only reports collections of the kind
}

// element plans creating, updating or deleting one element.
func (d *objectPlan) element(c *kind.Contained, key string, changes []entra.PropertyChange) {
	at := jsonpointer.Join(entra.SectionContained, c.Name, key)
	live, _ := diff.ContainedByKey(c, d.live.Contained[c.Name])
	want, _ := diff.ContainedByKey(c, d.desired.Contained[c.Name])
	before, after := live[key], want[key]
	if c.UpdateOnly && before == nil && d.arrival == entra.ActionCreate {
		return // it comes with the object; the read-back says how
	}
	if c.UpdateOnly && (before == nil || after == nil) {
		d.refuse(at, "it comes with what it is part of and can neither be created nor deleted", "")
		return
	}
	if _, ok := ElementID(c, d.live, key); before != nil && !ok {
		d.refuse(at, "its id was not read", "")
		return
	}
	switch {
	case before == nil:
		d.createElement(c, at, key, after, changes)
	case after == nil:
		d.deleteElement(c, at, key, changes)
	default:
		d.updateElement(c, at, key, before, after, changes)
	}
}

// ElementID is the id by which Graph knows a contained element of the object as it was
// read, by the element's key. A single element needs none. It reports false where the id
// was not read.
func ElementID(c *kind.Contained, o *entra.Object, key string) (string, bool) {
	switch {
	case c.Single:
		return "", true
	case slices.Contains(c.Key, "id"):
		return key, true
	}
	id := o.IDs[c.Name][key]
	return id, id != ""
}

func (d *objectPlan) deleteElement(c *kind.Contained, at, key string, changes []entra.PropertyChange) {
	switch {
	case c.NoDelete:
		d.refuse(at, "Graph does not let it be removed", "")
		return
	case c.Requests != nil && c.Requests.Remove == "":
		d.refuse(at, "Graph takes no request to remove it", "")
		return
	}
	s := d.step(entra.ActionDeleteContained, c.Name, key)
	s.Properties = changes
}

func (d *objectPlan) createElement(c *kind.Contained, at, key string, element map[string]any, changes []entra.PropertyChange) {
	incoming, missing := d.resolve(&c.Shape, "", element)
	if len(missing) > 0 {
		d.refuseDangling(at, missing[0], "restore what it refers to first")
		return
	}
	if _, ok := ShortName(c, d.live, element); !ok {
		d.refuse(at, fmt.Sprintf("its %s does not start with %s, which Graph would put there", c.Key[0], namePrefix(c, d.live)), "")
		return
	}
	if c.Requests != nil && c.Requests.Create == "" {
		d.refuse(at, "Graph takes no request to add it", "")
		return
	}
	s := d.step(entra.ActionCreateContained, c.Name, key)
	s.Properties = changes
	for _, k := range incoming {
		d.need(s, k)
	}
	d.streamsOf(c, at, key, element, s)
}

func (d *objectPlan) updateElement(c *kind.Contained, at, key string, before, after map[string]any, changes []entra.PropertyChange) {
	names, kept := d.changedOfElement(c, at, before, after, changes)
	if len(names) == 0 {
		return
	}
	sent := kind.Pick(after, names)
	if c.Put {
		sent = copied(before)
		for _, name := range names {
			set(sent, name, after[name])
		}
	}
	incoming, missing := d.resolve(&c.Shape, "", sent)
	if len(missing) > 0 {
		d.refuseDangling(at, missing[0], restoreFirst)
		return
	}
	s := d.step(entra.ActionUpdateContained, c.Name, key)
	s.Properties = kept
	for _, k := range incoming {
		d.need(s, k)
	}
}

// changedOfElement names the properties of an element that are to be written, with
// their changes: none when the element is refused as a whole.
func (d *objectPlan) changedOfElement(c *kind.Contained, at string, before, after map[string]any, changes []entra.PropertyChange) (names []string, kept []entra.PropertyChange) {
	for _, change := range changes {
		name := jsonpointer.Split(change.Pointer)[3]
		switch {
		case name == typeProperty:
			d.refuse(at, fmt.Sprintf("it is a %v now and was a %v, which cannot be written", before[name], after[name]), "")
			return nil, nil
		case !slices.Contains(c.Update, name):
			d.refuse(change.Pointer, "it can only be given when the element is created", "delete the element, then reconcile to have it created again")
			continue
		case after[name] == nil && slices.Contains(c.NotClearable, name):
			d.refuse(change.Pointer, "the snapshot has no value for it, and Graph lets it be changed but not cleared", "")
			continue
		case !slices.Contains(names, name):
			names = append(names, name)
		}
		kept = append(kept, change)
	}
	return names, kept
}

// ShortName is the first property of a contained element's key as it is given when the
// element is created: without what Graph puts before it. It reports false for an element
// that Graph would name otherwise. An element of a collection whose names Graph leaves
// alone has none.
func ShortName(c *kind.Contained, owner *entra.Object, element map[string]any) (string, bool) {
	if c.CreatePrefix == "" {
		return "", true
	}
	name, _ := element[c.Key[0]].(string)
	return strings.CutPrefix(name, namePrefix(c, owner))
}

// namePrefix fills in what Graph puts before the name of a created element: properties
// of the owner in braces, without their hyphens.
func namePrefix(c *kind.Contained, owner *entra.Object) string {
	before, rest, ok := strings.Cut(c.CreatePrefix, "{")
	if !ok {
		return c.CreatePrefix
	}
	property, after, _ := strings.Cut(rest, "}")
	s, _ := owner.Property(property).(string)
	return before + strings.ReplaceAll(s, "-", "") + after
}
