package capture

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// parents are the objects of one kind for each of which another kind is listed.
type parents struct {
	*kind.Parent
	ids []string
	// err is why they are not all known.
	err error
}

// expect prepares for the kinds that are listed for the objects of others: where the
// other kind is read in the same run, its objects are noted as they come by.
func (r *reader) expect(kinds []*kind.Kind) {
	r.parents = map[string]*parents{}
	for _, k := range kinds {
		among := func(other *kind.Kind) bool { return other.Name == k.Parent.Kind }
		if k.Parent != nil && slices.ContainsFunc(kinds, among) {
			r.parents[k.Name] = &parents{Parent: k.Parent}
		}
	}
}

// owners notes an object that another kind is listed for, or why there may be more.
// Each kind is read by one goroutine; the kinds that wait for it are read after that
// goroutine has ended.
func (r *reader) owners(k *kind.Kind, body []byte, err error) {
	for _, p := range r.parents {
		switch {
		case p.Kind != k.Name:
		case err != nil:
			p.err = err
		case meets(body, p.When):
			p.ids = append(p.ids, stringProperty(body, "id"))
		}
	}
}

// byParent yields the objects of a kind, asking once for each of the objects that it
// is listed for, by $batch.
func (r *reader) byParent(ctx context.Context, v *view) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		p := r.parents[v.Name]
		if p == nil {
			p = r.listParents(ctx, v.Parent)
		}
		if p.err != nil {
			yield(nil, fmt.Errorf("list %s for each of %s: %w", v.Name, p.Kind, p.err))
			return
		}
		slices.Sort(p.ids)
		for ids := range slices.Chunk(slices.Compact(p.ids), window) {
			if !r.oneByOne(ctx, v, ids, yield) {
				return
			}
		}
	}
}

// oneByOne lists a kind for each of some objects.
func (r *reader) oneByOne(ctx context.Context, v *view, ids []string, yield func([]byte, error) bool) bool {
	reqs := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		q := v.listQuery()
		q.Set("$filter", v.Parent.FilterFor(id))
		reqs[i] = graph.BatchRequest{Method: "GET", Path: withQuery(v.list(), q)}
	}
	resps, err := r.src.Batch(ctx, reqs)
	if err != nil {
		return yield(nil, err)
	}
	for i, resp := range resps {
		if errors.Is(resp.Err, entra.ErrNotFound) {
			continue // the object is gone, or has never been used like this
		}
		if resp.Err != nil {
			yield(nil, fmt.Errorf("%s of %s/%s: %w", v.Name, v.Parent.Kind, ids[i], resp.Err))
			return false
		}
		for body, err := range r.src.Items(ctx, resp.Body) {
			if !yield(body, err) || err != nil {
				return false
			}
		}
	}
	return true
}

// listParents lists the ids of the objects that a kind is listed for, where their own
// kind is not part of the run.
func (r *reader) listParents(ctx context.Context, parent *kind.Parent) *parents {
	p := &parents{Parent: parent}
	v, err := r.view(ctx, kind.ByName(parent.Kind))
	if err != nil {
		p.err = err
		return p
	}
	names := []string{"id"}
	for _, c := range parent.When {
		names = append(names, c.Property)
	}
	q := url.Values{"$select": {strings.Join(names, ",")}}
	if top := v.listQuery().Get("$top"); top != "" {
		q.Set("$top", top)
	}
	for body, err := range r.src.List(ctx, v.list(), q) {
		if err != nil {
			p.err = err
			return p
		}
		if meets(body, parent.When) {
			p.ids = append(p.ids, stringProperty(body, "id"))
		}
	}
	return p
}
