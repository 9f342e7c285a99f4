package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// tmpRefPrefix begins the name of a reference's next content, followed by the
// escaped reference name.
const tmpRefPrefix = "tmp_snapshot_ref_"

// moveRef points ref from old to new, under git's own protocol: whoever creates
// <ref>.lock may change <ref>, and renaming the lock over it is the change. old is
// zero for a reference that must not exist. The caller holds the run lock.
//
// The content is written and made durable under another name first and linked to
// <ref>.lock, which fails like O_EXCL when a native git holds it. So the lock is
// never seen half written, and after a crash the next run tells its own lock from
// a native one by comparing the two files; see recoverRefs.
func (r *Repo) moveRef(ref string, old, to Hash) error {
	target := r.path(ref)
	lock := target + ".lock"
	tmp := r.path(tmpRefPrefix + url.PathEscape(ref))
	if err := r.fs.MkdirAll(filepath.Dir(target)); err != nil {
		return fmt.Errorf("update %s: %w", ref, err)
	}
	if err := writeFile(r.fs, tmp, 0o666, []byte(to.String()+"\n")); err != nil {
		return fmt.Errorf("update %s: %w", ref, err)
	}
	defer discard(r.fs, tmp)
	if err := r.fs.Link(tmp, lock); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("update %s: %w: %s exists", ref, ErrLocked, lock)
	} else if err != nil {
		return fmt.Errorf("update %s: %w", ref, err)
	}
	moved := false
	defer func() {
		if !moved { // once it has moved, a lock there is someone else's
			discard(r.fs, lock)
		}
	}()
	if err := r.expectRef(ref, old); err != nil {
		return fmt.Errorf("update %s: %w", ref, err)
	}
	if err := r.fs.Rename(lock, target); err != nil {
		return fmt.Errorf("update %s: %w", ref, err)
	}
	moved = true
	if err := r.fs.SyncDir(filepath.Dir(target)); err != nil {
		return fmt.Errorf("update %s: sync: %w", ref, err)
	}
	return nil
}

// expectRef fails unless ref is at old; zero means that it must not exist.
func (r *Repo) expectRef(ref string, old Hash) error {
	now, exists, err := r.Ref(ref)
	switch {
	case err != nil:
		return err
	case old.IsZero() && exists:
		return fmt.Errorf("reference %w", ErrExists)
	case now != old:
		return fmt.Errorf("%w: expected %s, found %s", ErrMoved, old.Short(), now.Short())
	}
	return nil
}

// recoverRefs removes what a killed run left of its reference updates. The caller
// holds the run lock, so no such update is under way.
func (r *Repo) recoverRefs() error {
	found, err := os.ReadDir(r.dir)
	if err != nil {
		return err
	}
	for _, entry := range found {
		escaped, ours := strings.CutPrefix(entry.Name(), tmpRefPrefix)
		ref, err := url.PathUnescape(escaped)
		if !ours || err != nil || checkRefName(ref) != nil {
			continue
		}
		tmp, lock := r.path(entry.Name()), r.path(ref)+".lock"
		if sameFile(tmp, lock) {
			if err := r.fs.Remove(lock); err != nil {
				return err
			}
		}
		if err := r.fs.Remove(tmp); err != nil {
			return err
		}
	}
	return nil
}

func sameFile(a, b string) bool {
	ia, errA := os.Lstat(a)
	ib, errB := os.Lstat(b)
	return errA == nil && errB == nil && os.SameFile(ia, ib)
}
