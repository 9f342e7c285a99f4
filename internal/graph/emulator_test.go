package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/emulator/signin"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
)

func newTenant(t *testing.T, opts emulator.Options) *emulator.Server {
	t.Helper()
	tenant, err := emulator.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func property(t *testing.T, body []byte, name string) string {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	value, _ := object[name].(string)
	return value
}

func ids(t *testing.T, c *graph.Client, path string, query url.Values) []string {
	t.Helper()
	var ids []string
	for body, err := range c.List(context.Background(), path, query) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, property(t, body, "id"))
	}
	return ids
}

func TestEmulatorLists(t *testing.T) {
	client, clock, _ := connect(t, newTenant(t, emulator.Options{Faults: []emulator.Fault{
		{Path: "/users", Skip: 2, Count: 1, Status: 429, Headers: map[string]string{"Retry-After": "3"}},
		{Path: "/users", Skip: 3, Count: 1, Drop: true},
	}}))
	users := ids(t, client, "/users", url.Values{"$top": {"20"}, "$select": {"id"}})
	distinct := map[string]bool{}
	for _, id := range users {
		distinct[id] = true
	}
	pages := (len(users) + 19) / 20
	if len(users) < 100 || len(distinct) != len(users) || client.Requests() != int64(pages)+2 {
		t.Errorf("%d users, %d of them distinct, in %d requests", len(users), len(distinct), client.Requests())
	}
	if len(clock.waits) != 2 || clock.waits[0] != 3*time.Second {
		t.Errorf("waited %v, want 3s and a backoff", clock.waits)
	}
}

func TestEmulatorBatches(t *testing.T) {
	client, clock, _ := connect(t, newTenant(t, emulator.Options{PageSize: 5, Faults: []emulator.Fault{
		{Path: "/groups/*/members", Skip: 4, Count: 2, Status: 429, Headers: map[string]string{"Retry-After": "2"}},
	}}))
	groups := ids(t, client, "/groups", nil)
	listed := client.Requests()
	reqs := make([]graph.BatchRequest, len(groups))
	for i, id := range groups {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: "/groups/" + id + "/members?$select=id"}
	}
	answers, err := client.Batch(context.Background(), reqs)
	if err != nil {
		t.Fatal(err)
	}
	if n, chunks := client.Requests()-listed, int64(len(groups)+19)/20; n < chunks+1 || n > chunks+2 || len(clock.waits) == 0 {
		t.Errorf("%d requests for %d groups after waits %v", n, len(groups), clock.waits)
	}
	long := 0
	for i, a := range answers {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
		members, err := collect(client.Items(context.Background(), a.Body))
		if err != nil {
			t.Fatal(err)
		}
		if direct := ids(t, client, "/groups/"+groups[i]+"/members", nil); len(direct) != len(members) {
			t.Errorf("group %s: %d members by batch, %d by list", groups[i], len(members), len(direct))
		}
		if len(members) > 5 {
			long++
		}
	}
	if long == 0 {
		t.Error("no group with more than one page of members")
	}
}

func TestEmulatorWrites(t *testing.T) {
	ctx := context.Background()
	client, _, _ := connect(t, newTenant(t, emulator.Options{}))
	created, err := client.Do(ctx, "POST", "/groups",
		[]byte(`{"displayName":"Ops","mailNickname":"ops","mailEnabled":false,"securityEnabled":true}`))
	if err != nil {
		t.Fatal(err)
	}
	path := "/groups/" + property(t, created, "id")
	if answer, err := client.Do(ctx, "PATCH", path, []byte(`{"description":"who runs it"}`)); err != nil || answer != nil {
		t.Errorf("PATCH: %s, %v", answer, err)
	}
	if got, err := client.Get(ctx, path, url.Values{"$select": {"description"}}); err != nil || property(t, got, "description") != "who runs it" {
		t.Errorf("read back %s, %v", got, err)
	}
	var e *graph.Error
	if _, err := client.Do(ctx, "PATCH", path, []byte(`{"nonsense":1}`)); !errors.Is(err, entra.ErrRejected) || !errors.As(err, &e) || e.Code == "" || e.RequestID == "" {
		t.Errorf("unknown property: %v", err)
	}
	if _, err := client.Do(ctx, "DELETE", path, nil); err != nil {
		t.Error(err)
	}
	if _, err := client.Get(ctx, path, nil); !errors.Is(err, entra.ErrNotFound) {
		t.Errorf("after the deletion: %v", err)
	}
}

