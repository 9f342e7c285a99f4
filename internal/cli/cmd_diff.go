package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/report"
)

type diffOptions struct {
	common
	connection
	changedSince
	packing
	args       []string
	from, to   string // revisions; "" is the newest snapshot, and the tenant now
	paths      []string
	properties []string
	exitCode   bool
	failOn     failOn
}

func newDiffCmd(env Environment) *cobra.Command {
	o := &diffOptions{common: common{Environment: env}, failOn: newFailOn()}
	cmd := &cobra.Command{
		Use:   "diff [A [B]] [OBJECT...]",
		Short: "shows what changed between two points in time",
		Long: `Compares two snapshots, or a snapshot and the tenant now, and shows what changed: the worst that it can do first ("entragit help risks"),
then each property and link, with a name beside each id. A is the newest snapshot unless it is given, B is the tenant now ("live"). What could not be read on either
side is not compared, and said first.`,
		Example: `  entragit diff                                       what changed since the newest snapshot
  entragit diff "3 days ago"                          and since then
  entragit diff 2026-10-01..2026-10-08 users          between two days, users only
  entragit diff "last friday" ada@contoso.com         one person, whatever revision and object are called
  entragit diff main snapshots --output markdown      since people last approved, for a pull request
  entragit diff --fail-on high                        for a program: exit with 2 when something is that bad
  entragit diff seq:1 seq:2 --output csv              a row for each property, for a spreadsheet
  entragit diff seq:1 --output html > report.html     a page that opens from disk and can be mailed
  entragit diff seq:1 seq:2 --evidence incident.zip   proof for an auditor, checked without entragit
  entragit diff --exit-code --property state conditionalAccessPolicies`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return runDiff(cmd.Context(), o)
		},
	}
	o.reportFlags(cmd, "text", "markdown", "html", "json", "csv")
	cmd.Flags().StringArrayVar(&o.properties, "property", nil, "only the property, link or part `P`; can be given more than once")
	o.changedSince.flags(cmd.Flags())
	o.failOn.flags(cmd.Flags())
	o.packing.flags(cmd.Flags())
	cmd.Flags().BoolVar(&o.exitCode, "exit-code", false, "exit with 2 when something differs")
	o.connection.flags(cmd)
	return cmd
}

// arguments tells revisions from paths, and from what people call objects.
func (o *diffOptions) arguments(repo *repository) error {
	revisions, paths := o.revisions(repo, o.args, 2)
	o.paths = paths
	if len(revisions) > 0 {
		o.from = revisions[0]
	}
	if len(revisions) > 1 {
		o.to = revisions[1]
	}
	if o.from == liveWord {
		return withHint(fmt.Errorf("diff: the tenant now can only be the second side: %w", entra.ErrInvalid), "entragit diff REV live")
	}
	return nil
}

func runDiff(ctx context.Context, o *diffOptions) error {
	repo, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer repo.Close()
	if err := o.arguments(repo); err != nil {
		return err
	}
	signer, err := o.ready(&o.common, repo)
	if err != nil {
		return err
	}
	ignore, err := o.ignoring(repo)
	if err != nil {
		return err
	}
	from, err := repo.backedAt(o.from, o.Now())
	if err != nil {
		return err
	}
	lines, err := o.lines(ctx, repo)
	if err != nil {
		return err
	}
	selection, err := o.selection(lines)
	if err != nil {
		return err
	}
	to, err := o.secondSide(ctx, repo, from, selection)
	if err != nil {
		return err
	}
	defer to.Close()
	selection, unread, err := o.among(&o.common, repo, to.point, selection, lines)
	if err != nil {
		return neither(err, o.paths)
	}
	set, err := diff.Compare(from, to.point, diff.Options{Selection: selection, Lineage: lines, Names: history.NewNamer(to.point, from).Label, Past: repo.Past(from)})
	if err != nil {
		return neither(err, o.paths)
	}
	ignore.Following(lines).Apply(set, from, to.point)
	set.Unread = append(set.Unread, slices.DeleteFunc(unread, func(u entra.Unread) bool { return slices.Contains(set.Unread, u) })...)
	if err := to.judge(ctx, repo, from, set); err != nil {
		return err
	}
	told, err := o.attribute(ctx, repo, to.source, set, from, to.point)
	if err != nil {
		return err
	}
	if err := o.print(repo, from.Manifest().Tenant, set); err != nil {
		return err
	}
	if err := o.pack(repo, signer, from, to.point, set, told); err != nil {
		return err
	}
	return o.verdict(set)
}

