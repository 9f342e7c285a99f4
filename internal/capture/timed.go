package capture

import (
	"context"
	"errors"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// leavesOut reports whether a listed object is none of the kind's: it comes and goes with use,
// or something else says it already.
func (v *view) leavesOut(body []byte) bool {
	return slices.ContainsFunc(v.LeftOut, func(c kind.Condition) bool { return meets(body, []kind.Condition{c}) })
}

// leaveTimed takes the targets out of a link that are there for a time only: they follow from
// objects of another kind, or from use. A tenant without the feature has none. Where they cannot
// be told apart, the link was not read.
func (c *children) leaveTimed(ctx context.Context, it *item, call call, resp graph.BatchResponse) error {
	err := resp.Err
	if errors.Is(err, entra.ErrUnlicensed) || errors.Is(err, entra.ErrNotFound) {
		return nil
	}
	timed := map[string]bool{}
	if err == nil {
		for body, bad := range c.src.Items(ctx, resp.Body) {
			if err = bad; bad != nil {
				break
			}
			if !call.timed.Lasting.Holds(member(body, call.timed.Lasting.Property)) {
				timed[stringProperty(body, call.timed.Property)] = true
			}
		}
	}
	if err == nil && len(timed) > 0 {
		it.setLink(call.name, slices.DeleteFunc(slices.Clone(it.raw.Links[call.name]), func(id string) bool { return timed[id] }))
	}
	return err
}
