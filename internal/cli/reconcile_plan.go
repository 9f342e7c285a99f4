package cli

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/plan"
	"github.com/entragit/entragit/internal/report"
)

// plan makes the plan, or reads it, and has it judged: held is what the guards have
// against it.
func (o *reconcileOptions) plan(ctx context.Context, repo *repository, to *tenant) (judged plan.Judged, held, err error) {
	p, err := o.loadOrMake(ctx, repo, to)
	if err != nil {
		return judged, nil, err
	}
	return o.judge(ctx, repo, to, p)
}

// judge has a plan judged, and writes it where it was asked for.
func (o *reconcileOptions) judge(ctx context.Context, repo *repository, to *tenant, p entra.Plan) (judged plan.Judged, held, err error) {
	if judged, err = o.guard(ctx, repo, to, p); err != nil {
		return judged, nil, err
	}
	held = o.verdictOn(judged)
	if o.planOut == "" {
		return judged, held, nil
	}
	data, err := plan.Encode(judged.Plan())
	if err != nil {
		return judged, held, err
	}
	if err := os.WriteFile(o.planOut, data, 0o600); err != nil {
		return judged, held, fmt.Errorf("write the plan: %w", err)
	}
	return judged, held, nil
}

// loadOrMake reads the plan file, or reads what a plan needs and makes one.
func (o *reconcileOptions) loadOrMake(ctx context.Context, repo *repository, to *tenant) (entra.Plan, error) {
	if o.planFile != "" {
		data, err := os.ReadFile(o.planFile)
		if err != nil {
			return entra.Plan{}, fmt.Errorf("read the plan: %w: %w", err, entra.ErrInvalid)
		}
		read, err := plan.Decode(data, to.id)
		if err != nil {
			return read, withHint(fmt.Errorf("%s: %w", o.planFile, err), "a plan is what --plan-out wrote; make a new one rather than mend it")
		}
		if read, err = o.sourced(ctx, repo, to, read); err != nil {
			return read, err
		}
		err = apply.NameStrangers(ctx, to, &read)
		return read, err
	}
	if o.undo {
		return o.undoPlan(ctx, repo, to)
	}
	return o.makePlan(ctx, repo, to)
}

// sourced makes sure that a plan file says what the snapshot that it names says, and labels
// its objects as if the plan were made now.
func (o *reconcileOptions) sourced(ctx context.Context, repo *repository, to *tenant, read entra.Plan) (entra.Plan, error) {
	rev, err := repo.At(read.From.Commit, o.Now())
	if err == nil && (read.From.Commit != rev.Point().Commit || read.From.Seq != rev.Point().Seq) {
		err = fmt.Errorf("%q is not snapshot %d", read.From.Commit, read.From.Seq)
	}
	if err == nil {
		err = repo.sameTenant(rev)
	}
	if err != nil {
		return read, fmt.Errorf("%s: from: %w: %w", o.planFile, err, entra.ErrRefused)
	}
	if err := o.conceded(&read); err != nil {
		return read, fmt.Errorf("%s: %w", o.planFile, err)
	}
	if rev, _, err = repo.today(ctx, to, rev); err != nil {
		return read, err
	}
	edits, err := apply.Edited(rev, &read)
	if err != nil {
		return read, fmt.Errorf("%s: from: %w", o.planFile, err)
	}
	if len(edits) > 0 {
		return read, withHint(fmt.Errorf("%s: edited: %s: %w", o.planFile, firstOf(edits), entra.ErrRefused),
			"make a new plan; entragit writes what a snapshot says and nothing else")
	}
	read.From, read.Names, read.Dangling = rev.Point(), plan.Names(read, history.NewNamer(rev).Label), nil
	read.Unverified, err = o.unvouched(ctx, repo, rev, func(yield func(entra.Key) bool) {
		for _, step := range read.Steps {
			if !yield(step.Key) {
				return
			}
		}
	})
	return read, err
}

