package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

func TestDoSendsTheBody(t *testing.T) {
	var got, length, kind string
	srv := &steps{handlers: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, length, kind = string(body), r.Header.Get("Content-Length"), r.Header.Get("Content-Type")
		if r.ContentLength != int64(len(body)) || r.Header.Get("Content-Encoding") != "" {
			t.Errorf("length %d, encoding %q", r.ContentLength, r.Header.Get("Content-Encoding"))
		}
		answer(429, "", "Retry-After", "1")(w, r)
	}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != got {
			t.Errorf("the repeated body is %q instead of %q", body, got)
		}
		w.WriteHeader(http.StatusNoContent)
	}}}
	client, _, _ := connect(t, srv)
	body := `{"displayName":"` + strings.Repeat("x", 5000) + `"}`
	answer, err := client.Do(context.Background(), "PATCH", "/users/1", []byte(body))
	if err != nil || answer != nil || got != body || kind != "application/json" {
		t.Errorf("answer %q, error %v, sent %d bytes of %s (%s)", answer, err, len(got), kind, length)
	}
}

// What may have been carried out is only sent again when twice is the same as once.
func TestWriteRetries(t *testing.T) {
	cases := []struct {
		name, method string
		fault        http.HandlerFunc
		again        bool
	}{
		{"throttled", "POST", answer(429, ""), true},
		{"turned away with Retry-After", "POST", answer(503, "", "Retry-After", "1"), true},
		{"503 without Retry-After", "POST", answer(503, ""), false},
		{"500", "POST", answer(500, ""), false},
		{"504", "POST", answer(504, ""), false},
		{"connection broke", "POST", reset, false},
		{"answer broke", "POST", truncated, false},
		{"500", "PATCH", answer(500, ""), true},
		{"504", "PATCH", answer(504, ""), true},
		{"connection broke", "PUT", reset, true},
		{"connection broke", "DELETE", reset, true},
	}
	for _, tc := range cases {
		t.Run(tc.method+" "+tc.name, func(t *testing.T) {
			srv := &steps{handlers: []http.HandlerFunc{tc.fault, answer(200, `{"id":"1"}`)}}
			client, _, _ := connect(t, srv)
			_, err := client.Do(context.Background(), tc.method, "/users", []byte(`{}`))
			if tc.again && (err != nil || srv.count() != 2) {
				t.Errorf("got %v after %d requests, want success after 2", err, srv.count())
			}
			if !tc.again && (!errors.Is(err, graph.ErrUnanswered) || !errors.Is(err, entra.ErrUnavailable) || srv.count() != 1) {
				t.Errorf("got %v after %d requests, want ErrUnanswered after 1", err, srv.count())
			}
		})
	}
	t.Run("a question by POST", func(t *testing.T) {
		srv := &steps{handlers: []http.HandlerFunc{reset, answer(200, `{"value":[]}`)}}
		client, _, _ := connect(t, srv)
		if _, err := client.Do(context.Background(), "POST", "/directoryObjects/getByIds", []byte(`{}`)); err != nil {
			t.Error(err)
		}
	})
	t.Run("never sent", func(t *testing.T) {
		// Without idle connections, on one of which a POST could already have left.
		client, clock, srv := connect(t, answer(200, `{}`), func(c *graph.Config) {
			c.Transport = &http.Transport{DisableKeepAlives: true}
		})
		if _, err := client.Get(context.Background(), "/organization", nil); err != nil {
			t.Fatal(err)
		}
		srv.Close()
		_, err := client.Do(context.Background(), "POST", "/users", []byte(`{}`))
		if !errors.Is(err, entra.ErrUnavailable) || errors.Is(err, graph.ErrUnanswered) || len(clock.waits) != 7 {
			t.Errorf("got %v after %d waits, want every attempt", err, len(clock.waits))
		}
	})
	t.Run("a rejected write is no mystery", func(t *testing.T) {
		srv := &steps{handlers: []http.HandlerFunc{answer(400, errorBody("Request_BadRequest", "no"))}}
		client, _, _ := connect(t, srv)
		_, err := client.Do(context.Background(), "POST", "/users", []byte(`{}`))
		if !errors.Is(err, entra.ErrRejected) || errors.Is(err, graph.ErrUnanswered) {
			t.Error(err)
		}
	})
}

// batchServer answers each item of a batch by its URL, with the n-th time it was
// asked.
type batchServer struct {
	t       *testing.T
	item    func(url string, times int) (status int, headers, body string)
	times   map[string]int
	sizes   []int
	running atomic.Int32
}

