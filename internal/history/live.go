package history

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// Live is the tenant now, as the sink of a capture and then as a [Point].
// It is what differs from a snapshot: bytes that the snapshot has already are
// dropped, the others go to an unlinked temporary file, so that memory grows with
// the number of differences alone. It cannot write to the repository.
type Live struct {
	base    *Point
	spill   *os.File
	size    int64
	changed map[string]stored // by path
	deleted map[string]bool
}

// stored is where a file's bytes are in the spill.
type stored struct {
	hash   string
	offset int64
	length int
}

// NewLive begins to read the tenant now, as what differs from a snapshot.
func NewLive(base *Point) (*Live, error) {
	spill, err := os.CreateTemp("", "entragit-live-")
	if err != nil {
		return nil, fmt.Errorf("hold the live state: %w", err)
	}
	// Unlinked at once where the system allows it: nothing is left behind by a kill.
	_ = os.Remove(spill.Name())
	return &Live{base: base, spill: spill, changed: map[string]stored{}, deleted: map[string]bool{}}, nil
}

// Close frees the temporary file.
func (l *Live) Close() error {
	return errors.Join(l.spill.Close(), ignoreMissing(os.Remove(l.spill.Name())))
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// Put keeps a file that differs from the snapshot's.
func (l *Live) Put(path string, data []byte) (entra.ChangeType, error) {
	delete(l.deleted, path)
	delete(l.changed, path)
	hash := gitstore.BlobHash(data)
	was, existed, err := l.base.tree.Lookup(path)
	if err != nil || existed && was == hash {
		return "", err
	}
	if _, err := l.spill.WriteAt(data, l.size); err != nil {
		return "", fmt.Errorf("hold the live state: %w", err)
	}
	l.changed[path] = stored{hash.String(), l.size, len(data)}
	l.size += int64(len(data))
	if existed {
		return entra.Changed, nil
	}
	return entra.Added, nil
}

// differs reports whether a file was noted as other than the snapshot's.
func (l *Live) differs(path string) bool {
	_, changed := l.changed[path]
	return changed || l.deleted[path]
}

// Move renames a file that was put and that the snapshot has not.
func (l *Live) Move(from, to string) error {
	s, ok := l.changed[from]
	if !ok {
		return fmt.Errorf("move %s: %w", from, entra.ErrNotFound)
	}
	l.changed[to] = s
	delete(l.changed, from)
	return nil
}

// Delete notes that an object of the snapshot no longer exists.
func (l *Live) Delete(path string) error {
	delete(l.changed, path)
	l.deleted[path] = true
	return nil
}

// Reset forgets what was put or deleted below a prefix.
func (l *Live) Reset(prefix string) error {
	below := func(path string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }
	for path := range l.changed {
		if below(path) {
			delete(l.changed, path)
		}
	}
	for path := range l.deleted {
		if below(path) {
			delete(l.deleted, path)
		}
	}
	return nil
}

// Point returns the tenant as it was read, once the capture has ended.
func (l *Live) Point(manifest entra.Manifest, at time.Time) *Point {
	return &Point{at: entra.Point{Time: at.UTC()}, manifest: manifest, files: l}
}

// Files merges the snapshot's files with what differs from them.
func (l *Live) Files(kindName string) iter.Seq2[diff.File, error] {
	folder := canon.Folder(kind.ByName(kindName))
	var fresh []diff.File
	for path, s := range l.changed {
		if path == folder || strings.HasPrefix(path, folder+"/") {
			fresh = append(fresh, diff.File{Path: path, Hash: s.hash})
		}
	}
	slices.SortFunc(fresh, func(a, b diff.File) int { return strings.Compare(a.Path, b.Path) })
	return func(yield func(diff.File, error) bool) {
		fresh := fresh
		for f, err := range l.base.Files(kindName) {
			if err != nil {
				yield(f, err)
				return
			}
			for len(fresh) > 0 && fresh[0].Path < f.Path {
				if !yield(fresh[0], nil) {
					return
				}
				fresh = fresh[1:]
			}
			switch {
			case len(fresh) > 0 && fresh[0].Path == f.Path:
				f, fresh = fresh[0], fresh[1:]
			case l.deleted[f.Path]:
				continue
			}
			if !yield(f, nil) {
				return
			}
		}
		for _, f := range fresh {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// Read returns a file's bytes as they are live.
func (l *Live) Read(path string) ([]byte, error) {
	s, ok := l.changed[path]
	switch {
	case l.deleted[path]:
		return nil, fmt.Errorf("%s: %w", path, entra.ErrNotFound)
	case !ok:
		return l.base.Read(path)
	}
	data := make([]byte, s.length)
	if _, err := l.spill.ReadAt(data, s.offset); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("hold the live state: %w", err)
	}
	return data, nil
}
