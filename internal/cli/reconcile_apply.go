package cli

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
	"github.com/entragit/entragit/internal/ui"
)

// stepsTogether is how many steps are under way at once: enough to fill every batch that
// the client has in flight.
const stepsTogether = 320

// apply makes the writes, reads back, and prints what became of them.
func (o *reconcileOptions) apply(ctx context.Context, repo *repository, to *tenant, client *graph.Client, judged plan.Judged, record *apply.Recording) (entra.Outcome, error) {
	p := applying{to: o.Progress(), of: len(judged.Plan().Steps), now: o.Now}
	opts := apply.Options{Base: to.base, Together: stepsTogether, Batcher: client, Done: p.step, Passwords: o.keeper()}
	if record != nil {
		opts = record.Options(ctx, opts)
	}
	outcome, err := apply.Run(ctx, client, apply.Live{Source: to}, judged, opts)
	p.to.Done()
	if err == nil {
		o.judgeAgain(ctx, repo, to, &outcome)
		err = o.lookAround(ctx, repo, to, &outcome)
	}
	if record != nil && record.Begun() {
		outcome.Operation = record.ID()
	}
	if printErr := o.printOutcome(outcome); err == nil {
		err = printErr
	}
	return outcome, err
}

// applying tells how far an apply is.
type applying struct {
	to    *ui.Progress
	now   func() time.Time
	of    int // steps
	done  int
	begun time.Time
}

// step tells of a step that has ended.
func (p *applying) step(s entra.Step, o entra.StepOutcome) {
	now := p.now()
	if p.done++; p.done == 1 {
		p.begun = now
	}
	text := fmt.Sprintf("step %d of %d: %s: %s", p.done, p.of, subjectOf(s.Key, s.Name), did(s, o))
	// The first step began before anybody looked at the clock.
	if took := now.Sub(p.begun); took > 0 {
		rate := float64(p.done-1) / took.Seconds()
		left := time.Duration(float64(p.of-p.done) / rate * float64(time.Second))
		text += fmt.Sprintf(", %.*f/s, %s left", decimals(rate), rate, left.Round(time.Second))
	}
	p.to.Update(text)
}

// decimals is how many of them a rate is shown with.
func decimals(rate float64) int {
	if rate < 10 {
		return 1
	}
	return 0
}

// subjectOf is an object by kind, name and the beginning of its id.
func subjectOf(key entra.Key, name string) string {
	short := key.ID
	if r := []rune(short); len(r) > 12 {
		short = string(r[:8]) + "…"
	}
	return fmt.Sprintf("%s %s (%s)", kind.ByName(key.Kind).Title, cmp.Or(name, "without a name"), short)
}

// did says what became of a step.
func did(s entra.Step, o entra.StepOutcome) string {
	if o.Result != entra.Done {
		return string(o.Result)
	}
	switch s.Action {
	case entra.ActionRestore:
		return "taken back"
	case entra.ActionCreate:
		return "created"
	case entra.ActionDelete:
		return "deleted"
	case entra.ActionAddLink:
		return fmt.Sprintf("%d %s added", ends(s), s.Target)
	case entra.ActionRemoveLink:
		return fmt.Sprintf("%d %s removed", ends(s), s.Target)
	case entra.ActionCreateContained:
		return s.Target + " added"
	case entra.ActionUpdateContained:
		return s.Target + " changed"
	case entra.ActionDeleteContained:
		return s.Target + " removed"
	}
	return "changed"
}

// ends counts the ends of links that a step writes.
func ends(s entra.Step) int {
	n := 0
	for _, l := range s.Links {
		if s.Action == entra.ActionRemoveLink {
			n += len(l.Removed)
		} else {
			n += len(l.Added)
		}
	}
	return n
}

// label is the tenant as a person knows it.
func (t *tenant) label() string {
	switch {
	case t.name == "":
		return "the tenant " + t.id
	case t.domain == "":
		return t.name + " (" + t.id + ")"
	}
	return t.name + " (" + t.domain + ", " + t.id + ")"
}
