package graph_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

const oneUser = `{"value":[{"id":"1"}]}`

// truncated promises more than it sends, as a connection that breaks in mid body.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	fmt.Fprint(w, `{"value":[{"id":"1"},{"id`)
}

func gzipGarbage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	fmt.Fprint(w, "\x1f\x8bnot gzip at all")
}

// reset drops the connection without an answer.
func reset(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// Each fault is answered once; the request after it succeeds. Nothing is lost and
// nothing is taken for an empty collection.
func TestListSurvives(t *testing.T) {
	date := time.Date(2026, 10, 1, 6, 0, 7, 0, time.UTC).Format(http.TimeFormat)
	throttled := errorBody("TooManyRequests", "slow down")
	cases := map[string]struct {
		fault      http.HandlerFunc
		least, max time.Duration // of the wait
	}{
		"429 seconds":         {answer(429, throttled, "Retry-After", "7"), 7 * time.Second, 7 * time.Second},
		"429 decimal":         {answer(429, throttled, "Retry-After", "2.128"), 2128 * time.Millisecond, 2128 * time.Millisecond},
		"429 date":            {answer(429, throttled, "Retry-After", date), 7 * time.Second, 7 * time.Second},
		"429 garbage":         {answer(429, throttled, "Retry-After", "soon"), time.Second / 2, time.Second},
		"429 negative":        {answer(429, throttled, "Retry-After", "-5"), time.Second / 2, time.Second},
		"429 far too long":    {answer(429, throttled, "Retry-After", "1e300"), 5 * time.Minute, 5 * time.Minute},
		"429 without header":  {answer(429, throttled), time.Second / 2, time.Second},
		"503":                 {answer(503, ""), time.Second / 2, time.Second},
		"504 with a web page": {answer(504, "<html>", "Content-Type", "text/html"), time.Second / 2, time.Second},
		"500":                 {answer(500, errorBody("Service_InternalServerError", "oops")), time.Second / 2, time.Second},
		"409 concurrency":     {answer(409, errorBody("Directory_ConcurrencyViolation", "")), time.Second / 2, time.Second},
		"no answer":           {reset, time.Second / 2, time.Second},
		"reset in mid body":   {truncated, time.Second / 2, time.Second},
		"truncated JSON":      {answer(200, `{"value":[{"id":"1"},{"id`), time.Second / 2, time.Second},
		"no value":            {answer(200, `{"@odata.context":"x"}`), time.Second / 2, time.Second},
		"value is null":       {answer(200, `{"value":null}`), time.Second / 2, time.Second},
		"empty body":          {answer(200, ""), time.Second / 2, time.Second},
		"trailing data":       {answer(200, oneUser+`{}`), time.Second / 2, time.Second},
		"invalid UTF-8":       {answer(200, "{\"value\":[{\"id\":\"\xff\"}]}"), time.Second / 2, time.Second},
		"gzip garbage":        {gzipGarbage, time.Second / 2, time.Second},
		"JSON 100k deep":      {answer(200, `{"value":[`+strings.Repeat("[", 100_000)), time.Second / 2, time.Second},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			srv := &steps{handlers: []http.HandlerFunc{tc.fault, answer(200, oneUser)}}
			client, clock, _ := connect(t, srv)
			items, err := collect(client.List(context.Background(), "/users", nil))
			if err != nil || len(items) != 1 || items[0] != `{"id":"1"}` {
				t.Fatalf("got %q, %v", items, err)
			}
			if len(clock.waits) != 1 || clock.waits[0] < tc.least || clock.waits[0] > tc.max {
				t.Errorf("waited %v, want once between %v and %v", clock.waits, tc.least, tc.max)
			}
			if n := client.Requests(); n != 2 {
				t.Errorf("counted %d requests, want 2", n)
			}
		})
	}
}

