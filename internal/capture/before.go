package capture

import (
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// before returns an object as the snapshot before has it, or nil.
func (r *run) before(k *kind.Kind, id string) (*entra.Object, error) {
	path, err := r.pathBefore(k, id)
	if err != nil || path == "" {
		return nil, err
	}
	o, err := r.objectAt(k, path)
	if errors.Is(err, entra.ErrNotFound) {
		return nil, nil
	}
	return o, err
}

// objectAt returns the object that the snapshot before has at a path.
func (r *run) objectAt(k *kind.Kind, path string) (*entra.Object, error) {
	data, err := r.base.Read(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSink, err)
	}
	o, err := canon.Decode(k, path, data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSink, err)
	}
	return o, nil
}

// addressed reports whether an object's path in the snapshot before follows from its id
// alone, and need not be searched for.
func (r *run) addressed(k *kind.Kind) bool {
	return k.Singleton || k.Bulk && !r.named[k.Name]
}

// pathBefore returns where the snapshot before keeps an object, or "". A kind whose
// paths carry names is searched once.
func (r *run) pathBefore(k *kind.Kind, id string) (string, error) {
	if r.addressed(k) {
		path, err := canon.Path(k, r.opts.Manifest.Kinds[k.Name].Shard, id, "")
		if err != nil {
			return "", nil
		}
		return path, nil
	}
	r.indexing.Lock()
	defer r.indexing.Unlock()
	index, ok := r.indexes[k.Name]
	if !ok {
		index = map[string]string{}
		for path, err := range r.base.Paths(canon.Folder(k)) {
			if err != nil {
				return "", fmt.Errorf("%w: %w", errSink, err)
			}
			if _, have, ok := canon.ParsePath(path); ok {
				index[have] = path
			}
		}
		r.indexes[k.Name] = index
	}
	return index[id], nil
}

// look notes of each kind whether the snapshot before has files of it, and whether
// those of a bulk kind carry names, as an older layout has them.
func (r *run) look(kinds []*kind.Kind) error {
	for _, k := range kinds {
		first, err := firstPath(r.base, k)
		if err != nil {
			return err
		}
		r.empty[k.Name] = first == ""
		r.named[k.Name] = k.Bulk && first != "" && canon.CarriesName(first)
	}
	return nil
}

// firstPath returns the path of a kind's first file, or "".
func firstPath(base Base, k *kind.Kind) (string, error) {
	for path, err := range base.Paths(canon.Folder(k)) {
		if err != nil {
			return "", fmt.Errorf("%w: %w", errSink, err)
		}
		return path, nil
	}
	return "", nil
}
