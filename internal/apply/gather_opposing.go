package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// opposing looks for what is in force now, was not selected, and excludes what is to come
// into force. What may not be read is left to Graph to judge.
func (g *gathering) opposing(ctx context.Context) error {
	sought := plan.Opposing(g.in)
	for _, k := range kind.All() {
		while, ok := sought[k.Name]
		if !ok {
			continue
		}
		for body, err := range g.bodies(ctx, k) {
			switch {
			case entra.Denied(err), errors.Is(err, entra.ErrRejected), errors.Is(err, entra.ErrNotFound):
				continue
			case err != nil:
				return fmt.Errorf("look for what is in force of %s: %w", k.Name, err)
			}
			var o map[string]any
			if json.Unmarshal(body, &o) != nil || !while.Holds(o[while.Property]) {
				continue
			}
			id, _ := o["id"].(string)
			name, _ := o["displayName"].(string)
			if key := (entra.Key{Kind: k.Name, ID: id}); g.in.Want[key] == nil {
				g.in.Opposing = append(g.in.Opposing, entra.Listed{Identity: entra.Identity{Key: key}, Name: name})
			}
		}
	}
	return nil
}

// bodies yields the objects of a kind as Graph answers them.
func (g *gathering) bodies(ctx context.Context, k *kind.Kind) iter.Seq2[[]byte, error] {
	book := kind.Addresses{Tenant: g.in.Tenant}
	if !k.Singleton {
		return g.src.List(ctx, book.Collection(k), nil)
	}
	return func(yield func([]byte, error) bool) { yield(g.src.Get(ctx, book.Object(k, ""), nil)) }
}
