package plan

import (
	"cmp"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// keepAdded puts what was added to the object since the snapshot back into what is desired,
// and notes it: the targets of links that lead to many, and contained objects that stand for
// themselves. What an object has one of, and what lies in its own body, is a value of the
// object and is put back as the snapshot says; so is a part that a person named.
//
// What is in the way of something that comes back is replaced, and what a lock keeps from
// being written is refused with the lock's reason.
func (d *objectPlan) keepAdded() {
	if len(d.in.Parts) > 0 || d.arrival != "" {
		return
	}
	for i := range d.kind.Links {
		if l := &d.kind.Links[i]; !l.Single && d.read.Link(l.Name) && d.keeps(entra.SectionLinks, l.Name) {
			d.keepTargets(l)
		}
	}
	for i := range d.kind.Contained {
		c := &d.kind.Contained[i]
		if !c.Single && !c.Inline && !c.UpdateOnly && d.read.Contained(c.Name) && d.keeps(entra.SectionContained, c.Name) {
			d.keepElements(c)
		}
	}
}

// keeps reports whether what was added to a part stays.
func (d *objectPlan) keeps(section, name string) bool {
	if d.in.Prune && !d.in.ignores(d.key, d.want.Name, jsonpointer.Join(section, name)) {
		return false
	}
	return d.lock(section, name, d.live) == nil
}

// ignores reports whether people decided not to hear of something.
func (in *Input) ignores(key entra.Key, name, pointer string) bool {
	return in.Ignored != nil && in.Ignored(key, name, pointer)
}

// keepTargets keeps the targets of a link that the snapshot has not.
func (d *objectPlan) keepTargets(l *kind.Link) {
	has := map[string]bool{}
	for _, id := range d.desired.Links[l.Name] {
		has[id] = true
	}
	kept := slices.Clone(d.desired.Links[l.Name])
	for _, id := range d.live.Links[l.Name] {
		if has[id] || mentionsGone(id) || l.Reverse != "" && d.comesBack(l, id) {
			continue
		}
		kept = append(kept, id)
		d.added(jsonpointer.Join(entra.SectionLinks, l.Name, id), nil)
	}
	d.desired.Links[l.Name] = kept
}

// comesBack reports whether another selected object gets the target back: a link that is
// written at its target has room for one there.
func (d *objectPlan) comesBack(l *kind.Link, id string) bool {
	for key, want := range d.in.Want {
		k := kind.ByName(key.Kind)
		i := slices.IndexFunc(k.Links, func(other kind.Link) bool { return other.Name == l.Name && other.Reverse == l.Reverse })
		if i < 0 || key.Kind != d.key.Kind || !slices.Contains(want.Links[l.Name], id) {
			continue
		}
		if live := d.in.Live[key]; live == nil || !slices.Contains(live.Links[l.Name], id) {
			return true
		}
	}
	return false
}

// keepElements keeps the elements of a collection that the snapshot has not.
func (d *objectPlan) keepElements(c *kind.Contained) {
	live, okl := diff.ContainedByKey(c, d.live.Contained[c.Name])
	desired, okd := diff.ContainedByKey(c, d.desired.Contained[c.Name])
	if !okl || !okd {
		return // refused as a whole when it differs
	}
	elements := slices.Clone(d.desired.Contained[c.Name])
	for _, key := range keys(live, nil) {
		inTheWay := func(e map[string]any) bool { return takes(c.Unique, e, live[key]) }
		if desired[key] != nil || mentionsGone(key) || slices.ContainsFunc(d.desired.Contained[c.Name], inTheWay) {
			continue
		}
		elements = append(elements, live[key])
		d.added(jsonpointer.Join(entra.SectionContained, c.Name, key), live[key])
	}
	d.desired.Contained[c.Name] = elements
}

// added notes a part that is left alone.
func (d *objectPlan) added(pointer string, value map[string]any) {
	if d.in.ignores(d.key, d.want.Name, pointer) {
		return
	}
	d.parts = append(d.parts, entra.AddedPart{Key: d.key, Name: d.want.Name, Pointer: pointer, Value: value, Danger: dangerOfPart(d.kind, d.live, pointer, value)})
}

// dangerOfPart says how dangerous a link's target or a contained object is.
func dangerOfPart(k *kind.Kind, owner *entra.Object, pointer string, value map[string]any) int {
	tokens := jsonpointer.Split(pointer)
	for i := range k.Links {
		if l := &k.Links[i]; tokens[0] == entra.SectionLinks && l.Name == tokens[1] {
			return k.Danger(l.Dangers, owner.Property)
		}
	}
	for i := range k.Contained {
		if c := &k.Contained[i]; tokens[0] == entra.SectionContained && c.Name == tokens[1] {
			return k.Danger(c.Dangers, func(name string) any { return value[name] })
		}
	}
	return k.Danger(nil, nil)
}

// DangerOf says how dangerous an object is that a list shows.
func DangerOf(o entra.Listed) int {
	k := kind.ByName(o.Kind)
	if k == nil {
		return kind.LeastDanger
	}
	return k.Danger(k.Dangers, func(name string) any { return o.NaturalKey[name] })
}

// compareListed orders objects that were added since: the most dangerous first.
func compareListed(a, b entra.Listed) int {
	return cmp.Or(cmp.Compare(a.Danger, b.Danger), CompareKeys(a.Key, b.Key))
}

// compareParts orders parts that were added since: the most dangerous first.
func compareParts(a, b entra.AddedPart) int {
	return cmp.Or(cmp.Compare(a.Danger, b.Danger), CompareKeys(a.Key, b.Key), cmp.Compare(a.Pointer, b.Pointer))
}
