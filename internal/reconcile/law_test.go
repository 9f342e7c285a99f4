package reconcile

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

const testBase = "https://graph.example/v1.0"

// generator makes objects of any kind from what its shape says of it.
type generator struct {
	*rand.Rand
	kind *kind.Kind
}

// pool are the ids that everything may refer to: the model takes each for an object of
// every kind.
var pool = []string{"p1", "p2", "p3", "p4"}

func (g *generator) object() *entra.Object {
	o := &entra.Object{
		Key: entra.Key{Kind: g.kind.Name, ID: g.kind.IDPrefix + singletonID}, Spec: map[string]any{}, Links: map[string][]string{},
		Contained: map[string][]map[string]any{}, Status: map[string]any{"appId": "00-11"},
	}
	g.body(&g.kind.Shape, o.Spec)
	if g.kind.Restorable("appId") {
		delete(o.Status, "appId")
	}
	for _, name := range g.kind.Create {
		o.Spec[name] = g.given(&g.kind.Shape, name, pool[0])
	}
	if g.kind.Restorable(g.kind.ChosenID) {
		o.Spec[g.kind.ChosenID] = o.ID
	}
	for _, l := range g.kind.Links {
		ids := g.subset(pool)
		if l.Single {
			ids = ids[:min(1, len(ids))]
		}
		if len(ids) > 0 {
			o.Links[l.Name] = ids
		}
	}
	for i := range g.kind.Contained {
		c := &g.kind.Contained[i]
		for i, id := range pool {
			if c.Fixed || c.Kept || g.IntN(2) == 0 && (!c.Single || i == 0) {
				o.Contained[c.Name] = append(o.Contained[c.Name], g.element(c, id))
			}
		}
	}
	return o
}

// element is one whose create-only properties and key follow from an id.
func (g *generator) element(c *kind.Contained, id string) map[string]any {
	e := map[string]any{}
	g.body(&c.Shape, e)
	for _, name := range slices.Concat(c.Create, c.Key) {
		if c.Restorable(name) || name == "id" {
			e[name] = g.given(&c.Shape, name, id)
		}
	}
	if c.CreatePrefix != "" {
		e[c.Key[0]] = "extension_0011_" + id
	}
	compute(c, e)
	return e
}

// given is a value that follows from an id.
func (g *generator) given(s *kind.Shape, name, id string) any {
	if key, list := s.Sets[name]; list && key == "" {
		return []any{id}
	}
	if slices.Contains(s.Reduce, name) {
		return map[string]any{"id": id}
	}
	return id
}

func (g *generator) body(s *kind.Shape, body map[string]any) {
	if s.Polymorphic {
		body[typeProperty] = "#" + s.Type
	}
	for _, name := range s.Update {
		if slices.Contains(s.Sticky, name) || g.IntN(3) > 0 {
			set(body, name, g.value(s, name, 0))
		}
	}
}

// value is a random value for a path of the shape: of the structure that its lists
// tell, or a scalar, a list or an object where they tell nothing.
func (g *generator) value(s *kind.Shape, path string, depth int) any {
	if key, ok := s.Sets[path]; ok {
		return g.set(s, path, key, depth)
	}
	for _, r := range s.References {
		if r.Path == path {
			return pool[g.IntN(len(pool))]
		}
	}
	if separator, ok := s.Strings[path]; ok {
		return strings.Join(g.subset(words), separator)
	}
	if children := below(s, path); len(children) > 0 {
		m := map[string]any{}
		for _, name := range append(children, "extra", "more") {
			if g.IntN(3) > 0 {
				set(m, name, g.value(s, path+"."+name, depth+1))
			}
		}
		return m
	}
	switch n := g.IntN(10); {
	case n == 0 && depth < 2:
		return map[string]any{"a": words[g.IntN(4)], "b": []any{words[g.IntN(4)], words[g.IntN(4)]}}
	case n == 1 && depth < 2:
		return []any{words[g.IntN(4)], words[g.IntN(4)]}
	case n < 4:
		return g.IntN(2) == 0
	case n < 5:
		return json.Number(fmt.Sprint(g.IntN(100)))
	default:
		return words[g.IntN(4)]
	}
}

var words = []string{"alpha", "beta", "gamma", "delta"}

