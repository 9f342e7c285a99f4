package diff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// typeProperty selects the type of a polymorphic object. It is read with every
// body, so coverage never lists it.
const typeProperty = "@odata.type"

// Read is what each side of a comparison read of an object. What one side did not
// read is no difference.
type Read struct {
	Before, After entra.Extent
}

// Object reports whether both sides read anything of the object.
func (r Read) Object() bool { return r.Before.Object() && r.After.Object() }

// Property reports whether both sides read the top-level property.
func (r Read) Property(name string) bool {
	if name == typeProperty {
		return r.Object()
	}
	return r.Before.Property(name) && r.After.Property(name)
}

// Link reports whether both sides read the link.
func (r Read) Link(name string) bool {
	return r.Before.Link(name) && r.After.Link(name)
}

// Contained reports whether both sides read the contained collection.
func (r Read) Contained(name string) bool {
	return r.Before.Contained(name) && r.After.Contained(name)
}

// Objects compares two states of one object of kind k. A nil before means that the
// object was added, a nil after that it was removed; then every property and link of
// the other state is listed. It returns nil when nothing that both sides read
// differs, and when a side that has no such object did not read whether it has.
func Objects(k *kind.Kind, before, after *entra.Object, read Read) *entra.Change {
	var c *entra.Change
	switch {
	case before == nil && after == nil, !read.Object():
		return nil
	case before == nil:
		c = &entra.Change{Key: after.Key, Name: after.Name, Type: entra.Added}
		before, read.Before = &entra.Object{}, read.After
	case after == nil:
		c = &entra.Change{Key: before.Key, Name: before.Name, Type: entra.Removed}
		after, read.After = &entra.Object{}, read.Before
	default:
		c = &entra.Change{Key: after.Key, Name: after.Name, Type: entra.Changed}
		if before.Name != after.Name {
			c.OldName = before.Name
		}
	}
	c.Properties = properties(k, before, after, read)
	c.Links = links(before, after, read)
	if c.Type == entra.Changed && len(c.Properties) == 0 && len(c.Links) == 0 {
		return nil
	}
	return c
}

// properties compares spec, status and the contained collections.
func properties(k *kind.Kind, before, after *entra.Object, read Read) []entra.PropertyChange {
	w := walker{shape: &k.Shape}
	for _, name := range union(before.Spec, after.Spec) {
		if read.Property(name) {
			w.value(jsonpointer.Join(entra.SectionSpec, name), name, before.Spec[name], after.Spec[name])
		}
	}
	w.observed = true
	for _, name := range union(before.Status, after.Status) {
		if read.Property(name) {
			w.value(jsonpointer.Join(entra.SectionStatus, name), name, before.Status[name], after.Status[name])
		}
	}
	for i := range k.Contained {
		c := &k.Contained[i]
		if read.Contained(c.Name) {
			w.shape = &c.Shape
			w.contained(c, before.Contained[c.Name], after.Contained[c.Name])
		}
	}
	slices.SortStableFunc(w.changes, func(a, b entra.PropertyChange) int {
		return cmp.Compare(a.Pointer, b.Pointer)
	})
	return w.changes
}

// links compares the links as sets of ids, in the order of the links' names.
func links(before, after *entra.Object, read Read) []entra.LinkChange {
	var changes []entra.LinkChange
	for _, name := range union(before.Links, after.Links) {
		if !read.Link(name) {
			continue
		}
		c := entra.LinkChange{
			Link:    name,
			Added:   missing(after.Links[name], before.Links[name]),
			Removed: missing(before.Links[name], after.Links[name]),
		}
		if len(c.Added)+len(c.Removed) > 0 {
			changes = append(changes, c)
		}
	}
	return changes
}

// missing returns the ids of all that are not in from, sorted.
func missing(all, from []string) []string {
	have := make(map[string]bool, len(from))
	for _, id := range from {
		have[id] = true
	}
	var ids []string
	for _, id := range all {
		if !have[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// union returns the keys of both maps, sorted.
func union[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}
