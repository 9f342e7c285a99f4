//go:build linux

package cli

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A disk that is full stops a reconcile before the write that the journal cannot take, with
// one sentence and the outcome of what was done; with room again it goes on where it stopped.
func TestReconcileOnAFullDisk(t *testing.T) {
	if _, err := exec.LookPath("prlimit"); err != nil {
		t.Skip("prlimit is not installed")
	}
	whole := newScene(t, nil)
	base := newScene(t, whole)
	incident := func(s *scene) {
		for _, o := range s.some(rand.New(rand.NewPCG(1, 1)), 999, "/groups?$select=id,groupTypes,onPremisesSyncEnabled&$top=999") {
			if types, _ := o["groupTypes"].([]any); o["onPremisesSyncEnabled"] != true && !slices.Contains(types, any("DynamicMembership")) {
				s.emptied("/groups/" + fmt.Sprint(o["id"]))
			}
		}
		s.hangman.server.ClearLog()
	}
	incident(whole)
	if code, out := whole.reconcile(); code != exitDone {
		t.Fatalf("reconcile exits with %d:\n%s", code, out)
	}
	writes, tree := whole.writes(), whole.end()
	journal := len(whole.git("show", "refs/entragit/operations:journal.jsonl"))

	incident(base)
	base.limit = journal * 3 / 4
	code, out := base.reconcile()
	base.limit = 0
	if code != exitError || !strings.Contains(out, "since it could not be noted before: write the journal ") || !strings.Contains(out, "file too large") {
		t.Fatalf("room for %d of %d bytes: exits with %d:\n%s", journal*3/4, journal, code, out)
	}
	if !strings.Contains(out, "is open: entragit reconcile --resume goes on with it") {
		t.Errorf("what was done is not told:\n%s", out)
	}
	found, err := filepath.Glob(filepath.Join(base.dir, "backup", "entragit", "operations", "*.journal"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	noted, granted := strings.Count(read(t, found[0]), `"intent":`), total(base.writes())
	if granted > noted || granted == 0 || granted == total(writes) {
		t.Errorf("%d writes, %d of them in the journal before", granted, noted)
	}
	if code, out = base.entragit("reconcile", "--resume", "--yes"); code != exitDone {
		t.Fatalf("--resume exits with %d:\n%s", code, out)
	}
	if got := total(base.writes()); got != total(writes) {
		t.Errorf("%d writes instead of %d", got, total(writes))
	}
	if got := base.end(); got != tree {
		t.Errorf("another end: %s, want %s", got, tree)
	}
}

// emptied takes the members out of a group that has many: that takes many requests and little
// else.
func (s *scene) emptied(group string) {
	s.Helper()
	members, _ := s.ask("GET", group+"/members?$select=id&$top=999", "")["value"].([]any)
	if len(members) < 15 || len(s.paths) == 6 {
		return
	}
	s.paths = append(s.paths, strings.TrimPrefix(group, "/"))
	for _, v := range members[:len(members)-1] {
		member, _ := v.(map[string]any)
		s.ask("DELETE", group+"/members/"+fmt.Sprint(member["id"])+"/$ref", "")
	}
}

// git runs Git in the repository.
func (s *scene) git(args ...string) string {
	s.Helper()
	out, err := exec.Command("git", append([]string{"-C", filepath.Join(s.dir, "backup")}, args...)...).Output()
	must(s.T, err)
	return string(out)
}

func total(writes map[string]int) int {
	n := 0
	for _, times := range writes {
		n += times
	}
	return n
}