func (g *generator) set(s *kind.Shape, path, key string, depth int) any {
	var list []any
	for _, id := range g.subset(pool) {
		if key == "" {
			list = append(list, id)
			continue
		}
		e := map[string]any{}
		for _, name := range append(below(s, path+"[]"), "extra") {
			set(e, name, g.value(s, path+"[]."+name, depth+1))
		}
		if slices.Contains(s.DisableFirst, path) {
			e["isEnabled"] = g.IntN(2) == 0
		}
		for name := range strings.SplitSeq(key, "+") {
			e[name] = id
		}
		list = append(list, e)
	}
	return list
}

func (g *generator) subset(all []string) []string {
	var some []string
	for _, s := range slices.Sorted(slices.Values(all)) {
		if g.IntN(2) == 0 {
			some = append(some, s)
		}
	}
	return some
}

// below returns the names that the shape's paths have directly below a path.
func below(s *kind.Shape, path string) []string {
	paths := slices.Collect(maps.Keys(s.Sets))
	paths = slices.AppendSeq(paths, maps.Keys(s.Strings))
	paths = append(append(paths, s.Reduce...), s.Dates...)
	for _, r := range s.References {
		paths = append(paths, r.Path)
	}
	var names []string
	for _, p := range paths {
		if rest, ok := strings.CutPrefix(p, path+"."); ok {
			name, _, _ := strings.Cut(rest, ".")
			names = append(names, strings.TrimSuffix(name, "[]"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

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

// input is the input to put the wanted objects back into the tenant.
func input(t *tenant, want ...*entra.Object) Input {
	in := Input{
		Tenant: "t", Base: testBase, Want: map[entra.Key]*entra.Object{}, Live: map[entra.Key]*entra.Object{},
		Deleted: map[entra.Key]bool{}, Snapshot: coverage(), Now: coverage(), Find: t.find,
	}
	for _, o := range want {
		in.Want[o.Key] = o
		if live := t.lookup(IdentityOf(kind.ByName(o.Kind), o, o.ID)); live != nil {
			in.Live[o.Key] = t.read(live)
		} else if live := t.deleted[o.Key]; live != nil {
			in.Live[o.Key] = clone(live)
			in.Deleted[o.Key] = true
		}
	}
	return in
}

func mustPlan(t *testing.T, in Input) entra.Plan {
	t.Helper()
	plan, err := Plan(in)
	if err != nil {
		t.Fatal(err)
	}
	b, err := EncodePlan(plan)
	if err != nil {
		t.Fatal(err)
	}
	if plan, err = DecodePlan(b, in.Tenant); err != nil {
		t.Fatalf("a plan does not read back: %v\n%s", err, b)
	}
	return plan
}

func mustApply(t *testing.T, on *tenant, plan entra.Plan) entra.Outcome {
	t.Helper()
	outcome, err := Apply(context.Background(), on, on, plan, noWait)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

var noWait = Hooks{Sleep: func(context.Context, time.Duration) error { return nil }}

func mustHash(t *testing.T, o *entra.Object) string {
	t.Helper()
	h, err := hash(new(canon.Encoder), kind.ByName(o.Kind), o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const rounds = 40

// restorable are the kinds that are written at all.
func restorable() []*kind.Kind {
	return slices.DeleteFunc(slices.Clone(kind.All()), func(k *kind.Kind) bool { return k.Observed+k.Unavailable != "" })
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
					t.Fatalf("round %d: %+v\n%s", i, diff.Objects(k, got, want, diff.Read{Before: coverage()[k.Name], After: coverage()[k.Name]}), strings.Join(on.log, "\n"))
				}
				if again := mustPlan(t, input(on, want)); len(again.Steps) != 0 || again.Matched != 1 {
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
			read := diff.Read{Before: coverage()[k.Name], After: coverage()[k.Name]}
			for i := range rounds {
				want, live := g.object(), g.object()
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
					if !part.Touches(diff.Tokens(p)) {
						t.Errorf("round %d: %s: %s moved", i, part, p)
					}
				}
				for _, p := range pointers(rest) {
					if tokens := diff.Tokens(p); part.Touches(tokens) && len(tokens) > len(part.Tokens) {
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
	tokens := diff.Tokens(all[g.IntN(len(all))])
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
		all = append(all, diff.Pointer(entra.SectionLinks, l.Link))
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
		if !recreated(k) {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(7, 8)), k}
			for i := range rounds {
				want, on := g.object(), newTenant()
				want.Status = nil
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
