package diff

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Refer yields every reference and code that the changes of an object of kind k hold: link
// targets, and values of properties on either side. The owner is the object's id.
func Refer(k *kind.Kind, owner string, properties []entra.PropertyChange, links []entra.LinkChange, yield func(*kind.Reference, string)) {
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
		if !ok || len(place.Shape.References)+len(place.Shape.Codes) == 0 {
			continue
		}
		for i := range place.Shape.References {
			if ref := &place.Shape.References[i]; place.Around[ref.Path] != "" {
				yield(ref, place.Around[ref.Path]) // the key of an element
			}
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
			for ref, value := range place.Shape.CodesIn(owner, place.Path, v, place.Around) {
				yield(ref, value)
			}
		}
	}
}

// name adds a label for every reference in the changes that can be resolved.
func name(labels map[string]string, k *kind.Kind, changes []entra.Change, names canon.Namer) map[string]string {
	for _, c := range changes {
		Refer(k, c.ID, c.Properties, c.Links, func(ref *kind.Reference, value string) {
			label, ok := "", labels[value] == "" || ref.Code != nil
			if ok {
				label, ok = names(ref, value)
			}
			if ok {
				labels = Label(labels, value, label)
			}
		})
	}
	return labels
}

// Label notes what an id is called. An id that two applications give to different
// permissions is called both.
func Label(labels map[string]string, id, label string) map[string]string {
	if labels == nil {
		labels = map[string]string{}
	}
	if known := labels[id]; known != "" && !slices.Contains(strings.Split(known, or), label) {
		label = known + or + label
	} else if known != "" {
		label = known
	}
	labels[id] = label
	return labels
}

// or separates two names of one id.
const or = " or "
