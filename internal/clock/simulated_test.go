package clock

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

var start = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// Hours of waiting pass at once, in the order in which they end, and everybody who wakes
// sees the time that was waited for.
func TestSimulatedTimePasses(t *testing.T) {
	c := NewSimulated(start)
	begun := time.Now()
	var mu sync.Mutex
	var woke []time.Duration
	var all sync.WaitGroup
	for _, hours := range []time.Duration{5, 1, 3, 1} {
		all.Go(func() {
			for range 2 {
				if err := c.Sleep(context.Background(), hours*time.Hour); err != nil {
					t.Error(err)
				}
				mu.Lock()
				woke = append(woke, c.Now().Sub(start)/time.Hour)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	want := []time.Duration{1, 1, 2, 2, 3, 5, 6, 10}
	for i := range want {
		if i >= len(woke) || woke[i] != want[i] {
			t.Fatalf("woke at %v, want %v", woke, want)
		}
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("ten hours took %s", took)
	}
}

// Time stands still while something is under way, and goes on after.
func TestSimulatedTimeIsHeld(t *testing.T) {
	c := NewSimulated(start)
	release := c.Hold()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.Sleep(context.Background(), time.Hour); err != nil {
			t.Error(err)
		}
	}()
	select {
	case <-done:
		t.Error("time went on")
	case <-time.After(50 * quiet):
	}
	release()
	release() // a second time means nothing
	<-done
	if got := c.Now().Sub(start); got != time.Hour {
		t.Errorf("%s have passed", got)
	}
}

func TestSimulatedSleepThatEnds(t *testing.T) {
	c := NewSimulated(start)
	defer c.Hold()()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) || !c.Now().Equal(start) {
		t.Errorf("%v at %s", err, c.Now())
	}
	if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
	if err := c.Sleep(context.Background(), 0); err != nil {
		t.Errorf("no time at all: %v", err)
	}
}

// A request takes the simulated time that it is said to take, however long it really takes.
func TestSimulatedTransport(t *testing.T) {
	c := NewSimulated(start)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(20 * quiet)
		_, _ = io.WriteString(w, c.Now().Sub(start).String())
	}))
	defer server.Close()
	client := http.Client{Transport: c.Transport(nil, 100*time.Millisecond)}
	var all sync.WaitGroup
	all.Go(func() { _ = c.Sleep(context.Background(), time.Hour) })
	for _, want := range []string{"100ms", "200ms"} {
		resp, err := client.Get(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * quiet)
		body, err := io.ReadAll(resp.Body)
		if err != nil || string(body) != want {
			t.Errorf("%q, %v, want %s", body, err, want)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	server.Close()
	if _, err := client.Get(server.URL); err == nil {
		t.Error("nobody answers")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Transport.RoundTrip(req); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: %v", err)
	}
}
