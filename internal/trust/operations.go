package trust

import (
	"context"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
)

// OperationsRef is the reference that operations are recorded under: what was written to
// the tenant, and what there was before.
const OperationsRef = "refs/entragit/operations"

// The trailers by which a commit says which operation it is of, and on which snapshot it
// rests: whoever that snapshot lets sign may record it.
const (
	OperationTrailer = "Entragit-Operation"
	RestsOnTrailer   = "Entragit-Snapshot"
)

// Operations is the chain of records of operations, as far as it was judged.
type Operations struct {
	// Records are newest first.
	Records []Record
	// Problems are what is wrong with them, newest first.
	Problems []Problem
	// Ahead says that one rests on a snapshot that is not here, as a newer one is that was
	// not fetched yet.
	Ahead bool
}

// Record is one commit of the chain of operations.
type Record struct {
	*gitstore.Commit
	// Operation is the id of the operation.
	Operation string
	// Signer is who recorded it.
	Signer gitstore.Signatory
}

// Verified returns the records if nothing is wrong with any; else the error is a
// [BrokenError].
func (o *Operations) Verified() ([]Record, error) {
	if n := len(o.Problems); n > 0 {
		return nil, &BrokenError{Problem: o.Problems[n-1]}
	}
	return o.Records, nil
}

// Operations judges the records of operations from head back to the first. Each has one
// parent, is of the chain's tenant, rests on a snapshot of the chain that is not older than
// its parent's, is not from an earlier time, and has one signature that counted after that
// snapshot: of a signer or an approver. What is wrong is a result; an error says that
// nothing can be said.
func (c *Chain) Operations(ctx context.Context, head gitstore.Hash) (*Operations, error) {
	j := &recordJudge{chain: c, lists: newSignerLists(c.repo)}
	var newer *recorded
	for commit, err := range c.repo.Log(head) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil && newer != nil && ctx.Err() == nil {
			j.note(Integrity, newer.Commit, "%s", err)
			return &j.found, nil
		}
		if err != nil {
			return nil, err
		}
		older, err := j.judge(commit)
		if err != nil {
			return nil, err
		}
		if newer != nil {
			j.follows(newer, older)
		}
		newer = older
	}
	return &j.found, nil
}

// recorded is a record and the number of the snapshot that it rests on, -1 for none.
type recorded struct {
	Record
	on int
}

// recordJudge judges the records of operations, newest first.
type recordJudge struct {
	chain *Chain
	lists *signerLists
	found Operations
}

func (j *recordJudge) note(q Question, c *gitstore.Commit, format string, args ...any) {
	p := Problem{Question: q, Commit: c.Hash, Text: fmt.Sprintf("the record %s of an operation ", c.Hash.Short()) + fmt.Sprintf(format, args...)}
	if len(c.Parents) > 0 {
		p.Good = c.Parents[0]
	}
	j.found.Problems = append(j.found.Problems, p)
}

// judge looks at one record by itself.
func (j *recordJudge) judge(commit *gitstore.Commit) (*recorded, error) {
	r := &recorded{Record: Record{Commit: commit}, on: -1}
	if r.Operation, _ = commit.Trailer(OperationTrailer); r.Operation == "" {
		j.note(Continuity, commit, "names no operation")
	}
	if len(commit.Parents) > 1 {
		j.note(Continuity, commit, "is a merge")
	}
	if tenant, _ := commit.Trailer(TenantTrailer); !sameTenant(j.chain.Tenant(), tenant) {
		j.note(Continuity, commit, "is of tenant %s, and the snapshots are of %s", tenant, j.chain.Tenant())
	}
	if commit.Committer.When.After(j.chain.now.Add(tolerance)) {
		j.note(Continuity, commit, "is from the future: %s", stamp(commit.Committer.When))
	}
	if err := j.restsOn(r); err != nil {
		return nil, err
	}
	if r.on >= 0 {
		j.found.Records = append(j.found.Records, r.Record)
	}
	return r, nil
}

// restsOn finds the snapshot of a record, and whether that lets its signer sign.
func (j *recordJudge) restsOn(r *recorded) error {
	text, _ := r.Trailer(RestsOnTrailer)
	snapshot, err := gitstore.ParseHash(text)
	if err != nil {
		j.note(Continuity, r.Commit, "names no snapshot that it rests on")
		return nil
	}
	seq, member, err := j.chain.number(snapshot)
	j.found.Ahead = j.found.Ahead || err != nil
	if err != nil || !member {
		j.note(Continuity, r.Commit, "rests on %s, which is no snapshot of this history", snapshot.Short())
		return nil //nolint:nilerr // a commit that cannot be read is none of the chain
	}
	signers, err := j.lists.at(snapshot)
	if err != nil {
		return err
	}
	if r.Signer, err = signers.all.Verify(r.Commit); err != nil {
		j.note(Authenticity, r.Commit, "does not count: %s", err)
		return nil
	}
	r.on = seq
	return nil
}

// follows compares a record with the one before it.
func (j *recordJudge) follows(after, before *recorded) {
	if after.on >= 0 && before.on > after.on {
		j.note(Continuity, after.Commit, "rests on snapshot %d and follows one that rests on %d", after.on, before.on)
	}
	if after.Committer.When.Before(before.Committer.When) {
		j.note(Continuity, after.Commit, "of %s follows one of %s", stamp(after.Committer.When), stamp(before.Committer.When))
	}
}

// MayRecord reports, as an error, why a record that signer signs at the given time and
// that rests on the newest snapshot would not verify.
func (c *Chain) MayRecord(signer gitstore.Signer, at time.Time) error {
	if err := c.signers.all.SSH.MaySign(signer, at); err != nil {
		return fmt.Errorf("%s of the newest snapshot: %w: %w", SignersPath, err, entra.ErrUnverified)
	}
	return nil
}

// Read reads every file of the records and notes what cannot be read as it was written.
func (c *Chain) Read(ctx context.Context, o *Operations) (files int, err error) {
	j := &recordJudge{chain: c}
	read := map[gitstore.Hash]bool{}
	for _, record := range o.Records {
		if err := ctx.Err(); err != nil {
			return len(read), err
		}
		if err := c.readRecord(record, read); err != nil {
			j.note(Integrity, record.Commit, "cannot be read: %s", err)
		}
	}
	o.Problems = append(o.Problems, j.found.Problems...)
	return len(read), nil
}

// readRecord reads the files of a record that were not read before.
func (c *Chain) readRecord(record Record, read map[gitstore.Hash]bool) error {
	tree, err := c.repo.Tree(record.Hash)
	if err != nil {
		return err
	}
	for f, err := range tree.Files("") {
		if err != nil {
			return err
		}
		if read[f.Hash] {
			continue
		}
		if _, err := c.repo.ReadBlob(f.Hash); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
		read[f.Hash] = true
	}
	return nil
}
