package gitstore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Extract is what is taken along of one commit.
type Extract struct {
	Commit Hash
	// Paths are files, which come with the directories that lead to them. A path that the
	// commit does not have is left out; the directories that would lead to it prove that.
	Paths []string
}

// WriteExtracts writes commits, each as the raw object that was signed, and what they have at
// some paths, to w: a pack for `git unpack-objects` that holds each object once. Other files
// do not come along, so the repository that unpacks it is no whole clone. The same extracts
// give the same bytes, however the objects are packed here.
func (r *Repo) WriteExtracts(w io.Writer, extracts []Extract) (err error) {
	e := &extractor{repo: r, seen: map[Hash]bool{}}
	dir, err := os.MkdirTemp("", "entragit-pack-")
	if err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if e.pack, err = newPackWriter(r.fs, dir); err != nil {
		return err
	}
	defer e.pack.abort()
	for _, x := range extracts {
		if err := e.commit(x); err != nil {
			return fmt.Errorf("commit %s: %w", x.Commit, err)
		}
	}
	if _, err := e.pack.seal(); err != nil {
		return err
	}
	body := packBody{from: e.pack.file, size: e.pack.offset + int64(len(Hash{}))}
	if _, err := io.Copy(w, body.reader()); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	return nil
}

// extractor adds objects to a pack, each once.
type extractor struct {
	repo *Repo
	pack *packWriter
	seen map[Hash]bool
}

func (e *extractor) add(t objectType, h Hash) error {
	if e.seen[h] {
		return nil
	}
	e.seen[h] = true
	data, err := e.repo.objects.read(t, h)
	if err != nil {
		return damaged(err)
	}
	return e.pack.add(t, h, data)
}

// commit adds a commit, its root directory, and the files at the paths.
func (e *extractor) commit(x Extract) error {
	c, err := e.repo.Commit(x.Commit)
	if err != nil {
		return err
	}
	if err := e.add(typeCommit, x.Commit); err != nil || len(x.Paths) == 0 {
		return err
	}
	if err := e.add(typeTree, c.Tree); err != nil {
		return err
	}
	tree := e.repo.TreeOf(c)
	for _, path := range x.Paths {
		if err := e.path(tree, path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// path adds the directories on the way to a file, and the file.
func (e *extractor) path(tree *Tree, path string) error {
	for at := 0; ; {
		next := strings.IndexByte(path[at:], '/')
		if next < 0 {
			break
		}
		dir, ok, err := tree.Dir(path[:at+next])
		if err != nil || !ok {
			return err
		}
		if err := e.add(typeTree, dir); err != nil {
			return err
		}
		at += next + 1
	}
	blob, ok, err := tree.Lookup(path)
	if err != nil || !ok {
		return err
	}
	return e.add(typeBlob, blob)
}
