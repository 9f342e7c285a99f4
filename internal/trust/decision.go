package trust

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/entragit/entragit/internal/gitstore"
)

// Decision is the version of a file that people decide, such as the configuration, which
// counts.
type Decision struct {
	Data []byte
	// At is the newest commit that has this version and was asked about.
	At gitstore.Hash
	Origin
	// Ignored are the newer commits that changed the file with nobody vouching for that,
	// newest first.
	Ignored []gitstore.Hash
}

// Decision returns the newest version of a file, on the line of first parents of tip, that
// an approver signed for when it came to be; where none ever did, the newest that a
// snapshot has. Snapshots only carry such a file along, so that once there was an
// approved version, going back to theirs, or to an older one, takes an approval as well:
// a version counts only while no other was approved on top of it, by whichever parent of
// a merge that is reached. Where none on the line counts, it is the nearest of those.
func (c *Chain) Decision(ctx context.Context, tip gitstore.Hash, path string) (Decision, error) {
	standing, err := c.standing(ctx, tip, path)
	if err != nil {
		return Decision{}, err
	}
	stands := func(v version) bool {
		return len(standing) == 0 || slices.ContainsFunc(standing, func(a approved) bool { return a.hash == v.hash })
	}
	best := Decision{}
	var ignored []gitstore.Hash
	for v, err := range c.versions(tip, path) {
		if err != nil {
			return best, err
		}
		approval, ok, err := c.approvedVersion(ctx, v, path)
		if err != nil {
			return best, err
		}
		if ok && stands(v) {
			return c.decided(Decision{At: v.newest, Origin: approval, Ignored: ignored}, path)
		}
		if !best.Trusted() && !v.hash.IsZero() && stands(v) {
			carried, err := c.carried(ctx, v, path)
			if err != nil {
				return best, err
			}
			if carried.Trusted() {
				best = Decision{At: v.newest, Origin: carried, Ignored: ignored[:len(ignored):len(ignored)]}
			}
		}
		_, ofChain, err := c.number(v.oldest)
		switch {
		case err != nil:
			return best, err
		case !ok && !ofChain:
			ignored = append(ignored, v.oldest) // it brought the version
		case ok || v.newest != v.oldest:
			ignored = append(ignored, v.newest) // it went back, or one after the oldest did
		}
	}
	if !best.Trusted() && len(standing) > 0 {
		best = Decision{At: standing[0].Commit, Origin: standing[0].Origin, Ignored: ignored}
	}
	if !best.Trusted() {
		at := c.head.Commit
		best = Decision{At: at, Origin: Origin{By: BySnapshot, Commit: at, Seq: c.head.Seq}, Ignored: ignored}
	}
	return c.decided(best, path)
}

// approved is a version of a file that an approver signed for.
type approved struct {
	Origin
	hash gitstore.Hash
}

// standing returns the approvals of versions of a file that are behind tip by any parents
// and not behind another one, nearest first: what was approved on top of a version takes
// its place.
func (c *Chain) standing(ctx context.Context, tip gitstore.Hash, path string) ([]approved, error) {
	var all []approved
	behind := map[gitstore.Hash]bool{}
	err := c.approvals(ctx, tip, behind, func(commit *gitstore.Commit, approval Origin) (bool, error) {
		hash, _, err := c.look(commit, nil, path)
		if err != nil || hash.IsZero() {
			return true, err
		}
		all = append(all, approved{approval, hash})
		for _, parent := range commit.Parents {
			err := c.beside(ctx, parent, behind, func(older *gitstore.Commit) (bool, error) {
				behind[older.Hash] = true
				return true, nil
			})
			if err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return slices.DeleteFunc(all, func(a approved) bool { return behind[a.Commit] }), err
}

// decided reads the version that was found.
func (c *Chain) decided(d Decision, path string) (Decision, error) {
	tree, err := c.repo.Tree(d.At)
	if err != nil {
		return d, err
	}
	if d.Data, err = tree.Read(path); err != nil {
		return d, fmt.Errorf("commit %s: %w", d.At.Short(), err)
	}
	return d, nil
}

// version is a run of commits of a line that have a file with the same bytes, or do not
// have it, when the hash is zero.
type version struct {
	hash           gitstore.Hash
	newest, oldest gitstore.Hash
	before         gitstore.Hash // the commit before the oldest; zero for none
}

// versions yields the versions of a file on the line of first parents of tip, newest
// first, down to the first snapshot of the chain.
func (c *Chain) versions(tip gitstore.Hash, path string) iter.Seq2[version, error] {
	return func(yield func(version, error) bool) {
		var v version
		for commit, err := range c.repo.Log(tip) {
			hash, member, err := c.look(commit, err, path)
			if err != nil {
				yield(version{}, err)
				return
			}
			if v.newest.IsZero() || hash != v.hash {
				if v.before = commit.Hash; !v.newest.IsZero() && !yield(v, nil) {
					return
				}
				v = version{hash: hash, newest: commit.Hash}
			}
			if v.oldest, v.before = commit.Hash, (gitstore.Hash{}); member {
				break
			}
		}
		yield(v, nil)
	}
}

// look returns the name of a commit's file, zero where it has none, and whether the
// commit is of the chain.
func (c *Chain) look(commit *gitstore.Commit, err error, path string) (gitstore.Hash, bool, error) {
	if err != nil {
		return gitstore.Hash{}, false, err
	}
	tree, err := c.repo.Tree(commit.Hash)
	if err != nil {
		return gitstore.Hash{}, false, err
	}
	hash, ok, err := tree.Lookup(path)
	if err != nil {
		return gitstore.Hash{}, false, err
	}
	if !ok {
		hash = gitstore.Hash{} // a folder of that name is no file
	}
	_, member, err := c.number(commit.Hash)
	return hash, member, err
}

// approvedVersion looks for the approval of a version among the commits that brought it:
// those behind its newest commit that were not there before it.
func (c *Chain) approvedVersion(ctx context.Context, v version, path string) (origin Origin, ok bool, err error) {
	if v.hash.IsZero() {
		return Origin{}, false, nil
	}
	before := map[gitstore.Hash]bool{}
	if !v.before.IsZero() {
		err := c.beside(ctx, v.before, nil, func(commit *gitstore.Commit) (bool, error) {
			before[commit.Hash] = true
			return true, nil
		})
		if err != nil {
			return Origin{}, false, err
		}
	}
	err = c.approvals(ctx, v.newest, before, func(commit *gitstore.Commit, approval Origin) (bool, error) {
		hash, _, err := c.look(commit, nil, path)
		if ok = err == nil && hash == v.hash; ok {
			origin = approval
		}
		return !ok, err
	})
	return origin, ok, err
}

// carried looks for a version among the snapshots.
func (c *Chain) carried(ctx context.Context, v version, path string) (Origin, error) {
	source, err := c.Source(v.newest)
	if err != nil {
		return Origin{}, err
	}
	open, found := map[string]gitstore.Hash{path: v.hash}, map[string]Origin{}
	err = source.inSnapshots(ctx, open, found)
	return found[path], err
}
