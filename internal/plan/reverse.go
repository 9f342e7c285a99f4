package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Reached reports whether a planned change has its value. A contained element that was
// created also has what Graph added, such as an id.
func Reached(k *kind.Kind, c entra.PropertyChange, now any) bool {
	place, ok := diff.Locate(k, c.Pointer)
	if !ok {
		return false
	}
	planned, isObject := c.After.(map[string]any)
	actual, exists := now.(map[string]any)
	if place.Contained == nil || place.Path != "" || !isObject {
		return diff.Equal(place.Shape, place.Path, now, c.After)
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

// Reverse is the update that takes back what of a step the object has, by [After]: whatever
// has the value that the step gave it gets the one it had. What has another value was
// changed by somebody else since, and stays; left names it, by pointer. Of a set or a link,
// each element that came or went is taken back by itself.
func Reverse(k *kind.Kind, o *entra.Object, s entra.Step) (back entra.Step, left []string) {
	back = s
	back.Action, back.Properties, back.Links = entra.ActionUpdate, nil, nil
	for _, c := range s.Properties {
		place, ok := diff.Locate(k, c.Pointer)
		now := diff.Value(k, o, c.Pointer)
		switch {
		case !ok:
			left = append(left, c.Pointer)
		case Reached(k, c, now):
			back.Properties = append(back.Properties, entra.PropertyChange{Pointer: c.Pointer, Before: now, After: c.Before})
		case diff.Equal(place.Shape, place.Path, now, c.Before):
		default:
			some, rest := reverseItems(place.Shape, place.Path, c, now)
			if some != nil {
				back.Properties = append(back.Properties, *some)
			}
			if rest {
				left = append(left, c.Pointer)
			}
		}
	}
	for _, l := range s.Links {
		r, rest := reverseLink(k, o, l)
		if len(r.Added)+len(r.Removed) > 0 {
			back.Links = append(back.Links, r)
		}
		if rest {
			left = append(left, jsonpointer.Join(entra.SectionLinks, l.Link))
		}
	}
	return back, left
}

// reverseItems takes back the elements of a set that came or went and are as they were
// left; rest reports that some are not, or that the value is no set.
func reverseItems(s *kind.Shape, path string, c entra.PropertyChange, now any) (back *entra.PropertyChange, rest bool) {
	elements, isList := now.([]any)
	if _, set := s.Set(path); !set || len(c.AddedItems)+len(c.RemovedItems) == 0 || now != nil && !isList {
		return nil, true
	}
	equal := func(item any) bool {
		return slices.ContainsFunc(elements, func(e any) bool { return diff.Equal(s, path+"[]", e, item) })
	}
	keyed := func(item any) bool {
		key, ok := diff.ElementKey(s, path, item)
		return ok && slices.ContainsFunc(elements, func(e any) bool {
			other, ok := diff.ElementKey(s, path, e)
			return ok && other == key
		})
	}
	back = &entra.PropertyChange{Pointer: c.Pointer, Before: now}
	for _, item := range c.AddedItems {
		switch {
		case equal(item):
			back.RemovedItems = append(back.RemovedItems, item)
		case keyed(item):
			rest = true
		}
	}
	for _, item := range c.RemovedItems {
		goes := slices.ContainsFunc(back.RemovedItems, func(e any) bool {
			key, ok := diff.ElementKey(s, path, item)
			other, also := diff.ElementKey(s, path, e)
			return ok && also && key == other
		})
		switch {
		case equal(item):
		case goes || !keyed(item):
			back.AddedItems = append(back.AddedItems, item)
		default:
			rest = true
		}
	}
	if len(back.AddedItems)+len(back.RemovedItems) == 0 {
		return nil, rest
	}
	return back, rest
}

// reverseLink takes back the targets of a link that came or went. A link to one object is
// taken back as a whole, or stays.
func reverseLink(k *kind.Kind, o *entra.Object, l entra.LinkChange) (back entra.LinkChange, rest bool) {
	back.Link = l.Link
	there := o.Links[l.Link]
	if k.SingleLink(l.Link) {
		if slices.Equal(there, l.Added) {
			back.Added, back.Removed = l.Removed, l.Added
			return back, false
		}
		return back, !slices.Equal(there, l.Removed)
	}
	for _, id := range l.Added {
		if slices.Contains(there, id) {
			back.Removed = append(back.Removed, id)
		}
	}
	for _, id := range l.Removed {
		if !slices.Contains(there, id) {
			back.Added = append(back.Added, id)
		}
	}
	return back, false
}
