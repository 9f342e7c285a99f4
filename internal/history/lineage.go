package history

import (
	"context"
	"errors"
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/trust"
)

// LineagePath is where a snapshot says which objects were created again under another
// identity.
const LineagePath = ".entragit/lineage.yaml"

// Lineage returns which objects were created again, as the newest snapshot says it and the
// operations since. Where the chain was verified, that is its newest snapshot, and the
// operations must verify, too; where it was not, operations are left out. No other commit is
// believed, whatever its files say: a succession that somebody made up would take one object
// for another.
func (r *Repository) Lineage(ctx context.Context) (entra.Lineage, error) {
	newest, err := r.Newest()
	if r.Chain != nil {
		newest, err = r.Chain.Head().Commit, nil
	}
	if err != nil {
		return nil, err
	}
	operations, _, err := r.Ref(trust.OperationsRef)
	if err != nil {
		return nil, err
	}
	if l := r.lineage; l != nil && l.newest == newest && l.operations == operations {
		return l.lineage, nil
	}
	kept, err := r.keptLineage(newest)
	if err != nil || r.Chain == nil {
		return kept, err
	}
	since, err := r.OperationsLineage(ctx)
	if err != nil {
		return kept, err
	}
	r.lineage = &followed{newest, operations, kept.Merge(since...)}
	return r.lineage.lineage, nil
}

// followed is a lineage as it was read once.
type followed struct {
	newest, operations gitstore.Hash
	lineage            entra.Lineage
}

// keptLineage is what a snapshot says.
func (r *Repository) keptLineage(newest gitstore.Hash) (entra.Lineage, error) {
	tree, err := r.Tree(newest)
	if err != nil {
		return nil, err
	}
	data, err := tree.Read(LineagePath)
	if errors.Is(err, gitstore.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return canon.DecodeLineage(newest.Short()+":"+LineagePath, data)
}

// Today returns the point as it reads under the ids of today: its objects go by those, and
// so do their mentions of each other. Files keep their paths, and an object is found by any id
// that it had. The lines must be of objects of which no older id is another object's by now.
func (p *Point) Today(lines entra.Lines) *Point {
	if lines.Empty() {
		return p
	}
	today := *p
	today.paths, today.old = nil, nil
	today.lines, today.to = lines, kind.Renamed(lines.Today())
	return &today
}

// Relevant keeps the lines of the objects that a selection means at the point, and of those
// that they mention.
func (p *Point) Relevant(lines entra.Lines, selection diff.Selection) (entra.Lines, error) {
	settled, err := selection.Following(lines).In(p)
	if _, unmatched := errors.AsType[*diff.UnmatchedError](err); err != nil && !unmatched {
		return entra.Lines{}, err // what means nothing here mentions nothing
	}
	names := map[entra.Name]bool{}
	for o, err := range p.Objects(settled) {
		if err != nil {
			return entra.Lines{}, err
		}
		names[entra.Name{Kind: o.Kind, Value: o.ID}] = true
		noteMentions(names, kind.ByName(o.Kind), o)
	}
	return narrowLines(lines, names, map[entra.Key]bool{}), nil
}

// noteMentions adds what an object mentions.
func noteMentions(names map[entra.Name]bool, k *kind.Kind, o *entra.Object) {
	kind.Rewrite(k, o, func(ref *kind.Reference, identity string) (string, bool) {
		for _, target := range ref.Targets {
			names[entra.Name{Kind: target, By: ref.By, Value: identity}] = true
		}
		return "", false
	})
}

// renew returns an object of a file under the ids of today.
func (p *Point) renew(k *kind.Kind, o *entra.Object) *entra.Object {
	if p.to == nil {
		return o
	}
	o = kind.Rewrite(k, o, p.to)
	o.Key = p.lines.Key(o.Key)
	return o
}

// older returns the id by which the point has an object that goes by another one, or had
// one, and whether there is one.
func (p *Point) older(k *kind.Kind, id string, has func(id string) bool) (string, bool) {
	line := p.lines.Of(entra.Name{Kind: k.Name, Value: id})
	for _, older := range slices.Backward(line) {
		if older != id && has(older) {
			return older, true
		}
	}
	return "", false
}

// Stored returns the key by which the point's own file knows an object.
func (p *Point) Stored(key entra.Key) entra.Key {
	path, _ := p.Find(kind.ByName(key.Kind), key.ID)
	if _, id, ok := canon.ParsePath(path); ok {
		key.ID = id
	}
	return key
}
