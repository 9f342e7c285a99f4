package capture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

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
	// Failed are those that could not be read, completely or at all. An object that is
	// in none of the three does not exist.
	Failed map[entra.Key]error
}

// Objects reads a few objects with their links and contained collections, by $batch
// alone. It fails when nothing could be learned; the failure of a single object is in
// the result.
func Objects(ctx context.Context, src Source, keys []entra.Key) (*Live, error) {
	live := &Live{
		Objects: map[entra.Key]*entra.Object{},
		Deleted: map[entra.Key]*entra.Object{},
		Failed:  map[entra.Key]error{},
	}
	var gone []entra.Key
	for k, ids := range byKind(keys) {
		missing, err := live.read(ctx, src, k, ids)
		if err != nil {
			return nil, err
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
func (l *Live) read(ctx context.Context, src Source, k *kind.Kind, ids []string) ([]entra.Key, error) {
	bodies, err := bodies(ctx, src, k, ids)
	if err != nil {
		return nil, err
	}
	res := newResult(k, entra.Coverage{})
	c := &children{src: src, res: res, calls: childCalls(k)}
	var missing []entra.Key
	for i, b := range bodies {
		key := entra.Key{Kind: k.Name, ID: ids[i]}
		switch {
		case errors.Is(b.err, entra.ErrNotFound):
			missing = append(missing, key)
		case b.err != nil:
			l.Failed[key] = fmt.Errorf("read %s: %w", key, b.err)
		default:
			c.add(item{id: ids[i], raw: canon.Raw{Body: b.body}})
		}
	}
	items, err := c.flush(ctx)
	if err != nil {
		return nil, err
	}
	for _, it := range items {
		l.take(k, res, it)
	}
	return missing, nil
}

// take decodes one object that was read.
func (l *Live) take(k *kind.Kind, res *result, it item) {
	key := entra.Key{Kind: k.Name, ID: it.id}
	if len(it.unread) > 0 {
		l.Failed[key] = fmt.Errorf("read %s of %s: %w", it.unread[0], key, res.children[it.unread[0]].first)
		return
	}
	var enc canon.Encoder
	o, err := enc.Object(k, it.raw)
	if err != nil {
		l.Failed[key] = err
		return
	}
	o.IDs = ids(k, it.raw)
	l.Objects[key] = o
}

// ids reads the ids of contained elements that are not part of their natural key.
func ids(k *kind.Kind, raw canon.Raw) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, c := range k.Contained {
		for _, body := range raw.Contained[c.Name] {
			var element map[string]any
			if json.Unmarshal(body, &element) != nil {
				continue // Encode has refused it
			}
			id, _ := element["id"].(string)
			if key, ok := kind.ElementKey(element, c.Key); ok && id != "" {
				if all[c.Name] == nil {
					all[c.Name] = map[string]string{}
				}
				all[c.Name][key] = id
			}
		}
	}
	return all
}

// answer is the body of one object, or why there is none.
type answer struct {
	body []byte
	err  error
}

// bodies reads the bodies of objects of one kind, by index.
func bodies(ctx context.Context, src Source, k *kind.Kind, ids []string) ([]answer, error) {
	reqs := make([]graph.BatchRequest, len(ids))
	q := query(k)
	q.Del("$top")
	for i, id := range ids {
		reqs[i] = graph.BatchRequest{Method: "GET", Path: objectPath(k, id)}
		if len(q) > 0 {
			reqs[i].Path += "?" + q.Encode()
		}
	}
	resps, err := src.Batch(ctx, reqs)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", k.Name, err)
	}
	answers := make([]answer, len(resps))
	for i, resp := range resps {
		answers[i] = answer{resp.Body, resp.Err}
		if resp.Err != nil && fatal(ctx, resp.Err) {
			return nil, resp.Err
		}
	}
	return answers, nil
}

// readDeleted looks for objects among the soft-deleted ones.
func (l *Live) readDeleted(ctx context.Context, src Source, gone []entra.Key) error {
	for k, ids := range byKind(gone) {
		if k.Deletion.Mode != kind.DeleteSoft {
			continue
		}
		reqs := make([]graph.BatchRequest, len(ids))
		for i, id := range ids {
			reqs[i] = graph.BatchRequest{Method: "GET", Path: deletedPath(k, id)}
		}
		resps, err := src.Batch(ctx, reqs)
		if err != nil {
			return fmt.Errorf("read deleted %s: %w", k.Name, err)
		}
		for i, resp := range resps {
			key := entra.Key{Kind: k.Name, ID: ids[i]}
			if errors.Is(resp.Err, entra.ErrNotFound) {
				continue
			}
			o, err := deletedObject(k, resp)
			if err != nil {
				l.Failed[key] = fmt.Errorf("read deleted %s: %w", key, err)
				continue
			}
			l.Deleted[key] = o
		}
	}
	return nil
}

// deletedPath reads a soft-deleted object with every property of its kind. Those of
// the directory share one collection, where only a cast to the type gives them.
func deletedPath(k *kind.Kind, id string) string {
	path := k.Deletion.RestorePath + "/" + url.PathEscape(id)
	if !k.Select {
		return path
	}
	if strings.HasSuffix(k.Deletion.DeletedPath, "/"+k.Type) {
		path += "/" + k.Type
	}
	return path + "?$select=" + strings.Join(selected(k), ",")
}

func deletedObject(k *kind.Kind, resp graph.BatchResponse) (*entra.Object, error) {
	if resp.Err != nil {
		return nil, resp.Err
	}
	var enc canon.Encoder
	return enc.Object(k, canon.Raw{Body: resp.Body})
}
