package capture_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// files is a snapshot in memory: the base of one capture and the sink of the next.
type files map[string]string

func (f files) Paths(prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, p := range slices.Sorted(maps.Keys(f)) {
			if (p == prefix || strings.HasPrefix(p, prefix+"/")) && !yield(p, nil) {
				return
			}
		}
	}
}

func (f files) Read(path string) ([]byte, error) {
	data, ok := f[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, entra.ErrNotFound)
	}
	return []byte(data), nil
}

func (f files) Same(path string, data []byte) (bool, error) {
	old, ok := f[path]
	return ok && old == string(data), nil
}

// sink writes into a copy of its base.
type sink struct{ base, now files }

func (s sink) Put(path string, data []byte) (entra.ChangeType, error) {
	s.now[path] = string(data)
	switch old, ok := s.base[path]; {
	case !ok:
		return entra.Added, nil
	case old != string(data):
		return entra.Changed, nil
	}
	return "", nil
}

func (s sink) Move(from, to string) error {
	if _, ok := s.now[from]; !ok {
		return fmt.Errorf("move %s: %w", from, entra.ErrNotFound)
	}
	s.now[to] = s.now[from]
	delete(s.now, from)
	return nil
}

func (s sink) Delete(path string) error {
	if _, ok := s.now[path]; !ok {
		return fmt.Errorf("delete %s: %w", path, entra.ErrNotFound)
	}
	delete(s.now, path)
	return nil
}

func (s sink) Reset(prefix string) error {
	below := func(p string) bool { return p == prefix || strings.HasPrefix(p, prefix+"/") }
	maps.DeleteFunc(s.now, func(p, _ string) bool { return below(p) })
	for p, data := range s.base {
		if below(p) {
			s.now[p] = data
		}
	}
	return nil
}

// tenant is an emulated tenant and a client that reads it.
type tenant struct {
	*emulator.Server
	url    string
	client *graph.Client
}

// hasty is a clock on which every wait is over at once.
type hasty struct{}

func (hasty) Now() time.Time                                   { return time.Now() }
func (hasty) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func newTenant(t *testing.T, opts emulator.Options) *tenant {
	t.Helper()
	server, err := emulator.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	client, err := graph.New(graph.Config{BaseURL: web.URL, Clock: hasty{}})
	if err != nil {
		t.Fatal(err)
	}
	return &tenant{server, web.URL, client}
}

// run captures every kind on top of a base and returns the new snapshot.
func (tn *tenant) run(t *testing.T, base files, before entra.Manifest) (files, *capture.Summary) {
	t.Helper()
	s := sink{base: base, now: maps.Clone(base)}
	summary, err := capture.Run(context.Background(), tn.client, base, s, capture.Options{Kinds: kind.All(), Manifest: before})
	if err != nil {
		t.Fatal(err)
	}
	return s.now, summary
}

// write sends a change past the code under test.
func (tn *tenant) write(t *testing.T, method, path, body string) {
	t.Helper()
	req, err := http.NewRequest(method, tn.url+"/v1.0"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		answer, _ := io.ReadAll(resp.Body)
		t.Fatalf("%s %s: %s\n%s", method, path, resp.Status, answer)
	}
}

// read reads past the code under test.
func (tn *tenant) read(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(tn.url + "/v1.0" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v\n%s", path, resp.Status, err, body)
	}
	return string(body)
}

// file returns the path of an object's file.
func file(t *testing.T, f files, kindName, id string) string {
	t.Helper()
	for p := range f {
		if k, have, ok := canon.ParsePath(p); ok && k == kindName && have == id {
			return p
		}
	}
	t.Fatalf("%s/%s has no file", kindName, id)
	return ""
}

func complete(t *testing.T, s *capture.Summary) {
	t.Helper()
	for _, k := range s.Incomplete() {
		t.Errorf("%s: %s: %s", k.Kind.Name, k.Coverage.State, k.Coverage.Cause)
	}
}

