package plan

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// create prepares an object that is gone for being created. It reports false when that
// is refused. The object is planned as if it were there and empty, so that everything
// the snapshot has is written: the properties by the creation, the rest after it.
func (d *objectPlan) create() bool {
	switch {
	case d.kind.NotRecreatable != "":
		d.refuse("", "it was deleted for good, and "+d.kind.NotRecreatable, "")
		return false
	case !d.kind.Recreated():
		d.refuse("", "it was deleted for good, and objects are not re-created in this version",
			"restore it from Microsoft's recovery or create it by hand, then reconcile again")
		return false
	case len(d.in.Parts) > 0:
		d.refuse("", "it was deleted for good, and a part of it cannot be created", "reconcile the whole object")
		return false
	}
	if l := d.wholeLock(d.want); l != nil {
		d.refuse("", l.Reason, l.Hint)
		return false
	}
	if k := d.kind; slices.Contains(k.Create, k.ChosenID) && d.want.Spec[k.ChosenID] != d.want.ID || !strings.HasPrefix(d.want.ID, k.IDPrefix) {
		d.refuse("", "its "+k.ChosenID+" is not its id, so that it would get another id", "")
		return false
	}
	d.arrival = entra.ActionCreate
	d.live = &entra.Object{Key: d.key, Name: d.want.Name, Spec: map[string]any{}, Status: d.want.Status}
	return true
}

// creation plans the request that creates the object with all its properties.
func (d *objectPlan) creation(changes []entra.PropertyChange) {
	d.planned = d.desired
	incoming, ok := d.resolveBody(&d.kind.Shape, d.desired.Spec)
	if !ok {
		return
	}
	if d.kind.Requests != nil && d.kind.Requests.Create == "" {
		d.refuse("", "Graph takes no request to create one", "")
		return
	}
	s := d.step(entra.ActionCreate, "", "")
	s.Properties = changes
	for _, key := range incoming {
		d.need(s, key)
	}
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
