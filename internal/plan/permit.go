package plan

import (
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// permit has the steps that create or change an object follow the changes of those objects
// that decide what may be written of its kind: a rule before the eligibility that it
// permits. A rule that cannot be put back holds up nothing: it may be another's.
func permit(plans []*objectPlan) {
	rules := map[string][]string{}
	for _, d := range plans {
		for i := range d.steps {
			if changes(&d.steps[i]) {
				rules[d.key.Kind] = append(rules[d.key.Kind], d.steps[i].ID)
			}
		}
	}
	for _, d := range plans {
		for _, name := range d.kind.PermittedBy {
			for i := range d.steps {
				if s := &d.steps[i]; s.Action == entra.ActionCreate || s.Action == entra.ActionUpdate {
					s.Follows = append(s.Follows, rules[name]...)
					slices.Sort(s.Follows)
				}
			}
		}
	}
}

// changes reports whether a step changes what an object says.
func changes(s *entra.Step) bool {
	switch s.Action {
	case entra.ActionUpdate, entra.ActionCreateContained, entra.ActionUpdateContained, entra.ActionDeleteContained:
		return true
	}
	return false
}

// ofKind are the selected objects of a kind, sorted.
func (p *planner) ofKind(name string) []entra.Key {
	if p.byKind == nil {
		p.byKind = map[string][]entra.Key{}
		for _, key := range slices.SortedFunc(maps.Keys(p.in.Want), CompareKeys) {
			p.byKind[key.Kind] = append(p.byKind[key.Kind], key)
		}
	}
	return p.byKind[name]
}
