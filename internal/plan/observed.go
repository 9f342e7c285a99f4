package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
)

// differs says in what the object differs that can only be observed, apart from what is
// refused with a reason of its own. It reports false where that is nothing. A person who
// selects parts asks about no others.
func (d *objectPlan) differs() (entra.Observed, bool) {
	o := entra.Observed{Key: d.key, Name: d.want.Name}
	if d.live == nil || d.deleted || d.arrival != "" || len(d.in.Parts) > 0 {
		return o, false
	}
	change := diff.Objects(d.kind, d.live, d.want, d.read)
	if change == nil {
		return o, false
	}
	for _, c := range change.Properties {
		refused := slices.ContainsFunc(d.refusals, func(r entra.Refusal) bool {
			return r.Pointer == c.Pointer || r.Pointer == "" || strings.HasPrefix(c.Pointer, r.Pointer+"/")
		})
		if c.Observed && !refused {
			o.Pointers = append(o.Pointers, c.Pointer)
		}
	}
	slices.Sort(o.Pointers)
	return o, len(o.Pointers) > 0
}

// compareObserved puts objects of a kind that differ in the same beside each other.
func compareObserved(a, b entra.Observed) int {
	return cmp.Or(cmp.Compare(risk(a.Key), risk(b.Key)), cmp.Compare(a.Kind, b.Kind), slices.Compare(a.Pointers, b.Pointers), cmp.Compare(a.ID, b.ID))
}
