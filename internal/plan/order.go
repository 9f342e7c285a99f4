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
	if len(plans) > 0 {
		plans[0].exchange(plans)
	}
	ordered := referencedFirst(plans)
	permit(ordered)
	giveWay(ordered)
	steps := []entra.Step{}
	for _, d := range ordered {
		steps = append(steps, d.steps...)
	}
	sorted, stages := byStage(steps)
	arrangeRemovals(sorted, stages, plans)
	if len(plans) > 0 {
		plans[0].arrange(sorted, stages)
	}
	follow(sorted, stages, ordered)
	return sorted
}

// arrange puts creations behind what else arrives, in the order by which each leaves out
// what names a later one. What needs or follows a creation comes after it all the same.
func (p *planner) arrange(steps []entra.Step, stages []stage) {
	n := 0
	for n < len(stages) && stages[n] == stageArrivals {
		n++
	}
	place := make(map[string]int, n)
	for _, s := range steps[:n] {
		at := 0
		if i, created := p.order[s.Key]; created && s.Action == entra.ActionCreate {
			at = i + 1
		}
		for _, id := range slices.Concat(s.Needs, s.Follows) {
			at = max(at, place[id])
		}
		place[s.ID] = at
	}
	slices.SortStableFunc(steps[:n], func(a, b entra.Step) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	copy(steps, afterWhatTheyNeed(steps[:n]))
}

// referencedFirst sorts the plans so that an object comes after those it
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
		sorted = append(sorted, d)
	}
	for _, d := range plans {
		visit(d)
	}
	return sorted
}

// refers yields the keys of everything the object will refer to in its body or in
// contained objects, and of those that give up what it waits for. What gives way to others
// comes after all that those refer to, so that the tenant is without both for as short as can
// be.
func (d *objectPlan) refers(yield func(entra.Key)) {
	for _, key := range d.givers {
		yield(key)
	}
	for _, other := range d.replacedBy[d.key] {
		other.mentions(yield)
	}
	for _, other := range d.replaces[d.key] {
		yield(other.key)
	}
	d.mentions(yield)
}

// mentions yields the keys of everything the object will refer to.
func (d *objectPlan) mentions(yield func(entra.Key)) {
	if d.desired == nil {
		return
	}
	visit := func(mentions iter.Seq[kind.Mention]) { d.targetsOf(mentions, yield) }
	for _, key := range d.defining {
		yield(key)
	}
	for _, key := range d.precedents() {
		yield(key)
	}
	visit(d.kind.Shape.Mentions("", "", d.desired.Spec))
	for i := range d.kind.Contained {
		c := &d.kind.Contained[i]
		for _, e := range d.desired.Contained[c.Name] {
			visit(c.Mentions("", "", e))
		}
	}
}

// targetsOf yields the keys of what is mentioned, as far as they can be told: of every kind
// that it may be of.
func (p *planner) targetsOf(mentions iter.Seq[kind.Mention], yield func(entra.Key)) {
	for m := range mentions {
		for _, target := range m.Targets {
			key := entra.Key{Kind: target, ID: m.Referent}
			if m.By != "" {
				key = p.wanted(target, m.By)[m.Referent]
			}
			yield(key)
		}
	}
}
