package cli

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
)

// BenchmarkGoalSecondBackup counts what a second backup of an unchanged tenant
// writes beside its commit, and prints the line that `make bench` collects.
func BenchmarkGoalSecondBackup(b *testing.B) {
	l := newLaw(b, emulator.Options{})
	written := 0
	for b.Loop() {
		before := l.count(b)
		l.backup(b)
		written = l.count(b) - before - 1
	}
	verdict := "short"
	if written == 0 {
		verdict = "ok"
	}
	fmt.Printf("\nbench: backup: blobs and trees of a second one, unchanged\t%d\t= 0\t%s\n", written, verdict)
}

// count returns how many objects Git has stored, in packs and loose.
func (l *law) count(b *testing.B) int {
	total := 0
	for line := range strings.Lines(l.git(b, "count-objects", "-v")) {
		var n int
		for _, field := range []string{"count", "in-pack"} {
			if _, err := fmt.Sscanf(line, field+": %d", &n); err == nil {
				total += n
			}
		}
	}
	return total
}

// BenchmarkGoalRollback plans to put back one policy in a tenant of 100,000 objects, with all
// that the guards ask about it: what that takes must not grow with the tenant.
func BenchmarkGoalRollback(b *testing.B) {
	const policies = "conditionalAccessPolicies"
	l := backedUp(b, emulator.Options{Scale: emulator.Scale{Users: 84_000, Groups: 14_000, Applications: 2_000}})
	files := strings.Split(l.git(b, "ls-tree", "-r", "--name-only", l.first, "tenant/"), "\n")
	i := slices.IndexFunc(files, func(path string) bool { return strings.Contains(path, policies+"/ca001-") })
	if len(files) < 100_000 || i < 0 {
		b.Fatalf("%d objects", len(files))
	}
	id := strings.Split(files[i], ".")[1]
	must(b, l.admin.Set("/identity/conditionalAccess/policies/"+id, map[string]any{"state": "disabled", "displayName": "another"}))
	l.server.ClearLog()
	begun := time.Now()
	code, out, errs := l.entragit("reconcile", "--from", l.first, "--dry-run", policies+"/"+id)
	took, asked := time.Since(begun).Seconds(), l.server.Stats().HTTP
	if code != exitDone || !strings.Contains(out, "Plan: 1 step") {
		b.Fatalf("exits with %d: %s%s", code, out, errs)
	}
	verdict := map[bool]string{true: "ok", false: "short"}
	fmt.Printf("\nbench: reconcile: requests to plan the rollback of a policy among 100,000 objects\t%d\t<= 12\t%s\n", asked, verdict[asked <= 12])
	fmt.Printf("\nbench: reconcile: seconds to plan it\t%.1f\t< 2\t%s\n", took, verdict[took < 2])
}
