package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Surplus is what taking objects away that were added since must know.
type Surplus struct {
	// Objects are those that were added, as the tenant has them.
	Objects map[entra.Key]*entra.Object
	// Kept say why one of them is left alone; the reason completes the sentence "left
	// alone: …".
	Kept map[entra.Key]string
	// Companions are those that go with one of Objects, such as an application's service
	// principal, as far as somebody may name them.
	Companions map[entra.Key][]*entra.Object
	// Referring are the objects of the tenant that may name others and must not be left with
	// a name that leads nowhere. Blind say of kinds why theirs could not be read.
	Referring []*entra.Object
	Blind     map[string]string
}

// prune plans taking away what was added since, and returns what is left alone without
// anything more to be said of it.
func (p *planner) prune(plans []*objectPlan) (deletions []*objectPlan, left []entra.Listed) {
	for _, o := range p.in.Added {
		if p.in.ignores(o.Key, o.Name, "") {
			continue
		}
		if !p.in.Prune || p.in.Surplus.Objects[o.Key] == nil && p.in.Surplus.Kept[o.Key] == "" {
			left = append(left, o)
			continue
		}
		deletions = append(deletions, p.deletion(o))
	}
	for p.keepNamed(plans, deletions) {
	}
	return deletions, left
}

// deletion plans the deletion of one object.
func (p *planner) deletion(o entra.Listed) *objectPlan {
	k, live := kind.ByName(o.Kind), p.in.Surplus.Objects[o.Key]
	d := &objectPlan{planner: p, kind: k, key: o.Key, live: live, want: live, desired: live, danger: DangerOf(o)}
	if live == nil {
		d.want = &entra.Object{Key: o.Key, Name: o.Name}
	}
	reason, hint := cmp.Or(k.Unavailable, k.NeverWritten, p.in.Surplus.Kept[o.Key]), ""
	if reason == "" {
		reason, hint = undeletable(k, live)
	}
	if reason != "" {
		d.refuse("", reason, hint)
		return d
	}
	s := d.step(entra.ActionDelete, "", "")
	for _, name := range k.NaturalKey {
		if v := live.Spec[name]; v != nil {
			s.Properties = append(s.Properties, entra.PropertyChange{Pointer: jsonpointer.Join(entra.SectionSpec, name), Before: v})
		}
	}
	return d
}

// undeletable says why Graph does not let an object be deleted, and what a person can do.
func undeletable(k *kind.Kind, o *entra.Object) (reason, hint string) {
	switch {
	case k.Deletion.Mode == kind.DeleteNone:
		return "Graph does not let a " + k.Title + " be deleted", ""
	case k.Requests != nil && k.Requests.Remove == "":
		return "Graph takes no request to remove a " + k.Title, ""
	}
	for _, l := range slices.Concat(k.Locks, k.Deletion.Kept) {
		if len(l.Parts) == 0 && meets(&l, o) {
			return l.Reason, l.Hint
		}
	}
	return "", ""
}

// keepNamed refuses the deletion of what an object names that will still be there, and has
// the others wait for what takes their name out. It reports whether it refused any: what that
// one names must then stay as well.
func (p *planner) keepNamed(plans, deletions []*objectPlan) bool {
	steps := map[entra.Key][]entra.Step{}
	for _, d := range slices.Concat(plans, deletions) {
		steps[d.key] = append(steps[d.key], d.steps...)
	}
	refused := false
	for _, d := range deletions {
		if len(d.steps) == 0 {
			continue
		}
		if reason := p.blind(d.kind); reason != "" {
			d.steps, refused = nil, true
			d.refuse("", reason, "")
			continue
		}
		needs := []string{}
		for _, o := range p.in.Surplus.Referring {
			goes := append([]*entra.Object{d.live}, p.in.Surplus.Companions[d.key]...)
			if _, place := namedBy(o, goes); o.Key == d.key || place == "" {
				continue
			}
			if which, place := namedBy(afterAll(o, steps[o.Key]), goes); place != "" {
				d.steps, refused = nil, true
				d.refuse("", fmt.Sprintf("%s names %s in %s", title(o.Key, o.Name), which, place), "take it out there first, or put that back in the same plan")
				break
			}
			for _, s := range steps[o.Key] {
				needs = append(needs, s.ID)
			}
		}
		if len(d.steps) > 0 {
			slices.Sort(needs)
			d.steps[0].Needs = slices.Compact(needs)
		}
	}
	return refused
}

// goAlong reports whether a link loses nothing but targets that are deleted: those leave it
// by themselves.
func (p *planner) goAlong(l *kind.Link, c entra.LinkChange) bool {
	return len(c.Added) == 0 && !slices.ContainsFunc(c.Removed, func(id string) bool {
		return !slices.ContainsFunc(l.Targets, func(of string) bool { return p.in.Surplus.Objects[entra.Key{Kind: of, ID: id}] != nil })
	})
}

// blind says why nobody knows whether objects of a kind are named.
func (p *planner) blind(k *kind.Kind) string {
	for _, other := range kind.All() {
		if cause := p.in.Surplus.Blind[other.Name]; cause != "" && other.MayName(k.Name) {
			return fmt.Sprintf("whether a %s names it is not known: %s", other.Title, cause)
		}
	}
	return ""
}

// afterAll is an object once its steps are done; nil where it is gone then.
func afterAll(o *entra.Object, steps []entra.Step) *entra.Object {
	for _, s := range steps {
		after, err := After(kind.ByName(o.Kind), o, s)
		if err != nil {
			continue
		}
		if o = after; o == nil {
			return nil
		}
	}
	return o
}

// namedBy returns which of some objects an object names in its body, and where; "" where it
// names none. The first of them is "it".
func namedBy(o *entra.Object, others []*entra.Object) (which, place string) {
	if o == nil {
		return "", ""
	}
	for m := range kind.ByName(o.Kind).Shape.Mentions("", "", o.Spec) {
		for i, other := range others {
			if !slices.Contains(m.Targets, other.Kind) || m.By == "" && m.Referent != other.ID || m.By != "" && m.Referent != other.Text(m.By) {
				continue
			}
			if i == 0 {
				return "it", m.Path
			}
			return "its " + kind.ByName(other.Kind).Title, m.Path
		}
	}
	return "", ""
}
