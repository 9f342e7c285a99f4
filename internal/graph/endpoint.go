package graph

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// version is the only version of Graph that entragit speaks; beta is not a
// contract.
const version = "/v1.0"

// endpoint is the one place that requests may go to: scheme, host and port.
type endpoint struct {
	scheme string
	host   string // lower case, with the port unless it is the scheme's own
}

// parseEndpoint accepts https to anywhere and http to loopback.
func parseEndpoint(base string) (endpoint, error) {
	u, err := url.Parse(base)
	if err != nil {
		return endpoint{}, fmt.Errorf("graph URL: %w: %w", entra.ErrInvalid, err)
	}
	refuse := func(reason string) (endpoint, error) {
		return endpoint{}, fmt.Errorf("graph URL %q: %s: %w", u.Redacted(), reason, entra.ErrInvalid)
	}
	switch {
	case u.Host == "" || u.Hostname() == "":
		return refuse("no host")
	case u.User != nil:
		return refuse("user information")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return refuse("more than scheme, host and port")
	case u.Scheme == "https":
	case u.Scheme != "http":
		return refuse("neither https nor http")
	case !loopback(u.Hostname()):
		return refuse("http to a host that is not this machine")
	}
	return endpointOf(u), nil
}

func endpointOf(u *url.URL) endpoint {
	port := u.Port()
	if (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		port = ""
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return endpoint{scheme: u.Scheme, host: host}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback())
}

func (e endpoint) String() string { return e.scheme + "://" + e.host }

// secure reports whether a token may be sent.
func (e endpoint) secure() bool { return e.scheme == "https" }

// resolve returns the URL of a path below the version. A path that would leave the
// version, or that smuggles in a query, wraps [entra.ErrInvalid]: ids in it come
// from the tenant.
func (e endpoint) resolve(path string, query url.Values) (*url.URL, error) {
	u, err := e.relative(path)
	if err != nil {
		return nil, err
	}
	if u.RawQuery != "" {
		return nil, fmt.Errorf("path %q: query inside the path: %w", path, entra.ErrInvalid)
	}
	u.RawQuery = encodeQuery(query)
	return u, nil
}

// relative parses a path, with a query or without, as Graph takes it in a batch.
func (e endpoint) relative(path string) (*url.URL, error) {
	refuse := func(reason string) (*url.URL, error) {
		return nil, fmt.Errorf("path %q: %s: %w", path, reason, entra.ErrInvalid)
	}
	if !strings.HasPrefix(path, "/") {
		return refuse("no leading slash")
	}
	u, err := url.Parse(e.String() + version + path)
	switch {
	case err != nil:
		return refuse("not a URL path")
	case u.Fragment != "" || strings.Contains(path, "#"):
		return refuse("fragment")
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." {
			return refuse("dot segment")
		}
	}
	return u, nil
}

// encodeQuery escapes a query as Graph's documentation writes it: "$" and "," stay,
// a space is %20. Keys are sorted.
func encodeQuery(query url.Values) string {
	return strings.NewReplacer("%24", "$", "%2C", ",", "+", "%20").Replace(query.Encode())
}

// pin checks that a next link stays where the token belongs. Anything else wraps
// [entra.ErrUnsafe], and nothing is sent.
func (e endpoint) pin(page *url.URL, next string) (*url.URL, error) {
	u, err := page.Parse(next)
	switch {
	case err != nil:
		return nil, fmt.Errorf("next link is not a URL: %w", entra.ErrUnsafe)
	case u.User != nil:
		return nil, fmt.Errorf("next link with user information: %w", entra.ErrUnsafe)
	case endpointOf(u) != e:
		return nil, fmt.Errorf("next link to %s://%s instead of %s: %w", u.Scheme, u.Host, e, entra.ErrUnsafe)
	}
	return u, nil
}
