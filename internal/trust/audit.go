package trust

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/gitstore"
)

// AuditOptions say how much [Audit] looks at.
type AuditOptions struct {
	// Now bounds the times of snapshots from above.
	Now time.Time
	// Full reads everything again, also what was verified and read before.
	Full bool
	// Known reports whether a path may be in a snapshot.
	Known func(path string) bool
	// Progress is called with the number of snapshots looked at so far.
	Progress func(snapshots int)
}

// Report is what [Audit] found.
type Report struct {
	// Snapshots and Files count what was looked at.
	Snapshots, Files int
	// Newest is the number of the newest snapshot; Since is that of the newest one which
	// an earlier audit looked at, -1 for none.
	Newest, Since int
	// Signers are who signed, by name and fingerprint, sorted.
	Signers []string
	// Problems are the answers that are no, newest snapshot first.
	Problems []Problem

	chain *Chain
}

// Of returns what is wrong with regard to one question.
func (r *Report) Of(q Question) []string {
	var out []string
	for _, p := range r.Problems {
		if p.Question == q {
			out = append(out, p.Text)
		}
	}
	return out
}

// Chain returns the chain when nothing is wrong, with a pin that remembers what was
// read, and whether that is so.
func (r *Report) Chain() (*Chain, bool) { return r.chain, r.chain != nil }

// Audit looks at every snapshot from head back to where the last audit ended, and reads
// every file that they brought. What is wrong is a result; an error says that nothing
// can be said.
func Audit(ctx context.Context, repo *gitstore.Repo, pin Pin, head gitstore.Hash, o AuditOptions) (*Report, error) {
	w := &walk{repo: repo, pin: pin, now: o.Now, lists: newSignerLists(repo)}
	report := &Report{Since: -1}
	if !o.Full && pin.Read != (Mark{}) {
		w.until, report.Since = pin.Read.Commit, pin.Read.Seq
	}
	reader := &fileReader{walk: w, known: o.Known}
	w.each = func(commit, parent *gitstore.Commit) {
		o.Progress(w.commits)
		if ctx.Err() == nil {
			reader.read(commit, parent)
		}
	}
	if err := w.run(ctx, head); err != nil {
		return nil, err
	}
	report.Snapshots, report.Files, report.Problems = w.commits, reader.files, w.problems
	report.Signers = slices.Sorted(maps.Keys(w.signers))
	report.Newest = numberOf(repo, head)
	if len(w.problems) > 0 {
		return report, nil
	}
	var err error
	if report.chain, err = newChain(w, head); err != nil {
		broken, ok := errors.AsType[*BrokenError](err)
		if !ok {
			return nil, err
		}
		report.Problems = append(report.Problems, broken.Problem)
		return report, nil
	}
	report.chain.pin.Read = report.chain.head
	return report, nil
}

// numberOf is a snapshot's number, or 0 where it has none that can be read.
func numberOf(repo *gitstore.Repo, head gitstore.Hash) int {
	commit, err := repo.Commit(head)
	if err != nil {
		return 0
	}
	at, _ := positionOf(commit)
	return at.seq
}

// fileReader reads what each snapshot brought: every file of the history once.
type fileReader struct {
	walk  *walk
	known func(string) bool
	files int
}

func (r *fileReader) read(commit, parent *gitstore.Commit) {
	if err := r.changed(commit, parent); err != nil {
		r.walk.note(Integrity, commit, parent, "snapshot %s: %s", commit.Hash.Short(), err)
	}
}

// changed reads the files that differ from the parent's; of the root, all.
func (r *fileReader) changed(commit, parent *gitstore.Commit) error {
	after, err := r.walk.repo.Tree(commit.Hash)
	if err != nil {
		return err
	}
	if parent == nil {
		for f, err := range after.Files("") {
			if err != nil {
				return err
			}
			r.file(commit, parent, f.Path, f.Hash)
		}
		return nil
	}
	before, err := r.walk.repo.Tree(parent.Hash)
	if err != nil {
		return err
	}
	for change, err := range r.walk.repo.DiffTrees(before, after, "") {
		if err != nil {
			return err
		}
		if !change.New.IsZero() {
			r.file(commit, parent, change.Path, change.New)
		}
	}
	return nil
}

func (r *fileReader) file(commit, parent *gitstore.Commit, path string, hash gitstore.Hash) {
	r.files++
	if !r.known(path) {
		r.walk.note(Integrity, commit, parent, "snapshot %s: %s is no file of a backup", commit.Hash.Short(), path)
	}
	if _, err := r.walk.repo.ReadBlob(hash); err != nil {
		r.walk.note(Integrity, commit, parent, "snapshot %s: %s: %s", commit.Hash.Short(), path, err)
	}
}
