package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// renew works out which identities will be others, and the order in which objects are
// created: each after those that it refers to, as far as they do not go round in a circle.
func (p *planner) renew() {
	p.renewed, p.order = nil, map[entra.Key]int{}
	clear(p.byProperty)
	created := make([]*objectPlan, 0, len(p.incoming))
	for key, action := range p.incoming {
		if action != entra.ActionCreate {
			continue
		}
		k, want := kind.ByName(key.Kind), p.in.Want[key]
		p.renewed = append(p.renewed, k.Renewals(want)...)
		created = append(created, &objectPlan{planner: p, kind: k, key: key, want: want, desired: want})
	}
	slices.SortFunc(created, func(a, b *objectPlan) int { return CompareKeys(a.key, b.key) })
	sorter := creationOrder{byKey: map[entra.Key]*objectPlan{}, state: map[*objectPlan]progress{}, place: p.order}
	for _, d := range created {
		sorter.byKey[d.key] = d
	}
	for _, d := range created {
		sorter.visit(d)
	}
}

// orphan finds the deleted items that went with an object that is gone for good: an
// application's service principal cannot be taken back without the application.
func (p *planner) orphan() {
	p.orphans = map[entra.Key]bool{}
	for key, action := range p.incoming {
		k := kind.ByName(key.Kind)
		if action != entra.ActionCreate || k.Recreated() {
			continue
		}
		for _, c := range k.CascadesTo {
			if companion, ok := p.wanted(c.Kind, c.Property)[p.in.Want[key].Text(c.Property)]; ok && p.incoming[companion] == entra.ActionRestore {
				p.orphans[companion] = true
			}
		}
	}
	for key := range p.orphans {
		p.incoming[key] = entra.ActionCreate
	}
}

// View is an object as a plan speaks of it: by the identities of the snapshot. What the
// run has created again is called by the old identity, and an old identity that the tenant
// still holds itself is spelled as [entra.Gone]. Now says what renewed identities have
// become; those of objects that are not created yet are missing.
func View(k *kind.Kind, o *entra.Object, renewed []entra.Renewal, now map[entra.Name]string) *entra.Object {
	if o == nil || len(renewed) == 0 {
		return o
	}
	to := map[entra.Name]string{}
	for _, r := range renewed {
		for _, n := range kind.Shared(r.Identity()) {
			to[n] = entra.Gone + r.Old
		}
	}
	for _, r := range renewed {
		if current := now[r.Identity()]; current != "" {
			for _, n := range kind.Shared(entra.Name{Kind: r.Kind, By: r.By, Value: current}) {
				to[n] = r.Old
			}
		}
	}
	return kind.Rewrite(k, o, kind.Renamed(to))
}

// renewals are the identities that will be others, in a fixed order.
func renewals(created []*entra.Object) []entra.Renewal {
	var all []entra.Renewal
	for _, want := range created {
		all = append(all, kind.ByName(want.Kind).Renewals(want)...)
	}
	slices.SortFunc(all, func(a, b entra.Renewal) int { return cmp.Or(CompareKeys(a.Key, b.Key), cmp.Compare(a.By, b.By)) })
	return all
}

// created are the objects of the snapshot that some steps create.
func created(steps []entra.Step, source map[entra.Key]*entra.Object) []*entra.Object {
	var all []*entra.Object
	for _, s := range steps {
		if want := source[s.Key]; s.Action == entra.ActionCreate && want != nil {
			all = append(all, want)
		}
	}
	return all
}

// lost reports whether a property tells of what no creation brings back, so that it cannot
// be given either.
func (d *objectPlan) lost(name string) bool {
	return !d.kind.Recreated() && slices.ContainsFunc(d.kind.Losses, func(l kind.Loss) bool { return l.Property == name })
}

