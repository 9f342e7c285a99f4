package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// replaceFirst has the removal of an element wait for what replaces the element, so that an
// object is not left without both where Graph refuses the new one. That goes for collections
// that are a value of the object, as [objectPlan.keepAdded] tells them from those whose
// elements stand for themselves.
func (d *objectPlan) replaceFirst() {
	coming := comingElements(d.steps)
	for i := range d.steps {
		s := &d.steps[i]
		if s.Action != entra.ActionDeleteContained || makesRoom(s, coming) {
			continue
		}
		if c := d.collection(s.Target); !c.Single && !c.Inline && !c.Only {
			continue
		}
		for _, other := range d.steps {
			if other.Action == entra.ActionCreateContained && other.Target == s.Target {
				s.Needs = append(s.Needs, other.ID)
			}
		}
		slices.Sort(s.Needs)
	}
}