// selection is what was asked about. --kinds alone selects whole kinds.
func (o *diffOptions) selection(lines entra.Lines) (diff.Selection, error) {
	paths := o.paths
	if len(paths) == 0 {
		paths = o.kinds
	}
	selection, err := diff.ParseSelection(paths, o.properties)
	return selection.Following(lines), withHint(err, "entragit help revisions shows the forms of paths and properties")
}

// side is the second side of a comparison.
type side struct {
	point  *history.Point
	shrunk []entra.Shrinkage // of the tenant now
	live   *history.Live     // nil for a snapshot
	source *tenant           // that live was read from
}

// Close frees what was read of the tenant.
func (s side) Close() {
	if s.live != nil {
		_ = s.live.Close()
	}
}

// judge says what became of what the changes took away, and what they can do.
func (s side) judge(ctx context.Context, repo *repository, from *history.Point, set *entra.ChangeSet) error {
	set.Shrunk = s.shrunk
	if s.live != nil {
		if err := capture.Fates(ctx, s.source, set); err != nil {
			return fmt.Errorf("look for what was removed: %w", err)
		}
	}
	return repo.judge(set, from, s.point)
}

// secondSide opens the snapshot or reads the tenant.
func (o *diffOptions) secondSide(ctx context.Context, repo *repository, from *history.Point, selection diff.Selection) (side, error) {
	if o.to != "" && o.to != liveWord {
		to, err := repo.backedAt(o.to, o.Now())
		return side{point: to}, err
	}
	source, err := o.connect(ctx, o.Environment, repo.config, from.Manifest().Tenant)
	if err != nil {
		return side{}, err
	}
	return o.readLive(ctx, source, repo, from, selection)
}

// readLive captures the selected kinds into memory, as a difference to a snapshot.
func (c *common) readLive(ctx context.Context, source *tenant, repo *repository, base *history.Point, selection diff.Selection) (side, error) {
	now, err := history.NewLive(base)
	if err != nil {
		return side{}, err
	}
	kinds, err := kindsOf(repo, selection, base)
	if err != nil {
		_ = now.Close()
		return side{}, err
	}
	at, progress := c.Now(), c.Progress()
	summary, err := capture.Run(ctx, source, base.Tree(), now, capture.Options{
		Kinds: kinds, Manifest: base.Manifest(), Shrink: repo.shrinkLimit(),
		Progress: func(kind string, objects int) { progress.Update(fmt.Sprintf("%s: %d objects", kind, objects)) },
	})
	progress.Done()
	if err != nil {
		_ = now.Close()
		return side{}, fmt.Errorf("read the tenant: %w", err)
	}
	return side{point: now.Point(summary.Manifest, at), shrunk: summary.Shrunk, live: now, source: source}, nil
}

func (o *diffOptions) print(repo *repository, tenant string, set *entra.ChangeSet) error {
	doc := report.Changes(set, report.Options{Full: o.verbose})
	switch o.output.value {
	case "html":
		return writePage(o.Out, repo, tenant, set, report.Options{Full: o.verbose})
	case "json":
		return report.ChangesJSON(o.Out, set)
	case "csv":
		return report.ChangesCSV(o.Out, set)
	}
	return o.write(doc, "The whole report is what `entragit diff` prints.")
}

// verdict is the exit code: what could not be compared weighs more than what differs.
func (o *diffOptions) verdict(set *entra.ChangeSet) error {
	for _, x := range set.Shrunk {
		o.Say("%s: %s at once: is it true, or is the answer wrong?", x.Kind, report.Shrinkage(x))
	}
	said := map[string]bool{}
	for _, u := range set.Unread {
		k := kind.ByName(u.Kind)
		text := fmt.Sprintf("%s: not compared: %s", u.Kind, u.Cause)
		if u.ID != "" {
			text = fmt.Sprintf("%s: not all compared: %s", strings.TrimSuffix(u.Kind+": "+u.Link, ": "), u.Cause)
		}
		if said[text] {
			continue // the report names each object
		}
		said[text] = true
		o.Say("%s", text)
		if k != nil && u.State == entra.Forbidden {
			o.Hint("%s", grantHint(k))
		}
	}
	switch {
	case len(set.Unread) > 0:
		return fmt.Errorf("%w: not everything could be compared", entra.ErrIncomplete)
	case o.exitCode && len(set.Changes) > 0:
		return entra.ErrDrift
	}
	return o.failOn.verdict(set.Risks)
}
