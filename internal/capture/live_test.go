package capture_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// A deleted object is read as it was, with every property of its kind; one that never
// was is in no list.
func TestDeletedObjects(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	for _, name := range []string{"users", "applications", "servicePrincipals"} {
		base, s := tn.only(t, files{}, entra.Manifest{}, name)
		complete(t, s)
		k := kind.ByName(name)
		key := entra.Key{Kind: name, ID: firstID(t, base, name)}
		tn.write(t, "DELETE", k.Path+"/"+key.ID, "")
		never := entra.Key{Kind: name, ID: "00000000-0000-4000-8000-000000000000"}
		live, err := capture.Objects(context.Background(), tn.client, []entra.Key{key, never})
		if err != nil {
			t.Fatal(err)
		}
		if live.Objects[key] != nil || live.Failed[key] != nil || live.Deleted[key] == nil {
			t.Fatalf("%s: %+v", key, live)
		}
		path := file(t, base, name, key.ID)
		want := decode(t, name, path, base[path])
		if d := cmp.Diff(want.Spec, live.Deleted[key].Spec); d != "" {
			t.Errorf("%s is not what it was:\n%s", key, d)
		}
		if live.Objects[never] != nil || live.Failed[never] != nil || live.Deleted[never] != nil || !live.Coverage[name].Of(never.ID).Object() {
			t.Errorf("%s: %+v", never, live)
		}
	}
}

// Where it cannot be said whether an object was deleted, it failed, and nothing else did.
func TestDeletedObjectsThatCannotBeRead(t *testing.T) {
	for _, fault := range []emulator.Fault{
		{Method: "GET", Path: "/directory/deletedItems/**", Status: 403, Code: "Authorization_RequestDenied"},
		{Method: "GET", Path: "/directory/deletedItems/**", Body: `"no object"`},
	} {
		tn := newTenant(t, emulator.Options{})
		base, _ := tn.only(t, files{}, entra.Manifest{}, "users")
		users := ids(base, "users")
		gone, there := entra.Key{Kind: "users", ID: users[0]}, entra.Key{Kind: "users", ID: users[1]}
		tn.write(t, "DELETE", "/users/"+gone.ID, "")
		tn.fault(t, fault)
		live, err := capture.Objects(context.Background(), tn.client, []entra.Key{gone, there})
		if err != nil {
			t.Fatal(err)
		}
		cover := live.Coverage["users"]
		if live.Deleted[gone] != nil || live.Failed[gone] == nil || cover.Of(gone.ID).Object() {
			t.Errorf("%s: failed %v, exceptions %v", gone, live.Failed[gone], cover.Exceptions)
		}
		if live.Objects[there] == nil || live.Failed[there] != nil || !cover.Of(there.ID).Object() {
			t.Errorf("%s: failed %v", there, live.Failed[there])
		}
	}
}

