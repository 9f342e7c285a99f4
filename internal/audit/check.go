package audit

import (
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// Checked is what [Check] found of the files that snapshots name.
type Checked struct {
	// Snapshots are those that name a file, Files the files that are what the snapshots were signed
	// with.
	Snapshots, Files int
	// Lost are the numbers of the snapshots of which a file is not here, newest first. That is no
	// failure: the files hold personal data, and may be deleted.
	Lost []int
	// Problems are the files that are not what their snapshot was signed with, newest first.
	Problems []string
}

// Check reads the files that the snapshots from head back to the one of a number, which is not
// among them, name, and compares each with its name. It judges no signature: whose word the names
// are, the chain says.
func Check(ctx context.Context, repo *history.Repository, head gitstore.Hash, after int) (Checked, error) {
	var found Checked
	tree, err := treeOf(repo)
	if errors.Is(err, gitstore.ErrDamaged) {
		found.Problems = append(found.Problems, fmt.Sprintf("%s: %s", Ref, err))
	} else if err != nil {
		return found, fmt.Errorf("check %s: %w", Ref, err)
	}
	damaged := err != nil
	for c, err := range repo.Log(head) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return found, fmt.Errorf("check %s: %w", Ref, err)
		}
		seq, sums := history.PointOf(c).Seq, sumsOf(c)
		if seq <= after {
			break
		}
		if len(sums) > 0 {
			found.Snapshots++
		}
		if damaged {
			continue // all that can be said is said
		}
		if err := found.files(tree, seq, sums); err != nil {
			return found, fmt.Errorf("check %s: snapshot %d: %w", Ref, seq, err)
		}
	}
	return found, nil
}

// files checks the files of one snapshot.
func (c *Checked) files(tree *gitstore.Tree, seq int, sums []string) error {
	lost := false
	for _, sum := range sums {
		switch _, err := readFile(tree, sum); {
		case err == nil:
			c.Files++
		case errors.Is(err, errLost):
			lost = true
		case errors.Is(err, errAltered):
			c.Problems = append(c.Problems, fmt.Sprintf("snapshot %d: %s%s: %s", seq, hashName, sum, err))
		default:
			return err
		}
	}
	if lost {
		c.Lost = append(c.Lost, seq)
	}
	return nil
}
