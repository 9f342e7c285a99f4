package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/gitstore"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/report"
)

type backupOptions struct {
	common
	connection
	signing
	pushing
	skipUnchanged bool
	acceptShrink  []string
}

func newBackupCmd(env Environment) *cobra.Command {
	o := &backupOptions{common: common{Environment: env}}
	cmd := &cobra.Command{
		Use:   "backup",
		Short: "reads the tenant and commits a snapshot",
		Long: `Reads every kind that entragit.yaml keeps, writes what differs from the newest snapshot, and commits it, signed, to the branch
snapshots. What cannot be read keeps its files as they were; the summary says so, and the exit code is 3. A tenant that
did not change gets a commit, too: proof that it was looked at. When the repository has a remote called origin, or
--remote names one, the branch is pushed; nothing is ever forced. A run that takes longer than --deadline ends with exit
code 1 and commits nothing.

A kind that lost more than a fifth of its objects at once, or all of them, is doubted: the snapshot is kept aside in
refs/entragit/quarantine, the branch stays as it is, and the exit code is 5. --accept-shrink says that the loss is true.`,
		Example: `  entragit backup --repo backup
  entragit backup --repo backup --kinds conditionalAccessPolicies,namedLocations
  ENTRAGIT_GRAPH=http://127.0.0.1:8080 entragit backup --repo backup --output json`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return runBackup(cmd.Context(), o) },
	}
	o.reportFlags(cmd, "text", "markdown", "json")
	f := cmd.Flags()
	f.BoolVar(&o.skipUnchanged, "skip-unchanged", false, "commit nothing when nothing changed")
	f.StringSliceVar(&o.acceptShrink, "accept-shrink", nil, "record that the kinds of `LIST` lost as much as they seem to")
	o.pushing.flags(cmd)
	o.deadline = deadline(backupDeadline)
	o.connection.flags(cmd)
	o.signing.flags(cmd)
	return cmd
}

func runBackup(ctx context.Context, o *backupOptions) error {
	repo, err := o.openUnread()
	if err != nil {
		return err
	}
	defer repo.Close()
	for _, name := range o.acceptShrink {
		if err := checkKind(name); err != nil {
			return fmt.Errorf("--accept-shrink: %w", err)
		}
	}
	signer, err := o.signer(o.Environment)
	if err != nil {
		return err
	}
	remote, err := o.upToDate(ctx, repo, signer)
	if err != nil {
		return err
	}
	before, err := repo.At("", o.Now())
	if err != nil {
		return err
	}
	if err := repo.maySign(signer, o.Now()); err != nil {
		return err
	}
	from, err := o.connect(ctx, o.Environment, repo.config, before.Manifest().Tenant)
	if err != nil {
		return err
	}
	b := &backup{backupOptions: o, repo: repo, tenant: from, signer: signer}
	if err := b.migrate(ctx); err != nil {
		return err
	}
	b.tellUnknown(ctx)
	if err := b.run(ctx); err != nil {
		return err
	}
	chain, err := b.check(ctx)
	if err != nil {
		return err
	}
	if err := b.print(); err != nil {
		return err
	}
	pushErr := b.push(ctx, remote)
	for _, push := range []func(context.Context, *repository, *gitstore.Remote) error{pushAudit, pushOperations} {
		if err := push(ctx, repo, remote); pushErr == nil {
			pushErr = err
		}
	}
	b.tidy(ctx)
	if pushErr != nil {
		return pushErr
	}
	o.remember(repo, chain.Pin())
	b.tellUnattributed()
	incomplete := b.incomplete()
	return cmp.Or(b.doubt(), b.uncompared, incomplete)
}

// backup is one snapshot in the making.
type backup struct {
	*backupOptions
	repo   *repository
	tenant *tenant
	signer gitstore.Signer

	summary *capture.Summary
	commit  *gitstore.Commit // the snapshot, or the one that says the same already
	written bool
	// quarantine is the reference that has the snapshot; empty when the branch has it.
	quarantine string
	// set is what the snapshot changed, with what that can do; nil for a first snapshot, and
	// where uncompared says why it is not known.
	set        *entra.ChangeSet
	uncompared error
	// audit is what the audit log says of the changes; unattributed is why it is not known.
	audit        attribution.Log
	unattributed error
}

