package plan

import (
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// permit has the steps by which an object comes or changes follow the changes of those
// that decide whether they are allowed: a rule before the eligibility that it permits. One
// that cannot be put back holds up nothing: it may decide about others.
func permit(plans []*objectPlan) {
	byKey := make(map[entra.Key]*objectPlan, len(plans))
	for _, d := range plans {
		byKey[d.key] = d
	}
	for _, d := range plans {
		var first []string
		for _, key := range d.precedents() {
			if other := byKey[key]; other != nil {
				for i := range other.steps {
					if changes(&other.steps[i]) {
						first = append(first, other.steps[i].ID)
					}
				}
			}
		}
		for i := range d.steps {
			if s := &d.steps[i]; len(first) > 0 && (s.Action == entra.ActionCreate || s.Action == entra.ActionRestore || s.Action == entra.ActionUpdate) {
				s.Follows = append(s.Follows, first...)
				slices.Sort(s.Follows)
			}
		}
	}
}

// afterWhatTheyNeed puts steps behind those that they need or follow, and leaves the order
// as it is otherwise. Where steps follow each other in a circle, one does not.
func afterWhatTheyNeed(steps []entra.Step) []entra.Step {
	at := make(map[string]int, len(steps))
	for i := range steps {
		at[steps[i].ID] = i
	}
	begun, placed := make([]bool, len(steps)), make([]bool, len(steps))
	sorted := make([]entra.Step, 0, len(steps))
	var visit func(i int)
	visit = func(i int) {
		if begun[i] {
			return
		}
		begun[i] = true
		s := steps[i]
		for _, id := range slices.Concat(s.Needs, s.Follows) {
			if first, ok := at[id]; ok {
				visit(first)
			}
		}
		s.Follows = slices.DeleteFunc(slices.Clone(s.Follows), func(id string) bool {
			first, ok := at[id]
			return ok && !placed[first]
		})
		placed[i] = true
		sorted = append(sorted, s)
	}
	for i := range steps {
		visit(i)
	}
	return sorted
}

// precedents are the selected objects whose changes decide whether the object may be as it
// is to be: those of the kinds that permit its kind.
func (d *objectPlan) precedents() []entra.Key {
	var first []entra.Key
	for _, name := range d.kind.PermittedBy {
		first = append(first, d.ofKind(name)...)
	}
	return first
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
