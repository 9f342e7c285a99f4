package history

import (
	"errors"
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// Tree is the files of a commit as captures, comparisons and validations read them.
type Tree struct{ *gitstore.Tree }

// Paths yields the path of each file below a prefix, sorted.
func (t Tree) Paths(prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for f, err := range t.Tree.Files(prefix) {
			if !yield(f.Path, err) || err != nil {
				return
			}
		}
	}
}

// Files yields the files of a kind in ascending order of their paths.
func (t Tree) Files(kindName string) iter.Seq2[diff.File, error] {
	return func(yield func(diff.File, error) bool) {
		for f, err := range t.Tree.Files(canon.Folder(kind.ByName(kindName))) {
			if !yield(diff.File{Path: f.Path, Hash: f.Hash.String()}, err) || err != nil {
				return
			}
		}
	}
}

// Folder lists what lies right in a folder.
func (t Tree) Folder(path string) ([]diff.Entry, error) {
	entries, err := t.Entries(path)
	listed := make([]diff.Entry, len(entries))
	for i, e := range entries {
		listed[i] = diff.Entry{Name: e.Name, Folder: e.Dir, Hash: e.Hash.String()}
	}
	return listed, err
}

// Read returns a file's bytes; where there is no file, the error wraps
// [entra.ErrNotFound].
func (t Tree) Read(path string) ([]byte, error) {
	data, err := t.Tree.Read(path)
	if errors.Is(err, gitstore.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w", path, entra.ErrNotFound)
	}
	return data, err
}

// Same reports whether a file is there and has exactly these bytes.
func (t Tree) Same(path string, data []byte) (bool, error) {
	hash, ok, err := t.Lookup(path)
	return ok && hash == gitstore.BlobHash(data), err
}

// Sink writes the files of a capture into a snapshot.
type Sink struct{ *gitstore.Writer }

// Put stores a file and says what that means against the snapshot before. A path or a
// size that cannot be stored is the fault of the object that has it.
func (s Sink) Put(path string, data []byte) (entra.ChangeType, error) {
	changed, err := s.Writer.Put(path, data)
	if errors.Is(err, gitstore.ErrBadPath) || errors.Is(err, gitstore.ErrTooLarge) {
		return "", fmt.Errorf("%w: %w", err, entra.ErrInvalid)
	}
	if err != nil || !changed {
		return "", err
	}
	_, existed, err := s.Parent().Lookup(path)
	if existed {
		return entra.Changed, err
	}
	return entra.Added, err
}
