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

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
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
	listed  diff.Listing // of both; nil where it has to be made anew
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
	l.listed = nil
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
	l.changed[to], l.listed = s, nil
	delete(l.changed, from)
	delete(l.deleted, to)
	return nil
}

// Delete notes that an object of the snapshot no longer exists.
func (l *Live) Delete(path string) error {
	delete(l.changed, path)
	l.deleted[path], l.listed = true, nil
	return nil
}

// Reset forgets what was put or deleted below a prefix.
func (l *Live) Reset(prefix string) error {
	l.listed = nil
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

// Files yields the files of a kind in ascending order of their paths.
func (l *Live) Files(kindName string) iter.Seq2[diff.File, error] { return diff.FilesOf(l, kindName) }

// Folder lists what lies right in a folder: what the snapshot lists, and over it what differs.
func (l *Live) Folder(path string) ([]diff.Entry, error) {
	entries, err := l.base.Folder(path)
	if err != nil {
		return nil, err
	}
	fresh, err := l.listing().Folder(path)
	if err != nil || len(fresh) == 0 {
		return entries, err
	}
	over := make(map[string]bool, len(fresh))
	for _, e := range fresh {
		over[e.Name] = true
	}
	entries = slices.DeleteFunc(entries, func(e diff.Entry) bool { return over[e.Name] })
	for _, e := range fresh {
		if e.Folder || e.Hash != "" {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, diff.Entry.Compare)
	return entries, nil
}

// listing is what differs from the snapshot, a deleted file without a hash.
func (l *Live) listing() diff.Listing {
	if l.listed == nil {
		l.listed = make(diff.Listing, 0, len(l.changed)+len(l.deleted))
		for path, s := range l.changed {
			l.listed = append(l.listed, diff.File{Path: path, Hash: s.hash})
		}
		for path := range l.deleted {
			l.listed = append(l.listed, diff.File{Path: path})
		}
		slices.SortFunc(l.listed, func(a, b diff.File) int { return strings.Compare(a.Path, b.Path) })
	}
	return l.listed
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
