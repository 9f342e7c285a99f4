package history

import (
	"iter"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// narrow is a point that has some objects and no others.
type narrow struct {
	files // of the point, all of them
	at    *Point
	own   diff.File // of the object that it is about; empty where that is not there
	kind  string    // of that
	keys  map[entra.Key]bool
}

// Point implements [diff.Side].
func (n *narrow) Point() entra.Point { return n.at.at }

// Manifest implements [diff.Side].
func (n *narrow) Manifest() entra.Manifest { return n.at.manifest }

// Extent implements [diff.Side].
func (n *narrow) Extent(key entra.Key, path string) (entra.Extent, error) {
	return n.at.Extent(key, path)
}

// Files yields the files of those objects of a kind.
func (n *narrow) Files(kindName string) iter.Seq2[diff.File, error] {
	return func(yield func(diff.File, error) bool) {
		var files []diff.File
		if kindName == n.kind && n.own.Path != "" {
			files = append(files, n.own)
		}
		for key := range n.keys {
			if key.Kind != kindName {
				continue
			}
			path, ok := n.at.Find(kind.ByName(kindName), key.ID)
			if !ok {
				continue
			}
			hash, ok, err := n.at.tree.Lookup(path)
			if err != nil {
				yield(diff.File{}, err)
				return
			}
			if ok {
				files = append(files, diff.File{Path: path, Hash: hash.String()})
			}
		}
		slices.SortFunc(files, func(a, b diff.File) int { return strings.Compare(a.Path, b.Path) })
		for _, f := range slices.Compact(files) {
			if !yield(f, nil) {
				return
			}
		}
	}
}
