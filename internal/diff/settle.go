package diff

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/nearest"
)

// Files is where a selection looks for objects.
type Files interface {
	Manifest() entra.Manifest
	// Files yields the files of one kind in ascending order of their paths.
	Files(kind string) iter.Seq2[File, error]
	Read(path string) ([]byte, error)
}

// UnmatchedError says which arguments of a selection select nothing. It wraps
// [entra.ErrNotFound], or [entra.ErrIncomplete] where a kind was not read and nobody
// can know.
type UnmatchedError struct {
	// Args are the arguments as they were typed, at least one.
	Args []string
	// Near are arguments that select something and may have been meant, nearest first.
	Near []string
	// Unread is a kind that was not read, "" where all were.
	Unread string
}

func (e *UnmatchedError) Error() string {
	var quoted []string
	for _, arg := range e.Args {
		quoted = append(quoted, strconv.Quote(arg))
	}
	text := strings.Join(quoted, ", ") + ": "
	if e.Unread != "" {
		text += e.Unread + " was not read: "
	}
	return text + e.Unwrap().Error()
}

func (e *UnmatchedError) Unwrap() error {
	if e.Unread != "" {
		return entra.ErrIncomplete
	}
	return entra.ErrNotFound
}

// In settles what the arguments mean at the points that a command is about, and returns
// a selection that knows its objects by their files. Of several senses of an argument the
// strictest that selects anything counts alone: the file or id, the folder, the name, the
// glob. So a group that somebody named after the id of another is not taken for it, and "[a]
// b" is the group of that name where there is one. An argument that selects nothing at
// any of the points is an [UnmatchedError]; a whole kind may be empty.
//
// Of such arguments the selection that comes with the error means nothing, and [Pick] finds
// what they mean elsewhere. A bare word means one object: where it means several, it is an [AmbiguousError].
//
// Files are read only for arguments that no path and no id settles, and those of equal
// content once.
func (s Selection) In(points ...Files) (Selection, error) {
	s.objects = slices.Clone(s.objects)
	var all []*settling
	for i := range s.objects {
		if sel := &s.objects[i]; !sel.whole {
			all = append(all, &settling{selector: sel, near: nearest.To(norm.NFC.String(sel.rest))})
		}
	}
	if err := each(all, points, (*settling).path); err != nil {
		return s, err
	}
	for _, t := range all {
		t.exceptions(points)
	}
	byName := slices.DeleteFunc(slices.Clone(all), func(t *settling) bool {
		t.least = max(t.found, fits)
		return t.found >= liesBelow
	})
	if err := each(byName, points, (*settling).name); err != nil {
		return s, err
	}
	for _, t := range byName {
		t.paths, t.least = t.chosen[t.found], max(t.found, fits)
	}
	for _, t := range all {
		if err := t.settleBare(); err != nil {
			return s, err
		}
	}
	parts, err := s.named(points)
	s.parts = parts
	return s, cmp.Or(unmatched(byName, points), err)
}

// settling is an argument whose meaning is looked for.
type settling struct {
	*selector
	found meaning // the strictest so far
	// chosen are the files that the argument selects, by the sense of it.
	chosen map[meaning]map[string]bool
	// called are the objects that a bare word means, by the sense of it.
	called map[meaning]map[entra.Key]string
	near   *nearest.Words
}

// each shows the files of all kinds that the arguments may mean to what looks at one.
func each(list []*settling, points []Files, look func(*settling, *candidate) error) error {
	for _, k := range kind.All() {
		these := slices.DeleteFunc(slices.Clone(list), func(t *settling) bool { return !t.mayBe(k.Name) })
		if len(these) == 0 {
			continue
		}
		for c, err := range candidates(k, points) {
			if err != nil {
				return fmt.Errorf("select %s: %w", k.Name, err)
			}
			for _, t := range these {
				if err := look(t, c); err != nil {
					return fmt.Errorf("select %s: %w", k.Name, err)
				}
			}
		}
	}
	return nil
}

// candidate is a file that an argument may mean.
type candidate struct {
	kind  *kind.Kind
	path  string
	key   entra.Key
	point Files
	// names and aliases are the object's, once its file was read.
	names, aliases []string
	read           bool
	data           []byte // of the file, once something was looked for in it
	skimmed        skimmed
}

