package capture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// Live is what a few objects are now.
type Live struct {
	// Objects are those that exist.
	Objects map[entra.Key]*entra.Object
	// Deleted are those that were soft-deleted and can be restored, as they were when
	// they were deleted; their links and contained objects are not known.
	Deleted map[entra.Key]*entra.Object
	// DeletedAt is when they were deleted, as far as Graph tells it.
	DeletedAt map[entra.Key]time.Time
	// Failed are those of which nothing could be read, and why. An object that is in none
	// of the three does not exist.
	Failed map[entra.Key]error
	// Recreated are the keys that objects go by now which were re-created under another
	// id. [Live.Seek] finds them; Objects then has each under the key that was asked for.
	Recreated map[entra.Key]entra.Key
	// Unwritable are those of Objects of which Graph does not show everything, and why:
	// they must not be written. It completes the sentence "left alone: …".
	Unwritable map[entra.Key]string
	// Coverage is what was read of the objects of each kind, with an exception for each
	// object and each part of one that could not be read, by the id that was asked for.
	Coverage map[string]entra.Coverage
}

// Objects reads a few objects with their links and contained collections, by $batch
// alone. It fails only when the run cannot go on: it was cancelled, or the sign-in was
// refused. What else could not be read is in the result, by object and part.
func Objects(ctx context.Context, src Source, keys []entra.Key) (*Live, error) {
	live := &Live{
		Objects:    map[entra.Key]*entra.Object{},
		Deleted:    map[entra.Key]*entra.Object{},
		DeletedAt:  map[entra.Key]time.Time{},
		Failed:     map[entra.Key]error{},
		Recreated:  map[entra.Key]entra.Key{},
		Unwritable: map[entra.Key]string{},
		Coverage:   map[string]entra.Coverage{},
	}
	r := &reader{src: src}
	var gone []entra.Key
	for k, ids := range byKind(keys) {
		missing, err := live.read(ctx, r, k, ids)
		if err != nil && fatal(ctx, err) {
			return nil, err
		}
		if err != nil {
			live.fail(k, ids, err)
		}
		gone = append(gone, missing...)
	}
	return live, live.readDeleted(ctx, src, gone)
}

// byKind groups ids by their kind, in the order of the table.
func byKind(keys []entra.Key) func(yield func(*kind.Kind, []string) bool) {
	ids := map[string][]string{}
	for _, key := range keys {
		ids[key.Kind] = append(ids[key.Kind], key.ID)
	}
	return func(yield func(*kind.Kind, []string) bool) {
		for _, k := range kind.All() {
			if len(ids[k.Name]) > 0 && !yield(k, ids[k.Name]) {
				return
			}
		}
	}
}

