package history

import (
	"errors"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/kind"
)

// Past is the snapshots before the older point of a comparison. Of a point that is no snapshot
// there are none, and it knows nothing.
func (r *Repository) Past(point *Point) diff.Past {
	if !point.Numbered() {
		return nil
	}
	return past{r, point}
}

type past struct {
	repo  *Repository
	point *Point
}

// Last implements [diff.Past]. What is gone for longer than deleted objects are kept does not
// come back, so that no older snapshot needs to be looked at.
func (p past) Last(keys []entra.Key) (map[entra.Key]diff.Earlier, error) {
	head, err := gitstore.ParseHash(p.point.at.Commit)
	if err != nil {
		return nil, err
	}
	s := search{repo: p.repo, left: map[string][]string{}, seen: map[string]gitstore.Hash{}, found: map[entra.Key]diff.Earlier{}}
	for _, key := range keys {
		s.left[key.Kind] = append(s.left[key.Kind], key.ID)
	}
	since := p.point.at.Time.Add(-kind.Retention - 24*time.Hour)
	for c, err := range p.repo.Log(head) {
		if err != nil {
			return nil, err
		}
		if len(s.left) == 0 || PointOf(c).Time.Before(since) {
			break
		}
		if c.Hash == head {
			continue
		}
		if err := s.look(c); err != nil {
			return nil, err
		}
	}
	return s.found, nil
}

// search goes back through snapshots for objects.
type search struct {
	repo  *Repository
	left  map[string][]string      // ids by kind
	seen  map[string]gitstore.Hash // by kind: the folder that was looked into last
	found map[entra.Key]diff.Earlier
}

// look finds which of the objects a snapshot has. A folder that is as in the snapshot after it
// has none of them.
func (s *search) look(c *gitstore.Commit) error {
	tree := s.repo.TreeOf(c)
	var at *Point
	for name, ids := range s.left {
		k := kind.ByName(name)
		folder, ok, err := tree.Dir(canon.Folder(k))
		if err != nil {
			return err
		}
		if !ok || s.seen[name] == folder {
			continue
		}
		s.seen[name] = folder
		if at == nil {
			at = &Point{at: PointOf(c), files: Tree{tree}, tree: Tree{tree}}
			if at.manifest, err = s.repo.Manifest(tree, c.Hash); err != nil {
				return err
			}
		}
		if s.left[name], err = s.among(at, k, ids); err != nil {
			return err
		}
		if len(s.left[name]) == 0 {
			delete(s.left, name)
		}
	}
	return nil
}

// among notes which of the objects of a kind a snapshot has, and returns the others.
func (s *search) among(at *Point, k *kind.Kind, ids []string) ([]string, error) {
	var left []string
	for _, id := range ids {
		has, err := at.Has(k, id)
		if err != nil {
			return nil, err
		}
		if has {
			s.found[entra.Key{Kind: k.Name, ID: id}] = at
		} else {
			left = append(left, id)
		}
	}
	return left, nil
}

// Lookup reads an object by its key; nil where the point has none.
func (p *Point) Lookup(key entra.Key) (*entra.Object, error) {
	k := kind.ByName(key.Kind)
	if k == nil {
		return nil, nil
	}
	path, ok := p.Find(k, key.ID)
	if !ok {
		return nil, nil
	}
	o, err := p.Object(k, path)
	if errors.Is(err, entra.ErrNotFound) {
		return nil, nil // the path of a bulk kind is known whether or not there is a file
	}
	return o, err
}
