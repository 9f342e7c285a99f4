package apply

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Dangling finds the live objects that still name what a run has created again by the
// identity that it had: in kinds of few objects all of them, in the others those that the
// snapshot says named it.
func Dangling(ctx context.Context, src capture.Source, tenant string, from *history.Point, lineage entra.Lineage) ([]entra.Naming, error) {
	old, kinds := map[entra.Name]bool{}, map[string]bool{}
	for _, s := range lineage {
		for _, n := range kind.Shared(entra.Name{Kind: s.Kind, By: s.By, Value: s.Old}) {
			old[n], kinds[n.Kind] = true, true
		}
	}
	if len(old) == 0 {
		return nil, nil
	}
	g := gathering{src: src, from: from, in: plan.Input{Tenant: tenant}}
	var all []entra.Naming
	for _, k := range kind.All() {
		if k.Unavailable != "" || !k.Leads(kinds) {
			continue
		}
		keys, was, err := g.near(ctx, k, old)
		if err != nil {
			return nil, err
		}
		for chunk := range slices.Chunk(keys, gathered) {
			live, err := readLive(ctx, src, identified(k, chunk, was))
			if err != nil {
				return nil, err
			}
			for _, o := range live.Objects {
				all = append(all, naming(k, o, old)...)
			}
		}
	}
	slices.SortFunc(all, func(a, b entra.Naming) int {
		return cmp.Or(plan.CompareKeys(a.Key, b.Key), cmp.Compare(a.Pointer, b.Pointer))
	})
	return all, nil
}

// naming lists the places of an object that name one of some identities.
func naming(k *kind.Kind, o *entra.Object, old map[entra.Name]bool) []entra.Naming {
	var all []entra.Naming
	for m := range k.NamesOf(o) {
		if m.Of(old) {
			all = append(all, entra.Naming{Key: o.Key, Name: o.Name, Pointer: m.Pointer, Old: m.Referent})
		}
	}
	return all
}

// near lists the objects of a kind that may name one of the identities, with those among them
// that the snapshot says did, as it has them.
func (g *gathering) near(ctx context.Context, k *kind.Kind, names map[entra.Name]bool) ([]entra.Key, map[entra.Key]*entra.Object, error) {
	was := map[entra.Key]*entra.Object{}
	for o, err := range g.naming(k, names) {
		if err != nil {
			return nil, nil, err
		}
		was[o.Key] = o
	}
	keys := slices.Collect(maps.Keys(was))
	if !k.Bulk && !k.Singleton && k.Parent == nil {
		listed, _, err := capture.Unknown(ctx, g.src, g.in.Tenant, k, func(id string) (bool, error) {
			return was[entra.Key{Kind: k.Name, ID: id}] != nil, nil
		})
		if err != nil {
			return nil, nil, err
		}
		for _, o := range listed {
			keys = append(keys, o.Key)
		}
	}
	slices.SortFunc(keys, plan.CompareKeys)
	return keys, was, nil
}

// identified are objects as they are looked for: those that the snapshot has by what it says
// of them.
func identified(k *kind.Kind, keys []entra.Key, was map[entra.Key]*entra.Object) []entra.Identity {
	identities := make([]entra.Identity, len(keys))
	for i, key := range keys {
		identities[i] = entra.Identity{Key: key}
		if o := was[key]; o != nil {
			identities[i] = plan.IdentityOf(k, o, o.ID)
		}
	}
	return identities
}
