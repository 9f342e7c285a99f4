package capture

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Unknown returns the objects of a kind that a tenant has and that are not known, in the
// order of the list. It reads the cheapest list that tells objects apart, without links
// and contained objects and, where Graph lets them be chosen, with no other properties.
// What comes and goes with use is left out. The coverage says whether the list was read to its
// end; the error is one of known, or ends the run.
//
// Memory grows with what is not known, not with the kind.
func Unknown(ctx context.Context, src Source, tenant string, k *kind.Kind, known func(id string) (bool, error)) ([]entra.Listed, entra.Coverage, error) {
	r := &reader{src: src, tenant: tenant}
	if k.Lacking(src.Cloud()).All {
		return nil, entra.Coverage{State: entra.Absent, Cause: notInCloud(src.Cloud()).Error()}, nil
	}
	v := listView(k, tenant)
	v.without(k.Lacking(src.Cloud()))
	res := newResult(k, entra.Coverage{}, true)
	res.view = v
	used, err := r.transient(ctx, res)
	if err != nil {
		return nil, entra.Coverage{}, err
	}
	var unknown []entra.Listed
	seen := map[string]bool{} // a listing that began anew yields objects again
	for body, err := range r.list(ctx, v) {
		if err != nil && fatal(ctx, err) {
			return nil, entra.Coverage{}, fmt.Errorf("list %s: %w", k.Name, err)
		}
		if err != nil {
			res.note("the list", err)
			break
		}
		o := listed(k, body)
		if o.ID == "" || used[o.ID] || seen[o.ID] {
			continue
		}
		is, err := known(o.ID)
		if err != nil {
			return nil, entra.Coverage{}, fmt.Errorf("list %s: %w", k.Name, err)
		}
		if !is {
			seen[o.ID] = true
			unknown = append(unknown, o)
		}
	}
	for _, id := range sortedKeys(v.silent) {
		res.note("the list for "+k.Parent.Kind+"/"+id, v.silent[id])
	}
	return unknown, res.listing(), nil
}

// listing is the coverage of a list of which no object was read.
func (r *result) listing() entra.Coverage {
	for _, what := range sortedKeys(r.notes) {
		err := r.notes[what].first
		return entra.Coverage{State: stateOf(err), Cause: cause(err)}
	}
	return entra.Coverage{State: entra.Complete}
}

// listView asks for what identifies an object and what it is called.
func listView(k *kind.Kind, tenant string) *view {
	lean := *k
	lean.Expand = nil
	v := newView(&lean, tenant)
	names := slices.Concat(k.NaturalKey, k.Aliases, []string{"id", k.IDFrom, nameOf(k)})
	v.properties = slices.DeleteFunc(v.properties, func(name string) bool { return !slices.Contains(names, name) })
	return v
}

// listed takes what identifies an object, and its name, from a list.
func listed(k *kind.Kind, body []byte) entra.Listed {
	id := stringProperty(body, cmp.Or(k.IDFrom, "id"))
	if k.Singleton {
		id = cmp.Or(id, k.Name)
	}
	o := entra.Listed{Identity: entra.Identity{Key: entra.Key{Kind: k.Name, ID: id}}, Name: stringProperty(body, nameOf(k))}
	if k.Enforcement != nil {
		o.State = stringProperty(body, k.Enforcement.While.Property)
	}
	for _, alias := range k.Aliases {
		if value := stringProperty(body, alias); value != "" {
			o.Aliases = append(o.Aliases, value)
		}
	}
	for _, name := range k.NaturalKey {
		if value := stringProperty(body, name); value != "" {
			if o.NaturalKey == nil {
				o.NaturalKey = map[string]any{}
			}
			o.NaturalKey[name] = value
		}
	}
	return o
}

// ListedIn are the objects of a kind that one page of a list shows.
func ListedIn(k *kind.Kind, page []byte) []entra.Listed {
	var list struct{ Value []json.RawMessage }
	if json.Unmarshal(page, &list) != nil {
		return nil
	}
	var all []entra.Listed
	for _, body := range list.Value {
		if o := listed(k, body); o.ID != "" {
			all = append(all, o)
		}
	}
	return all
}

// nameOf is the property by which people call an object.
func nameOf(k *kind.Kind) string { return cmp.Or(k.NameFrom, "displayName") }
