package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// refIntentPrefix begins the name of the file that says where a reference is about to
// go, followed by the escaped reference name.
const refIntentPrefix = "snapshot_ref_"

// nativeLockPause is how long an empty <ref>.lock must stay empty to be one that a
// killed run left: a native git writes to its lock right after creating it.
const nativeLockPause = 500 * time.Millisecond

// How long to wait for a native git that holds the lock of a reference, and how often to
// look.
const (
	refLockPatience = time.Second
	refLockPause    = 20 * time.Millisecond
)

// moveRef points ref from old to new, under git's own protocol: whoever creates
// <ref>.lock may change <ref>, and renaming the lock over it is the change. old is
// zero for a reference that must not exist. The caller holds the run lock.
//
// Where the reference is to go is made durable in a file of its own first, by which
// the next run tells a lock that this one left from a native git's; see recoverRefs.
func (r *Repo) moveRef(ref string, old, to Hash) error {
	if err := r.tryMoveRef(ref, old, to); err != nil {
		return fmt.Errorf("update %s: %w", ref, err)
	}
	return nil
}

func (r *Repo) tryMoveRef(ref string, old, to Hash) error {
	target := r.path(ref)
	lock := target + ".lock"
	intent := r.path(refIntentPrefix + url.PathEscape(ref))
	if err := r.fs.MkdirAll(filepath.Dir(target)); err != nil {
		return err
	}
	if err := writeFile(r.fs, intent, 0o666, refContent(to)); err != nil {
		return err
	}
	defer discard(r.fs, intent)
	if err := r.lockRef(lock, to); err != nil {
		return err
	}
	err := r.expectRef(ref, old)
	if err == nil {
		err = r.fs.Rename(lock, target)
	}
	if err != nil {
		discard(r.fs, lock)
		return err
	}
	if err := r.fs.SyncDir(filepath.Dir(target)); err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	return nil
}

// lockRef creates the lock of a reference with its next content. A native git that packs
// references holds it for a moment.
func (r *Repo) lockRef(lock string, to Hash) error {
	for waited := time.Duration(0); ; waited += refLockPause {
		err := writeFile(r.fs, lock, 0o666, refContent(to))
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		if waited >= refLockPatience {
			return fmt.Errorf("%w: %s exists", ErrLocked, lock)
		}
		time.Sleep(refLockPause)
	}
}

// refContent is what the file of a reference holds.
func refContent(h Hash) []byte { return []byte(h.String() + "\n") }

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
		escaped, ours := strings.CutPrefix(entry.Name(), refIntentPrefix)
		ref, err := url.PathUnescape(escaped)
		if !ours || err != nil || checkRefName(ref) != nil {
			continue
		}
		intent, lock := r.path(entry.Name()), r.path(ref)+".lock"
		if isAbandoned(lock, intent) {
			if err := r.fs.Remove(lock); err != nil {
				return err
			}
		}
		if err := r.fs.Remove(intent); err != nil {
			return err
		}
	}
	return nil
}

// isAbandoned reports whether the lock was created by the run that left the intent:
// it holds what that run was to write, or the beginning of it.
func isAbandoned(lock, intent string) bool {
	meant, err := os.ReadFile(intent)
	if err != nil || len(meant) != len(refContent(Hash{})) {
		return false // killed before it could take the lock
	}
	for range 2 {
		found, err := os.ReadFile(lock)
		if err != nil || !bytes.HasPrefix(meant, bytes.TrimRight(found, "\x00")) {
			return false
		}
		if len(found) > 0 {
			return true
		}
		time.Sleep(nativeLockPause)
	}
	return true
}
