package capture

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
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
// is listed for, by $batch. One that gives no list costs its own objects; where none of
// many gives one, or none at all, the kind cannot be listed.
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
		p.ids = slices.Compact(p.ids)
		v.silent = map[string]error{}
		asked := 0
		for ids := range slices.Chunk(p.ids, window) {
			if !r.oneByOne(ctx, v, ids, yield) {
				return
			}
			asked += len(ids)
			if len(v.silent) == asked {
				yield(nil, v.silent[p.ids[0]])
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
		more, err := r.ofParent(ctx, resp, yield)
		if err != nil {
			err = fmt.Errorf("%s of %s/%s: %w", v.Name, v.Parent.Kind, ids[i], err)
		}
		switch {
		case !more:
			return false
		case err == nil:
		case errors.Is(err, entra.ErrExpired), fatal(ctx, err):
			yield(nil, err)
			return false
		default:
			v.silent[ids[i]] = err
		}
	}
	return true
}

// ofParent yields the objects of one list that a batch answered, until the caller has
// enough. Its error is why the list was not read to its end.
func (r *reader) ofParent(ctx context.Context, resp graph.BatchResponse, yield func([]byte, error) bool) (more bool, err error) {
	if errors.Is(resp.Err, entra.ErrNotFound) {
		return true, nil // the object is gone, or has never been used like this
	}
	if resp.Err != nil {
		return true, resp.Err
	}
	for body, err := range r.src.Items(ctx, resp.Body) {
		if err != nil {
			return true, err
		}
		if !yield(body, nil) {
			return false, nil
		}
	}
	return true, nil
}

// ownerReference returns the reference by which the objects of a kind name the one that
// they are listed for.
func ownerReference(k *kind.Kind) *kind.Reference {
	i := slices.IndexFunc(k.References, func(ref kind.Reference) bool {
		return ref.By == "" && slices.Equal(ref.Targets, []string{k.Parent.Kind})
	})
	return &k.References[i] // a test holds the table to it
}

// keepOwned keeps the files of objects that belong to one for which the kind could not be
// listed.
func (w *writer) keepOwned() error {
	if len(w.res.view.silent) == 0 {
		return nil
	}
	owner := ownerReference(w.res.Kind)
	for path, err := range w.base.Paths(canon.Folder(w.res.Kind)) {
		if err != nil {
			return fmt.Errorf("%w: %w", errSink, err)
		}
		_, id, _ := canon.ParsePath(path)
		if folded, exact := w.hashes(path); w.seen[folded] == exact {
			continue
		}
		o, err := w.objectAt(w.res.Kind, path)
		if err != nil {
			return err
		}
		value, _ := o.Property(owner.Path).(string)
		if why := w.res.view.silent[value]; why != nil {
			if err := w.keep(id, why); err != nil {
				return err
			}
		}
	}
	return nil
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
