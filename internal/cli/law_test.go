package cli

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// The law that everything rests on: capture, change anything that can be changed,
// reconcile, and the tenant is what it was, to the same tree id. It ranges over every
// kind and each of its writable properties, links and contained collections, and over
// deletion where it can be undone, through real HTTP. Where an object gets another id,
// everything but the id is what it was.
func TestLaw(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	for _, k := range kind.All() {
		t.Run(k.Name, func(t *testing.T) {
			if k.Unavailable != "" {
				if c := l.rev.manifest.Kinds[k.Name]; c.State != entra.Skipped || c.Cause != k.Unavailable {
					t.Errorf("coverage %+v, want skipped: %s", c, k.Unavailable)
				}
				return
			}
			l.kind(t, k)
			l.unchanged(t, l.capture(t, gitstore.BeginOptions{}, k), k.Name)
		})
	}
	if !t.Failed() {
		l.sameTree(t, l.capture(t, gitstore.BeginOptions{}, kind.All()...))
	}
}

func (l *law) kind(t *testing.T, k *kind.Kind) {
	objects := l.objects(t, k)
	if k.NeverWritten != "" {
		return // nothing writes it: there is nothing to change
	}
	for _, p := range k.Update {
		if _, final := k.OneWay[p]; !final {
			t.Run(p, func(t *testing.T) { l.property(t, k, objects, p) })
		}
	}
	for i := range k.Links {
		t.Run(k.Links[i].Name, func(t *testing.T) { l.link(t, k, objects, &k.Links[i]) })
	}
	for i := range k.Contained {
		t.Run(k.Contained[i].Name, func(t *testing.T) { l.contained(t, k, objects, &k.Contained[i]) })
	}
	if k.Deletion.Mode == kind.DeleteSoft || k.Deletion.Mode == kind.DeleteHard && k.Recreated() {
		t.Run("deleted", func(t *testing.T) { l.deleted(t, k, objects) })
	}
}

// Microsoft documents of few complex values whether a PATCH replaces or merges them.
// The law holds either way.
func TestLawWhereGraphMerges(t *testing.T) {
	l := newLaw(t, emulator.Options{MergeComplex: true})
	for _, k := range kind.All() {
		if k.Unavailable+k.NeverWritten != "" {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			objects := l.objects(t, k)
			for _, p := range k.Update {
				if slices.ContainsFunc(objects, func(o *entra.Object) bool { _, ok := o.Spec[p].(map[string]any); return ok }) {
					t.Run(p, func(t *testing.T) { l.property(t, k, objects, p) })
				}
			}
		})
	}
}

// What Graph does not let be created again is left alone with the reason.
func TestLawOfWhatIsGone(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	for _, k := range kind.All() {
		if k.Deletion.Mode != kind.DeleteHard || k.Recreated() || k.Unavailable+k.NeverWritten != "" {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			refusal := ""
			for _, o := range l.objects(t, k) {
				if refusal = l.delete(t, k, o); refusal != "" {
					continue
				}
				l.refused(t, o, k.NotRecreatable)
				return
			}
			t.Skipf("every %s is in use: %s", k.Title, refusal)
		})
	}
}

// What Graph does not let be changed back is left alone with the reason.
func TestLawOfWhatIsFinal(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	for _, k := range kind.All() {
		for p, final := range k.OneWay {
			t.Run(k.Name+"/"+p, func(t *testing.T) {
				objects := l.objects(t, k)
				i := slices.IndexFunc(objects, func(o *entra.Object) bool { return o.Spec[p] != nil && o.Spec[p] != final })
				if i < 0 {
					t.Fatalf("every %s of the seed has it", k.Title)
				}
				if refusal := l.write(t, k, objects[i], p, final); refusal != "" {
					t.Fatal(refusal)
				}
				l.refused(t, objects[i], fmt.Sprint(final))
			})
		}
	}
}

// refused makes sure that an object is left alone, with a reason.
func (l *law) refused(t *testing.T, o *entra.Object, reason string) {
	t.Helper()
	plan := l.plan(t, o)
	if len(plan.Steps) > 0 || len(plan.Refusals) != 1 || !strings.Contains(plan.Refusals[0].Reason, reason) {
		t.Errorf("%s: %d steps, want a refusal with %q: %q", o.Key, len(plan.Steps), reason, refusalsOf(plan))
	}
}

// law is an emulated tenant, a repository, and the first snapshot of one in the
// other.
type law struct {
	mutator
	url    string
	client *graph.Client
	repo   *gitstore.Repo
	rev    revision
}

// hasty is a clock on which every wait is over at once.
type hasty struct{}

func (hasty) Now() time.Time                                   { return time.Now() }
func (hasty) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

func newLaw(t testing.TB, opts emulator.Options) *law {
	t.Helper()
	server, err := emulator.New(opts)
	must(t, err)
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	client, err := graph.New(graph.Config{BaseURL: web.URL, Clock: hasty{}})
	must(t, err)
	repo, err := gitstore.Init(t.TempDir())
	must(t, err)
	t.Cleanup(func() { repo.Close() })
	l := &law{mutator: newMutator(t), url: web.URL, client: client, repo: repo, rev: revision{manifest: entra.Manifest{Tenant: server.TenantID()}}}
	l.rev = l.capture(t, gitstore.BeginOptions{Root: true}, kind.All()...)
	return l
}

