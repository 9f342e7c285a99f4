package gitstore

import (
	"bytes"
	"crypto/rand"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// keepMark begins the content of a .keep file of ours, by which recovery tells it from
// one that a person or a native git made.
const keepMark = "entragit: a reference is about to name what this pack holds\n"

// restoreTries is how often a pack that vanished before its reference was safe is put
// back.
const restoreTries = 3

// keptPack is a pack of ours from its arrival until the reference that needs it has
// moved. Nothing reaches its objects meanwhile, so a native gc or repack that ran
// beside would delete the pack; the .keep beside it forbids that.
type keptPack struct {
	fs       fileSystem
	base     string   // the pack's path without an extension
	file     *os.File // open, so that the content outlives the name
	checksum Hash
	entries  []packEntry
}

// installPack moves a complete temporary pack to its place and closes it. The order is
// what makes a crash harmless: readers look for the index, and it appears last. The
// temporary index carries the pack's name, by which recovery knows a pack of ours
// that was left without one.
func installPack(fs fileSystem, dir string, f file, checksum Hash, entries []packEntry) (_ *keptPack, err error) {
	name, err := freePackName(dir, checksum)
	if err != nil {
		f.Close()
		discard(fs, f.Name())
		return nil, fmt.Errorf("install pack: %w", err)
	}
	k := &keptPack{fs: fs, base: packPath(dir, name), checksum: checksum, entries: entries}
	tmpIdx := filepath.Join(dir, tmpIdxPrefix+name.String())
	if err := k.prepare(f, tmpIdx); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			k.release()
		}
	}()
	if err := fs.Rename(f.Name(), k.base+".pack"); err != nil {
		discard(fs, f.Name())
		discard(fs, tmpIdx)
		return nil, fmt.Errorf("install pack: %w", err)
	}
	// From here on a failure leaves a pack without an index; the next run's
	// recovery removes both.
	if k.file, err = os.Open(k.base + ".pack"); err != nil {
		return nil, fmt.Errorf("install pack: %w", err)
	}
	if err := fs.Rename(tmpIdx, k.base+".idx"); err != nil {
		return nil, fmt.Errorf("install pack index: %w", err)
	}
	if err := fs.SyncDir(dir); err != nil {
		return nil, fmt.Errorf("sync pack directory: %w", err)
	}
	return k, nil
}

// freePackName returns the checksum, or where a pack of that name is already, another
// name: a native repack may have made up its mind to delete that one.
func freePackName(dir string, checksum Hash) (Hash, error) {
	name := checksum
	for {
		found, err := filepath.Glob(packPath(dir, name) + ".*")
		if err != nil || len(found) == 0 {
			return name, err
		}
		name = sha1.Sum([]byte(rand.Text()))
	}
}

// prepare makes pack and index durable under their temporary names and writes the
// .keep. It leaves nothing when it fails.
func (k *keptPack) prepare(f file, tmpIdx string) error {
	err := f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		discard(k.fs, f.Name())
		return fmt.Errorf("sync pack: %w", err)
	}
	slices.SortFunc(k.entries, func(a, b packEntry) int { return a.hash.Compare(b.hash) })
	if err := writeIdx(k.fs, tmpIdx, k.entries, k.checksum); err != nil {
		discard(k.fs, f.Name())
		return fmt.Errorf("write pack index: %w", err)
	}
	if err := writeFile(k.fs, k.base+".keep", 0o666, []byte(keepMark)); err != nil {
		discard(k.fs, f.Name())
		discard(k.fs, tmpIdx)
		return fmt.Errorf("keep pack: %w", err)
	}
	return nil
}

func packPath(dir string, name Hash) string {
	return filepath.Join(dir, "pack-"+name.String())
}

// confirm makes sure, once the reference has moved, that every object of the pack is in
// the repository, in this pack or another, and puts the pack back where it is not.
func (k *keptPack) confirm() error {
	for range restoreTries {
		if k.isComplete() {
			return nil
		}
		if err := k.restore(); err != nil {
			return fmt.Errorf("%w: pack %s was removed and cannot be put back: %w", ErrDamaged, k.base, err)
		}
	}
	if !k.isComplete() {
		return fmt.Errorf("%w: pack %s was removed, and again each time it was put back", ErrDamaged, k.base)
	}
	return nil
}

// isComplete looks at what has a name on disk now, not at files that are open.
func (k *keptPack) isComplete() bool {
	if exists(k.base+".pack") && exists(k.base+".idx") {
		return true
	}
	now := newObjectStore(filepath.Dir(filepath.Dir(k.base)))
	defer func() { _ = now.close() }()
	return !slices.ContainsFunc(k.entries, func(e packEntry) bool { return now.stat(e.hash) != nil })
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// restore installs the pack once more, from the file that is still open.
func (k *keptPack) restore() error {
	info, err := k.file.Stat()
	if err != nil {
		return err
	}
	dir := filepath.Dir(k.base)
	f, err := createTmpPack(k.fs, dir)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, io.NewSectionReader(k.file, 0, info.Size())); err != nil {
		f.Close()
		discard(k.fs, f.Name())
		return err
	}
	again, err := installPack(k.fs, dir, f, k.checksum, k.entries)
	if err != nil {
		return err
	}
	k.release()
	*k = *again
	return nil
}

// release ends the protection. It does nothing to a nil pack.
func (k *keptPack) release() {
	if k == nil {
		return
	}
	if k.file != nil {
		k.file.Close()
	}
	discard(k.fs, k.base+".keep")
}

// removeStaleKeep removes a .keep that a killed run of ours left. The caller holds the
// run lock, so no pack of ours needs it. An empty one beside a pack is how people
// keep a pack: ours is complete before its pack appears.
func removeStaleKeep(files fileSystem, name string) error {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	text = bytes.TrimRight(text, "\x00")
	ours := bytes.HasPrefix([]byte(keepMark), text)
	if err != nil || !ours || len(text) == 0 && exists(strings.TrimSuffix(name, ".keep")+".pack") {
		return err
	}
	return files.Remove(name)
}