// firstOf names the first few of many.
func firstOf(all []string) string {
	text := strings.Join(all[:min(len(all), maxNamed)], "; ")
	if more := len(all) - maxNamed; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}

// asked is what a person asked for, and of how much of it nobody can tell whether it is meant.
func (o *reconcileOptions) asked(ctx context.Context, repo *repository, to *tenant, rev *history.Point, selection diff.Selection, lines entra.Lines) (apply.Asked, []entra.Unread, error) {
	selection, untold, err := o.amongLive(ctx, &o.common, to, repo, selection, lines)
	if err != nil {
		return apply.Asked{}, untold, err
	}
	asked, err := o.wishes(repo, rev, selection)
	return asked, untold, err
}

// wishes is what a person asked for about a selection.
func (o *reconcileOptions) wishes(repo *repository, rev *history.Point, selection diff.Selection) (apply.Asked, error) {
	names, err := o.names()
	if err != nil {
		return apply.Asked{}, err
	}
	hidden, err := ignored(repo, o.Now(), rev)
	return apply.Asked{
		Selection: selection, Prune: o.prune, Recreate: o.recreate, Enforce: o.enforce, NewNames: names, DropTaken: o.dropTaken, At: o.Now(), Ignored: hidden,
	}, err
}

// makePlan reads what a plan needs and makes one.
func (o *reconcileOptions) makePlan(ctx context.Context, repo *repository, to *tenant) (entra.Plan, error) {
	rev, err := repo.backedAt(o.from, o.Now())
	if err == nil {
		err = repo.sameTenant(rev)
	}
	if err != nil {
		return entra.Plan{}, err
	}
	selection, err := diff.ParseSelection(o.paths, o.properties)
	if err != nil {
		return entra.Plan{}, withHint(err, "entragit help revisions shows the forms of paths and properties")
	}
	rev, lines, err := o.todayFor(ctx, repo, to, rev, selection)
	if err != nil {
		return entra.Plan{}, err
	}
	asked, untold, err := o.asked(ctx, repo, to, rev, selection.Following(lines), lines)
	if err != nil {
		return entra.Plan{}, err
	}
	in, err := apply.Gather(ctx, to, to.id, rev, asked)
	if err != nil {
		return entra.Plan{}, repo.wasThere(fmt.Errorf("reconcile from %s: %w", rev.Point(), err), rev, "entragit reconcile --from seq:%d %q")
	}
	if in.Empty() {
		return entra.Plan{}, o.nothingSelected(rev)
	}
	unverified, err := o.unvouched(ctx, repo, rev, maps.Keys(in.Want))
	if err != nil {
		return entra.Plan{}, err
	}
	in.Names, in.LastRead = history.NewNamer(rev).Label, repo.LastRead()
	made, err := plan.New(in)
	made.Unverified, made.Unread = unverified, append(made.Unread, untold...)
	if err != nil {
		return made, err
	}
	if err = apply.NameStrangers(ctx, to, &made); err != nil {
		return made, err
	}
	made.Dangling, err = apply.Unresolved(ctx, to, rev, in, &made)
	return made, err
}

// nothingSelected is the error of paths that select nothing: of kinds that the tenant had not
// bought, there was nothing to select.
func (o *reconcileOptions) nothingSelected(rev *history.Point) error {
	var paid []string
	for name, cover := range rev.Manifest().Kinds {
		if cover.State == entra.Unlicensed && slices.ContainsFunc(o.paths, func(arg string) bool { return diff.Of(arg, name) }) {
			paid = append(paid, name)
		}
	}
	if len(paid) > 0 {
		slices.Sort(paid)
		return fmt.Errorf("reconcile: nothing in %s is selected: %s: %w", rev.Point(), report.Unlicensed(paid), entra.ErrUnlicensed)
	}
	return withHint(fmt.Errorf("reconcile: nothing in %s is selected: %w", rev.Point(), entra.ErrNotFound),
		"entragit help revisions shows the forms of a path and of a name")
}
