package capture

import (
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// mostDoubted bounds how many objects of a kind that the list has no longer are asked for by
// their ids. A replica that lags lacks what was written a moment ago, which is little; of more
// there is a bound on what a kind may lose at once.
const mostDoubted = 20

// errUnlisted is why an object keeps its file that the list has no longer: it was taken back or
// created a moment ago, and the list has not caught up.
var errUnlisted = errors.New("not listed, and yet found by its id")

// doubt asks for the objects that the list has no longer and the snapshot before has, and keeps
// those that are there: two answers of Graph contradict each other, as when a replica lags.
// One that is among the deleted items as well is gone. A kind whose list is made by a filter,
// or for other objects, leaves out what is there.
func (w *writer) doubt(ctx context.Context) error {
	k := w.res.Kind
	if k.Singleton || k.Filter != "" || k.Parent != nil || k.Transient != nil || w.res.nameless {
		return nil
	}
	var ids []string
	for path, err := range w.base.Paths(canon.Folder(k)) {
		if err != nil {
			return fmt.Errorf("%w: %w", errSink, err)
		}
		if folded, exact := w.hashes(path); w.seen[folded] == exact {
			continue
		}
		if _, id, ok := canon.ParsePath(path); ok {
			ids = append(ids, id)
		}
		if len(ids) > mostDoubted {
			return nil
		}
	}
	there, unheard, err := w.answer(ctx, ids, func(id string) string { return withQuery(w.res.view.object(id), w.res.view.query()) })
	if err != nil {
		return err
	}
	for id, why := range unheard {
		if err := w.keep(id, why); err != nil {
			return err
		}
	}
	if len(there) == 0 {
		return nil
	}
	deleted := map[string]bool{}
	if k.Deletion.Mode == kind.DeleteSoft {
		gone, _, err := w.answer(ctx, there, func(id string) string { return deletedPath(k, id, w.res.view.lacking) })
		if err != nil {
			return err
		}
		for _, id := range gone {
			deleted[id] = true
		}
	}
	for _, id := range there {
		if deleted[id] {
			continue
		}
		if err := w.keep(id, errUnlisted); err != nil {
			return err
		}
	}
	return nil
}

// answer returns the ids of those objects that a request finds, and why nobody knows of those
// to which there was no answer: that one was not found is an answer, and so is a refusal.
func (w *writer) answer(ctx context.Context, ids []string, path func(id string) string) (found []string, unheard map[string]error, err error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	reqs := make([]graph.BatchRequest, len(ids))
	for i, id := range ids {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: path(id)}
	}
	resps, err := w.src.Batch(ctx, reqs)
	if err != nil && fatal(ctx, err) {
		return nil, nil, err
	}
	unheard = map[string]error{}
	for i, resp := range resps {
		switch {
		case resp.Err == nil:
			found = append(found, ids[i])
		case fatal(ctx, resp.Err):
			return nil, nil, resp.Err
		case errors.Is(resp.Err, entra.ErrUnavailable), errors.Is(resp.Err, entra.ErrThrottled):
			unheard[ids[i]] = resp.Err
		}
	}
	return found, unheard, nil
}
