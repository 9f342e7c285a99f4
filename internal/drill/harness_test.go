package drill

import (
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/trust"
)

// snapshotTime is when the snapshots of these tests were taken.
var snapshotTime = time.Unix(1.8e9, 0).UTC()

// snapshot takes a snapshot of a seed, of every kind.
func snapshot(t testing.TB, opts emulator.Options) *history.Point {
	t.Helper()
	server, err := emulator.New(opts)
	must(t, err)
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	client, err := graph.New(graph.Config{BaseURL: web.URL})
	must(t, err)
	dir := t.TempDir()
	repo, err := gitstore.Init(filepath.Join(dir, "backup.git"))
	must(t, err)
	t.Cleanup(func() { _ = repo.Close() })
	key, err := gitstore.GenerateSSHKey(filepath.Join(dir, "key"), "test")
	must(t, err)
	w, err := repo.Begin(t.Context(), gitstore.SnapshotsRef, gitstore.BeginOptions{Root: true})
	must(t, err)
	defer w.Abort()
	summary, err := capture.Run(t.Context(), client, history.Tree{Tree: w.Parent()}, history.Sink{Writer: w}, capture.Options{
		Kinds: kind.All(), Manifest: entra.Manifest{Format: entra.FormatVersion, Tenant: server.TenantID()},
	})
	must(t, err)
	_, err = w.Put(history.ManifestPath, canon.EncodeManifest(summary.Manifest))
	must(t, err)
	hash, err := w.Commit(t.Context(), gitstore.CommitOptions{
		Subject: "backup", Name: "Backup", Email: "backup@example.com", When: snapshotTime, Signer: key,
		Trailers: []gitstore.Trailer{{Key: trust.SeqTrailer, Value: "0"}, {Key: trust.TenantTrailer, Value: server.TenantID()}},
	})
	must(t, err)
	point, err := (&history.Repository{Repo: repo}).Snapshot(hash)
	must(t, err)
	return point
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
