package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Names labels every id in the plan's steps, and in what identifies the objects that were
// added since, that can be resolved.
// A plan that was read from a file is labelled anew: what the file calls an object is
// nobody's word.
func Names(plan entra.Plan, namer canon.Namer) map[string]string {
	if namer == nil {
		return nil
	}
	labels := map[string]string{}
	note := func(ref *kind.Reference, value string) {
		old, gone := strings.CutPrefix(value, entra.Gone)
		if label, ok := namer(ref, old); ok {
			if gone {
				label += ", which is gone"
			}
			if ref.Code == nil {
				delete(labels, value)
			}
			diff.Label(labels, value, label)
		}
	}
	for _, s := range plan.Steps {
		diff.Refer(kind.ByName(s.Kind), s.Key.ID, s.Properties, s.Links, note)
	}
	for _, a := range plan.Added {
		if k := kind.ByName(a.Kind); k != nil {
			identifying(k, a.NaturalKey, note)
		}
	}
	for _, a := range plan.AddedParts {
		if k := kind.ByName(a.Kind); k != nil {
			referPart(k, a, note)
		}
	}
	if len(labels) == 0 {
		return nil
	}
	return labels
}

// referPart yields the references in a part that was added.
func referPart(k *kind.Kind, a entra.AddedPart, yield func(*kind.Reference, string)) {
	tokens := jsonpointer.Split(a.Pointer)
	if len(tokens) != 3 {
		return
	}
	if tokens[0] == entra.SectionLinks {
		yield(k.LinkReference(tokens[1]), tokens[2])
		return
	}
	diff.Refer(k, a.ID, []entra.PropertyChange{{Pointer: a.Pointer, Before: a.Value}}, nil, yield)
}

// identifying yields the references in a natural key.
func identifying(k *kind.Kind, naturalKey map[string]any, yield func(*kind.Reference, string)) {
	for _, name := range slices.Sorted(maps.Keys(naturalKey)) {
		value, _ := naturalKey[name].(string)
		for i := range k.References {
			if ref := &k.References[i]; ref.Path == name && value != "" {
				yield(ref, value)
			}
		}
	}
}

// namer labels by what the caller knows, and then by what was added since: somebody new
// may have been given a role.
func (in *Input) namer() canon.Namer {
	if in.Names == nil {
		return nil
	}
	fresh := map[entra.Key]string{}
	for _, a := range in.Added {
		fresh[a.Key] = a.Name
	}
	return func(ref *kind.Reference, value string) (string, bool) {
		if label, ok := in.Names(ref, value); ok {
			return label, true
		}
		id, ok := ref.Referent(value)
		if !ok || ref.By != "" {
			return "", false
		}
		for _, target := range ref.Targets {
			if name := fresh[entra.Key{Kind: target, ID: id}]; name != "" {
				return target + ": " + name, true
			}
		}
		return "", false
	}
}
