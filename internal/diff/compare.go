package diff

import (
	"cmp"
	"fmt"
	"iter"
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
}

// Compare compares two points, a before b. Files are compared by path and hash; only
// those that differ are read. An object whose file moved is compared with itself, and so
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
	kin, err := kinshipOf(o.Lineage, a, b)
	if err != nil {
		return nil, fmt.Errorf("compare: follow the lineage: %w", err)
	}
	set := &entra.ChangeSet{From: a.Point(), To: b.Point()}
	var compared []*kind.Kind
	for _, k := range ByRisk(kinds) {
		if !selection.Kind(k.Name) {
			continue
		}
		c := comparison{kind: k, a: view{a, kin.a}, b: view{b, kin.b}, lines: kin.lines, selection: selection}
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
}

// run compares the files of the kind and returns the changes by key.
func (c *comparison) run() ([]entra.Change, error) {
	pairs, err := differing(c.a.Files(c.kind.Name), c.b.Files(c.kind.Name))
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

// differing walks both sides' files in step and pairs those of one object that
// differ, whether its path stayed or moved.
func differing(a, b iter.Seq2[File, error]) ([]pair, error) {
	nexta, stopa := iter.Pull2(a)
	defer stopa()
	nextb, stopb := iter.Pull2(b)
	defer stopb()
	ca, cb := cursor{next: nexta}, cursor{next: nextb}
	ca.step()
	cb.step()
	var pairs []pair
	gone := make(map[string]File) // by id
	var come []File
	for ca.ok || cb.ok {
		switch {
		case !cb.ok || ca.ok && ca.file.Path < cb.file.Path:
			gone[id(ca.file)] = ca.file
			ca.step()
		case !ca.ok || cb.file.Path < ca.file.Path:
			come = append(come, cb.file)
			cb.step()
		default:
			if ca.file.Hash != cb.file.Hash {
				pairs = append(pairs, pair{ca.file.Path, cb.file.Path})
			}
			ca.step()
			cb.step()
		}
	}
	if err := cmp.Or(ca.err, cb.err); err != nil {
		return nil, err
	}
	for _, f := range come {
		old, moved := gone[id(f)]
		delete(gone, id(f))
		if !moved || old.Hash != f.Hash {
			pairs = append(pairs, pair{old.Path, f.Path})
		}
	}
	for _, f := range gone {
		pairs = append(pairs, pair{before: f.Path})
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
func id(f File) string {
	if _, id, ok := canon.ParsePath(f.Path); ok && id != "" {
		return id
	}
	return f.Path
}
