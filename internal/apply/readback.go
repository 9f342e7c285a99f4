package apply

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// readBack reads every planned object again and notes what is not as planned and what
// could not be read. It looks again for a while when a step that was done seems not to be.
func (r *run) readBack(ctx context.Context, outcome *entra.Outcome) error {
	return r.wait(ctx, func() (bool, error) {
		objects, err := r.objects(ctx, r.keys...)
		if err != nil {
			return false, err
		}
		pending := r.compare(objects, outcome)
		return !pending, nil
	})
}

// compare collects what remains of each step, by object. Pending reports that a step
// which was done has something left.
func (r *run) compare(objects map[entra.Key]seen, outcome *entra.Outcome) (pending bool) {
	byKey := map[entra.Key]*entra.Change{}
	unread := map[entra.Unread]bool{}
	for _, s := range r.plan.Steps {
		for _, u := range unverified(&s, objects[s.Key].extent) {
			unread[u] = true
		}
		if s.Properties == nil && s.Links == nil && objects[s.Key].extent.Lack("") != nil {
			continue
		}
		left := remaining(kind.ByName(s.Kind), s, objects[s.Key].object)
		if left == nil {
			continue
		}
		pending = pending || r.endOf(s.ID) == entra.Done
		if c := byKey[s.Key]; c != nil {
			c.Properties = append(c.Properties, left.Properties...)
			c.Links = append(c.Links, left.Links...)
		} else {
			byKey[s.Key] = left
		}
	}
	outcome.Remaining, outcome.Unverified = nil, nil
	for _, key := range slices.SortedFunc(maps.Keys(byKey), plan.CompareKeys) {
		outcome.Remaining = append(outcome.Remaining, *byKey[key])
	}
	for u := range unread {
		outcome.Unverified = append(outcome.Unverified, u)
	}
	slices.SortFunc(outcome.Unverified, func(a, b entra.Unread) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Link, b.Link))
	})
	return pending
}

// unverified takes out of a step what was not read back, and returns it.
func unverified(s *entra.Step, extent entra.Extent) []entra.Unread {
	var list []entra.Unread
	lacks := func(part, name string) bool {
		l := extent.Lack(part)
		if l != nil {
			list = append(list, entra.Unread{Kind: s.Kind, ID: s.Key.ID, Name: s.Name, Link: name, State: l.State, Cause: l.Cause})
		}
		return l != nil
	}
	if lacks("", "") {
		s.Properties, s.Links = nil, nil
		return list
	}
	s.Properties = slices.DeleteFunc(slices.Clone(s.Properties), func(c entra.PropertyChange) bool {
		tokens := jsonpointer.Split(c.Pointer)
		return tokens[1] != typeProperty && lacks(tokens[0]+"/"+tokens[1], tokens[1])
	})
	s.Links = slices.DeleteFunc(slices.Clone(s.Links), func(c entra.LinkChange) bool {
		return lacks(entra.SectionLinks+"/"+c.Link, c.Link)
	})
	return list
}

// remaining returns what of a step is not as planned in the object's state now, from
// that state to the planned one, or nil when all of it is.
func remaining(k *kind.Kind, s entra.Step, now *entra.Object) *entra.Change {
	c := &entra.Change{Key: s.Key, Name: s.Name, Type: entra.Changed}
	switch deletes := s.Action == entra.ActionDelete; {
	case deletes && now == nil:
		return nil
	case deletes:
		c.Type = entra.Removed // it is there and should not be
		return c
	case now == nil:
		c.Type = entra.Added // it is not there and should be
		return c
	}
	for _, p := range s.Properties {
		if v := diff.Value(k, now, p.Pointer); !plan.Reached(k, p, v) {
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
		if k.SingleLink(l.Link) && len(there) != len(l.Removed) {
			return jsonpointer.Join(entra.SectionLinks, l.Link) + " is not empty" // and would be replaced
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
