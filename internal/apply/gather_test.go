package apply

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
	"github.com/entragit/entragit/internal/trust"
)

// snapshot keeps some kinds of the tenant in a repository and opens them as a point.
func (e *emulated) snapshot(kinds ...string) *history.Point {
	e.Helper()
	ctx, dir := context.Background(), e.TempDir()
	must := func(err error) {
		e.Helper()
		if err != nil {
			e.Fatal(err)
		}
	}
	repo, err := gitstore.Init(filepath.Join(dir, "backup.git"))
	must(err)
	e.Cleanup(func() { _ = repo.Close() })
	key, err := gitstore.GenerateSSHKey(filepath.Join(dir, "key"), "test")
	must(err)
	w, err := repo.Begin(ctx, gitstore.SnapshotsRef, gitstore.BeginOptions{Root: true})
	must(err)
	defer w.Abort()
	var read []*kind.Kind
	for _, name := range kinds {
		read = append(read, kind.ByName(name))
	}
	summary, err := capture.Run(ctx, e.client, history.Tree{Tree: w.Parent()}, history.Sink{Writer: w},
		capture.Options{Kinds: read, Manifest: entra.Manifest{Format: entra.FormatVersion, Tenant: e.tenant}})
	must(err)
	_, err = w.Put(history.ManifestPath, canon.EncodeManifest(summary.Manifest))
	must(err)
	hash, err := w.Commit(ctx, gitstore.CommitOptions{
		Subject: "backup", Name: "Backup", Email: "backup@example.com", When: time.Unix(1.8e9, 0), Signer: key,
		Trailers: []gitstore.Trailer{{Key: trust.SeqTrailer, Value: "0"}, {Key: trust.TenantTrailer, Value: e.tenant}},
	})
	must(err)
	point, err := (&history.Repository{Repo: repo}).Snapshot(hash)
	must(err)
	return point
}

// gather reads what a plan for some paths needs.
func (e *emulated) gather(from *history.Point, paths ...string) plan.Input {
	e.Helper()
	selection, err := diff.ParseSelection(paths, nil)
	if err != nil {
		e.Fatal(err)
	}
	in, err := Gather(context.Background(), e.client, e.tenant, from, Asked{Selection: selection})
	if err != nil {
		e.Fatal(err)
	}
	return in
}

// selection is what paths mean.
func (e *emulated) selection(paths ...string) diff.Selection {
	e.Helper()
	selection, err := diff.ParseSelection(paths, nil)
	if err != nil {
		e.Fatal(err)
	}
	return selection
}

func (e *emulated) plan(in plan.Input) entra.Plan {
	e.Helper()
	made, err := plan.New(in)
	if err != nil {
		e.Fatal(err)
	}
	return made
}

// What is selected is read, whether it is there, deleted or gone, and nothing else is.
func TestGather(t *testing.T) {
	e := newEmulated(t)
	there, deleted, other := e.group("there"), e.group("deleted"), e.group("other")
	from := e.snapshot("groups")
	e.do("PATCH", "/groups/"+there, `{"description":"x"}`)
	e.do("DELETE", "/groups/"+deleted, "")
	in := e.gather(from, "groups/"+there, "groups/"+deleted)
	key := func(id string) entra.Key { return entra.Key{Kind: "groups", ID: id} }
	if o := in.Live[key(there)]; o == nil || o.Text("description") != "x" || in.Deleted[key(there)] {
		t.Errorf("there: %+v", o)
	}
	if in.Live[key(deleted)] == nil || !in.Deleted[key(deleted)] {
		t.Errorf("deleted: %+v", in.Live[key(deleted)])
	}
	if in.Selected() != 2 || in.Want[key(other)] != nil {
		t.Errorf("%d are selected", in.Selected())
	}
	if in.Tenant != e.tenant || in.From != from.Point() {
		t.Errorf("from %+v of %s", in.From, in.Tenant)
	}
	want := []string{"groups/" + deleted + ":restore", "groups/" + there + ":update"}
	got := steps(e.plan(in))
	slices.Sort(got)
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, k := range kind.All() { // what was not asked for is not taken for unread
		if in.Now[k.Name].State == "" {
			t.Errorf("nothing is said of %s", k.Name)
		}
	}
}

// An application that was deleted takes its service principal along, and both come back.
func TestGatherCompanions(t *testing.T) {
	e := newEmulated(t)
	made := e.do("POST", "/applications", `{"displayName":"companion"}`)
	bystander := e.do("POST", "/applications", `{"displayName":"bystander"}`)
	appID := func(id string) string { return e.object(entra.Key{Kind: "applications", ID: id}).Text("appId") }
	principal := e.do("POST", "/servicePrincipals", fmt.Sprintf(`{"appId":%q}`, appID(made)))
	e.do("POST", "/servicePrincipals", fmt.Sprintf(`{"appId":%q}`, appID(bystander)))
	from := e.snapshot("applications", "servicePrincipals")
	e.do("DELETE", "/applications/"+made, "")
	for name, paths := range map[string][]string{"alone": {"applications/" + made}, "with what it takes along": {"applications/" + made, "servicePrincipals/" + principal}} {
		in := e.gather(from, paths...)
		if in.Selected() != 2 || !in.Deleted[entra.Key{Kind: "servicePrincipals", ID: principal}] {
			t.Errorf("%s: %d objects, deleted %v", name, in.Selected(), in.Deleted)
		}
	}
	if in := e.gather(from, "applications/"+bystander); in.Selected() != 1 {
		t.Errorf("%d objects for one that is there", in.Selected())
	}
}

