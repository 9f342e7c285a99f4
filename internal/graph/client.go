package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	kiota "github.com/microsoft/kiota-abstractions-go"

	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
)

// Config says which Graph to speak to and as whom. Zero values are right for
// production except for BaseURL and Credential.
type Config struct {
	// BaseURL is scheme, host and port of Graph, such as "https://graph.microsoft.com";
	// "/v1.0" is appended. http is accepted for a loopback host only.
	BaseURL string
	// Cloud is the name of the cloud that the tenant is in, one of [Clouds]; empty is the
	// global one. It changes no request: whoever asks may want to know what is not there.
	Cloud string
	// Credential signs requests. It is required for https and unused for http: no token
	// ever travels in clear text.
	Credential azcore.TokenCredential
	// Scope is what the token is asked for; empty means BaseURL + "/.default".
	Scope string
	// UserAgent is the product token sent with each request, such as "entragit/1.2.0".
	UserAgent string
	// Timeout bounds one attempt, from the connection to the last byte of the answer;
	// zero means 100 seconds. The whole run is bounded by the context.
	Timeout time.Duration
	// MaxPages bounds the pages of one collection; zero means 20,000.
	MaxPages int
	// MaxBody bounds one answer in bytes, after decompression; zero means 64 MiB.
	MaxBody int64
	// KeepRates keeps to Graph's documented rates on a loopback host too, where otherwise
	// nothing is waited for.
	KeepRates bool
	// Clock tells the time and waits; nil means the real one.
	Clock clock.Clock
	// Transport carries the requests; nil means [http.DefaultTransport]'s settings.
	Transport http.RoundTripper
}

const (
	defaultTimeout       = 100 * time.Second // msgraph-sdk-go-core's own
	defaultMaxBody int64 = 64 << 20
	// defaultMaxPages is twenty million objects, or two of the kinds whose pages are small.
	defaultMaxPages = 20_000
)

// Client is one connection to one tenant. All its calls share one governor; it is
// safe for concurrent use.
type Client struct {
	endpoint endpoint
	cloud    string
	adapter  kiota.RequestAdapter
	// credential and scope say who asks, for [Client.Identity].
	credential azcore.TokenCredential
	scope      string
	governor   *governor
	paces      bool // keeps to rates and quotas
	pacers     map[*rate]*pacer
	quota      *quota // of writes
	clock      clock.Clock
	timeout    time.Duration
	maxPages   int
	requests   *atomic.Int64
	unknown    unknowns
	answered   atomic.Bool // the host has answered at least once
	skew       atomic.Pointer[time.Duration]
}

// New checks the configuration and returns a client. It sends nothing. An unusable
// base URL or a missing credential wraps [entra.ErrInvalid].
func New(cfg Config) (*Client, error) {
	ep, err := parseEndpoint(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	if ep.secure() && cfg.Credential == nil {
		return nil, fmt.Errorf("sign-in for %s: no credential: %w", ep, entra.ErrInvalid)
	}
	if cfg.Scope == "" {
		cfg.Scope = ep.String() + "/.default"
	}
	c := &Client{
		endpoint:   ep,
		cloud:      cfg.Cloud,
		credential: cfg.Credential,
		scope:      cfg.Scope,
		governor:   newGovernor(),
		paces:      ep.secure() || cfg.KeepRates,
		pacers:     newPacers(),
		clock:      cfg.Clock,
		timeout:    cmp.Or(cfg.Timeout, defaultTimeout),
		maxPages:   cmp.Or(cfg.MaxPages, defaultMaxPages),
		requests:   new(atomic.Int64),
	}
	if c.clock == nil {
		c.clock = clock.System{}
	}
	c.quota = newWriteQuota(c.clock.Now())
	if cfg.MaxBody == 0 {
		cfg.MaxBody = defaultMaxBody
	}
	c.adapter, err = newAdapter(cfg, ep, c.requests)
	return c, err
}

// Cloud returns the name of the cloud that the tenant is in; empty is the global one.
func (c *Client) Cloud() string { return c.cloud }

// Requests returns the number of HTTP requests sent to Graph so far, retries
// included and sign-in excluded.
func (c *Client) Requests() int64 { return c.requests.Load() }

// Get returns the raw JSON of one resource. path is relative to the version, starts
// with "/" and has its ids escaped.
func (c *Client) Get(ctx context.Context, path string, query url.Values) ([]byte, error) {
	u, err := c.endpoint.resolve(path, query)
	if err != nil {
		return nil, err
	}
	var body []byte
	err = c.known(u, func(u *url.URL) error {
		k := c.newCall(http.MethodGet, u)
		k.accept = func(answer []byte) error {
			body = answer
			return checkJSON(answer)
		}
		return c.send(ctx, k)
	})
	return body, err
}

// Do sends a write and returns the raw JSON of the answer, nil for an empty one.
// body is raw JSON or nil. A POST whose answer was lost is not sent again: the
// error then wraps [entra.ErrUnavailable] and the caller must look whether it
// happened. [ErrUnanswered] tells that case apart. Every other method is sent again,
// so a DELETE whose first answer was lost may end in [entra.ErrNotFound].
func (c *Client) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	u, err := c.endpoint.resolve(path, nil)
	if err != nil {
		return nil, err
	}
	var answer []byte
	k := c.newCall(method, u)
	k.body = body
	k.accept = func(got []byte) error {
		answer = got
		if len(got) == 0 {
			return nil
		}
		return checkJSON(got)
	}
	return answer, c.send(ctx, k)
}

// ErrUnanswered marks a write that Graph may or may not have carried out: the
// connection broke, or a gateway gave up, after the request was on its way.
var ErrUnanswered = errors.New("the write may have happened")
