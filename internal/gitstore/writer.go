package gitstore

import (
	"context"
	"errors"
	"fmt"
)

// BeginOptions say what a snapshot may assume about its reference.
type BeginOptions struct {
	// Root starts a history: the reference must not exist and the first commit has
	// no parent. Without it the reference must exist.
	Root bool
	// From is the commit whose files the snapshot starts from; zero for its parent.
	From Hash
	// Blank starts the snapshot from no files at all.
	Blank bool
}

// Writer builds one snapshot on top of its parent. Files that are not mentioned
// stay as they are in the parent. It is used from one goroutine and ended by
// Commit or Abort; until then the repository is locked against other writers.
type Writer struct {
	repo    *Repo
	ref     string
	release func()
	old     Hash // where ref is; zero for a root
	parent  *Tree
	root    *dirNode
	hasher  *hasher
	pack    *packWriter       // nil until there is something to write
	written map[Hash]struct{} // objects in pack
	stats   WriteStats
}

// WriteStats counts what a snapshot added to the repository.
type WriteStats struct {
	Blobs int
	Trees int
}

// Begin takes the run lock, clears what a killed run left behind, and starts a
// snapshot on ref. [ErrLocked] means that another run is writing, [ErrDamaged]
// that the reference or its commit cannot be read.
func (r *Repo) Begin(ctx context.Context, ref string, o BeginOptions) (_ *Writer, err error) {
	if err := r.checkTarget(ref); err != nil {
		return nil, err
	}
	release, err := r.lockRun(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			release()
		}
	}()
	w := &Writer{repo: r, ref: ref, release: release, hasher: newHasher(), written: map[Hash]struct{}{}}
	if o.Root {
		err = r.expectRef(ref, Hash{})
		w.parent = r.treeAt(Hash{})
	} else {
		err = w.loadParent(o)
	}
	if err != nil {
		return nil, fmt.Errorf("begin snapshot on %s: %w", ref, err)
	}
	w.root = newDirNode(w.parent.hash)
	return w, nil
}

// Beside starts a commit on another reference, which need not exist, under the lock that w
// holds: what the snapshot names has to be there before the snapshot is. It is ended by its own
// Commit or Abort, before w is.
func (w *Writer) Beside(ref string) (*Writer, error) {
	if err := w.repo.checkTarget(ref); err != nil {
		return nil, err
	}
	old, ok, err := w.repo.Ref(ref)
	if err != nil {
		return nil, fmt.Errorf("begin on %s: %w", ref, err)
	}
	b := &Writer{repo: w.repo, ref: ref, release: func() {}, hasher: newHasher(), written: map[Hash]struct{}{}, parent: w.repo.treeAt(Hash{})}
	if ok {
		err = b.loadParent(BeginOptions{})
	}
	if err != nil {
		return nil, fmt.Errorf("begin on %s at %s: %w", ref, old.Short(), err)
	}
	b.root = newDirNode(b.parent.hash)
	return b, nil
}

// checkTarget refuses the branch that a work tree has checked out: moving it would
// make every file there look edited.
func (r *Repo) checkTarget(ref string) error {
	if err := checkRefName(ref); err != nil {
		return err
	}
	if !r.bare && r.headTarget() == ref {
		return fmt.Errorf("begin snapshot on %s: %w: it is checked out in a work tree", ref, ErrNotRepository)
	}
	return nil
}

func (w *Writer) loadParent(o BeginOptions) (err error) {
	if w.old, err = w.repo.Head(w.ref); err != nil {
		return err
	}
	if o.Blank {
		w.parent = w.repo.treeAt(Hash{})
		return nil
	}
	from := o.From
	if from.IsZero() {
		from = w.old
	}
	c, err := w.repo.Commit(from)
	if err != nil {
		return err
	}
	w.parent = w.repo.treeAt(c.Tree)
	return nil
}

// Parent returns the tree that the snapshot starts from; a root's is empty.
func (w *Writer) Parent() *Tree { return w.parent }

// ParentCommit returns the commit that the snapshot continues; zero for a root.
func (w *Writer) ParentCommit() Hash { return w.old }

