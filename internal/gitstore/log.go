package gitstore

import "iter"

// Log yields the commit from and its ancestors by first parent, newest first. A
// parent that cannot be read ends the iteration with an error; it is never taken
// for the end of history.
func (r *Repo) Log(from Hash) iter.Seq2[*Commit, error] {
	return func(yield func(*Commit, error) bool) {
		c, err := r.Commit(from)
		for {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(c, nil) || len(c.Parents) == 0 {
				return
			}
			c, err = r.parent(c)
		}
	}
}

// IsAncestor reports whether the commit old is reached from h by any parents; a
// commit is its own ancestor. h may be an annotated tag.
func (r *Repo) IsAncestor(old, h Hash) (bool, error) {
	h, err := r.peel(h)
	if err != nil {
		return false, err
	}
	seen := map[Hash]bool{h: true}
	for queue := []Hash{h}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == old {
			return true, nil
		}
		c, err := r.Commit(queue[0])
		if err != nil {
			return false, err
		}
		for _, p := range c.Parents {
			if !seen[p] {
				seen[p] = true
				queue = append(queue, p)
			}
		}
	}
	return false, nil
}
