package apply

import (
	"context"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// added looks for what the tenant has and the snapshot has not, among all that the
// selection means. A selection of single objects by id or name means no others, and costs
// nothing here. It follows [gathering.all], which finds what was created again.
func (g *gathering) added(ctx context.Context, selection diff.Selection) error {
	for _, k := range kind.All() {
		if !selection.Open(k.Name) {
			continue
		}
		if err := g.addedTo(ctx, k, selection); err != nil {
			return err
		}
	}
	return nil
}

// addedTo looks for what was added to one kind. Of a kind, or an object, that the snapshot
// did not read, nobody can tell.
func (g *gathering) addedTo(ctx context.Context, k *kind.Kind, selection diff.Selection) error {
	cover, ok := g.from.Manifest().Kinds[k.Name]
	if !ok || k.Unavailable != "" {
		return nil // the snapshot is not about it
	}
	if k.Singleton {
		if has, err := g.from.Has(k, ""); has || err != nil {
			return err
		}
	}
	if !cover.Read() && !cover.State.Whole() {
		g.in.NoteUnlisted(k, "", cover.State, cover.Cause)
		return nil
	}
	found, now, err := capture.Unknown(ctx, g.src, g.in.Tenant, k, func(id string) (bool, error) {
		if g.recreated[entra.Key{Kind: k.Name, ID: id}] {
			return true, nil
		}
		return g.from.Has(k, id)
	})
	if err != nil {
		return err
	}
	if unlisted(now, cover) {
		g.in.NoteUnlisted(k, "", now.State, now.Cause)
		g.unlisted[k.Name] = true
	}
	for _, o := range found {
		path, err := canon.Path(k, cover.Shard, o.ID, o.Name)
		if err != nil {
			path = "" // which no file can have
		}
		if !selection.New(path, o.Key, o.Name) {
			continue
		}
		if lack := cover.Of(o.ID).Lack(""); lack != nil {
			g.in.NoteUnlisted(k, o.ID, lack.State, lack.Cause)
			continue
		}
		g.in.Added = append(g.in.Added, o)
	}
	return nil
}

// unlisted reports whether a list of the tenant leaves something open: it did not go to its end,
// or there is nothing to be had any more of what the snapshot read.
func unlisted(now, snapshot entra.Coverage) bool {
	return !now.State.Whole() || snapshot.Read() && !now.Read()
}