// signIn serves a tenant behind sign-in and returns its URL, a client that trusts
// its certificate, and how the tool's own application signs in as a workflow.
func signIn(t *testing.T, now func() time.Time) (base string, web *http.Client, s graph.SignIn) {
	t.Helper()
	const secret = "right"
	tenant := newTenant(t, emulator.Options{})
	open, _, _ := connect(t, tenant)
	apps, err := collect(open.List(context.Background(), "/applications", url.Values{"$filter": {"displayName eq 'entragit'"}}))
	if err != nil || len(apps) != 1 {
		t.Fatalf("the tool's application: %q, %v", apps, err)
	}
	appID := property(t, []byte(apps[0]), "appId")
	federated := ids(t, open, "/applications/"+property(t, []byte(apps[0]), "id")+"/federatedIdentityCredentials", nil)
	credential, err := open.Get(context.Background(), fmt.Sprintf("/applications/%s/federatedIdentityCredentials/%s", property(t, []byte(apps[0]), "id"), federated[0]), nil)
	if err != nil {
		t.Fatal(err)
	}
	authority, err := signin.New(tenant, signin.Options{
		Now: now, Secrets: map[string]string{appID: secret}, Workflow: property(t, credential, "subject")})
	if err != nil {
		t.Fatal(err)
	}
	certificates, err := signin.NewTLS()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(authority)
	srv.TLS = certificates.Config
	srv.StartTLS()
	t.Cleanup(srv.Close)
	web = &http.Client{Transport: &http.Transport{TLSClientConfig: certificates.Client()}}
	return srv.URL, web, graph.SignIn{
		Tenant: tenant.TenantID(), Client: appID, Secret: secret, Authority: srv.URL, HTTP: web,
		GitHub: graph.GitHubOIDC{URL: authority.Actions.RequestURL(srv.URL), Token: authority.Actions.RequestToken,
			Audience: graph.Clouds()[0].Audience, HTTP: web, Clock: newClock()},
	}
}

func signedIn(t *testing.T, base string, web *http.Client, s graph.SignIn) *graph.Client {
	t.Helper()
	credential, err := graph.NewCredential(s)
	if err != nil {
		t.Fatal(err)
	}
	client, err := graph.New(graph.Config{BaseURL: base, Credential: credential, UserAgent: "entragit/test",
		Clock: newClock(), Transport: web.Transport})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestEmulatorSignIn(t *testing.T) {
	base, web, s := signIn(t, nil)
	for _, method := range []graph.Method{graph.MethodGitHub, graph.MethodSecret} {
		s.Method = method
		client := signedIn(t, base, web, s)
		if got := ids(t, client, "/organization", nil); len(got) != 1 || got[0] != s.Tenant || client.Requests() != 1 {
			t.Errorf("%s: organizations %v in %d requests", method, got, client.Requests())
		}
	}
	s.Method, s.Secret = graph.MethodSecret, "wrong"
	_, err := signedIn(t, base, web, s).Get(context.Background(), "/organization", nil)
	if !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("wrong secret: %v", err)
	}
}

// Tokens that the service no longer takes are renewed in the middle of a listing.
func TestEmulatorTokenEndsInMidRun(t *testing.T) {
	var (
		mu  sync.Mutex
		now = time.Now()
	)
	base, web, s := signIn(t, func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	})
	s.Method = graph.MethodGitHub
	client := signedIn(t, base, web, s)
	users := 0
	for _, err := range client.List(context.Background(), "/users", url.Values{"$top": {"50"}}) {
		if err != nil {
			t.Fatal(err)
		}
		if users++; users == 60 {
			mu.Lock()
			now = now.Add(2 * time.Hour) // azidentity's own clock stands still
			mu.Unlock()
		}
	}
	if pages := int64(users+49) / 50; users < 100 || client.Requests() != pages+1 {
		t.Errorf("%d users in %d requests, want one more than pages", users, client.Requests())
	}
}
