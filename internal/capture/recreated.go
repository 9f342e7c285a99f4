package capture

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Seek looks for objects that do not exist under the id they had, among those of their
// kind that have the same natural key. It must follow [Objects] with the same keys.
// What it finds is added to Objects and Recreated. A kind that cannot be listed fails its
// objects.
func (l *Live) Seek(ctx context.Context, src Source, identities []entra.Identity) error {
	lost := map[string][]entra.Identity{}
	for _, i := range identities {
		if len(i.NaturalKey) > 0 && l.Objects[i.Key] == nil && l.Deleted[i.Key] == nil && l.Failed[i.Key] == nil {
			lost[i.Kind] = append(lost[i.Kind], i)
		}
	}
	for _, k := range kind.All() {
		if lost[k.Name] == nil {
			continue
		}
		err := l.seek(ctx, src, k, lost[k.Name])
		if err != nil && fatal(ctx, err) {
			return err
		}
		for _, i := range lost[k.Name] {
			if err != nil && l.Objects[i.Key] == nil {
				l.fail(k, []string{i.ID}, fmt.Errorf("look for it under another id: %w", err))
			}
		}
	}
	return nil
}

// seek reads one kind and takes the objects that were lost, by natural key. One that
// cannot be read has no natural key to be found by.
func (l *Live) seek(ctx context.Context, src Source, k *kind.Kind, lost []entra.Identity) error {
	r := &reader{src: src}
	if k.Parent != nil {
		r.parents = map[string]*parents{k.Name: parentsOf(k, lost)}
	}
	byKey := map[string]entra.Key{}
	for _, i := range lost {
		if key, ok := kind.ElementKey(i.NaturalKey, k.Recognition()); ok {
			byKey[key] = i.Key
		}
	}
	res := newResult(k, entra.Coverage{}, true)
	for it, err := range r.read(ctx, res) {
		if err != nil {
			return err
		}
		var enc canon.Encoder
		o, err := enc.Object(k, it.raw)
		if err != nil || it.err != nil {
			continue
		}
		key, _ := kind.ElementKey(recognised(k, o), k.Recognition())
		if old, ok := byKey[key]; ok && l.Objects[old] == nil {
			l.Recreated[old] = o.Key
			l.cover(k, res.view.extent())
			l.take(res, old, it)
		}
	}
	return res.view.unheard()
}

// parentsOf lists the objects that lost ones belonged to: those that a reference of
// theirs to the parent's kind names.
func parentsOf(k *kind.Kind, lost []entra.Identity) *parents {
	p := &parents{Parent: k.Parent}
	ref := ownerReference(k)
	owners := map[string]bool{}
	for _, l := range lost {
		value, _ := l.NaturalKey[ref.Path].(string)
		if id, ok := ref.Referent(value); ok {
			owners[id] = true
		}
	}
	p.ids = slices.Collect(maps.Keys(owners))
	return p
}

// recognised are the properties of an object by which it is looked for.
func recognised(k *kind.Kind, o *entra.Object) map[string]any {
	properties := map[string]any{}
	for _, name := range k.Recognition() {
		if v := o.Property(name); v != nil {
			properties[name] = v
		}
	}
	return properties
}
