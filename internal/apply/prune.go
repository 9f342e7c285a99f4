package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// newness judges whether an object was added since a snapshot: a failed read is never a
// reason to delete anything.
type newness struct {
	from *history.Point
	// keys are the natural keys that the snapshot has, by kind.
	keys map[string]map[string]bool
}

// doubt says why it is not sure that an object was added; "" where it is.
func (n *newness) doubt(identity entra.Identity) (string, error) {
	k := kind.ByName(identity.Kind)
	cover, ok := n.from.Manifest().Kinds[k.Name]
	switch {
	case !ok, !cover.Read(), k.Parent != nil && cover.State != entra.Complete:
		return "the snapshot did not read every " + k.Title, nil
	case cover.Of(identity.ID).Lack("") != nil:
		return "the snapshot did not read it", nil
	}
	if has, err := n.from.Has(k, identity.ID); has || err != nil {
		return "the snapshot has it", err
	}
	if len(k.NaturalKey) == 0 {
		return "", nil
	}
	known, err := n.naturalKeys(k)
	if key, ok := kind.ElementKey(identity.NaturalKey, k.NaturalKey); !ok || known[key] {
		return "the snapshot has it under another id", err
	}
	return "", err
}

// naturalKeys are the natural keys of all objects of a kind that the snapshot has.
func (n *newness) naturalKeys(k *kind.Kind) (map[string]bool, error) {
	if known, ok := n.keys[k.Name]; ok {
		return known, nil
	}
	known := map[string]bool{}
	for f, err := range n.from.Files(k.Name) {
		if err != nil {
			return nil, err
		}
		o, err := n.from.Object(k, f.Path)
		if err != nil {
			return nil, err
		}
		if key, ok := kind.ElementKey(kind.NaturalKey(k, o), k.NaturalKey); ok {
			known[key] = true
		}
	}
	if n.keys == nil {
		n.keys = map[string]map[string]bool{}
	}
	n.keys[k.Name] = known
	return known, nil
}

// unproven lists the deletions of a plan of which the snapshot does not prove that the
// object was added since.
func unproven(from *history.Point, p *entra.Plan) ([]string, error) {
	n := newness{from: from}
	var all []string
	for _, s := range p.Steps {
		if s.Action != entra.ActionDelete {
			continue
		}
		identity := p.Identities[s.String()]
		identity.Key = s.Key
		why, err := n.doubt(identity)
		if err != nil {
			return nil, err
		}
		if why != "" {
			all = append(all, fmt.Sprintf("%s would be deleted: %s", s.Key, why))
		}
	}
	return all, nil
}

// surplus reads the objects that were added and are to go, and what may name them.
func (g *gathering) surplus(ctx context.Context) error {
	s := plan.Surplus{Objects: map[entra.Key]*entra.Object{}, Kept: map[entra.Key]string{}, Blind: map[string]string{}}
	n := newness{from: g.from}
	var sought []entra.Identity
	for _, o := range g.in.Added {
		why, err := n.doubt(o.Identity)
		switch {
		case err != nil:
			return err
		case g.unlisted[o.Kind]:
			s.Kept[o.Key] = "not every " + kind.ByName(o.Kind).Title + " can be listed now"
		case why != "":
			s.Kept[o.Key] = why
		default:
			sought = append(sought, o.Identity)
		}
	}
	for chunk := range slices.Chunk(sought, gathered) {
		live, err := readLive(ctx, g.src, chunk)
		if err != nil {
			return err
		}
		maps.Copy(s.Kept, live.Unwritable)
		for key, err := range live.Failed {
			s.Kept[key] = fmt.Sprintf("it cannot be read now: %v", err)
		}
		for _, i := range chunk {
			if o := live.Objects[i.Key]; o != nil && o.Key == i.Key {
				s.Objects[i.Key] = o
			}
		}
	}
	g.in.Added = slices.DeleteFunc(g.in.Added, func(o entra.Listed) bool {
		return s.Objects[o.Key] == nil && s.Kept[o.Key] == "" // gone meanwhile
	})
	g.in.Surplus = s
	if err := g.goAlong(ctx); err != nil {
		return err
	}
	return g.referring(ctx)
}

// goAlong finds the objects of which Graph deletes one with an object that is to go.
func (g *gathering) goAlong(ctx context.Context) error {
	s := &g.in.Surplus
	var reqs []graph.BatchRequest
	var owners, companions []entra.Key
	for _, key := range slices.SortedFunc(maps.Keys(s.Objects), plan.CompareKeys) {
		for _, c := range kind.ByName(key.Kind).CascadesTo {
			path := kind.Addresses{Tenant: g.in.Tenant}.Referred(kind.ByName(c.Kind), c.Property, s.Objects[key].Text(c.Property))
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: path + "?$select=id"})
			owners, companions = append(owners, key), append(companions, entra.Key{Kind: c.Kind})
		}
	}
	if len(reqs) == 0 {
		return nil
	}
	resps, err := g.src.Batch(ctx, reqs)
	if err != nil {
		return fmt.Errorf("look for what is deleted along: %w", err)
	}
	s.Companions = map[entra.Key][]*entra.Object{}
	for i, resp := range resps {
		switch {
		case errors.Is(resp.Err, entra.ErrNotFound):
		case resp.Err != nil:
			s.Kept[owners[i]] = fmt.Sprintf("its %s cannot be read now: %v", kind.ByName(companions[i].Kind).Title, resp.Err)
		default:
			var o struct{ ID string }
			if err := json.Unmarshal(resp.Body, &o); err != nil {
				return fmt.Errorf("look for what is deleted along: %w: %w", entra.ErrUnavailable, err)
			}
			companions[i].ID = o.ID
			s.Companions[owners[i]] = append(s.Companions[owners[i]], &entra.Object{Key: companions[i]})
		}
	}
	return nil
}

// referring reads everything that must not be left with the name of an object that is
// deleted: the kinds of which a tenant has few objects, settings and policies.
func (g *gathering) referring(ctx context.Context) error {
	s := &g.in.Surplus
	r := &factReader{src: g.src, address: kind.Addresses{Tenant: g.in.Tenant}}
	for _, k := range kind.All() {
		named := slices.ContainsFunc(slices.Collect(maps.Keys(s.Objects)), func(key entra.Key) bool {
			return k.MayName(key.Kind) || slices.ContainsFunc(kind.ByName(key.Kind).CascadesTo, func(c kind.Companion) bool { return k.MayName(c.Kind) })
		})
		if !named || k.Bulk || k.Parent != nil || k.Unavailable != "" || !g.from.Manifest().Kinds[k.Name].Read() {
			continue
		}
		objects, err := r.every(ctx, k)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			s.Blind[k.Name] = err.Error()
		}
		s.Referring = append(s.Referring, objects...)
	}
	return nil
}

// every reads the bodies of all objects of a kind, a singleton among them.
func (r *factReader) every(ctx context.Context, k *kind.Kind) ([]*entra.Object, error) {
	var keys []entra.Key
	if k.Singleton {
		keys = []entra.Key{{Kind: k.Name, ID: k.Name}}
	} else {
		objects, err := r.all(ctx, k)
		if err != nil || !k.ReadSingly {
			return objects, err
		}
		for _, o := range objects {
			keys = append(keys, o.Key)
		}
	}
	live, err := capture.Objects(ctx, r.src, keys)
	if err != nil {
		return nil, err
	}
	for _, err := range live.Failed {
		return nil, err
	}
	return slices.Collect(maps.Values(live.Objects)), nil
}
