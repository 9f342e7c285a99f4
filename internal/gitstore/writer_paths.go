package gitstore

import (
	"fmt"
	"path"
	"strings"
)

// Move gives a file a new path, whether it was put or is the parent's. Its bytes are
// not written again. A file that the snapshot does not have is [ErrNotFound].
func (w *Writer) Move(from, to string) error {
	if err := CheckPath(to); err != nil {
		return fmt.Errorf("move: %w", err)
	}
	d, name, err := w.dirOf(from)
	if err != nil {
		return fmt.Errorf("move %s: %w", from, err)
	}
	h, touched := d.changes[name]
	if !touched {
		if err := w.load(d, path.Dir(from)); err != nil {
			return fmt.Errorf("move %s: %w", from, err)
		}
		if was, ok := findEntry(d.entries, name); ok && !was.dir {
			h = was.hash
		}
	}
	if h.IsZero() {
		return fmt.Errorf("move %s: %w", from, ErrNotFound)
	}
	if _, err := w.set(to, h); err != nil {
		return fmt.Errorf("move %s to %s: %w", from, to, err)
	}
	return w.Delete(from)
}

// Reset forgets what was put or deleted at a path and below it: it is again as the
// parent has it.
func (w *Writer) Reset(prefix string) error {
	d, name, err := w.dirOf(prefix)
	if err != nil {
		return fmt.Errorf("reset %s: %w", prefix, err)
	}
	delete(d.changes, name)
	delete(d.dirs, name)
	return nil
}

// dirOf returns the directory that holds a path, and the path's last name in it.
func (w *Writer) dirOf(p string) (*dirNode, string, error) {
	if err := CheckPath(p); err != nil {
		return nil, "", err
	}
	d, above := w.root, ""
	dir, name := path.Split(p)
	for _, part := range strings.FieldsFunc(dir, func(r rune) bool { return r == '/' }) {
		var err error
		if d, err = w.descend(d, above, part); err != nil {
			return nil, "", err
		}
		above = join(above, part)
	}
	return d, name, nil
}
