package apply

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

const testBase = "https://graph.example/v1.0"

func coverage() map[string]entra.Coverage {
	all := map[string]entra.Coverage{}
	for _, k := range kind.All() {
		c := entra.Coverage{State: entra.Complete}
		for _, l := range k.Links {
			c.Links = append(c.Links, l.Name)
		}
		for _, l := range k.Contained {
			c.Contained = append(c.Contained, l.Name)
		}
		all[k.Name] = c
	}
	return all
}

// bothRead says that both sides read the object.
func bothRead(k *kind.Kind, o *entra.Object) diff.Read {
	return diff.Read{Before: coverage()[k.Name].Of(o.ID), After: coverage()[k.Name].Of(o.ID)}
}

// extents are those that a snapshot's coverage gives.
func extents(kinds map[string]entra.Coverage) func(entra.Key) entra.Extent {
	return func(key entra.Key) entra.Extent { return kinds[key.Kind].Of(key.ID) }
}

// input is the input to put the wanted objects back into the tenant.
func input(t *tenant, want ...*entra.Object) plan.Input {
	return inputOf(t, extents(coverage()), coverage(), nil, want...)
}

// inputOf is the same where the sides did not read everything, or where only parts are
// selected.
func inputOf(t *tenant, read func(entra.Key) entra.Extent, now map[string]entra.Coverage, parts []diff.Part, want ...*entra.Object) plan.Input {
	in := plan.Input{
		Tenant: "t", Now: now, Parts: parts, Find: t.find, Prune: true,
		// Objects are made up, of names that Microsoft never gave.
		Vocabulary: func(*kind.Kind) (*kind.Vocabulary, error) { return nil, nil },
	}
	for _, o := range want {
		live := t.lookup(plan.IdentityOf(kind.ByName(o.Kind), o, o.ID))
		s := plan.Selected{Want: o, Read: read(o.Key)}
		switch {
		case live != nil:
			s.Now = t.read(live)
		case t.deleted[o.Key] != nil:
			s.Now, s.Deleted = clone(t.deleted[o.Key]), true
		}
		in.Add(s)
	}
	return in
}

func mustPlan(t *testing.T, in plan.Input) entra.Plan {
	t.Helper()
	made, err := plan.New(in)
	if err != nil {
		t.Fatal(err)
	}
	b, err := plan.Encode(made)
	if err != nil {
		t.Fatal(err)
	}
	if made, err = plan.Decode(b, in.Tenant); err != nil {
		t.Fatalf("a plan does not read back: %v\n%s", err, b)
	}
	return made
}

// judged is a plan that the guards let through, whatever it does.
func judged(p entra.Plan) plan.Judged {
	var all []string
	for _, r := range plan.Rules() {
		all = append(all, r.ID)
	}
	return plan.Judge(p, plan.Facts{}, all...)
}

func mustApply(t *testing.T, on *tenant, p entra.Plan) entra.Outcome {
	t.Helper()
	outcome, err := Run(context.Background(), on, on, judged(p), noWait)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// still is a clock on which every wait is over at once.
type still struct{ waited time.Duration }

func (*still) Now() time.Time { return time.Time{} }

func (s *still) Sleep(ctx context.Context, d time.Duration) error {
	s.waited += d
	return ctx.Err()
}

var noWait = Options{Base: testBase, Clock: new(still)}

func mustHash(t *testing.T, o *entra.Object) string {
	t.Helper()
	h, err := plan.Hash(new(canon.Encoder), kind.ByName(o.Kind), o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const rounds = 30

// restorable are the kinds that are written at all.
func restorable() []*kind.Kind {
	return slices.DeleteFunc(slices.Clone(kind.All()), func(k *kind.Kind) bool { return k.NeverWritten+k.Unavailable != "" })
}

// The law: whatever became of an object, reconciling gives back the snapshot's state
// to the byte, reading back shows nothing, and a second plan is empty, whether Graph
// merges or replaces complex values.
func TestReconcileGivesBackTheSnapshot(t *testing.T) {
	for _, k := range restorable() {
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(1, 2)), k}
			for i := range rounds {
				want, live := g.object(), g.object()
				on := newTenant(live)
				on.replace = i%2 == 0
				plan := mustPlan(t, input(on, want))
				if len(plan.Refusals) > 0 {
					t.Fatalf("round %d: refused: %+v", i, plan.Refusals)
				}
				if outcome := mustApply(t, on, plan); !outcome.Complete() {
					t.Fatalf("round %d: %+v\n%+v\n%s", i, outcome.Steps, outcome.Remaining, strings.Join(on.log, "\n"))
				}
				if got := on.same(want); mustHash(t, got) != mustHash(t, want) {
					t.Fatalf("round %d: %+v\n%s", i, diff.Objects(k, got, want, bothRead(k, want)), strings.Join(on.log, "\n"))
				}
				if again := mustPlan(t, input(on, want)); len(again.Steps) != 0 || again.Matched+len(again.Observed) != 1 {
					t.Fatalf("round %d: a second plan: %+v", i, again)
				}
			}
		})
	}
}

