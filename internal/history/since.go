package history

import (
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// longestSince bounds how many snapshots are looked at; a year of daily ones.
const longestSince = 366

// IncompleteSince finds, for each kind that a snapshot did not read completely, the
// first of the snapshots in a row before it that did not either. A kind that is
// incomplete for the first time is not among them.
func (r *Repository) IncompleteSince(at *gitstore.Commit) (map[string]entra.Point, error) {
	since, open := map[string]entra.Point{}, incompleteKinds(at)
	looked := 0
	for c, err := range r.Log(at.Hash) {
		if err != nil {
			return nil, err
		}
		if c.Hash == at.Hash {
			continue
		}
		now := incompleteKinds(c)
		for name := range open {
			if !now[name] {
				delete(open, name)
				continue
			}
			since[name] = PointOf(c)
		}
		if looked++; len(open) == 0 || looked == longestSince {
			break
		}
	}
	return since, nil
}

// incompleteKinds reads from a snapshot's trailers what it did not read completely.
func incompleteKinds(c *gitstore.Commit) map[string]bool {
	kinds := map[string]bool{}
	for _, t := range c.Trailers {
		if t.Key == PartTrailer {
			name, _, _ := strings.Cut(t.Value, " ")
			kinds[name] = true
		}
	}
	return kinds
}
