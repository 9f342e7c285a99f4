package gitstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// crowded is how many packs are too many: every snapshot adds one, and a reader opens
// them all. Native git draws the line there, too.
const crowded = 50

// MaintainOptions say how much is done.
type MaintainOptions struct {
	// Full packs everything anew and looks for deltas, which takes long; without it the
	// small packs become one, and the large ones stay. Only native git can do it.
	Full bool
	// Git is the native program; without it, or where it fails, the small packs are put
	// together here.
	Git string
}

// PackStats counts the packs that are not kept by a .keep file.
type PackStats struct {
	Packs int
	Bytes int64
}

// IsCrowded reports whether maintenance is due.
func (s PackStats) IsCrowded() bool { return s.Packs >= crowded }

// Maintenance is what became of the packs.
type Maintenance struct {
	Before, After PackStats
	// Declined is why native git did not do it; nil when it did or was not asked.
	Declined error
}

// Maintain puts packs together. No object is lost, also none that no reference reaches: a
// snapshot that somebody took out of its branch can still be found. Killed at any
// point it leaves a whole repository, and a backup waits for it no longer than it
// takes to say [ErrLocked].
func (r *Repo) Maintain(ctx context.Context, o MaintainOptions) (m Maintenance, err error) {
	release, err := r.lockRun(ctx)
	if err != nil {
		return m, fmt.Errorf("maintain: %w", err)
	}
	defer release()
	before := newObjectStore(filepath.Join(r.dir, "objects"))
	defer func() { err = errors.Join(err, before.close()) }()
	if _, err := before.rescan(); err != nil {
		return m, fmt.Errorf("maintain: %w", err)
	}
	if m.Before, err = r.PackStats(); err != nil {
		return m, err
	}
	if o.Git != "" {
		m.Declined = r.nativeRepack(ctx, o)
	}
	if err := ctx.Err(); err != nil {
		return m, fmt.Errorf("maintain: %w", err)
	}
	if o.Git == "" || m.Declined != nil {
		if err := r.consolidate(); err != nil {
			return m, fmt.Errorf("maintain: %w", err)
		}
	}
	if err := r.hasAll(before); err != nil {
		return m, fmt.Errorf("maintain: %w", err)
	}
	m.After, err = r.PackStats()
	return m, err
}

// PackStats counts the packs as they are on disk now.
func (r *Repo) PackStats() (PackStats, error) {
	found, err := os.ReadDir(r.packDir())
	if err != nil {
		return PackStats{}, fmt.Errorf("count packs: %w", err)
	}
	var s PackStats
	for _, entry := range found {
		base, isPack := strings.CutSuffix(entry.Name(), ".pack")
		if !isPack || exists(filepath.Join(r.packDir(), base+".keep")) {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, os.ErrNotExist) {
			continue // removed by a gc meanwhile
		}
		if err != nil {
			return PackStats{}, fmt.Errorf("count packs: %w", err)
		}
		s.Packs++
		s.Bytes += info.Size()
	}
	return s, nil
}

// hasAll requires every object of the packs as they were.
func (r *Repo) hasAll(before *objectStore) error {
	now := newObjectStore(before.dir)
	defer func() { _ = now.close() }()
	if _, err := now.rescan(); err != nil {
		return err
	}
	for _, p := range before.packs {
		for i := range p.idx.count {
			if err := now.stat(p.idx.hash(i)); err != nil {
				return fmt.Errorf("an object of pack %s is lost: %w", p.name, err)
			}
		}
	}
	return nil
}
