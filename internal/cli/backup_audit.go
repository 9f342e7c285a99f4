package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/audit"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
)

// How long a run waits for the audit log: a backup keeps what is gone from the log in some days,
// and somebody looks at a comparison.
const (
	backupPatience = 10 * time.Minute
	diffPatience   = 30 * time.Second
)

// auditReader reads the audit log of a tenant; nil where the configuration says that nobody does.
// The caller ends the progress line.
func (c *common) auditReader(repo *repository, source attribution.Source, patience time.Duration) (reader *audit.Reader, done func()) {
	if !repo.config.Attributes() {
		return nil, func() {}
	}
	progress := c.Progress()
	return &audit.Reader{
		Source: source, Now: c.Now, Patience: patience,
		Progress: func(entries int) { progress.Update(fmt.Sprintf("audit log: %d entries", entries)) },
	}, progress.Done
}

// attribute finds who did what the snapshot in the making changes. That nobody knows stops no
// backup: who did it is not part of the state.
func (b *backup) attribute(ctx context.Context, before, made *history.Point, lineage entra.Lines) {
	if b.set == nil || b.skipUnchanged && len(b.set.Changes) == 0 {
		return
	}
	reader, done := b.auditReader(b.repo, b.tenant, backupPatience)
	defer done()
	if reader == nil {
		return
	}
	log, err := audit.AttributeMade(ctx, &b.repo.Repository, reader, b.set, before, made, lineage)
	if err != nil {
		b.unattributed = err
		return
	}
	b.audit = log
}

// keepAudit keeps what the audit log says beside the snapshot that w makes, which then names it.
func (b *backup) keepAudit(ctx context.Context, w *gitstore.Writer, o *gitstore.CommitOptions) {
	if len(b.audit.Windows) == 0 {
		return
	}
	beside := *o
	beside.Subject, beside.Body, beside.Aside, beside.AllowEmpty = "audit: "+o.Subject, "", "", false
	beside.Trailers = o.Trailers[:2:2] // whose it is, and which number
	trailers, err := audit.Keep(ctx, w, b.audit, beside)
	if err != nil {
		b.unattributed = err
		return
	}
	o.Trailers = append(o.Trailers, trailers...)
}

// tellAudit says on the conversation why nobody can be named, once for each reason.
func (c *common) tellAudit(windows []entra.AuditWindow) {
	said := map[string]bool{}
	for _, w := range windows {
		if w.State.Whole() && w.State != entra.Unlicensed || w.Read.IsZero() || said[w.Cause] {
			continue
		}
		said[w.Cause] = true
		c.Say("who changed what is not known from %s on: %s", w.From.Format("2006-01-02 15:04 UTC"), w.Cause)
		if w.State == entra.Forbidden {
			c.Hint("grant %s, or set attribution: false in entragit.yaml (entragit help actors)", attribution.Permission)
		}
	}
}

// tellUnattributed says why nobody can be named for what the snapshot changed.
func (b *backup) tellUnattributed() {
	if b.unattributed != nil {
		b.Say("who changed what is not kept with the snapshot: %s", sentence(b.unattributed))
		return
	}
	b.tellAudit(b.audit.Windows)
}
