package plan

import (
	"cmp"
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// arrangeRemovals puts what is taken away in the order of [referringFirst], stage by stage.
func arrangeRemovals(steps []entra.Step, stages []stage, plans []*objectPlan) {
	first := slices.IndexFunc(stages, func(s stage) bool { return s >= stageRemovals })
	if first < 0 {
		return
	}
	ranks := referringFirst(plans)
	for at := first; at < len(stages); {
		end := at
		for end < len(stages) && stages[end] == stages[at] {
			end++
		}
		slices.SortStableFunc(steps[at:end], func(a, b entra.Step) int { return cmp.Compare(ranks[a.Key], ranks[b.Key]) })
		at = end
	}
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
