package gitstore

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
)

// Tree is the state of all files at one commit. It reads directories when they are
// needed and keeps those that Lookup and Read passed through, about 110 bytes per
// entry. It is safe for concurrent use.
type Tree struct {
	repo *Repo
	hash Hash

	mu   sync.Mutex
	dirs map[Hash][]treeEntry
}

// File is one file of a tree.
type File struct {
	// Path is relative to the root, with slashes.
	Path string
	// Hash names the content; equal hashes are equal bytes.
	Hash Hash
}

// Tree returns the state at a commit.
func (r *Repo) Tree(commit Hash) (*Tree, error) {
	c, err := r.Commit(commit)
	if err != nil {
		return nil, err
	}
	return r.treeAt(c.Tree), nil
}

// Sub returns the tree below a directory; one that does not exist has no files.
func (t *Tree) Sub(dir string) (*Tree, error) {
	e, ok, err := t.entry(dir)
	if err != nil {
		return nil, err
	}
	if !ok || !e.dir {
		return t.repo.treeAt(Hash{}), nil
	}
	return t.repo.treeAt(e.hash), nil
}

// TreeOf returns the state at a commit that was read.
func (r *Repo) TreeOf(c *Commit) *Tree { return r.treeAt(c.Tree) }

// treeAt returns the tree with the given root; zero stands for no files at all.
func (r *Repo) treeAt(root Hash) *Tree {
	return &Tree{repo: r, hash: root, dirs: map[Hash][]treeEntry{}}
}

// Hash returns the name of the root directory: two states with the same name are
// the same in every byte.
func (t *Tree) Hash() Hash { return t.hash }

// Lookup returns the hash of the file at path, and whether there is one.
func (t *Tree) Lookup(path string) (Hash, bool, error) {
	e, ok, err := t.entry(path)
	return e.hash, ok && !e.dir, err
}

// Dir returns the hash of the directory at path, and whether there is one. Equal hashes are
// equal files below it.
func (t *Tree) Dir(path string) (Hash, bool, error) {
	e, ok, err := t.entry(path)
	return e.hash, ok && e.dir, err
}

// Read returns the content of the file at path, checked against its hash. A path
// without a file is [ErrNotFound].
func (t *Tree) Read(path string) ([]byte, error) {
	h, ok, err := t.Lookup(path)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("read %s: %w", path, ErrNotFound)
	}
	data, err := t.repo.ReadBlob(h)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return data, nil
}

// ReadBlob returns the content that a [File] or [TreeChange] names, checked
// against the hash. Its absence is damage, since something referred to it.
func (r *Repo) ReadBlob(h Hash) ([]byte, error) {
	data, err := r.objects.read(typeBlob, h)
	return data, damaged(err)
}

// Entry is a file or a directory, as the directory lists it that holds it.
type Entry struct {
	Name string
	Dir  bool
	Hash Hash // equal hashes are equal bytes, of a directory of all that lies below it
}

// Entries returns what lies right in a directory, in Git's order; a directory that does not
// exist holds nothing. Only the directories above it are kept.
func (t *Tree) Entries(dir string) ([]Entry, error) {
	e, ok, err := t.entry(dir)
	if err != nil || !ok || !e.dir {
		return nil, err
	}
	budget := maxWalk
	entries, err := t.repo.list(e.hash, dir, &budget)
	if err != nil {
		return nil, err
	}
	listed := make([]Entry, len(entries))
	for i, e := range entries {
		listed[i] = Entry{Name: e.name, Dir: e.dir, Hash: e.hash}
	}
	return listed, nil
}

// Files returns the files below prefix, a file or a directory, in Git's order;
// "" stands for all. A prefix that does not exist has no files. Iteration ends at
// the first error.
func (t *Tree) Files(prefix string) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		e, ok, err := t.entry(prefix)
		budget := maxWalk
		switch {
		case err != nil:
			yield(File{}, err)
		case ok && e.dir:
			t.repo.walk(e.hash, prefix, &budget, yield)
		case ok:
			yield(File{Path: prefix, Hash: e.hash}, nil)
		}
	}
}

// maxWalk bounds the entries that one walk over a tree looks at, since a few small
// directories that hold each other many times can stand for billions of files.
const maxWalk = 20_000_000

// walk yields the files of a directory and reports whether to go on. Directories
// are not kept.
func (r *Repo) walk(dir Hash, path string, budget *int, yield func(File, error) bool) bool {
	entries, err := r.list(dir, path, budget)
	if err != nil {
		yield(File{}, err)
		return false
	}
	for _, e := range entries {
		child := join(path, e.name)
		if e.dir {
			if !r.walk(e.hash, child, budget, yield) {
				return false
			}
		} else if !yield(File{Path: child, Hash: e.hash}, nil) {
			return false
		}
	}
	return true
}

// list reads a directory for a walk, within the limits on depth and size.
func (r *Repo) list(dir Hash, path string, budget *int) ([]treeEntry, error) {
	entries, err := r.readTree(dir, path)
	if err != nil {
		return nil, err
	}
	depth := 0
	if path != "" {
		depth = strings.Count(path, "/") + 1
	}
	if len(entries) > 0 && depth >= maxDepth {
		return nil, fmt.Errorf("%w: directory %q is deeper than %d", ErrDamaged, path, maxDepth)
	}
	if *budget -= len(entries); *budget < 0 {
		return nil, fmt.Errorf("%w: tree has more than %d entries", ErrDamaged, maxWalk)
	}
	return entries, nil
}

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// entry finds what lies at path; "" is the root directory.
func (t *Tree) entry(path string) (treeEntry, bool, error) {
	at := treeEntry{hash: t.hash, dir: true}
	if path == "" {
		return at, !t.hash.IsZero(), nil
	}
	if err := CheckPath(path); errors.Is(err, ErrBadPath) {
		return treeEntry{}, false, nil // never stored, so never found
	}
	if t.hash.IsZero() {
		return treeEntry{}, false, nil
	}
	above := ""
	for name := range strings.SplitSeq(path, "/") {
		if !at.dir {
			return treeEntry{}, false, nil
		}
		entries, err := t.list(at.hash, above)
		if err != nil {
			return treeEntry{}, false, err
		}
		var ok bool
		if at, ok = findEntry(entries, name); !ok {
			return treeEntry{}, false, nil
		}
		above = join(above, name)
	}
	return at, true, nil
}

// list returns the entries of a directory and keeps them.
func (t *Tree) list(dir Hash, path string) ([]treeEntry, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if entries, ok := t.dirs[dir]; ok {
		return entries, nil
	}
	entries, err := t.repo.readTree(dir, path)
	if err != nil {
		return nil, err
	}
	t.dirs[dir] = entries
	return entries, nil
}
