package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// treeEntry is one row of a directory. Only plain files and directories exist.
type treeEntry struct {
	name string
	hash Hash
	dir  bool
}

const (
	modeFile = "100644"
	modeDir  = "40000"
)

// compareEntries orders entries as Git does: a directory as if its name ended in a
// slash.
func compareEntries(a, b treeEntry) int {
	n := min(len(a.name), len(b.name))
	if c := strings.Compare(a.name[:n], b.name[:n]); c != 0 {
		return c
	}
	return int(a.after(n)) - int(b.after(n))
}

// after returns the byte that follows the first n of the name, for ordering.
func (e treeEntry) after(n int) byte {
	switch {
	case len(e.name) > n:
		return e.name[n]
	case e.dir:
		return '/'
	default:
		return 0
	}
}

// parseTree reads a tree object and accepts it only in the shape that encodeTree
// produces from allowed names. The strings of all entries share one allocation.
func parseTree(data []byte) ([]treeEntry, error) {
	entries := make([]treeEntry, 0, len(data)/48)
	text := string(data)
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], 0)
		if end < 0 || at+end+1+len(Hash{}) > len(text) {
			return nil, errors.New("entry is cut off")
		}
		mode, name, _ := strings.Cut(text[at:at+end], " ")
		at += end + 1
		e := treeEntry{name: name, hash: Hash(data[at:]), dir: mode == modeDir}
		at += len(e.hash)
		if !e.dir && mode != modeFile {
			return nil, fmt.Errorf("entry %q has mode %q, which is neither a plain file nor a directory", name, mode)
		}
		if why := badName(name); why != "" {
			return nil, fmt.Errorf("entry %q %s", name, why)
		}
		if len(entries) > 0 && compareEntries(entries[len(entries)-1], e) >= 0 {
			return nil, fmt.Errorf("entry %q is out of order", name)
		}
		if len(entries) == maxEntries {
			return nil, fmt.Errorf("more than %d entries", maxEntries)
		}
		entries = append(entries, e)
	}
	return entries, checkTwins(entries)
}

// checkTwins refuses names that are the same to a file system that ignores case,
// or that stand for a file and a directory at once.
func checkTwins(entries []treeEntry) error {
	seen := make(map[string]string, len(entries))
	for _, e := range entries {
		folded := strings.ToLower(e.name)
		if other, ok := seen[folded]; ok {
			return fmt.Errorf("entries %q and %q are the same name where case is ignored", other, e.name)
		}
		seen[folded] = e.name
	}
	return nil
}

// encodeTree writes a tree object; entries are sorted by compareEntries.
func encodeTree(entries []treeEntry) []byte {
	var out bytes.Buffer
	for _, e := range entries {
		if e.dir {
			out.WriteString(modeDir)
		} else {
			out.WriteString(modeFile)
		}
		out.WriteByte(' ')
		out.WriteString(e.name)
		out.WriteByte(0)
		out.Write(e.hash[:])
	}
	return out.Bytes()
}

// findEntry returns the entry of a directory with the given name, file or
// directory.
func findEntry(entries []treeEntry, name string) (treeEntry, bool) {
	for _, dir := range []bool{false, true} {
		i, ok := slices.BinarySearchFunc(entries, treeEntry{name: name, dir: dir}, compareEntries)
		if ok {
			return entries[i], true
		}
	}
	return treeEntry{}, false
}

// readTree returns the entries of a tree object; path names it in errors.
func (r *Repo) readTree(h Hash, path string) ([]treeEntry, error) {
	data, err := r.objects.read(typeTree, h)
	if err != nil {
		return nil, fmt.Errorf("read directory %q: %w", path, damaged(err))
	}
	entries, err := parseTree(data)
	if err != nil {
		return nil, fmt.Errorf("read directory %q: %w: tree %s: %w", path, ErrDamaged, h, err)
	}
	return entries, nil
}

// damaged marks the absence of an object that another object refers to: not
// finding it is damage, not an answer, so [ErrNotFound] leaves the chain.
func damaged(err error) error {
	if errors.Is(err, ErrNotFound) && !errors.Is(err, ErrDamaged) {
		return fmt.Errorf("%w: %s", ErrDamaged, err.Error())
	}
	return err
}
