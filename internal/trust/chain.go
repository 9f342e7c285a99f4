package trust

import (
	"context"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// Chain is a history of snapshots that verified.
type Chain struct {
	repo    *gitstore.Repo
	pin     Pin
	now     time.Time
	head    Mark
	signers *Signers              // in force after the head
	members map[gitstore.Hash]int // numbers of the commits from the head back to next
	next    Mark                  // the oldest commit that was read for members
}

// BrokenError is a history that does not verify. It is an [entra.ErrUnverified].
type BrokenError struct {
	// Problem is what is wrong with the oldest of the commits in which something is.
	Problem
}

// Error names the commit and what is wrong with it.
func (e *BrokenError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Question, e.Text, entra.ErrUnverified)
}

// Unwrap returns [entra.ErrUnverified].
func (e *BrokenError) Unwrap() error { return entra.ErrUnverified }

// Open verifies the commits from head back to the newest head that the pin has seen, or
// to the root. now bounds their times from above. A history that does not verify is a
// [BrokenError].
func Open(ctx context.Context, repo *gitstore.Repo, pin Pin, head gitstore.Hash, now time.Time) (*Chain, error) {
	w := &walk{repo: repo, pin: pin, now: now, lists: newSignerLists(repo)}
	if pin.Head.Commit != pin.Root { // a pin that has seen nothing yet was made, not verified
		w.until = pin.Head.Commit
	}
	if err := w.run(ctx, head); err != nil {
		return nil, err
	}
	if len(w.problems) > 0 {
		return nil, &BrokenError{Problem: w.problems[len(w.problems)-1]}
	}
	return newChain(w, head)
}

// newChain is the chain that a walk found nothing wrong with.
func newChain(w *walk, head gitstore.Hash) (*Chain, error) {
	commit, err := w.repo.Commit(head)
	if err != nil {
		return nil, err
	}
	at, err := positionOf(commit)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", err, entra.ErrUnverified)
	}
	if isID(w.pin.Tenant) && isID(at.tenant) && at.tenant != w.pin.Tenant {
		return nil, &BrokenError{Problem{Question: Continuity, Commit: head,
			Text: fmt.Sprintf("snapshot %s is of tenant %s, and the pin is of %s", head.Short(), at.tenant, w.pin.Tenant)}}
	}
	signers, err := w.lists.at(head)
	if err != nil {
		return nil, err
	}
	pin := w.pin
	if isID(at.tenant) {
		pin.Tenant = at.tenant
	}
	pin.Head = at.mark(commit)
	return &Chain{repo: w.repo, pin: pin, now: w.now, head: pin.Head, signers: signers,
		members: map[gitstore.Hash]int{pin.Head.Commit: pin.Head.Seq}, next: pin.Head}, nil
}

// Head returns the newest snapshot.
func (c *Chain) Head() Mark { return c.head }

// Tenant returns the tenant that the newest snapshot is of: its id, or before the first
// backup the domain that init was given.
func (c *Chain) Tenant() string { return c.pin.Tenant }

// Pin returns the pin with the newest snapshot as the newest head seen.
func (c *Chain) Pin() Pin { return c.pin }

// number returns the number of a commit of the chain, and whether it is one.
func (c *Chain) number(commit gitstore.Hash) (int, bool, error) {
	if commit == c.pin.Root {
		return 0, true, nil
	}
	if seq, ok := c.members[commit]; ok {
		return seq, true, nil
	}
	read, err := c.repo.Commit(commit)
	if err != nil {
		return 0, false, err
	}
	at, err := positionOf(read)
	if err != nil || at.seq >= c.next.Seq {
		return 0, false, nil //nolint:nilerr // a commit without a number is none of the chain
	}
	if err := c.learn(at.seq); err != nil {
		return 0, false, err
	}
	seq, ok := c.members[commit]
	return seq, ok, nil
}

// learn reads the chain on, back to a number.
func (c *Chain) learn(seq int) error {
	for commit, err := range c.repo.Log(c.next.Commit) {
		if err != nil {
			return err
		}
		c.members[commit.Hash] = c.next.Seq
		if c.next.Seq == seq || len(commit.Parents) == 0 {
			return nil
		}
		c.next = Mark{Seq: c.next.Seq - 1, Commit: commit.Parents[0]}
	}
	return nil
}
