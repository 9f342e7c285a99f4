package diff

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// File is one object's file at a point.
type File struct {
	Path string // below the root of the snapshot: "tenant/users/3f/3f2b….yaml"
	Hash string // equal for equal contents, whatever the hash
}

// Side is one point of a comparison as its files. A snapshot and a fresh reading of
// the tenant both are one.
type Side interface {
	Point() entra.Point
	Files
	Folders
	// Extent says what was read of an object whose file is at the path, or of one that
	// has no file, where the path is empty.
	Extent(key entra.Key, path string) (entra.Extent, error)
}

// Options narrow a comparison and name what it finds. The zero value compares
// everything and names nothing.
type Options struct {
	Selection Selection
	// Lineage says which objects were created again under another identity. Such an object
	// is compared with what it was before, and a mention of it with a mention of that.
	Lineage entra.Lines
	// Names labels referenced objects; nil leaves [entra.ChangeSet.Names] empty.
	Names canon.Namer
	// Past is asked which of the objects that came are old acquaintances; nil knows of none.
	Past Past
}

// Compare compares two points, a before b. Folders and files are compared by path and hash;
// only what differs is looked into. An object whose file moved is compared with itself, and so
// is one that was created again under another id, where its kind has a natural key or the
// lineage says so. A
// kind that either side did not list to its end is reported as unread and nothing is
// said of its objects. An argument of the selection that selects nothing on either side
// is an [UnmatchedError].
//
// Memory grows with the number of differences, not of objects.
func Compare(a, b Side, o Options) (*entra.ChangeSet, error) {
	return compareKinds(kind.All(), a, b, o)
}

func compareKinds(kinds []*kind.Kind, a, b Side, o Options) (*entra.ChangeSet, error) {
	selection, err := o.Selection.In(a, b)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	before, after, lines, err := viewed(a, b, o.Lineage)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	set := &entra.ChangeSet{From: a.Point(), To: b.Point()}
	var compared []*kind.Kind
	known := newMarks()
	for _, k := range ByRisk(kinds) {
		if !selection.Kind(k.Name) {
			continue
		}
		c := comparison{kind: k, a: before, b: after, lines: lines, selection: selection, known: known}
		if !c.coverage(set) {
			continue
		}
		if err := c.exceptions(); err != nil {
			return nil, fmt.Errorf("compare %s: %w", k.Name, err)
		}
		changes, err := c.run()
		if err != nil {
			return nil, fmt.Errorf("compare %s: %w", k.Name, err)
		}
		set.Unread = append(set.Unread, c.unread...)
		if o.Names != nil {
			set.Names = name(set.Names, k, changes, o.Names)
		}
		set.Changes = append(set.Changes, changes...)
		compared = append(compared, k)
	}
	if set.Dangling, err = dangling(set.Changes, compared, b); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	if err := explain(set, known, o.Past); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	return set, nil
}

// ByRisk returns the kinds in the order of reports: riskiest first, then by name.
func ByRisk(kinds []*kind.Kind) []*kind.Kind {
	return slices.SortedFunc(slices.Values(kinds), func(a, b *kind.Kind) int {
		return cmp.Or(cmp.Compare(a.Risk, b.Risk), cmp.Compare(a.Name, b.Name))
	})
}

// comparison compares the objects of one kind.
type comparison struct {
	kind          *kind.Kind
	a, b          view
	lines         entra.Lines
	before, after entra.Coverage
	selection     Selection
	unread        []entra.Unread // of single objects
	known         marks          // of the objects that changed
}

// run compares the files of the kind and returns the changes by key.
func (c *comparison) run() ([]entra.Change, error) {
	pairs, err := c.differing()
	if err != nil {
		return nil, err
	}
	if pairs, err = c.recreated(pairs); err != nil {
		return nil, err
	}
	pairs = c.succeeded(pairs)
	var changes []entra.Change
	for _, p := range pairs {
		if !c.selects(p.before) && !c.selects(p.after) {
			continue
		}
		change, err := c.pair(p)
		if err != nil {
			return nil, err
		}
		if change != nil {
			changes = append(changes, *change)
		}
	}
	slices.SortFunc(changes, func(a, b entra.Change) int { return cmp.Compare(a.ID, b.ID) })
	return changes, nil
}

// pair reads and compares the two states of one object, as far as its parts are selected.
func (c *comparison) pair(p pair) (*entra.Change, error) {
	before, err := c.object(c.a, p.before)
	if err != nil {
		return nil, err
	}
	after, err := c.object(c.b, p.after)
	if err != nil {
		return nil, err
	}
	c.known.note(c.kind, cmp.Or(after, before))
	read, err := c.read(cmp.Or(before, after).Key, cmp.Or(after, before).Key, p)
	if err != nil {
		return nil, err
	}
	if err := c.note(p, read); err != nil {
		return nil, err
	}
	return c.selection.limit(c.again(before, after, read, Objects(c.kind, before, after, read))), nil
}

// selects reports whether the object of a file is selected; of no file, none is.
func (c *comparison) selects(path string) bool {
	return path != "" && c.selection.Object(path, keyOf(c.kind, path))
}

// read is what both sides read of one object, which may have another id on either.
func (c *comparison) read(first, last entra.Key, p pair) (Read, error) {
	before, err := c.a.Extent(first, p.before)
	if err != nil {
		return Read{}, err
	}
	after, err := c.b.Extent(last, p.after)
	return Read{Before: before, After: after}, err
}

// object reads one state; an empty path is an absent object.
func (c *comparison) object(s view, path string) (*entra.Object, error) {
	if path == "" {
		return nil, nil
	}
	o, err := read(s, c.kind, path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if s.to != nil {
		o = kind.Rewrite(c.kind, o, s.to)
	}
	return o, nil
}

// pair is the paths of one object's files on both sides, "" where it has none.
type pair struct{ before, after string }

// differing pairs the files of one object that differ, whether its path stayed or moved.
func (c *comparison) differing() ([]pair, error) {
	var pairs []pair
	gone := make(map[string]difference) // by id
	var come []difference
	for d, err := range apart(c.a, c.b, canon.Folder(c.kind), c.a.top.of(c.kind), c.b.top.of(c.kind)) {
		switch {
		case err != nil:
			return nil, err
		case d.after == "":
			gone[id(d.path)] = d
		case d.before == "":
			come = append(come, d)
		default:
			pairs = append(pairs, pair{d.path, d.path})
		}
	}
	for _, d := range come {
		old, moved := gone[id(d.path)]
		delete(gone, id(d.path))
		if !moved || old.before != d.after {
			pairs = append(pairs, pair{old.path, d.path})
		}
	}
	for _, d := range gone {
		pairs = append(pairs, pair{before: d.path})
	}
	return pairs, nil
}

// cursor is a place in one side's files.
type cursor struct {
	next func() (File, error, bool)
	file File
	ok   bool
	err  error
}

// step moves to the next file. It stops at an error and at a file that is out of
// order, since a walk in step would then take one file for a deletion and an addition.
func (c *cursor) step() {
	last := c.file.Path
	c.file, c.err, c.ok = c.next()
	if c.ok && c.err == nil && c.file.Path <= last {
		c.err = fmt.Errorf("%s after %s: %w: files out of order", c.file.Path, last, entra.ErrInvalid)
	}
	c.ok = c.ok && c.err == nil
}

// id is the object's id by its file's path; a path that is none of ours stands for
// itself.
func id(path string) string {
	if _, id, ok := canon.ParsePath(path); ok && id != "" {
		return id
	}
	return path
}
