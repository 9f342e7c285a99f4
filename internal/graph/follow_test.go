package graph_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

// pages answers a chain of pages: each has a query "page=N" and links to the next.
func pages(bodies ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := 0
		fmt.Sscan(r.URL.Query().Get("$skiptoken"), &n)
		body := bodies[n]
		if n+1 < len(bodies) {
			next := fmt.Sprintf(`"@odata.nextLink":"http://%s/v1.0/users?$skiptoken=%d",`, r.Host, n+1)
			body = "{" + next + body[1:]
		}
		answer(200, body)(w, r)
	}
}

func TestListFollowsPages(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{pages(
		`{"@odata.context":"x","value":[{"id":"1"}, {"id":"2"}]}`,
		`{"value":[]}`, // an empty page with a next link is not the end
		`{"value":[{"id":"3"}],"@odata.nextLink":null}`,
	)}}
	client, _, _ := connect(t, srv)
	query := url.Values{"$select": {"id,displayName"}, "$filter": {"startsWith(displayName, 'a+b')"}}
	items, err := collect(client.List(context.Background(), "/users", query))
	if want := []string{`{"id":"1"}`, `{"id":"2"}`, `{"id":"3"}`}; err != nil || !slices.Equal(items, want) {
		t.Errorf("got %q, %v", items, err)
	}
	first := srv.seen[0]
	if first.URL.RawQuery != "$filter=startsWith%28displayName,%20%27a%2Bb%27%29&$select=id,displayName" {
		t.Errorf("query %s", first.URL.RawQuery)
	}
	for _, r := range srv.seen {
		if r.Header.Get("x-ms-throttle-priority") != "low" || r.Header.Get("client-request-id") == "" ||
			r.Header.Get("User-Agent") != "entragit/test" {
			t.Errorf("headers %v", r.Header)
		}
	}
	if srv.seen[0].Header.Get("client-request-id") == srv.seen[1].Header.Get("client-request-id") {
		t.Error("two requests with one client-request-id")
	}
}

func TestListStopsEarly(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{pages(`{"value":[{"id":"1"},{"id":"2"}]}`, `{"value":[]}`)}}
	client, _, _ := connect(t, srv)
	for range client.List(context.Background(), "/users", nil) {
		break
	}
	if srv.count() != 1 {
		t.Errorf("sent %d requests after the reader had left, want 1", srv.count())
	}
}

// A next link that leaves the endpoint is refused before anything is sent, and the
// page before it was yielded.
func TestNextLinkIsPinned(t *testing.T) {
	thief := new(steps)
	thief.handlers = []http.HandlerFunc{answer(200, `{"value":[]}`)}
	other := httptest.NewTLSServer(thief)
	defer other.Close()
	links := map[string]func(own *url.URL) string{
		"other host":       func(*url.URL) string { return "https://evil.example/v1.0/users" },
		"other port":       func(*url.URL) string { return other.URL + "/v1.0/users" },
		"other scheme":     func(own *url.URL) string { return "http://" + own.Host + "/v1.0/users" },
		"user information": func(own *url.URL) string { return "https://me:pw@" + own.Host + "/v1.0/users" },
		"scheme relative":  func(*url.URL) string { return "//" + other.Listener.Addr().String() + "/v1.0/users" },
		"not a URL":        func(*url.URL) string { return "https://[" },
		"host in the path": func(own *url.URL) string { return "https://" + own.Host + "@evil.example/" },
		"same page again":  func(own *url.URL) string { return own.String() + "/v1.0/users" },
	}
	for name, link := range links {
		t.Run(name, func(t *testing.T) {
			srv := &steps{handlers: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
				own := &url.URL{Scheme: "https", Host: r.Host}
				answer(200, fmt.Sprintf(`{"value":[{"id":"1"}],"@odata.nextLink":%q}`, link(own)))(w, r)
			}}}
			client, _ := connectTLS(t, srv, new(credential))
			items, err := collect(client.List(context.Background(), "/users", nil))
			if !errors.Is(err, entra.ErrUnsafe) || !strings.Contains(err.Error(), "next link") ||
				len(items) != 1 || srv.count() != 1 || thief.count() != 0 {
				t.Errorf("got %q, %v after %d requests and %d elsewhere", items, err, srv.count(), thief.count())
			}
		})
	}
}

func TestRedirectIsRefused(t *testing.T) {
	thief := new(steps)
	thief.handlers = []http.HandlerFunc{answer(200, oneUser)}
	other := httptest.NewTLSServer(thief)
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		srv := &steps{handlers: []http.HandlerFunc{answer(status, "", "Location", other.URL)}}
		client, _ := connectTLS(t, srv, new(credential))
		_, err := client.Get(context.Background(), "/organization", nil)
		if !errors.Is(err, entra.ErrUnsafe) || thief.count() != 0 {
			t.Errorf("%d: got %v and %d requests elsewhere", status, err, thief.count())
		}
	}
}