func TestTwoCapturesAreIdentical(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	first, s1 := tn.run(t, files{}, entra.Manifest{})
	complete(t, s1)
	if len(first) < 400 {
		t.Fatalf("captured only %d objects", len(first))
	}
	fresh, _ := tn.run(t, files{}, entra.Manifest{})
	if d := cmp.Diff(first, fresh); d != "" {
		t.Errorf("a second first capture differs (-first +second):\n%s", d)
	}
	again, s2 := tn.run(t, first, s1.Manifest)
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("a capture on top differs (-before +after):\n%s", d)
	}
	if a, c, r := s2.Counts(); a+c+r != 0 {
		t.Errorf("an unchanged tenant has +%d ~%d -%d", a, c, r)
	}
	if d := cmp.Diff(s1.Manifest, s2.Manifest); d != "" {
		t.Errorf("manifests differ:\n%s", d)
	}
}

func TestChangesAreCounted(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.run(t, files{}, entra.Manifest{})
	var policy, old string
	for p := range base {
		if strings.HasPrefix(p, "tenant/conditionalAccessPolicies/") {
			_, policy, _ = canon.ParsePath(p)
			old = p
		}
	}
	tn.write(t, "PATCH", "/identity/conditionalAccess/policies/"+policy, `{"displayName": "Renamed at night"}`)
	user := firstID(t, base, "users")
	tn.write(t, "DELETE", "/users/"+user, "")
	now, s2 := tn.run(t, base, s.Manifest)
	if _, ok := now[old]; ok {
		t.Errorf("%s is still there after a rename", old)
	}
	if p := file(t, now, "conditionalAccessPolicies", policy); !strings.Contains(p, "/renamed-at-night.") {
		t.Errorf("the renamed policy is at %s", p)
	}
	if _, ok := now[file(t, base, "users", user)]; ok {
		t.Error("the deleted user still has a file")
	}
	for _, k := range s2.Kinds {
		switch k.Kind.Name {
		case "conditionalAccessPolicies":
			if k.Added != 0 || k.Changed != 1 || k.Removed != 0 {
				t.Errorf("a rename counts as +%d ~%d -%d", k.Added, k.Changed, k.Removed)
			}
		case "users":
			if k.Removed != 1 || k.Added != 0 {
				t.Errorf("a deletion counts as +%d ~%d -%d", k.Added, k.Changed, k.Removed)
			}
		}
	}
}

func firstID(t *testing.T, f files, kindName string) string {
	t.Helper()
	for _, p := range slices.Sorted(maps.Keys(f)) {
		if k, id, ok := canon.ParsePath(p); ok && k == kindName {
			return id
		}
	}
	t.Fatalf("no %s", kindName)
	return ""
}

// A failed read is never a deletion, wherever it fails (oxidized 1603).
func TestNotReadIsNotDeleted(t *testing.T) {
	tests := []struct {
		name  string
		fault emulator.Fault
		kind  string
		state entra.CoverageState
	}{
		{"forbidden", emulator.Fault{Method: "GET", Path: "/identity/conditionalAccess/namedLocations", Status: 403, Code: "AccessDenied"}, "namedLocations", entra.Forbidden},
		{"rejected in mid listing", emulator.Fault{Method: "GET", Path: "/users", Skip: 1, Status: 400, Code: "Request_BadRequest"}, "users", entra.Skipped},
		{"truncated", emulator.Fault{Method: "GET", Path: "/applications", Drop: true}, "applications", entra.Skipped},
		{"listed and then not found", emulator.Fault{Method: "GET", Path: "/identityGovernance/lifecycleWorkflows/workflows/*", Status: 404, Code: "ResourceNotFound"}, "lifecycleWorkflows", entra.Partial},
		{"singleton", emulator.Fault{Method: "GET", Path: "/policies/authorizationPolicy", Status: 403, Code: "Forbidden"}, "authorizationPolicy", entra.Forbidden},
	}
	tn := newTenant(t, emulator.Options{PageSize: 50})
	base, s := tn.run(t, files{}, entra.Manifest{})
	complete(t, s)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tn := newTenant(t, emulator.Options{PageSize: 50})
			if err := tn.AddFaults(tt.fault); err != nil {
				t.Fatal(err)
			}
			now, s2 := tn.run(t, base, s.Manifest)
			if d := cmp.Diff(base, now); d != "" {
				t.Errorf("files changed:\n%s", d)
			}
			cover := s2.Manifest.Kinds[tt.kind]
			if cover.State != tt.state || cover.Cause == "" {
				t.Errorf("coverage is %q because %q, want %q with a cause", cover.State, cover.Cause, tt.state)
			}
			if len(s2.Incomplete()) != 1 {
				t.Errorf("%d kinds are incomplete, want 1", len(s2.Incomplete()))
			}
		})
	}
}

