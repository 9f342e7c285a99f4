package gitstore

import (
	"io"
	"os"
)

// fileSystem is the part of the operating system that changes the repository. It
// is an interface so that tests can stop a run, or fill the disk, at any of its
// calls.
type fileSystem interface {
	// Create makes a new file for reading and writing; it fails if one exists.
	Create(name string, perm os.FileMode) (file, error)
	Rename(oldname, newname string) error
	Remove(name string) error
	MkdirAll(name string) error
	// SyncDir makes the directory's entries durable.
	SyncDir(name string) error
}

type file interface {
	io.Writer
	io.WriterAt
	io.ReaderAt
	io.Closer
	Sync() error
	Name() string
}

type osFiles struct{}

func (osFiles) Create(name string, perm os.FileMode) (file, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (osFiles) Rename(oldname, newname string) error { return os.Rename(oldname, newname) }
func (osFiles) Remove(name string) error             { return os.Remove(name) }
func (osFiles) MkdirAll(name string) error           { return os.MkdirAll(name, 0o777) }

// discard removes a file that nothing refers to, as far as that is possible: it runs
// on the way out of a failure that matters more, and the next run's recovery
// removes what stays.
func discard(fs fileSystem, name string) { _ = fs.Remove(name) }

// writeFile creates a file with its full content on disk, or leaves none.
func writeFile(fs fileSystem, name string, perm os.FileMode, data []byte) (err error) {
	f, err := fs.Create(name, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			discard(fs, name)
		}
	}()
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
