package cli

import (
	"context"
	"errors"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
)

// lines are the objects that were created again, for a command that only looks: what does
// not verify is said, and left out.
func (c *common) lines(ctx context.Context, r *repository) (entra.Lines, error) {
	lineage, err := r.Lineage(ctx)
	if errors.Is(err, entra.ErrUnverified) {
		c.Say("what was created again is not followed as far as operations say it: %v", err)
		err = nil
	}
	return lineage.Lines(), err
}

// today returns a point as it reads under the ids that its objects have in the tenant now, and
// the objects that were created again, those that no record has yet among them.
func (r *repository) today(ctx context.Context, to *tenant, rev *history.Point, more ...entra.Succession) (*history.Point, entra.Lines, error) {
	lineage, err := r.Lineage(ctx)
	if err != nil {
		return nil, entra.Lines{}, err
	}
	lines := lineage.Merge(more...).Lines()
	rev, err = apply.Today(ctx, to, to.id, rev, lines)
	return rev, lines, err
}
