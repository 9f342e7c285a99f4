package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/kind/csdl"
)

// judged serves a tenant to the command line, and holds each request that comes against
// Microsoft's metadata: the emulator and the table of kinds may have been read from the
// same page, wrongly.
func judged(t testing.TB, tenant http.Handler) *httptest.Server {
	t.Helper()
	m, err := csdl.Read("../emulator/metadata.json")
	must(t, err)
	web := httptest.NewServer(&requestJudge{TB: t, metadata: m, next: tenant})
	t.Cleanup(web.Close)
	return web
}

type requestJudge struct {
	testing.TB
	metadata *csdl.Metadata
	next     http.Handler
}

func (j *requestJudge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	must(j, err)
	r.Body = io.NopCloser(bytes.NewReader(body))
	path := strings.TrimPrefix(r.URL.Path, "/v1.0")
	if path == "/$batch" {
		j.batch(body)
	} else {
		j.judge(r.Method, path, r.URL.Query(), body)
	}
	j.next.ServeHTTP(w, r)
}

// batch judges each request of a batch.
func (j *requestJudge) batch(body []byte) {
	var batch struct {
		Requests []struct {
			Method, URL string
			Body        json.RawMessage
		}
	}
	if err := json.Unmarshal(body, &batch); err != nil {
		j.Errorf("a batch that is none: %v", err)
	}
	for _, r := range batch.Requests {
		address, err := url.Parse(r.URL)
		if err != nil {
			j.Errorf("in a batch: %v", err)
			continue
		}
		j.judge(r.Method, address.Path, address.Query(), r.Body)
	}
}

// beyondMetadata are the requests that Microsoft documents and the metadata does not have, by
// the page.
var beyondMetadata = map[string]string{}

func (j *requestJudge) judge(method, path string, query url.Values, body []byte) {
	err := j.metadata.Judge(csdl.Request{Method: method, Path: path, Query: query, Body: body})
	if err != nil && beyondMetadata[method+" "+path] == "" {
		j.Errorf("no request of Microsoft Graph: %s %s?%s %s\n%v", method, path, query.Encode(), body, err)
	}
}

// A broad incident: as many things happen as a tenant lets happen, and one command puts all
// back. Every request of it is judged.
func TestEveryRequestIsOneOfMicrosofts(t *testing.T) {
	i := newIncident(t, newLaw(t, emulator.Options{}), 11, 120)
	code, out, errs := i.entragit("reconcile", "--from", i.first, "--yes", "--recreate", "--prune", "--enforce", "--passwords", i.saved+"-passwords", "--accept", strings.Join(ruleNames(), ","), "**")
	kinds := map[string]bool{}
	for _, what := range i.happened {
		name, _, _ := strings.Cut(what, "/")
		kinds[name] = true
	}
	if stats := i.server.Stats(); code == exitError || stats.Writes < 100 || len(kinds) < len(kind.All())/3 {
		t.Errorf("exit code %d, %d writes, %d kinds: the incident is not broad\n%s%s", code, stats.Writes, len(kinds), out, errs)
	}
}

// The judge finds a mistake in a request, in a batch too.
func TestTheJudgeFindsMistakes(t *testing.T) {
	m, err := csdl.Read("../emulator/metadata.json")
	must(t, err)
	found := &findings{TB: t}
	j := &requestJudge{TB: found, metadata: m, next: http.NotFoundHandler()}
	for _, body := range []string{
		`{"requests": [{"id": "1", "method": "GET", "url": "/users?$select=nothing"}]}`,
		`{"requests": [{"id": "1", "method": "PATCH", "url": "/users/1", "body": {"accountEnabled": "yes"}}]}`,
	} {
		j.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/v1.0/$batch", strings.NewReader(body)))
	}
	j.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/v1.0/user", nil))
	if found.n != 3 {
		t.Errorf("%d of 3 mistakes were found", found.n)
	}
}

// findings counts what is reported.
type findings struct {
	testing.TB
	n int
}

func (f *findings) Errorf(string, ...any) { f.n++ }
