package graph

import (
	"context"
	"sync"
)

// Bounds of the governor. Graph publishes quotas but no concurrency; sixteen
// requests in flight at 100 ms each reach the read quota of a large tenant.
const (
	startLimit = 4
	leastLimit = 1
	mostLimit  = 16
)

// pressure is what an answer says about the tenant's quota.
type pressure int

const (
	calm    pressure = iota // room to grow
	tight                   // close to the limit: do not grow
	blocked                 // throttled: back down
)

// governor bounds the requests in flight, over all calls of a client. It grows by
// one for each round of calm answers and halves when throttled (additive increase,
// multiplicative decrease). Who keeps a place for how long is for [place] to say.
type governor struct {
	mu      sync.Mutex
	limit   float64
	running int
	epoch   int             // number of halvings
	waiting []chan struct{} // first in, first out
}

func newGovernor() *governor { return &governor{limit: startLimit} }

// enter waits for a place.
func (g *governor) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if len(g.waiting) == 0 && g.running < int(g.limit) {
		g.running++
		g.mu.Unlock()
		return nil
	}
	place := make(chan struct{})
	g.waiting = append(g.waiting, place)
	g.mu.Unlock()
	select {
	case <-place:
		return nil
	case <-ctx.Done():
		g.abandon(place)
		return ctx.Err()
	}
}

// abandon takes a waiter out of the queue, or passes on the place it was just
// given.
func (g *governor) abandon(place chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, p := range g.waiting {
		if p == place {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			return
		}
	}
	g.running--
	g.admit()
}

// leave gives a place back.
func (g *governor) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.admit()
}

// start returns the mark that learn takes for a request sent now.
func (g *governor) start() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.epoch
}

// learn adapts the limit to an answer. Of the requests that were in flight together
// only the first throttled one halves it: they all tell the same news.
func (g *governor) learn(mark int, p pressure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case p == calm && mark == g.epoch:
		g.limit = min(g.limit+1/g.limit, mostLimit)
		g.admit()
	case p == blocked && mark == g.epoch:
		g.limit = max(g.limit/2, leastLimit)
		g.epoch++
	}
}

// admit lets waiters in; the caller holds the lock.
func (g *governor) admit() {
	for len(g.waiting) > 0 && g.running < int(g.limit) {
		close(g.waiting[0])
		g.waiting = g.waiting[1:]
		g.running++
	}
}
