package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
	"github.com/entragit/entragit/internal/ui"
)

// compare finds what the snapshot in the making changes, and what that can do to the tenant.
// It is done once, before the commit: message, report and trailers all tell the same. Where
// it fails, the snapshot is made nevertheless, and the run says so: what was read is safe.
func (b *backup) compare(ctx context.Context, from, to *history.Point, lineage entra.Lines) {
	set, err := b.changes(ctx, from, to, lineage)
	if err != nil {
		b.uncompared = fmt.Errorf("what changed since %s could not be told: %w", from.Point(), err)
		return
	}
	b.set = set
}

func (b *backup) changes(ctx context.Context, from, to *history.Point, lineage entra.Lines) (*entra.ChangeSet, error) {
	set, err := diff.Compare(from, to, diff.Options{Lineage: lineage, Names: history.NewNamer(to, from).Label, Past: b.repo.Past(from)})
	if err != nil {
		return nil, err
	}
	ignore, err := b.ignoring(b.repo)
	if err != nil {
		return nil, err
	}
	ignore.Following(lineage).Apply(set, from, to)
	set.Shrunk = b.summary.Shrunk
	if err := capture.Fates(ctx, b.tenant, set); err != nil {
		return nil, fmt.Errorf("look for what was removed: %w", err)
	}
	return set, b.repo.judge(set, from, to)
}

// tell adds what changed to the options of a commit: how much in the subject, the worst in a
// trailer, and the names in the body, a line for each change whatever its length: Git's tools
// search by lines.
func (b *backup) tell(o *gitstore.CommitOptions) error {
	var body strings.Builder
	if err := report.Capture(b.summary, b.set, report.Options{}).Wide(0).Text(&body, ui.Palette{}); err != nil {
		return err
	}
	if b.uncompared != nil {
		body.WriteString("\n" + b.uncompared.Error() + "\n")
	}
	added, changed, removed := report.Captured(b.summary, b.set)
	o.Subject = fmt.Sprintf("backup: +%d ~%d -%d", added, changed, removed)
	o.Body = cutLines(strings.TrimSpace(body.String()), gitstore.MaxBody)
	if b.set == nil {
		return nil
	}
	if worst := entra.Worst(b.set.Risks); worst != "" {
		o.Trailers = append(o.Trailers, gitstore.Trailer{Key: severityTrailer, Value: string(worst)})
	}
	return nil
}
