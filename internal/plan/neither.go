package plan

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Neither names what gave way in a run although nothing that was to take its place came into
// force, so that the tenant is without either of two that exclude each other; empty for
// nothing. A run does not undo by itself what it did: that would be a write that nobody
// reviewed, against a tenant that has just refused one.
func Neither(o *entra.Outcome) string {
	ended := map[string]entra.Result{}
	for _, s := range o.Steps {
		ended[s.Step] = s.Result
	}
	gave := map[string]bool{}
	for ours, theirs := range fronts {
		come := false
		gone := map[string]bool{}
		for _, s := range o.Plan.Steps {
			if s.Kind != ours.kind {
				continue
			}
			for _, other := range o.Plan.Steps {
				if other.Kind == theirs.kind && slices.Contains(s.Needs, other.ID) {
					come = come || ended[s.ID] == entra.Done
					if ended[other.ID] == entra.Done {
						gone[title(other.Key, other.Name)] = true
					}
				}
			}
		}
		for name := range gone {
			gave[name] = gave[name] || !come
		}
	}
	var names []string
	for _, name := range keys(gave, nil) {
		if gave[name] {
			names = append(names, name)
		}
	}
	return strings.Join(names, " and ")
}

// vacates completes the sentence about a step by which an object gives way while nothing that
// it excludes comes into force.
func (j *judgement) vacates(s entra.Step) string {
	e := kind.ByName(s.Kind).Excludes
	if e == nil || !slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool {
		return c.Pointer == jsonpointer.Join(entra.SectionSpec, e.While.Property) && !e.While.Holds(c.After)
	}) {
		return ""
	}
	for key, o := range j.after {
		if key.Kind == e.Kind && (front{e.Kind, e.Theirs}).holds(o) {
			return ""
		}
	}
	return ", and no " + kind.ByName(e.Kind).Title + " comes into force in its place"
}
