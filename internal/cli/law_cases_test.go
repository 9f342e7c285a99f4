package cli

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// attempts bounds how many objects are tried until one accepts a change: some are
// synchronised, dynamic or otherwise locked.
const attempts = 60

// property changes, clears and sets one property.
func (l *law) property(t *testing.T, k *kind.Kind, objects []*entra.Object, p string) {
	var with, without []*entra.Object
	for _, o := range objects {
		if o.Spec[p] != nil {
			with = append(with, o)
		} else {
			without = append(without, o)
		}
	}
	if len(with) == 0 {
		t.Fatalf("no %s of the seed has %s", k.Title, p)
	}
	changed := l.tryEach(t, k, with, p, func(o *entra.Object) iter.Seq[any] { return l.others(o.Spec[p]) })
	cleared := l.tryEach(t, k, with, p, func(o *entra.Object) iter.Seq[any] {
		if _, list := o.Spec[p].([]any); list {
			return one([]any{})
		}
		return one(nil)
	})
	set := "cannot be cleared again"
	if !slices.Contains(k.NotClearable, p) {
		set = l.tryEach(t, k, without, p, func(*entra.Object) iter.Seq[any] { return one(with[0].Spec[p]) })
	}
	if changed != "" && cleared != "" && set != "" {
		t.Errorf("no %s accepted another %s: %s", k.Title, p, changed)
	}
}

// extensions changes, clears and sets the value of each directory extension that an object has.
func (l *law) extensions(t *testing.T, k *kind.Kind, objects []*entra.Object) {
	seen := make(map[string]bool)
	for _, o := range objects {
		for name := range o.Spec {
			if strings.HasPrefix(name, kind.ExtensionPrefix) && !seen[name] {
				seen[name] = true
				l.property(t, k, objects, name)
			}
		}
	}
	if len(seen) == 0 {
		t.Errorf("no %s of the seed has a value of a directory extension", k.Title)
	}
}

func one(v any) iter.Seq[any] { return func(yield func(any) bool) { yield(v) } }

// tryEach writes values to objects until one accepts one, and has it put back. It
// returns why none did, or "".
func (l *law) tryEach(t *testing.T, k *kind.Kind, objects []*entra.Object, p string, values func(*entra.Object) iter.Seq[any]) string {
	t.Helper()
	refusal := "nothing to change"
	for _, o := range objects[:min(len(objects), attempts)] {
		for v := range values(o) {
			if refusal = l.write(t, k, o, p, v); refusal != "" {
				continue
			}
			if !l.reconcile(t, o) {
				refusal = "nothing came of it" // merged into what there was
				continue
			}
			return ""
		}
	}
	return refusal
}

// link removes a target and adds another.
func (l *law) link(t *testing.T, k *kind.Kind, objects []*entra.Object, link *kind.Link) {
	removed, added := "no object has one", "no object took one"
	for _, o := range objects {
		ids := o.Links[link.Name]
		if removed != "" && len(ids) > 0 {
			if removed = l.unlink(t, k, o, link, ids[0]); removed == "" {
				l.restored(t, o)
			}
		}
		target := l.stranger(t, link, o)
		if added == "" || len(ids) == 0 && link.Reverse == "" || target == "" {
			continue
		}
		if added = l.relink(t, k, o, link, target); added == "" {
			l.restored(t, o)
		}
	}
	if removed+added != "" {
		t.Errorf("%s: removing: %s; adding: %s", link.Name, removed, added)
	}
}

// stranger returns an object that may be linked and is not.
func (l *law) stranger(t *testing.T, link *kind.Link, o *entra.Object) string {
	t.Helper()
	for _, other := range l.files[link.Targets[0]] {
		id := other.ID
		if id != o.ID && !slices.Contains(o.Links[link.Name], id) && (link.Reverse == "" || !l.linked(t, o.Kind, link, id)) {
			return id
		}
	}
	return ""
}

// linked reports whether any object of a kind links a target.
func (l *law) linked(t *testing.T, kindName string, link *kind.Link, id string) bool {
	return slices.ContainsFunc(l.objects(t, kind.ByName(kindName)), func(o *entra.Object) bool {
		return slices.Contains(o.Links[link.Name], id)
	})
}

// contained changes, deletes and adds elements of a contained collection.
func (l *law) contained(t *testing.T, k *kind.Kind, objects []*entra.Object, c *kind.Contained) {
	for _, p := range c.Update {
		if !l.has(c.Type, p) {
			continue
		}
		if refusal := l.elementProperty(t, k, objects, c, p); refusal != "" {
			t.Errorf("no element of %s accepted another %s: %s", c.Name, p, refusal)
		}
	}
	if c.UpdateOnly || c.NoDelete {
		return
	}
	refusal := "no object has one"
	for _, o := range objects {
		for _, e := range o.Contained[c.Name] {
			if refusal = l.deleteElement(t, k, o, c, e); refusal == "" {
				l.restored(t, o)
				return
			}
		}
	}
	t.Errorf("no element of %s could be deleted: %s", c.Name, refusal)
}

// elementProperty changes one property of an element and has it put back. It returns
// why none accepted a change, or "".
func (l *law) elementProperty(t *testing.T, k *kind.Kind, objects []*entra.Object, c *kind.Contained, p string) string {
	t.Helper()
	refusal := "no element has it"
	tries := 0
	for _, o := range objects {
		for _, e := range o.Contained[c.Name] {
			for v := range l.others(e[p]) {
				if tries++; tries > attempts {
					return refusal
				}
				if slices.Contains(c.Key, p) {
					refusal = "" // another element: deleting and adding one is the same
					continue
				}
				if refusal = l.writeElement(t, k, o, c, e, p, v); refusal == "" {
					l.restored(t, o)
					return ""
				}
			}
		}
	}
	return refusal
}

// deleted deletes an object and has it put back.
func (l *law) deleted(t *testing.T, k *kind.Kind, objects []*entra.Object) {
	refusal := ""
	for _, o := range objects {
		if refusal = l.delete(t, k, o); refusal == "" {
			l.restored(t, o)
			return
		}
	}
	t.Errorf("no %s could be deleted: %s", k.Title, refusal)
}
