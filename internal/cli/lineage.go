package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
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

// fewLines is how many objects may have been created again for all of them to be looked up
// whatever a command is about.
const fewLines = 10

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

// todayFor is today for a selection, and asks the tenant about nothing else where that
// matters. What comes back with a selected object may mention others than it does.
func (o *reconcileOptions) todayFor(ctx context.Context, repo *repository, to *tenant, rev *history.Point, selection diff.Selection) (*history.Point, entra.Lines, error) {
	lineage, err := repo.Lineage(ctx)
	more := func(k *kind.Kind) bool { return len(k.CascadesTo) > 0 && selection.Kind(k.Name) }
	if err != nil || len(lineage) <= fewLines || o.recreate || slices.ContainsFunc(kind.All(), more) {
		return repo.today(ctx, to, rev)
	}
	lines := lineage.Lines()
	relevant, err := rev.Relevant(lines, selection)
	if err != nil {
		return nil, lines, err
	}
	rev, err = apply.Today(ctx, to, to.id, rev, relevant)
	return rev, lines, err
}
