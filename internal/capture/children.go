package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// call is a read that one object needs: of a link, of a contained collection, or of
// the object itself where its list leaves parts out.
type call struct {
	name string
	link bool
	// single marks a call for a single resource that may not exist.
	single bool
	self   bool
	// itself is the id of what the list shows although it is the object itself.
	itself string
	// unlisted is what a person calls the targets that the link's list leaves out and this call
	// adds; empty for the list itself.
	unlisted string
	// timed finds the targets of the link that are no part of it.
	timed *kind.Timed
	// when limits the call to objects that meet every condition, and of those that meet hidden
	// Graph leaves targets out for lack of a permission.
	when, hidden []kind.Condition
	// below leads from the object to the part that is read, a segment each.
	below []string
	query url.Values
}

// part is what an exception calls what the call reads.
func (c call) part() string {
	switch {
	case c.self:
		return ""
	case c.link:
		return entra.SectionLinks + "/" + c.name
	}
	return entra.SectionContained + "/" + c.name
}

const (
	// maxLinkPage is the largest page that directory objects accept.
	maxLinkPage = 999
	// window bounds how many requests are gathered before they are sent: sixteen batches
	// of Graph's twenty, so that several can be under way.
	window = 16 * 20
)

func childCalls(k *kind.Kind) []call {
	var calls []call
	if k.ReadSingly {
		calls = append(calls, call{self: true})
	}
	for _, l := range k.Links {
		q := url.Values{"$select": {"id"}}
		if !l.Single && k.Top == maxLinkPage {
			q.Set("$top", strconv.Itoa(maxLinkPage))
		}
		calls = append(calls, call{name: l.Name, single: l.Single, link: true, hidden: l.Hidden, below: []string{l.Name}, query: q})
		for _, u := range l.Unlisted {
			calls = append(calls, call{
				name: l.Name, link: true, unlisted: u.Plural, when: u.When, hidden: l.Hidden, below: []string{l.Name, u.Type}, query: q,
			})
		}
		if l.Timed != nil {
			calls = append(calls, call{name: l.Name, link: true, timed: l.Timed, when: l.Timed.When})
		}
	}
	for _, c := range k.Contained {
		if c.Inline {
			continue
		}
		q := url.Values{}
		if len(c.Expand) > 0 {
			q.Set("$expand", strings.Join(c.Expand, ","))
		}
		calls = append(calls, call{name: c.Name, single: c.Single, itself: c.Itself, when: c.When, below: []string{c.Name}, query: q})
	}
	return calls
}

// children reads the links and contained collections of objects by $batch. Objects
// wait until a window of requests is full, and leave in the order they came.
type children struct {
	src     Source
	res     *result
	waiting []item
	pending int // requests that the waiting objects need
	window  int
}

func newChildren(src Source, res *result) *children {
	c := &children{src: src, res: res}
	if n := len(res.view.calls); n > 0 {
		// A whole number of objects fills a whole number of batches.
		c.window = max(window/(20*n), 1) * 20 * n
	}
	return c
}

func (c *children) add(it item) {
	c.waiting = append(c.waiting, it)
	if it.err != nil {
		return
	}
	for _, call := range c.res.view.calls {
		if meets(it.raw.Body, call.when) {
			c.pending++
		}
	}
}

// full reports whether the next flush would send whole batches only, or nothing has
// to be sent at all.
func (c *children) full() bool {
	return c.pending+len(c.res.view.calls) > c.window || len(c.waiting) >= window
}

