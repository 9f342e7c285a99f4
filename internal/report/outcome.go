package report

import (
	"slices"

	"strings"

	"github.com/entragit/entragit/internal/entra"
)

// Outcome is the report of an apply: how each step ended, what still differs after
// reading back, and what was left alone.
func Outcome(o *entra.Outcome, opts Options) Document {
	w := writer{names: o.Plan.Names, Options: opts}
	steps := make(map[string]entra.Step, len(o.Plan.Steps))
	for _, s := range o.Plan.Steps {
		steps[s.ID] = s
	}
	var d Document
	counts := map[entra.Result]int{}
	s := section{tone: strong}
	for _, result := range o.Steps {
		counts[result.Result]++
		s.items = append(s.items, w.ended(steps[result.Step], result))
	}
	s.title = "Applied: " + list(some(counts[entra.Done], "done"), some(counts[entra.Failed], "failed"),
		some(counts[entra.SkipDep], "skipped"))
	if len(s.items) > 0 {
		d.sections = append(d.sections, s)
	}
	if len(o.Remaining) > 0 {
		still := w.byKind(o.Remaining, nil)
		for i := range still {
			still[i].title = "Still different – " + still[i].title
			still[i].tone = alarm
		}
		d.sections = append(d.sections, still...)
	}
	if len(o.Unverified) > 0 {
		blind := w.unread(o.Unverified)
		blind.title = "Not read back"
		d.sections = append(d.sections, blind)
	}
	if len(o.Unreviewed) > 0 {
		d.sections = append(d.sections, w.unreviewed(o.Unreviewed))
	}
	if dangling := slices.Concat(o.Dangling, o.Plan.Dangling); len(dangling) > 0 {
		d.sections = append(d.sections, w.dangling(dangling))
	}
	if len(o.Plan.Losses) > 0 {
		d.sections = append(d.sections, w.losses(o.Plan.Losses))
	}
	if len(o.Plan.Refusals) > 0 {
		d.sections = append(d.sections, w.refusals(o.Plan.Refusals))
	}
	if len(o.Plan.Unread) > 0 {
		d.sections = append(d.sections, w.unread(o.Plan.Unread))
	}
	if len(o.Plan.Added)+len(o.Plan.AddedParts) > 0 {
		d.sections = append(d.sections, w.since(&o.Plan))
	}
	if len(o.Plan.Observed) > 0 {
		d.sections = append(d.sections, w.observed(o.Plan.Observed))
	}
	d.footer = []line{at(0, own(outcomeSummary(o)))}
	return d
}

// outcomeSummary says what reading back showed, and in the same breath what it is not
// about: what was left alone, not compared, or added since.
func outcomeSummary(o *entra.Outcome) string {
	if len(o.Plan.Steps) == 0 {
		return planSummary(&o.Plan)
	}
	var text string
	switch {
	case o.Complete():
		text = "Read back: the tenant is as " + source(&o.Plan) + " says, in everything that was planned"
	case len(o.Remaining)+len(o.Unverified) == 0:
		text = "Not every step was done"
	default:
		text = "Read back: " + list(
			some(len(o.Remaining), objects(len(o.Remaining))+" not as "+source(&o.Plan)+" says"),
			some(len(o.Unverified), "could not be read back"))
	}
	if n := len(o.Unreviewed); n > 0 {
		text += "; " + count(n, "step") + " more, which nobody reviewed"
	}
	return text + untouched(&o.Plan) + inOtherThings(&o.Plan)
}

// source is what a plan puts back.
func source(p *entra.Plan) string {
	if p.From.Operation != "" {
		return p.From.String()
	}
	return "the snapshot"
}

// unreviewed says what came back otherwise than the snapshot says, beyond what the plan knew.
func (w writer) unreviewed(steps []entra.Step) section {
	s := section{title: "Came back otherwise, not written because nobody reviewed it: " + number(len(steps)), tone: alarm}
	for _, step := range steps {
		s.items = append(s.items, w.step(step, span{}))
	}
	return s
}

// objects is the noun for a number of objects.
func objects(n int) string {
	return pluralOf("object", n)
}

// ended is one step and how it ended.
func (w writer) ended(s entra.Step, result entra.StepOutcome) item {
	verdict := own(string(result.Result) + ":").toned(changed)
	switch result.Result {
	case entra.Done:
		verdict.tone = added
	case entra.Failed:
		verdict.tone = alarm
	}
	it := w.step(s, verdict)[:1]
	if last := &it[0].spans[len(it[0].spans)-1]; !last.quoted { // the details stay with the plan
		last.text = strings.TrimSuffix(last.text, ":")
	}
	if result.Error != "" {
		it = append(it, at(1, quote(result.Error)))
	}
	return it
}
