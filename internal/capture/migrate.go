package capture

import (
	"fmt"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Mover renames files of a snapshot.
type Mover interface {
	Move(from, to string) error
}

// Migrate moves the files of bulk kinds that an older version named by more than their
// object's id to where they belong, and records the width of their shards. Their bytes
// stay as they are, so that the move shows as renames, and a second call moves nothing.
// It returns how many files of each kind were moved; with none, nothing has changed.
func Migrate(base Base, to Mover, manifest entra.Manifest) (map[string]int, error) {
	moved := map[string]int{}
	for _, k := range kind.All() {
		first, err := firstPath(base, k)
		if err != nil {
			return nil, err
		}
		if !k.Bulk || first == "" || !canon.CarriesName(first) {
			continue
		}
		if moved[k.Name], err = migrate(base, to, manifest, k); err != nil {
			return nil, fmt.Errorf("migrate %s: %w", k.Name, err)
		}
	}
	return moved, nil
}

func migrate(base Base, to Mover, manifest entra.Manifest, k *kind.Kind) (int, error) {
	var paths []string
	for path, err := range base.Paths(canon.Folder(k)) {
		if err != nil {
			return 0, err
		}
		paths = append(paths, path)
	}
	cover := manifest.Kinds[k.Name]
	cover.Shard = canon.ShardWidth(len(paths))
	for _, path := range paths {
		_, id, ok := canon.ParsePath(path)
		if !ok {
			return 0, fmt.Errorf("%s: not the path of an object: %w", path, entra.ErrInvalid)
		}
		target, err := canon.Path(k, cover.Shard, id, "")
		if err != nil {
			return 0, err
		}
		if err := to.Move(path, target); err != nil {
			return 0, err
		}
	}
	if cover.State == "" {
		cover = notSelected(cover)
	}
	manifest.Kinds[k.Name] = cover
	return len(paths), nil
}
