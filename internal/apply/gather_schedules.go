package apply

import (
	"cmp"
	"context"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// schedules finds out how long the objects hold that are gone and that objects of another
// kind schedule. Those that hold for a time only come back with their schedules, which are
// selected along with them.
func (g *gathering) schedules(ctx context.Context) error {
	gone := map[*kind.Kind]map[string]entra.Key{} // by natural key
	for key, want := range g.in.Want {
		k := kind.ByName(key.Kind)
		if k.Scheduled == "" || g.in.Live[key] != nil {
			continue
		}
		if gone[k] == nil {
			gone[k] = map[string]entra.Key{}
		}
		natural, _ := kind.ElementKey(kind.NaturalKey(k, want), k.NaturalKey)
		gone[k][natural] = key
	}
	for _, k := range kind.All() {
		if gone[k] == nil {
			continue
		}
		if err := g.schedulesOf(ctx, k, gone[k]); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathering) schedulesOf(ctx context.Context, k *kind.Kind, gone map[string]entra.Key) error {
	of := kind.ByName(k.Scheduled)
	if g.in.Schedules == nil {
		g.in.Schedules = map[entra.Key]plan.Schedule{}
	}
	unknown := g.untold(k, of)
	for _, key := range gone {
		g.in.Schedules[key] = plan.Schedule{Unknown: unknown}
	}
	var found []*entra.Object
	for f, err := range g.from.Files(of.Name) {
		if err != nil {
			return err
		}
		o, err := g.from.Object(of, f.Path)
		if err != nil {
			return err
		}
		natural, _ := kind.ElementKey(kind.NaturalKey(of, o), k.NaturalKey)
		if key, ok := gone[natural]; ok {
			g.in.Schedules[key] = plan.Schedule{Object: o}
			if g.in.Want[o.Key] == nil && plan.Limited(of, o) {
				found = append(found, o)
			}
		}
	}
	return g.all(ctx, func(yield func(*entra.Object, error) bool) {
		for _, o := range found {
			if !yield(o, nil) {
				return
			}
		}
	})
}

// untold says why the snapshot does not tell how long objects of a kind hold: it did not
// read their schedules, or not what somebody uses for a while only. A tenant without the
// licence has no schedules.
func (g *gathering) untold(k, of *kind.Kind) string {
	covered := g.from.Manifest().Kinds
	for _, name := range []string{of.Name, k.Name} {
		c := covered[name]
		if !c.State.Whole() {
			return name + " was not read: " + cmp.Or(c.Cause, string(c.State))
		}
	}
	return ""
}