// A kind that nobody may read fails its objects and no other kind's; a refused sign-in
// and a cancelled run end it.
func TestObjectsOfKindsThatCannotBeRead(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, _ := tn.only(t, files{}, entra.Manifest{}, "groups")
	group := entra.Key{Kind: "groups", ID: firstID(t, base, "groups")}
	agreement := entra.Key{Kind: "agreements", ID: "a"}
	live, err := capture.Objects(context.Background(), tn.client, []entra.Key{agreement, group})
	if err != nil || !errors.Is(live.Failed[agreement], entra.ErrForbidden) || live.Objects[group] == nil || live.Coverage["agreements"].Of("a").Object() {
		t.Errorf("%v, %+v", err, live)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := capture.Objects(cancelled, tn.client, []entra.Key{group}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/**", Status: 401, Code: "InvalidAuthenticationToken"})
	if _, err := capture.Objects(context.Background(), tn.client, []entra.Key{group}); !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("a refused sign-in: %v", err)
	}
}

// broken is a source of which every batch fails as a whole.
type broken struct {
	*graph.Client
	err error
}

func (b broken) Batch(context.Context, []graph.BatchRequest) ([]graph.BatchResponse, error) {
	return nil, b.err
}

// A batch that fails as a whole fails its objects; of a kind that is read by batch, every
// file is kept.
func TestBatchThatFailsAsAWhole(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.only(t, files{}, entra.Manifest{}, "groups")
	src := broken{tn.client, fmt.Errorf("batch: %w", entra.ErrUnavailable)}
	key := entra.Key{Kind: "groups", ID: firstID(t, base, "groups")}
	live, err := capture.Objects(context.Background(), src, []entra.Key{key})
	if err != nil || !errors.Is(live.Failed[key], entra.ErrUnavailable) || live.Coverage["groups"].Of(key.ID).Object() {
		t.Errorf("%v, %+v", err, live)
	}
	now := files{}
	for path, data := range base {
		now[path] = data
	}
	summary, err := capture.Run(context.Background(), src, base, sink{base, now}, capture.Options{Kinds: []*kind.Kind{kind.ByName("groups")}, Manifest: s.Manifest})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(base, now); d != "" || summary.Manifest.Kinds["groups"].State != entra.Skipped {
		t.Errorf("%+v\n%s", summary.Manifest.Kinds["groups"], d)
	}
}

// A lost object is not looked for where its kind cannot be listed: that is a failure, not
// an absence.
func TestSeekInAKindThatCannotBeListed(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/roleManagement/directory/roleAssignments", Status: 403, Code: "Forbidden"})
	lost := entra.Identity{Key: entra.Key{Kind: "roleAssignments", ID: "x"}, NaturalKey: map[string]any{"principalId": "p"}}
	live, err := capture.Objects(context.Background(), tn.client, []entra.Key{lost.Key})
	if err == nil {
		err = live.Seek(context.Background(), tn.client, []entra.Identity{lost})
	}
	if err != nil || !errors.Is(live.Failed[lost.Key], entra.ErrForbidden) || live.Coverage["roleAssignments"].Of("x").Object() {
		t.Errorf("%v, %+v", err, live)
	}
}

// Every kind that an application can read is asked about, and each part that needs a
// permission of its own.
func TestProbes(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	probes, err := capture.Probes(context.Background(), tn.client, tn.TenantID(), kind.All())
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for _, p := range probes {
		asked[p.Kind.Name+"/"+p.Part] = true
		if state, cause := p.State(); p.Err != nil || p.Untried || state != entra.Complete || cause != "" || len(p.Permissions) == 0 {
			t.Errorf("%s %s: %v, untried %v, permissions %v", p.Kind.Name, p.Part, p.Err, p.Untried, p.Permissions)
		}
	}
	for _, k := range kind.All() {
		if asked[k.Name+"/"] != (k.Unavailable == "") {
			t.Errorf("%s was asked about: %v", k.Name, asked[k.Name+"/"])
		}
	}
	rank := func(p capture.Probe) int { return slices.Index(kind.All(), p.Kind) }
	if !slices.IsSortedFunc(probes, func(a, b capture.Probe) int { return rank(a) - rank(b) }) {
		t.Error("the probes are not in the order of the kinds")
	}
	if !asked["users/customSecurityAttributes"] {
		t.Errorf("a part with a permission of its own was not asked about: %v", asked)
	}
}

func TestProbesOfWhatIsClosedOrEmpty(t *testing.T) {
	find := func(probes []capture.Probe, name, part string) capture.Probe {
		i := slices.IndexFunc(probes, func(p capture.Probe) bool { return p.Kind.Name == name && strings.Contains(p.Part, part) })
		if i < 0 {
			t.Fatalf("%s %s was not asked about", name, part)
		}
		return probes[i]
	}
	tn := newTenant(t, emulator.Options{})
	tn.fault(t,
		emulator.Fault{Method: "GET", Path: "/identity/conditionalAccess/namedLocations", Status: 403, Code: "AccessDenied"},
		emulator.Fault{Method: "GET", Query: "customSecurityAttributes", Status: 403, Code: "Authorization_RequestDenied"},
		emulator.Fault{Method: "GET", Path: "/groups", Body: `{"value":[]}`})
	probes, err := capture.Probes(context.Background(), tn.client, tn.TenantID(), kind.All())
	if err != nil {
		t.Fatal(err)
	}
	locations := find(probes, "namedLocations", "")
	if state, cause := locations.State(); state != entra.Forbidden || cause != "permission denied: 403 AccessDenied" {
		t.Errorf("named locations: %s %s", state, cause)
	}
	if attributes := find(probes, "users", "customSecurityAttributes"); !errors.Is(attributes.Err, entra.ErrForbidden) {
		t.Errorf("attributes: %v", attributes.Err)
	}
	if ofGroups := find(probes, "privilegedAccessGroupEligibilitySchedules", ""); !ofGroups.Untried {
		t.Errorf("there is no group to ask about: %+v", ofGroups)
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/**", Status: 401, Code: "InvalidAuthenticationToken"})
	if _, err := capture.Probes(context.Background(), tn.client, tn.TenantID(), kind.All()); !errors.Is(err, entra.ErrUnauthenticated) {
		t.Errorf("a refused sign-in: %v", err)
	}
}

func TestTenant(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	org, err := capture.Tenant(context.Background(), tn.client)
	if want := (capture.Organization{ID: tn.TenantID(), Name: "Contoso", Domain: "contoso.com"}); err != nil || org != want {
		t.Errorf("%+v %v, want %+v", org, err, want)
	}
	for body, want := range map[string]error{`{"value":[]}`: entra.ErrNotFound, `{"value":["x"]}`: nil} {
		tn.fault(t, emulator.Fault{Method: "GET", Path: "/organization", Body: body, Count: 1})
		if _, err := capture.Tenant(context.Background(), tn.client); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v", body, err)
		}
	}
	tn.fault(t, emulator.Fault{Method: "GET", Path: "/organization", Status: 403, Code: "Forbidden"})
	if _, err := capture.Tenant(context.Background(), tn.client); !errors.Is(err, entra.ErrForbidden) {
		t.Errorf("%v", err)
	}
}

// A reference whose target has another name by now is another comment, and no change.
func TestCommentsAreNoChange(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	base, s := tn.run(t, files{}, entra.Manifest{Tenant: tn.TenantID()})
	complete(t, s)
	var group string
	for _, id := range ids(base, "groups") {
		path := file(t, base, "groups", id)
		if decode(t, "groups", path, base[path]).Name == "Break-glass" {
			group = id
		}
	}
	tn.write(t, "PATCH", "/groups/"+group, `{"displayName": "Emergency access"}`)
	now, s2 := tn.run(t, base, s.Manifest)
	annotated := 0
	for path, data := range now {
		if strings.HasPrefix(path, "tenant/conditionalAccessPolicies/") && strings.Contains(data, "# groups: Emergency access") && base[path] != data {
			annotated++
		}
	}
	if _, changed, _ := s2.Counts(); annotated == 0 || changed != 1 {
		t.Errorf("%d policies name the group anew, %d objects changed", annotated, changed)
	}
}

// Progress is told for each object, of each kind.
func TestProgress(t *testing.T) {
	tn := newTenant(t, emulator.Options{})
	told := map[string]int{}
	opts := capture.Options{Kinds: []*kind.Kind{kind.ByName("groupSettings")}, Progress: func(name string, n int) {
		if n != told[name]+1 {
			t.Errorf("%s: %d after %d", name, n, told[name])
		}
		told[name] = n
	}}
	s, err := capture.Run(context.Background(), tn.client, files{}, sink{files{}, files{}}, opts)
	if err != nil || told["groupSettings"] != s.Kinds[0].Objects || len(told) != 1 {
		t.Errorf("%v, %v", told, err)
	}
}