func (s *batchServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.running.Add(1) != 1 {
		s.t.Error("two requests at once")
	}
	defer s.running.Add(-1)
	var in struct {
		Requests []struct {
			ID, Method, URL string
			Headers         map[string]string
			Body            json.RawMessage
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.URL.Path != "/v1.0/$batch" {
		s.t.Errorf("batch to %s: %v", r.URL.Path, err)
	}
	s.sizes = append(s.sizes, len(in.Requests))
	var out []string
	for i := len(in.Requests) - 1; i >= 0; i-- { // any order is allowed
		req := in.Requests[i]
		if (req.Body != nil) != (req.Headers["Content-Type"] == "application/json") {
			s.t.Errorf("%s: body %s with headers %v", req.URL, req.Body, req.Headers)
		}
		s.times[req.URL]++
		status, headers, body := s.item(req.URL, s.times[req.URL])
		if status != 0 {
			out = append(out, fmt.Sprintf(`{"id":%q,"status":%d,"headers":%s,"body":%s}`, req.ID, status, headers, body))
		}
	}
	answer(200, `{"responses":[`+strings.Join(out, ",")+`]}`)(w, r)
}

func requests(n int, method string) []graph.BatchRequest {
	reqs := make([]graph.BatchRequest, n)
	for i := range reqs {
		reqs[i] = graph.BatchRequest{Method: method, Path: "/users/" + strconv.Itoa(i) + "?$select=id"}
		if method != "GET" {
			reqs[i].Body = []byte(`{}`)
		}
	}
	return reqs
}

func TestBatchKeepsTheOrder(t *testing.T) {
	var seen atomic.Int64
	srv := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &batchServer{t: t, times: map[string]int{}, item: func(url string, _ int) (int, string, string) {
			return 200, `{}`, fmt.Sprintf(`{"id":%q}`, url)
		}}
		s.ServeHTTP(w, r)
		seen.Add(int64(s.sizes[0]))
	})
	client, _, _ := connect(t, srv)
	got, err := client.Batch(context.Background(), requests(105, "GET"))
	if err != nil || len(got) != 105 || seen.Load() != 105 || client.Requests() != 6 {
		t.Fatalf("%d answers to %d items in %d requests: %v", len(got), seen.Load(), client.Requests(), err)
	}
	for i, a := range got {
		if want := fmt.Sprintf(`{"id":"/users/%d?$select=id"}`, i); string(a.Body) != want || a.Status != 200 || a.Err != nil {
			t.Errorf("answer %d is %+v", i, a)
		}
	}
}

func TestBatchRetriesItems(t *testing.T) {
	srv := &batchServer{t: t, times: map[string]int{}, item: func(url string, times int) (int, string, string) {
		switch {
		case url == "/users/3?$select=id" && times < 3:
			return 429, `{"Retry-After":"` + strconv.Itoa(10*times) + `"}`, errorBody("TooManyRequests", "")
		case url == "/users/4?$select=id" && times < 2:
			return 429, `{"retry-after":25}`, errorBody("TooManyRequests", "")
		case url == "/users/5?$select=id" && times < 2:
			return 424, `{}`, errorBody("FailedDependency", "")
		case url == "/users/6?$select=id" && times < 2:
			return 0, "", "" // forgotten
		case url == "/users/7?$select=id":
			return 404, `{"request-id":"r-7"}`, errorBody("Request_ResourceNotFound", "gone")
		default:
			return 200, `{}`, `{"id":"x"}`
		}
	}}
	client, clock, _ := connect(t, srv)
	got, err := client.Batch(context.Background(), requests(10, "GET"))
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(srv.sizes) != "[10 4 1]" {
		t.Errorf("batches of %v, want [10 4 1]", srv.sizes)
	}
	if len(clock.waits) != 2 || clock.waits[0] != 25*time.Second || clock.waits[1] != 20*time.Second {
		t.Errorf("waited %v, want the longest of each batch", clock.waits)
	}
	for i, a := range got {
		if i != 7 && (a.Err != nil || a.Status != 200) {
			t.Errorf("answer %d is %+v", i, a)
		}
	}
	want := "not found: GET /users/7: 404 Request_ResourceNotFound: gone (request r-7)"
	if a := got[7]; !errors.Is(a.Err, entra.ErrNotFound) || a.Err.Error() != want {
		t.Errorf("got %v, want %s", a.Err, want)
	}
}