// Put sets the content of the file at path and reports whether it differs from the
// parent's. Bytes that the parent has already are not written. data may be reused
// once Put returns.
func (w *Writer) Put(path string, data []byte) (changed bool, err error) {
	if err := CheckPath(path); err != nil {
		return false, fmt.Errorf("put: %w", err)
	}
	if len(data) > maxBlobSize {
		return false, fmt.Errorf("put %s: %w", path, ErrTooLarge)
	}
	h := w.hasher.object(typeBlob, data)
	changed, err = w.set(path, h)
	if err == nil && changed {
		err = w.store(typeBlob, h, data)
	}
	if err != nil {
		return false, fmt.Errorf("put %s: %w", path, err)
	}
	return changed, nil
}

// Delete removes the file at path. A file that does not exist is [ErrNotFound]: a
// caller that deletes what was never there has lost track of the state. A directory
// vanishes with its last file.
func (w *Writer) Delete(path string) error {
	if err := CheckPath(path); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	if _, err := w.set(path, Hash{}); err != nil {
		return fmt.Errorf("delete %s: %w", path, err)
	}
	return nil
}

// store adds an object to the snapshot's pack, once.
func (w *Writer) store(t objectType, h Hash, data []byte) (err error) {
	if _, ok := w.written[h]; ok {
		return nil
	}
	if w.pack == nil {
		if w.pack, err = newPackWriter(w.repo.fs, w.repo.packDir()); err != nil {
			return err
		}
	}
	w.written[h] = struct{}{}
	switch t {
	case typeBlob:
		w.stats.Blobs++
	case typeTree:
		w.stats.Trees++
	}
	return w.pack.add(t, h, data)
}

// Stats returns how many blobs and trees the snapshot has written so far.
func (w *Writer) Stats() WriteStats { return w.stats }

// Commit records the snapshot: the directories that changed, the commit, then the
// reference. It ends the Writer, whatever it returns. When it fails the reference
// has not moved, with two exceptions that its text names: the final sync of the
// directory, and a pack that was removed and could not be put back.
func (w *Writer) Commit(ctx context.Context, o CommitOptions) (Hash, error) {
	defer w.Abort()
	if w.release == nil {
		return Hash{}, errors.New("commit: the snapshot has ended")
	}
	h, err := w.commit(ctx, o)
	if err != nil {
		return Hash{}, fmt.Errorf("commit to %s: %w", w.ref, err)
	}
	return h, nil
}

func (w *Writer) commit(ctx context.Context, o CommitOptions) (Hash, error) {
	ref, old, err := w.target(o)
	if err != nil {
		return Hash{}, err
	}
	tree, err := w.writeTrees()
	if err != nil {
		return Hash{}, err
	}
	if tree == w.parent.hash && !o.AllowEmpty {
		return Hash{}, ErrUnchanged
	}
	raw, err := encodeCommit(tree, w.parents(o), o)
	if err != nil {
		return Hash{}, err
	}
	h := w.hasher.object(typeCommit, raw)
	if err := w.store(typeCommit, h, raw); err != nil {
		return Hash{}, err
	}
	// The last moment to stop: what follows takes no longer than the disk does.
	if err := ctx.Err(); err != nil {
		return Hash{}, err
	}
	pack, err := w.install()
	if err != nil {
		return Hash{}, err
	}
	defer pack.release()
	if err := w.repo.moveRef(ref, old, h); err != nil {
		return Hash{}, err
	}
	return h, pack.confirm()
}

// parents are the commits that the snapshot continues.
func (w *Writer) parents(o CommitOptions) []Hash {
	var parents []Hash
	for _, p := range []Hash{w.old, o.Joins} {
		if !p.IsZero() {
			parents = append(parents, p)
		}
	}
	return parents
}

// install hands the pack over to the repository.
func (w *Writer) install() (*keptPack, error) {
	pack := w.pack
	w.pack = nil
	return pack.install()
}

// target returns the reference that takes the commit, and where it is now.
func (w *Writer) target(o CommitOptions) (string, Hash, error) {
	if o.Aside == "" {
		return w.ref, w.old, nil
	}
	if err := w.repo.checkTarget(o.Aside); err != nil {
		return "", Hash{}, err
	}
	now, _, err := w.repo.Ref(o.Aside)
	return o.Aside, now, err
}

// Abort discards the snapshot and releases the repository. After Commit, or a
// second time, it does nothing.
func (w *Writer) Abort() {
	if w.pack != nil {
		w.pack.abort()
		w.pack = nil
	}
	if w.release != nil {
		w.release()
		w.release = nil
	}
}
