package capture

import (
	"context"

	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// prefetch reads singletons and the first pages of kinds of which there are few
// objects by $batch, so that they cost a twentieth of a request each. Kinds whose pages
// are large are left to be listed.
func (r *reader) prefetch(ctx context.Context, kinds []*kind.Kind) error {
	var names []string
	var reqs []graph.BatchRequest
	for _, k := range kinds {
		if k.Unavailable != "" || k.Lacking(r.src.Cloud()).All || k.Parent != nil || k.Bulk || k.Top > 0 {
			continue
		}
		v, err := r.view(ctx, k)
		if err != nil {
			continue // reading the kind says why
		}
		path := withQuery(v.list(), v.listQuery())
		if k.Singleton && !k.Listed {
			path = withQuery(v.object(""), v.query())
		}
		names = append(names, k.Name)
		reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: path})
	}
	if len(reqs) < 2 {
		return nil
	}
	resps, err := r.src.Batch(ctx, reqs)
	if err != nil && fatal(ctx, err) {
		return err
	}
	r.prefetched = map[string]answer{}
	for i, resp := range resps { // none after an error: each kind is read on its own, and says why it cannot be
		r.prefetched[names[i]] = answer{body: resp.Body, err: resp.Err}
	}
	return nil
}

// takePrefetched returns the answer that was prefetched for a kind, once: reading the
// kind again asks again.
func (r *reader) takePrefetched(kindName string) (answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a, ok := r.prefetched[kindName]
	delete(r.prefetched, kindName)
	return a, ok
}
