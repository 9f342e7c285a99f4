package gitstore

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// runLockName is the file in the repository that one writing run locks. It stays;
// the lock on it belongs to the process and dies with it.
const runLockName = "snapshot-run.lock"

// lockRun takes the run lock and clears away what a killed run left behind. It
// fails with [ErrLocked] at once when another run holds it: backups of one
// repository queue in their scheduler, not here.
func (r *Repo) lockRun(ctx context.Context) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := r.path(runLockName)
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("take run lock: %w", err)
	}
	ok, err := tryLock(f)
	if err == nil && !ok {
		err = fmt.Errorf("%w: another run is writing to %s", ErrLocked, r.dir)
	}
	if err == nil {
		err = r.recoverRun()
	}
	if err != nil {
		unlock(f)
		return nil, err
	}
	return func() { unlock(f) }, nil
}

// recoverRun removes the leftovers of a killed run. Nothing of it was ever
// referenced, so removing it loses nothing.
func (r *Repo) recoverRun() error {
	if err := r.recoverRefs(); err != nil {
		return fmt.Errorf("recover from a killed run: %w", err)
	}
	if err := r.recoverPacks(); err != nil {
		return fmt.Errorf("recover from a killed run: %w", err)
	}
	return nil
}

func (r *Repo) recoverPacks() error {
	found, err := os.ReadDir(r.packDir())
	if err != nil {
		return err
	}
	for _, entry := range found {
		if filepath.Ext(entry.Name()) == ".keep" {
			if err := removeStaleKeep(r.fs, filepath.Join(r.packDir(), entry.Name())); err != nil {
				return err
			}
			continue
		}
		checksum, isIdx := strings.CutPrefix(entry.Name(), tmpIdxPrefix)
		if !isIdx && !strings.HasPrefix(entry.Name(), tmpPackPrefix) {
			continue
		}
		if h, err := ParseHash(checksum); isIdx && err == nil {
			if err := r.removeOrphanPack(h); err != nil {
				return err
			}
		}
		if err := r.fs.Remove(filepath.Join(r.packDir(), entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// removeOrphanPack removes a pack of ours whose index was not installed: no reader
// can have seen it. A native git's pack in the making has no temporary index of
// ours beside it.
func (r *Repo) removeOrphanPack(checksum Hash) error {
	final := packPath(r.packDir(), checksum)
	if _, err := os.Lstat(final + ".idx"); err == nil {
		return nil
	}
	if _, err := os.Lstat(final + ".pack"); err != nil {
		return nil
	}
	return r.fs.Remove(final + ".pack")
}

func (r *Repo) packDir() string { return filepath.Join(r.dir, "objects", "pack") }
