package cli

import (
	"fmt"
	"strings"
	"testing"

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
