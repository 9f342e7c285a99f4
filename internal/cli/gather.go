package cli

import (
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// selected yields the snapshot's objects that a selection means. An argument that means
// none is a [diff.UnmatchedError].
func selected(rev *history.Point, sel diff.Selection) func(yield func(*entra.Object, error) bool) {
	return func(yield func(*entra.Object, error) bool) {
		sel, err := sel.In(rev)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, k := range kind.All() {
			if !sel.Kind(k.Name) {
				continue
			}
			for f, err := range rev.Files(k.Name) {
				o, err := selectedObject(rev, sel, k, f, err)
				if (o != nil || err != nil) && !yield(o, err) || err != nil {
					return
				}
			}
		}
	}
}

// selectedObject reads the object of a file, or returns nil when the selection does
// not mean it.
func selectedObject(rev *history.Point, sel diff.Selection, k *kind.Kind, f diff.File, err error) (*entra.Object, error) {
	_, id, _ := canon.ParsePath(f.Path)
	if err != nil || !sel.Object(f.Path, entra.Key{Kind: k.Name, ID: id}) {
		return nil, err
	}
	return rev.Object(k, f.Path)
}
