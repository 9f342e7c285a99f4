package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// followed says that commands know what was created again: a second run has nothing left to
// do, and a comparison of the snapshot before with the one after tells of no object that came
// or went, and of no difference but what only Graph writes.
func (l *law) followed(t *testing.T, outcome entra.Outcome, objects []*entra.Object) {
	t.Helper()
	args := []string{"reconcile", "--from", l.first, "--recreate", "--enforce", "--dry-run", "--output", "json"}
	var keys []string
	for _, o := range objects {
		keys = append(keys, o.String())
	}
	code, out, errs := l.entragit(append(args, keys...)...)
	var again entra.Plan
	if err := json.Unmarshal([]byte(out), &again); err != nil {
		t.Fatalf("a second run exits with %d: %v\n%s", code, err, errs)
	}
	for _, s := range again.Steps {
		t.Errorf("a second run would %s %s %s of %s again: %+v %+v", s.Action, s.Target, s.Name, s.Key, s.Properties, s.Links)
	}
	_, out, errs = l.entragit("diff", l.first+"..snapshots", "--output", "json")
	var set entra.ChangeSet
	if err := json.Unmarshal([]byte(out), &set); err != nil {
		t.Fatalf("diff: %v\n%s", err, errs)
	}
	told := map[string]bool{}
	for _, c := range set.Changes {
		told[c.OldID] = true
		known := slices.ContainsFunc(outcome.Plan.Losses, func(l entra.Loss) bool { return l.Key == c.Key || l.ID == c.OldID })
		for _, p := range c.Properties {
			if !p.Observed && !known {
				t.Errorf("%s %s: %s differs: %v → %v", c.Type, c.Key, p.Pointer, p.Before, p.After)
			}
		}
		c.Links = slices.DeleteFunc(c.Links, func(l entra.LinkChange) bool { return mayBeLocked(kind.ByName(c.Kind), l.Link) })
		if c.Type != entra.Changed || len(c.Links) > 0 && !known {
			t.Errorf("%s %s %s, was %q: %+v", c.Type, c.Key, c.Name, c.OldID, c.Links)
		}
	}
	for _, s := range outcome.Lineage {
		if s.By == "" && !told[s.Old] && slices.ContainsFunc(keys, func(key string) bool { return strings.HasSuffix(key, s.Old) }) {
			t.Errorf("diff does not tell that %s/%s was created again", s.Kind, s.Old)
		}
	}
}

// mayBeLocked reports whether a link of some objects follows a rule, or another directory,
// which the emulator does not.
func mayBeLocked(k *kind.Kind, link string) bool {
	return slices.ContainsFunc(k.Locks, func(l kind.Lock) bool {
		return len(l.Parts) == 0 || slices.Contains(l.Parts, entra.SectionLinks+"/"+link)
	})
}

// After many objects were created again, a plan asks about those that it is about, and a plan
// of one of them knows it.
func TestLongLineage(t *testing.T) {
	l := newLaw(t, emulator.Options{})
	groups := kind.ByName("groups")
	var gone []*entra.Object
	for _, o := range l.objects(t, groups) {
		if len(gone) <= fewLines && l.purge(t, groups, o) == "" {
			gone = append(gone, o)
		}
	}
	args := []string{"reconcile", "--from", l.first, "--recreate", "--yes", "--output", "json", "--accept", strings.Join(ruleNames(), ",")}
	for _, o := range gone {
		args = append(args, o.String())
	}
	_, out, errs := l.entragit(args...)
	var outcome entra.Outcome
	if err := json.Unmarshal([]byte(out), &outcome); err != nil || len(outcome.Lineage) <= fewLines {
		t.Fatalf("%d objects were created again (%v)\n%s", len(outcome.Lineage), err, errs)
	}
	asked := func(arg string) (code int, out string, olds int) {
		before := len(l.server.Requests())
		code, out, _ = l.entragit("reconcile", "--from", l.first, "--dry-run", arg)
		for _, r := range l.server.Requests()[before:] {
			if slices.ContainsFunc(gone, func(o *entra.Object) bool { return strings.HasSuffix(r.Path, "/groups/"+o.ID) }) {
				olds++
			}
		}
		return code, out, olds
	}
	if code, out, olds := asked(gone[3].String()); code != exitDone && code != exitIncomplete || !strings.Contains(out, "Nothing to do") || olds == 0 || olds > 3 {
		t.Errorf("one of them: exit code %d, %d requests about old ids:\n%s", code, olds, out)
	}
	if code, out, olds := asked("namedLocations"); code != exitDone || olds != 0 {
		t.Errorf("others: exit code %d, %d requests about old ids:\n%s", code, olds, out)
	}
}
