package history

import (
	"errors"
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// ErrNoBackup marks a point that holds nothing, because no backup was taken before it.
var ErrNoBackup = errors.New("nothing was backed up yet")

// Point is the state of a tenant at one time: a snapshot, or the tenant now. It is not
// safe for concurrent use, since it remembers where objects are.
type Point struct {
	at       entra.Point
	manifest entra.Manifest
	files    files
	tree     Tree                         // of a snapshot
	paths    map[string]map[string]string // by kind and id, of kinds whose paths hold names
	old      map[string]bool              // bulk kinds whose files an older version named
	origins  *origins                     // of a commit that is no snapshot of a verified chain
	lines    entra.Lines                  // of objects that are to go by the ids of today
	to       kind.Rewriting               // the same for mentions; nil where there are none
}

// files are what differs between a snapshot and the tenant now.
type files interface {
	Files(kindName string) iter.Seq2[diff.File, error]
	Folder(path string) ([]diff.Entry, error)
	Read(path string) ([]byte, error)
}

// Point says when and what the point is.
func (p *Point) Point() entra.Point { return p.at }

// Numbered reports whether the point is one of the snapshots, which follow each other.
func (p *Point) Numbered() bool { return !p.at.Live() && p.origins == nil }

// Manifest says what was read at the point.
func (p *Point) Manifest() entra.Manifest { return p.manifest }

// Tree returns the files of a snapshot; the tenant now has none.
func (p *Point) Tree() Tree { return p.tree }

// Files yields the files of a kind in ascending order of their paths.
func (p *Point) Files(kindName string) iter.Seq2[diff.File, error] { return p.files.Files(kindName) }

// Folder lists what lies right in a folder.
func (p *Point) Folder(path string) ([]diff.Entry, error) { return p.files.Folder(path) }

// Read returns a file's bytes; where there is no file, the error wraps
// [entra.ErrNotFound].
func (p *Point) Read(path string) ([]byte, error) { return p.files.Read(path) }

// Backed returns the point, or an error that wraps [ErrNoBackup] where it holds nothing
// because no backup was taken before it.
func (p *Point) Backed() (*Point, error) {
	if len(p.manifest.Kinds) == 0 {
		return nil, fmt.Errorf("%s: %w", p.at, ErrNoBackup)
	}
	return p, nil
}

// Object reads the object of a file.
func (p *Point) Object(k *kind.Kind, path string) (*entra.Object, error) {
	data, err := p.Read(path)
	if err != nil {
		return nil, err
	}
	o, err := canon.Decode(k, path, data)
	if err != nil {
		return nil, err
	}
	return p.renew(k, o), nil
}

// Find returns the path of an object's file by the object's id. The files of a kind whose
// paths hold names are gone through once. The file of a kind whose paths follow from the
// id may be missing.
func (p *Point) Find(k *kind.Kind, id string) (string, bool) {
	if !p.lines.Has(entra.Name{Kind: k.Name, Value: id}) {
		return p.find(k, id)
	}
	has := func(id string) bool {
		path, ok := p.find(k, id)
		if ok {
			_, ok, _ = p.tree.Lookup(path) // who reads the file hears of an error
		}
		return ok
	}
	if !has(id) {
		if older, ok := p.older(k, id, has); ok {
			id = older
		}
	}
	return p.find(k, id)
}

// find is [Point.Find] by the id that the file has.
func (p *Point) find(k *kind.Kind, id string) (string, bool) {
	if k.Bulk && !p.named(k) {
		path, err := canon.Path(k, p.manifest.Kinds[k.Name].Shard, id, "")
		return path, err == nil
	}
	index, ok := p.paths[k.Name]
	if !ok {
		index = map[string]string{}
		for f, err := range p.Files(k.Name) {
			if err != nil {
				break
			}
			_, id, _ := canon.ParsePath(f.Path)
			index[id] = f.Path
		}
		if p.paths == nil {
			p.paths = map[string]map[string]string{}
		}
		p.paths[k.Name] = index
	}
	if k.Singleton { // the path of its file does not tell its id
		id = ""
	}
	path, ok := index[id]
	return path, ok
}

// Has reports whether a snapshot has the object with the id.
func (p *Point) Has(k *kind.Kind, id string) (bool, error) {
	path, ok := p.Find(k, id)
	if !ok {
		return false, nil
	}
	_, ok, err := p.tree.Lookup(path)
	return ok, err
}

// named reports whether the files of a bulk kind carry names, as those of old snapshots
// may.
func (p *Point) named(k *kind.Kind) bool {
	if named, known := p.old[k.Name]; known {
		return named
	}
	if p.old == nil {
		p.old = map[string]bool{}
	}
	for f, err := range p.Files(k.Name) {
		p.old[k.Name] = err == nil && canon.CarriesName(f.Path)
		break
	}
	return p.old[k.Name]
}

// Missing reports whether no object of the kinds has the id. It cannot be known where one
// of the kinds, or the object itself, was not read.
func (p *Point) Missing(id string, kinds ...string) (bool, error) {
	for _, name := range kinds {
		if !p.manifest.Kinds[name].Of(id).Object() {
			return false, nil
		}
		path, ok := p.Find(kind.ByName(name), id)
		if !ok {
			continue
		}
		if _, err := p.Read(path); !errors.Is(err, entra.ErrNotFound) {
			return false, err
		}
	}
	return true, nil
}

// Objects yields the objects that a selection means, kind by kind. [diff.Selection.In] must
// have settled it at this point.
func (p *Point) Objects(selection diff.Selection) iter.Seq2[*entra.Object, error] {
	return func(yield func(*entra.Object, error) bool) {
		for _, k := range kind.All() {
			if selection.Kind(k.Name) && !p.objects(k, selection, yield) {
				return
			}
		}
	}
}

// objects yields the selected objects of one kind and reports whether to go on.
func (p *Point) objects(k *kind.Kind, selection diff.Selection, yield func(*entra.Object, error) bool) bool {
	for f, err := range p.Files(k.Name) {
		if err != nil {
			yield(nil, err)
			return false
		}
		_, id, _ := canon.ParsePath(f.Path)
		if !selection.Object(f.Path, entra.Key{Kind: k.Name, ID: id}) {
			continue
		}
		if o, err := p.Object(k, f.Path); !yield(o, err) || err != nil {
			return false
		}
	}
	return true
}
