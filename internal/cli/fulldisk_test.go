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
		for _, o := range s.some(rand.New(rand.NewPCG(1, 1)), 999, "/groups?$select=id,groupTypes,isAssignableToRole,mailEnabled,onPremisesSyncEnabled&$top=999") {
			types, _ := o["groupTypes"].([]any)
			if len(types) == 0 && o["mailEnabled"] != true && o["isAssignableToRole"] != true && o["onPremisesSyncEnabled"] != true && len(s.paths) < 2 {
				s.flooded("/groups/" + fmt.Sprint(o["id"]))
			}
		}
		s.paths = append(s.paths, "--prune")
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

// flooded adds many members to a group: taking them out is many requests and little else.
func (s *scene) flooded(group string) {
	s.Helper()
	s.paths = append(s.paths, strings.TrimPrefix(group, "/"))
	there := s.some(rand.New(rand.NewPCG(1, 1)), 999, group+"/members?$select=id&$top=999")
	added := 0
	for _, u := range s.some(rand.New(rand.NewPCG(1, 1)), 200, "/users?$select=id&$top=999") {
		if added < 60 && !slices.ContainsFunc(there, func(m map[string]any) bool { return m["id"] == u["id"] }) {
			s.ask("POST", group+"/members/$ref", `{"@odata.id":"`+s.url+`/v1.0/directoryObjects/`+fmt.Sprint(u["id"])+`"}`)
			added++
		}
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