func TestPathsAreChecked(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{answer(200, oneUser)}}
	client, _, _ := connect(t, srv)
	for _, path := range []string{"users", "/users/../organization", "/users/%2e%2e/x", "/users?$top=1", "/users#x", "/users/%zz", "/a\x00b"} {
		if _, err := client.Get(context.Background(), path, nil); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%q: got %v, want ErrInvalid", path, err)
		}
	}
	if srv.count() != 0 {
		t.Errorf("%d requests were sent", srv.count())
	}
}

func TestNewRefuses(t *testing.T) {
	signed := new(credential)
	cases := map[string]graph.Config{
		"clear text":     {BaseURL: "http://graph.microsoft.com", Credential: signed},
		"near loopback":  {BaseURL: "http://127.0.0.1.example"},
		"no credential":  {BaseURL: "https://graph.microsoft.com"},
		"no host":        {BaseURL: "https://"},
		"nothing":        {},
		"other scheme":   {BaseURL: "ftp://127.0.0.1"},
		"a path":         {BaseURL: "https://graph.microsoft.com/v1.0", Credential: signed},
		"a user":         {BaseURL: "https://me@graph.microsoft.com", Credential: signed},
		"not a URL":      {BaseURL: "http://[::1"},
		"a bare address": {BaseURL: "127.0.0.1:8080"},
	}
	for name, cfg := range cases {
		if _, err := graph.New(cfg); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	for _, base := range []string{"http://localhost:1", "http://127.0.0.1", "http://[::1]:80", "http://127.3.2.1:9/"} {
		if _, err := graph.New(graph.Config{BaseURL: base}); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
}

// guard answers a token that it does not like with 401 and a challenge.
func guard(good, challenge string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+good {
			answer(401, errorBody("InvalidAuthenticationToken", "expired"), "WWW-Authenticate", challenge)(w, r)
			return
		}
		answer(200, oneUser)(w, r)
	}
}

func TestTokenIsRefreshedOnce(t *testing.T) {
	const claims = `{"access_token":{"nbf":{"essential":true,"value":"1652813508"}}}`
	encoded := base64.StdEncoding.EncodeToString([]byte(claims))
	fresh := `{"access_token":{"nbf":{"essential":true,"value":"1790834400"}}}` // the clock's time
	cases := map[string]struct{ challenge, claims string }{
		"continuous access evaluation": {`Bearer realm="", error="insufficient_claims", claims="` + encoded + `"`, claims},
		"no challenge":                 {"", fresh},
		"claims without quotes":        {`Bearer claims=abc`, fresh},
		"claims are garbage":           {`Bearer claims="a"`, fresh},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cred := new(credential)
			srv := &steps{handlers: []http.HandlerFunc{guard("token-2", tc.challenge)}}
			client, _ := connectTLS(t, srv, cred)
			if _, err := client.Get(context.Background(), "/users", nil); err != nil {
				t.Fatal(err)
			}
			if want := []string{"", tc.claims}; !slices.Equal(cred.claims, want) || srv.count() != 2 {
				t.Errorf("asked for claims %q in %d requests, want %q in 2", cred.claims, srv.count(), want)
			}
		})
	}
	t.Run("then throttled", func(t *testing.T) {
		cred := new(credential)
		srv := &steps{handlers: []http.HandlerFunc{guard("token-2", ""), answer(429, ""), guard("token-2", "")}}
		client, _ := connectTLS(t, srv, cred)
		if _, err := client.Get(context.Background(), "/users", nil); err != nil || cred.issued != 2 {
			t.Errorf("%v after %d tokens, want the refreshed one kept", err, cred.issued)
		}
	})
	t.Run("refused for good", func(t *testing.T) {
		srv := &steps{handlers: []http.HandlerFunc{guard("never", "")}}
		client, _ := connectTLS(t, srv, new(credential))
		_, err := client.Get(context.Background(), "/users", nil)
		if !errors.Is(err, entra.ErrUnauthenticated) || srv.count() != 3 { // the last asks for the tenant
			t.Errorf("got %v after %d requests, want ErrUnauthenticated after 3", err, srv.count())
		}
	})
	t.Run("sign-in fails", func(t *testing.T) {
		cred := &credential{err: errors.New("AADSTS7000215: Invalid client secret provided.\n----\nbody")}
		srv := &steps{handlers: []http.HandlerFunc{answer(200, oneUser)}}
		client, _ := connectTLS(t, srv, cred)
		_, err := client.Get(context.Background(), "/users", nil)
		if !errors.Is(err, entra.ErrUnauthenticated) || srv.count() != 0 || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %q after %d requests", err, srv.count())
		}
	})
}

func TestNoTokenOverHTTP(t *testing.T) {
	srv := &steps{handlers: []http.HandlerFunc{answer(200, oneUser)}}
	client, _, _ := connect(t, srv, func(c *graph.Config) { c.Credential = new(credential) })
	if _, err := client.Get(context.Background(), "/users", nil); err != nil || srv.seen[0].Header.Get("Authorization") != "" {
		t.Errorf("%v, headers %v", err, srv.seen[0].Header)
	}
}