// candidates yields the files of a kind at all points, those of one path and content
// once.
func candidates(k *kind.Kind, points []Files) iter.Seq2[*candidate, error] {
	return func(yield func(*candidate, error) bool) {
		cursors := make([]cursor, len(points))
		for i, p := range points {
			next, stop := iter.Pull2(p.Files(k.Name))
			defer stop()
			cursors[i].next = next
			cursors[i].step()
		}
		var last File
		for {
			first := -1
			for i := range cursors {
				if c := &cursors[i]; c.err != nil {
					yield(nil, c.err)
					return
				} else if c.ok && (first < 0 || c.file.Path < cursors[first].file.Path) {
					first = i
				}
			}
			if first < 0 {
				return
			}
			if f := cursors[first].file; f != last {
				last = f
				if !yield(&candidate{kind: k, path: f.Path, key: keyOf(k, f.Path), point: points[first]}, nil) {
					return
				}
			}
			cursors[first].step()
		}
	}
}

// keyOf is the key of an object by its file's path, which does not tell a singleton's
// id.
func keyOf(k *kind.Kind, path string) entra.Key {
	_, id, _ := canon.ParsePath(path)
	return entra.Key{Kind: k.Name, ID: id}
}

// path looks at a file's path and id alone.
func (t *settling) path(c *candidate) error {
	sense := t.meaning(c.path, c.key, nil, nil)
	t.found = max(t.found, sense)
	if sense >= was {
		t.call(sense, c)
	}
	return nil
}

// exceptions looks among the objects that are known by their id alone, because they
// could not be read.
func (t *settling) exceptions(points []Files) {
	for _, p := range points {
		for _, e := range p.Manifest().Kinds[t.kinds].Exceptions {
			if e.ID == t.rest {
				t.found = is
			}
		}
	}
}

// name looks at the name of a file's object, too, and remembers what is selected.
func (t *settling) name(c *candidate) error {
	if err := c.load(); err != nil {
		return err
	}
	sense := means
	if t.mayMean(c.skimmed) {
		c.open()
		sense = t.meaning(c.path, c.key, c.names, c.aliases)
	}
	if sense == means {
		for _, name := range append(slices.Clone(c.skimmed.names), c.key.ID) {
			t.near.AddAs(norm.NFC.String(name), c.key.Kind+"/"+name)
		}
		return nil
	}
	t.found = max(t.found, sense)
	if t.chosen == nil {
		t.chosen = map[meaning]map[string]bool{}
	}
	if t.chosen[sense] == nil {
		t.chosen[sense] = map[string]bool{}
	}
	t.chosen[sense][c.path] = true
	t.call(sense, c)
	return nil
}

// load reads the file and looks for what its object is called.
func (c *candidate) load() error {
	if c.data != nil {
		return nil
	}
	var err error
	if c.data, err = c.point.Read(c.path); err != nil {
		return err
	}
	c.skimmed = skim(c.data, append([]string{"name"}, c.kind.Aliases...))
	return nil
}

// open reads the object for its names, and a singleton's for its id. A file that cannot be
// understood has its path alone.
func (c *candidate) open() {
	if c.read {
		return
	}
	c.read = true
	if o, err := canon.Decode(c.kind, c.path, c.data); err == nil {
		c.key, c.names, c.aliases = o.Key, []string{o.Name}, Aliases(c.kind, o)
	}
}

// unmatched reports the arguments that select nothing.
func unmatched(list []*settling, points []Files) error {
	var e UnmatchedError
	for _, t := range list {
		if t.found != means {
			continue
		}
		t.paths, t.least = map[string]bool{}, is // it selects nothing, and nothing that is yet to come
		e.Args = append(e.Args, t.arg)
		e.Near = append(append(e.Near, t.nearKinds()...), t.near.Found()...)
		for _, p := range points {
			if k := kind.ByName(t.kinds); k != nil && k.Unavailable == "" && !p.Manifest().Kinds[k.Name].Read() {
				e.Unread = k.Name
			}
		}
	}
	if len(e.Args) == 0 {
		return nil
	}
	return &e
}
