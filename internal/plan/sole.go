package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// settleSole has an object lose the property [kind.Writing.Sole] when another has got it, and
// refuses to take it from one where none gets it. It reports false where it refused anything:
// then everything must be planned again.
func (p *planner) settleSole(plans []*objectPlan) bool {
	settled := true
	for _, d := range plans {
		s := d.soleStep(false)
		if s == nil {
			continue
		}
		taker := d.taker(plans)
		if taker == nil {
			settled = false
			p.opposed[d.key] = opposition{d.kind.Sole, "Graph only takes it from one " + d.kind.Title + " by giving it to another",
				"select the " + d.kind.Title + " that the snapshot has it on as well"}
			continue
		}
		d.givers = append(d.givers, taker.Key)
		s.Needs = append(s.Needs, taker.ID)
		slices.Sort(s.Needs)
	}
	return settled
}

// taker is the step by which another object gets the property, or nil.
func (d *objectPlan) taker(plans []*objectPlan) *entra.Step {
	for _, other := range plans {
		if other.kind == d.kind {
			if s := other.soleStep(true); s != nil {
				return s
			}
		}
	}
	return nil
}

// soleStep is the step by which the object gets the property, or loses it; nil for none.
func (d *objectPlan) soleStep(gets bool) *entra.Step {
	if d.kind.Sole == "" {
		return nil
	}
	pointer := jsonpointer.Join(entra.SectionSpec, d.kind.Sole)
	for i := range d.steps {
		for _, c := range d.steps[i].Properties {
			if c.Pointer == pointer && (c.After == true) == gets {
				return &d.steps[i]
			}
		}
	}
	return nil
}
