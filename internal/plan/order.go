package plan

import (
	"cmp"
	"iter"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// order puts the steps of all plans in the order in which they will be made: within a
// stage an object comes after those it refers to; removals go the other way.
func order(plans []*objectPlan) []entra.Step {
	ordered := referencedFirst(plans)
	steps := []entra.Step{}
	for _, d := range ordered {
		steps = append(steps, d.steps...)
	}
	sorted, stages := byStage(steps)
	last := referringFirst(plans)
	for _, of := range []stage{stageRemovals, stageDeletions} {
		if first := slices.Index(stages, of); first >= 0 {
			part := sorted[first : first+count(stages, of)]
			slices.SortStableFunc(part, func(a, b entra.Step) int { return cmp.Compare(last[a.Key], last[b.Key]) })
		}
	}
	follow(sorted, stages, ordered)
	return sorted
}

// count counts the steps of a stage.
func count(stages []stage, of stage) int {
	n := 0
	for _, s := range stages {
		if s == of {
			n++
		}
	}
	return n
}

// referringFirst ranks objects so that one comes before those it refers to, and otherwise the
// most dangerous first: the order in which things are taken away. It follows
// [referencedFirst], which notes what refers to what.
func referringFirst(plans []*objectPlan) map[entra.Key]int {
	plans = slices.Clone(plans)
	slices.SortStableFunc(plans, func(a, b *objectPlan) int { return cmp.Compare(a.rank(), b.rank()) })
	referring := map[entra.Key][]*objectPlan{}
	for _, d := range plans {
		for _, key := range d.before {
			referring[key] = append(referring[key], d)
		}
	}
	ranks, seen := map[entra.Key]int{}, map[*objectPlan]bool{}
	var visit func(d *objectPlan)
	visit = func(d *objectPlan) {
		if seen[d] {
			return
		}
		seen[d] = true
		for _, other := range referring[d.key] {
			visit(other)
		}
		ranks[d.key] = len(ranks)
	}
	for _, d := range plans {
		visit(d)
	}
	return ranks
}

// rank is how dangerous the object is, with 1 for the most dangerous.
func (d *objectPlan) rank() int { return cmp.Or(d.danger, d.kind.Danger(nil, nil)) }

// referencedFirst sorts the plans with steps so that an object comes after those it
// refers to, and notes those with steps that each comes after, also through objects
// without. Where objects refer to each other, the given order stands.
func referencedFirst(plans []*objectPlan) []*objectPlan {
	byKey := make(map[entra.Key]*objectPlan, len(plans))
	for _, d := range plans {
		byKey[d.key] = d
	}
	seen := make(map[*objectPlan]bool, len(plans))
	sorted := make([]*objectPlan, 0, len(plans))
	var visit func(d *objectPlan)
	visit = func(d *objectPlan) {
		if seen[d] {
			return
		}
		seen[d] = true
		known := map[*objectPlan]bool{d: true}
		d.refers(func(key entra.Key) {
			other := byKey[key]
			if other == nil || known[other] {
				return
			}
			known[other] = true
			visit(other)
			if len(other.steps) > 0 {
				d.before = append(d.before, other.key)
			} else {
				d.before = append(d.before, other.before...)
			}
		})
		if len(d.steps) > 0 {
			sorted = append(sorted, d)
		}
	}
	for _, d := range plans {
		visit(d)
	}
	return sorted
}

// refers yields the keys of everything the object will refer to in its body or in
// contained objects.
func (d *objectPlan) refers(yield func(entra.Key)) {
	if d.desired == nil {
		return
	}
	visit := func(mentions iter.Seq[kind.Mention]) {
		for m := range mentions {
			for _, target := range m.Targets {
				key := entra.Key{Kind: target, ID: m.Referent}
				if m.By != "" {
					key = d.wanted(target, m.By)[m.Referent]
				}
				yield(key)
			}
		}
	}
	visit(d.kind.Shape.Mentions("", "", d.desired.Spec))
	for i := range d.kind.Contained {
		c := &d.kind.Contained[i]
		for _, e := range d.desired.Contained[c.Name] {
			visit(c.Mentions("", "", e))
		}
	}
}
