package history

import (
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// Track says which object's history is asked for, and how far.
type Track struct {
	Key entra.Key
	// Lines are the objects that were created again: the object is followed through its ids.
	Lines entra.Lines
	// Parts limit the changes; none means all of the object.
	Parts []diff.Part
	// To is the newest snapshot that counts, and From the number of the one after which
	// changes count.
	To   gitstore.Hash
	From int
}

// Event is what became of an object between a snapshot and the one before it.
type Event struct {
	// Commit is the snapshot.
	Commit *gitstore.Commit
	// Change is what became of the object. Of the first snapshot that read it, it has no
	// type: what was before, nobody knows.
	Change entra.Change
	// Names label the ids in the change.
	Names map[string]string
}

// Events yields what became of an object, newest first. Snapshots whose folder of the kind
// is the same are not looked into, and files are read only where the object's differ: memory
// does not grow with the tenant or with the history.
func (r *Repository) Events(track Track) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		t := &tracker{Track: track, repo: r, kind: kind.ByName(track.Key.Kind), manifests: map[gitstore.Hash]entra.Manifest{}}
		var newer *sighting
		for c, err := range r.Log(track.To) {
			var now *sighting
			if err == nil {
				now, err = t.look(c, newer)
			}
			if err != nil {
				yield(Event{}, fmt.Errorf("history of %s: %w", track.Key, err))
				return
			}
			if newer != nil && newer.hash != now.hash {
				event, err := t.event(now, newer)
				if err != nil {
					yield(Event{}, fmt.Errorf("history of %s: snapshot %d: %w", track.Key, PointOf(newer.commit).Seq, err))
					return
				}
				if event != nil && !yield(*event, nil) {
					return
				}
			}
			if newer = now; PointOf(c).Seq <= track.From {
				return
			}
		}
	}
}

// tracker follows one object.
type tracker struct {
	Track
	repo      *Repository
	kind      *kind.Kind
	manifests map[gitstore.Hash]entra.Manifest // by the file's hash
}

// sighting is an object at a snapshot. One that is not there has no path.
type sighting struct {
	commit *gitstore.Commit
	tree   *gitstore.Tree
	folder gitstore.Hash // of the kind's files
	id     string
	path   string
	hash   gitstore.Hash
}

// look finds the object at a snapshot, beginning where the next one has it.
func (t *tracker) look(c *gitstore.Commit, newer *sighting) (*sighting, error) {
	s := &sighting{commit: c, tree: t.repo.TreeOf(c), id: t.Key.ID}
	if newer != nil && newer.tree.Hash() == s.tree.Hash() {
		same := *newer
		same.commit, same.tree = c, s.tree
		return &same, nil
	}
	if newer != nil {
		s.id = newer.id
	}
	if t.kind.Singleton {
		return s, t.sight(s, s.id, canon.Folder(t.kind))
	}
	var err error
	if s.folder, _, err = s.tree.Dir(canon.Folder(t.kind)); err != nil {
		return nil, err
	}
	if newer != nil && newer.folder == s.folder {
		s.path, s.hash = newer.path, newer.hash
		return s, nil
	}
	return s, t.find(s)
}

// find looks for the object's file: by the id of the snapshot after, then by the others that
// the object has in time, newest first.
func (t *tracker) find(s *sighting) error {
	line := t.Lines.Of(entra.Name{Kind: t.kind.Name, Value: s.id})
	ids := []string{s.id}
	for i := len(line) - 1; i >= 0; i-- {
		if line[i] != s.id {
			ids = append(ids, line[i])
		}
	}
	if !t.kind.Bulk {
		return t.findNamed(s, ids)
	}
	for _, id := range ids {
		for _, shard := range []int{3, 2, 0} {
			path, err := canon.Path(t.kind, shard, id, "")
			if err == nil {
				err = t.sight(s, id, path)
			}
			if s.path != "" || err != nil {
				return err
			}
		}
	}
	for f, err := range s.tree.Files(canon.Folder(t.kind)) {
		if err != nil {
			return err
		}
		if canon.CarriesName(f.Path) { // an older version named the files of the kind
			return t.findNamed(s, ids)
		}
		break
	}
	return nil
}

// sight notes the file at a path, if there is one.
func (t *tracker) sight(s *sighting, id, path string) error {
	hash, ok, err := s.tree.Lookup(path)
	if ok && err == nil {
		s.id, s.path, s.hash = id, path, hash
	}
	return err
}

