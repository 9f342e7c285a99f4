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
	files  // of the point, all of them
	at     *Point
	own    diff.File // of the object that it is about; empty where that is not there
	keys   map[entra.Key]bool
	listed diff.Listing // nil until it was asked for
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
func (n *narrow) Files(kindName string) iter.Seq2[diff.File, error] { return diff.FilesOf(n, kindName) }

// Folder lists what lies right in a folder, of those objects.
func (n *narrow) Folder(path string) ([]diff.Entry, error) {
	if n.listed == nil {
		if n.own.Path != "" {
			n.listed = append(n.listed, n.own)
		}
		for key := range n.keys {
			k := kind.ByName(key.Kind)
			if k == nil {
				continue // of a newer version
			}
			path, ok := n.at.Find(k, key.ID)
			if !ok {
				continue
			}
			hash, ok, err := n.at.tree.Lookup(path)
			if err != nil {
				return nil, err
			}
			if ok {
				n.listed = append(n.listed, diff.File{Path: path, Hash: hash.String()})
			}
		}
		slices.SortFunc(n.listed, func(a, b diff.File) int { return strings.Compare(a.Path, b.Path) })
		n.listed = slices.Compact(n.listed)
	}
	return n.listed.Folder(path)
}
