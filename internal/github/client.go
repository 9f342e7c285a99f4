package github

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	gh "github.com/google/go-github/v60/github"

	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/entra"
)

// Config says which repository to speak about and as whom.
type Config struct {
	// API is the base URL of the REST interface, as GITHUB_API_URL has it; empty means
	// "https://api.github.com". http is accepted for a loopback host only.
	API string
	// Token signs the requests; it is sent to the host of API and to no other.
	Token string
	// Repository is "owner/name", as GITHUB_REPOSITORY has it.
	Repository string
	// UserAgent is the product token sent with each request.
	UserAgent string
	// Sleep waits between attempts; nil means by the machine's clock.
	Sleep func(ctx context.Context, d time.Duration) error
}

const (
	defaultAPI     = "https://api.github.com"
	requestTimeout = 60 * time.Second
)

// Client is a connection to one repository.
type Client struct {
	gh          *gh.Client
	owner, name string
	sleep       func(ctx context.Context, d time.Duration) error
}

// New checks the configuration and returns a client. It sends nothing. What a
// person must correct wraps [entra.ErrInvalid].
func New(cfg Config) (*Client, error) {
	owner, name, ok := strings.Cut(cfg.Repository, "/")
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, fmt.Errorf("GitHub repository %q is not owner/name: %w", cfg.Repository, entra.ErrInvalid)
	}
	if cfg.Token == "" {
		return nil, fmt.Errorf("GitHub repository %s: no token: %w", cfg.Repository, entra.ErrInvalid)
	}
	if cfg.API == "" {
		cfg.API = defaultAPI
	}
	base, err := url.Parse(strings.TrimRight(cfg.API, "/") + "/")
	if err != nil || base.Host == "" || base.User != nil ||
		(base.Scheme != "https" && (base.Scheme != "http" || !loopback(base.Hostname()))) {
		return nil, fmt.Errorf("GitHub API URL is not https: %w", entra.ErrInvalid)
	}
	client := gh.NewClient(&http.Client{
		Timeout:   requestTimeout,
		Transport: &signer{host: base.Host, scheme: base.Scheme, token: cfg.Token},
	})
	client.BaseURL, client.UserAgent = base, cfg.UserAgent
	c := &Client{gh: client, owner: owner, name: name, sleep: cfg.Sleep}
	if c.sleep == nil {
		c.sleep = clock.System{}.Sleep
	}
	return c, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}

// signer adds the token, and refuses to go anywhere but to the API's own host:
// go-github's own would sign redirects to other hosts as well.
type signer struct{ scheme, host, token string }

// RoundTrip implements [http.RoundTripper].
func (s *signer) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != s.host || req.URL.Scheme != s.scheme {
		return nil, fmt.Errorf("redirect to %s instead of %s: %w", req.URL.Host, s.host, entra.ErrUnsafe)
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+s.token)
	return http.DefaultTransport.RoundTrip(req)
}

const (
	attempts    = 4
	firstWait   = time.Second
	longestWait = time.Minute
)

// call runs one request and repeats it while GitHub is down or limits the rate.
// Every request here may be repeated: reading, setting a text, closing, and opening
// a pull request, of which GitHub allows one per pair of branches.
func (c *Client) call(ctx context.Context, what string, request func() error) error {
	wait := firstWait
	for attempt := 1; ; attempt++ {
		err := request()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
		asked, sentinel := explain(err)
		temporary := errors.Is(sentinel, entra.ErrUnavailable) || errors.Is(sentinel, entra.ErrThrottled)
		if !temporary || attempt == attempts {
			return &Error{What: what, Repository: c.owner + "/" + c.name, Sentinel: sentinel, Cause: err}
		}
		if stop := c.sleep(ctx, min(max(asked, wait), longestWait)); stop != nil {
			return fmt.Errorf("%s: %w", what, stop)
		}
		wait *= 2
	}
}

// Error is a request that GitHub, or the way to it, failed. It unwraps to one of
// the [entra] sentinels and to the cause.
type Error struct {
	What       string // such as "open a pull request"
	Repository string // "owner/name"
	Sentinel   error
	Cause      error
}

// Error returns one sentence.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s on %s: %s", e.Sentinel, e.What, e.Repository, message(e.Cause))
}

// Unwrap returns the sentinel and the cause.
func (e *Error) Unwrap() []error { return []error{e.Sentinel, e.Cause} }

// explain maps an error of go-github to the wait that GitHub asked for, if any, and
// to a sentinel.
func explain(err error) (wait time.Duration, sentinel error) {
	var (
		limited *gh.RateLimitError
		abuse   *gh.AbuseRateLimitError
		answer  *gh.ErrorResponse
	)
	switch {
	case errors.As(err, &limited):
		return time.Until(limited.Rate.Reset.Time), entra.ErrThrottled
	case errors.As(err, &abuse):
		return abuse.GetRetryAfter(), entra.ErrThrottled
	case errors.Is(err, entra.ErrUnsafe):
		return 0, entra.ErrUnsafe
	case errors.As(err, &answer):
		return 0, sentinelOf(answer.Response.StatusCode)
	default:
		return 0, entra.ErrUnavailable
	}
}

func sentinelOf(status int) error {
	switch {
	case status >= 500:
		return entra.ErrUnavailable
	case status == http.StatusTooManyRequests:
		return entra.ErrThrottled
	case status == http.StatusUnauthorized:
		return entra.ErrUnauthenticated
	case status == http.StatusForbidden:
		return entra.ErrForbidden
	case status == http.StatusNotFound:
		return entra.ErrNotFound
	default:
		return entra.ErrRejected
	}
}

// message returns what GitHub said, without the URL and the structures that
// go-github prints around it.
func message(err error) string {
	var (
		limited *gh.RateLimitError
		abuse   *gh.AbuseRateLimitError
		answer  *gh.ErrorResponse
		inURL   *url.Error
	)
	switch {
	case errors.As(err, &limited):
		return limited.Message
	case errors.As(err, &abuse):
		return abuse.Message
	case errors.As(err, &answer):
		text := fmt.Sprintf("%d %s", answer.Response.StatusCode, answer.Message)
		for _, e := range answer.Errors {
			text += ": " + strings.TrimSpace(e.Field+" "+e.Message)
		}
		return text
	case errors.As(err, &inURL):
		return inURL.Err.Error()
	default:
		return err.Error()
	}
}
