package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/graph"
)

// paced notes when each request came, and how many there were in the largest batch.
type paced struct {
	mu    sync.Mutex
	clock *clock
	at    []time.Time
	most  int
}

func (p *paced) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodGet {
		p.at = append(p.at, p.clock.Now())
		fmt.Fprint(w, oneUser)
		return
	}
	var batch struct{ Requests []struct{ ID string } }
	_ = json.NewDecoder(r.Body).Decode(&batch)
	answers := ""
	p.most = max(p.most, len(batch.Requests))
	for _, item := range batch.Requests {
		answers += fmt.Sprintf(`,{"id":%q,"status":200,"body":{}}`, item.ID)
	}
	fmt.Fprintf(w, `{"responses":[%s]}`, answers[1:])
}

// Endpoints that take one request a second get no more, whoever asks and however
// many are asked for at once.
func TestRate(t *testing.T) {
	ctx := context.Background()
	p := &paced{clock: newClock()}
	srv := httptest.NewTLSServer(p)
	t.Cleanup(srv.Close)
	client, err := graph.New(graph.Config{
		BaseURL: srv.URL, Clock: p.clock, Credential: &credential{}, Transport: srv.Client().Transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	slow := graph.WithRate(ctx, 1)
	for range 3 {
		if _, err := collect(client.List(slow, "/identity/conditionalAccess/policies", nil)); err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i < len(p.at); i++ {
		if gap := p.at[i].Sub(p.at[i-1]); gap < time.Second {
			t.Errorf("request %d came %v after the one before", i, gap)
		}
	}
	reqs := make([]graph.BatchRequest, 5)
	for i := range reqs {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: fmt.Sprintf("/identity/conditionalAccess/policies/%d", i)}
	}
	if _, err := client.Batch(slow, reqs); err != nil {
		t.Fatal(err)
	}
	if p.most != 1 {
		t.Errorf("a batch asked %d things in one second", p.most)
	}
	before := p.clock.Now()
	if _, err := client.Get(graph.WithRate(ctx, 0), "/users/1", nil); err != nil {
		t.Fatal(err)
	}
	if !p.clock.Now().Equal(before) {
		t.Error("a request without a rate waited")
	}
}

// An emulator on this machine does not make tests wait.
func TestRateSparesThisMachine(t *testing.T) {
	client, c, srv := connect(t, answer(200, oneUser))
	for range 5 {
		if _, err := client.Get(graph.WithRate(context.Background(), 1), "/x", nil); err != nil {
			t.Fatalf("%s: %v", srv.URL, err)
		}
	}
	if len(c.waits) > 0 {
		t.Errorf("waited %v", c.waits)
	}
}
