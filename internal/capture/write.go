package capture

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

// hold reads a kind whose files carry the names of what they refer to, and notes
// which names must be found.
func (r *run) hold(ctx context.Context, res *result) error {
	var held []item
	var enc canon.Encoder
	for it, err := range r.read(ctx, res) {
		if err != nil {
			if fatal(ctx, err) {
				return err
			}
			res.lose(err)
			return nil
		}
		if it.err == nil {
			r.mu.Lock()
			_, _ = enc.Encode(res.Kind, it.raw, r.names.want) // release reports the error
			r.mu.Unlock()
		}
		held = append(held, it)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held[res.Kind.Name] = held
	return nil
}

// release writes what hold kept.
func (r *run) release(ctx context.Context, res *result, held []item) error {
	if res.lost != nil {
		return nil
	}
	w := r.writer(res)
	for _, it := range held {
		if err := w.write(it, r.names.label); err != nil {
			return err
		}
	}
	return w.close(ctx)
}

// stream reads a kind and writes each object as it comes.
func (r *run) stream(ctx context.Context, res *result) error {
	w := r.writer(res)
	for it, err := range r.read(ctx, res) {
		if err != nil {
			if fatal(ctx, err) {
				return err
			}
			return w.abandon(err)
		}
		if err := w.write(it, w.glosses(it)); err != nil {
			return err
		}
	}
	return w.close(ctx)
}

// writer writes the files of one kind.
type writer struct {
	*run
	res  *result
	enc  canon.Encoder
	seed maphash.Seed
	// seen holds a hash of each path that exists, read or kept, by one of the path in
	// lower case; mixed is the path where that is another.
	seen  map[uint64]uint64
	mixed map[uint64]string
	// read holds a hash of each object's bytes by one of its id, and named the path of
	// each object whose path carries a name.
	read  map[uint64]uint64
	named map[string]string
	// paths are those put so far, while the shard width is still to be chosen.
	paths []string
}

func (r *run) writer(res *result) *writer {
	return &writer{run: r, res: res, seed: maphash.MakeSeed(),
		seen: map[uint64]uint64{}, mixed: map[uint64]string{}, read: map[uint64]uint64{}, named: map[string]string{}}
}

// write gives one object its bytes and puts them. Only an error of the sink or the
// base is returned: an object that cannot be encoded keeps its file.
func (w *writer) write(it item, label canon.Namer) error {
	if it.err != nil {
		return w.keep(it.id, it.err)
	}
	if err := w.carryOver(&it); err != nil {
		return err
	}
	k := w.res.Kind
	out, err := w.enc.Encode(k, it.raw, label)
	if err != nil {
		return w.keep(it.id, err)
	}
	path, err := canon.Path(k, w.res.shards, out.ID, out.Name)
	if err != nil {
		return w.keep(it.id, err)
	}
	w.mu.Lock()
	err = w.store(path, it, out)
	w.mu.Unlock()
	if err != nil && !errors.Is(err, errSink) {
		return w.keep(it.id, err)
	}
	return err
}

// store puts an object's bytes at its path. An error that is not of the sink is why the
// object cannot have that path.
func (w *writer) store(path string, it item, out canon.Encoded) error {
	if err := w.makeRoom(path); err != nil {
		return err
	}
	w.names.see(w.res.Kind, out.ID, it.raw.Body, out.Name)
	change, err := w.put(path, out)
	if errors.Is(err, entra.ErrInvalid) {
		return fmt.Errorf("%s/%s: %w", w.res.Kind.Name, out.ID, err)
	}
	if err != nil {
		return fmt.Errorf("%w: write %s: %w", errSink, path, err)
	}
	again, err := w.again(path, out)
	if err != nil {
		return fmt.Errorf("%w: write %s: %w", errSink, path, err)
	}
	w.res.part("").gave(out.ID)
	w.mark(path)
	if !again {
		w.res.holds(w.enc.Unknown(w.res.vocabulary))
		w.count(path, out, change)
		w.res.meet(out.ID, out.Name, change)
		return w.countParts(it, out.Name, change)
	}
	return nil
}

// again reports whether the object was read before in this run: a page token that
// expired, or an object that moved between pages, brings the same object twice. One
// that says something else the second time is noted; the later one counts.
func (w *writer) again(path string, out canon.Encoded) (bool, error) {
	id, bytes := maphash.String(w.seed, out.ID), maphash.Bytes(w.seed, out.YAML)
	before, known := w.read[id]
	w.read[id] = bytes
	old := w.named[out.ID]
	if !w.res.Kind.Bulk {
		w.named[out.ID] = path
	}
	if !known || before == bytes {
		return known, nil
	}
	w.res.note("objects", fmt.Errorf("%s/%s: two objects with one id, of which the later one is kept: %w", w.res.Kind.Name, out.ID, entra.ErrInvalid))
	if old == "" || old == path {
		return true, nil
	}
	return true, w.sink.Delete(old)
}

// put stores an object's bytes and says what that means for the object: a file that
// differs in comments alone is no change, and one that only moved is no addition.
func (w *writer) put(path string, out canon.Encoded) (entra.ChangeType, error) {
	k := w.res.Kind
	if kept, err := w.comments(path, out.YAML); kept != nil || err != nil {
		_, err = w.sink.Put(path, kept)
		return "", err
	}
	change, err := w.sink.Put(path, out.YAML)
	if err != nil {
		return "", err
	}
	if change == entra.Changed && k.Annotate && w.sameButComments(path, out.YAML) {
		return "", nil
	}
	if _, again := w.read[maphash.String(w.seed, out.ID)]; again || change != entra.Added || w.addressed(k) {
		return change, nil // the file of before went when the object came first
	}
	from, err := w.pathBefore(k, out.ID)
	if err != nil || from == "" {
		return change, err
	}
	w.mark(from)
	return entra.Changed, w.sink.Delete(from)
}

// count notes an object that was read for the first time in this run.
func (w *writer) count(path string, out canon.Encoded, change entra.ChangeType) {
	w.res.Objects++
	w.res.count(entra.Key{Kind: w.res.Kind.Name, ID: out.ID}, out.Name, change)
	if w.res.empty && w.res.shards == 0 && w.res.Kind.Bulk {
		w.paths = append(w.paths, path)
	}
	if w.opts.Progress != nil {
		w.opts.Progress(w.res.Kind.Name, w.res.Objects)
	}
}

func (w *writer) sameButComments(path string, data []byte) bool {
	old, err := w.base.Read(path)
	return err == nil && yaml.EqualIgnoringComments(old, data)
}

// keep notes why an object was not read and marks the file that it has in the
// snapshot before as still there.
func (w *writer) keep(id string, why error) error {
	switch {
	case w.res.Kind.Singleton:
		return w.abandon(why)
	case id == "":
		w.res.note("objects", why)
		w.res.nameless = true
		return nil
	}
	w.res.part("").missed(id, why)
	path, err := w.pathBefore(w.res.Kind, id)
	if path == "" || err != nil {
		return err
	}
	had, err := w.inBase(path)
	if !had || err != nil {
		return err // it has no file to keep
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.makeRoom(path); err != nil {
		return err
	}
	w.mark(path)
	return nil
}

// close removes the files of objects that no longer exist and, for a kind that had
// none, chooses the width of its shards.
func (w *writer) close(ctx context.Context) error {
	if w.res.lost != nil {
		return nil
	}
	if err := w.doubt(ctx); err != nil {
		return err
	}
	if err := w.keepOwned(); err != nil {
		return err
	}
	if p := w.res.part(""); len(p.exceptions) > maxExceptions {
		return w.abandon(fmt.Errorf("%d objects could not be read, first: %w", p.count(), p.first))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.shard(); err != nil || w.res.nameless {
		return err
	}
	for path, err := range w.base.Paths(canon.Folder(w.res.Kind)) {
		if err != nil {
			return fmt.Errorf("%w: %w", errSink, err)
		}
		w.res.Before++
		if folded, exact := w.hashes(path); w.seen[folded] == exact {
			continue
		}
		if err := w.remove(path); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes the file of an object that no longer exists, or that moved to
// another name.
func (w *writer) remove(path string) error {
	_, id, ok := canon.ParsePath(path)
	if !ok {
		return fmt.Errorf("%w: %s: not the path of an object: %w", errSink, path, entra.ErrInvalid)
	}
	name := id
	if id == "" {
		id = w.res.Kind.Name
	}
	if data, err := w.base.Read(path); err == nil {
		if o, err := canon.Decode(w.res.Kind, path, data); err == nil {
			id, name = o.ID, o.Name
		}
	}
	if err := w.sink.Delete(path); err != nil {
		return fmt.Errorf("%w: delete %s: %w", errSink, path, err)
	}
	key := entra.Key{Kind: w.res.Kind.Name, ID: id}
	if again, err := w.successor(key); again != key || err != nil {
		w.res.recreated(again, name)
		return err
	}
	w.res.count(key, name, entra.Removed)
	return nil
}

// successor returns the key by which an object was read that has another in the snapshot
// before, because it was created again since; its own key where it was not.
func (w *writer) successor(key entra.Key) (entra.Key, error) {
	now := w.opts.Lineage.Key(key)
	if _, read := w.read[maphash.String(w.seed, now.ID)]; !read || now == key || w.res.again[now] {
		return key, nil
	}
	before, err := w.pathBefore(w.res.Kind, now.ID)
	if err != nil || before == "" {
		return now, err
	}
	if had, err := w.inBase(before); had || err != nil {
		return key, err // both were there before: two objects, of which one went
	}
	return now, nil
}

// shard moves the files of a kind that had none into shards of the width that their
// number asks for.
func (w *writer) shard() error {
	width := canon.ShardWidth(len(w.paths))
	if width == 0 {
		return nil
	}
	for _, from := range w.paths {
		_, id, _ := canon.ParsePath(from)
		to, err := canon.Path(w.res.Kind, width, id, "")
		if err == nil {
			err = w.sink.Move(from, to)
		}
		if err != nil {
			return fmt.Errorf("%w: move %s: %w", errSink, from, err)
		}
	}
	w.res.shards = width
	return nil
}

// abandon gives up a kind that could not be listed to its end: it keeps the files of
// the snapshot before.
func (w *writer) abandon(cause error) error {
	w.res.lose(cause)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.sink.Reset(canon.Folder(w.res.Kind)); err != nil {
		return fmt.Errorf("%w: %w", errSink, err)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.SortedFunc(maps.Keys(m), strings.Compare)
}
