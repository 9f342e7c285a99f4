package apply

import (
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// delete renders the deletion of the object, after what Graph wants done before it.
func (r *rendering) delete() ([]entra.Request, error) {
	if r.live == nil {
		return nil, fmt.Errorf("%s is not there: %w", r.step.Key, entra.ErrInvalid)
	}
	if q := r.kind.Requests; q != nil {
		return r.ask(q, q.Remove, kind.Pick(r.live.Spec, q.Send), "")
	}
	requests, err := r.prepareDeletion()
	if err != nil {
		return nil, err
	}
	for _, name := range r.kind.Deletion.Emptied {
		i := slices.IndexFunc(r.kind.Contained, func(c kind.Contained) bool { return c.Name == name })
		c := &r.kind.Contained[i]
		elements, _ := diff.ContainedByKey(c, r.live.Contained[name])
		for _, key := range slices.Sorted(maps.Keys(elements)) {
			if id, ok := plan.ElementID(c, r.live, key); ok {
				requests = append(requests, entra.Request{Method: "DELETE", Path: r.addresses.Element(r.kind, c, r.id(), id)})
			}
		}
	}
	return append(requests, entra.Request{Method: "DELETE", Path: r.object()}), nil
}

// prepareDeletion renders the writes that bring the object into a state in which Graph
// deletes it.
func (r *rendering) prepareDeletion() ([]entra.Request, error) {
	planned := maps.Clone(r.live.Spec)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(r.kind.Deletion.Before)) {
		before := r.kind.Deletion.Before[name]
		if now := r.live.Spec[name]; now == nil || diff.Equal(&r.kind.Shape, name, now, before) {
			continue
		}
		names = append(names, name)
		if planned[name] = before; before == nil {
			delete(planned, name)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return r.writes(names, r.live.Spec, planned)
}
