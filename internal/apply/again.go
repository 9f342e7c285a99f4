package apply

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/plan"
)

// Again judges an outcome once more where something was taken back, or deleted beside what was
// left alone: a deleted item does not
// show its links and not all of its properties, so that the plan by which it was taken back
// could not know them. What was left alone beforehand for a reason that is gone is dropped;
// what came back beyond what the snapshot has was added since; and what must be written
// besides the plan is noted and not written, since nobody reviewed it.
func Again(ctx context.Context, src capture.Source, from *history.Point, asked Asked, names canon.Namer, outcome *entra.Outcome) error {
	if !Unsettled(outcome) {
		return nil
	}
	in, err := Gather(ctx, src, outcome.Plan.Tenant, from, asked)
	if err != nil {
		return fmt.Errorf("judge what came back: %w", err)
	}
	in.Names = names
	now, err := plan.New(in)
	if err != nil {
		return fmt.Errorf("judge what came back: %w", err)
	}
	p := &outcome.Plan
	p.Refusals, p.AddedParts = now.Refusals, now.AddedParts
	p.Added = joined(p.Added, now.Added)
	labels := maps.Clone(now.Names)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, p.Names)
	p.Names = labels
	outcome.Unreviewed = unreviewed(outcome, now.Steps)
	return nil
}

// AskedBy is what a plan that was read from a file is about: its objects and those that it
// leaves alone, with the parts that it was limited to.
func AskedBy(p *entra.Plan) ([]string, []string) {
	known := map[entra.Key]bool{}
	for _, s := range p.Steps {
		known[s.Key] = true
	}
	for _, r := range p.Refusals {
		known[r.Key] = true
	}
	for _, s := range p.Steps {
		if s.Action == entra.ActionDelete {
			delete(known, s.Key) // no snapshot has it, and the tenant has it no more
		}
	}
	var paths []string
	for _, key := range slices.SortedFunc(maps.Keys(known), plan.CompareKeys) {
		paths = append(paths, key.String())
	}
	return paths, p.Parts
}

// Unsettled reports whether what was left alone beforehand may be settled by now: something
// was taken back, or something was deleted with which others go.
func Unsettled(o *entra.Outcome) bool {
	ended := endings(o)
	deleted := slices.ContainsFunc(o.Plan.Steps, func(s entra.Step) bool { return s.Action == entra.ActionDelete && ended[s.ID] == entra.Done })
	return len(TakenBack(o)) > 0 || deleted && len(o.Plan.Refusals) > 0
}

// TakenBack are the steps of an outcome by which deleted objects came back.
func TakenBack(o *entra.Outcome) []entra.Step {
	ended := endings(o)
	return slices.DeleteFunc(slices.Clone(o.Plan.Steps), func(s entra.Step) bool { return s.Action != entra.ActionRestore || ended[s.ID] != entra.Done })
}

// endings are how the steps of an outcome ended, by step.
func endings(o *entra.Outcome) map[string]entra.Result {
	ended := make(map[string]entra.Result, len(o.Steps))
	for _, s := range o.Steps {
		ended[s.Step] = s.Result
	}
	return ended
}

// unreviewed are those steps of a plan made after an outcome that the outcome does not tell
// of: not those that failed or were skipped, nor what reading back showed.
func unreviewed(o *entra.Outcome, steps []entra.Step) []entra.Step {
	ended := endings(o)
	told := map[entra.Key]bool{}
	for _, c := range o.Remaining {
		told[c.Key] = true
	}
	for _, u := range o.Unverified {
		told[entra.Key{Kind: u.Kind, ID: u.ID}] = true
	}
	var rest []entra.Step
	for _, s := range steps {
		if result, planned := ended[s.ID]; planned && (result != entra.Done || told[s.Key]) {
			continue
		}
		rest = append(rest, s)
	}
	return rest
}

// joined are the objects of both lists, each once, as the first has it.
func joined(a, b []entra.Listed) []entra.Listed {
	known := map[entra.Key]bool{}
	var all []entra.Listed
	for _, o := range slices.Concat(a, b) {
		if !known[o.Key] {
			known[o.Key] = true
			all = append(all, o)
		}
	}
	return all
}
