package apply

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// Finder is a [Reader] that finds objects by their name: what a creation has made of which
// the answer was lost has an id that nobody knows.
type Finder interface {
	Named(ctx context.Context, tenant string, k *kind.Kind, name string) ([]entra.Key, error)
}

// Named implements [Finder].
func (l Live) Named(ctx context.Context, tenant string, k *kind.Kind, name string) ([]entra.Key, error) {
	listed, err := l.named(ctx, tenant, k, name)
	if err != nil {
		return nil, fmt.Errorf("look for %s of the name: %w", k.Name, err)
	}
	var keys []entra.Key
	for _, o := range listed {
		if o.Name == name {
			keys = append(keys, o.Key)
		}
	}
	return keys, nil
}

func (l Live) named(ctx context.Context, tenant string, k *kind.Kind, name string) ([]entra.Listed, error) {
	if !k.NameFilter {
		all, now, err := capture.Unknown(ctx, l.Source, tenant, k, func(string) (bool, error) { return false, nil })
		if err == nil && now.State != entra.Complete {
			err = fmt.Errorf("%s: %w", now.Cause, entra.ErrUnavailable)
		}
		return all, err
	}
	query := url.Values{"$select": {"displayName,id"}, "$filter": {"displayName eq " + quoted(name)}}
	path := kind.Addresses{Tenant: tenant}.Collection(k) + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	resps, err := l.Source.Batch(ctx, []graph.BatchRequest{{Method: "GET", Path: path}})
	if err == nil {
		err = resps[0].Err
	}
	if err != nil {
		return nil, err
	}
	return capture.ListedIn(k, resps[0].Body), nil
}

// skewed is how far Graph's clock may be behind this machine's.
const skewed = 5 * time.Minute

// errInterrupted stands for the answer to a request of a run that ended before it came.
var errInterrupted = fmt.Errorf("the run was interrupted: %w", graph.ErrUnanswered)

// renewed reports whether a step creates an object under an id that Graph chooses, so that
// making it twice makes two.
func renewed(k *kind.Kind, s entra.Step) bool {
	return s.Action == entra.ActionCreate && !k.Recreated()
}

// found looks for what a creation has made of which the answer was lost: one object of the
// name, with all that the step gives it, that was not there before. Its id is learned.
// Looked is false where that could not be found out.
func (r *run) found(ctx context.Context, k *kind.Kind, s entra.Step, since time.Time) (found, looked bool) {
	finder, ok := r.reader.(Finder)
	if !ok {
		return false, false
	}
	var matches []*entra.Object
	var err error
	r.courier.aside(func() { matches, err = r.made(ctx, finder, k, s, since) })
	if err != nil || len(matches) > 1 {
		return false, false
	}
	if len(matches) == 0 {
		return false, true
	}
	answer := map[string]any{"id": matches[0].ID}
	if appID, ok := matches[0].Property("appId").(string); ok {
		answer["appId"] = appID
	}
	err = r.learn(s, encode(answer))
	return err == nil, err == nil
}

// made are the objects that a creation may have made.
func (r *run) made(ctx context.Context, finder Finder, k *kind.Kind, s entra.Step, since time.Time) ([]*entra.Object, error) {
	keys, err := finder.Named(ctx, r.plan.Tenant, k, s.Name)
	if err != nil {
		return nil, err
	}
	var sought []entra.Identity
	for _, key := range keys {
		if !r.knows(key) {
			sought = append(sought, entra.Identity{Key: key})
		}
	}
	if len(sought) == 0 {
		return nil, nil
	}
	read, err := r.reader.Objects(ctx, sought)
	if err != nil {
		return nil, err
	}
	var matches []*entra.Object
	for _, i := range sought {
		o := read.Objects[i.Key]
		if o == nil {
			return nil, errors.New("one of them could not be read")
		}
		created, err := time.Parse(time.RFC3339, o.Text(createdProperty))
		if old := err == nil && created.Before(since.Add(-skewed)); !old && remaining(k, s, r.viewed(o)) == nil {
			matches = append(matches, o)
		}
	}
	return matches, nil
}

// knows reports whether an object was there before the run, or is another one that it has
// created.
func (r *run) knows(key entra.Key) bool {
	if _, planned := r.plan.Live[key.String()]; planned {
		return true
	}
	for _, o := range r.plan.Added {
		if o.Key == key {
			return true
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, now := range r.renderer.IDs {
		if name.Kind == key.Kind && now == key.ID {
			return true
		}
	}
	return false
}

// viewed is an object as the plan speaks of it.
func (r *run) viewed(o *entra.Object) *entra.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.renderer.IDs.view(&r.plan, o)
}
