package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// goneExtensions names the selected values of directory extensions that the snapshot has
// of an object and that the tenant cannot have now: Graph answers an extension by name, so
// that one without a definition was not asked for.
func (in *Input) goneExtensions(k *kind.Kind, want *entra.Object, snapshot entra.Extent) []string {
	if !k.Extensions {
		return nil
	}
	now := in.Now[k.Name].Of(want.ID)
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(want.Spec)) {
		tokens := []string{entra.SectionSpec, name}
		selected := len(in.Parts) == 0 || slices.ContainsFunc(in.Parts, func(p diff.Part) bool { return p.Touches(tokens) })
		if strings.HasPrefix(name, kind.ExtensionPrefix) && selected && snapshot.Property(name) && now.Object() && !now.Property(name) {
			gone = append(gone, name)
		}
	}
	return gone
}

// extensions plans the values of directory extensions whose definitions the plan creates,
// and refuses those of extensions that are not defined now.
func (d *objectPlan) extensions() {
	var s *entra.Step
	for _, name := range d.in.goneExtensions(d.kind, d.want, d.in.snapshot[d.key]) {
		pointer := jsonpointer.Join(entra.SectionSpec, name)
		application, definition, comes := d.definition(name)
		if l := d.lock(entra.SectionSpec, name, d.live); l != nil {
			d.refuse(pointer, l.Reason, l.Hint)
		} else if comes {
			if s == nil {
				s = d.step(entra.ActionUpdate, "", kind.ExtensionPrefix)
			}
			change := entra.PropertyChange{Pointer: pointer, After: d.want.Spec[name]}
			change.AddedItems, change.RemovedItems = diff.Items(&d.kind.Shape, name, nil, change.After)
			s.Properties = append(s.Properties, change)
			s.Needs = append(s.Needs, definition)
			slices.Sort(s.Needs)
			d.defining = append(d.defining, application)
		} else {
			d.refuse(pointer, "the directory extension is not defined now",
				"restore extensionProperties of its application, then reconcile again")
		}
	}
}

// definition is the step that creates the definition of a directory extension, and the
// application that it is of.
func (p *planner) definition(name string) (application entra.Key, step string, ok bool) {
	for _, key := range slices.SortedFunc(maps.Keys(p.in.Want), CompareKeys) {
		k, live := kind.ByName(key.Kind), p.in.Live[key]
		for i := range k.Contained {
			c := &k.Contained[i]
			created := p.incoming[key] == entra.ActionCreate
			if !strings.HasPrefix(c.CreatePrefix, kind.ExtensionPrefix) || live == nil && !created || p.in.Deleted[key] || len(p.in.Parts) > 0 {
				continue
			}
			want, _ := diff.ContainedByKey(c, p.in.Want[key].Contained[c.Name])
			if created {
				live = &entra.Object{}
			}
			now, _ := diff.ContainedByKey(c, live.Contained[c.Name])
			if want[name] != nil && now[name] == nil && p.in.read(key, p.in.snapshot[key]).Contained(c.Name) {
				return key, stepID(key, entra.ActionCreateContained, c.Name, name), true
			}
		}
	}
	return entra.Key{}, "", false
}
