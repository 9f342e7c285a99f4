package graph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
)

func TestGovernorGrowsAndHalves(t *testing.T) {
	g := newGovernor()
	for range 8 {
		g.learn(g.start(), calm)
	}
	if g.limit <= startLimit+1 || g.limit > startLimit+2 {
		t.Errorf("limit %.2f after two rounds of calm answers, want between 5 and 6", g.limit)
	}
	g.limit = 12
	mark := g.start()
	for range 5 { // five requests that were in flight together
		g.learn(mark, blocked)
	}
	if g.limit != 6 {
		t.Errorf("limit %.2f after one burst of throttling, want 6", g.limit)
	}
	g.learn(mark, calm) // sent before the burst: old news
	g.learn(g.start(), tight)
	if g.limit != 6 {
		t.Errorf("limit %.2f, want no growth from old or tight answers", g.limit)
	}
	for range 10 {
		g.learn(g.start(), blocked)
	}
	if g.limit != leastLimit {
		t.Errorf("limit %.2f, want the least", g.limit)
	}
	for range 1000 {
		g.learn(g.start(), calm)
	}
	if g.limit != mostLimit {
		t.Errorf("limit %.2f, want the most", g.limit)
	}
}

func TestGovernorHoldsTheLimit(t *testing.T) {
	g := newGovernor()
	g.limit = 3
	var (
		mu         sync.Mutex
		now, worst int
		wg         sync.WaitGroup
	)
	for range 50 {
		wg.Go(func() {
			if err := g.enter(context.Background()); err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			now++
			worst = max(worst, now)
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
			g.leave()
		})
	}
	wg.Wait()
	if worst != 3 || g.running != 0 {
		t.Errorf("%d at once, want 3; %d left behind", worst, g.running)
	}
}

