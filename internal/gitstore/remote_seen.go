package gitstore

import (
	"fmt"
	"strings"
)

// seenRefs is where it is remembered how far each remote was when it was last fetched from
// or pushed to. The references also keep a gc from what the remote may have lost.
const seenRefs = "refs/entragit/seen/"

// seenRef is the reference that remembers ref of a remote.
func (m Remote) seenRef(ref string) string {
	return seenRefs + m.Name + "/" + strings.TrimPrefix(ref, "refs/")
}

// checkRewound fails with [ErrRewound] when the remote, whose ref is at there or missing,
// no longer has what it was last seen to have.
func (r *Repo) checkRewound(m Remote, ref string, there Hash) error {
	if m.Name == "" || m.AcceptRewound {
		return nil
	}
	seen, ok, err := r.Ref(m.seenRef(ref))
	if err != nil || !ok || seen == there {
		return err
	}
	if there.IsZero() {
		return fmt.Errorf("%s: %w: it was at %s when it was last seen, and is gone", ref, ErrRewound, seen.Short())
	}
	if kept, err := r.IsAncestor(seen, there); err != nil || kept {
		return err
	}
	return fmt.Errorf("%s: %w: it was at %s when it was last seen, and is at %s", ref, ErrRewound, seen.Short(), there.Short())
}

// remember records where the references of a remote are.
func (r *Repo) remember(m Remote, updates []RefUpdate) error {
	for _, u := range updates {
		if m.Name == "" || u.New.IsZero() {
			continue
		}
		ref := m.seenRef(u.Ref)
		seen, _, err := r.Ref(ref)
		if err == nil && seen != u.New {
			err = r.moveRef(ref, seen, u.New)
		}
		if err != nil {
			return fmt.Errorf("remember where %s is: %w", m, err)
		}
	}
	return nil
}

// checkFetched refuses references of a remote that were set back, before anything here
// moves. A reference that went another way than the one here is for acceptFetched to
// refuse, which knows more to say.
func (r *Repo) checkFetched(m Remote, updates []RefUpdate) error {
	for _, u := range updates {
		related := u.Old.IsZero() || u.New.IsZero()
		for _, pair := range [][2]Hash{{u.New, u.Old}, {u.Old, u.New}} {
			if related {
				break
			}
			var err error
			if related, err = r.IsAncestor(pair[0], pair[1]); err != nil {
				return err
			}
		}
		if related {
			if err := r.checkRewound(m, u.Ref, u.New); err != nil {
				return err
			}
		}
	}
	return nil
}
