package capture

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// settle finds out what it means that a link or contained collection of an object was
// not found, by reading the object again. Where it is there, only the part is missing.
// Where it is among the deleted items, it went while the run was on, and counts like any
// object that is not listed. Otherwise two answers of Graph contradict each other, as
// when a replica lags: the object was listed a moment ago, so it is not deleted; it is
// an exception as a whole and keeps its file until a list says otherwise.
func (c *children) settle(ctx context.Context, items []item) error {
	var owners []*item
	for i := range items {
		if items[i].err == nil && slices.ContainsFunc(items[i].unread, unread.notFound) {
			owners = append(owners, &items[i])
		}
	}
	answers, err := c.ask(ctx, owners, func(id string) string { return c.path(id, call{self: true}) })
	if err != nil {
		return err
	}
	var missing []*item
	for i, it := range owners {
		if err := answers[i].Err; errors.Is(err, entra.ErrNotFound) {
			it.err = fmt.Errorf("%s/%s: listed, and then not found: %w", c.res.Kind.Name, it.id, err)
			missing = append(missing, it)
		}
	}
	if c.res.Kind.Deletion.Mode != kind.DeleteSoft {
		return nil
	}
	answers, err = c.ask(ctx, missing, func(id string) string { return deletedPath(c.res.Kind, id, c.res.view.lacking) })
	if err != nil {
		return err
	}
	for i, it := range missing {
		it.gone = answers[i].Err == nil
	}
	return nil
}

// ask asks for each object at a path.
func (c *children) ask(ctx context.Context, items []*item, path func(id string) string) ([]graph.BatchResponse, error) {
	if len(items) == 0 {
		return nil, nil
	}
	reqs := make([]graph.BatchRequest, len(items))
	for i, it := range items {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: path(it.id)}
	}
	resps, err := c.src.Batch(ctx, reqs)
	if err != nil {
		return nil, fmt.Errorf("read owners of %s again: %w", c.res.Kind.Name, err)
	}
	for _, resp := range resps {
		if resp.Err != nil && fatal(ctx, resp.Err) {
			return nil, resp.Err
		}
	}
	return resps, nil
}

func (u unread) notFound() bool { return errors.Is(u.err, entra.ErrNotFound) }
