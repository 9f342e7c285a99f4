package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/entragit/entragit/internal/entra"
)

// batchSize is Graph's limit (https://learn.microsoft.com/graph/json-batching).
const batchSize = 20

// BatchRequest is one request inside a batch.
type BatchRequest struct {
	Method string
	// Path is relative to the version, starts with "/", has its ids escaped, and may
	// carry a query.
	Path    string
	Headers map[string]string // beyond Content-Type, which a body brings, and Prefer
	Body    []byte            // raw JSON or nil
}

// BatchResponse is the answer to one request of a batch.
type BatchResponse struct {
	Status  int
	Headers map[string]string // by canonical name, as in [http.CanonicalHeaderKey]
	Body    []byte            // raw JSON, or nil
	// Err is an [*Error] for anything but success, after all retries.
	Err error
}

// Batch sends any number of requests, twenty at a time, and returns their answers
// in the order of the requests. They must not depend on each other. A request that
// was throttled goes into a new batch after the longest Retry-After of its batch. A
// request's own failure is in its answer; the error is for failures of whole
// batches. A list answer may end with a next link: see [Client.Items].
func (c *Client) Batch(ctx context.Context, reqs []BatchRequest) ([]BatchResponse, error) {
	items := make([]*item, len(reqs))
	for i, r := range reqs {
		u, err := c.endpoint.relative(r.Path)
		if err != nil {
			return nil, err
		}
		items[i] = &item{BatchRequest: r, asked: u, call: c.newCall(r.Method, u)}
		c.withoutUnknown(items[i])
	}
	group, ctx := errgroup.WithContext(ctx)
	for rate, some := range byRate(items) {
		size := batchSize
		if rate != nil {
			size = min(rate.perSecond, batchSize)
		}
		group.Go(func() error { return c.batches(ctx, slices.Chunk(some, size)) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	answers := make([]BatchResponse, len(items))
	for i, it := range items {
		answers[i] = it.answer
	}
	return answers, nil
}

// batches sends some batches. Each waits for its place in the governor; the limit here
// only bounds the goroutines.
func (c *Client) batches(ctx context.Context, chunks iter.Seq[[]*item]) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(mostLimit)
	for chunk := range chunks {
		group.Go(func() error { return c.batch(ctx, chunk) })
	}
	return group.Wait()
}

// byRate groups items by the rate of their own paths. A batch holds no more of a paced
// path than go in a second.
func byRate(items []*item) map[*rate][]*item {
	groups := map[*rate][]*item{}
	for _, it := range items {
		groups[it.call.rate] = append(groups[it.call.rate], it)
	}
	return groups
}

// item is one request of a batch on its way.
type item struct {
	BatchRequest
	asked  *url.URL // what was asked for, whether Graph knows it all or not
	call   call
	answer BatchResponse
	code   string // Graph's error code
}

// batch sends up to twenty items until each has an answer that stands. Attempts are
// counted anew while some of them get through: where Graph takes one request a second,
// twenty need twenty rounds.
func (c *Client) batch(ctx context.Context, items []*item) error {
	var spent effort
	for {
		if err := c.sendBatch(ctx, items); err != nil {
			return err
		}
		spent.attempts++
		var (
			open    []*item
			longest time.Duration
		)
		for _, it := range items {
			if c.refusedUnknown(it) {
				open = append(open, it)
			} else if wait, again := c.itemAgain(it, spent); again {
				open = append(open, it)
				longest = max(longest, wait)
			}
		}
		if len(open) == 0 {
			return nil
		}
		if err := c.clock.Sleep(ctx, longest); err != nil {
			return interrupted(ctx, batchCall(c.endpoint).error(&exchange{}))
		}
		spent.time += longest
		if slices.ContainsFunc(items, func(it *item) bool { return it.answer.Err == nil }) {
			spent = effort{}
		}
		items = open
	}
}

// itemAgain decides whether an item has to be sent again, and after which wait.
func (c *Client) itemAgain(it *item, spent effort) (time.Duration, bool) {
	wait, asked := retryAfter(it.answer.Headers["Retry-After"], c.clock.Now())
	if !asked {
		wait = backoff(spent.attempts)
	}
	if it.answer.Err == nil || !spent.allows(maxAttempts, wait, asked) {
		return 0, false
	}
	switch it.answer.Status {
	case http.StatusFailedDependency: // it was not tried
		return wait, true
	case 0: // it was forgotten, and may have been carried out
		return wait, it.call.idempotent()
	default:
		return wait, repeatable(it.call.idempotent(), it.answer.Status, it.code, asked)
	}
}

// sendBatch sends the items in one request and fills their answers.
func (c *Client) sendBatch(ctx context.Context, items []*item) error {
	body, err := encodeBatch(items)
	if err != nil {
		return err
	}
	k := batchCall(c.endpoint)
	k.body, k.items, k.rate = body, items, items[0].call.rate
	k.repeatable = !slices.ContainsFunc(items, func(it *item) bool { return !it.call.idempotent() })
	k.accept = func(answer []byte) error { return decodeBatch(answer, items) }
	mark := c.governor.start()
	err = c.send(ctx, k)
	for _, it := range items {
		c.overspent(it.call, it.answer.Status, it.answer.Headers["Retry-After"])
		if it.answer.Status == http.StatusTooManyRequests || pressureOf(http.StatusOK, it.answer.Headers[limitPercentage]) == blocked {
			c.governor.learn(mark, blocked)
		}
	}
	if err == nil {
		c.weigh(ctx, refusals(items)...)
	}
	return err
}

// refusals are the items' own errors.
func refusals(items []*item) []*Error {
	var list []*Error
	for _, it := range items {
		if e, ok := errors.AsType[*Error](it.answer.Err); ok {
			list = append(list, e)
		}
	}
	return list
}

func batchCall(ep endpoint) call {
	u := &url.URL{Scheme: ep.scheme, Host: ep.host, Path: version + "/$batch"}
	return call{method: http.MethodPost, url: u}
}

// The envelope of a batch; an item's id is its index.
type (
	envelope struct {
		Requests []envelopeRequest `json:"requests"`
	}
	envelopeRequest struct {
		ID      string            `json:"id"`
		Method  string            `json:"method"`
		URL     string            `json:"url"`
		Headers map[string]string `json:"headers,omitempty"`
		Body    json.RawMessage   `json:"body,omitempty"`
	}
	envelopeAnswer struct {
		Responses []struct {
			ID      string          `json:"id"`
			Status  int             `json:"status"`
			Headers map[string]any  `json:"headers"`
			Body    json.RawMessage `json:"body"`
		} `json:"responses"`
	}
)

func encodeBatch(items []*item) ([]byte, error) {
	e := envelope{Requests: make([]envelopeRequest, len(items))}
	for i, it := range items {
		headers := map[string]string{preferHeader: everyMember}
		maps.Insert(headers, headersAt(it.Path))
		maps.Copy(headers, it.Headers)
		if it.Body != nil {
			headers["Content-Type"] = "application/json"
		}
		e.Requests[i] = envelopeRequest{strconv.Itoa(i), it.Method, it.Path, headers, it.Body}
	}
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("batch: %w: %w", entra.ErrInvalid, err)
	}
	return body, nil
}

// decodeBatch gives each item its answer. An item that the answer forgot, or
// answered twice, has none.
func decodeBatch(answer []byte, items []*item) error {
	var e envelopeAnswer
	if err := json.Unmarshal(answer, &e); err != nil {
		return damaged(err)
	}
	if !utf8.Valid(answer) {
		return damaged(errors.New("invalid UTF-8"))
	}
	for _, it := range items {
		it.answer, it.code = BatchResponse{}, ""
		it.settle(errors.New("no answer in the batch"))
	}
	seen := make(map[int]bool, len(items))
	for _, r := range e.Responses {
		i, err := strconv.Atoi(r.ID)
		if err != nil || i < 0 || i >= len(items) || seen[i] {
			return damaged(fmt.Errorf("batch answer to a request %q that was not asked", r.ID))
		}
		seen[i] = true
		it := items[i]
		it.answer = BatchResponse{Status: r.Status, Headers: make(map[string]string, len(r.Headers)), Body: r.Body}
		for name, value := range r.Headers {
			it.answer.Headers[http.CanonicalHeaderKey(name)] = fmt.Sprint(value)
		}
		it.settle(nil)
	}
	return nil
}

// settle sets the item's error from its answer, or from what broke.
func (it *item) settle(cause error) {
	a := &it.answer
	if cause == nil && a.Status >= http.StatusOK && a.Status < http.StatusMultipleChoices {
		a.Err = nil
		return
	}
	e := it.call.error(&exchange{status: a.Status})
	e.RequestID, e.Cause, e.Sentinel = a.Headers["Request-Id"], cause, entra.ErrUnavailable
	if cause == nil {
		e.describe(parseOData(a.Body))
		e.Sentinel = sentinel(a.Status, e.Code, e.Message)
	}
	if !it.call.idempotent() && (a.Status == 0 || a.Status >= http.StatusInternalServerError) {
		e.Cause = errors.Join(ErrUnanswered, cause)
	}
	it.code, a.Err = e.Code, e
}
