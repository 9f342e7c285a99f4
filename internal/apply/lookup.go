package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// lookUp asks the tenant which references lead to an object, and of which kind. What is of
// a kind that entragit does not know, or may not be looked up, is left to Graph to judge.
func lookUp(ctx context.Context, src capture.Source, book kind.Addresses, refs []plan.Reference) (func(*kind.Reference, string) (string, error), error) {
	type question struct {
		id, kind string
		usable   *kind.Condition
	}
	var reqs []graph.BatchRequest
	var asked []question
	found := map[string]string{}
	for _, ref := range refs {
		id := referenceID(ref.Reference, ref.Value)
		for _, target := range ref.Targets {
			k := kind.ByName(target)
			if k == nil || k.Unavailable != "" {
				found[id] = ""
				continue
			}
			path := book.Referred(k, ref.By, ref.Value) + "?$select=id"
			if ref.Usable != nil {
				path += "," + ref.Usable.Property
			}
			reqs = append(reqs, graph.BatchRequest{Method: "GET", Path: path})
			asked = append(asked, question{id, target, ref.Usable})
		}
	}
	unknown := map[string]error{}
	resps, err := src.Batch(ctx, reqs)
	if err != nil {
		return nil, fmt.Errorf("look up references: %w", err)
	}
	for i, resp := range resps {
		_, known := found[asked[i].id]
		switch {
		case resp.Err == nil && !usable(asked[i].usable, resp.Body):
			unknown[asked[i].id] = plan.ErrUnusable
		case resp.Err == nil:
			found[asked[i].id] = asked[i].kind
		case errors.Is(resp.Err, entra.ErrForbidden) && !known:
			found[asked[i].id] = ""
		case errors.Is(resp.Err, entra.ErrForbidden), errors.Is(resp.Err, entra.ErrNotFound), noID(resp.Err):
		default:
			unknown[asked[i].id] = resp.Err
		}
	}
	return func(ref *kind.Reference, referent string) (string, error) {
		id := referenceID(ref, referent)
		kindName, ok := found[id]
		switch {
		case ok:
			return kindName, nil
		case unknown[id] != nil:
			return "", unknown[id]
		}
		return "", entra.ErrNotFound
	}, nil
}

// usable reports whether an object, as Graph answered it, meets a condition.
func usable(c *kind.Condition, body []byte) bool {
	var object map[string]any
	return c == nil || json.Unmarshal(body, &object) == nil && c.Holds(object[c.Property])
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
