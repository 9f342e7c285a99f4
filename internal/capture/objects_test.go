package capture

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// told is a script whose batches answer with bodies.
type told struct{ script }

func (s *told) Batch(ctx context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error) {
	resps, err := s.script.Batch(ctx, reqs)
	for i := range resps {
		resps[i].Body = []byte(strings.Join(s.bodies[string(resps[i].Body)], ""))
	}
	return resps, err
}

// An object is asked for again only where it may be had without what was refused: a kind
// with properties that need a permission of their own, or one whose list shows more.
func TestObjectsAreAskedForAgain(t *testing.T) {
	const policies, locations = "/identity/conditionalAccess/policies", "/identity/conditionalAccess/namedLocations"
	preview := &graph.Error{Status: 400, Code: "BadRequest", Sentinel: entra.ErrRejected, Message: "1037: The policy contains preview features."}
	other := &graph.Error{Status: 400, Code: "BadRequest", Sentinel: entra.ErrRejected, Message: "something else"}
	for _, tt := range []struct {
		name       string
		kind       string
		err        error
		list       []string
		listErr    error
		asked      string
		read       bool
		unwritable bool
		failed     error
	}{
		{"refused", "namedLocations", entra.ErrForbidden, nil, nil, locations + "/a", false, false, entra.ErrForbidden},
		{"rejected", "conditionalAccessPolicies", other, nil, nil, policies + "/a", false, false, entra.ErrRejected},
		{"another kind's preview", "namedLocations", preview, nil, nil, locations + "/a", false, false, entra.ErrRejected},
		{"in preview", "conditionalAccessPolicies", preview, []string{`{"id":"b"}`, `{"id":"a","displayName":"A"}`}, nil, policies + "/a " + policies, true, true, nil},
		{"in preview, not listed", "conditionalAccessPolicies", preview, []string{`{"id":"b"}`}, nil, policies + "/a " + policies, false, false, entra.ErrRejected},
		{"in preview, list refused", "conditionalAccessPolicies", preview, nil, entra.ErrForbidden, policies + "/a " + policies, false, false, entra.ErrRejected},
		{"in preview, list refused later", "conditionalAccessPolicies", preview, []string{`{"id":"a","displayName":"A"}`}, entra.ErrForbidden, policies + "/a " + policies, true, true, nil},
	} {
		src := &told{script{bodies: map[string][]string{}, errs: map[string]error{}}}
		path := kind.ByName(tt.kind).Path
		src.bodies[path], src.errs[path], src.errs[path+"/a"] = tt.list, tt.listErr, tt.err
		key := entra.Key{Kind: tt.kind, ID: "a"}
		live, err := Objects(t.Context(), src, []entra.Key{key})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.DeleteFunc(src.asked, func(p string) bool { return strings.HasPrefix(p, "/a/") }), " "); got != tt.asked {
			t.Errorf("%s: asked %s, want %s", tt.name, got, tt.asked)
		}
		if (live.Objects[key] != nil) != tt.read || (live.Unwritable[key] != "") != tt.unwritable || !errors.Is(live.Failed[key], tt.failed) {
			t.Errorf("%s: %+v", tt.name, live)
		}
		if len(live.Coverage) != 1 || live.Coverage[tt.kind].Of("a").Object() != tt.read {
			t.Errorf("%s: coverage %+v", tt.name, live.Coverage)
		}
	}
}

// A sign-in that is refused while the list is searched ends the reading.
func TestListForPreviewsThatEndsTheRun(t *testing.T) {
	const policies = "/identity/conditionalAccess/policies"
	src := &told{script{errs: map[string]error{
		policies + "/a": &graph.Error{Status: 400, Sentinel: entra.ErrRejected, Message: "1037: preview"},
		policies:        entra.ErrUnauthenticated,
	}}}
	if _, err := Objects(t.Context(), src, []entra.Key{{Kind: "conditionalAccessPolicies", ID: "a"}}); !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("error %v", err)
	}
}

// Extras that are refused are left out for every object that they were refused for, and
// the coverage says that they were not read.
func TestObjectsWithoutExtras(t *testing.T) {
	src := &told{script{bodies: map[string][]string{
		"/users/a": {`{"id":"a","displayName":"A"}`}, "/users/b": {`{"id":"b","displayName":"B"}`},
	}, errs: map[string]error{}}}
	closed := &extrasClosed{told: src}
	keys := []entra.Key{{Kind: "users", ID: "a"}, {Kind: "users", ID: "b"}}
	live, err := Objects(t.Context(), closed, keys)
	if err != nil || live.Objects[keys[0]] == nil || live.Objects[keys[1]] == nil || len(live.Failed) != 0 {
		t.Fatalf("%v, %+v", err, live)
	}
	if live.Coverage["users"].ReadProperty("customSecurityAttributes") || closed.with != 2 || closed.sans != 2 {
		t.Errorf("%d requests with extras, %d without: %+v", closed.with, closed.sans, live.Coverage["users"])
	}
}

// extrasClosed refuses what asks for extras.
type extrasClosed struct {
	*told
	with, sans int
}

func (s *extrasClosed) Batch(ctx context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error) {
	resps, err := s.told.Batch(ctx, reqs)
	for i, req := range reqs {
		path, query, _ := strings.Cut(req.Path, "?")
		switch {
		case strings.Contains(query, "customSecurityAttributes"):
			s.with++
			resps[i] = graph.BatchResponse{Err: entra.ErrForbidden}
		case strings.HasPrefix(path, "/users/") && strings.Count(path, "/") == 2:
			s.sans++
		}
	}
	return resps, err
}

// Objects without a natural key cannot be sought, and cost no request; a sign-in that is
// refused ends the search.
func TestSeekAsksOnlyForWhatCanBeFound(t *testing.T) {
	const path = "/roleManagement/directory/roleAssignments"
	src := &told{script{errs: map[string]error{path: entra.ErrUnauthenticated}}}
	lost := entra.Identity{Key: entra.Key{Kind: "roleAssignments", ID: "a"}}
	live := &Live{}
	if err := live.Seek(t.Context(), src, []entra.Identity{lost}); err != nil || len(src.asked) != 0 {
		t.Errorf("%v, asked %v", err, src.asked)
	}
	lost.NaturalKey = map[string]any{"principalId": "p"}
	if err := live.Seek(t.Context(), src, []entra.Identity{lost}); !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("a refused sign-in: %v", err)
	}
}
