package reconcile

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
func (d *draft) create() bool {
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
func (d *draft) creation(changes []entra.PropertyChange) {
	d.planned = d.target
	var body map[string]any
	if d.kind.Requests == nil {
		body = d.created()
	} else {
		body = pick(d.target.Spec, d.kind.Requests.Send)
	}
	restored, ok := d.resolveBody(&d.kind.Shape, body)
	if !ok {
		return
	}
	var request entra.Request
	switch r := d.kind.Requests; {
	case r != nil && r.Create == "":
		d.refuse("", "Graph takes no request to create one", "")
		return
	case r != nil:
		request = d.ask(r, r.Create, body, "")
	case d.kind.Singleton:
		request = entra.Request{Method: "PATCH", Path: d.at(), Body: encode(body)}
	default:
		request = entra.Request{Method: "POST", Path: collection(d.kind, d.in.Tenant), Body: encode(body)}
	}
	s := d.step(entra.ActionCreate, "", "", request)
	s.Properties = changes
	for _, key := range restored {
		d.need(s, key)
	}
}

// created is the body that creates the object.
func (d *draft) created() map[string]any {
	body := map[string]any{}
	for name, v := range d.target.Spec {
		if d.kind.Restorable(name) || name == typeProperty {
			body[name] = v
		}
	}
	if d.kind.ChosenID != "" {
		body[d.kind.ChosenID] = strings.TrimPrefix(d.key.ID, d.kind.IDPrefix)
	}
	return body
}

// ask is a request about an object, or about one contained in the owner.
func (d *draft) ask(r *kind.Requests, verb string, content map[string]any, owner string) entra.Request {
	body := map[string]any{r.Property: verb}
	if r.Wrap == "" {
		for name, v := range content {
			body[name] = v
		}
	} else {
		body[r.Wrap] = content
	}
	if r.Owner != "" {
		body[r.Owner] = map[string]any{"id": owner}
	}
	if r.Reason != "" {
		body[r.Reason] = "entragit: back to snapshot " + d.in.From.Commit
	}
	return entra.Request{Method: "POST", Path: r.Path, Body: encode(body)}
}

// resolveBody looks up everything that a body refers to. It refuses the object and
// reports false when something does not exist.
func (d *draft) resolveBody(s *kind.Shape, body map[string]any) ([]entra.Key, bool) {
	restored, missing := d.resolve(s, "", body)
	if len(missing) > 0 {
		d.refuse("", missing[0].String(), "restore or replace what it refers to first; the lists are not shortened")
		return nil, false
	}
	return restored, true
}

// identity says how to find the object again, where its id may not outlive it.
func (d *draft) identity() (entra.Identity, bool) {
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

// pick returns the named members that there are.
func pick(m map[string]any, names []string) map[string]any {
	picked := map[string]any{}
	for _, name := range names {
		if v, ok := m[name]; ok {
			picked[name] = v
		}
	}
	return picked
}

// unchanged reports whether nothing that both sides read differs.
func (d *draft) unchanged() bool {
	return d.live != nil && !d.deleted && diff.Objects(d.kind, d.live, d.want, d.read) == nil
}
