package history

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/trust"
)

const tenantID = "3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22"

// epoch is when test histories begin.
var epoch = time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)

// archive is a backup repository whose snapshots are signed.
type archive struct {
	t    testing.TB
	repo *Repository
	key  *gitstore.SSHSigner
	seq  int
}

func newArchive(t testing.TB) *archive {
	t.Helper()
	dir := t.TempDir()
	repo, err := gitstore.Init(filepath.Join(dir, "backup.git"))
	must(t, err)
	t.Cleanup(func() { _ = repo.Close() })
	key, err := gitstore.GenerateSSHKey(filepath.Join(dir, "key"), "test")
	must(t, err)
	a := &archive{t: t, repo: &Repository{Repo: repo}, key: key}
	a.snapshot(entra.Manifest{Tenant: tenantID}, map[string]string{trust.SignersPath: "entragit " + key.PublicKey() + "\n"})
	return a
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// snapshot adds a snapshot; the first is number 0.
func (a *archive) snapshot(manifest entra.Manifest, files map[string]string) gitstore.Hash {
	a.t.Helper()
	hash := a.commit(gitstore.SnapshotsRef, a.seq == 0, a.seq, manifest, files)
	a.seq++
	return hash
}

// commit commits to a branch and says that the commit has the number.
func (a *archive) commit(ref string, root bool, seq int, manifest entra.Manifest, files map[string]string) gitstore.Hash {
	a.t.Helper()
	ctx := context.Background()
	w, err := a.repo.Begin(ctx, ref, gitstore.BeginOptions{Root: root})
	must(a.t, err)
	defer w.Abort()
	manifest.Format, manifest.Tenant = entra.FormatVersion, tenantID
	_, err = w.Put(ManifestPath, canon.EncodeManifest(manifest))
	must(a.t, err)
	for path, content := range files {
		if content == "" {
			must(a.t, w.Delete(path))
			continue
		}
		_, err := w.Put(path, []byte(content))
		must(a.t, err)
	}
	when := epoch.Add(time.Duration(seq) * time.Hour)
	hash, err := w.Commit(ctx, gitstore.CommitOptions{
		Subject: "backup", Name: "Backup", Email: "backup@example.com", When: when, AllowEmpty: true, Signer: a.key,
		Trailers: []gitstore.Trailer{
			{Key: trust.SeqTrailer, Value: strconv.Itoa(seq)}, {Key: trust.TenantTrailer, Value: tenantID},
			{Key: trust.TimeTrailer, Value: when.Format(time.RFC3339)},
		},
	})
	must(a.t, err)
	return hash
}

// verify opens the chain.
func (a *archive) verify() {
	a.t.Helper()
	head, err := a.repo.Newest()
	must(a.t, err)
	pin, _, err := trust.First(a.repo.Repo, head)
	must(a.t, err)
	a.repo.Chain, err = trust.Open(context.Background(), a.repo.Repo, pin, head, epoch.AddDate(0, 1, 0))
	must(a.t, err)
}

// at opens a point.
func (a *archive) at(expr string) *Point {
	a.t.Helper()
	p, err := a.repo.At(expr, epoch.AddDate(0, 1, 0))
	must(a.t, err)
	return p
}

// complete is the coverage of a kind that was read completely.
func complete(kindName string) entra.Coverage {
	k := kind.ByName(kindName)
	c := entra.Coverage{State: entra.Complete}
	for _, l := range k.Links {
		c.Links = append(c.Links, l.Name)
	}
	return c
}

// covering is a manifest of kinds that were read completely.
func covering(kinds ...string) entra.Manifest {
	m := entra.Manifest{Kinds: map[string]entra.Coverage{}}
	for _, name := range kinds {
		m.Kinds[name] = complete(name)
	}
	return m
}

// file is the file of an object and its path.
func file(t testing.TB, o *entra.Object) (path, content string) {
	t.Helper()
	k := kind.ByName(o.Kind)
	path, err := canon.Path(k, 0, o.ID, o.Name)
	must(t, err)
	var e canon.Encoder
	out, err := e.EncodeObject(k, o, nil)
	must(t, err)
	return path, string(out.YAML)
}

// filesOf are the files of objects by their paths.
func filesOf(t testing.TB, objects ...*entra.Object) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, o := range objects {
		path, content := file(t, o)
		files[path] = content
	}
	return files
}

func group(id, name string, members ...string) *entra.Object {
	return &entra.Object{
		Key: entra.Key{Kind: "groups", ID: id}, Name: name,
		Spec:  map[string]any{"displayName": name},
		Links: map[string][]string{"members": members},
	}
}

func location(id, name string) *entra.Object {
	return &entra.Object{
		Key: entra.Key{Kind: "namedLocations", ID: id}, Name: name,
		Spec: map[string]any{"@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": name},
	}
}

// incomplete adds a snapshot that did not read some kinds completely.
func (a *archive) incomplete(kinds ...string) {
	a.t.Helper()
	ctx := context.Background()
	w, err := a.repo.Begin(ctx, gitstore.SnapshotsRef, gitstore.BeginOptions{})
	must(a.t, err)
	defer w.Abort()
	o := gitstore.CommitOptions{Subject: "backup", Name: "b", Email: "b@example.com", When: epoch, AllowEmpty: true,
		Trailers: []gitstore.Trailer{{Key: trust.SeqTrailer, Value: strconv.Itoa(a.seq)}}}
	for _, name := range kinds {
		o.Trailers = append(o.Trailers, gitstore.Trailer{Key: PartTrailer, Value: name + " forbidden"})
	}
	_, err = w.Commit(ctx, o)
	must(a.t, err)
	a.seq++
}
