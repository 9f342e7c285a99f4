//go:build linux

package cli

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// vanish deletes a few objects for good that others refer to, and returns their names by
// collection.
func (s *scene) vanish(random *rand.Rand) map[string][]any {
	s.Helper()
	gone := map[string][]any{}
	for _, o := range s.some(random, 999, "/groups?$select=id,displayName,groupTypes,isAssignableToRole,mailEnabled,onPremisesSyncEnabled&$top=999") {
		types, _ := o["groupTypes"].([]any)
		if len(gone["/groups"]) == 3 || len(types) > 0 || o["isAssignableToRole"] == true || o["mailEnabled"] == true || o["onPremisesSyncEnabled"] == true {
			continue
		}
		id := fmt.Sprint(o["id"])
		s.ask("DELETE", "/groups/"+id, "")
		s.ask("DELETE", "/directory/deletedItems/"+id, "")
		s.paths, gone["/groups"] = append(s.paths, "groups/"+id), append(gone["/groups"], o["displayName"])
	}
	for _, o := range s.some(random, 3, "/directory/administrativeUnits?$select=id,displayName") {
		id := fmt.Sprint(o["id"])
		s.ask("DELETE", "/directory/administrativeUnits/"+id, "")
		s.ask("DELETE", "/directory/deletedItems/"+id, "")
		s.paths, gone["/directory/administrativeUnits"] = append(s.paths, "administrativeUnits/"+id), append(gone["/directory/administrativeUnits"], o["displayName"])
	}
	s.hangman.server.ClearLog()
	return gone
}

// recreate creates again what is gone.
func (s *scene) recreate() (int, string) {
	return s.entragit(append([]string{"reconcile", "--from", "seq:1", "--recreate", "--yes", "--accept", strings.Join(ruleNames(), ",")}, s.paths...)...)
}

// A run that creates objects under new ids is killed and resumed: each is there once, and
// afterwards nothing is left to do.
func TestKilledRecreationIsResumed(t *testing.T) {
	incidents, kills := killedRuns(t)
	base := newScene(t, nil)
	for seed := range incidents {
		whole := newScene(t, base)
		whole.vanish(rand.New(rand.NewPCG(uint64(seed), 3)))
		code, out := whole.recreate()
		if code != exitDone && code != exitIncomplete {
			t.Fatalf("reconcile exits with %d:\n%s", code, out)
		}
		requests, writes := whole.hangman.counted, whole.writes()
		points := rand.New(rand.NewPCG(uint64(seed), 4)).Perm(2 * requests)
		for _, point := range points[:min(kills, len(points))] {
			s := newScene(t, base)
			gone := s.vanish(rand.New(rand.NewPCG(uint64(seed), 3)))
			s.hangman.at, s.hangman.after, s.hangman.delay = point/2+1, point%2 == 1, time.Duration(point%3)*2*time.Millisecond
			s.recreated(fmt.Sprintf("killed at request %d of %d, after it acted: %v", s.hangman.at, requests, s.hangman.after), code, writes, gone)
		}
	}
}

// recreated kills one run, resumes it, and looks at what there is.
func (s *scene) recreated(name string, want int, writes map[string]int, gone map[string][]any) {
	s.Helper()
	code, said := s.recreate()
	s.hangman.spare()
	resumed := ""
	if code == -1 {
		if code, resumed = s.entragit("reconcile", "--resume", "--yes"); strings.Contains(resumed, "no operation was interrupted here") {
			code, resumed = s.recreate()
		}
	}
	if code != want {
		s.Errorf("%s: exits with %d, want %d:\n%s\n%s", name, code, want, said, resumed)
		return
	}
	for _, path := range []string{"POST /groups", "POST /directory/administrativeUnits"} {
		if got := s.writes()[path]; got != writes[path] {
			s.Errorf("%s: %d times instead of %d: %s\n%s", name, got, writes[path], path, resumed)
		}
	}
	for collection, names := range gone {
		var there []any
		for _, o := range s.some(rand.New(rand.NewPCG(1, 1)), 9999, collection+"?$select=id,displayName&$top=999") {
			there = append(there, o["displayName"])
		}
		for _, n := range names {
			if !slices.Contains(there, n) {
				s.Errorf("%s: %v is not there", name, n)
			}
		}
	}
	if code, out := s.entragit(append([]string{"reconcile", "--from", "seq:1", "--dry-run"}, s.paths...)...); code != want || strings.Contains(out, "Plan: ") {
		s.Errorf("%s: afterwards something is left to do (%d):\n%s\n%s", name, code, out, resumed)
	}
	if code, out := s.entragit("operations"); code != exitDone || strings.Contains(out, " open") {
		s.Errorf("%s: operations exits with %d:\n%s", name, code, out)
	}
}
