package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// testClock is the time in test tenants.
var testClock = time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)

// Names of the contoso seed, and of what Microsoft provisions.
const (
	mainDomain      = "contoso.com"
	graphAppID      = "00000003-0000-0000-c000-000000000000"
	globalReader    = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	catalogReader   = "44272f93-9762-48e8-af59-1b5351b1d6b3"
	privilegedRoles = "e8611ab8-c189-46e8-94e1-60213ab1f814"
	skuFlow         = "f30db892-07e9-47e9-837c-80727f46fd3d"
	skuE3           = "05e9a617-0261-4cee-bb44-138d3ef5d965"
	skuE5           = "06ebc4ee-1bb5-47dd-8120-11324bc54e06"
	planYammer      = "7547a3fe-08ee-4ccb-b430-5077c5041653"
)

// seeded is a tenant, by its id, that holds the contoso seed.
type seeded string

// id returns the id of the object of a family that has a name.
func (tenant seeded) id(family, name string) string { return seed.ID(string(tenant), family, name) }

// user returns the id of the person with a key.
func (tenant seeded) user(key string) string { return tenant.id("users", key) }

// client talks to a tenant over HTTP.
type client struct {
	t      *testing.T
	server *Server
	url    string
	header http.Header
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	body   object
}

func serve(t *testing.T, opts Options) *client {
	t.Helper()
	if opts.Now == nil {
		opts.Now = func() time.Time { return testClock }
	}
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return &client{t: t, server: s, url: h.URL + servicePrefix, header: make(http.Header)}
}

// with returns a client that also sends a header.
func (c *client) with(name, value string) *client {
	other := *c
	other.header = c.header.Clone()
	other.header.Set(name, value)
	return &other
}

// do sends a request; path may be absolute, body is JSON text or empty.
func (c *client) do(method, path, body string) answer {
	c.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = c.url + strings.ReplaceAll(path, " ", "%20")
	}
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header = c.header.Clone()
	if req.Header.Get("Accept-Language") == "" {
		req.Header.Set("Accept-Language", "0") // branding requires it
	}
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, text: string(data)}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	_ = d.Decode(&a.body)
	return a
}

// get expects a GET to succeed and returns its body.
func (c *client) get(path string) object {
	c.t.Helper()
	return c.expect(http.StatusOK, "GET", path, "")
}

// expect sends a request, requires a status and returns the body.
func (c *client) expect(status int, method, path, body string) object {
	c.t.Helper()
	a := c.do(method, path, body)
	if a.status != status {
		c.t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.status, status, a.text)
	}
	return a.body
}

// refuses sends a request and requires an error.
func (c *client) refuses(status int, code, message, method, path, body string) {
	c.t.Helper()
	a := c.do(method, path, body)
	got, _ := a.body["error"].(object)
	text, _ := got["message"].(string)
	if a.status != status || got["code"] != code || !strings.Contains(text, message) {
		c.t.Errorf("%s %s %s:\ngot  %d %v %q\nwant %d %s %q", method, path, body, a.status, got["code"], text, status, code, message)
	}
}

// values returns the objects of a list, all pages of it.
func (c *client) values(path string) []object {
	c.t.Helper()
	var all []object
	for path != "" {
		body := c.get(path)
		for _, v := range asList(body["value"]) {
			all = append(all, v.(object))
		}
		path, _ = body["@odata.nextLink"].(string)
	}
	return all
}

// pick returns one property of each object.
func pick(objects []object, name string) []string {
	picked := make([]string, len(objects))
	for i, o := range objects {
		picked[i], _ = o[name].(string)
	}
	return picked
}

// create creates an object and returns its id.
func (c *client) create(path, body string) string {
	c.t.Helper()
	return c.expect(http.StatusCreated, "POST", path, body)["id"].(string)
}

func (c *client) user(name string) string {
	c.t.Helper()
	return c.create("/users", `{"accountEnabled":true,"displayName":"`+name+`","mailNickname":"`+name+`","userPrincipalName":"`+
		name+`@`+c.domain()+`","passwordProfile":{"password":"correct horse"}}`)
}

func (c *client) group(name string) string {
	c.t.Helper()
	return c.create("/groups", `{"displayName":"`+name+`","mailEnabled":false,"mailNickname":"`+name+`","securityEnabled":true}`)
}

// domain returns a domain of the tenant.
func (c *client) domain() string {
	return valuesAt(c.server.store.list("/organization")[0].body["verifiedDomains"], []string{"name"})[0]
}

func pointer(id string) string {
	return `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
}
