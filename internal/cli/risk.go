package cli

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/risk"
)

// failOn is the severity from which on a risk is an exit code.
type failOn struct{ severity choice }

func newFailOn() failOn {
	var words []string
	for _, s := range entra.Severities() {
		words = append(words, string(s))
	}
	return failOn{choice{what: "severity", of: words}}
}

func (f *failOn) flags(flags *pflag.FlagSet) {
	flags.Var(&f.severity, "fail-on", "exit with 2 when a change is as bad as `SEVERITY` or worse: critical, high, medium or low")
}

// verdict is the exit code that the risks call for.
func (f *failOn) verdict(risks []entra.Risk) error {
	if f.severity.value == "" || !entra.Worst(risks).AtLeast(entra.Severity(f.severity.value)) {
		return nil
	}
	n := 0
	for _, r := range risks {
		if r.Severity.AtLeast(entra.Severity(f.severity.value)) {
			n++
		}
	}
	return fmt.Errorf("%w: %d changes are as bad as %s or worse", entra.ErrDrift, n, f.severity.value)
}

// judge says what the changes of a comparison can do, and puts the worst first.
func (r *repository) judge(set *entra.ChangeSet, from, to *history.Point) error {
	var err error
	if set.Risks, err = risk.Judge(set, risk.FactsOf(from, to, r.config.Guards.BreakGlass)); err != nil {
		return err
	}
	risk.Order(set)
	return nil
}

// risksOf says what the change of one object in a snapshot can do, by the tenant as it was then.
func (r *repository) risksOf(e history.Event) ([]entra.Risk, error) {
	if e.Change.Type == "" || len(e.Commit.Parents) == 0 {
		return nil, nil // nobody knows what was before
	}
	from, err := r.Snapshot(e.Commit.Parents[0])
	if err != nil {
		return nil, err
	}
	to, err := r.Snapshot(e.Commit.Hash)
	if err != nil {
		return nil, err
	}
	set := &entra.ChangeSet{From: from.Point(), To: to.Point(), Changes: []entra.Change{e.Change}}
	err = r.judge(set, from, to)
	return set.Risks, err
}
