package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// holder has the body that creates an element name what the element is about, by the key
// that this has in another object's collection.
func holder(c *kind.Contained, body map[string]any) {
	if c.Holder == nil {
		return
	}
	part, ok := body[c.Holder.Part].(map[string]any)
	if !ok {
		return
	}
	part = maps.Clone(part)
	part[c.Holder.Name] = kind.Pick(from(c.Holder, body), held(c.Holder).Key)
	body[c.Holder.Part] = part
}

// held is the collection that holds what an element is about.
func held(h *kind.Holder) *kind.Contained {
	other := kind.ByName(h.Kind)
	i := slices.IndexFunc(other.Contained, func(c kind.Contained) bool { return c.Name == h.Contained })
	return &other.Contained[i] // a test holds the table to it
}

// from are the properties of an element that tell what it is about.
func from(h *kind.Holder, body map[string]any) map[string]any {
	m, _ := body[h.From].(map[string]any)
	return m
}

// hold adds to the request that creates an element the id that Graph gave what the element
// is about, which nobody knows before: this run may just have added it.
func (r *run) hold(ctx context.Context, k *kind.Kind, s entra.Step, on *subject, requests []entra.Request) ([]entra.Request, error) {
	i := slices.IndexFunc(k.Contained, func(c kind.Contained) bool { return c.Name == s.Target })
	if s.Action != entra.ActionCreateContained || i < 0 || k.Contained[i].Holder == nil || on.live == nil {
		return requests, nil
	}
	h := k.Contained[i].Holder
	var body map[string]any
	if err := json.Unmarshal(requests[0].Body, &body); err != nil {
		return nil, err
	}
	part, ok := body[h.Part].(map[string]any)
	if !ok {
		return requests, nil
	}
	named, _ := part[h.Name].(map[string]any)
	owner, _ := jsonpointer.Get(on.live.Spec, strings.Split(h.Owner, ".")...).(string)
	key, _ := held(h).KeyOf(named)
	id, err := r.idOfHeld(ctx, h, owner, key, on)
	if err != nil {
		return nil, err
	}
	named["id"] = id
	requests[0].Body = encode(body)
	return requests, nil
}

// idOfHeld reads the id of an element of another object's collection. What this run has
// added there may take a while to show.
func (r *run) idOfHeld(ctx context.Context, h *kind.Holder, owner, key string, on *subject) (string, error) {
	r.mu.Lock()
	of := entra.Key{Kind: h.Kind, ID: r.renderer.IDs.Of(entra.Key{Kind: h.Kind, ID: owner})}
	r.mu.Unlock()
	other := r.subjects[entra.Key{Kind: h.Kind, ID: owner}]
	for {
		var found Reading
		var err error
		r.courier.aside(func() { found, err = r.reader.Objects(ctx, []entra.Identity{{Key: of}}) })
		switch {
		case err != nil:
			return "", fmt.Errorf("read %s: %w", of, err)
		case found.Objects[of] != nil && found.Objects[of].IDs[h.Contained][key] != "":
			return found.Objects[of].IDs[h.Contained][key], nil
		case other == nil || !r.pause(ctx, &on.replication):
			return "", fmt.Errorf("%s of %s has no %s, so that nothing can be given of it", h.Contained, of, key)
		}
	}
}
