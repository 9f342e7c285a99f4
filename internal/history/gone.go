package history

import (
	"errors"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// Gone finds the object that an argument means and that a snapshot and those before it
// had, but the snapshot has no longer, and the last that had it: of those that went last.
// Only files that went are read. Where there is none, the error wraps [entra.ErrNotFound].
func (r *Repository) Gone(arg string, from gitstore.Hash) (entra.Key, entra.Point, error) {
	var newer *gitstore.Tree
	for c, err := range r.Log(from) {
		if err != nil {
			return entra.Key{}, entra.Point{}, err
		}
		tree := r.TreeOf(c)
		if newer != nil && newer.Hash() != tree.Hash() {
			gone, err := r.goneBetween(arg, tree, newer)
			if err != nil {
				return entra.Key{}, entra.Point{}, err
			}
			key, err := pickOne(arg, gone)
			if !errors.Is(err, entra.ErrNotFound) {
				return key, PointOf(c), err
			}
		}
		newer = tree
	}
	_, err := pickOne(arg, nil)
	return entra.Key{}, entra.Point{}, err
}

// pickOne picks the one object that an argument means.
func pickOne(arg string, listed []entra.Listed) (entra.Key, error) {
	picked, err := diff.Pick([]string{arg}, listed)
	switch {
	case err != nil:
		return entra.Key{}, err
	case len(picked) > 1:
		return entra.Key{}, &diff.AmbiguousError{Arg: arg, Candidates: picked}
	}
	return picked[0].Key, nil
}

// goneBetween lists the objects that went from one tree to the next, of the kinds that an
// argument may mean.
func (r *Repository) goneBetween(arg string, older, newer *gitstore.Tree) ([]entra.Listed, error) {
	went, came := map[entra.Key]gitstore.TreeChange{}, map[entra.Key]bool{}
	for _, k := range kind.All() {
		if k.Singleton || !diff.Of(arg, k.Name) {
			continue
		}
		for change, err := range r.DiffTrees(older, newer, canon.Folder(k)) {
			if err != nil {
				return nil, err
			}
			_, id, ok := canon.ParsePath(change.Path)
			switch key := (entra.Key{Kind: k.Name, ID: id}); {
			case !ok:
			case change.New.IsZero():
				went[key] = change
			case change.Old.IsZero():
				came[key] = true
			}
		}
	}
	var listed []entra.Listed
	for key, change := range went {
		if came[key] {
			continue // it moved
		}
		data, err := r.ReadBlob(change.Old)
		if err != nil {
			return nil, err
		}
		o := entra.Listed{Identity: entra.Identity{Key: key}}
		k := kind.ByName(key.Kind)
		if read, err := canon.Decode(k, change.Path, data); err == nil { // else it has its id alone
			o.Name, o.Aliases = read.Name, diff.Aliases(k, read)
		}
		listed = append(listed, o)
	}
	return listed, nil
}
