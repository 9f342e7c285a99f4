package apply

import (
	"context"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// readBack reads every planned object again and returns what is not as planned. It
// looks again for a while when a step that was done seems not to be.
func (r *run) readBack(ctx context.Context) ([]entra.Change, error) {
	var rest []entra.Change
	err := r.wait(ctx, func() (bool, error) {
		objects, err := r.objects(ctx, r.keys...)
		if err != nil {
			return false, err
		}
		var pending bool
		rest, pending = r.compare(objects)
		return !pending, nil
	})
	return rest, err
}

// compare collects what remains of each step, by object. Pending reports that a step
// which was done has something left.
func (r *run) compare(objects map[entra.Key]*entra.Object) (rest []entra.Change, pending bool) {
	byKey := map[entra.Key]*entra.Change{}
	for _, s := range r.plan.Steps {
		left := remaining(kind.ByName(s.Kind), s, objects[s.Key])
		if left == nil {
			continue
		}
		pending = pending || r.ended[s.ID] == entra.Done
		if c := byKey[s.Key]; c != nil {
			c.Properties = append(c.Properties, left.Properties...)
			c.Links = append(c.Links, left.Links...)
		} else {
			byKey[s.Key] = left
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(byKey), plan.CompareKeys) {
		rest = append(rest, *byKey[key])
	}
	return rest, pending
}

// remaining returns what of a step is not as planned in the object's state now, from
// that state to the planned one, or nil when all of it is.
func remaining(k *kind.Kind, s entra.Step, now *entra.Object) *entra.Change {
	c := &entra.Change{Key: s.Key, Name: s.Name, Type: entra.Changed}
	if now == nil {
		c.Type = entra.Added // it is not there and should be
		return c
	}
	for _, p := range s.Properties {
		if v := diff.Value(k, now, p.Pointer); !reached(k, p, v) {
			left := entra.PropertyChange{Pointer: p.Pointer, Before: v, After: p.After}
			if place, ok := diff.Locate(k, p.Pointer); ok {
				left.AddedItems, left.RemovedItems = diff.Items(place.Shape, place.Path, v, p.After)
			}
			c.Properties = append(c.Properties, left)
		}
	}
	for _, l := range s.Links {
		there := setOf(now.Links[l.Link])
		left := entra.LinkChange{Link: l.Link}
		for _, id := range l.Added {
			if !there[id] {
				left.Added = append(left.Added, id)
			}
		}
		for _, id := range l.Removed {
			if there[id] {
				left.Removed = append(left.Removed, id)
			}
		}
		if len(left.Added)+len(left.Removed) > 0 {
			c.Links = append(c.Links, left)
		}
	}
	if len(c.Properties)+len(c.Links) == 0 {
		return nil
	}
	return c
}

// reached reports whether a planned change has its value. A contained element that was
// created also has what Graph added, such as an id.
func reached(k *kind.Kind, p entra.PropertyChange, now any) bool {
	place, ok := diff.Locate(k, p.Pointer)
	if !ok {
		return false
	}
	planned, isObject := p.After.(map[string]any)
	actual, exists := now.(map[string]any)
	if place.Contained == nil || place.Path != "" || !isObject {
		return diff.Equal(place.Shape, place.Path, now, p.After)
	}
	if !exists {
		return false
	}
	for name, v := range planned {
		if !diff.Equal(place.Shape, name, actual[name], v) {
			return false
		}
	}
	return true
}

// unseen says that an object differs from what the plan knew of it, in nothing that the
// step is about.
const unseen = "something outside the plan has another value"

// unlike says what of a step's object is not as the plan says that it was.
func unlike(k *kind.Kind, s entra.Step, now *entra.Object) string {
	if now == nil {
		if s.Action == entra.ActionRestore || s.Action == entra.ActionCreate {
			return unseen
		}
		return "it no longer exists"
	}
	for _, p := range s.Properties {
		place, ok := diff.Locate(k, p.Pointer)
		if ok && !diff.Equal(place.Shape, place.Path, diff.Value(k, now, p.Pointer), p.Before) {
			return p.Pointer + " has another value"
		}
	}
	for _, l := range s.Links {
		there := setOf(now.Links[l.Link])
		for _, id := range l.Added {
			if there[id] {
				return jsonpointer.Join(entra.SectionLinks, l.Link) + " has " + id
			}
		}
		for _, id := range l.Removed {
			if !there[id] {
				return jsonpointer.Join(entra.SectionLinks, l.Link) + " has no " + id
			}
		}
	}
	return unseen
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
