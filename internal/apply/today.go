package apply

import (
	"context"
	"errors"
	"fmt"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Today returns a point as it reads under the ids by which its objects go in the tenant
// now. An older id that is an object's again, because that was taken back after another had
// been created in its place, stands for that object, and the two are not taken for one.
func Today(ctx context.Context, src capture.Source, tenant string, from *history.Point, lines entra.Lines) (*history.Point, error) {
	var refs []plan.Reference
	lines = lines.Only(func(first entra.Name) bool { return kind.ByName(first.Kind) != nil })
	for names := range lines.All() {
		for _, older := range names[:len(names)-1] {
			refs = append(refs, plan.Reference{Reference: named(older), Value: older.Value})
		}
	}
	if len(refs) == 0 {
		return from, nil
	}
	find, err := lookUp(ctx, src, kind.Addresses{Tenant: tenant}, refs)
	if err != nil {
		return nil, fmt.Errorf("follow the lineage: %w", err)
	}
	again := map[entra.Name]bool{} // what an older id stands for again
	for names := range lines.All() {
		for _, older := range names[:len(names)-1] {
			_, err := find(named(older), older.Value)
			if err != nil && !errors.Is(err, entra.ErrNotFound) {
				return nil, fmt.Errorf("follow the lineage: look for %s/%s: %w", older.Kind, older.Value, err)
			}
			if err == nil {
				again[names[0]] = true
			}
		}
	}
	return from.Today(lines.Only(func(first entra.Name) bool { return !again[first] })), nil
}

// named is an identity as a reference to it.
func named(n entra.Name) *kind.Reference {
	return &kind.Reference{Targets: []string{n.Kind}, By: n.By}
}
