package apply

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// page is a journal's lines in memory, with room for some.
type page struct {
	lines  [][]byte
	room   int
	before map[entra.Key]*entra.Object
}

func (p *page) full() bool { return len(p.lines) >= p.room }

func (p *page) Append(lines ...[]byte) error {
	if p.full() {
		return errFull
	}
	p.lines = append(p.lines, lines...)
	return nil
}

// killed is a tenant that a process writes to until it is killed: once the journal is full,
// a request acts or is never sent.
type killed struct {
	*tenant
	page *page
	acts bool
}

func (k killed) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	if k.page.full() && !k.acts {
		return nil, errors.New("killed")
	}
	return k.tenant.Do(ctx, method, path, body)
}

// journalled runs a plan with a journal.
func journalled(on *tenant, p entra.Plan, kept *page, acts bool, taken *Progress) (entra.Outcome, error) {
	log := NewLog(new(still), taken, func() (Lines, error) { return kept, kept.Append([]byte(`{"operation":"o"}`)) })
	if taken != nil {
		log = NewLog(new(still), taken, func() (Lines, error) { return kept, nil })
	}
	return Run(context.Background(), killed{on, kept, acts}, on, judged(p), Options{
		Base: testBase, Clock: new(still), Journal: log, Taken: taken, Before: func(r Reading) error {
			if taken == nil {
				kept.before = r.Objects
			}
			return nil
		}, Done: func(_ entra.Step, o entra.StepOutcome) { log.Ended(o) },
	})
}

// The law of resumption: killed at any point of its journal, before or after the request
// that comes next acts, a run that is taken up gives the same end, and asks for nothing
// twice.
func TestResumeGivesTheSameEnd(t *testing.T) {
	for _, k := range restorable() {
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(11, 12)), k}
			for i := range 6 {
				want, live := g.object(), g.object()
				have := func() *tenant { return newTenant(clone(live)) }
				switch {
				case i%3 == 1 && k.Deletion.Mode == kind.DeleteSoft:
					have = func() *tenant {
						on := newTenant()
						on.deleted[live.Key] = clone(live)
						return on
					}
				case i%3 == 2 && k.Recreated():
					want.Status = nil
					have = func() *tenant { return newTenant() }
				}
				everyPoint(t, have, want)
			}
		})
	}
}

