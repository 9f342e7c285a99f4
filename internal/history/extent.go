package history

import (
	"context"
	"fmt"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// Extent returns what was read of an object, by its key and its file's path. A snapshot
// answers by its own manifest. On any other commit, where files of several snapshots lie
// side by side, each file is judged by the newest verified snapshot that holds the same
// bytes at the same path; the commit's own manifest answers for what no snapshot holds,
// for absent files (an empty path), and where the chain was not verified.
func (p *Point) Extent(key entra.Key, path string) (entra.Extent, error) {
	manifest := p.manifest
	if p.origins != nil && path != "" {
		var err error
		if manifest, err = p.origins.manifest(kind.ByName(key.Kind), path); err != nil {
			return entra.Extent{}, fmt.Errorf("find the snapshot of %s: %w", path, err)
		}
	}
	id := key.ID
	if _, older, ok := canon.ParsePath(path); ok && older != "" {
		id = older // by which the snapshot knows the object
	}
	return manifest.Kinds[key.Kind].Of(id), nil
}

// origins finds the snapshots that files of a commit come from. The files of a kind are
// settled together; only those that the newest snapshot does not hold are remembered.
type origins struct {
	repo      *Repository
	point     *Point
	newest    *Point
	elsewhere map[string]map[string]gitstore.Hash // by kind and path
	manifests map[gitstore.Hash]entra.Manifest
}

// manifest returns the manifest that says what was read of a file's object.
func (o *origins) manifest(k *kind.Kind, path string) (entra.Manifest, error) {
	if o.repo.Chain == nil {
		return o.point.manifest, nil
	}
	if o.newest == nil {
		var err error
		if o.newest, err = o.repo.Snapshot(o.repo.Chain.Head().Commit); err != nil {
			return entra.Manifest{}, err
		}
		o.elsewhere, o.manifests = map[string]map[string]gitstore.Hash{}, map[gitstore.Hash]entra.Manifest{}
	}
	if o.elsewhere[k.Name] == nil {
		if err := o.settle(k); err != nil {
			return entra.Manifest{}, err
		}
	}
	commit, ok := o.elsewhere[k.Name][path]
	if !ok {
		return o.newest.manifest, nil
	}
	manifest, known := o.manifests[commit]
	if !known {
		tree, err := o.repo.Tree(commit)
		if err != nil {
			return entra.Manifest{}, err
		}
		if manifest, err = o.repo.Manifest(tree, commit); err != nil {
			return entra.Manifest{}, err
		}
		o.manifests[commit] = manifest
	}
	return manifest, nil
}

// settle finds where the files of a kind come from that the newest snapshot has not.
func (o *origins) settle(k *kind.Kind) error {
	var paths []string
	for c, err := range o.repo.DiffTrees(o.newest.tree.Tree, o.point.tree.Tree, canon.Folder(k)) {
		if err != nil {
			return err
		}
		if !c.New.IsZero() {
			paths = append(paths, c.Path)
		}
	}
	commit, err := gitstore.ParseHash(o.point.at.Commit)
	if err != nil {
		return err
	}
	source, err := o.repo.Chain.Source(commit)
	if err != nil {
		return err
	}
	found, err := source.Origins(context.Background(), paths)
	if err != nil {
		return err
	}
	from := make(map[string]gitstore.Hash, len(found))
	for path, origin := range found {
		from[path] = origin.Commit
	}
	o.elsewhere[k.Name] = from
	return nil
}
