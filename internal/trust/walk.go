package trust

import (
	"context"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// Question is one of those that the chain of snapshots answers.
type Question string

// The questions that a walk over the chain answers.
const (
	Integrity    Question = "integrity"    // does every object hash to its name
	Authenticity Question = "authenticity" // is every snapshot signed by a signer in force there
	Continuity   Question = "continuity"   // is it one history, without a gap, from the pinned root to beyond the newest head seen
)

// Problem is one answer that is no.
type Problem struct {
	Question Question
	// Commit is the snapshot that the problem is about.
	Commit gitstore.Hash
	// Good is the newest snapshot that is not in doubt; zero for none that is there.
	Good gitstore.Hash
	Text string
}

// walk judges the commits of a history, newest first.
type walk struct {
	repo  *gitstore.Repo
	pin   Pin
	now   time.Time
	until gitstore.Hash // a commit that was verified already; zero goes to the root
	lists *signerLists
	// each is called with every commit that is judged and its parent, nil for the root.
	each func(commit, parent *gitstore.Commit)

	commits  int
	signers  map[string]bool // who signed, by name and fingerprint
	seen     bool            // the newest head seen was met
	problems []Problem
}

func (w *walk) note(q Question, commit, parent *gitstore.Commit, format string, args ...any) {
	p := Problem{Question: q, Text: fmt.Sprintf(format, args...)}
	if commit != nil {
		p.Commit = commit.Hash
	}
	if parent != nil {
		p.Good = parent.Hash
	}
	w.problems = append(w.problems, p)
}

// run walks from head. Damage ends the walk, since what is behind it cannot be reached;
// only cancelling is an error.
func (w *walk) run(ctx context.Context, head gitstore.Hash) error {
	w.signers = map[string]bool{}
	var child *gitstore.Commit
	for commit, err := range w.repo.Log(head) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			w.note(Integrity, child, nil, "%s", err)
			return nil
		}
		w.seen = w.seen || commit.Hash == w.pin.Head.Commit
		if child != nil {
			w.judge(child, commit)
		}
		if child = commit; commit.Hash == w.until {
			child = nil
			break
		}
	}
	if child != nil {
		w.judgeRoot(child)
	}
	if w.seen || child != nil && child.Hash != w.pin.Root {
		return nil // what begins elsewhere cannot have it, and that is told already
	}
	return w.unseen(head)
}

// judge looks at a commit and the one before it.
func (w *walk) judge(commit, parent *gitstore.Commit) {
	w.commits++
	if signers, err := w.lists.at(parent.Hash); err != nil {
		w.note(Integrity, commit, parent, "%s", err)
	} else {
		w.signature(commit, parent, signers)
	}
	if len(commit.Parents) > 1 {
		w.note(Continuity, commit, parent, "snapshot %s is a merge", commit.Hash.Short())
	}
	after, err := positionOf(commit)
	if err != nil {
		w.note(Continuity, commit, parent, "%s", err)
	}
	before, errBefore := positionOf(parent) // which is told when the parent's turn comes
	if err == nil && errBefore == nil {
		w.follows(commit, parent, after, before)
	}
	w.notAhead(commit, parent, after)
	if w.each != nil {
		w.each(commit, parent)
	}
}

// follows checks that one position is the next after another.
func (w *walk) follows(commit, parent *gitstore.Commit, after, before position) {
	name := commit.Hash.Short()
	if after.seq != before.seq+1 {
		w.note(Continuity, commit, parent, "snapshot %s is number %d and follows number %d", name, after.seq, before.seq)
	}
	if !sameTenant(before.tenant, after.tenant) {
		w.note(Continuity, commit, parent, "snapshot %s is of tenant %s and follows one of %s", name, after.tenant, before.tenant)
	}
	for _, times := range [][2]time.Time{{before.captured, after.captured}, {parent.Committer.When, commit.Committer.When}} {
		if times[1].Before(times[0]) {
			w.note(Continuity, commit, parent, "snapshot %s of %s follows one of %s", name, stamp(times[1]), stamp(times[0]))
			return
		}
	}
}

// notAhead refuses what is from the future. A time there would let a key sign that is
// not valid yet, and make every honest snapshot after it run backwards.
func (w *walk) notAhead(commit, parent *gitstore.Commit, at position) {
	for _, when := range []time.Time{at.captured, commit.Committer.When} {
		if when.After(w.now.Add(tolerance)) {
			w.note(Continuity, commit, parent, "snapshot %s is from the future: %s", commit.Hash.Short(), stamp(when))
			return
		}
	}
}

func (w *walk) signature(commit, parent *gitstore.Commit, signers *Signers) {
	id, err := signers.snapshots.Verify(commit)
	if err != nil {
		w.note(Authenticity, commit, parent, "%s", err)
		return
	}
	w.signers[id.Principal+" "+id.Fingerprint] = true
}

// judgeRoot looks at a commit that follows no other.
func (w *walk) judgeRoot(root *gitstore.Commit) {
	w.commits++
	if root.Hash != w.pin.Root {
		w.note(Continuity, root, nil, "the history begins with %s, and the pin names %s: it is another one", root.Hash.Short(), w.pin.Root.Short())
		return // what else differs follows from that
	}
	signers, err := parseSigners([]byte(w.pin.Signers), []byte(w.pin.Keyring))
	if err != nil {
		w.note(Authenticity, root, nil, "the pin: %s", err)
	} else {
		w.signature(root, nil, signers)
	}
	at, err := positionOf(root)
	switch {
	case err != nil:
		w.note(Continuity, root, nil, "%s", err)
	case at.seq != 0:
		w.note(Continuity, root, nil, "the first snapshot %s is number %d", root.Hash.Short(), at.seq)
	case !sameTenant(at.tenant, w.pin.Tenant) && !sameTenant(w.pin.Tenant, at.tenant):
		w.note(Continuity, root, nil, "snapshot %s is of tenant %s, and the pin is of %s", root.Hash.Short(), at.tenant, w.pin.Tenant)
	}
	w.notAhead(root, nil, at)
	if w.each != nil {
		w.each(root, nil)
	}
}

// unseen notes that the newest head seen is not in the history of head.
func (w *walk) unseen(head gitstore.Hash) error {
	commit, err := w.repo.Commit(head)
	if err != nil {
		return err
	}
	seen := w.pin.Head
	kept, _ := w.repo.Commit(seen.Commit) // it may still be there, without a branch
	if at, err := positionOf(commit); err == nil && at.seq < seen.Seq {
		w.note(Continuity, commit, kept, "the newest snapshot is number %d, and number %d (%s) was seen before: the branch went back",
			at.seq, seen.Seq, seen.Commit.Short())
		return nil
	}
	w.note(Continuity, commit, kept, "snapshot %s does not descend from number %d (%s), which was seen before: the branch was rewritten",
		head.Short(), seen.Seq, seen.Commit.Short())
	return nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