// everyPoint kills the run at each point of its journal.
func everyPoint(t *testing.T, have func() *tenant, want *entra.Object) {
	t.Helper()
	whole := have()
	p := mustPlan(t, input(whole, want))
	kept := &page{room: 1 << 20}
	outcome, err := journalled(whole, p, kept, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	end := mustHash(t, whole.same(want))
	for room := range kept.lines {
		for _, acts := range []bool{true, false} {
			on, page := have(), &page{room: room}
			_, _ = journalled(on, p, page, acts, nil) // nothing may be left to ask for
			page.room = 1 << 20
			taken, err := ReadProgress(page.lines)
			if err != nil {
				t.Fatal(err)
			}
			taken.Before = func(i entra.Identity) (*entra.Object, error) { return page.before[i.Key], nil }
			again, err := journalled(on, p, page, true, taken)
			name := fmt.Sprintf("killed after %d of %d lines, acts %v", room, len(kept.lines), acts)
			if err != nil || again.Complete() != outcome.Complete() {
				t.Fatalf("%s: %v\n%q\n%+v\n%s", name, err, results(again), again.Remaining, strings.Join(on.log, "\n"))
			}
			if mustHash(t, on.same(want)) != end {
				t.Fatalf("%s: another end\n%s", name, strings.Join(on.log, "\n"))
			}
			if outcome.Complete() { // what Graph refuses is tried again
				once(t, name, whole.log, on.log)
			}
		}
	}
}

// once makes sure that nothing was asked for more often than by a run that was not killed.
func once(t *testing.T, name string, whole, resumed []string) {
	t.Helper()
	count := map[string]int{}
	for _, q := range whole {
		count[q]++
	}
	for _, q := range resumed {
		if method, _, _ := strings.Cut(q, " "); method == "PATCH" || method == "PUT" {
			continue // the rest of a step has a body of its own
		}
		if count[q]--; count[q] < 0 {
			t.Fatalf("%s: asked twice: %s\nthe whole run:\n%s\nthe resumed one:\n%s", name, q, strings.Join(whole, "\n"), strings.Join(resumed, "\n"))
		}
	}
}

// An object that somebody else changed since the run was killed is left alone, whether
// the run had written to it or not; one that the run had written to and nobody else is not.
func TestResumeLeavesAloneWhatMovedOn(t *testing.T) {
	users := func(spec string) []*entra.Object {
		var all []*entra.Object
		for _, id := range []string{"1", "2", "3"} {
			all = append(all, object(t, "users/"+id, spec))
		}
		return all
	}
	whole := newTenant(users(`{"Spec":{"city":"a","country":"x"}}`)...)
	p := mustPlan(t, input(whole, users(`{"Spec":{"city":"b","country":"x"}}`)...))
	for _, tt := range []struct {
		name, user, since string
		want              []string
	}{
		{"written, then another property", "1", `{"Spec":{"city":"b","country":"y"}}`, []string{"users/1:update done", "users/2:update done", "users/3:update done"}},
		{"sent and not answered, then another property", "2", `{"Spec":{"city":"b","country":"y"}}`, []string{"users/1:update done", "users/2:update done", "users/3:update done"}},
		{"not sent, then another property", "3", `{"Spec":{"city":"a","country":"y"}}`,
			[]string{"users/1:update done", "users/2:update done", "users/3:update skipped: it moved on since the plan was made: something outside the plan has another value"}},
		{"sent, never acted, and another property", "2", `{"Spec":{"city":"a","country":"y"}}`,
			[]string{"users/1:update done", "users/2:update skipped: it moved on since the plan was made: something outside the plan has another value", "users/3:update done"}},
		{"sent and not answered, then the same property", "2", `{"Spec":{"city":"c","country":"x"}}`,
			[]string{"users/1:update done", "users/2:update skipped: it moved on since the plan was made: /spec/city has another value", "users/3:update done"}},
		{"written, then set back", "1", `{"Spec":{"city":"a","country":"x"}}`, []string{"users/1:update done", "users/2:update done", "users/3:update done"}},
	} {
		on, kept := newTenant(users(`{"Spec":{"city":"a","country":"x"}}`)...), &page{room: 5} // operation, intent, answer, end, intent
		if _, err := journalled(on, p, kept, false, nil); err == nil {
			t.Fatal("it was not killed")
		}
		on.objects[entra.Key{Kind: "users", ID: tt.user}] = object(t, "users/"+tt.user, tt.since)
		kept.room = 1 << 20
		taken, err := ReadProgress(kept.lines)
		if err != nil {
			t.Fatal(err)
		}
		taken.Before = func(i entra.Identity) (*entra.Object, error) { return kept.before[i.Key], nil }
		if open := taken.Open(); open != 1 || taken.Operation != "o" {
			t.Errorf("%s: %d requests without an answer, operation %s", tt.name, open, taken.Operation)
		}
		outcome, err := journalled(on, p, kept, true, taken)
		if d := cmp.Diff(tt.want, results(outcome)); d != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", tt.name, err, d)
		}
		if tt.name == "written, then set back" && outcome.Complete() {
			t.Errorf("%s: what was set back is not told: %+v", tt.name, outcome.Remaining)
		}
	}
}

// A run that writes nothing opens no journal.
func TestLogOfNothing(t *testing.T) {
	on := newTenant(object(t, "users/1", `{"Spec":{"city":"a"}}`))
	p := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`)))
	on.objects[entra.Key{Kind: "users", ID: "1"}] = object(t, "users/1", `{"Spec":{"city":"c"}}`)
	kept := &page{room: 100}
	if _, err := journalled(on, p, kept, true, nil); err != nil || len(kept.lines) > 0 {
		t.Fatalf("%v %q", err, kept.lines)
	}
}

func TestReadProgressRefuses(t *testing.T) {
	for _, lines := range [][]string{{`{"operation":"o"}`, `{`}, {`{"intent":1,"step":"s"}`}} {
		var all [][]byte
		for _, line := range lines {
			all = append(all, []byte(line))
		}
		if p, err := ReadProgress(all); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%q: %+v %v", lines, p, err)
		}
	}
}
