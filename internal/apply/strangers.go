package apply

import (
	"context"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// NameStrangers labels the users, groups and applications that a plan mentions and no
// snapshot knows by what the tenant calls them. Whoever cannot be looked up stays an id; the
// error is for what ends the run.
func NameStrangers(ctx context.Context, src capture.Source, p *entra.Plan) error {
	strangers := map[string]string{}
	plan.Names(*p, func(ref *kind.Reference, value string) (string, bool) {
		if id, ok := ref.Referent(value); ok && ref.By == "" && ref.Code == nil && p.Names[value] == "" && guid.MatchString(id) {
			strangers[id] = value
		}
		return "", false
	})
	if len(strangers) == 0 {
		return nil
	}
	found, err := (&factReader{src: src}).byID(ctx, slices.Sorted(maps.Keys(strangers)))
	if err != nil {
		return ctx.Err()
	}
	for id, o := range found {
		if k := o.kindOf(); k != nil && o.DisplayName != "" {
			if p.Names == nil {
				p.Names = map[string]string{}
			}
			p.Names[strangers[id]] = k.Name + ": " + o.DisplayName
		}
	}
	return nil
}
