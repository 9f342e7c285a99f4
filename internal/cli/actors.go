package cli

import (
	"context"

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
// kept with the snapshots after the one of a number. That nobody knows keeps nobody from seeing the
// history: it is told, once.
func (c *common) attributeEvents(repo *repository, track history.Track) func(*history.Event) {
	if !repo.config.Attributes() {
		return func(*history.Event) {}
	}
	trail, err := audit.Since(&repo.Repository, track.To, track.From)
	lost := func() { c.Say("who changed what is not known: %s", sentence(err)) }
	if err != nil {
		lost()
	}
	return func(e *history.Event) {
		if err != nil || e.Change.Type == "" { // nobody knows what was before
			return
		}
		set := &entra.ChangeSet{Changes: []entra.Change{e.Change}}
		if err = trail.Attribute(&repo.Repository, set, e.Commit); err != nil {
			lost()
			return
		}
		e.Change = set.Changes[0]
	}
}
