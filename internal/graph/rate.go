package graph

import (
	"context"
	"strings"
	"time"
)

// rate is a number of requests a second that Graph takes below some paths, from all
// applications of the tenant together.
type rate struct {
	perSecond int
	paths     []string // after the version, in lower case: Graph does not tell cases apart
}

// rates are the limits that have to be kept unasked, because Graph does not say when to
// try again (https://learn.microsoft.com/graph/throttling-limits, "Identity protection
// and Conditional Access"). Where it does, the governor listens.
var rates = []*rate{
	{perSecond: 1, paths: []string{
		"/identity/conditionalaccess/deleteditems",
		"/identity/conditionalaccess/namedlocations",
		"/identity/conditionalaccess/policies",
		"/identityprotection",
	}},
}

// rateOf returns the rate that holds for the path of a URL; nil for none.
func rateOf(path string) *rate {
	path = strings.ToLower(strings.TrimPrefix(path, version))
	for _, r := range rates {
		for _, prefix := range r.paths {
			if rest, below := strings.CutPrefix(path, prefix); below && (rest == "" || rest[0] == '/') {
				return r
			}
		}
	}
	return nil
}

// pacer spaces the requests of one rate: each is let on its way no sooner than the
// rate allows after the one before it.
type pacer struct {
	turn chan struct{} // holds the turn of the one request that waits for next
	next time.Time     // when the next request may be sent
}

func newPacers() map[*rate]*pacer {
	pacers := make(map[*rate]*pacer, len(rates))
	for _, r := range rates {
		pacers[r] = &pacer{turn: make(chan struct{}, 1)}
	}
	return pacers
}

// rateFor returns the rate that a path has to be paced at. Requests to this machine do
// not wait.
func (c *Client) rateFor(path string) *rate {
	if !c.paces {
		return nil
	}
	return rateOf(path)
}

// place is a call's place in the governor. A call holds it while it waits to be sent
// again: the more calls wait, the fewer are sent. A paced call does not, because what
// it waits for says nothing about the others.
type place struct {
	client *Client
	call   call
	held   bool
}

// enter waits until the call may be sent: for its rate first, and only then for the
// governor.
func (p *place) enter(ctx context.Context) error {
	if p.held {
		return nil
	}
	err := p.client.enter(ctx, p.call)
	p.held = err == nil
	return err
}

// answered gives the place up if the call is to hold none until it is sent again.
func (p *place) answered() {
	if p.call.rate != nil {
		p.leave()
	}
}

func (p *place) leave() {
	if p.held {
		p.held = false
		p.client.governor.leave()
	}
}

// enter waits for the rate of a call, if it has one, and for the governor.
func (c *Client) enter(ctx context.Context, k call) error {
	p := c.pacers[k.rate]
	if p == nil {
		return c.governor.enter(ctx)
	}
	select {
	case p.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.turn }()
	if wait := p.next.Sub(c.clock.Now()); wait > 0 {
		if err := c.clock.Sleep(ctx, wait); err != nil {
			return err
		}
	}
	if err := c.governor.enter(ctx); err != nil {
		return err
	}
	n := max(len(k.items), 1)
	p.next = c.clock.Now().Add(time.Duration(n) * time.Second / time.Duration(k.rate.perSecond))
	return nil
}

// Paced reports whether Graph takes requests of a path one by one, at a rate of its own: in
// a batch they gain nothing. The path is relative to the version.
func Paced(path string) bool { return rateOf(path) != nil }
