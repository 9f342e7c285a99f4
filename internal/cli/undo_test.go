//go:build linux

package cli

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// The law of the way back: whatever happened and was put back, --undo gives the tenant as it
// was before that, and undoing that gives it as it was after.
func TestUndoGivesBackWhatWasThere(t *testing.T) {
	incidents, _ := killedRuns(t)
	base := newScene(t, nil)
	all := strings.Join(ruleNames(), ",")
	for seed := range max(incidents, 4) {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			s := newScene(t, base)
			s.happen(rand.New(rand.NewPCG(uint64(seed), 1)))
			before := s.end()
			if code, out := s.reconcile(); code != exitDone && code != exitIncomplete {
				t.Fatalf("reconcile exits with %d:\n%s", code, out)
			}
			after := s.end()
			for i, want := range []string{before, after, before} {
				code, out := s.entragit("reconcile", "--undo", "--yes", "--accept", all)
				if code != exitDone {
					t.Fatalf("undo %d exits with %d:\n%s", i+1, code, out)
				}
				if got := s.end(); got != want {
					t.Fatalf("undo %d: another end: %s, want %s\n%s\n%s", i+1, got, want, out, s.git("diff", strings.TrimSpace(want), strings.TrimSpace(got)))
				}
			}
		})
	}
}
