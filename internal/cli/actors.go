package cli

import (
	"context"
	"fmt"

	"github.com/entragit/entragit/internal/audit"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
)

// attribute says of the changes between two points who did them: by what was kept with the
// snapshots and, where there is a tenant to ask, by its audit log. That nobody knows keeps nobody
// from seeing the changes: it is told.
func (c *common) attribute(ctx context.Context, repo *repository, source *tenant, set *entra.ChangeSet, from, to *history.Point) (audit.Source, error) {
	if !repo.config.Attributes() {
		return audit.Source{}, nil
	}
	var reader *audit.Reader
	if source != nil {
		var done func()
		reader, done = c.auditReader(repo, source, diffPatience)
		defer done()
	}
	told, err := audit.Attribute(ctx, &repo.Repository, reader, set, from, to)
	if err != nil {
		if ctx.Err() != nil {
			return told, err
		}
		c.Say("who changed what is not known: %s", sentence(err))
	}
	c.tellAudit(set.Audit)
	return told, nil
}

// attributeEvents returns what says of an object's change in a snapshot who did it, by what was
// kept with the snapshots after the one of a number.
func (r *repository) attributeEvents(track history.Track) (func(*history.Event) error, error) {
	if !r.config.Attributes() {
		return func(*history.Event) error { return nil }, nil
	}
	trail, err := audit.Since(&r.Repository, track.To, track.From)
	if err != nil {
		return nil, fmt.Errorf("who changed it: %w", err)
	}
	return func(e *history.Event) error {
		if e.Change.Type == "" {
			return nil // nobody knows what was before
		}
		set := &entra.ChangeSet{Changes: []entra.Change{e.Change}}
		if err := trail.Attribute(&r.Repository, set, e.Commit); err != nil {
			return fmt.Errorf("who changed it: %w", err)
		}
		e.Change = set.Changes[0]
		return nil
	}, nil
}
