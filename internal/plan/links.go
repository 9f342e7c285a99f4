package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// links plans adding and removing link targets. Each target is a write of its own,
// so one that no longer exists is refused by itself and the others are linked.
func (d *objectPlan) links(changes []entra.LinkChange) {
	for _, c := range changes {
		i := slices.IndexFunc(d.kind.Links, func(l kind.Link) bool { return l.Name == c.Link })
		if i < 0 {
			continue
		}
		if l := d.lock(entra.SectionLinks, c.Link, d.planned); l != nil {
			if d.goAlong(&d.kind.Links[i], c) {
				continue
			}
			d.refuse(jsonpointer.Join(entra.SectionLinks, c.Link), l.Reason, l.Hint)
			continue
		}
		first := len(d.steps)
		if l := &d.kind.Links[i]; l.Single {
			d.single(l, c)
		} else {
			d.addLinks(l, c.Added)
			d.removeLinks(l, c.Removed)
		}
		if d.lock(entra.SectionLinks, c.Link, d.live) != nil {
			d.needUpdates(first) // the link is only open once a property has been written
		}
	}
}

// single plans the write of a link with one target: putting one replaces the other.
func (d *objectPlan) single(l *kind.Link, c entra.LinkChange) {
	if len(c.Added) == 0 {
		s := d.step(entra.ActionRemoveLink, l.Name, "")
		s.Links = []entra.LinkChange{c}
		return
	}
	key, ok := d.end(l, c.Added[0])
	if !ok {
		return
	}
	s := d.step(entra.ActionAddLink, l.Name, "")
	s.Links = []entra.LinkChange{c}
	if d.incoming[key] != "" {
		d.need(s, key)
	}
}

// end returns the key of a link's target, or refuses a target that does not exist or
// cannot be addressed.
func (d *objectPlan) end(l *kind.Link, id string) (entra.Key, bool) {
	ref := d.kind.LinkReference(l.Name)
	key, err := d.find(ref, id)
	switch named := l.TargetByCollection || l.Reverse != ""; {
	case err != nil:
		d.refuseDangling(jsonpointer.Join(entra.SectionLinks, l.Name, id), d.dangling(ref, id, err), "restore it first; the other targets are not held up")
	case named && kind.ByName(key.Kind) == nil:
		d.refuse(jsonpointer.Join(entra.SectionLinks, l.Name, id), "what it is was not found out", "")
		return key, false
	case named && len(l.Targets) > 1:
		d.targets[id] = key.Kind
	}
	return key, err == nil
}

// addLinks plans one step for all targets that are there, and one for each that the
// plan takes back, so that one that fails holds up no other.
func (d *objectPlan) addLinks(l *kind.Link, ids []string) {
	var there []entra.Key
	for _, id := range ids {
		key, ok := d.end(l, id)
		switch {
		case !ok:
		case d.incoming[key] != "":
			d.need(d.addStep(l, id, key), key)
		default:
			there = append(there, key)
		}
	}
	if len(there) > 0 {
		d.addStep(l, "", there...)
	}
}

func (d *objectPlan) addStep(l *kind.Link, element string, targets ...entra.Key) *entra.Step {
	var ids []string
	for _, key := range targets {
		ids = append(ids, key.ID)
	}
	s := d.step(entra.ActionAddLink, l.Name, element)
	s.Links = []entra.LinkChange{{Link: l.Name, Added: ids}}
	return s
}

// removeLinks plans one step for all targets that go. It does not wait for those that
// come: that one could not be added is no reason to keep another.
func (d *objectPlan) removeLinks(l *kind.Link, ids []string) {
	var removed []string
	for _, id := range ids {
		ok := true
		if l.Reverse != "" {
			_, ok = d.end(l, id)
		}
		if ok {
			removed = append(removed, id)
		}
	}
	if len(removed) == 0 {
		return
	}
	s := d.step(entra.ActionRemoveLink, l.Name, "")
	s.Links = []entra.LinkChange{{Link: l.Name, Removed: removed}}
}

// needUpdates makes the steps from first on wait for the object's own updates.
func (d *objectPlan) needUpdates(first int) {
	for i := range d.steps[:first] {
		if d.steps[i].Action != entra.ActionUpdate {
			continue
		}
		for j := first; j < len(d.steps); j++ {
			d.steps[j].Needs = append(d.steps[j].Needs, d.steps[i].ID)
		}
	}
}
