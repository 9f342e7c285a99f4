package diff

import (
	"cmp"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Folders is the files of a point as they lie in folders.
type Folders interface {
	// Folder lists what lies right in a folder, in the order of [Entry.Compare]. A folder
	// that does not exist holds nothing.
	Folder(path string) ([]Entry, error)
}

// Entry is a file or a folder, as the folder lists it that holds it.
type Entry struct {
	Name   string
	Folder bool // it is a folder
	// Hash is equal for equal contents, whatever the hash. A folder's may be empty, which
	// equals nothing: who wants to know has to look into the folder.
	Hash string
}

// Compare orders entries as the paths of what they hold are ordered: a folder as if its name
// ended in a slash.
func (e Entry) Compare(other Entry) int { return strings.Compare(e.text(), other.text()) }

func (e Entry) text() string {
	if e.Folder {
		return e.Name + "/"
	}
	return e.Name
}

// Listing is files in ascending order of their paths, as folders. Folders have no hash.
type Listing []File

// Folder implements [Folders].
func (l Listing) Folder(path string) ([]Entry, error) {
	below := path + "/"
	start, _ := slices.BinarySearchFunc(l, below, func(f File, at string) int { return strings.Compare(f.Path, at) })
	var entries []Entry
	for _, f := range l[start:] {
		rest, in := strings.CutPrefix(f.Path, below)
		if !in {
			break
		}
		name, _, deeper := strings.Cut(rest, "/")
		e := Entry{Name: name, Folder: deeper}
		if !deeper {
			e.Hash = f.Hash
		}
		if n := len(entries); n == 0 || entries[n-1] != e {
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// FilesOf yields the files of a kind in ascending order of their paths.
func FilesOf(folders Folders, kindName string) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		top, err := tops(folders)
		if err != nil {
			yield(File{}, err)
			return
		}
		k := kind.ByName(kindName)
		for d, err := range apart(Listing{}, folders, canon.Folder(k), Entry{}, top.of(k)) {
			if !yield(File{Path: d.path, Hash: d.after}, err) {
				return
			}
		}
	}
}

// top is what lies right in the folder of all kinds, by name.
type top map[string]Entry

func tops(folders Folders) (top, error) {
	entries, err := folders.Folder(canon.Root)
	t := make(top, len(entries))
	for _, e := range entries {
		t[e.Name] = e
	}
	return t, err
}

// of is a kind's folder, or a singleton's file; the zero entry where there is none.
func (t top) of(k *kind.Kind) Entry { return t[path.Base(canon.Folder(k))] }

// difference is a file whose content differs between two points, by the hashes of both
// contents; that of a file that is not there is empty.
type difference struct{ path, before, after string }

// maxEntries bounds what one comparison lists, since a few small folders that hold each other
// many times can stand for billions of files.
const maxEntries = 20_000_000

// apart yields, in ascending order of their paths, the files that differ between two entries
// of one path, which are folders or files; the zero entry is nothing. Folders of equal hashes
// are not opened.
func apart(a, b Folders, path string, ea, eb Entry) iter.Seq2[difference, error] {
	return func(yield func(difference, error) bool) {
		w := &folderWalk{a: a, b: b, left: maxEntries, yield: yield}
		w.pair(path, ea, eb)
	}
}

// folderWalk walks the folders of two points side by side. Its methods report whether to go
// on.
type folderWalk struct {
	a, b  Folders
	left  int
	yield func(difference, error) bool
}

// pair compares what two points have at one path.
func (w *folderWalk) pair(path string, a, b Entry) bool {
	if a.Hash == b.Hash && a.Folder == b.Folder && a.Hash != "" {
		return true
	}
	d := difference{path: path}
	if !a.Folder {
		d.before = a.Hash
	}
	if !b.Folder {
		d.after = b.Hash
	}
	if d.before != d.after && !w.yield(d, nil) {
		return false
	}
	if !a.Folder && !b.Folder {
		return true
	}
	before, err := w.list(w.a, path, a)
	if err == nil {
		var after []Entry
		if after, err = w.list(w.b, path, b); err == nil {
			return w.merge(path, before, after)
		}
	}
	w.yield(difference{}, err)
	return false
}

// list lists a folder; what is none holds nothing. An order that is not that of the paths
// would take one file for a deletion and an addition.
func (w *folderWalk) list(side Folders, path string, e Entry) ([]Entry, error) {
	if !e.Folder {
		return nil, nil
	}
	entries, err := side.Folder(path)
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(entries); i++ {
		if entries[i-1].Compare(entries[i]) >= 0 {
			return nil, fmt.Errorf("%s/%s after %s/%s: %w: files out of order", path, entries[i].Name, path, entries[i-1].Name, entra.ErrInvalid)
		}
	}
	if w.left -= len(entries); w.left < 0 {
		return nil, fmt.Errorf("%s: %w: more than %d files", path, entra.ErrInvalid, maxEntries)
	}
	return entries, nil
}

// merge pairs the entries of two folders up.
func (w *folderWalk) merge(path string, before, after []Entry) bool {
	for len(before) > 0 || len(after) > 0 {
		var a, b Entry
		order := cmp.Compare(len(after), len(before)) // where one has ended, the other's comes
		if len(before) > 0 && len(after) > 0 {
			order = before[0].Compare(after[0])
		}
		if order <= 0 {
			a, before = before[0], before[1:]
		}
		if order >= 0 {
			b, after = after[0], after[1:]
		}
		if !w.pair(path+"/"+cmp.Or(a.Name, b.Name), a, b) {
			return false
		}
	}
	return true
}

// find returns the paths of the files of a kind's objects by id, as far as there are any. Of
// the folders that hold a part of the kind's files, only those are opened that one of the ids
// may lie in. The path of a singleton's file does not tell its id: it is that of every id.
func find(folders Folders, k *kind.Kind, at Entry, ids map[string]bool) (map[string]string, error) {
	paths := make(map[string]string, len(ids))
	root := canon.Folder(k)
	if k.Singleton && at != (Entry{}) {
		for id := range ids {
			paths[id] = root
		}
	}
	if !at.Folder || len(ids) == 0 {
		return paths, nil
	}
	entries, err := folders.Folder(root)
	if err != nil {
		return nil, err
	}
	shards := map[int]map[string]bool{} // that the ids lie in, by the length of their names
	for _, e := range entries {
		if !e.Folder {
			note(paths, ids, root+"/"+e.Name)
			continue
		}
		width := len(e.Name)
		if shards[width] == nil {
			shards[width] = make(map[string]bool, len(ids))
			for id := range ids {
				shards[width][canon.Shard(id, width)] = true
			}
		}
		if !shards[width][e.Name] {
			continue
		}
		files, err := folders.Folder(root + "/" + e.Name)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			note(paths, ids, root+"/"+e.Name+"/"+f.Name)
		}
	}
	return paths, nil
}

// note keeps a path if it is the file of one of the ids.
func note(paths map[string]string, ids map[string]bool, path string) {
	if _, id, ok := canon.ParsePath(path); ok && ids[id] {
		paths[id] = path
	}
}
