package clock

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// quiet is how long nothing must happen before simulated time goes on. It is the machine's
// own time, and only costs some of that: what happens later than that happens at a later
// simulated time, and nothing else changes.
const quiet = time.Millisecond

// Simulated is a clock that goes on when everybody who is under way waits for it, to the
// time that the first of them waits for. An hour of waiting takes as long as what is done
// in it. Requests that are under way hold it: see [Simulated.Transport].
type Simulated struct {
	mu       sync.Mutex
	now      time.Time
	sleepers map[*sleeper]bool
	held     int
	events   int // counts what happens, so that a moment in which nothing does is known
	watched  bool
}

// sleeper is somebody who waits.
type sleeper struct {
	until time.Time
	wake  chan struct{}
}

// NewSimulated is a simulated clock that shows a time.
func NewSimulated(now time.Time) *Simulated {
	return &Simulated{now: now, sleepers: map[*sleeper]bool{}}
}

// Now implements [Clock].
func (s *Simulated) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
	return s.now
}

// Sleep implements [Clock].
func (s *Simulated) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	me := &sleeper{wake: make(chan struct{})}
	s.mu.Lock()
	me.until = s.now.Add(d)
	s.sleepers[me] = true
	s.watch()
	s.mu.Unlock()
	select {
	case <-me.wake:
		return nil
	case <-ctx.Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.sleepers, me)
		return ctx.Err()
	}
}

// Hold makes time stand still until release is called: something is under way that takes
// none.
func (s *Simulated) Hold() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.held--
		s.watch()
	})
}

// watch notes that something happened, and looks again a little later; the caller holds
// the lock.
func (s *Simulated) watch() {
	s.events++
	if !s.watched && s.held == 0 && len(s.sleepers) > 0 {
		s.watched = true
		seen := s.events
		time.AfterFunc(quiet, func() { s.look(seen) })
	}
}

// look lets time go on where nothing has happened since.
func (s *Simulated) look(seen int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watched = false
	if s.events == seen && s.held == 0 {
		s.advance()
	}
	s.watch()
}

// advance goes to the time that somebody waits for first, and wakes all who wait for it.
func (s *Simulated) advance() {
	var first time.Time
	for one := range s.sleepers {
		if first.IsZero() || one.until.Before(first) {
			first = one.until
		}
	}
	if first.After(s.now) {
		s.now = first
	}
	for one := range s.sleepers {
		if !one.until.After(s.now) {
			delete(s.sleepers, one)
			close(one.wake)
		}
	}
}

// Transport carries requests in simulated time: each takes as long as latency says, however
// long it takes here. A nil next is [http.DefaultTransport].
func (s *Simulated) Transport(next http.RoundTripper, latency time.Duration) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return carrier{s, next, latency}
}

type carrier struct {
	clock   *Simulated
	next    http.RoundTripper
	latency time.Duration
}

// RoundTrip implements [http.RoundTripper].
func (c carrier) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := c.clock.Sleep(req.Context(), c.latency); err != nil {
		return nil, err
	}
	release := c.clock.Hold()
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		release()
		return nil, err
	}
	resp.Body = holding{resp.Body, release}
	return resp, nil
}

// holding is an answer's body: time stands still until it is read.
type holding struct {
	io.ReadCloser
	release func()
}

func (h holding) Close() error {
	defer h.release()
	return h.ReadCloser.Close()
}