// read reads objects of one kind and returns the keys of those that do not exist.
func (l *Live) read(ctx context.Context, r *reader, k *kind.Kind, ids []string) ([]entra.Key, error) {
	if k.Unavailable != "" {
		return nil, fmt.Errorf("%s: %w", k.Unavailable, entra.ErrForbidden)
	}
	if k.Lacking(r.src.Cloud()).All {
		return nil, notInCloud(r.src.Cloud())
	}
	v, err := r.view(ctx, k)
	if err != nil {
		return nil, err
	}
	v.calls = slices.DeleteFunc(v.calls, func(c call) bool { return c.self })
	answers, err := r.bodies(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	res := newResult(k, entra.Coverage{}, true)
	res.view = v
	c := newChildren(r.src, res)
	var missing []entra.Key
	for i, a := range answers {
		key := entra.Key{Kind: k.Name, ID: ids[i]}
		if errors.Is(a.err, entra.ErrNotFound) {
			missing = append(missing, key)
			continue
		}
		if a.unwritable != "" {
			l.Unwritable[key] = a.unwritable
		}
		it := item{id: ids[i], raw: canon.Raw{Body: a.body}, err: a.err}
		if it.err == nil && !k.Singleton && redacted(a.body) {
			it.err = errRedacted
		}
		c.add(it)
	}
	items, err := c.flush(ctx)
	if err != nil {
		return nil, err
	}
	l.cover(k, v.extent())
	for _, it := range items {
		key := entra.Key{Kind: k.Name, ID: it.id}
		if it.gone {
			missing = append(missing, key)
			continue
		}
		l.take(res, key, it)
	}
	return missing, nil
}

// fail notes that nothing could be read of some objects.
func (l *Live) fail(k *kind.Kind, ids []string, err error) {
	extent := Extent(k)
	extent.Properties = nil // whatever those ask for that can be read
	l.cover(k, extent)
	for _, id := range ids {
		key := entra.Key{Kind: k.Name, ID: id}
		l.Failed[key] = fmt.Errorf("read %s: %w", key, err)
		l.except(key, "", err)
	}
}

// cover notes what was asked for of objects of a kind.
func (l *Live) cover(k *kind.Kind, extent entra.Coverage) {
	l.Coverage[k.Name] = l.Coverage[k.Name].Join(extent)
}

func (l *Live) except(key entra.Key, part string, err error) {
	l.Coverage[key.Kind] = l.Coverage[key.Kind].Except(entra.Exception{ID: key.ID, Part: part, Cause: cause(err)})
}

// take decodes one object that was read.
func (l *Live) take(res *result, key entra.Key, it item) {
	if it.err == nil {
		var enc canon.Encoder
		l.Objects[key], it.err = enc.Object(res.Kind, it.raw)
	}
	if it.err == nil && res.Kind.Put {
		d := json.NewDecoder(bytes.NewReader(it.raw.Body))
		d.UseNumber() // as in files
		it.err = d.Decode(&l.Objects[key].Answered)
	}
	if it.err != nil {
		delete(l.Objects, key)
		l.Failed[key] = fmt.Errorf("read %s: %w", key, it.err)
		l.except(key, "", it.err)
		return
	}
	for _, u := range it.unread {
		l.except(key, u.part, u.err)
	}
}

// answer is the body of one object, or why there is none.
type answer struct {
	body []byte
	err  error
	// unwritable is why the body is not all there is.
	unwritable string
}

// bodies reads the bodies of objects of one kind, by index.
func (r *reader) bodies(ctx context.Context, v *view, ids []string) ([]answer, error) {
	answers := make([]answer, len(ids))
	all := make([]int, len(ids))
	for i := range all {
		all[i] = i
	}
	if err := r.fill(ctx, v, ids, answers, all); err != nil {
		return nil, err
	}
	var closed, hidden []int
	for i, a := range answers {
		if entra.Denied(a.err) {
			closed = append(closed, i)
		}
		if previews(v.Kind, a.err) {
			hidden = append(hidden, i)
		}
	}
	if len(v.extras) > 0 && len(closed) > 0 {
		v.withoutExtras(answers[closed[0]].err)
		if err := r.fill(ctx, v, ids, answers, closed); err != nil {
			return nil, err
		}
	}
	return answers, r.fillFromList(ctx, v, ids, answers, hidden)
}

// fill reads the bodies at some indexes.
func (r *reader) fill(ctx context.Context, v *view, ids []string, answers []answer, at []int) error {
	reqs := make([]graph.BatchRequest, len(at))
	for i, n := range at {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: withQuery(v.object(ids[n]), v.query())}
	}
	resps, err := r.src.Batch(ctx, reqs)
	if err != nil {
		return fmt.Errorf("read %s: %w", v.Name, err)
	}
	v.answered(r.src)
	for i, resp := range resps {
		answers[at[i]] = answer{body: resp.Body, err: resp.Err}
		if resp.Err != nil && fatal(ctx, resp.Err) {
			return resp.Err
		}
	}
	return nil
}

