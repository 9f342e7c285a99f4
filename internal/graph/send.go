package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	kiota "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"

	"github.com/entragit/entragit/internal/entra"
)

// call is one request with everything that decides about its retries.
type call struct {
	method string
	url    *url.URL
	body   []byte
	// repeatable marks a POST that changes nothing, so that it may be sent again like
	// a GET.
	repeatable bool
	// accept reads the body of a success; its error means that the answer is damaged.
	accept func(body []byte) error
	// items are the requests that a batch holds; none for a request of its own.
	items []*item
	// rate paces the call; nil for one that is only governed.
	rate *rate
	// weighing marks the call by which a 401 of another is judged.
	weighing bool
}

// newCall is a request of its own.
func (c *Client) newCall(method string, u *url.URL) call {
	return call{method: method, url: u, rate: c.rateFor(u.Path)}
}

// idempotent reports whether sending the call twice is the same as once. Graph's
// PATCH and PUT set values, DELETE ends in absence.
func (k call) idempotent() bool {
	return k.method != http.MethodPost || k.repeatable || strings.HasSuffix(k.url.Path, "/getByIds")
}

// send is the one place where a request is sent, waited for and sent again.
func (c *Client) send(ctx context.Context, k call) error {
	place := place{client: c, call: k}
	defer place.leave()
	claims, refreshed := "", false
	var spent effort
	for {
		if stop := cmp.Or(c.spend(ctx, k), place.enter(ctx)); stop != nil {
			return interrupted(ctx, k.error(&exchange{}))
		}
		mark, begun := c.governor.start(), c.clock.Now()
		x, err := c.attempt(withClaims(ctx, claims), k)
		spent.attempt(c.clock.Now().Sub(begun))
		c.governor.learn(mark, pressureOf(x.status, x.header.Get(limitPercentage)))
		c.overspent(k, x.status, x.header.Get("Retry-After"))
		claims = ""
		place.answered()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return interrupted(ctx, err)
		case x.status == http.StatusUnauthorized && !refreshed && !k.weighing && c.endpoint.secure():
			claims, refreshed = cmp.Or(x.claims, freshToken(c.clock.Now())), true
			continue
		}
		wait, again := c.again(k, err, x, spent)
		if !again {
			if place.leave(); !k.weighing {
				c.weigh(ctx, err)
			}
			return err
		}
		spent.time += wait
		if stop := c.clock.Sleep(ctx, wait); stop != nil {
			return interrupted(ctx, err)
		}
	}
}

// attempt sends the call once, through the adapter.
func (c *Client) attempt(ctx context.Context, k call) (*exchange, *Error) {
	ctx, x := withExchange(ctx)
	ctx, cancel := context.WithTimeoutCause(ctx, c.timeout, errTooSlow{c.timeout})
	defer cancel()
	req := kiota.NewRequestInformation()
	req.Method = methods[k.method]
	req.SetUri(*k.url)
	req.Headers.Add("Accept", "application/json")
	// A backup yields to people: throttled first, same limits.
	req.Headers.Add("x-ms-throttle-priority", "low")
	req.Headers.Add(preferHeader, everyMember)
	for name, value := range headersAt(k.url.String()) {
		req.Headers.Add(name, value)
	}
	if k.body != nil {
		req.Headers.Add("Content-Type", contentType(k.body))
		req.Content = k.body
	}
	answer, err := c.adapter.SendPrimitive(ctx, req, "[]byte", kiota.ErrorMappings{
		"XXX": odataerrors.CreateODataErrorFromDiscriminatorValue,
	})
	c.answered.Store(c.answered.Load() || x.status != 0)
	c.noteDate(x.header)
	if x.status >= http.StatusMultipleChoices {
		return x, refusal(k, x, err)
	}
	if err == nil {
		body, _ := answer.([]byte)
		err = k.accept(body)
	}
	if err != nil {
		return x, broken(k, x, err)
	}
	return x, nil
}

// A request that does not say so is answered unknownFutureValue in place of what Microsoft
// added to an enumeration later, such as the platform "linux" of Conditional Access, and may
// not write that either (Microsoft's page "Best practices for working with Microsoft Graph",
// evolvable enumerations).
const (
	preferHeader = "Prefer"
	everyMember  = "include-unknown-enum-members"
)

// methods are the HTTP methods that Graph takes, as the SDK names them.
var methods = map[string]kiota.HttpMethod{
	http.MethodGet:    kiota.GET,
	http.MethodPost:   kiota.POST,
	http.MethodPatch:  kiota.PATCH,
	http.MethodPut:    kiota.PUT,
	http.MethodDelete: kiota.DELETE,
}

