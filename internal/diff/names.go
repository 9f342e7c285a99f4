package diff

import (
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Refer yields every reference that the changes of an object of kind k hold: link
// targets, and values of reference properties on either side.
func Refer(k *kind.Kind, properties []entra.PropertyChange, links []entra.LinkChange, yield func(*kind.Reference, string)) {
	for i := range links {
		ref := k.LinkReference(links[i].Link)
		for _, id := range links[i].Added {
			yield(ref, id)
		}
		for _, id := range links[i].Removed {
			yield(ref, id)
		}
	}
	for _, p := range properties {
		place, ok := Locate(k, p.Pointer)
		if !ok || len(place.Shape.References) == 0 {
			continue
		}
		values := []any{p.Before, p.After}
		if len(p.AddedItems)+len(p.RemovedItems) > 0 {
			values = append(append([]any{}, p.AddedItems...), p.RemovedItems...)
			if _, ok := p.Before.(string); !ok {
				place.Path += "[]"
			}
		}
		for _, v := range values {
			for m := range place.Shape.Mentions("", place.Path, v) {
				yield(m.Reference, m.Value)
			}
		}
	}
}

// name adds a label for every reference in the changes that can be resolved.
func name(labels map[string]string, k *kind.Kind, changes []entra.Change, names canon.Namer) map[string]string {
	for _, c := range changes {
		Refer(k, c.Properties, c.Links, func(ref *kind.Reference, value string) {
			if _, known := labels[value]; known {
				return
			}
			if label, ok := names(ref, value); ok {
				if labels == nil {
					labels = make(map[string]string)
				}
				labels[value] = label
			}
		})
	}
	return labels
}
