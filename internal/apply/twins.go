package apply

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// twins adds what bears the name of an object that is deleted or gone, is of its kind, and is
// not in the snapshot: people take the one for the other. It follows [gathering.added], which
// has found those that the selection means, and what it adds itself the selection does not
// mean: none of that is taken away.
func (g *gathering) twins(ctx context.Context) error {
	lost := map[*kind.Kind]map[string]string{} // ids by name in lower case
	for key, want := range g.in.Want {
		if k := kind.ByName(key.Kind); k.Twins && want.Name != "" && (g.in.Live[key] == nil || g.in.Deleted[key]) {
			if lost[k] == nil {
				lost[k] = map[string]string{}
			}
			lost[k][strings.ToLower(want.Name)] = key.ID
		}
	}
	listed := map[entra.Key]bool{}
	for i := range g.in.Added {
		o := &g.in.Added[i]
		listed[o.Key] = true
		o.Twin = lost[kind.ByName(o.Kind)][strings.ToLower(o.Name)]
	}
	for _, k := range kind.All() {
		if len(lost[k]) == 0 {
			continue
		}
		found, err := g.namesakes(ctx, k, slices.Sorted(maps.Keys(lost[k])))
		if err != nil {
			return fmt.Errorf("look for %s of the same name: %w", k.Name, err)
		}
		for _, o := range found {
			if o.Twin = lost[k][strings.ToLower(o.Name)]; o.Twin != "" && !listed[o.Key] {
				g.in.Added = append(g.in.Added, o)
			}
		}
	}
	return nil
}

// namesakes are objects that the snapshot has not, those of the names among them.
func (g *gathering) namesakes(ctx context.Context, k *kind.Kind, names []string) ([]entra.Listed, error) {
	if !k.NameFilter {
		found, now, err := capture.Unknown(ctx, g.src, g.in.Tenant, k, func(id string) (bool, error) {
			if g.recreated[entra.Key{Kind: k.Name, ID: id}] {
				return true, nil
			}
			return g.from.Has(k, id)
		})
		if err == nil && unlisted(now, g.from.Manifest().Kinds[k.Name]) {
			g.in.NoteUnlisted(k, "", now.State, now.Cause)
		}
		return found, err
	}
	var reqs []graph.BatchRequest
	for some := range slices.Chunk(names, mostCompared) {
		query := url.Values{"$select": {"displayName,id"}, "$filter": {"displayName in (" + quotedAll(some) + ")"}}
		reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: kind.Addresses{Tenant: g.in.Tenant}.Collection(k) + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")})
	}
	resps, err := g.src.Batch(ctx, reqs)
	if err != nil {
		return nil, err
	}
	var found []entra.Listed
	for _, resp := range resps {
		switch {
		case entra.Denied(resp.Err), errors.Is(resp.Err, entra.ErrRejected):
			g.in.NoteUnlisted(k, "", entra.Forbidden, resp.Err.Error())
			continue
		case resp.Err != nil:
			return nil, resp.Err
		}
		for _, o := range capture.ListedIn(k, resp.Body) {
			if has, err := g.from.Has(k, o.ID); err != nil {
				return nil, err
			} else if !has {
				found = append(found, o)
			}
		}
	}
	return found, nil
}

// quotedAll are values as a filter lists them, and quoted is one.
func quotedAll(values []string) string {
	var all []string
	for _, v := range values {
		all = append(all, quoted(v))
	}
	return strings.Join(all, ",")
}

func quoted(value string) string { return "'" + strings.ReplaceAll(value, "'", "''") + "'" }