// begin opens the next commit after the verified head. The caller ends it with Abort.
func (b *backup) begin(ctx context.Context) (*gitstore.Writer, entra.Manifest, error) {
	w, err := b.repo.Begin(ctx, snapshotsRef, gitstore.BeginOptions{})
	if err != nil {
		return nil, entra.Manifest{}, err
	}
	if w.ParentCommit() != b.repo.Chain.Head().Commit {
		w.Abort()
		return nil, entra.Manifest{}, fmt.Errorf("%w: another run wrote a snapshot meanwhile", gitstore.ErrMoved)
	}
	manifest, err := b.repo.Manifest(w.Parent(), w.ParentCommit())
	if err != nil {
		w.Abort()
	}
	return w, manifest, err
}

func (b *backup) run(ctx context.Context) error {
	started := b.Now().UTC()
	w, manifest, err := b.begin(ctx)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer w.Abort()
	manifest.Tenant = b.tenant.id
	lineage, err := b.repo.Lineage(ctx)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := b.read(ctx, w, manifest, lineage.Lines()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if _, err := w.Put(manifestPath, canon.EncodeManifest(b.summary.Manifest)); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if len(lineage) > 0 {
		if _, err := w.Put(history.LineagePath, canon.EncodeLineage(lineage)); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
	}
	return b.record(ctx, w, started)
}

// read captures the tenant into the next commit and finds what that changes, except for a
// first snapshot, which changes nothing.
func (b *backup) read(ctx context.Context, w *gitstore.Writer, manifest entra.Manifest, lineage entra.Lines) error {
	parent, err := b.repo.Snapshot(w.ParentCommit())
	if err != nil {
		return err
	}
	var sink capture.Sink = history.Sink{Writer: w}
	var draft *history.Draft
	if len(manifest.Kinds) > 0 {
		if draft, err = history.NewDraft(history.Sink{Writer: w}, parent); err != nil {
			return err
		}
		// What Close could fail to remove is a temporary file: no reason to fail a snapshot.
		defer func() { _ = draft.Close() }()
		sink = draft
	}
	at, progress := b.Now(), b.Progress()
	b.summary, err = capture.Run(ctx, b.tenant, history.Tree{Tree: w.Parent()}, sink, capture.Options{
		Kinds: b.repo.kinds(), Manifest: manifest, Shrink: b.repo.shrinkLimit(b.acceptShrink...), Lineage: lineage,
		Progress: func(kind string, objects int) { progress.Update(fmt.Sprintf("%s: %d objects", kind, objects)) },
	})
	progress.Done()
	if err != nil || draft == nil {
		return err
	}
	made := draft.Point(b.summary.Manifest, at)
	b.compare(ctx, parent, made, lineage)
	b.attribute(ctx, parent, made, lineage)
	return ctx.Err()
}

// record commits what was captured.
func (b *backup) record(ctx context.Context, w *gitstore.Writer, started time.Time) error {
	parent := w.ParentCommit()
	options, err := b.message(parent, started)
	if err != nil {
		return err
	}
	b.keepAudit(ctx, w, &options)
	hash, err := w.Commit(ctx, options)
	b.written = err == nil
	if errors.Is(err, gitstore.ErrUnchanged) {
		hash, err = parent, nil
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if b.commit, err = b.repo.Commit(hash); err == nil && b.set != nil {
		b.set.To = history.PointOf(b.commit)
	}
	return err
}

// message is what the commit says of the run.
func (b *backup) message(parent gitstore.Hash, started time.Time) (gitstore.CommitOptions, error) {
	name, email, err := b.person()
	if err != nil {
		return gitstore.CommitOptions{}, err
	}
	before, err := b.repo.Commit(parent)
	if err != nil {
		return gitstore.CommitOptions{}, err
	}
	seq := b.repo.Chain.Head().Seq
	// Clocks of two machines differ, and time in the chain does not run backwards.
	captured, when := latest(started, history.PointOf(before).Time), latest(b.Now(), before.Committer.When)
	o := gitstore.CommitOptions{
		Name: name, Email: email, When: when, Signer: b.signer, AllowEmpty: !b.skipUnchanged,
		Trailers: []gitstore.Trailer{
			{Key: tenantTrailer, Value: b.tenant.id}, {Key: seqTrailer, Value: strconv.Itoa(seq + 1)},
			{Key: timeTrailer, Value: captured.UTC().Format(time.RFC3339)}, {Key: modeTrailer, Value: "full"},
			{Key: versionTrailer, Value: version()},
		},
	}
	if err := b.tell(&o); err != nil {
		return o, err
	}
	if len(b.summary.Shrunk) > 0 {
		b.quarantine = quarantineRefs + strconv.Itoa(seq+1)
		o.Subject, o.Aside = "quarantine: "+strings.TrimPrefix(o.Subject, "backup: "), b.quarantine
	}
	for _, k := range b.summary.Incomplete() {
		o.Trailers = append(o.Trailers, gitstore.Trailer{Key: partTrailer, Value: k.Kind.Name + " " + string(k.Coverage.State)})
	}
	return o, nil
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// cutLines shortens a text between two of its lines and says how many are left out.
func cutLines(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	const room = 40 // for the last line
	kept := text[:limit-room]
	kept = kept[:strings.LastIndexByte(kept, '\n')+1]
	left := strings.Count(text[len(kept):], "\n") + 1
	return fmt.Sprintf("%s(%d more lines)", kept, left)
}

// print writes the result.
func (b *backup) print() error {
	doc := report.Capture(b.summary, b.set, report.Options{Full: b.verbose})
	point := history.PointOf(b.commit)
	switch b.output.value {
	case "json":
		return report.CaptureJSON(b.Out, b.summary, b.set, report.Recorded{
			Snapshot: point, Tree: b.commit.Tree.String(), Written: b.written, Quarantine: b.quarantine,
		})
	case "markdown":
		_, err := fmt.Fprint(b.Out, doc.Markdown(0, ""))
		return err
	}
	if err := b.text(b.Out, doc, b.OutPalette()); err != nil {
		return err
	}
	verb := "Snapshot"
	switch {
	case !b.written:
		verb = "Nothing changed since snapshot"
	case b.quarantine != "":
		verb = "Kept aside, not as snapshot"
	}
	_, err := fmt.Fprintf(b.Out, "%s %d: %s\n", verb, point.Seq, b.commit.Hash.Short())
	return err
}

// incomplete says on the conversation what is missing, since when, and what would help.
func (b *backup) incomplete() error {
	missing := b.summary.Incomplete()
	since, err := b.repo.IncompleteSince(b.commit)
	if err != nil {
		return err
	}
	lapsed := false
	for _, k := range missing {
		lapsed = lapsed || len(k.Details) > 0 && errors.Is(k.Details[0], entra.ErrUnlicensed)
		text := cmp.Or(k.Coverage.Cause, string(k.Coverage.State))
		if first, ok := since[k.Kind.Name]; ok {
			text += "; so since " + first.String()
		}
		b.Say("%s: %s", k.Kind.Name, text)
		switch {
		case len(k.Lacking) > 0:
			b.Hint("%s", grantAdvice(k.Lacking))
		case k.Coverage.State == entra.Forbidden:
			b.Hint("%s", grantHint(k.Kind))
		}
	}
	if lapsed {
		b.Hint("where the tenant has given a licence up, leave the kinds out in entragit.yaml: their files stay as they are")
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %d of %d kinds were not read completely", entra.ErrIncomplete, len(missing), len(b.summary.Kinds))
}
