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

// readBack reads every planned object again, some at a time, and notes what is not as
// planned and what could not be read. It looks again for a while at an object of which a
// step that was done seems not to be.
func (r *run) readBack(ctx context.Context, outcome *entra.Outcome) error {
	steps := map[entra.Key][]entra.Step{}
	for _, s := range r.plan.Steps {
		steps[s.Key] = append(steps[s.Key], s)
	}
	found := map[entra.Key]finding{}
	waits := pauses{longest: replication}
	for keys := r.keys; len(keys) > 0; {
		var pending []entra.Key
		for some := range slices.Chunk(keys, readAhead) {
			objects, err := r.objects(ctx, some...)
			if err != nil {
				return err
			}
			for _, key := range some {
				delete(found, key)
				f := r.compare(steps[key], objects[key])
				if f.left != nil || len(f.unread) > 0 {
					found[key] = f
				}
				if f.pending {
					pending = append(pending, key)
				}
			}
		}
		if keys = pending; len(keys) > 0 && !r.pause(ctx, &waits) {
			break
		}
	}
	report(found, outcome)
	return ctx.Err()
}

// finding is what reading back showed of one object.
type finding struct {
	left    *entra.Change
	unread  []entra.Unread
	pending bool // a step that was done has something left
}

// compare collects what remains of an object's steps.
func (r *run) compare(steps []entra.Step, now seen) (f finding) {
	for _, s := range steps {
		for _, u := range unverified(&s, now.extent, r.renderer.IDs) {
			if !slices.Contains(f.unread, u) {
				f.unread = append(f.unread, u)
			}
		}
		if s.Properties == nil && s.Links == nil && now.extent.Lack("") != nil {
			continue
		}
		left := remaining(kind.ByName(s.Kind), s, now.object)
		if left == nil {
			continue
		}
		f.pending = f.pending || r.endOf(s.ID) == entra.Done
		if f.left == nil {
			f.left = left
		} else {
			f.left.Properties = append(f.left.Properties, left.Properties...)
			f.left.Links = append(f.left.Links, left.Links...)
		}
	}
	return f
}

// report puts what reading back showed into the outcome.
func report(found map[entra.Key]finding, outcome *entra.Outcome) {
	for _, key := range slices.SortedFunc(maps.Keys(found), plan.CompareKeys) {
		if f := found[key]; f.left != nil {
			outcome.Remaining = append(outcome.Remaining, *f.left)
		}
		outcome.Unverified = append(outcome.Unverified, found[key].unread...)
	}
	slices.SortFunc(outcome.Unverified, func(a, b entra.Unread) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Link, b.Link))
	})
}

// unverified takes out of a step what was not read back, and returns it. Properties are
// read by the names that they have now.
func unverified(s *entra.Step, extent entra.Extent, ids IDs) []entra.Unread {
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
		return tokens[1] != typeProperty && lacks(tokens[0]+"/"+kind.ByName(s.Kind).RewriteName(tokens[1], ids.now), tokens[1])
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
