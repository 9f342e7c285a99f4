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
// kind that have the same natural key. It must follow [Objects] with the same keys;
// wanted are the objects as they were. What it finds is added to Objects and Reborn.
// A kind that cannot be listed fails its objects.
func (l *Live) Seek(ctx context.Context, src Source, wanted []*entra.Object) error {
	lost := map[*kind.Kind]map[string]*entra.Object{}
	for _, o := range wanted {
		k := kind.ByName(o.Kind)
		key, ok := naturalKey(k, o)
		if !ok || l.Objects[o.Key] != nil || l.Deleted[o.Key] != nil || l.Failed[o.Key] != nil {
			continue
		}
		if lost[k] == nil {
			lost[k] = map[string]*entra.Object{}
		}
		lost[k][key] = o
	}
	for _, k := range kind.All() {
		if lost[k] == nil {
			continue
		}
		if err := l.seek(ctx, src, k, lost[k]); err != nil {
			if fatal(ctx, err) {
				return err
			}
			for _, o := range lost[k] {
				l.Failed[o.Key] = fmt.Errorf("look for %s under another id: %w", o.Key, err)
			}
		}
	}
	return nil
}

// seek reads one kind and takes the objects that were lost, by natural key.
func (l *Live) seek(ctx context.Context, src Source, k *kind.Kind, lost map[string]*entra.Object) error {
	r := &reader{src: src, parents: map[string]*parents{}}
	if k.Parent != nil {
		r.parents[k.Name] = parentsOf(k, lost)
	}
	res := newResult(k, entra.Coverage{})
	for it, err := range r.read(ctx, res) {
		if err != nil {
			return err
		}
		var enc canon.Encoder
		o, err := enc.Object(k, it.raw)
		if err != nil || it.err != nil {
			continue // it has no natural key to be found by
		}
		key, _ := naturalKey(k, o)
		old := lost[key]
		if old == nil || l.Objects[old.Key] != nil {
			continue
		}
		l.Reborn[old.Key] = o.Key
		l.take(res, old.Key, it)
	}
	l.Coverage[k.Name] = res.view.extent()
	return nil
}

// naturalKey returns what identifies an object apart from its id; false where the
// kind has nothing that does.
func naturalKey(k *kind.Kind, o *entra.Object) (string, bool) {
	if len(k.NaturalKey) == 0 {
		return "", false
	}
	properties := maps.Clone(o.Status)
	if properties == nil {
		properties = map[string]any{}
	}
	maps.Copy(properties, o.Spec)
	return kind.ElementKey(properties, k.NaturalKey)
}

// parentsOf lists the objects that lost ones belonged to: those that a reference of
// theirs to the parent's kind names.
func parentsOf(k *kind.Kind, lost map[string]*entra.Object) *parents {
	p := &parents{Parent: k.Parent}
	for _, o := range lost {
		for ref, value := range canon.References(k, o) {
			id, ok := ref.Identity(value)
			if ok && ref.By == "" && slices.Equal(ref.Targets, []string{k.Parent.Kind}) {
				p.ids = append(p.ids, id)
				break
			}
		}
	}
	return p
}