// A fault that stays becomes its sentinel, never an empty collection.
func TestListFails(t *testing.T) {
	cases := map[string]struct {
		fault http.HandlerFunc
		want  error
		sent  int
	}{
		"throttled for ever":     {answer(429, ""), entra.ErrThrottled, 8},
		"down for ever":          {answer(503, ""), entra.ErrUnavailable, 8},
		"damaged for ever":       {answer(200, `{"value":[`), entra.ErrUnavailable, 5},
		"bad request":            {answer(400, errorBody("Request_UnsupportedQuery", "no")), entra.ErrRejected, 1},
		"expired page token":     {answer(400, errorBody("Directory_ExpiredPageToken", "")), entra.ErrExpired, 1},
		"delta reset":            {answer(410, ""), entra.ErrExpired, 1},
		"forbidden":              {answer(403, errorBody("Authorization_RequestDenied", "Insufficient privileges")), entra.ErrForbidden, 1},
		"licence code":           {answer(403, errorBody("AadPremiumLicenseRequired", "")), entra.ErrUnlicensed, 1},
		"licence that is needed": {answer(400, errorBody("BadRequest", "The tenant needs to have Microsoft Entra ID P2 license.")), entra.ErrUnlicensed, 1},
		"licence in the words":   {answer(403, errorBody("AccessDenied", "Your tenant is not licensed for this feature.")), entra.ErrUnlicensed, 1},
		"licence further down":   {answer(403, `{"error":{"code":"Forbidden","message":"","innerError":{"code":"AadPremiumLicenseRequired"}}}`), entra.ErrUnlicensed, 1},
		"not found":              {answer(404, errorBody("Request_ResourceNotFound", "")), entra.ErrNotFound, 1},
		"401 without sign-in":    {answer(401, ""), entra.ErrUnauthenticated, 2},
		"quota":                  {answer(403, errorBody("Directory_QuotaExceeded", "")), entra.ErrRejected, 1},
		"redirect":               {answer(302, "", "Location", "/v1.0/elsewhere"), entra.ErrUnsafe, 1},
		"odd error body":         {answer(403, `{"error":"no"}`), entra.ErrForbidden, 1},
		"error body is a list":   {answer(403, `[1,2]`), entra.ErrForbidden, 1},
		"huge error body":        {answer(403, `{"error":{"message":"`+strings.Repeat("x", 1<<20)+`"}}`), entra.ErrForbidden, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			srv := &steps{handlers: []http.HandlerFunc{tc.fault}}
			client, _, _ := connect(t, srv)
			items, err := collect(client.List(context.Background(), "/users", nil))
			if !errors.Is(err, tc.want) || len(items) != 0 {
				t.Fatalf("got %q and error %v, want %v", items, err, tc.want)
			}
			if srv.count() != tc.sent {
				t.Errorf("sent %d requests, want %d", srv.count(), tc.sent)
			}
			var e *graph.Error
			if !errors.As(err, &e) || e.Method != "GET" || e.Path != "/users" {
				t.Errorf("error does not name the request: %#v", err)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{
		answer(403, errorBody("Authorization_RequestDenied", "Insufficient privileges to\ncomplete the operation."), "request-id", "r-1")}}
	client, _, _ := connect(t, srv)
	_, err := client.Get(context.Background(), "/users/1", map[string][]string{"$select": {"id"}})
	want := "permission denied: GET /users/1: 403 Authorization_RequestDenied: " +
		"Insufficient privileges to complete the operation (request r-1)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestEndlessAnswer(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"value":["`)
		for range 10_000 { // 10 GB, were it read
			if _, err := fmt.Fprint(w, strings.Repeat("x", 1<<20)); err != nil {
				return
			}
		}
	}}}
	client, _, _ := connect(t, srv, func(c *graph.Config) { c.MaxBody = 1 << 20 })
	_, err := client.Get(context.Background(), "/users", nil)
	if !errors.Is(err, entra.ErrUnsafe) || srv.count() != 1 {
		t.Errorf("got %v after %d requests, want ErrUnsafe after one", err, srv.count())
	}
}

func TestSlowLoris(t *testing.T) {
	release := make(chan struct{})
	slow := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"value":[`)
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}
	srv := &steps{handlers: []http.HandlerFunc{slow, answer(200, oneUser)}}
	client, _, _ := connect(t, srv, func(c *graph.Config) { c.Timeout = 50 * time.Millisecond })
	t.Cleanup(func() { close(release) })
	items, err := collect(client.List(context.Background(), "/users", nil))
	if err != nil || len(items) != 1 {
		t.Errorf("got %q, %v", items, err)
	}
	srv.handlers = []http.HandlerFunc{slow}
	_, err = client.Get(context.Background(), "/users", nil)
	if !errors.Is(err, entra.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want ErrUnavailable that is not the end of the run", err)
	}
}

// The context ends the run, also while it waits, and is told apart from a service
// that is down.
func TestRunEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	srv := &steps{handlers: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		cancel()
		answer(429, "", "Retry-After", "300")(w, r)
	}}}
	client, _, _ := connect(t, srv)
	_, err := client.Get(ctx, "/users", nil)
	if !errors.Is(err, context.Canceled) || errors.Is(err, entra.ErrUnavailable) {
		t.Errorf("got %v, want a cancellation", err)
	}
	if _, err := client.Get(ctx, "/users", nil); !errors.Is(err, context.Canceled) || srv.count() != 1 {
		t.Errorf("got %v after %d requests, want a cancellation before the second", err, srv.count())
	}
}

func TestUnreachable(t *testing.T) {
	client, clock, srv := connect(t, http.NotFoundHandler())
	srv.Close()
	_, err := client.Get(context.Background(), "/users", nil)
	if !errors.Is(err, entra.ErrUnavailable) || len(clock.waits) != 1 {
		t.Errorf("got %v after %d waits, want ErrUnavailable after one", err, len(clock.waits))
	}
	if strings.Contains(fmt.Sprint(err), "http://") {
		t.Errorf("error repeats the URL: %v", err)
	}
}