// A link that cannot be read keeps what the snapshot before had, and is not covered.
func TestUnreadLinkIsCarried(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.run(t, files{}, entra.Manifest{})
	if err := tn.AddFaults(emulator.Fault{Method: "GET", Path: "/groups/*/members", Status: 403, Code: "Authorization_RequestDenied"}); err != nil {
		t.Fatal(err)
	}
	group := firstID(t, base, "groups")
	tn.write(t, "PATCH", "/groups/"+group, `{"description": "changed while members were hidden"}`)
	now, s2 := tn.run(t, base, s.Manifest)
	path := file(t, base, "groups", group)
	want, got := decode(t, "groups", path, base[path]), decode(t, "groups", path, now[path])
	if d := cmp.Diff(want.Links, got.Links); d != "" {
		t.Errorf("links changed:\n%s", d)
	}
	if got.Spec["description"] != "changed while members were hidden" {
		t.Errorf("description is %v", got.Spec["description"])
	}
	cover := s2.Manifest.Kinds["groups"]
	if cover.State != entra.Partial || slices.Contains(cover.Links, "members") || !slices.Contains(cover.Links, "owners") {
		t.Errorf("coverage is %+v", cover)
	}
}

func decode(t *testing.T, kindName, path, data string) *entra.Object {
	t.Helper()
	o, err := canon.Decode(kind.ByName(kindName), path, []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// One service that answers 401 to a token which the others take costs its own kinds: this is
// how the expiration of groups refuses who lacks Directory.Read.All.
func TestOneServiceThatAnswers401CostsItsKind(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	if err := tn.AddFaults(
		emulator.Fault{Method: "GET", Path: "/groupLifecyclePolicies", Status: 401, Code: "Unauthorized", Message: "Permission denied."},
		emulator.Fault{Method: "GET", Path: "/identityGovernance/lifecycleWorkflows/**", Status: 401, Code: "UnknownError", Message: " "},
	); err != nil {
		t.Fatal(err)
	}
	s, err := capture.Run(context.Background(), tn.client, files{}, sink{files{}, files{}}, capture.Options{Kinds: kind.All()})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]entra.CoverageState{
		"groupLifecyclePolicies": entra.Forbidden, "lifecycleWorkflows": entra.Forbidden, "lifecycleWorkflowSettings": entra.Forbidden,
		"groups": entra.Complete, "accessReviewDefinitions": entra.Complete,
	} {
		if got := s.Manifest.Kinds[name].State; got != want {
			t.Errorf("%s is %s, want %s: %s", name, got, want, s.Manifest.Kinds[name].Cause)
		}
	}
}

// A refused sign-in ends the run: nothing it could commit would be true.
func TestRefusedSignInEndsTheRun(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	if err := tn.AddFaults(emulator.Fault{Method: "GET", Path: "/**", Skip: 5, Status: 401, Code: "InvalidAuthenticationToken"}); err != nil {
		t.Fatal(err)
	}
	_, err := capture.Run(context.Background(), tn.client, files{}, sink{files{}, files{}}, capture.Options{Kinds: kind.All()})
	if !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("error is %v", err)
	}
}
