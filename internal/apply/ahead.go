package apply

import (
	"errors"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// ahead notes that an object which the plan takes back is there already: somebody else took
// it back. It counts as arrived, so that only what is not as planned is written, and what
// has neither the deleted item's value nor the snapshot's moved on.
func (r *run) ahead(key entra.Key, on *subject) {
	noted, ok := r.plan.Live[key.String()]
	if ok && noted == "" && on.live != nil && slices.ContainsFunc(r.plan.Steps, func(s entra.Step) bool { return s.Key == key && s.Action == entra.ActionRestore }) {
		on.moved, on.arrived, on.ahead = false, true, true
	}
}

// changedSince says which property of a step has neither the value that the plan knew nor
// the one that it writes; "" for none.
func changedSince(k *kind.Kind, s entra.Step, live *entra.Object) string {
	for _, p := range s.Properties {
		place, ok := diff.Locate(k, p.Pointer)
		now := diff.Value(k, live, p.Pointer)
		if ok && !plan.Reached(k, p, now) && !diff.Equal(place.Shape, place.Path, now, p.Before) {
			return p.Pointer + " has another value"
		}
	}
	return ""
}

// explained says what an error means for a step, where Graph's own words do not.
func explained(s entra.Step, err error) string {
	if s.Action == entra.ActionRestore && errors.Is(err, entra.ErrNotFound) {
		return fmt.Sprintf("it is not among the deleted items any more: its 30 days are over, or somebody removed it for good: %v", err)
	}
	return err.Error()
}
