package gitstore

import (
	"bytes"
	"fmt"
)

// collector lists the objects that one side has and the other lacks.
type collector struct {
	repo   *Repo
	known  map[Hash]bool // commits whose objects the other side has
	seen   map[Hash]struct{}
	steps  map[[2]Hash]struct{} // directories compared, before and after
	order  []Hash
	budget int
}

// objectsSince returns every object that is reached from tips and not from the
// known commits, and fails if one of them is missing here. Only commits and
// changed directories are read. Known commits that do not exist here are ignored.
func (r *Repo) objectsSince(tips []Hash, known []Hash) ([]Hash, error) {
	c := &collector{repo: r, known: map[Hash]bool{}, seen: map[Hash]struct{}{}, steps: map[[2]Hash]struct{}{}, budget: maxWalk}
	for _, h := range known {
		c.known[h] = true
	}
	for _, tip := range tips {
		if err := c.history(tip); err != nil {
			return nil, err
		}
	}
	return c.order, nil
}

func (c *collector) add(h Hash) bool {
	if _, ok := c.seen[h]; ok {
		return false
	}
	c.seen[h] = struct{}{}
	c.order = append(c.order, h)
	return true
}

// history adds a tip, which may be an annotated tag, and its ancestors.
func (c *collector) history(tip Hash) error {
	tip, err := c.tags(tip)
	if err != nil {
		return err
	}
	for queue := []Hash{tip}; len(queue) > 0; {
		h := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if c.known[h] || !c.add(h) {
			continue
		}
		commit, err := c.repo.Commit(h)
		if err != nil {
			return err
		}
		if err := c.snapshot(commit); err != nil {
			return fmt.Errorf("commit %s: %w", h, err)
		}
		queue = append(queue, commit.Parents...)
	}
	return nil
}

func (c *collector) tags(h Hash) (Hash, error) {
	for range maxTagDepth {
		kind, data, err := c.repo.objects.readAny(h)
		if err != nil {
			return Hash{}, damaged(err)
		}
		if kind != typeTag || !c.add(h) {
			return h, nil
		}
		line, _, _ := bytes.Cut(data, []byte("\n"))
		if h, err = ParseHash(string(bytes.TrimPrefix(line, []byte("object ")))); err != nil {
			return Hash{}, fmt.Errorf("%w: tag: %w", ErrDamaged, err)
		}
	}
	return h, nil
}

// snapshot adds what a commit's tree has and its first parent's has not.
func (c *collector) snapshot(commit *Commit) error {
	var before Hash
	if len(commit.Parents) > 0 {
		p, err := c.repo.parent(commit)
		if err != nil {
			return err
		}
		before = p.Tree
	}
	return c.dir(before, commit.Tree, "")
}

// dir adds what a directory has and the one before it has not. A directory that comes
// again in the history is looked at again, since each time it is compared with another.
func (c *collector) dir(before, after Hash, path string) error {
	step := [2]Hash{before, after}
	if _, done := c.steps[step]; done || before == after {
		return nil
	}
	c.steps[step] = struct{}{}
	c.add(after)
	var old []treeEntry
	if !before.IsZero() {
		var err error
		if old, err = c.repo.list(before, path, &c.budget); err != nil {
			return err
		}
	}
	entries, err := c.repo.list(after, path, &c.budget)
	if err != nil {
		return err
	}
	for _, e := range entries {
		was, _ := findEntry(old, e.name)
		switch {
		case was.dir != e.dir:
			was.hash = Hash{}
		case was.hash == e.hash:
			continue
		}
		child := join(path, e.name)
		if e.dir {
			err = c.dir(was.hash, e.hash, child)
		} else if c.add(e.hash) {
			err = c.repo.objects.stat(e.hash)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", child, err)
		}
	}
	return nil
}
