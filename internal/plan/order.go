package plan

import (
	"iter"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// phases are the actions in the order in which all objects go through them: first
// everything is there, then it is as it should be, then linked. Removals come last,
// so that nothing is without what replaces it, except where one makes room for what
// replaces it.
var phases = [][]entra.Action{
	{entra.ActionRestore, entra.ActionCreate},
	{entra.ActionUpdate, entra.ActionCreateContained, entra.ActionUpdateContained},
	{entra.ActionAddLink},
}

var removals = []entra.Action{entra.ActionRemoveLink, entra.ActionDeleteContained}

// order puts the steps of all plans in the order in which they will be made: within
// a phase an object comes after those it refers to; removals go the other way.
func order(plans []*objectPlan) []entra.Step {
	plans = referencedFirst(plans)
	steps := []entra.Step{}
	take := func(actions []entra.Action, early bool) {
		for _, d := range plans {
			for _, s := range d.steps {
				if slices.Contains(actions, s.Action) && d.early[s.ID] == early {
					steps = append(steps, s)
				}
			}
		}
	}
	for i, actions := range phases {
		take(actions, false)
		if i == 0 {
			take(removals, true)
		}
	}
	first := len(steps)
	take(removals, false)
	slices.Reverse(steps[first:])
	return steps
}

// referencedFirst sorts the plans with steps so that an object comes after those it
// refers to. Where objects refer to each other, the given order stands.
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
		d.refers(func(key entra.Key) {
			if other := byKey[key]; other != nil {
				visit(other)
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