func TestGovernorLetsWaitersGo(t *testing.T) {
	g := newGovernor()
	g.limit = 1
	if err := g.enter(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	left := make(chan error)
	go func() { left <- g.enter(ctx) }()
	for waiting := 0; waiting == 0; {
		g.mu.Lock()
		waiting = len(g.waiting)
		g.mu.Unlock()
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	g.leave()
	if g.running != 0 || len(g.waiting) != 0 {
		t.Errorf("%d running, %d waiting, want none", g.running, len(g.waiting))
	}
	// A place that was given to a waiter who had already gone is passed on.
	place := make(chan struct{})
	g.running = 1
	g.abandon(place)
	if g.running != 0 {
		t.Errorf("%d running, want the place back", g.running)
	}
}

func TestGovernorAdmitsWhenItGrows(t *testing.T) {
	g := newGovernor()
	g.limit, g.running = 1, 1
	place := make(chan struct{})
	g.waiting = append(g.waiting, place)
	g.learn(g.start(), calm)
	select {
	case <-place:
	default:
		t.Error("a new place and nobody let in")
	}
}

// What answers say reaches the governor, also from inside a batch.
func TestGovernorHearsOfThrottling(t *testing.T) {
	throttled := map[string]string{
		"/v1.0/users":  `{"error":{"code":"TooManyRequests"}}`,
		"/v1.0/$batch": `{"responses":[{"id":"0","status":429,"headers":{"Retry-After":"1"}}]}`,
	}
	for path, body := range throttled {
		first := true
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			status := http.StatusOK
			if !first {
				body = `{"responses":[{"id":"0","status":200,"body":{}}]}`
			} else if !strings.HasSuffix(path, "batch") {
				status = http.StatusTooManyRequests
			}
			first = false
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		client, err := New(Config{BaseURL: srv.URL, Clock: noWait{}})
		if err != nil {
			t.Fatal(err)
		}
		client.governor.limit = 10
		if strings.HasSuffix(path, "batch") {
			_, err = client.Batch(context.Background(), []BatchRequest{{Method: "GET", Path: "/users"}})
		} else {
			_, err = client.Get(context.Background(), "/users", nil)
		}
		srv.Close()
		if limit := client.governor.limit; err != nil || limit < 5 || limit > 6 {
			t.Errorf("%s: limit %.2f after a 429 and an answer, want half and a little (%v)", path, limit, err)
		}
	}
}

type noWait struct{ clock.System }

func (noWait) Sleep(context.Context, time.Duration) error { return nil }

// The last gate before the wire holds even if everything before it is wrong.
func TestWireHoldsTheEndpoint(t *testing.T) {
	client, err := New(Config{BaseURL: "http://127.0.0.1:1", Clock: noWait{}})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := &url.URL{Scheme: "http", Host: "127.0.0.1:2", Path: "/v1.0/users"}
	err = client.send(context.Background(), call{method: http.MethodGet, url: elsewhere})
	if !errors.Is(err, entra.ErrUnsafe) || client.Requests() != 0 {
		t.Errorf("got %v after %d requests, want ErrUnsafe before the first", err, client.Requests())
	}
}

func TestShorten(t *testing.T) {
	if got := shorten(" a\n\tb.  "); got != "a b" {
		t.Errorf("got %q", got)
	}
	got := shorten(strings.Repeat("ä", 400))
	if len(got) > maxMessage+len("…") || !utf8.ValidString(got) || !strings.HasSuffix(got, "ä…") {
		t.Errorf("got %d bytes: %q", len(got), got)
	}
}

func TestPressure(t *testing.T) {
	cases := []struct {
		status int
		used   string
		want   pressure
	}{
		{200, "", calm}, {404, "", calm}, {200, "0.8", tight}, {200, "0.89", tight}, {200, "0.9", blocked}, {200, "1.0", blocked}, {200, "1.7", blocked},
		{200, "much", calm}, {429, "", blocked}, {503, "", blocked}, {500, "", tight}, {0, "", tight},
	}
	for _, tc := range cases {
		header := http.Header{}
		if tc.used != "" {
			header.Set("x-ms-throttle-limit-percentage", tc.used)
		}
		if got := pressureOf(tc.status, header.Get(limitPercentage)); got != tc.want {
			t.Errorf("%d %q: got %d, want %d", tc.status, tc.used, got, tc.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	cases := []struct {
		header string
		want   time.Duration
		ok     bool
	}{
		{"0", 0, true}, {" 3 ", 3 * time.Second, true}, {"2.5", 2500 * time.Millisecond, true},
		{"86400", longestRetryAfter, true}, {"+Inf", longestRetryAfter, true},
		{"Thu, 01 Oct 2026 06:00:09 GMT", 9 * time.Second, true},
		{"Thu, 01 Oct 2026 05:00:00 GMT", 0, true}, {"Fri, 02 Oct 2026 06:00:00 GMT", longestRetryAfter, true},
		{"", 0, false}, {"NaN", 0, false}, {"-1", 0, false}, {"-Inf", 0, false}, {"1 minute", 0, false},
	}
	for _, tc := range cases {
		if got, ok := retryAfter(tc.header, now); got != tc.want || ok != tc.ok {
			t.Errorf("%q: got %v, %t, want %v, %t", tc.header, got, ok, tc.want, tc.ok)
		}
	}
}

func TestBackoffDoublesToACap(t *testing.T) {
	for attempt := 1; attempt <= 40; attempt++ {
		full := time.Duration(math.Min(float64(firstWait)*math.Pow(2, float64(attempt-1)), float64(longestWait)))
		if got := backoff(attempt); got < full/2 || got > full {
			t.Errorf("attempt %d: %v, want between %v and %v", attempt, got, full/2, full)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"value":[{"id":"1"},2,null],"@odata.nextLink":"x"}`, `{"value":[]}`, `{}`, ``, `null`, `[]`, `{"value":[`,
		`{"error":{"code":"x","message":null,"innerError":{"code":"y","request-id":1},"details":[1,{}]}}`,
		`{"error":[{}]}`, `{"error":{"innerError":[],"code":{"a":1}}}`, `{"error":{"code":1,"message":["x"]}}`,
		`{"responses":[{"id":"0","status":429,"headers":{"Retry-After":3},"body":{"error":{}}}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		new(Error).describe(parseOData(data))
		items := []*item{{call: batchCall(endpoint{})}}
		if decodeBatch(data, items) == nil && items[0].answer.Status == 0 && items[0].answer.Err == nil {
			t.Error("an item without an answer and without an error")
		}
		p, err := parsePage(data)
		if err != nil {
			return
		}
		for _, item := range p.items {
			if checkJSON([]byte(`{"item":`+string(item)+`}`)) != nil {
				t.Errorf("item %q of page %q is not JSON", item, data)
			}
		}
	})
}

func BenchmarkParsePage(b *testing.B) {
	item := `{"id":"3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22","displayName":"Adele Vance","mail":"adele@contoso.com",` +
		`"businessPhones":["+1 425 555 0109"],"assignedLicenses":[{"skuId":"x","disabledPlans":[]}],"accountEnabled":true}`
	body := []byte(`{"value":[` + item)
	for range 998 {
		body = append(append(body, ','), item...)
	}
	body = append(body, `]}`...)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if p, err := parsePage(body); err != nil || len(p.items) != 999 {
			b.Fatal(err)
		}
	}
}
