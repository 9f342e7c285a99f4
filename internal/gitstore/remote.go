package gitstore

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/go-git/go-git/v5/plumbing/transport"
	gitfile "github.com/go-git/go-git/v5/plumbing/transport/file"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"
	"github.com/go-git/go-git/v5/plumbing/transport/ssh"
)

// Remote is another copy of the repository.
type Remote struct {
	// URL is https://…, http://…, ssh://… or git@host:path, file://… or a local path.
	// Local paths need the git binary; SSH uses the agent and known_hosts.
	URL string
	// Token is sent as HTTP basic authentication; "" uses what the URL carries. It
	// is refused over plain HTTP, except to this machine.
	Token string
	// User goes with Token; "" is "x-access-token", as GitHub expects.
	User string
	// Transport carries HTTP requests; nil is [http.DefaultTransport].
	Transport http.RoundTripper
	// Name is under what the repository remembers how far the remote was, so that one that
	// was set back is noticed; "" remembers nothing.
	Name string
	// AcceptRewound goes on where the remote was set back. What it lost is pushed again.
	AcceptRewound bool
}

// RefUpdate is what became of one reference: at the remote after Push, here after
// Fetch. Old equal to New means that there was nothing to do. New is zero when Fetch
// found no such reference at the remote.
type RefUpdate struct {
	Ref string
	Old Hash
	New Hash
}

// dial returns go-git's client and endpoint for the remote. What pack holds by the
// time of a push over HTTP is appended to its request.
func (m Remote) dial(pack *packBody) (transport.Transport, *transport.Endpoint, error) {
	ep, err := transport.NewEndpoint(m.URL)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %q is not a URL of a repository", ErrRemote, m.String())
	}
	switch ep.Protocol {
	case "file":
		// The path becomes an argument of the git binary: absolute, so never an option.
		if ep.Path, err = filepath.Abs(ep.Path); err != nil {
			return nil, nil, err
		}
		return gitfile.DefaultClient, ep, nil
	case "ssh":
		return ssh.DefaultClient, ep, nil
	case "http", "https":
		if ep.Protocol == "http" && !isLoopback(ep.Host) && (m.Token != "" || ep.Password != "") {
			return nil, nil, fmt.Errorf("%w: credentials are not sent to %s without TLS", ErrRemote, m)
		}
		base := m.Transport
		if base == nil {
			base = http.DefaultTransport
		}
		return githttp.NewClient(&http.Client{Transport: &packTransport{base: base, pack: pack}}), ep, nil
	default:
		return nil, nil, fmt.Errorf("%w: %s: protocol %q is not supported", ErrRemote, m, ep.Protocol)
	}
}

// auth returns the credentials for an HTTP endpoint and takes them out of it, so
// that no error message can show them.
func (m Remote) auth(ep *transport.Endpoint) transport.AuthMethod {
	if ep.Protocol != "http" && ep.Protocol != "https" {
		return nil
	}
	user, password := ep.User, ep.Password
	ep.User, ep.Password = "", ""
	if m.Token != "" {
		user, password = m.User, m.Token
		if user == "" {
			user = "x-access-token"
		}
	}
	if user == "" && password == "" {
		return nil
	}
	return &githttp.BasicAuth{Username: user, Password: password}
}

// String returns the URL without credentials.
func (m Remote) String() string {
	scheme, rest, ok := strings.Cut(m.URL, "://")
	if !ok {
		return m.URL
	}
	host, path, _ := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(host, '@'); at >= 0 && scheme != "ssh" {
		host = host[at+1:]
	}
	return scheme + "://" + host + "/" + path
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

// wrap names the remote in an error and sorts go-git's errors under a sentinel of
// ours.
func (m Remote) wrap(operation string, err error) error {
	for _, ours := range []error{ErrRemote, ErrMoved, ErrDiverged, ErrRewound, ErrRejected, ErrDamaged, ErrUnknownRevision} {
		if errors.Is(err, ours) {
			return fmt.Errorf("%s %s: %w", operation, m, err)
		}
	}
	kind := ErrRemote
	switch {
	case errors.Is(err, transport.ErrAuthenticationRequired), errors.Is(err, transport.ErrAuthorizationFailed):
		kind = ErrUnauthorized
	case errors.Is(err, transport.ErrRepositoryNotFound):
		kind = ErrNotFound
	}
	return fmt.Errorf("%s %s: %w: %w", operation, m, kind, err)
}

// packBody is a pack on disk, sent without being held in memory. Zero is no pack.
type packBody struct {
	from io.ReaderAt
	size int64
}

func (p *packBody) reader() io.Reader { return io.NewSectionReader(p.from, 0, p.size) }

// maxErrorBody bounds what is read of an answer that is not a success; go-git would
// read it to its end, whatever its size.
const maxErrorBody = 64 << 10

// packTransport streams a pack behind go-git's push request. go-git itself would
// hold request and pack in memory together: 443 MB for 200,000 objects.
type packTransport struct {
	base http.RoundTripper
	pack *packBody
}

func (t *packTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if t.pack != nil && t.pack.size > 0 && req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/git-receive-pack") {
		req = t.withPack(req)
	}
	resp, err := t.base.RoundTrip(req)
	if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxErrorBody), resp.Body}
	}
	return resp, err
}

func (t *packTransport) withPack(req *http.Request) *http.Request {
	commands, getCommands := req.Body, req.GetBody
	req = req.Clone(req.Context())
	req.ContentLength += t.pack.size
	req.Header.Del("Content-Length") // go-git's own, without the pack
	req.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(commands, t.pack.reader()), commands}
	req.GetBody = func() (io.ReadCloser, error) {
		again, err := getCommands()
		if err != nil {
			return nil, err
		}
		return io.NopCloser(io.MultiReader(again, t.pack.reader())), nil
	}
	return req
}

// printable makes a line of a server's text safe to show and short.
func printable(text string) string {
	clean := strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return ' '
		}
		return c
	}, text)
	if len(clean) > 300 {
		clean = clean[:300] + "…"
	}
	return strings.TrimSpace(clean)
}
