package cli

import (
	"errors"
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// treeBase is a snapshot's tree as capture and diff read it.
type treeBase struct{ tree *gitstore.Tree }

// Paths yields the path of each file below a prefix, sorted.
func (b treeBase) Paths(prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for f, err := range b.tree.Files(prefix) {
			if !yield(f.Path, err) || err != nil {
				return
			}
		}
	}
}

// Read returns a file's bytes.
func (b treeBase) Read(path string) ([]byte, error) {
	data, err := b.tree.Read(path)
	if errors.Is(err, gitstore.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w", path, entra.ErrNotFound)
	}
	return data, err
}

// snapshotSink writes the files of a capture into a snapshot.
type snapshotSink struct{ *gitstore.Writer }

// Put stores a file and says what that means against the parent. A path that cannot be
// stored is the fault of the object that has it.
func (s snapshotSink) Put(path string, data []byte) (entra.ChangeType, error) {
	changed, err := s.Writer.Put(path, data)
	if errors.Is(err, gitstore.ErrBadPath) {
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
