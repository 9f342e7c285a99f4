package drill

import (
	"errors"
	"slices"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// follower compares a snapshot with a tenant in which objects were created again under other
// ids: an object that differs in ids alone is the same.
type follower struct {
	from, now *history.Point
	lines     entra.Lines
	to        kind.Rewriting
	changes   map[entra.Key]entra.Change
}

// follow takes out of the changes between a snapshot and a tenant what a lineage explains.
func follow(from, now *history.Point, changes map[entra.Key]entra.Change, lineage entra.Lineage) error {
	if len(lineage) == 0 {
		return nil
	}
	newest := map[entra.Name]string{}
	lines := lineage.Lines()
	for _, s := range lineage {
		name := entra.Name{Kind: s.Kind, By: s.By, Value: s.Old}
		newest[name] = lines.Newest(name)
	}
	f := follower{from: from, now: now, lines: lines, to: kind.Renamed(newest), changes: changes}
	arrived, err := f.arrived()
	if err != nil {
		return err
	}
	for _, key := range sortedKeys(changes) {
		if changes[key].Type == entra.Added {
			continue
		}
		if err := f.one(key, arrived); err != nil {
			return err
		}
	}
	return nil
}

// one compares an object of the snapshot with what it is now.
func (f *follower) one(key entra.Key, arrived map[string]entra.Key) error {
	k := kind.ByName(key.Kind)
	want, extent, err := find(f.from, k, key)
	if err != nil || want == nil {
		return err
	}
	want = kind.Rewrite(k, want, f.to)
	successor := f.lines.Key(key)
	if natural, ok := kind.ElementKey(kind.NaturalKey(k, want), k.NaturalKey); ok && f.changes[key].Type == entra.Removed {
		if other, ok := arrived[k.Name+"\x00"+natural]; ok {
			successor = other
		}
	}
	have, seen, err := find(f.now, k, successor)
	if err != nil || have == nil {
		return err
	}
	want.ID = have.ID
	change := diff.Objects(k, want, have, diff.Read{Before: extent, After: seen})
	if successor != key {
		delete(f.changes, successor)
		change = written(change)
	}
	if change == nil {
		delete(f.changes, key)
		return nil
	}
	change.Key = key
	f.changes[key] = *change
	return nil
}

// written leaves of the change of an object that was created again what can be written: what
// is observed, such as its date of creation, is that of the new object.
func written(c *entra.Change) *entra.Change {
	if c == nil {
		return nil
	}
	c.Properties = slices.DeleteFunc(c.Properties, func(p entra.PropertyChange) bool { return p.Observed })
	if len(c.Properties)+len(c.Links) == 0 {
		return nil
	}
	return c
}

// arrived indexes the objects that the snapshot has not by their natural keys.
func (f *follower) arrived() (map[string]entra.Key, error) {
	found := map[string]entra.Key{}
	for key, c := range f.changes {
		k := kind.ByName(key.Kind)
		if c.Type != entra.Added || len(k.NaturalKey) == 0 {
			continue
		}
		o, _, err := find(f.now, k, key)
		if err != nil {
			return nil, err
		}
		if natural, ok := kind.ElementKey(kind.NaturalKey(k, o), k.NaturalKey); ok {
			found[k.Name+"\x00"+natural] = key
		}
	}
	return found, nil
}

// find returns an object of a point and what was read of it; nil where it has none.
func find(p *history.Point, k *kind.Kind, key entra.Key) (*entra.Object, entra.Extent, error) {
	path, ok := p.Find(k, key.ID)
	if !ok {
		return nil, entra.Extent{}, nil
	}
	o, err := p.Object(k, path)
	if errors.Is(err, entra.ErrNotFound) {
		return nil, entra.Extent{}, nil
	}
	if err != nil {
		return nil, entra.Extent{}, err
	}
	extent, err := p.Extent(key, path)
	return o, extent, err
}
