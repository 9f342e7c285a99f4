package plan

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// create prepares an object that is gone for being created. It reports false when that
// is refused. The object is planned as if it were there and empty, so that everything
// the snapshot has is written: the properties by the creation, the rest after it.
func (d *objectPlan) create() bool {
	typ, unknown := d.unknownType(d.kind, d.want.Spec)
	other, _ := d.want.Status[typeProperty].(string)
	switch {
	case d.kind.NotRecreatable != "":
		d.refuse("", "it was deleted for good, and "+d.kind.NotRecreatable, "")
		return false
	case !d.kind.Recreatable():
		d.refuse("", "it was deleted for good, and Graph takes no request to create one", "")
		return false
	case !d.kind.Recreated() && !d.in.Recreate:
		d.refuse("", "it was deleted for good", "--recreate creates it with a new id, and rewrites what refers to it")
		return false
	case other != "":
		d.refuse("", "it is a "+other+", and would be created as a "+d.kind.Title, "")
		return false
	case unknown:
		d.refuse("", "its type "+typ+" is unknown to v1.0, so that it is not created again", "")
		return false
	case len(d.in.Parts) > 0:
		d.refuse("", "it was deleted for good, and a part of it cannot be created", "reconcile the whole object")
		return false
	}
	if l := creationLock(d.kind, d.want); l != nil {
		d.refuse("", "it was deleted for good, and it is not created here: "+l.Reason, l.Hint)
		return false
	}
	if k := d.kind; slices.Contains(k.Create, k.ChosenID) && d.want.Spec[k.ChosenID] != d.want.ID || !strings.HasPrefix(d.want.ID, k.IDPrefix) {
		d.refuse("", "its "+k.ChosenID+" is not its id, so that it would get another id", "")
		return false
	}
	if o, kept := d.opposed[d.key]; kept {
		d.refuse("", o.reason, o.hint)
		return false
	}
	if !d.lasts() {
		return false
	}
	d.arrival = entra.ActionCreate
	d.live = &entra.Object{Key: d.key, Name: d.want.Name, Spec: map[string]any{}, Status: d.want.Status}
	return true
}

// creation plans the request that creates the object with all its properties, and those
// that follow where Graph does not take all of them at once.
func (d *objectPlan) creation(changes []entra.PropertyChange) {
	d.planned = d.desired
	if d.kind.Requests != nil && d.kind.Requests.Create == "" {
		d.refuse("", "Graph takes no request to create one", "")
		return
	}
	for _, c := range changes {
		if held, taken := d.taken(jsonpointer.Split(c.Pointer)[1]); taken {
			d.refuse("", held.String(), held.hint())
			return
		}
	}
	changes = d.reportOnly(changes)
	given := map[string]any{}
	s := d.step(entra.ActionCreate, "", "")
	var later []entra.PropertyChange
	for _, c := range changes {
		switch name := jsonpointer.Split(c.Pointer)[1]; {
		case d.lost(name):
		case d.follows(name):
			later = append(later, c)
		default:
			s.Properties = append(s.Properties, c)
			given[name] = d.desired.Spec[name]
		}
	}
	incoming, ok := d.resolveBody(&d.kind.Shape, given)
	if !ok {
		return
	}
	for _, key := range incoming {
		d.need(s, key)
	}
	d.afterCreation(later)
}

// withElements adds to the creation the elements that are in its body. What is left of the
// changes is written after it.
func (d *objectPlan) withElements(changes []entra.PropertyChange) []entra.PropertyChange {
	if d.arrival != entra.ActionCreate {
		return changes
	}
	s := &d.steps[0]
	return slices.DeleteFunc(slices.Clone(changes), func(c entra.PropertyChange) bool {
		place, ok := diff.Locate(d.kind, c.Pointer)
		if !ok || place.Contained == nil || !place.Contained.AtCreation {
			return false
		}
		s.Properties = append(s.Properties, c)
		return true
	})
}

// resolveBody looks up everything that a body refers to. It refuses the object and
// reports false when something does not exist.
func (d *objectPlan) resolveBody(s *kind.Shape, body map[string]any) ([]entra.Key, bool) {
	restored, missing := d.resolve(s, "", body)
	if len(missing) > 0 {
		d.refuseDangling("", missing[0], restoreFirst)
		return nil, false
	}
	return restored, true
}

// identity says how to find the object again, where its id may not outlive it.
func (d *objectPlan) identity() (entra.Identity, bool) {
	if len(d.kind.NaturalKey) == 0 {
		return entra.Identity{}, false
	}
	return IdentityOf(d.kind, d.want, d.id()), true
}

// IdentityOf says how to find an object that is known by the id now.
func IdentityOf(k *kind.Kind, o *entra.Object, id string) entra.Identity {
	identity := entra.Identity{Key: entra.Key{Kind: k.Name, ID: id}}
	if len(k.NaturalKey) > 0 {
		identity.NaturalKey = kind.NaturalKey(k, o)
	}
	return identity
}

// unchanged reports whether nothing that both sides read differs.
func (d *objectPlan) unchanged() bool {
	return d.live != nil && !d.deleted && diff.Objects(d.kind, d.live, d.want, d.read) == nil
}