// The law for a part: what was named is as in the snapshot, and nothing else moved.
func TestReconcileOnlyTheNamedPart(t *testing.T) {
	for _, k := range restorable() {
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(3, 4)), k}
			for i := range rounds {
				want, live := g.object(), g.object()
				read := bothRead(k, want)
				before := diff.Objects(k, live, want, read)
				if before == nil {
					continue
				}
				part := g.part(before)
				on := newTenant(live)
				on.replace = i%2 == 0
				in := input(on, want)
				in.Parts = []diff.Part{part}
				plan := mustPlan(t, in)
				if outcome := mustApply(t, on, plan); !outcome.Complete() || len(plan.Refusals) > 0 || len(plan.Steps) == 0 {
					t.Fatalf("round %d: %s: %+v %+v %+v", i, part, plan.Refusals, outcome.Steps, outcome.Remaining)
				}
				moved := diff.Objects(k, live, on.same(live), read)
				rest := diff.Objects(k, on.same(want), want, read)
				for _, p := range pointers(moved) {
					if !part.Touches(jsonpointer.Split(p)) {
						t.Errorf("round %d: %s: %s moved", i, part, p)
					}
				}
				for _, p := range pointers(rest) {
					if tokens := jsonpointer.Split(p); part.Touches(tokens) && len(tokens) > len(part.Tokens) {
						t.Errorf("round %d: %s: %s is left", i, part, p)
					}
				}
			}
		})
	}
}

// part is a part that differs, or one that holds it.
func (g *generator) part(c *entra.Change) diff.Part {
	all := pointers(c)
	tokens := jsonpointer.Split(all[g.IntN(len(all))])
	tokens = tokens[:2+g.IntN(len(tokens)-1)]
	return diff.Part{Sections: tokens[:1], Tokens: tokens[1:]}
}

func pointers(c *entra.Change) []string {
	if c == nil {
		return nil
	}
	var all []string
	for _, p := range c.Properties {
		all = append(all, p.Pointer)
	}
	for _, l := range c.Links {
		all = append(all, jsonpointer.Join(entra.SectionLinks, l.Link))
	}
	return all
}

// The law for a soft-deleted object: one run takes it back and puts it right, except
// for links that came back with it and the snapshot does not have: those the next
// run sees.
func TestReconcileTakesBack(t *testing.T) {
	for _, k := range restorable() {
		if k.Deletion.Mode != kind.DeleteSoft {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(5, 6)), k}
			for i := range rounds {
				want, live := g.object(), g.object()
				on := newTenant()
				on.deleted[live.Key] = live
				first := mustApply(t, on, mustPlan(t, input(on, want)))
				for _, s := range first.Steps {
					if s.Result != entra.Done {
						t.Fatalf("round %d: %+v\n%s", i, s, strings.Join(on.log, "\n"))
					}
				}
				if second := mustApply(t, on, mustPlan(t, input(on, want))); !second.Complete() {
					t.Fatalf("round %d: %+v %+v", i, second.Steps, second.Remaining)
				}
				if mustHash(t, on.same(want)) != mustHash(t, want) {
					t.Fatalf("round %d: not as in the snapshot\n%s", i, strings.Join(on.log, "\n"))
				}
			}
		})
	}
}

// The law for an object that is gone for good, where Graph lets one be created that is
// the same.
func TestReconcileCreates(t *testing.T) {
	for _, k := range restorable() {
		if !k.Recreated() {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(7, 8)), k}
			for i := range rounds {
				want, on := g.object(), newTenant()
				want.Status = nil
				for _, c := range k.Contained {
					if c.UpdateOnly {
						delete(want.Contained, c.Name) // Graph makes its elements, and this tenant does not
					}
				}
				for name, v := range k.Given {
					if v == "" && want.Spec[name] == nil {
						want.Spec[name] = v // means the same as none
					}
				}
				plan := mustPlan(t, input(on, want))
				if outcome := mustApply(t, on, plan); !outcome.Complete() || len(plan.Refusals) > 0 {
					t.Fatalf("round %d: %+v %+v\n%s", i, plan.Refusals, outcome, strings.Join(on.log, "\n"))
				}
				if mustHash(t, on.same(want)) != mustHash(t, want) {
					t.Fatalf("round %d: not as in the snapshot\n%s", i, strings.Join(on.log, "\n"))
				}
				if again := mustPlan(t, input(on, want)); len(again.Steps) != 0 {
					t.Fatalf("round %d: a second plan: %+v", i, again)
				}
			}
		})
	}
}