// findNamed goes through the files of a kind whose names tell more than ids; of several ids
// the first counts.
func (t *tracker) findNamed(s *sighting, ids []string) error {
	best := len(ids)
	for f, err := range s.tree.Files(canon.Folder(t.kind)) {
		if err != nil {
			return err
		}
		_, have, _ := canon.ParsePath(f.Path)
		for i, id := range ids[:best] {
			if id == have {
				best, s.id, s.path, s.hash = i, id, f.Path, f.Hash
				break
			}
		}
	}
	return nil
}

// event compares two snapshots that follow each other, of which the object's files differ.
// There is none where only comments or what was not read differ.
func (t *tracker) event(before, after *sighting) (*Event, error) {
	a, b, err := t.points(before, after)
	if err != nil {
		return nil, err
	}
	lines, keys, err := t.relevant(a.at, b.at, before, after)
	if err != nil {
		return nil, err
	}
	a.keys, b.keys = keys, keys
	id := after.id
	if after.path == "" {
		id = before.id
	}
	arg := entra.Key{Kind: t.kind.Name, ID: id}.String()
	if t.kind.Singleton {
		arg = t.kind.Name
	}
	selection, err := diff.ParseSelection([]string{arg}, nil)
	if err != nil {
		return nil, err
	}
	set, err := diff.Compare(a, b, diff.Options{Selection: selection.Following(lines).Limited(t.Parts), Lineage: lines, Names: NewNamer(b.at, a.at).Label})
	if err != nil {
		return nil, err
	}
	event := &Event{Commit: after.commit, Names: set.Names}
	switch {
	case len(set.Changes) > 0:
		event.Change = set.Changes[0]
	case before.path == "" && !a.Manifest().Kinds[t.kind.Name].Read():
		o, err := b.at.Object(t.kind, after.path)
		if err != nil {
			return nil, err
		}
		event.Change = entra.Change{Key: o.Key, Name: o.Name}
	default:
		return nil, nil
	}
	return event, nil
}

// points opens both snapshots.
func (t *tracker) points(before, after *sighting) (a, b *narrow, err error) {
	open := func(s *sighting) *narrow {
		p := &Point{at: PointOf(s.commit), files: Tree{s.tree}, tree: Tree{s.tree}}
		var hash gitstore.Hash
		if hash, _, err = s.tree.Lookup(ManifestPath); err != nil {
			return nil
		}
		manifest, known := t.manifests[hash]
		if !known {
			if manifest, err = t.repo.Manifest(s.tree, s.commit.Hash); err != nil {
				return nil
			}
			t.manifests[hash] = manifest
		}
		p.manifest = manifest
		return &narrow{files: p.files, at: p, own: ownFile(s)}
	}
	if a = open(before); err == nil {
		b = open(after)
	}
	return a, b, err
}

// ownFile is the file of a sighting, if there is one.
func ownFile(s *sighting) diff.File {
	if s.path == "" {
		return diff.File{}
	}
	return diff.File{Path: s.path, Hash: s.hash.String()}
}

// relevant narrows the lines to those of the object and of what it mentions, and names the
// other objects that are needed to follow them.
func (t *tracker) relevant(a, b *Point, before, after *sighting) (entra.Lines, map[entra.Key]bool, error) {
	keys := map[entra.Key]bool{}
	if t.Lines.Empty() {
		return t.Lines, keys, nil
	}
	mentioned := map[entra.Name]bool{{Kind: t.kind.Name, Value: t.Key.ID}: true}
	for _, side := range []struct {
		point *Point
		*sighting
	}{{a, before}, {b, after}} {
		if side.path == "" {
			continue
		}
		o, err := side.point.Object(t.kind, side.path)
		if err != nil {
			return entra.Lines{}, nil, err
		}
		noteMentions(mentioned, t.kind, o)
	}
	return narrowLines(t.Lines, mentioned, keys), keys, nil
}

// narrowLines keeps the lines that hold one of the names, and those of objects by whose ids
// another of their properties is found; it adds their keys.
func narrowLines(lines entra.Lines, names map[entra.Name]bool, keys map[entra.Key]bool) entra.Lines {
	needed, byOther := map[entra.Name]bool{}, map[string]bool{}
	for line := range lines.All() {
		for _, n := range line {
			if names[n] {
				needed[line[0]] = true
				byOther[n.Kind] = byOther[n.Kind] || n.By != ""
			}
		}
	}
	lines = lines.Only(func(first entra.Name) bool { return needed[first] || first.By == "" && byOther[first.Kind] })
	for line := range lines.All() {
		for _, n := range line {
			if n.By == "" {
				keys[entra.Key{Kind: n.Kind, ID: n.Value}] = true
			}
		}
	}
	return lines
}