// follows reports whether a property is written after the creation: Graph takes it then
// only, or it names what is created no earlier than the object itself.
func (d *objectPlan) follows(name string) bool {
	if slices.Contains(d.kind.AfterCreation, name) || slices.Contains(d.kind.OwnRequest, name) || d.kind.Streams[name] != "" {
		return true
	}
	if !slices.Contains(d.kind.Update, name) {
		return false
	}
	late := false
	d.targetsOf(d.kind.Shape.Mentions("", name, d.desired.Spec[name]), func(key entra.Key) {
		at, created := d.order[key]
		late = late || created && at >= d.order[d.key]
	})
	return late
}

// afterCreation plans the updates that follow the creation.
func (d *objectPlan) afterCreation(changes []entra.PropertyChange) {
	byName := map[string][]entra.PropertyChange{}
	for _, c := range changes {
		name := jsonpointer.Split(c.Pointer)[1]
		byName[name] = append(byName[name], c)
	}
	for _, w := range Writes(&d.kind.Shape, slices.Sorted(maps.Keys(byName))) {
		d.update(w, byName)
	}
}

// losses are what does not come back with the objects that are created again.
func losses(created []*entra.Object) []entra.Loss {
	var all []entra.Loss
	for _, want := range created {
		k := kind.ByName(want.Kind)
		if k.Recreated() {
			continue
		}
		for _, l := range k.Losses {
			v := want.Property(l.Property)
			if !kind.Meets(l.When, want.Property) || l.Property != "" && v == nil {
				continue
			}
			loss := entra.Loss{Key: want.Key, Name: want.Name, What: l.What, Todo: l.Todo}
			if l.Property != "" {
				section := entra.SectionStatus
				if k.Restorable(l.Property) {
					section = entra.SectionSpec
				}
				loss.Pointer, loss.What = jsonpointer.Join(section, l.Property), counted(l.What, v)
			}
			all = append(all, loss)
		}
	}
	return all
}

// counted is a noun with the number of a collection's elements, and of each what a person
// knows it by.
func counted(noun string, v any) string {
	list, ok := v.([]any)
	if !ok {
		return noun
	}
	var details []string
	for _, e := range list {
		if text := credential(e); text != "" {
			details = append(details, text)
		}
	}
	text := "1 " + noun
	if len(list) != 1 {
		text = fmt.Sprintf("%d %ss", len(list), noun)
	}
	if len(details) > 0 {
		text += " (" + strings.Join(details, "; ") + ")"
	}
	return text
}

// credential is what the snapshot tells of a credential: its name or how it begins, and when
// it ends.
func credential(v any) string {
	m, _ := v.(map[string]any)
	var parts []string
	for _, name := range []string{"displayName", "hint"} {
		if text, _ := m[name].(string); text != "" {
			parts = append(parts, strconv.Quote(text))
			break
		}
	}
	if end, _ := m["endDateTime"].(string); end != "" {
		day, _, _ := strings.Cut(end, "T")
		parts = append(parts, "until "+day)
	}
	return strings.Join(parts, " ")
}

// reportOnly has a policy that is created again report only, where nobody asked for more.
// It returns the changes of the creation.
func (d *objectPlan) reportOnly(changes []entra.PropertyChange) []entra.PropertyChange {
	e := d.kind.Enforcement
	if e == nil || d.in.Enforce || d.kind.Recreated() || !e.While.Holds(d.desired.Spec[e.While.Property]) {
		return changes
	}
	changes = slices.Clone(changes)
	planned := *d.planned
	planned.Spec = copied(planned.Spec)
	planned.Spec[e.While.Property] = e.Reports
	d.planned = &planned
	pointer := jsonpointer.Join(entra.SectionSpec, e.While.Property)
	for i := range changes {
		if changes[i].Pointer == pointer {
			changes[i].After = e.Reports
		}
	}
	d.refuse(pointer, fmt.Sprintf("a %s that is created again reports only", d.kind.Title), "look at what it reports; --enforce creates it as the snapshot says")
	return changes
}