// previews reports whether an object is refused because of features that v1.0 cannot
// express.
func previews(k *kind.Kind, err error) bool {
	var refused *graph.Error
	return k.Preview != "" && errors.As(err, &refused) && strings.HasPrefix(refused.Message, k.Preview)
}

// fillFromList finds objects among those that a list returns.
func (r *reader) fillFromList(ctx context.Context, v *view, ids []string, answers []answer, at []int) error {
	if len(at) == 0 {
		return nil
	}
	wanted := map[string]int{}
	for _, i := range at {
		wanted[ids[i]] = i
	}
	for body, err := range r.list(ctx, v) {
		if err != nil && fatal(ctx, err) {
			return fmt.Errorf("read %s: %w", v.Name, err)
		}
		if err != nil {
			return nil // what was not found so far keeps its refusal
		}
		if i, ok := wanted[newItem(v.Kind, body).id]; ok {
			answers[i] = answer{body: slices.Clone(body), unwritable: inPreview}
		}
	}
	return nil
}

const inPreview = "it uses preview features, which Graph v1.0 neither shows nor writes"

// readDeleted looks for objects among the soft-deleted ones.
func (l *Live) readDeleted(ctx context.Context, src Source, gone []entra.Key) error {
	for k, ids := range byKind(gone) {
		lacking := k.Lacking(src.Cloud())
		if k.Deletion.Mode != kind.DeleteSoft || lacking.Deleted {
			continue
		}
		reqs := make([]graph.BatchRequest, len(ids))
		for i, id := range ids {
			reqs[i] = graph.BatchRequest{Method: "GET", Path: deletedPath(k, id, lacking)}
		}
		resps, err := src.Batch(ctx, reqs)
		if err != nil && fatal(ctx, err) {
			return fmt.Errorf("read deleted %s: %w", k.Name, err)
		}
		if err != nil {
			l.fail(k, ids, fmt.Errorf("among the deleted: %w", err))
		}
		for i, resp := range resps {
			key := entra.Key{Kind: k.Name, ID: ids[i]}
			if errors.Is(resp.Err, entra.ErrNotFound) {
				continue
			}
			o, err := deletedObject(k, resp)
			if err != nil && fatal(ctx, err) {
				return fmt.Errorf("read deleted %s: %w", k.Name, err)
			}
			if err != nil {
				l.fail(k, ids[i:i+1], fmt.Errorf("among the deleted: %w", err))
				continue
			}
			l.Deleted[key] = o
			if at, err := time.Parse(time.RFC3339, stringProperty(resp.Body, deletedProperty)); err == nil {
				l.DeletedAt[key] = at
			}
		}
	}
	return nil
}

// deletedProperty is when an object was deleted.
const deletedProperty = "deletedDateTime"

// deletedPath reads a soft-deleted object with every property of its kind. Those of
// the directory share one collection, where only a cast to the type gives them.
func deletedPath(k *kind.Kind, id string, lacking kind.Lacking) string {
	var addresses kind.Addresses
	if !byName(k) {
		return addresses.Deleted(k, id)
	}
	names := slices.DeleteFunc(selected(k), func(name string) bool { return lacking.Lacks(entra.SectionSpec, name) })
	return addresses.DeletedAsType(k, id) + "?$select=" + strings.Join(append(names, deletedProperty), ",")
}

// deletedObject is a soft-deleted object as it will be when it comes back.
func deletedObject(k *kind.Kind, resp graph.BatchResponse) (*entra.Object, error) {
	if resp.Err != nil {
		return nil, resp.Err
	}
	var enc canon.Encoder
	o, err := enc.Object(k, canon.Raw{Body: resp.Body})
	if err != nil {
		return nil, err
	}
	if name, ok := o.Spec[k.Deletion.Prefixed].(string); ok {
		o.Spec[k.Deletion.Prefixed] = strings.TrimPrefix(name, strings.ReplaceAll(o.ID, "-", ""))
	}
	return o, nil
}
