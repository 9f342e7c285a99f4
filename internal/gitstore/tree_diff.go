package gitstore

import "iter"

// TreeChange is one path whose bytes differ between two trees. Old is zero for a
// file that was added, New for one that was removed.
type TreeChange struct {
	Path string
	Old  Hash
	New  Hash
}

// DiffTrees returns the files below prefix that differ between a and b, in order
// of their paths. Directories with equal hashes are not opened. A renamed file is
// a removal and an addition. Iteration ends at the first error.
func (r *Repo) DiffTrees(a, b *Tree, prefix string) iter.Seq2[TreeChange, error] {
	return func(yield func(TreeChange, error) bool) {
		old, _, err := a.entry(prefix)
		if err != nil {
			yield(TreeChange{}, err)
			return
		}
		now, _, err := b.entry(prefix)
		if err != nil {
			yield(TreeChange{}, err)
			return
		}
		d := differ{repo: r, budget: new(int), yield: yield}
		*d.budget = maxWalk
		d.pair(old, now, prefix)
	}
}

// differ walks two trees side by side. Its methods report whether to go on.
type differ struct {
	repo   *Repo
	budget *int
	yield  func(TreeChange, error) bool
}

// pair compares what the two trees have at one path; a zero entry is nothing.
func (d differ) pair(old, now treeEntry, path string) bool {
	if old.hash == now.hash && old.dir == now.dir {
		return true
	}
	change := TreeChange{Path: path}
	if !old.dir {
		change.Old, old = old.hash, treeEntry{}
	}
	if !now.dir {
		change.New, now = now.hash, treeEntry{}
	}
	if (!change.Old.IsZero() || !change.New.IsZero()) && !d.yield(change, nil) {
		return false
	}
	return d.dirs(old.hash, now.hash, path)
}

// dirs compares two directories; a zero hash is an empty one.
func (d differ) dirs(old, now Hash, path string) bool {
	before, err := d.list(old, path)
	if err == nil {
		var after []treeEntry
		if after, err = d.list(now, path); err == nil {
			return d.merge(before, after, path)
		}
	}
	d.yield(TreeChange{}, err)
	return false
}

// merge pairs the entries of two directories up, both being sorted.
func (d differ) merge(before, after []treeEntry, path string) bool {
	for len(before) > 0 || len(after) > 0 {
		var old, now treeEntry
		order := 0
		switch {
		case len(before) == 0:
			order = 1
		case len(after) == 0:
			order = -1
		default:
			order = compareEntries(before[0], after[0])
		}
		if order <= 0 {
			old, before = before[0], before[1:]
		}
		if order >= 0 {
			now, after = after[0], after[1:]
		}
		name := old.name
		if order > 0 {
			name = now.name
		}
		if !d.pair(old, now, join(path, name)) {
			return false
		}
	}
	return true
}

func (d differ) list(h Hash, path string) ([]treeEntry, error) {
	if h.IsZero() {
		return nil, nil
	}
	return d.repo.list(h, path, d.budget)
}
