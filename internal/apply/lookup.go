package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// lookUp asks the tenant which references lead to an object, and of which kind; of those that
// lead to none by its id, whether it can be taken back. What is of a kind that entragit does
// not know, or may not be looked up, is left to Graph to judge.
func lookUp(ctx context.Context, src capture.Source, book kind.Addresses, refs []plan.Reference) (func(*kind.Reference, string) (string, error), error) {
	l := &lookup{book: book, found: map[string]string{}, failed: map[string]error{}}
	if err := l.live(ctx, src, refs); err != nil {
		return nil, fmt.Errorf("look up references: %w", err)
	}
	if err := l.deleted(ctx, src, refs); err != nil {
		return nil, fmt.Errorf("look up references among the deleted items: %w", err)
	}
	return func(ref *kind.Reference, referent string) (string, error) {
		id := referenceID(ref, referent)
		if kindName, ok := l.found[id]; ok {
			return kindName, nil
		}
		if err := l.failed[id]; err != nil {
			return "", err
		}
		return "", entra.ErrNotFound
	}, nil
}

// lookup is the answers of the tenant, by [referenceID]: what references lead to, and why one
// leads nowhere where that is more than that there is no such object.
type lookup struct {
	book   kind.Addresses
	found  map[string]string
	failed map[string]error
}

// question is one request about a reference: whether an object of the kind is what it leads
// to.
type question struct {
	id   string // of the reference
	ref  plan.Reference
	kind *kind.Kind
}

// usable reports whether an object, as Graph answered it, meets a condition.
func usable(c *kind.Condition, body []byte) bool {
	var object map[string]any
	return c == nil || json.Unmarshal(body, &object) == nil && c.Holds(object[c.Property])
}

// ask makes a request for each kind that each reference may lead to.
func ask(ctx context.Context, src capture.Source, refs []plan.Reference, path func(*kind.Kind, plan.Reference) string) ([]question, []graph.BatchResponse, error) {
	var asked []question
	var reqs []graph.BatchRequest
	for _, ref := range refs {
		for _, target := range ref.Targets {
			k := kind.ByName(target)
			if at := path(k, ref); at != "" {
				asked = append(asked, question{referenceID(ref.Reference, ref.Value), ref, k})
				reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: at})
			}
		}
	}
	resps, err := src.Batch(ctx, reqs)
	return asked, resps, err
}

// live asks for what is there.
func (l *lookup) live(ctx context.Context, src capture.Source, refs []plan.Reference) error {
	asked, resps, err := ask(ctx, src, refs, func(k *kind.Kind, ref plan.Reference) string {
		if k == nil || k.Unavailable != "" {
			l.found[referenceID(ref.Reference, ref.Value)] = ""
			return ""
		}
		if k.Lacking(src.Cloud()).All {
			return "" // there is none
		}
		at := l.book.Referred(k, ref.By, ref.Value) + "?$select=id"
		if ref.Usable != nil {
			at += "," + ref.Usable.Property
		}
		return at
	})
	if err != nil {
		return err
	}
	for i, resp := range resps {
		id := asked[i].id
		_, known := l.found[id]
		switch {
		case resp.Err == nil && !usable(asked[i].ref.Usable, resp.Body):
			l.failed[id] = plan.ErrUnusable
		case resp.Err == nil:
			l.found[id] = asked[i].kind.Name
		case entra.Denied(resp.Err) && !known:
			l.found[id] = ""
		case entra.Denied(resp.Err), errors.Is(resp.Err, entra.ErrNotFound), noID(resp.Err):
		default:
			l.failed[id] = resp.Err
		}
	}
	return nil
}

// deleted asks for what was not found, among the soft-deleted objects. That this could not be
// read of one says nothing of it.
func (l *lookup) deleted(ctx context.Context, src capture.Source, refs []plan.Reference) error {
	asked, resps, err := ask(ctx, src, refs, func(k *kind.Kind, ref plan.Reference) string {
		id := referenceID(ref.Reference, ref.Value)
		if _, there := l.found[id]; there || l.failed[id] != nil || ref.By != "" || k.Deletion.Mode != kind.DeleteSoft || k.Lacking(src.Cloud()).Deleted {
			return ""
		}
		return l.book.DeletedAsType(k, ref.Value) + "?$select=id,displayName,deletedDateTime"
	})
	if err != nil {
		return err
	}
	for i, resp := range resps {
		var item struct {
			ID, DisplayName string
			DeletedDateTime time.Time
		}
		if resp.Err != nil || json.Unmarshal(resp.Body, &item) != nil {
			continue
		}
		absent := &plan.Absent{Key: entra.Key{Kind: asked[i].kind.Name, ID: item.ID}, Name: item.DisplayName}
		if !item.DeletedDateTime.IsZero() {
			absent.Until = item.DeletedDateTime.Add(kind.Retention)
		}
		l.failed[asked[i].id] = absent
	}
	return nil
}

// noID reports whether Graph refused a lookup because the value cannot be an object's id,
// so that there is no such object. Any other refusal says nothing of the object.
func noID(err error) bool {
	var refused *graph.Error
	return errors.As(err, &refused) && errors.Is(err, entra.ErrRejected) &&
		(strings.HasSuffix(refused.Code, "ResourceNotFound") || strings.HasPrefix(refused.Message, "Invalid object identifier"))
}

// referenceID tells references apart by what they can lead to.
func referenceID(ref *kind.Reference, value string) string {
	return strings.Join(ref.Targets, ",") + "\x00" + ref.By + "\x00" + value
}
