package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
)

// judgeAgain judges an outcome once more where something was taken back, whether its plan was
// made by this command, read from a file or resumed. That this fails does not undo what was
// done: it is told, and what came back counts as not read back.
func (o *reconcileOptions) judgeAgain(ctx context.Context, repo *repository, to *tenant, outcome *entra.Outcome) {
	err := o.again(ctx, repo, to, outcome)
	if err == nil {
		return
	}
	o.Say("what came back could not be compared again: %s", sentence(err))
	for _, s := range apply.TakenBack(outcome) {
		outcome.Unverified = append(outcome.Unverified, entra.Unread{Kind: s.Kind, ID: s.Key.ID, Name: s.Name, State: entra.Partial, Cause: sentence(err)})
	}
}

func (o *reconcileOptions) again(ctx context.Context, repo *repository, to *tenant, outcome *entra.Outcome) error {
	if !apply.Unsettled(outcome) || outcome.Plan.From.Operation != "" {
		return nil // the way back from an operation knows what it did
	}
	rev, err := repo.At(outcome.Plan.From.Commit, o.Now())
	if err != nil {
		return err
	}
	rev, lines, err := repo.today(ctx, to, rev, outcome.Lineage...)
	if err != nil {
		return err
	}
	againFor := func(paths, properties []string) error {
		return o.againFor(ctx, repo, to, rev, lines, outcome, paths, properties)
	}
	if o.planFile == "" && o.since == "" && !o.resume {
		err := againFor(o.paths, o.properties)
		if !errors.Is(err, entra.ErrNotFound) {
			return err // else something that was selected by itself was taken away
		}
	}
	paths, beyond, err := apply.AskedBy(&outcome.Plan, rev)
	if err != nil || len(paths) == 0 {
		return err
	}
	if err := againFor(paths, outcome.Plan.Parts); err != nil {
		return err
	}
	outcome.Plan.Refusals = append(outcome.Plan.Refusals, beyond...)
	return nil
}

// againFor judges what was asked for by some paths and properties.
func (o *reconcileOptions) againFor(ctx context.Context, repo *repository, to *tenant, rev *history.Point, lines entra.Lines, outcome *entra.Outcome, paths, properties []string) error {
	selection, err := diff.ParseSelection(paths, properties)
	if err != nil {
		return err
	}
	asked, err := o.wishes(repo, rev, selection.Following(lines))
	if err != nil {
		return err
	}
	return apply.Again(ctx, to, rev, asked, history.NewNamer(rev).Label, outcome)
}

// unreviewed reports what came back from the deleted items otherwise than the snapshot says.
func unreviewed(o entra.Outcome) error {
	var keys []string
	for _, s := range o.Unreviewed {
		if key := s.String(); !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	err := fmt.Errorf("%w: what was taken back needs %s more, which nobody reviewed", entra.ErrIncomplete, numbered(len(o.Unreviewed), "step", "steps"))
	if len(keys) > maxNamed {
		return withHint(err, "run the same command again to see and apply them")
	}
	from := o.Plan.From.Commit
	if o.Plan.From.Seq > 0 {
		from = fmt.Sprintf("seq:%d", o.Plan.From.Seq)
	}
	return withHint(err, "entragit reconcile --from %s %s", from, strings.Join(keys, " "))
}
