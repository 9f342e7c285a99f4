package validate

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"github.com/entragit/entragit/internal/entra"
)

// Tree is the files of one revision: a snapshot's, or those of a checkout.
type Tree interface {
	// Paths yields the path of each file below a prefix, sorted.
	Paths(prefix string) iter.Seq2[string, error]
	// Read returns a file's bytes, or an error that wraps entra.ErrNotFound.
	Read(path string) ([]byte, error)
}

// Folder is the files of a folder, such as a checkout. Links that lead out of it are not followed.
type Folder struct{ fs.FS }

// Paths yields the path of each file below a prefix, as the folder has them.
func (t Folder) Paths(prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		stopped := errors.New("stopped")
		err := fs.WalkDir(t.FS, prefix, func(path string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && path == prefix:
				return nil
			case err == nil && d.IsDir():
				return nil
			case !yield(path, err):
				return stopped
			}
			return err
		})
		if err != nil && !errors.Is(err, stopped) {
			return // it was yielded
		}
	}
}

// Read returns a file's bytes, or an error that wraps entra.ErrNotFound.
func (t Folder) Read(path string) ([]byte, error) {
	data, err := fs.ReadFile(t.FS, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, entra.ErrNotFound)
	}
	return data, err
}
