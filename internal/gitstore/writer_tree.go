package gitstore

import (
	"fmt"
	"slices"
	"strings"
)

// dirNode is a directory of the snapshot in the making: its state in the parent,
// read when first needed, and what differs from it.
type dirNode struct {
	base    Hash // tree object in the parent; zero if there is none
	loaded  bool
	entries []treeEntry         // of base
	changes map[string]Hash     // what becomes of a file; zero removes it
	dirs    map[string]*dirNode // subdirectories that were passed through
}

func newDirNode(base Hash) *dirNode {
	return &dirNode{base: base, changes: map[string]Hash{}, dirs: map[string]*dirNode{}}
}

func (w *Writer) load(d *dirNode, path string) error {
	if d.loaded || d.base.IsZero() {
		return nil
	}
	entries, err := w.repo.readTree(d.base, path)
	if err != nil {
		return err
	}
	d.entries, d.loaded = entries, true
	return nil
}

// set records the content of the file at path, zero removing what is there, and
// reports whether the parent has something else.
func (w *Writer) set(path string, h Hash) (changed bool, err error) {
	d, above := w.root, ""
	names := strings.Split(path, "/")
	for _, name := range names[:len(names)-1] {
		if d, err = w.descend(d, above, name); err != nil {
			return false, err
		}
		above = join(above, name)
	}
	if err := w.load(d, above); err != nil {
		return false, err
	}
	name := names[len(names)-1]
	was, inParent := findEntry(d.entries, name)
	if inParent && was.dir || d.dirs[name] != nil {
		return false, fmt.Errorf("%w: it is a directory", ErrBadPath)
	}
	pending, touched := d.changes[name]
	exists := inParent
	if touched {
		exists = !pending.IsZero()
	}
	if h.IsZero() && !exists {
		return false, ErrNotFound
	}
	if h == was.hash { // also: put, then removed, and never in the parent
		delete(d.changes, name)
		return false, nil
	}
	if !touched {
		name = strings.Clone(name) // do not keep the whole path alive
	}
	d.changes[name] = h
	return true, nil
}

// descend returns the subdirectory with the given name, which may be new.
func (w *Writer) descend(d *dirNode, path, name string) (*dirNode, error) {
	if child := d.dirs[name]; child != nil {
		return child, nil
	}
	if err := w.load(d, path); err != nil {
		return nil, err
	}
	was, inParent := findEntry(d.entries, name)
	isFile := inParent && !was.dir
	if pending, touched := d.changes[name]; touched {
		isFile = !pending.IsZero()
	}
	if isFile {
		return nil, fmt.Errorf("%w: %s is a file", ErrBadPath, join(path, name))
	}
	child := newDirNode(Hash{})
	if was.dir {
		child.base = was.hash
	}
	d.dirs[strings.Clone(name)] = child
	return child, nil
}

// writeTrees writes the directories that changed, bottom up, and returns the root.
func (w *Writer) writeTrees() (Hash, error) {
	root, err := w.writeDir(w.root, "")
	if err != nil {
		return Hash{}, err
	}
	if root.IsZero() {
		root = w.hasher.object(typeTree, nil)
		if root != w.parent.hash {
			err = w.store(typeTree, root, nil)
		}
	}
	return root, err
}

// writeDir writes one directory and returns its hash: the parent's if nothing
// changed, zero if nothing is left in it.
func (w *Writer) writeDir(d *dirNode, path string) (Hash, error) {
	edits := make([]treeEntry, 0, len(d.changes)+len(d.dirs))
	for name, h := range d.changes {
		edits = append(edits, treeEntry{name: name, hash: h})
	}
	for name, child := range d.dirs {
		h, err := w.writeDir(child, join(path, name))
		if err != nil {
			return Hash{}, err
		}
		if h != child.base {
			edits = append(edits, treeEntry{name: name, hash: h, dir: true})
		}
	}
	if len(edits) == 0 {
		return d.base, nil
	}
	entries := mergeEdits(d.entries, edits)
	if len(entries) == 0 {
		return Hash{}, nil
	}
	if len(entries) > maxEntries {
		return Hash{}, fmt.Errorf("%w: directory %q has %d entries", ErrBadPath, path, len(entries))
	}
	if err := checkTwins(entries); err != nil {
		return Hash{}, fmt.Errorf("%w: directory %q: %w", ErrBadPath, path, err)
	}
	data := encodeTree(entries)
	h := w.hasher.object(typeTree, data)
	return h, w.store(typeTree, h, data)
}

// mergeEdits applies edits to sorted entries; a zero hash removes.
func mergeEdits(entries, edits []treeEntry) []treeEntry {
	slices.SortFunc(edits, compareEntries)
	out := make([]treeEntry, 0, len(entries)+len(edits))
	for len(entries) > 0 || len(edits) > 0 {
		order := -1
		switch {
		case len(entries) == 0:
			order = 1
		case len(edits) > 0:
			order = compareEntries(entries[0], edits[0])
		}
		if order < 0 {
			out, entries = append(out, entries[0]), entries[1:]
			continue
		}
		if order == 0 {
			entries = entries[1:]
		}
		if !edits[0].hash.IsZero() {
			out = append(out, edits[0])
		}
		edits = edits[1:]
	}
	return out
}
