package history

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// Appearance is a place that held, or holds, what is searched for.
type Appearance struct {
	Hit
	// First and Last are the first and the last snapshot with the place.
	First, Last entra.Point
	// Since says that the first snapshot that read the kind has it: since when, nobody knows.
	Since bool
	// Now says that the newest snapshot has it.
	Now bool
	// Gaps says that snapshots between have it not.
	Gaps bool
}

// Ever goes once through the snapshots, up to and with one, and returns every place that
// ever held what is searched for: those that still do first, then by when they last did. Of a
// snapshot only the files are read that the next one has otherwise.
func (r *Repository) Ever(q Quarry, to gitstore.Hash) ([]Appearance, error) {
	e := &everSearch{quarry: q, repo: r, known: map[Place]*Appearance{}, files: map[gitstore.Hash][]Hit{}, present: map[Place]*Appearance{}}
	for c, err := range r.Log(to) {
		if err == nil {
			err = e.look(c)
		}
		if err != nil {
			return nil, fmt.Errorf("search the history: %w", err)
		}
	}
	for _, a := range e.present {
		a.First, a.Since = e.at, true
	}
	all := make([]Appearance, 0, len(e.known))
	for _, a := range e.known {
		all = append(all, *a)
	}
	slices.SortFunc(all, func(a, b Appearance) int {
		return cmp.Or(cmp.Compare(b.Last.Seq, a.Last.Seq), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Value, b.Value))
	})
	return all, nil
}

// everSearch walks from the newest snapshot to the oldest.
type everSearch struct {
	quarry Quarry
	repo   *Repository
	at     entra.Point    // the snapshot that was looked at last
	tree   *gitstore.Tree // its
	known  map[Place]*Appearance
	files  map[gitstore.Hash][]Hit // of every file that was looked into
	// present are those that the snapshot looked at last has.
	present map[Place]*Appearance
}

// look goes on to the next older snapshot.
func (e *everSearch) look(c *gitstore.Commit) error {
	tree, newer := e.repo.TreeOf(c), e.tree
	older := map[Place]string{} // with the names of the objects
	younger := map[Place]string{}
	if newer == nil {
		for f, err := range tree.Files(canon.Root) {
			if err == nil {
				err = e.places(f.Hash, f.Path, older)
			}
			if err != nil {
				return err
			}
		}
	} else if newer.Hash() != tree.Hash() {
		for change, err := range e.repo.DiffTrees(tree, newer, canon.Root) {
			if err == nil && !change.Old.IsZero() {
				err = e.places(change.Old, change.Path, older)
			}
			if err == nil && !change.New.IsZero() {
				err = e.places(change.New, change.Path, younger)
			}
			if err != nil {
				return err
			}
		}
	}
	if err := e.begin(c, tree, older, younger); err != nil {
		return err
	}
	at := PointOf(c)
	for place, name := range older {
		if e.present[place] == nil {
			e.appear(place, name, at, newer == nil)
		}
	}
	e.at, e.tree = at, tree
	return nil
}

// begin notes the places that the next snapshot has and this one has not. Of a kind that this
// one did not read, nobody knows whether that is the first.
func (e *everSearch) begin(c *gitstore.Commit, tree *gitstore.Tree, older, younger map[Place]string) error {
	var manifest *entra.Manifest
	for place := range younger {
		a := e.present[place]
		if _, still := older[place]; still || a == nil {
			continue
		}
		if manifest == nil {
			m, err := e.repo.Manifest(tree, c.Hash)
			if err != nil {
				return err
			}
			manifest = &m
		}
		a.First, a.Since = e.at, manifest.Kinds[place.Kind].State == ""
		delete(e.present, place)
	}
	return nil
}

// appear notes a place that the snapshot has and the next one has not.
func (e *everSearch) appear(place Place, name string, at entra.Point, newest bool) {
	a := e.known[place]
	if a == nil {
		a = &Appearance{Hit: Hit{place, name}, Last: at, Now: newest}
		e.known[place] = a
	} else {
		a.Gaps = true
	}
	e.present[place] = a
}

// places adds those of one file, which is read once however many snapshots have it.
func (e *everSearch) places(hash gitstore.Hash, path string, to map[Place]string) error {
	hits, known := e.files[hash]
	if !known {
		data, err := e.repo.ReadBlob(hash)
		if err == nil {
			hits, err = e.quarry.places(path, data)
		}
		if err != nil {
			return err
		}
		e.files[hash] = hits
	}
	for _, h := range hits {
		to[h.Place] = h.Name
	}
	return nil
}