// errTooSlow is the cause of an attempt's deadline. net/http returns it instead of
// the context's own error, which would look like the end of the whole run.
type errTooSlow struct{ limit time.Duration }

func (e errTooSlow) Error() string { return "no complete answer within " + e.limit.String() }

// refusal explains an answer that is no success.
func refusal(k call, x *exchange, err error) *Error {
	e := k.error(x)
	var odata *odataerrors.ODataError
	if errors.As(err, &odata) {
		e.describe(odata)
	}
	e.Sentinel = sentinel(x.status, e.Code, e.Message)
	return e
}

// broken explains an attempt without a usable answer.
func broken(k call, x *exchange, err error) *Error {
	e := k.error(x)
	e.Sentinel, e.Cause = entra.ErrUnavailable, err
	var (
		signIn   *signInError
		tooLarge errTooLarge
		inURL    *url.Error
	)
	switch {
	case errors.As(err, &signIn):
		e.Sentinel = entra.ErrUnauthenticated
	case errors.As(err, &tooLarge), errors.Is(err, entra.ErrUnsafe):
		e.Sentinel = entra.ErrUnsafe
	case errors.As(err, &inURL):
		e.Cause = inURL.Err // its own text repeats the URL, page token and all
	}
	return e
}

// interrupted explains a call that the context ended: a deadline by the failure
// that was being waited out, a cancellation by nothing else.
func interrupted(ctx context.Context, last *Error) error {
	stop := ctx.Err()
	if errors.Is(stop, context.DeadlineExceeded) {
		stop = context.Cause(ctx) // it says which deadline
	}
	if last.Sentinel == nil || errors.Is(stop, context.Canceled) {
		return &Error{Method: last.Method, Path: last.Path, Sentinel: stop}
	}
	last.Cause = stop
	return last
}

// again decides whether a failed attempt may be repeated, and after which wait.
func (c *Client) again(k call, e *Error, x *exchange, spent effort) (time.Duration, bool) {
	wait, asked := retryAfter(x.header.Get("Retry-After"), c.clock.Now())
	if !asked {
		wait = backoff(spent.attempts)
	}
	limit := maxAttempts
	switch {
	case !c.answered.Load():
		limit = strangerAttempts
	case x.status != 0 && x.status < http.StatusMultipleChoices:
		limit = damagedAttempts
	}
	more := spent.allows(limit, wait, asked)
	switch {
	case errors.Is(e, entra.ErrUnauthenticated) || errors.Is(e, entra.ErrUnsafe):
		return 0, false
	case x.status < http.StatusMultipleChoices && (k.idempotent() || neverSent(e.Cause)):
		return wait, more
	case x.status < http.StatusMultipleChoices:
		e.Cause = fmt.Errorf("%w: %w", ErrUnanswered, e.Cause)
		return 0, false
	}
	again := repeatable(k.idempotent(), x.status, e.Code, asked)
	if !again && !k.idempotent() && x.status >= http.StatusInternalServerError {
		e.Cause = ErrUnanswered
	}
	return wait, again && more
}

// neverSent reports whether the connection could not even be made.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// repeatable reports whether a request that got this status may be sent again. asked
// says that the answer carried a Retry-After, so that it was turned away at the
// door. It holds for requests and for the items of a batch.
func repeatable(idempotent bool, status int, code string, asked bool) bool {
	switch status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusConflict:
		return code == codeConcurrency // the write was rolled back
	case http.StatusServiceUnavailable:
		return idempotent || asked
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusRequestTimeout:
		return idempotent
	default:
		return false
	}
}

// limitPercentage is the header that says how much of the quota is used, in the form of
// [http.CanonicalHeaderKey].
const limitPercentage = "X-Ms-Throttle-Limit-Percentage"

// nearlyUsed is the part of a quota at which fewer requests are sent at a time. Before what
// is in flight then is answered, some more of it is used.
const nearlyUsed = 0.9

// pressureOf reads an answer for the governor. The percentage is sent from 0.8 of
// the quota on, and above 1 once it is overdrawn
// (https://learn.microsoft.com/graph/throttling-limits).
func pressureOf(status int, percentage string) pressure {
	used, _ := strconv.ParseFloat(percentage, 64)
	switch {
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || used >= nearlyUsed:
		return blocked
	case status == 0 || status >= http.StatusInternalServerError || used > 0:
		return tight
	default:
		return calm
	}
}

// error starts the description of a failed call.
func (k call) error(x *exchange) *Error {
	return &Error{
		Method:    k.method,
		Path:      strings.TrimPrefix(k.url.Path, version),
		Status:    x.status,
		RequestID: x.header.Get("request-id"),
	}
}
