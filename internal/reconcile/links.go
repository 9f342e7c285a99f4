package reconcile

import (
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// directoryObjects is the collection by which Graph names the target of a link,
// whatever its kind.
const directoryObjects = "/directoryObjects/"

// links plans adding and removing link targets. Each target is a write of its own,
// so one that no longer exists is refused by itself and the others are linked.
func (d *draft) links(changes []entra.LinkChange) {
	for _, c := range changes {
		i := slices.IndexFunc(d.kind.Links, func(l kind.Link) bool { return l.Name == c.Link })
		if i < 0 {
			continue
		}
		if l := d.lock(entra.SectionLinks, c.Link, d.planned); l != nil {
			d.refuse(diff.Pointer(entra.SectionLinks, c.Link), l.Reason, l.Hint)
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
func (d *draft) single(l *kind.Link, c entra.LinkChange) {
	if len(c.Added) == 0 {
		s := d.step(entra.ActionRemoveLink, l.Name, "", entra.Request{Method: "DELETE", Path: d.ref(l.Name)})
		s.Links = []entra.LinkChange{c}
		return
	}
	id := c.Added[0]
	key, restoring, ok := d.find(diff.LinkReference(d.kind, l.Name), id)
	if !ok {
		d.refuseTarget(l, id)
		return
	}
	s := d.step(entra.ActionAddLink, l.Name, "", entra.Request{Method: "PUT", Path: d.ref(l.Name), Body: d.targetBody(id)})
	s.Links = []entra.LinkChange{c}
	if restoring {
		need(s, key)
	}
}

// addLinks plans one step for all targets that are there, and one for each that the
// plan takes back, so that one that fails holds up no other.
func (d *draft) addLinks(l *kind.Link, ids []string) {
	ref := diff.LinkReference(d.kind, l.Name)
	var there []string
	for _, id := range ids {
		key, restoring, ok := d.find(ref, id)
		switch {
		case !ok:
			d.refuseTarget(l, id)
		case restoring:
			need(d.addStep(l, id, id), key)
		default:
			there = append(there, id)
		}
	}
	if len(there) > 0 {
		d.addStep(l, "", there...)
	}
}

func (d *draft) addStep(l *kind.Link, element string, ids ...string) *entra.Step {
	var requests []entra.Request
	for _, id := range ids {
		requests = append(requests, entra.Request{Method: "POST", Path: d.ref(l.Name), Body: d.targetBody(id)})
	}
	s := d.step(entra.ActionAddLink, l.Name, element, requests...)
	s.Links = []entra.LinkChange{{Link: l.Name, Added: ids}}
	return s
}

func (d *draft) removeLinks(l *kind.Link, ids []string) {
	if len(ids) == 0 {
		return
	}
	var requests []entra.Request
	for _, id := range ids {
		requests = append(requests, entra.Request{Method: "DELETE", Path: d.ref(l.Name, id)})
	}
	s := d.step(entra.ActionRemoveLink, l.Name, "", requests...)
	s.Links = []entra.LinkChange{{Link: l.Name, Removed: ids}}
}

func (d *draft) refuseTarget(l *kind.Link, id string) {
	r := Reference{diff.LinkReference(d.kind, l.Name), id}
	d.refuse(diff.Pointer(entra.SectionLinks, l.Name, id), r.String(), "restore it first; the other targets are not held up")
}

// needUpdates makes the steps from first on wait for the object's own updates.
func (d *draft) needUpdates(first int) {
	for i := range d.steps[:first] {
		if d.steps[i].Action != entra.ActionUpdate {
			continue
		}
		for j := first; j < len(d.steps); j++ {
			d.steps[j].Needs = append(d.steps[j].Needs, d.steps[i].ID)
		}
	}
}

// ref is the address of a link, or of one of its targets.
func (d *draft) ref(more ...string) string { return path(d.kind, d.key.ID, more...) + "/$ref" }

// targetBody is the body that names one target.
func (d *draft) targetBody(id string) []byte {
	return encode(map[string]any{"@odata.id": d.in.Base + directoryObjects + id})
}
