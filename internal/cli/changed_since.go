package cli

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
)

// changedSince limits a command to the objects that changed since a point in time.
type changedSince struct {
	since string
}

func (o *changedSince) flags(f *pflag.FlagSet) {
	f.StringVar(&o.since, "changed-since", "", "only the objects that changed since the snapshot at the revision `REV`")
}

// among narrows a selection to the objects that changed between the flag's point and another
// one, and says of how much nobody can tell whether it changed. now must have been read for
// the selection.
func (o *changedSince) among(c *common, repo *repository, now *history.Point, selection diff.Selection, lines entra.Lines) (diff.Selection, []entra.Unread, error) {
	if o.since == "" {
		return selection, nil, nil
	}
	since, err := repo.backedAt(o.since, c.Now())
	if err != nil {
		return selection, nil, err
	}
	ignore, err := repo.ignore(c.Now())
	if err != nil {
		return selection, nil, err
	}
	set, err := diff.Compare(since, now, diff.Options{Selection: selection, Lineage: lines})
	if err != nil {
		return selection, nil, err
	}
	ignore.Following(lines).Apply(set, since, now)
	c.Say("%s changed since %s", numbered(len(set.Changes), "object", "objects"), since.Point())
	return selection.Among(set.Changes), set.Unread, nil
}

// amongLive is among against the tenant now, which is read for it.
func (o *changedSince) amongLive(ctx context.Context, c *common, to *tenant, repo *repository, selection diff.Selection, lines entra.Lines) (diff.Selection, []entra.Unread, error) {
	if o.since == "" {
		return selection, nil, nil
	}
	since, err := repo.backedAt(o.since, c.Now())
	if err != nil {
		return selection, nil, err
	}
	live, err := c.readLive(ctx, to, repo, since, selection)
	if err != nil {
		return selection, nil, err
	}
	defer live.Close()
	narrowed, unread, err := o.among(c, repo, live.point, selection, lines)
	if err == nil && narrowed.Empty() {
		err = fmt.Errorf("reconcile: of what is selected nothing changed since %s: %w", since.Point(), entra.ErrNotFound)
	}
	return narrowed, unread, err
}
