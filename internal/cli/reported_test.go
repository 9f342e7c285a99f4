package cli

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// reportedSeeds is how many tenants things happen to; ENTRAGIT_REPORTED asks for more.
const reportedSeeds = 2

// The law of reports: whatever is done to a tenant, at random but repeatably, is reported, each
// mutation exactly once and nothing else. What was done is told by the requests that the tenant
// took and by what the emulator holds before and after; no code of ours has a say in it.
func TestEveryMutationIsReportedOnce(t *testing.T) {
	seeds := reportedSeeds
	if n, err := strconv.Atoi(os.Getenv("ENTRAGIT_REPORTED")); err == nil {
		seeds = n
	}
	base := newLaw(t, emulator.Options{})
	for seed := range seeds {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			w := watch(t, base, uint64(seed))
			defer w.explain(t)
			w.happens(t, 40)
			live := w.diff(t)
			w.snapshotNow(t)
			w.asLive(t, live)
			gone := w.deletedSoftly()
			w.happens(t, 15)
			for _, key := range gone {
				w.act(func() { w.restores(t, key) })
			}
			w.snapshotNow(t)
			n := len(w.worlds)
			w.reported(t, n-2, n-1)
			w.reported(t, n-3, n-2)
			w.reported(t, n-3, n-1)
			w.agree(t, n-3, n-2)
			tally := &actorTally{unknown: map[string]int{}}
			w.attributedTo(t, n-2, n-1, tally)
			w.attributedTo(t, n-3, n-2, tally)
			w.attributedTo(t, n-3, n-1, tally)
			if tally.share() < 0.5 { // most of what happens is logged with its values
				t.Errorf("somebody is named for %.0f %% of what happened", 100*tally.share())
			}
			t.Logf("%.0f %%: %d named, %d of several, unknown: %v", 100*tally.share(), tally.right, tally.several, tally.unknown)
		})
	}
}

// explain says what was done, where a report of it is not true.
func (w *watched) explain(t *testing.T) {
	if t.Failed() {
		t.Logf("what happened:\n  %s", strings.Join(w.story, "\n  "))
	}
}

// reported holds a report of two snapshots against what is true.
func (w *watched) reported(t *testing.T, from, to int) {
	t.Helper()
	set := w.diff(t, seq(from), seq(to))
	want := truthOf(w.worlds[from], w.worlds[to])
	told := map[entra.Key]bool{}
	for _, c := range set.Changes {
		key := c.Key
		if kind.ByName(c.Kind).Singleton && !kind.ByName(c.Kind).Listed {
			key.ID = ""
		}
		if told[key] {
			t.Errorf("%s: %s is told twice", set.To, key)
		}
		told[key] = true
		w.held(t, c, want[key])
	}
	for key, d := range want {
		if !told[key] && w.keeps(key, from, to) {
			t.Errorf("%d..%d: %s is not reported: %v", from, to, key, d.parts())
		}
	}
}

// keeps reports whether an object is configuration: of some kinds, not every object that a tenant
// holds is, and then one of two snapshots has it.
func (w *watched) keeps(key entra.Key, snapshots ...int) bool {
	k := kind.ByName(key.Kind)
	return k.Filter == "" && k.Parent == nil && k.Transient == nil || slices.ContainsFunc(snapshots, func(n int) bool {
		return slices.ContainsFunc(w.snapshots[n][key.Kind], func(o *entra.Object) bool { return o.ID == key.ID })
	})
}

// held holds one change against what is true.
func (w *watched) held(t *testing.T, c entra.Change, d differs) {
	t.Helper()
	typ := entra.Changed
	switch {
	case d.before == nil && d.after == nil:
		t.Errorf("%s is reported as %s, and nothing happened: %s", c.Key, c.Type, textOf(c))
		return
	case d.before == nil:
		typ = entra.Added
	case d.after == nil:
		typ = entra.Removed
	}
	if c.Type != typ {
		t.Errorf("%s is %s, not %s", c.Key, typ, c.Type)
	}
	var parts []string
	for _, p := range c.Properties {
		tokens := strings.Split(p.Pointer, "/")
		parts = append(parts, tokens[1]+"/"+tokens[2])
	}
	for _, l := range c.Links {
		parts = append(parts, entra.SectionLinks+"/"+l.Link)
	}
	slices.Sort(parts)
	parts = slices.Compact(parts)
	for _, part := range d.parts() {
		if !slices.Contains(parts, part) {
			t.Errorf("%s: %s is not reported: %s, then %s", c.Key, part, textOf(d.before[part]), textOf(d.after[part]))
		}
	}
	for _, part := range d.parts() {
		if got := applied(t, c, part, d.before[part]); !reflect.DeepEqual(got, d.after[part]) {
			t.Errorf("%s: by the report, %s becomes %s, and it is %s: %s", c.Key, part, textOf(got), textOf(d.after[part]), textOf(c))
		}
	}
	for _, part := range parts {
		if reflect.DeepEqual(d.before[part], d.after[part]) {
			t.Errorf("%s: %s is reported, and is as it was: %s", c.Key, part, textOf(c))
		}
	}
}

// asLive holds a report on the tenant before a snapshot against the report of the snapshot.
func (w *watched) asLive(t *testing.T, live entra.ChangeSet) {
	t.Helper()
	n := len(w.worlds)
	then := w.diff(t, seq(n-2), seq(n-1))
	for _, set := range []entra.ChangeSet{live, then} {
		for i := range set.Changes {
			c := &set.Changes[i]
			c.By, c.Fate, c.Until = nil, "", nil // which the tenant alone tells
		}
	}
	if a, b := textOf(live.Changes), textOf(then.Changes); a != b {
		t.Errorf("the tenant differs from the snapshot before by\n%s\nand the snapshot of it by\n%s", a, b)
	}
}

// diff is a report as a program reads it.
func (w *watched) diff(t *testing.T, args ...string) entra.ChangeSet {
	t.Helper()
	code, out, errs := w.entragit(append([]string{"diff", "--output", "json"}, args...)...)
	var set entra.ChangeSet
	if err := json.Unmarshal([]byte(out), &set); code != exitDone || err != nil {
		t.Fatalf("diff %v exits with %d, %v:\n%s%s", args, code, err, out, errs)
	}
	return set
}