// More objects than are compared at a time are all compared, and still many at a time.
func TestGatherMany(t *testing.T) {
	e := newEmulated(t)
	for i := range gathered/2 + 1 { // as many again are in the seed
		e.user(fmt.Sprint("u", i), `,"accountEnabled":true`)
	}
	all := len(e.objects(kind.ByName("users")))
	src := &logged{Source: e.client}
	selection, err := diff.ParseSelection([]string{"users"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := Gather(context.Background(), src, e.tenant, e.snapshot("users"), Asked{Selection: selection})
	if err != nil {
		t.Fatal(err)
	}
	if made := e.plan(in); made.Matched != all || all <= gathered || src.batches > all/10 {
		t.Errorf("%d of %d match, after %d batches", made.Matched, all, src.batches)
	}
}

// References are looked up in the tenant, and what is gone is told from what is there.
func TestGatherLooksUpReferences(t *testing.T) {
	e := newEmulated(t)
	stays, goes := e.group("stays"), e.group("goes")
	policy := func(name, state, group string) string {
		return e.do("POST", "/identity/conditionalAccess/policies", fmt.Sprintf(`{"displayName":%q,"state":"disabled","conditions":{"clientAppTypes":["all"],
			"applications":{"includeApplications":["All"]},"users":{"includeUsers":["All"],"excludeGroups":[%q]}},"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`, name, group))
	}
	first, second := policy("first", "disabled", stays), policy("second", "disabled", goes)
	from := e.snapshot("conditionalAccessPolicies")
	for _, id := range []string{first, second} {
		e.do("PATCH", "/identity/conditionalAccess/policies/"+id, `{"conditions":{"users":{"excludeGroups":[]}}}`)
	}
	e.do("DELETE", "/groups/"+goes, "")
	got := steps(e.plan(e.gather(from, "conditionalAccessPolicies/"+first, "conditionalAccessPolicies/"+second)))
	want := []string{"conditionalAccessPolicies/" + first + ":update", "left alone conditionalAccessPolicies/" + second + "/spec/conditions"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// What ends a gathering: the sign-in is over, or nothing is selected. It is never taken for
// a tenant without the object.
func TestGatherThatCannotGoOn(t *testing.T) {
	e := newEmulated(t)
	made := e.do("POST", "/applications", `{"displayName":"companion"}`)
	appID := e.object(entra.Key{Kind: "applications", ID: made}).Text("appId")
	e.do("POST", "/servicePrincipals", fmt.Sprintf(`{"appId":%q}`, appID))
	policy := e.objects(kind.ByName("conditionalAccessPolicies"))[0].ID
	from := e.snapshot("applications", "servicePrincipals", "conditionalAccessPolicies")
	e.do("DELETE", "/applications/"+made, "")
	e.do("PATCH", "/identity/conditionalAccess/policies/"+policy, `{"conditions":{"users":{"includeUsers":["None"],"excludeUsers":[],"excludeGroups":[]}}}`)
	for _, tt := range []struct {
		name, path, ends string
	}{
		{"an object", "applications/" + made, "/applications"},
		{"what was deleted along with it", "applications/" + made, "/servicePrincipals"},
		{"a reference", "conditionalAccessPolicies/" + policy, "/groups"},
	} {
		selection, err := diff.ParseSelection([]string{tt.path}, nil)
		if err != nil {
			t.Fatal(err)
		}
		src := &logged{Source: e.client, ends: tt.ends}
		if _, err := Gather(context.Background(), src, e.tenant, from, Asked{Selection: selection}); !errors.Is(err, entra.ErrUnauthenticated) {
			t.Errorf("%s: %v after %q", tt.name, err, src.asked)
		}
	}
	selection, err := diff.ParseSelection([]string{"groups/" + nobody}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var unmatched *diff.UnmatchedError
	if _, err := Gather(context.Background(), e.client, e.tenant, from, Asked{Selection: selection}); !errors.As(err, &unmatched) {
		t.Errorf("nothing is selected: %v", err)
	}
}

// An object that cannot be read is told, and the others are planned.
func TestGatherWhereOneCannotBeRead(t *testing.T) {
	e := newEmulated(t)
	good, bad := e.group("good"), e.group("bad")
	from := e.snapshot("groups")
	e.do("PATCH", "/groups/"+good, `{"description":"x"}`)
	e.fail(t, emulator.Fault{Path: "/groups/" + bad, Status: 403})
	made := e.plan(e.gather(from, "groups/"+good, "groups/"+bad))
	if d := cmp.Diff([]string{"groups/" + good + ":update", "left alone groups/" + bad}, steps(made)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A plan file may say what its snapshot says and nothing else.
func TestEdited(t *testing.T) {
	e := newEmulated(t)
	id, other := e.group("group"), e.group("other")
	from := e.snapshot("groups")
	for _, id := range []string{id, other} {
		e.do("PATCH", "/groups/"+id, `{"description":"x","displayName":"y"}`)
	}
	made := e.plan(e.gather(from, "groups/"+id, "groups/"+other))
	tests := []struct {
		name string
		edit func(*entra.Plan)
		want string
	}{
		{"as it was made", func(*entra.Plan) {}, ""},
		{"another value", func(p *entra.Plan) { p.Steps[0].Properties[0].After = "z" }, "groups/"},
		{"an object that the snapshot has not", func(p *entra.Plan) { p.Steps[0].Key.ID = nobody }, nobody},
		{"an object of a kind that it has not", func(p *entra.Plan) { p.Steps[0].Key = entra.Key{Kind: "devices", ID: nobody} }, nobody},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := made
			p.Steps = slices.Clone(made.Steps)
			p.Steps[0].Properties = slices.Clone(made.Steps[0].Properties)
			tt.edit(&p)
			edits, err := Edited(from, &p)
			if got := strings.Join(edits, "; "); err != nil || (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%q, %v, want %q", got, err, tt.want)
			}
		})
	}
}