// capture takes a snapshot of some kinds and leaves the others as they are.
func (l *law) capture(t testing.TB, opts gitstore.BeginOptions, kinds ...*kind.Kind) revision {
	t.Helper()
	ctx := context.Background()
	w, err := l.repo.Begin(ctx, snapshotsRef, opts)
	must(t, err)
	defer w.Abort()
	summary, err := capture.Run(ctx, l.client, treeBase{w.Parent()}, snapshotSink{w}, capture.Options{
		Kinds: kinds, Manifest: l.rev.manifest,
	})
	must(t, err)
	for _, k := range summary.Incomplete() {
		if k.Kind.Unavailable == "" {
			t.Fatalf("%s: %s: %v", k.Kind.Name, k.Coverage.State, k.Details)
		}
	}
	_, err = w.Put(manifestPath, canon.EncodeManifest(summary.Manifest))
	must(t, err)
	head, err := w.Commit(ctx, gitstore.CommitOptions{
		Subject: "capture", Name: "law", Email: "law@example.org", When: time.Unix(1e9, 0), AllowEmpty: true,
	})
	must(t, err)
	r := &repository{Repo: l.repo}
	rev, err := r.snapshot(head)
	must(t, err)
	return rev
}

// unchanged compares a snapshot with the first one.
func (l *law) unchanged(t *testing.T, now revision, selected ...string) {
	t.Helper()
	sel, err := diff.ParseSelection(selected, nil)
	must(t, err)
	set, err := diff.Compare(l.rev, now, diff.Options{Selection: sel})
	must(t, err)
	for _, c := range set.Changes {
		t.Errorf("%s is not what it was: %s %+v %+v", c.Key, c.Type, c.Properties, c.Links)
	}
}

// sameTree compares the trees, apart from the objects that may have another id.
func (l *law) sameTree(t *testing.T, now revision) {
	t.Helper()
	l.unchanged(t, now)
	for c, err := range l.repo.DiffTrees(l.rev.tree, now.tree, "") {
		must(t, err)
		if name, _, ok := canon.ParsePath(c.Path); !ok || len(kind.ByName(name).NaturalKey) == 0 {
			t.Errorf("%s is not what it was", c.Path)
		}
	}
}

// objects returns every object of a kind as the snapshot has it.
func (l *law) objects(t *testing.T, k *kind.Kind) []*entra.Object {
	t.Helper()
	var list []*entra.Object
	for f, err := range l.rev.Files(k.Name) {
		must(t, err)
		o, err := l.rev.object(k, f.Path)
		must(t, err)
		list = append(list, o)
	}
	if len(list) == 0 {
		t.Fatalf("the seed has no %s", k.Name)
	}
	return list
}

// plan makes a plan to put one object back.
func (l *law) plan(t *testing.T, o *entra.Object) entra.Plan {
	t.Helper()
	sel, err := diff.ParseSelection([]string{o.String()}, nil)
	must(t, err)
	in, err := apply.Gather(context.Background(), l.client, l.rev.manifest.Tenant, apply.Wanted{From: l.rev, Objects: selected(l.rev, sel)})
	must(t, err)
	made, err := plan.New(in)
	must(t, err)
	file, err := plan.Encode(made)
	must(t, err)
	made, err = plan.Decode(file, l.rev.manifest.Tenant)
	must(t, err)
	return made
}

// reconcile puts one object back and compares it with the snapshot.
func (l *law) reconcile(t *testing.T, k *kind.Kind, o *entra.Object) {
	t.Helper()
	plan := l.plan(t, o)
	if len(plan.Steps) == 0 || len(plan.Refusals) > 0 {
		t.Fatalf("%s: plan has %d steps, refusals %q", o.Key, len(plan.Steps), refusalsOf(plan))
	}
	outcome, err := apply.Run(context.Background(), l.client, apply.Live{Source: l.client}, plan, apply.Options{Base: l.url + "/v1.0", Clock: hasty{}})
	must(t, err)
	if !outcome.Complete() {
		t.Fatalf("%s: steps %+v, remaining %+v", o.Key, outcome.Steps, outcome.Remaining)
	}
	now := l.live(t, k, o)
	if now == nil {
		t.Fatalf("%s is gone", o.Key)
	}
	if len(k.NaturalKey) > 0 {
		now.Key = o.Key
	}
	if want, got := encoded(t, k, o), encoded(t, k, now); want != got {
		t.Fatalf("%s is not what it was:\n--- was\n%s\n--- is\n%s", o.Key, want, got)
	}
}

// live reads an object as it is now, under whichever id.
func (l *law) live(t *testing.T, k *kind.Kind, o *entra.Object) *entra.Object {
	t.Helper()
	live, err := apply.Live{Source: l.client}.Objects(context.Background(), []entra.Identity{plan.IdentityOf(k, o, o.ID)})
	must(t, err)
	return live.Objects[o.Key]
}

func encoded(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	var enc canon.Encoder
	out, err := enc.EncodeObject(k, o, nil)
	must(t, err)
	return string(out.YAML)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refusalsOf(plan entra.Plan) []string {
	var all []string
	for _, r := range plan.Refusals {
		all = append(all, r.String()+r.Pointer+": "+r.Reason)
	}
	return all
}
