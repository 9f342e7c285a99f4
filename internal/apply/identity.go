package apply

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// IDs say what the objects that a plan names are called now, by the identity that the plan
// has for them. One that is not among them is called that still.
type IDs map[entra.Name]string

// Of returns the id by which an object goes now.
func (ids IDs) Of(key entra.Key) string {
	if id := ids[entra.Name{Kind: key.Kind, Value: key.ID}]; id != "" {
		return id
	}
	return key.ID
}

// Note notes what an identity has become, for every kind that knows it.
func (ids IDs) Note(n entra.Name, now string) {
	for _, shared := range kind.Shared(n) {
		ids[shared] = now
	}
}

// now is the rewriting from the identities of a plan to those of today. What the tenant
// itself names although it is gone stays as the tenant has it.
func (ids IDs) now(ref *kind.Reference, identity string) (string, bool) {
	if old, gone := strings.CutPrefix(identity, entra.Gone); gone {
		return old, true
	}
	return kind.Renamed(ids)(ref, identity)
}

// named sets the object before and after the step, and the element that the step is about,
// as they are called now.
func (r *rendering) named(live, planned *entra.Object) {
	if live != nil {
		r.live = kind.Rewrite(r.kind, live, r.IDs.now)
	}
	r.planned = kind.Rewrite(r.kind, planned, r.IDs.now)
	i := slices.IndexFunc(r.kind.Contained, func(c kind.Contained) bool { return c.Name == r.step.Target })
	if i < 0 || len(r.step.Properties) == 0 {
		return
	}
	c := &r.kind.Contained[i]
	r.element = jsonpointer.Split(r.step.Properties[0].Pointer)[2]
	for _, o := range []*entra.Object{planned, live} {
		if o == nil {
			continue
		}
		if elements, ok := diff.ContainedByKey(c, o.Contained[c.Name]); ok && elements[r.element] != nil {
			r.element, _ = c.KeyOf(c.RewriteBody(elements[r.element], r.IDs.now))
			return
		}
	}
}

// view is an object as the plan speaks of it.
func (ids IDs) view(p *entra.Plan, o *entra.Object) *entra.Object {
	if o == nil || len(p.Renewed) == 0 {
		return o
	}
	return plan.View(kind.ByName(o.Kind), o, p.Renewed, ids)
}

// identity is how a planned object is found by what it and others are called now.
func (ids IDs) identity(p *entra.Plan, key entra.Key) entra.Identity {
	sought, ok := p.Identities[key.String()]
	if !ok {
		return entra.Identity{Key: entra.Key{Kind: key.Kind, ID: ids.Of(key)}}
	}
	if len(sought.NaturalKey) > 0 {
		k := kind.ByName(key.Kind)
		sought.NaturalKey = k.RewriteBody(sought.NaturalKey, ids.now)
	}
	return sought
}

// learn takes the identities that Graph chose out of its answer to a creation, and returns
// them.
func (ids IDs) learn(p *entra.Plan, key entra.Key, answer []byte) ([]entra.Succession, error) {
	k := kind.ByName(key.Kind)
	renewed := slices.DeleteFunc(slices.Clone(p.Renewed), func(r entra.Renewal) bool { return r.Key != key })
	if len(renewed) == 0 {
		return nil, nil
	}
	var body map[string]any
	if err := json.Unmarshal(answer, &body); err != nil {
		return nil, fmt.Errorf("the answer to its creation: %w: %w", err, entra.ErrUnavailable)
	}
	var learned []entra.Succession
	for _, r := range renewed {
		property := cmp.Or(r.By, k.IDFrom, "id")
		now, _ := body[property].(string)
		if now == "" {
			return learned, fmt.Errorf("the answer to its creation has no %s: %w", property, entra.ErrUnavailable)
		}
		ids.Note(r.Identity(), now)
		learned = append(learned, entra.Succession{Kind: r.Kind, By: r.By, Old: r.Old, New: now})
	}
	return learned, nil
}
