package gitstore

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// consolidate copies the small packs into one, as they are, and then removes them. The
// caller holds the run lock.
func (r *Repo) consolidate() error {
	if exists(filepath.Join(r.packDir(), "multi-pack-index")) {
		return errors.New("a native git keeps an index over all packs here: let git repack put them together")
	}
	small, names, err := r.openSmall()
	if err != nil || small == nil {
		return err
	}
	merged, err := r.merge(small)
	if closeErr := small.close(); err == nil {
		err = closeErr
	}
	if err != nil {
		merged.release()
		return fmt.Errorf("put %d packs together: %w", len(names), err)
	}
	defer merged.release()
	for _, name := range names {
		if err := r.dropPack(name); err != nil {
			return fmt.Errorf("remove a pack: %w", err)
		}
	}
	return nil
}

// openSmall opens the packs that are to become one, or none when there are fewer than two:
// ours, without deltas, whose objects are few beside those of the larger packs.
func (r *Repo) openSmall() (small *objectStore, names []Hash, err error) {
	all := newObjectStore(filepath.Join(r.dir, "objects"))
	if _, err := all.rescan(); err != nil {
		return nil, nil, errors.Join(err, all.close())
	}
	var chosen []*pack
	for _, p := range tail(slices.Clone(all.packs)) {
		mergeable, err := p.isMergeable()
		if err != nil {
			return nil, nil, errors.Join(err, all.close())
		}
		if mergeable {
			name, _ := p.hashName()
			chosen, names = append(chosen, p), append(names, name)
		}
	}
	for _, p := range all.packs {
		if !slices.Contains(chosen, p) {
			_ = p.file.Close() // it was open for reading
		}
	}
	all.packs = chosen
	if len(chosen) < 2 {
		return nil, nil, all.close()
	}
	return all, names, nil
}

// tail returns the smallest packs, up to the last one that does not outweigh all smaller
// ones twice. So an object is copied again only when the pack it lies in has doubled.
func tail(packs []*pack) []*pack {
	slices.SortFunc(packs, func(a, b *pack) int { return cmp.Compare(a.idx.count, b.idx.count) })
	end, sum := 0, 0
	for i, p := range packs {
		if p.idx.count < 2*sum {
			end = i + 1
		}
		sum += p.idx.count
	}
	return packs[:end]
}

// hashName returns the name that the pack's file has.
func (p *pack) hashName() (Hash, bool) {
	h, err := ParseHash(strings.TrimPrefix(filepath.Base(p.base()), "pack-"))
	return h, err == nil
}

// base is the pack's path without an extension.
func (p *pack) base() string { return strings.TrimSuffix(p.name, ".pack") }

// isMergeable reports whether a pack may be replaced: nobody keeps it, it has the name of
// a pack, and its entries can be copied as they are, which deltas cannot.
func (p *pack) isMergeable() (bool, error) {
	if _, ok := p.hashName(); !ok || exists(p.base()+".keep") || exists(p.base()+".promisor") {
		return false, nil
	}
	for i := range p.idx.count {
		h, err := p.header(p.idx.offset(i))
		if err != nil {
			return false, fmt.Errorf("%w: pack %s: %w", ErrDamaged, p.name, err)
		}
		if h.kind == typeOfsDelta || h.kind == typeRefDelta {
			return false, nil
		}
	}
	return true, nil
}

// merge writes the objects of all packs of a store into a new one and reads each back.
func (r *Repo) merge(from *objectStore) (*keptPack, error) {
	var objects []Hash
	seen := map[Hash]struct{}{}
	for _, p := range from.packs {
		for _, i := range p.idx.layout() {
			h := p.idx.hash(i)
			if _, ok := seen[h]; !ok {
				seen[h] = struct{}{}
				objects = append(objects, h)
			}
		}
	}
	w, err := newPackWriter(r.fs, r.packDir())
	if err != nil {
		return nil, err
	}
	if err := from.copyTo(w, objects); err != nil {
		w.abort()
		return nil, err
	}
	merged, err := w.install()
	if err != nil {
		return nil, err
	}
	return merged, merged.readBack()
}

// readBack reads every object of the pack from disk, which must hash to its name.
func (k *keptPack) readBack() error {
	store := newObjectStore(filepath.Dir(filepath.Dir(k.base)))
	p, err := openPack(k.base+".idx", &store.zip)
	if err != nil {
		return err
	}
	store.packs = []*pack{p}
	defer func() { _ = store.close() }()
	for _, e := range k.entries {
		if _, _, err := store.readAny(e.hash); err != nil {
			return err
		}
	}
	return nil
}

// dropPack removes a pack. Its index goes first, to where recovery takes it for that of a
// pack without one: so a kill leaves nothing that the next run does not remove.
func (r *Repo) dropPack(name Hash) error {
	base := packPath(r.packDir(), name)
	tmpIdx := filepath.Join(r.packDir(), tmpIdxPrefix+name.String())
	if err := r.fs.Rename(base+".idx", tmpIdx); err != nil {
		return err
	}
	for _, extension := range []string{".rev", ".bitmap", ".mtimes", ".pack"} {
		if file := base + extension; exists(file) {
			if err := r.fs.Remove(file); err != nil {
				return err
			}
		}
	}
	return r.fs.Remove(tmpIdx)
}
