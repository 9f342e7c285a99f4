package cli

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// BenchmarkGoalSecondBackup counts what a second backup of an unchanged tenant
// writes beside its commit, and prints the line that `make bench` collects.
func BenchmarkGoalSecondBackup(b *testing.B) {
	l := newLaw(b, emulator.Options{})
	ctx := context.Background()
	var stats gitstore.WriteStats
	for b.Loop() {
		w, err := l.repo.Begin(ctx, snapshotsRef, gitstore.BeginOptions{})
		must(b, err)
		_, err = capture.Run(ctx, l.client, treeBase{w.Parent()}, snapshotSink{w}, capture.Options{
			Kinds: kind.All(), Manifest: l.rev.manifest,
		})
		must(b, err)
		_, err = w.Commit(ctx, gitstore.CommitOptions{
			Subject: "again", Name: "bench", Email: "bench@example.org", When: time.Unix(1e9, 0), AllowEmpty: true,
		})
		must(b, err)
		stats = w.Stats()
	}
	verdict := "short"
	if stats.Blobs+stats.Trees == 0 {
		verdict = "ok"
	}
	fmt.Printf("\nbench: backup: blobs and trees of a second one, unchanged\t%d\t= 0\t%s\n", stats.Blobs+stats.Trees, verdict)
}
