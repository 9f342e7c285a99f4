package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/entragit/entragit/internal/graph"
)

// Batcher sends requests that do not depend on each other together. Their answers are in
// the order of the requests.
type Batcher interface {
	Batch(ctx context.Context, requests []graph.BatchRequest) ([]graph.BatchResponse, error)
}

// mostTogether is how many requests go into one batch: Graph's limit
// (https://learn.microsoft.com/graph/json-batching).
const mostTogether = 20

// courier sends the requests of steps that are made at the same time. Those that wait for
// it go together: when they fill a batch, or when nobody is left who could add to it. A
// request by itself goes as it is, and so does one of those that Graph takes one by one.
type courier struct {
	writer  Writer
	batcher Batcher // nil sends every request by itself

	mu    sync.Mutex
	busy  int // how many could add a request
	queue []*parcel
}

// parcel is a request that waits to be sent.
type parcel struct {
	ctx     context.Context
	request graph.BatchRequest
	answer  []byte
	err     error
	done    chan struct{}
}

// enter says that somebody may have requests from now on.
func (c *courier) enter() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy++
}

// leave says that somebody will have none, or none for a while.
func (c *courier) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy--
	c.dispatch()
}

// aside does something that takes a while, and that nobody's request is to wait for.
func (c *courier) aside(f func()) {
	c.leave()
	defer c.enter()
	f()
}

// Do implements [Writer].
func (c *courier) Do(ctx context.Context, method, path string, body []byte) (answer []byte, err error) {
	if c.batcher == nil || graph.Paced(path) || len(body) > 0 && !json.Valid(body) {
		c.aside(func() { answer, err = c.writer.Do(ctx, method, path, body) })
		return answer, err
	}
	p := &parcel{ctx: ctx, request: graph.BatchRequest{Method: method, Path: path, Body: body}, done: make(chan struct{})}
	c.mu.Lock()
	c.queue = append(c.queue, p)
	c.busy--
	c.dispatch()
	c.mu.Unlock()
	<-p.done
	return p.answer, p.err
}

// dispatch sends what should not wait any longer; the caller holds the lock.
func (c *courier) dispatch() {
	for len(c.queue) >= mostTogether || c.busy == 0 && len(c.queue) > 0 {
		some := c.queue[:min(len(c.queue), mostTogether)]
		c.queue = c.queue[len(some):]
		go c.carry(some)
	}
}

// carry sends requests, and gives each its answer.
func (c *courier) carry(some []*parcel) {
	if p := some[0]; len(some) == 1 {
		p.answer, p.err = c.writer.Do(p.ctx, p.request.Method, p.request.Path, p.request.Body)
	} else {
		c.together(some)
	}
	c.mu.Lock()
	c.busy += len(some)
	c.mu.Unlock()
	for _, p := range some {
		close(p.done)
	}
}

// together sends requests in one batch.
func (c *courier) together(some []*parcel) {
	requests := make([]graph.BatchRequest, len(some))
	for i, p := range some {
		requests[i] = p.request
	}
	answers, err := c.batcher.Batch(some[0].ctx, requests)
	for i, p := range some {
		switch {
		case err != nil:
			p.err = fmt.Errorf("%s %s, in a batch: %w", p.request.Method, p.request.Path, err)
		case answers[i].Err != nil:
			p.err = answers[i].Err
		default:
			p.answer = answers[i].Body
		}
	}
}
