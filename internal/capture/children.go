package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// children reads the links and contained collections of objects by $batch. Objects
// wait until a window of requests is full, and leave in the order they came.
type children struct {
	src     Source
	res     *result
	calls   []call
	waiting []item
	pending int // requests that the waiting objects need
}

func (c *children) add(it item) {
	c.waiting = append(c.waiting, it)
	c.pending += len(c.calls)
}

// full reports whether the next flush would send whole batches only, or nothing has
// to be sent at all.
func (c *children) full() bool { return len(c.calls) == 0 || c.pending+len(c.calls) > window }

// flush sends what is pending and returns the objects complete with their children.
func (c *children) flush(ctx context.Context) ([]item, error) {
	items := c.waiting
	c.waiting, c.pending = nil, 0
	reqs, owners := c.requests(items)
	if len(reqs) == 0 {
		return items, nil
	}
	resps, err := c.src.Batch(ctx, reqs)
	if err != nil {
		return nil, fmt.Errorf("read links of %s: %w", c.res.Kind.Name, err)
	}
	for i, resp := range resps {
		o := owners[i]
		if err := c.take(ctx, &items[o.item], o.call, resp); err != nil {
			if fatal(ctx, err) {
				return nil, err
			}
			c.res.fail(o.call.name, fmt.Errorf("%s/%s: %w", c.res.Kind.Name, items[o.item].id, err))
			items[o.item].unread = append(items[o.item].unread, o.call.name)
		}
	}
	return items, nil
}

// owner says whose child a request reads.
type owner struct {
	item int
	call call
}

func (c *children) requests(items []item) ([]graph.BatchRequest, []owner) {
	var reqs []graph.BatchRequest
	var owners []owner
	for i := range items {
		for _, call := range c.calls {
			if err := c.res.closed(call.name); err != nil {
				c.res.fail(call.name, err)
				items[i].unread = append(items[i].unread, call.name)
				continue
			}
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: objectPath(c.res.Kind, items[i].id) + call.suffix})
			owners = append(owners, owner{i, call})
		}
	}
	return reqs, owners
}

// take puts one response into its object.
func (c *children) take(ctx context.Context, it *item, call call, resp graph.BatchResponse) error {
	if call.single {
		return takeSingle(it, call, resp)
	}
	if resp.Err != nil {
		return resp.Err
	}
	var bodies [][]byte
	for body, err := range c.src.Items(ctx, resp.Body) {
		if err != nil {
			return err
		}
		bodies = append(bodies, bytes.Clone(body))
	}
	it.put(call, bodies)
	return nil
}

// takeSingle takes a link of at most one target: Graph answers 404 when there is none.
func takeSingle(it *item, call call, resp graph.BatchResponse) error {
	if errors.Is(resp.Err, entra.ErrNotFound) {
		it.put(call, nil)
		return nil
	}
	if resp.Err != nil {
		return resp.Err
	}
	it.put(call, [][]byte{resp.Body})
	return nil
}

func (it *item) put(call call, bodies [][]byte) {
	if !call.link {
		if it.raw.Contained == nil {
			it.raw.Contained = map[string][][]byte{}
		}
		it.raw.Contained[call.name] = bodies
		return
	}
	if it.raw.Links == nil {
		it.raw.Links = map[string][]string{}
	}
	ids := make([]string, 0, len(bodies))
	for _, body := range bodies {
		if id := stringProperty(body, "id"); id != "" {
			ids = append(ids, id)
		}
	}
	it.raw.Links[call.name] = ids
}