func TestBatchGivesUp(t *testing.T) {
	srv := &batchServer{t: t, times: map[string]int{}, item: func(url string, _ int) (int, string, string) {
		if strings.HasPrefix(url, "/users/1?") {
			return 429, `{}`, `null`
		}
		return 500, `{}`, `"odd"`
	}}
	client, _, _ := connect(t, srv)
	got, err := client.Batch(context.Background(), requests(2, "POST"))
	if err != nil || !errors.Is(got[1].Err, entra.ErrThrottled) || !errors.Is(got[0].Err, entra.ErrUnavailable) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if len(srv.sizes) != 8 || srv.times["/users/0?$select=id"] != 1 {
		t.Errorf("a POST that may have happened was sent %d times in %d batches", srv.times["/users/0?$select=id"], len(srv.sizes))
	}
}

// Conditional Access takes one request a second from all applications together.
func TestBatchWhereOneItemGetsThrough(t *testing.T) {
	through := 0
	srv := &batchServer{t: t, times: map[string]int{}}
	srv.item = func(string, int) (int, string, string) {
		if through++; through > len(srv.sizes) {
			through--
			return 429, `{}`, `null`
		}
		return 200, `{}`, `{"id":"x"}`
	}
	client, _, _ := connect(t, srv)
	got, err := client.Batch(context.Background(), requests(20, "GET"))
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range got {
		if a.Err != nil {
			t.Errorf("answer %d: %v", i, a.Err)
		}
	}
	if len(srv.sizes) != 20 {
		t.Errorf("%d batches for 20 items that get through one at a time", len(srv.sizes))
	}
}

// A batch with a write in it is a write, and so is an item of it.
func TestBatchOfWrites(t *testing.T) {
	t.Run("answer lost", func(t *testing.T) {
		srv := &steps{handlers: []http.HandlerFunc{reset}}
		client, _, _ := connect(t, srv)
		_, err := client.Batch(context.Background(), append(requests(2, "GET"), requests(1, "POST")...))
		if !errors.Is(err, graph.ErrUnanswered) || srv.count() != 1 {
			t.Errorf("got %v after %d requests, want ErrUnanswered after one", err, srv.count())
		}
	})
	t.Run("item forgotten", func(t *testing.T) {
		srv := &batchServer{t: t, times: map[string]int{}, item: func(string, int) (int, string, string) { return 0, "", "" }}
		client, _, _ := connect(t, srv)
		got, err := client.Batch(context.Background(), requests(1, "POST"))
		if err != nil || !errors.Is(got[0].Err, entra.ErrUnavailable) || len(srv.sizes) != 1 {
			t.Errorf("got %+v, %v after %d requests", got, err, len(srv.sizes))
		}
	})
	t.Run("not JSON", func(t *testing.T) {
		client, _, _ := connect(t, answer(200, ``))
		_, err := client.Batch(context.Background(), []graph.BatchRequest{{Method: "POST", Path: "/users", Body: []byte(`{`)}})
		if !errors.Is(err, entra.ErrInvalid) || client.Requests() != 0 {
			t.Errorf("got %v after %d requests", err, client.Requests())
		}
	})
}

func TestBatchAnswersThatLie(t *testing.T) {
	for name, body := range map[string]string{
		"not JSON":    `{"responses":[`,
		"unknown id":  `{"responses":[{"id":"9","status":200}]}`,
		"twice":       `{"responses":[{"id":"0","status":200},{"id":"0","status":404}]}`,
		"not a batch": `[]`,
	} {
		srv := &steps{handlers: []http.HandlerFunc{answer(200, body),
			answer(200, `{"responses":[{"id":"0","status":200,"body":{}}]}`)}}
		client, _, _ := connect(t, srv)
		if _, err := client.Batch(context.Background(), requests(1, "GET")); err != nil || srv.count() != 2 {
			t.Errorf("%s: %v after %d requests, want success after 2", name, err, srv.count())
		}
	}
}

func TestItemsOfABatch(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{answer(200, `{"value":[{"id":"2"}]}`)}}
	client, _, url := connect(t, srv)
	body := fmt.Sprintf(`{"value":[{"id":"1"}],"@odata.nextLink":"%s/v1.0/groups/g/members?$skiptoken=x"}`, url.URL)
	items, err := collect(client.Items(context.Background(), []byte(body)))
	if err != nil || strings.Join(items, "") != `{"id":"1"}{"id":"2"}` {
		t.Errorf("got %q, %v", items, err)
	}
	if _, err := collect(client.Items(context.Background(), []byte(`{"error":1}`))); !errors.Is(err, entra.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	if _, err := collect(client.ListFrom(context.Background(), "https://evil.example/v1.0/x")); !errors.Is(err, entra.ErrUnsafe) {
		t.Errorf("got %v, want ErrUnsafe", err)
	}
}
