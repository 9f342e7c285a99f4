package trust

import (
	"context"
	"fmt"

	"github.com/entragit/entragit/internal/gitstore"
)

// maxUnchained bounds how many commits beside the chain are searched for approvals.
const maxUnchained = 100_000

// approvals calls found with each commit that an approver signed, beside the chain and
// behind tip, nearest first, until it returns false. What excluded holds, and what can be
// reached through it alone, is left out.
func (c *Chain) approvals(ctx context.Context, tip gitstore.Hash, excluded map[gitstore.Hash]bool, found func(*gitstore.Commit, Origin) (bool, error)) error {
	return c.beside(ctx, tip, excluded, func(commit *gitstore.Commit) (bool, error) {
		approval, ok, err := c.approval(commit)
		if err != nil || !ok {
			return true, err
		}
		return found(commit, approval)
	})
}

// beside calls visit with tip and its ancestors up to the chain, by all parents, until it
// returns false.
func (c *Chain) beside(ctx context.Context, tip gitstore.Hash, excluded map[gitstore.Hash]bool, visit func(*gitstore.Commit) (bool, error)) error {
	seen := map[gitstore.Hash]bool{tip: true}
	for queue := []gitstore.Hash{tip}; len(queue) > 0; queue = queue[1:] {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(seen) > maxUnchained {
			return fmt.Errorf("commit %s: more than %d commits beside the snapshots are behind it", tip.Short(), maxUnchained)
		}
		_, member, err := c.number(queue[0])
		if err != nil {
			return err
		}
		if member || excluded[queue[0]] {
			continue // what a snapshot holds needs no approval
		}
		commit, err := c.repo.Commit(queue[0])
		if err != nil {
			return err
		}
		if more, err := visit(commit); err != nil || !more {
			return err
		}
		for _, parent := range commit.Parents {
			if !seen[parent] {
				seen[parent] = true
				queue = append(queue, parent)
			}
		}
	}
	return nil
}

// approval reports whether an approver signed a commit of this history. One that does not
// descend from the pinned root was signed for another repository; one that says that it
// is a snapshot was signed by a machine, and is none of the chain: it was kept aside, or
// the branch went back behind it.
func (c *Chain) approval(commit *gitstore.Commit) (Origin, bool, error) {
	if _, machine := commit.Trailer(SeqTrailer); machine {
		return Origin{}, false, nil
	}
	id, ok := c.signers.approved(commit, c.now)
	if !ok {
		return Origin{}, false, nil
	}
	ours, err := c.repo.IsAncestor(c.pin.Root, commit.Hash)
	return Origin{By: ByApprover, Commit: commit.Hash, Signer: id}, ours, err
}
