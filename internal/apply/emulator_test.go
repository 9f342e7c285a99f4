package apply

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// hasty is a clock on which every wait is over at once.
type hasty struct{}

func (hasty) Now() time.Time { return time.Now() }

func (hasty) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// emulated is a tenant behind real HTTP.
type emulated struct {
	*testing.T
	server *emulator.Server
	client *graph.Client
	base   string
	tenant string
}

func newEmulated(t *testing.T) *emulated {
	t.Helper()
	return newEmulatedWith(t, emulator.Options{}, graph.Config{Clock: hasty{}})
}

// newEmulatedWith is a tenant of that kind, spoken to in that way.
func newEmulatedWith(t *testing.T, of emulator.Options, by graph.Config) *emulated {
	t.Helper()
	server, err := emulator.New(of)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	by.BaseURL = web.URL
	client, err := graph.New(by)
	if err != nil {
		t.Fatal(err)
	}
	return &emulated{T: t, server: server, client: client, base: web.URL + "/v1.0", tenant: server.TenantID()}
}

// heal forgets all faults.
func (e *emulated) heal() {
	e.Helper()
	r, err := http.NewRequest(http.MethodDelete, strings.TrimSuffix(e.base, "/v1.0")+"/_emulator/faults", nil)
	if err != nil {
		e.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		e.Fatal(err)
	}
	resp.Body.Close()
}

// objects reads the objects of a kind.
func (e *emulated) objects(k *kind.Kind) []*entra.Object {
	e.Helper()
	var sought []entra.Identity
	for body, err := range e.client.List(context.Background(), kind.Addresses{Tenant: e.tenant}.Collection(k), nil) {
		if err != nil {
			e.Fatal(err)
		}
		var o struct{ ID string }
		if err := json.Unmarshal(body, &o); err != nil {
			e.Fatal(err)
		}
		sought = append(sought, entra.Identity{Key: entra.Key{Kind: k.Name, ID: o.ID}})
	}
	read, err := Live{Source: e.client}.Objects(context.Background(), sought)
	if err != nil {
		e.Fatal(err)
	}
	var all []*entra.Object
	for _, s := range sought {
		if o := read.Objects[s.Key]; o != nil {
			all = append(all, o)
		}
	}
	return all
}

func (e *emulated) object(key entra.Key) *entra.Object {
	e.Helper()
	read, err := Live{Source: e.client}.Objects(context.Background(), []entra.Identity{{Key: key}})
	if err != nil {
		e.Fatal(err)
	}
	return read.Objects[key]
}

// send makes the requests of a step and reports whether Graph took them.
func (e *emulated) send(requests []entra.Request) error {
	for _, r := range requests {
		if _, err := e.client.Do(context.Background(), r.Method, r.Path, r.Body); err != nil {
			return err
		}
	}
	return nil
}

// The law of rendering: for any step that Graph takes, the object is afterwards what the
// step says it will be, in every property, link and contained object.
func TestRenderDoesWhatTheStepSays(t *testing.T) {
	e := newEmulated(t)
	for _, name := range []string{"conditionalAccessPolicies", "namedLocations", "groups", "users", "applications", "servicePrincipals",
		"authenticationStrengthPolicies", "administrativeUnits", "lifecycleWorkflows", "permissionGrantPolicies"} {
		t.Run(name, func(t *testing.T) {
			k := kind.ByName(name)
			random := rand.New(rand.NewPCG(9, uint64(len(name))))
			all := e.objects(k)
			all = all[:min(len(all), 30)]
			done := 0
			for range 60 {
				live := e.object(all[random.IntN(len(all))].Key)
				donor := all[random.IntN(len(all))]
				step, ok := between(random, k, live, donor)
				if !ok {
					continue
				}
				planned, err := plan.After(k, live, step)
				if err != nil {
					t.Fatal(err)
				}
				p := &entra.Plan{Tenant: e.tenant, Steps: []entra.Step{step}}
				requests, err := NewRenderer(e.base, p).Render(step, live)
				if err != nil {
					t.Fatalf("%+v: %v", step, err)
				}
				if err := e.send(requests); errors.Is(err, entra.ErrRejected) || errors.Is(err, entra.ErrForbidden) || errors.Is(err, entra.ErrConflict) {
					continue
				} else if err != nil {
					t.Fatal(err)
				}
				done++
				read := capture.Extent(k).Of("")
				left := diff.Objects(k, planned, e.object(live.Key), diff.Read{Before: read, After: read})
				if left != nil {
					left.Properties = slices.DeleteFunc(left.Properties, func(c entra.PropertyChange) bool { return c.Observed })
				}
				if left != nil && len(left.Properties)+len(left.Links) > 0 {
					t.Fatalf("%+v\n%s\nleft %+v", step, requests, left)
				}
			}
			if done < 3 {
				t.Errorf("only %d steps were taken", done)
			}
			t.Logf("%d steps", done)
		})
	}
}

