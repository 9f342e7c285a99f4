package capture

import (
	"fmt"
	"hash/maphash"
	"path"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
)

// makeRoom settles who may have a path where another object has the same but for the
// case of its letters, which no common file system of Windows or macOS can hold side by
// side. The one that the snapshot before has stays, and otherwise the one that sorts
// first, so that the order of reading decides nothing. An error is why the path's own
// object must go without.
func (w *writer) makeRoom(p string) error {
	folded, exact := w.hashes(p)
	was, taken := w.seen[folded]
	if !taken || was == exact {
		return nil
	}
	twin, mixed := w.mixed[folded]
	if !mixed {
		twin = path.Dir(p) + "/" + strings.ToLower(path.Base(p))
	}
	mine, err := w.inBase(p)
	if err != nil {
		return err
	}
	its, err := w.inBase(twin)
	if err != nil {
		return err
	}
	if its || !mine && twin < p {
		return twinError(w.res.Kind.Name, p, twin)
	}
	return w.retract(twin, p)
}

// inBase reports whether the snapshot before has a file at a path.
func (w *writer) inBase(p string) (bool, error) {
	for _, err := range w.base.Paths(p) {
		if err != nil {
			return false, fmt.Errorf("%w: %w", errSink, err)
		}
		return true, nil
	}
	return false, nil
}

// retract takes back an object that was put and must make room: it was not in the
// snapshot before.
func (w *writer) retract(p, winner string) error {
	if err := w.sink.Delete(p); err != nil {
		return fmt.Errorf("%w: delete %s: %w", errSink, p, err)
	}
	folded, _ := w.hashes(p)
	delete(w.seen, folded)
	delete(w.mixed, folded)
	_, id, _ := canon.ParsePath(p)
	w.paths = slices.DeleteFunc(w.paths, func(put string) bool { return put == p })
	w.res.Changes = slices.DeleteFunc(w.res.Changes, func(c ObjectChange) bool { return c.ID == id })
	w.res.Objects--
	w.res.Added--
	w.res.part("").missed(id, twinError(w.res.Kind.Name, p, winner))
	return nil
}

func twinError(kindName, p, twin string) error {
	_, id, _ := canon.ParsePath(p)
	_, other, _ := canon.ParsePath(twin)
	return fmt.Errorf("%s/%s: the id differs from that of %s by the case of letters alone, so that files cannot hold both: %w",
		kindName, id, other, entra.ErrInvalid)
}

// mark notes that a path exists.
func (w *writer) mark(p string) {
	folded, exact := w.hashes(p)
	w.seen[folded] = exact
	if base := path.Base(p); strings.ToLower(base) != base {
		w.mixed[folded] = p
	}
}

// hashes returns a hash of the path in lower case and one of the path.
func (w *writer) hashes(path string) (folded, exact uint64) {
	return maphash.String(w.seed, strings.ToLower(path)), maphash.String(w.seed, path)
}
