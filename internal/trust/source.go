package trust

import (
	"context"
	"slices"

	"github.com/entragit/entragit/internal/gitstore"
)

// Voucher is what makes a file believed.
type Voucher string

// The vouchers.
const (
	BySnapshot Voucher = "snapshot" // a verified snapshot has these bytes at this path
	ByApprover Voucher = "approver" // a commit that an approver signed has them
	ByNobody   Voucher = ""         // the file is not trusted
)

// Origin says why the bytes of one file are believed.
type Origin struct {
	By Voucher
	// Commit is where the bytes come from, and whose manifest says what was read of the
	// object: the newest verified snapshot that has them, or the commit that was
	// approved. Of a file that nobody vouches for it is the commit that was asked about.
	Commit gitstore.Hash
	// Seq is the number of the snapshot.
	Seq int
	// Signer is who approved.
	Signer gitstore.Signatory
}

// Trusted reports whether anything vouches for the file.
func (o Origin) Trusted() bool { return o.By != ByNobody }

// Source is a commit that something is to be put back from.
type Source struct {
	chain  *Chain
	commit *gitstore.Commit
	tree   *gitstore.Tree
	whole  Origin // vouches for the commit as a whole, or ByNobody
}

// Source returns what the chain says about a commit, which may be any of the repository.
func (c *Chain) Source(commit gitstore.Hash) (*Source, error) {
	read, err := c.repo.Commit(commit)
	if err != nil {
		return nil, err
	}
	tree, err := c.repo.Tree(commit)
	if err != nil {
		return nil, err
	}
	s := &Source{chain: c, commit: read, tree: tree, whole: Origin{Commit: commit}}
	seq, member, err := c.number(commit)
	if err != nil {
		return nil, err
	}
	if member {
		s.whole = Origin{By: BySnapshot, Commit: commit, Seq: seq}
		return s, nil
	}
	if approval, ok, err := c.approval(read); err != nil || ok {
		s.whole = approval
		return s, err
	}
	return s, nil
}

// Origins says for each path of a file in the commit why its bytes are believed. A path
// without a file is left out. What the newest snapshots vouch for is found first; the
// search ends when every file is found.
func (s *Source) Origins(ctx context.Context, paths []string) (map[string]Origin, error) {
	found := make(map[string]Origin, len(paths))
	open := map[string]gitstore.Hash{} // files that nobody vouches for yet
	for _, path := range paths {
		hash, ok, err := s.tree.Lookup(path)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if s.whole.By == BySnapshot {
			found[path] = s.whole
		} else {
			open[path] = hash
		}
	}
	if err := s.inSnapshots(ctx, open, found); err != nil {
		return nil, err
	}
	if len(open) > 0 {
		if err := s.inApproved(ctx, open, found); err != nil {
			return nil, err
		}
	}
	for path := range open {
		found[path] = Origin{Commit: s.commit.Hash}
	}
	return found, nil
}

// Unvouched lists the files below prefix that nobody vouches for, sorted. It costs what
// differs from the newest snapshot, not what the commit holds.
func (s *Source) Unvouched(ctx context.Context, prefix string) ([]string, error) {
	if s.whole.Trusted() {
		return nil, nil
	}
	head, err := s.chain.repo.Tree(s.chain.head.Commit)
	if err != nil {
		return nil, err
	}
	var paths []string
	for change, err := range s.chain.repo.DiffTrees(head, s.tree, prefix) {
		if err != nil {
			return nil, err
		}
		if !change.New.IsZero() {
			paths = append(paths, change.Path)
		}
	}
	origins, err := s.Origins(ctx, paths)
	return slices.DeleteFunc(paths, func(path string) bool { return origins[path].Trusted() }), err
}

// inSnapshots moves what some snapshot of the chain has from open to found, the newest
// snapshot first.
func (s *Source) inSnapshots(ctx context.Context, open map[string]gitstore.Hash, found map[string]Origin) error {
	if len(open) == 0 {
		return nil
	}
	seq := s.chain.head.Seq
	var last gitstore.Hash
	for commit, err := range s.chain.repo.Log(s.chain.head.Commit) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil && commit.Tree != last {
			err = s.match(commit, Origin{By: BySnapshot, Commit: commit.Hash, Seq: seq}, open, found)
		}
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return nil
		}
		last = commit.Tree
		seq--
	}
	return nil
}

// match moves what the commit has, byte for byte, from open to found.
func (s *Source) match(commit *gitstore.Commit, origin Origin, open map[string]gitstore.Hash, found map[string]Origin) error {
	tree, err := s.chain.repo.Tree(commit.Hash)
	if err != nil {
		return err
	}
	for path, want := range open {
		have, ok, err := tree.Lookup(path)
		if err != nil {
			return err
		}
		if ok && have == want {
			found[path] = origin
			delete(open, path)
		}
	}
	return nil
}

// inApproved moves what a commit that an approver signed has from open to found: the
// commit that was asked about, or one of those it was merged from.
func (s *Source) inApproved(ctx context.Context, open map[string]gitstore.Hash, found map[string]Origin) error {
	return s.chain.approvals(ctx, s.commit.Hash, nil, func(commit *gitstore.Commit, approval Origin) (bool, error) {
		err := s.match(commit, approval, open, found)
		return len(open) > 0, err
	})
}