// flush sends what is pending and returns the objects with their children. What one
// object does not give costs that object's part and nothing else.
func (c *children) flush(ctx context.Context) ([]item, error) {
	items := c.waiting
	c.waiting, c.pending = nil, 0
	reqs, owners := c.requests(items)
	if len(reqs) == 0 {
		c.noteMissed(items)
		return items, nil
	}
	resps, err := c.src.Batch(ctx, reqs)
	if err != nil {
		return nil, fmt.Errorf("read links of %s: %w", c.res.Kind.Name, err)
	}
	for i, resp := range resps {
		it, call := &items[owners[i].item], owners[i].call
		err := c.take(ctx, it, call, resp)
		switch {
		case err == nil:
		case fatal(ctx, err):
			return nil, err
		case call.self:
			it.err = fmt.Errorf("%s/%s: %w", c.res.Kind.Name, it.id, err)
		default:
			it.miss(call, fmt.Errorf("%s/%s: %w", c.res.Kind.Name, it.id, call.of(err)))
		}
	}
	for _, o := range owners {
		switch it := &items[o.item]; {
		case o.call.self:
		case it.missed(o.call.part()) && o.call.link:
			it.halve(o.call)
		case it.missed(o.call.part()):
		default:
			c.res.part(o.call.part()).gave(it.id)
		}
	}
	if err := c.settle(ctx, items); err != nil {
		return nil, err
	}
	if err := c.streams(ctx, items); err != nil {
		return nil, err
	}
	c.noteMissed(items)
	return items, nil
}

// noteMissed counts what objects did not give.
func (c *children) noteMissed(items []item) {
	for i := range items {
		for _, u := range items[i].unread {
			if u.asked && items[i].err == nil {
				c.res.part(u.part).missed(items[i].id, u.err)
			}
		}
	}
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
		it := &items[i]
		for _, call := range c.res.view.calls {
			if it.err != nil || !meets(it.raw.Body, call.when) {
				continue
			}
			if p := c.res.part(call.part()); !call.self && p.closed() != nil {
				p.unasked++
				it.unread = append(it.unread, unread{part: call.part(), err: p.closed()})
				continue
			}
			if lacking := c.res.view.hides(it, call); len(lacking) > 0 {
				it.miss(call, notGranted(lacking))
				continue
			}
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: c.path(it.id, call)})
			owners = append(owners, owner{i, call})
		}
	}
	return reqs, owners
}

func (c *children) path(id string, call call) string {
	v := c.res.view
	if call.timed != nil {
		return withQuery(call.timed.Path, url.Values{"$filter": {strings.ReplaceAll(call.timed.Filter, "{id}", id)}})
	}
	if call.self {
		return withQuery(v.object(id), v.query())
	}
	return withQuery(v.object(id, call.below...), call.query)
}

// take puts one response into its object.
func (c *children) take(ctx context.Context, it *item, call call, resp graph.BatchResponse) error {
	switch {
	case call.timed != nil:
		return c.leaveTimed(ctx, it, call, resp)
	case call.self:
		// 404 of what was listed a moment ago may be a replica that lags: it is no deletion
		// until the list says so.
		if resp.Err != nil {
			return resp.Err
		}
		it.raw.Body = resp.Body
		return nil
	case call.single && errors.Is(resp.Err, entra.ErrNotFound):
		return it.put(call, none)
	case resp.Err != nil:
		return resp.Err
	case call.single:
		return it.put(call, one(resp.Body))
	}
	return it.put(call, c.src.Items(ctx, resp.Body))
}

// one is a sequence of one body.
func one(body []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { yield(body, nil) }
}

func none(func([]byte, error) bool) {}

// put gives an object its targets or its contained objects. Of a target only the id is
// kept.
func (it *item) put(call call, bodies iter.Seq2[[]byte, error]) error {
	var ids []string
	var elements [][]byte
	for body, err := range bodies {
		if err != nil {
			return err
		}
		if !call.link && call.itself != "" && call.itself == stringProperty(body, "id") {
			continue
		}
		if !call.link {
			elements = append(elements, bytes.Clone(body))
		} else if id := stringProperty(body, "id"); id != "" {
			ids = append(ids, id)
		}
	}
	if call.link {
		it.setLink(call.name, it.joined(call, ids))
	} else {
		it.setContained(call.name, elements)
	}
	return nil
}

func (it *item) setLink(name string, ids []string) {
	if it.raw.Links == nil {
		it.raw.Links = map[string][]string{}
	}
	it.raw.Links[name] = ids
}

func (it *item) setContained(name string, elements [][]byte) {
	if it.raw.Contained == nil {
		it.raw.Contained = map[string][][]byte{}
	}
	it.raw.Contained[name] = elements
}
