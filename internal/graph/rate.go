package graph

import (
	"context"
	"sync"
	"time"
)

type rateKey struct{}

// WithRate returns a context whose requests keep to a number a second, with all others
// of the client that keep to the same number. A batch sends so many at a time. It is
// for endpoints whose limit all applications of a tenant share and which do not say
// when to try again. Requests to this machine do not wait.
func WithRate(ctx context.Context, perSecond int) context.Context {
	if perSecond <= 0 {
		return ctx
	}
	return context.WithValue(ctx, rateKey{}, perSecond)
}

func rateOf(ctx context.Context) int {
	rate, _ := ctx.Value(rateKey{}).(int)
	return rate
}

// pacer spaces requests, by rate.
type pacer struct {
	mu   sync.Mutex
	next map[int]time.Time // when the next request may be sent
}

// reserve takes the next n places of a rate and returns how long to wait for them.
func (p *pacer) reserve(now time.Time, rate, n int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = map[int]time.Time{}
	}
	at := p.next[rate]
	if at.Before(now) {
		at = now
	}
	p.next[rate] = at.Add(time.Duration(n) * time.Second / time.Duration(rate))
	return at.Sub(now)
}

// pace waits until n requests may be sent at the rate of the context.
func (c *Client) pace(ctx context.Context, n int) error {
	rate := rateOf(ctx)
	if rate == 0 || !c.endpoint.secure() {
		return nil
	}
	if wait := c.pacer.reserve(c.clock.Now(), rate, n); wait > 0 {
		return c.clock.Sleep(ctx, wait)
	}
	return nil
}
