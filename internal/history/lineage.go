package history

import (
	"errors"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// LineagePath is where a snapshot says which objects were created again under another
// identity.
const LineagePath = ".entragit/lineage.yaml"

// Lineage returns what the newest snapshot says of objects that were created again: all that
// was known when it was taken. Where the chain was verified, that is its newest snapshot. No
// other commit is believed, whatever its files say: a succession that somebody made up would
// take one object for another.
func (r *Repository) Lineage() (entra.Lineage, error) {
	newest, err := r.Newest()
	if r.Chain != nil {
		newest, err = r.Chain.Head().Commit, nil
	}
	if err != nil {
		return nil, err
	}
	tree, err := r.Tree(newest)
	if err != nil {
		return nil, err
	}
	data, err := tree.Read(LineagePath)
	if errors.Is(err, gitstore.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return canon.DecodeLineage(newest.Short()+":"+LineagePath, data)
}
