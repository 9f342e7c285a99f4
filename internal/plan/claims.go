package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Claim is a value that an object is to have and that no other object may have.
type Claim struct {
	// Kind is that of the object, and Property the one of [kind.Kind.Unique] that the claim
	// is by.
	Kind, Property string
	// Value is in lower case, as it is compared.
	Value string
}

// Holder is the object that has a claimed value now.
type Holder struct {
	entra.Key
	Name string
	// Created is when the object was created; zero where that was not told.
	Created time.Time
}

// Claims lists what [New] will ask [Input.Held], so that the caller can find out beforehand
// in few requests. Each is listed once, in a fixed order.
func Claims(in Input) []Claim {
	seen := map[Claim]bool{}
	for key, want := range in.Want {
		k := kind.ByName(key.Kind)
		if k == nil {
			continue
		}
		parts := selectedParts(k, in.Parts)
		for i := range k.Unique {
			u := &k.Unique[i]
			live := in.Live[key]
			had := u.Values(live)
			var values []string
			if in.Deleted[key] && u.As == "" {
				values = append(values, had...)
			}
			if live == nil || slices.Contains(k.Update, u.Property) && slices.Contains(parts, entra.SectionSpec+"/"+u.Property) {
				values = append(values, slices.DeleteFunc(u.Values(want), func(v string) bool { return has(had, v) })...)
			}
			if in.Deleted[key] && u.Property == k.Deletion.Prefixed {
				values = append(values, in.newName(k, live))
			}
			for _, v := range values {
				if v != "" {
					seen[claimOf(k, u, v)] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b Claim) int {
		return slices.Compare([]string{a.Kind, a.Property, a.Value}, []string{b.Kind, b.Property, b.Value})
	})
}

func claimOf(k *kind.Kind, u *kind.Unique, value string) Claim {
	return Claim{k.Name, u.Property, strings.ToLower(value)}
}

// has reports whether values hold one, upper and lower case aside.
func has(values []string, value string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, value) })
}

// newName is the name that a person chose for a user who is taken back; empty for none.
func (in *Input) newName(k *kind.Kind, o *entra.Object) string {
	if k.Deletion.NewName == "" {
		return ""
	}
	return in.NewNames[strings.ToLower(o.Text(k.Deletion.Prefixed))]
}

// conflict is a claimed value that another object has.
type conflict struct {
	unique *kind.Unique
	value  string
	holder Holder
	// mutual is set where the other object is to have what this one has.
	mutual bool
}

// conflicts are the claimed values that other objects have and keep. One that the plan takes
// from its holder is noted, and whoever claims it waits.
func (d *objectPlan) conflicts(u *kind.Unique, values []string) []conflict {
	var found []conflict
	for _, v := range values {
		if d.in.Held == nil {
			break
		}
		holder := d.in.Held(claimOf(d.kind, u, v))
		if holder == nil || holder.Key == (entra.Key{Kind: d.kind.Name, ID: d.id()}) {
			continue
		}
		wait := waiting{d.key, u.Property, strings.ToLower(v)}
		verdict, judged := d.kept[wait]
		if giver, ok := d.selectedAs(holder.Key); ok && !judged {
			d.waits[wait] = giver
			continue
		}
		found = append(found, conflict{u, v, *holder, verdict})
	}
	return found
}

// waiting is an object that waits for a value that another one has.
type waiting struct {
	claimant        entra.Key
	property, value string
}

// selectedAs is the key that a live object has among the selected ones.
func (p *planner) selectedAs(live entra.Key) (entra.Key, bool) {
	if p.asSelected == nil {
		p.asSelected = map[entra.Key]entra.Key{}
		for key, o := range p.in.Live {
			if !p.in.Deleted[key] {
				p.asSelected[o.Key] = key
			}
		}
	}
	key, ok := p.asSelected[live]
	return key, ok
}

// settleClaims makes each step that waits for a value need the step that takes the value from
// its holder. It reports false where some holder keeps the value after all, or where two
// objects wait for each other: then everything must be planned again.
func (p *planner) settleClaims(plans []*objectPlan) bool {
	byKey := make(map[entra.Key]*objectPlan, len(plans))
	for _, d := range plans {
		byKey[d.key] = d
	}
	edges := map[entra.Key][]entra.Key{}
	settled := true
	for wait, giver := range p.waits {
		if byKey[giver].gives(wait) == "" {
			p.kept[wait], settled = false, false
			continue
		}
		edges[wait.claimant] = append(edges[wait.claimant], giver)
	}
	for wait, giver := range p.waits {
		if leads(edges, giver, wait.claimant, map[entra.Key]bool{}) {
			p.kept[wait], settled = true, false
		}
	}
	if !settled {
		return false
	}
	for wait, giver := range p.waits {
		d := byKey[wait.claimant]
		d.givers = append(d.givers, giver)
		for i := range d.steps {
			if s := &d.steps[i]; d.claims(s, wait.property) {
				s.Needs = append(s.Needs, byKey[giver].gives(wait))
				slices.Sort(s.Needs)
				s.Needs = slices.Compact(s.Needs)
				break
			}
		}
	}
	for _, d := range plans {
		slices.SortFunc(d.givers, CompareKeys)
	}
	return true
}

// leads reports whether edges lead from one key to another.
func leads(edges map[entra.Key][]entra.Key, from, to entra.Key, seen map[entra.Key]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	return slices.ContainsFunc(edges[from], func(key entra.Key) bool { return leads(edges, key, to, seen) })
}

// gives is the id of the step after which the object does not have a value any more; empty
// for none.
func (d *objectPlan) gives(wait waiting) string {
	for i := range d.kind.Unique {
		u := &d.kind.Unique[i]
		if u.Property != wait.property || d.planned == nil || d.arrival != "" || has(u.Values(d.planned), wait.value) {
			continue
		}
		for j := range d.steps {
			if d.steps[j].Action == entra.ActionUpdate && d.claims(&d.steps[j], u.Property) {
				return d.steps[j].ID
			}
		}
	}
	return ""
}

// claims reports whether a step gives the object its value of a property: by taking it back,
// or by writing it.
func (d *objectPlan) claims(s *entra.Step, property string) bool {
	if s.Action == entra.ActionRestore || s.Action == entra.ActionCreate {
		return true
	}
	return s.Action == entra.ActionUpdate && slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool {
		return jsonpointer.Split(c.Pointer)[1] == property
	})
}
