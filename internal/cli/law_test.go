package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/reconcile"
)

// The law that everything rests on: capture, change anything that can be changed,
// reconcile, and the tenant is what it was, to the same tree id. It ranges over every
// kind and each of its writable properties, links and contained collections, through
// real HTTP.
func TestLaw(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	for _, k := range kind.All() {
		t.Run(k.Name, func(t *testing.T) {
			objects := l.objects(t, k)
			for _, p := range k.Update {
				t.Run(p, func(t *testing.T) { l.property(t, k, objects, p) })
			}
			for _, link := range k.Links {
				t.Run(link.Name, func(t *testing.T) { l.link(t, k, objects, link) })
			}
			for i := range k.Contained {
				t.Run(k.Contained[i].Name, func(t *testing.T) { l.contained(t, k, objects, &k.Contained[i]) })
			}
			if k.Deletion.Mode == kind.DeleteSoft {
				t.Run("deleted", func(t *testing.T) { l.deleted(t, k, objects) })
			}
			for c, err := range l.repo.DiffTrees(l.rev.tree, l.capture(t, gitstore.BeginOptions{}), "") {
				must(t, err)
				t.Errorf("%s is not what it was", c.Path)
			}
		})
	}
}

// Microsoft documents of few complex values whether a PATCH replaces or merges them.
// The law holds either way.
func TestLawWhereGraphMerges(t *testing.T) {
	l := newLaw(t, emulator.Options{MergeComplex: true})
	for _, k := range kind.All() {
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
	l.capture(t, gitstore.BeginOptions{Root: true})
	head, err := repo.Head(snapshotsRef)
	must(t, err)
	r := &repository{Repo: repo}
	l.rev, err = r.snapshot(head)
	must(t, err)
	return l
}

// capture takes a snapshot and returns its tree.
func (l *law) capture(t testing.TB, opts gitstore.BeginOptions) *gitstore.Tree {
	t.Helper()
	ctx := context.Background()
	w, err := l.repo.Begin(ctx, snapshotsRef, opts)
	must(t, err)
	defer w.Abort()
	summary, err := capture.Run(ctx, l.client, treeBase{w.Parent()}, snapshotSink{w}, capture.Options{
		Kinds: kind.All(), Manifest: l.rev.manifest,
	})
	must(t, err)
	for _, k := range summary.Incomplete() {
		t.Fatalf("%s: %s: %v", k.Kind.Name, k.Coverage.State, k.Details)
	}
	_, err = w.Put(manifestPath, canon.EncodeManifest(summary.Manifest))
	must(t, err)
	head, err := w.Commit(ctx, gitstore.CommitOptions{
		Subject: "capture", Name: "law", Email: "law@example.org", When: time.Unix(1e9, 0), AllowEmpty: true,
	})
	must(t, err)
	tree, err := l.repo.Tree(head)
	must(t, err)
	return tree
}

// objects returns every object of a kind as the snapshot has it.
func (l *law) objects(t *testing.T, k *kind.Kind) []*entra.Object {
	t.Helper()
	var list []*entra.Object
	for f, err := range l.rev.Files(k.Name) {
		must(t, err)
		data, err := l.rev.Read(f.Path)
		must(t, err)
		o, err := canon.Decode(k, f.Path, data)
		must(t, err)
		list = append(list, o)
	}
	if len(list) == 0 {
		t.Fatalf("the seed has no %s", k.Name)
	}
	return list
}

// attempts bounds how many objects are tried until one accepts a change: some are
// synchronised, dynamic or otherwise locked.
const attempts = 60

// property changes, clears and sets one property.
func (l *law) property(t *testing.T, k *kind.Kind, objects []*entra.Object, p string) {
	var with, without []*entra.Object
	for _, o := range objects {
		if o.Spec[p] != nil {
			with = append(with, o)
		} else {
			without = append(without, o)
		}
	}
	if len(with) == 0 {
		t.Fatalf("no %s of the seed has %s", k.Title, p)
	}
	changed := l.tryEach(t, k, with, p, func(o *entra.Object) iter.Seq[any] { return l.others(o.Spec[p]) })
	cleared := l.tryEach(t, k, with, p, func(o *entra.Object) iter.Seq[any] {
		if _, list := o.Spec[p].([]any); list {
			return one([]any{})
		}
		return one(nil)
	})
	set := "cannot be cleared again"
	if !slices.Contains(k.Sticky, p) {
		set = l.tryEach(t, k, without, p, func(*entra.Object) iter.Seq[any] { return one(with[0].Spec[p]) })
	}
	if changed != "" && cleared != "" && set != "" {
		t.Errorf("no %s accepted another %s: %s", k.Title, p, changed)
	}
}

func one(v any) iter.Seq[any] { return func(yield func(any) bool) { yield(v) } }

// tryEach writes values to objects until one accepts one, and has it put back. It
// returns why none did, or "".
func (l *law) tryEach(t *testing.T, k *kind.Kind, objects []*entra.Object, p string, values func(*entra.Object) iter.Seq[any]) string {
	t.Helper()
	refusal := "nothing to change"
	for _, o := range objects[:min(len(objects), attempts)] {
		for v := range values(o) {
			body := map[string]any{p: v}
			if typ := o.Spec["@odata.type"]; typ != nil {
				body["@odata.type"] = typ
			}
			if refusal = l.send("PATCH", l.path(k, o), body); refusal == "" {
				l.reconcile(t, k, o)
				return ""
			}
		}
	}
	return refusal
}

func (l *law) link(t *testing.T, k *kind.Kind, objects []*entra.Object, link kind.Link) {
	removed, added := "no object has one", "no object took one"
	for _, o := range objects {
		ids := o.Links[link.Name]
		if removed != "" && len(ids) > 0 {
			path := l.path(k, o) + "/" + link.Name + "/" + ids[0] + "/$ref"
			if link.Single {
				path = l.path(k, o) + "/" + link.Name + "/$ref"
			}
			if removed = l.send("DELETE", path, nil); removed == "" {
				l.reconcile(t, k, o)
			}
		}
		target := l.stranger(t, link, o)
		if added == "" || len(ids) == 0 || target == "" {
			continue
		}
		method := "POST"
		if link.Single {
			method = "PUT"
		}
		body := map[string]any{"@odata.id": l.url + "/v1.0/directoryObjects/" + target}
		if added = l.send(method, l.path(k, o)+"/"+link.Name+"/$ref", body); added == "" {
			l.reconcile(t, k, o)
		}
	}
	if removed+added != "" {
		t.Errorf("%s: removing: %s; adding: %s", link.Name, removed, added)
	}
}

// stranger returns an object that may be linked and is not.
func (l *law) stranger(t *testing.T, link kind.Link, o *entra.Object) string {
	t.Helper()
	for f, err := range l.rev.Files(link.Targets[0]) {
		must(t, err)
		if _, id, _ := canon.ParsePath(f.Path); id != o.ID && !slices.Contains(o.Links[link.Name], id) {
			return id
		}
	}
	return ""
}

// contained changes and deletes elements of a contained collection.
func (l *law) contained(t *testing.T, k *kind.Kind, objects []*entra.Object, c *kind.Contained) {
	refusal := "no object has one"
	for _, o := range objects {
		for _, e := range o.Contained[c.Name] {
			path := l.path(k, o) + "/" + c.Name + "/" + url.PathEscape(l.elementID(t, k, o, c, e))
			for _, p := range c.Update {
				refusal = l.element(t, k, o, path, e, p)
			}
			if c.Fixed {
				continue
			}
			if refusal = l.send("DELETE", path, nil); refusal == "" {
				l.reconcile(t, k, o)
				return
			}
		}
	}
	if refusal != "" {
		t.Errorf("no element of %s could be changed: %s", c.Name, refusal)
	}
}

// element changes one property of a contained element and has it put back.
func (l *law) element(t *testing.T, k *kind.Kind, o *entra.Object, path string, e map[string]any, p string) string {
	t.Helper()
	refusal := ""
	for v := range l.others(e[p]) {
		body := map[string]any{p: v}
		if typ := e["@odata.type"]; typ != nil {
			body["@odata.type"] = typ
		}
		if refusal = l.send("PATCH", path, body); refusal == "" {
			l.reconcile(t, k, o)
			return ""
		}
	}
	return refusal
}

// elementID finds a contained element in the tenant by its natural key.
func (l *law) elementID(t *testing.T, k *kind.Kind, o *entra.Object, c *kind.Contained, e map[string]any) string {
	t.Helper()
	if slices.Equal(c.Key, []string{"id"}) {
		return e["id"].(string)
	}
	for body, err := range l.client.List(context.Background(), l.path(k, o)+"/"+c.Name, nil) {
		must(t, err)
		var have map[string]any
		must(t, json.Unmarshal(body, &have))
		if !slices.ContainsFunc(c.Key, func(p string) bool { return fmt.Sprint(have[p]) != fmt.Sprint(e[p]) }) {
			return have["id"].(string)
		}
	}
	t.Fatalf("%s: %v is not in the tenant", o.Key, e)
	return ""
}

func (l *law) deleted(t *testing.T, k *kind.Kind, objects []*entra.Object) {
	refusal := ""
	for _, o := range objects {
		if refusal = l.send("DELETE", l.path(k, o), nil); refusal == "" {
			l.reconcile(t, k, o)
			return
		}
	}
	t.Errorf("no %s could be deleted: %s", k.Title, refusal)
}

// reconcile puts one object back and compares it with the snapshot.
func (l *law) reconcile(t *testing.T, k *kind.Kind, o *entra.Object) {
	t.Helper()
	ctx := context.Background()
	sel, err := diff.ParseSelection([]string{o.String()}, nil)
	must(t, err)
	in, err := gather(ctx, l.client, l.rev, sel)
	must(t, err)
	in.Base = l.url + "/v1.0"
	plan, err := reconcile.Plan(in.Input)
	must(t, err)
	if len(plan.Steps) == 0 || len(plan.Refusals) > 0 {
		t.Fatalf("%s: plan has %d steps, refusals %+v", o.Key, len(plan.Steps), plan.Refusals)
	}
	outcome, err := reconcile.Apply(ctx, l.client, liveReader{l.client}, plan, reconcile.Hooks{Sleep: hasty{}.Sleep})
	must(t, err)
	if !outcome.Complete() {
		t.Fatalf("%s: steps %+v, remaining %+v", o.Key, outcome.Steps, outcome.Remaining)
	}
	live, err := liveReader{l.client}.Objects(ctx, []entra.Key{o.Key})
	must(t, err)
	if live[o.Key] == nil {
		t.Fatalf("%s is gone", o.Key)
	}
	if want, got := encoded(t, k, o), encoded(t, k, live[o.Key]); want != got {
		t.Fatalf("%s is not what it was:\n--- was\n%s\n--- is\n%s", o.Key, want, got)
	}
}

func encoded(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	var enc canon.Encoder
	out, err := enc.EncodeObject(k, o, nil)
	must(t, err)
	return string(out.YAML)
}

func (l *law) path(k *kind.Kind, o *entra.Object) string {
	if k.Singleton && !k.Listed {
		return k.Path
	}
	return k.Path + "/" + url.PathEscape(o.ID)
}

// send writes past the code under test; it returns why it was refused, or "".
func (l *law) send(method, path string, body map[string]any) string {
	data, _ := json.Marshal(body)
	req, err := http.NewRequest(method, l.url+"/v1.0"+path, bytes.NewReader(data))
	if err != nil {
		return err.Error()
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode < 300 {
		return ""
	}
	return fmt.Sprintf("%s %s: %s %s", method, path, resp.Status, answer)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
