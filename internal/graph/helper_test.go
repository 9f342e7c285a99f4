package graph_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/entragit/entragit/internal/graph"
)

// clock waits in no time and remembers for how long.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	waits []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.waits = append(c.waits, d)
	return ctx.Err()
}

// steps answers the n-th request with the n-th handler, and all later ones with the
// last.
type steps struct {
	mu       sync.Mutex
	handlers []http.HandlerFunc
	seen     []*http.Request
}

func (s *steps) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	h := s.handlers[min(len(s.seen), len(s.handlers)-1)]
	s.seen = append(s.seen, r)
	s.mu.Unlock()
	h(w, r)
}

func (s *steps) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

// answer writes a status, headers as name and value in turn, and a body.
func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func errorBody(code, message string) string {
	return fmt.Sprintf(`{"error":{"code":%q,"message":%q,"innerError":{"request-id":"inner-1"}}}`, code, message)
}

// connect returns a client of a server on loopback http, and its clock.
func connect(t *testing.T, h http.Handler, change ...func(*graph.Config)) (*graph.Client, *clock, *httptest.Server) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c := newClock()
	cfg := graph.Config{BaseURL: srv.URL, UserAgent: "entragit/test", Clock: c}
	for _, f := range change {
		f(&cfg)
	}
	client, err := graph.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client, c, srv
}

// credential hands out token-1, token-2 … and a new one only when it is asked for
// with claims, as azidentity's cache does.
type credential struct {
	mu     sync.Mutex
	issued int
	claims []string
	err    error
}

func (c *credential) GetToken(_ context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.issued == 0 || o.Claims != "" {
		c.issued++
		c.claims = append(c.claims, o.Claims)
	}
	return azcore.AccessToken{Token: fmt.Sprintf("token-%d", c.issued), ExpiresOn: time.Now().Add(time.Hour)}, c.err
}

// connectTLS returns a client that has to sign in.
func connectTLS(t *testing.T, h http.Handler, cred azcore.TokenCredential) (*graph.Client, *httptest.Server) {
	t.Helper()
	srv := httptest.NewTLSServer(h)
	t.Cleanup(srv.Close)
	client, err := graph.New(graph.Config{
		BaseURL: srv.URL, UserAgent: "entragit/test", Clock: newClock(), Credential: cred,
		Transport: srv.Client().Transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client, srv
}

// collect reads a sequence to its end.
func collect(seq iter.Seq2[[]byte, error]) (items []string, err error) {
	for item, e := range seq {
		if e != nil {
			return items, e
		}
		items = append(items, string(item))
	}
	return items, nil
}
