package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	entraclock "github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/graph"
)

// paced notes when each path came, on its own or in a batch, and how many of the paths
// with a rate there were in the largest batch.
type paced struct {
	mu    sync.Mutex
	clock entraclock.Clock
	at    []time.Time
	most  int
	// answer, when set, answers requests of their own.
	answer http.HandlerFunc
}

const conditionalAccess = "/identity/conditionalAccess/"

func (p *paced) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet {
		if strings.HasPrefix(r.URL.Path, "/v1.0"+conditionalAccess) {
			p.at = append(p.at, p.clock.Now())
		}
		if p.answer != nil {
			p.answer(w, r)
			return
		}
		fmt.Fprint(w, oneUser)
		return
	}
	var batch struct{ Requests []struct{ ID, URL string } }
	_ = json.NewDecoder(r.Body).Decode(&batch)
	answers, slow := "", 0
	for _, item := range batch.Requests {
		if strings.HasPrefix(item.URL, conditionalAccess) {
			p.at = append(p.at, p.clock.Now())
			slow++
		}
		answers += fmt.Sprintf(`,{"id":%q,"status":200,"body":{}}`, item.ID)
	}
	p.most = max(p.most, slow)
	fmt.Fprintf(w, `{"responses":[%s]}`, answers[1:])
}

func newPaced(t *testing.T, clock entraclock.Clock) (*paced, *graph.Client) {
	t.Helper()
	p := &paced{clock: clock}
	srv := httptest.NewUnstartedServer(p)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // of connections that a test ends
	srv.StartTLS()
	t.Cleanup(srv.Close)
	client, err := graph.New(graph.Config{
		BaseURL: srv.URL, Clock: clock, Credential: &credential{}, Transport: srv.Client().Transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, client
}

// Conditional Access takes one request a second, whoever asks and for what: lists,
// single objects, deleted ones, and references that are looked up among others in one
// batch. Everything else does not wait for it.
func TestRate(t *testing.T) {
	ctx := context.Background()
	p, client := newPaced(t, newClock())
	begun := p.clock.Now()
	for _, path := range []string{"policies", "namedLocations", "Policies"} {
		if _, err := collect(client.List(ctx, conditionalAccess+path, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Do(ctx, http.MethodGet, conditionalAccess+"deletedItems/policies/1", nil); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(p.at); i++ {
		if gap := p.at[i].Sub(p.at[i-1]); gap < time.Second {
			t.Errorf("request %d came %v after the one before", i, gap)
		}
	}
	var lookups []graph.BatchRequest
	for i := range 5 {
		for _, path := range []string{"/users/%d", conditionalAccess + "namedLocations/%d?$select=id", "/groups/%d"} {
			lookups = append(lookups, graph.BatchRequest{Method: "GET", Path: fmt.Sprintf(path, i)})
		}
	}
	if _, err := client.Batch(ctx, lookups); err != nil {
		t.Fatal(err)
	}
	if took := p.clock.Now().Sub(begun); len(p.at) != 9 || took < 8*time.Second || p.most != 1 {
		t.Errorf("%d paced requests in %v, %d in one batch; want 9 in 8 seconds, one in a batch", len(p.at), took, p.most)
	}
	before := p.clock.Now()
	for _, path := range []string{"/users/1", "/identity/conditionalAccess/policiesToo"} {
		if _, err := client.Get(ctx, path, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !p.clock.Now().Equal(before) {
		t.Error("a request without a rate waited")
	}
}

// sleepers is a clock on which nobody who waits is woken, until all are.
type sleepers struct {
	wake   chan struct{}
	asleep chan struct{}
}

func (s *sleepers) Now() time.Time { return time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC) }
func (s *sleepers) Sleep(ctx context.Context, _ time.Duration) error {
	s.asleep <- struct{}{}
	select {
	case <-s.wake:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// Requests that wait for their rate, or to be sent again at it, leave the places of the
// governor to the others.
func TestRateLeavesThePlaces(t *testing.T) {
	for name, answers := range map[string]http.HandlerFunc{
		"for the rate":     answer(200, oneUser),
		"to be sent again": answer(429, ""),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			clock := &sleepers{wake: make(chan struct{}), asleep: make(chan struct{}, 100)}
			p, client := newPaced(t, clock)
			p.answer = func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/users") {
					answer(200, oneUser)(w, r)
					return
				}
				answers(w, r)
			}
			var slow sync.WaitGroup
			for range 8 { // more than there are places at the start
				slow.Go(func() { _, _ = client.Get(ctx, conditionalAccess+"policies", nil) })
			}
			<-clock.asleep
			for range 20 {
				if _, err := client.Get(ctx, "/users", nil); err != nil {
					t.Fatalf("a request without a rate was held up: %v", err)
				}
			}
			cancel()
			slow.Wait()
		})
	}
}

// An emulator on this machine does not make tests wait.
func TestRateSparesThisMachine(t *testing.T) {
	client, c, srv := connect(t, answer(200, oneUser))
	for range 5 {
		if _, err := client.Get(context.Background(), conditionalAccess+"policies", nil); err != nil {
			t.Fatalf("%s: %v", srv.URL, err)
		}
	}
	if len(c.waits) > 0 {
		t.Errorf("waited %v", c.waits)
	}
}
