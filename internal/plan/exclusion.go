package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// front is one side of a [kind.Exclusion]: objects of a kind, in force while the condition
// holds of them.
type front struct {
	kind  string
	while kind.Condition
}

// fronts yields the sides of every exclusion, each with the side that it excludes.
func fronts(yield func(ours, theirs front) bool) {
	for _, k := range kind.All() {
		if e := k.Excludes; e != nil {
			ours, theirs := front{k.Name, e.While}, front{e.Kind, e.Theirs}
			if !yield(ours, theirs) || !yield(theirs, ours) {
				return
			}
		}
	}
}

func (f front) holds(o *entra.Object) bool {
	return o != nil && f.while.Holds(o.Property(f.while.Property))
}

// Opposing are the kinds whose objects the caller of [New] looks at for [Input.Opposing]: what
// is in force now and excludes something that the snapshot has in force and the tenant has
// not, with the condition that they meet while they are.
func Opposing(in Input) map[string]kind.Condition {
	sought := map[string]kind.Condition{}
	for ours, theirs := range fronts {
		for key, want := range in.Want {
			if key.Kind == ours.kind && ours.holds(want) && (in.Deleted[key] || !ours.holds(in.Live[key])) {
				sought[theirs.kind] = theirs.while
			}
		}
	}
	return sought
}

// opposition is why an object is kept from coming into force, or from giving it up.
type opposition struct {
	property     string
	reason, hint string
}

// settleExclusions refuses what cannot come into force because something that stays excludes
// it, and then what would give way for nothing: of two that exclude each other the tenant is
// not left without either. It reports false where it refused anything: then everything must be
// planned again.
func (p *planner) settleExclusions(plans []*objectPlan) bool {
	settled := true
	for ours, theirs := range fronts {
		comes, stays, missing := ours.among(plans)
		_, rivals, _ := theirs.among(plans)
		if names := p.rivals(theirs, rivals); len(comes) > 0 && names != "" {
			settled = false
			for _, d := range comes {
				p.oppose(d, ours, "it cannot be in force beside "+names, "select "+theirs.kind+" as well, so that what goes is put back first")
			}
		}
		if len(stays) > 0 || !missing {
			continue
		}
		for _, d := range plans {
			if before, after := d.inForce(theirs); before && !after {
				settled = false
				p.oppose(d, theirs, fmt.Sprintf("no %s comes into force in its place", kind.ByName(ours.kind).Title), "")
			}
		}
	}
	return settled
}

// among finds the objects of a side that come into force by the plan, and those that are in
// force after it, and reports whether any is not that should be.
func (f front) among(plans []*objectPlan) (comes, stays []*objectPlan, missing bool) {
	for _, d := range plans {
		switch before, after := d.inForce(f); {
		case after && !before:
			comes, stays = append(comes, d), append(stays, d)
		case after:
			stays = append(stays, d)
		case d.key.Kind == f.kind && f.holds(d.want):
			missing = true
		}
	}
	return comes, stays, missing
}

func (p *planner) oppose(d *objectPlan, f front, reason, hint string) {
	p.opposed[d.key] = opposition{f.while.Property, reason, hint}
}

// inForce reports whether the object is in force now and after the plan.
func (d *objectPlan) inForce(f front) (before, after bool) {
	if d.key.Kind != f.kind {
		return false, false
	}
	there := d.live != nil && !d.deleted && d.arrival != entra.ActionCreate
	before = there && f.holds(d.live)
	switch {
	case slices.ContainsFunc(d.steps, func(s entra.Step) bool { return s.Action == entra.ActionDelete }):
		return before, false
	case d.refused, d.planned == nil:
		return before, before
	}
	return before, f.holds(d.planned)
}

// rivals names what stays in force on a side; empty for nothing.
func (p *planner) rivals(f front, stays []*objectPlan) string {
	var all []string
	for _, d := range stays {
		all = append(all, title(d.key, d.want.Name))
	}
	for _, o := range p.in.Opposing {
		if o.Kind == f.kind && (!p.in.Prune || p.in.Surplus.Objects[o.Key] == nil) {
			all = append(all, title(o.Key, o.Name))
		}
	}
	slices.Sort(all)
	if more := len(all) - mostRivals; more > 0 {
		all = append(all[:mostRivals], fmt.Sprintf("%d more", more))
	}
	return strings.Join(all, " and ")
}

// mostRivals is how many of those that stay a reason names.
const mostRivals = 2

// exchange notes which objects come into force in exchange for which others.
func (p *planner) exchange(plans []*objectPlan) {
	p.replaces, p.replacedBy = map[entra.Key][]*objectPlan{}, map[entra.Key][]*objectPlan{}
	for ours, theirs := range fronts {
		for _, d := range plans {
			if before, after := d.inForce(ours); before || !after {
				continue
			}
			for _, other := range plans {
				if before, after := other.inForce(theirs); before && !after {
					p.replaces[d.key] = append(p.replaces[d.key], other)
					p.replacedBy[other.key] = append(p.replacedBy[other.key], d)
				}
			}
		}
	}
}

// turning are the steps by which the object comes into force, or gives it up.
func (d *objectPlan) turning() []*entra.Step {
	var turning []*entra.Step
	for i := range d.steps {
		switch s := &d.steps[i]; s.Action {
		case entra.ActionCreate, entra.ActionRestore, entra.ActionDelete:
			turning = append(turning, s)
		case entra.ActionUpdate:
			if slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool { return turns(d.kind.Name, c) }) {
				turning = append(turning, s)
			}
		}
	}
	return turning
}

// turns reports whether a change of an object's property decides whether it is in force.
func turns(kindName string, c entra.PropertyChange) bool {
	for ours := range fronts {
		if ours.kind == kindName && c.Pointer == jsonpointer.Join(entra.SectionSpec, ours.while.Property) {
			return true
		}
	}
	return false
}

// giveWay has what comes into force need the steps by which what it replaces gives way.
func giveWay(plans []*objectPlan) {
	for _, d := range plans {
		for _, s := range d.turning() {
			for _, other := range d.replaces[d.key] {
				for _, first := range other.turning() {
					s.Needs = append(s.Needs, first.ID)
				}
			}
			slices.Sort(s.Needs)
			s.Needs = slices.Compact(s.Needs)
		}
	}
}