// between is a random step of those that lead from one object to the like of another.
func between(random *rand.Rand, k *kind.Kind, live, donor *entra.Object) (entra.Step, bool) {
	read := capture.Extent(k).Of("")
	change := diff.Objects(k, live, donor, diff.Read{Before: read, After: read})
	if change == nil {
		return entra.Step{}, false
	}
	step := entra.Step{ID: "1", Key: live.Key, Action: entra.ActionUpdate}
	if len(change.Links) > 0 && random.IntN(2) == 0 {
		l := change.Links[random.IntN(len(change.Links))]
		step.Target, step.Action = l.Link, entra.ActionAddLink
		step.Links = []entra.LinkChange{{Link: l.Link, Added: l.Added}}
		if k.SingleLink(l.Link) {
			step.Links[0].Removed = l.Removed
		}
		if len(l.Added) == 0 {
			step.Action, step.Links = entra.ActionRemoveLink, []entra.LinkChange{{Link: l.Link, Removed: l.Removed}}
		}
		i := slices.IndexFunc(k.Links, func(link kind.Link) bool { return link.Name == l.Link })
		return step, k.Links[i].Reverse == ""
	}
	names := slices.Clone(k.Update)
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:min(len(names), 1+random.IntN(4))]
	for _, c := range change.Properties {
		tokens := jsonpointer.Split(c.Pointer)
		if tokens[0] == entra.SectionSpec && slices.Contains(names, tokens[1]) && !slices.Contains(k.OwnRequest, tokens[1]) {
			step.Properties = append(step.Properties, c)
		}
	}
	return step, len(step.Properties) > 0 && live.Spec[typeProperty] == donor.Spec[typeProperty]
}

// What a reference leads to is known, known to be gone, or not known: a refusal is none of
// the first two unless Graph says so.
func TestLookUp(t *testing.T) {
	e := newEmulated(t)
	user := e.objects(kind.ByName("users"))[0].ID
	app, _ := e.objects(kind.ByName("applications"))[0].Status["appId"].(string)
	principal := &kind.Reference{Path: "x", Targets: []string{"users", "groups"}}
	byApp := &kind.Reference{Path: "y", Targets: []string{"servicePrincipals", "applications"}, By: "appId"}
	const gone = "00000000-0000-0000-0000-00000000dead"
	tests := []struct {
		name  string
		fault emulator.Fault
		ref   *kind.Reference
		value string
		kind  string
		err   error
	}{
		{"there", emulator.Fault{}, principal, user, "users", nil},
		{"by another property", emulator.Fault{}, byApp, app, "applications", nil},
		{"gone", emulator.Fault{}, principal, gone, "", entra.ErrNotFound},
		{"not allowed to look", emulator.Fault{Path: "/users/*", Status: 403}, principal, user, "", nil},
		{"not allowed to look, and gone", emulator.Fault{Path: "/users/*", Status: 403}, principal, gone, "", nil},
		{"no id at all", emulator.Fault{Path: "/*/*", Status: 400, Code: "Request_BadRequest", Message: "Invalid object identifier 'x'."}, principal, "x", "", entra.ErrNotFound},
		{"a 400 that says it is gone", emulator.Fault{Path: "/*/*", Status: 400, Code: "Request_ResourceNotFound"}, principal, user, "", entra.ErrNotFound},
		{"a 400 that says nothing of the object", emulator.Fault{Path: "/*/*", Status: 400, Code: "Request_BadRequest", Message: "busy"}, principal, user, "", entra.ErrRejected},
		{"found as one, unknown as the other", emulator.Fault{Path: "/groups/*", Status: 400, Code: "BadRequest", Message: "busy"}, principal, user, "users", nil},
		{"no answer", emulator.Fault{Path: "/users/*", Status: 503, Headers: map[string]string{"Retry-After": "1"}}, principal, user, "", entra.ErrUnavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.fault.Status > 0 {
				if err := e.server.AddFaults(tt.fault); err != nil {
					t.Fatal(err)
				}
				defer e.heal()
			}
			found, err := lookUp(context.Background(), e.client, kind.Addresses{Tenant: e.tenant}, []plan.Reference{{Reference: tt.ref, Value: tt.value}})
			if err != nil {
				t.Fatal(err)
			}
			kindName, err := found(tt.ref, tt.value)
			if !errors.Is(err, tt.err) || err == nil && kindName != tt.kind {
				t.Errorf("%q, %v, want %q, %v", kindName, err, tt.kind, tt.err)
			}
		})
	}
}

// A reader tells what it could not read, and stops for nothing that is about one object.
func TestLiveReadsAsMuchAsCanBe(t *testing.T) {
	e := newEmulated(t)
	groups := e.objects(kind.ByName("groups"))[:3]
	for _, f := range []emulator.Fault{{Path: "/groups/" + groups[0].ID, Status: 403}, {Path: "/groups/" + groups[1].ID + "/members", Status: 403}} {
		if err := e.server.AddFaults(f); err != nil {
			t.Fatal(err)
		}
	}
	var sought []entra.Identity
	for _, g := range groups {
		sought = append(sought, entra.Identity{Key: g.Key})
	}
	read, err := Live{Source: e.client}.Objects(context.Background(), sought)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range groups {
		extent := read.Coverage["groups"].Of(g.ID)
		line := ""
		for _, part := range []string{"", "links/members", "links/owners"} {
			if extent.Lack(part) != nil {
				line += part + " unread "
			}
		}
		got = append(got, strings.TrimSpace(line))
	}
	if d := cmp.Diff([]string{"unread links/members unread links/owners unread", "links/members unread", ""}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
