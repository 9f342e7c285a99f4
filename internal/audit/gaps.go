package audit

import (
	"errors"
	"fmt"
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/entra"
)

// gaps are steps of which something is not known, newest first: those that follow each other, for
// one reason, are told together.
type gaps []gap

type gap struct {
	why            error
	newest, oldest Step
	open           bool // the step before it may join
}

// reasonOf is why a step's file tells nothing, nil where that is no fact about the file.
func reasonOf(err error) error {
	for _, why := range []error{errLost, errAltered, errForm} {
		if errors.Is(err, why) {
			return why
		}
	}
	return nil
}

// add notes why something of the step before those that are known is not known; nil is for nothing.
func (g *gaps) add(step Step, why error) {
	n := len(*g) - 1
	switch {
	case n >= 0 && (*g)[n].open && why != nil && errors.Is(why, (*g)[n].why):
		(*g)[n].oldest = step
	case why != nil:
		*g = append(*g, gap{why: why, newest: step, oldest: step, open: true})
	case n >= 0 && step.changed:
		(*g)[n].open = false
	}
}

// windows are the gaps as stretches of the log that nobody knows.
func (g gaps) windows() []entra.AuditWindow {
	var windows []entra.AuditWindow
	for _, x := range g {
		of := fmt.Sprintf("snapshot %d", x.newest.seq)
		if x.oldest.seq != x.newest.seq {
			of = fmt.Sprintf("snapshots %d to %d", x.oldest.seq, x.newest.seq)
		}
		w := entra.AuditWindow{From: x.oldest.From, To: x.newest.To, State: entra.Skipped, Cause: of + ": " + x.why.Error(), Lost: !errors.Is(x.why, errUnkept)}
		if !w.From.Before(w.To) { // times are whole seconds, and a run may take less
			w.From = w.To.Add(-time.Second)
		}
		windows = append(windows, w)
	}
	return windows
}

// still are the stretches of the time of some steps, the newest of which is first, in which no
// object changed. While a snapshot is captured, what the one before or after it shows may
// change.
func (t *Trail) still(first, last int) []attribution.Stretch {
	var still []attribution.Stretch
	for i := first; i <= last; i++ {
		if t.steps[i].changed {
			continue
		}
		s := attribution.Stretch{From: t.steps[i].From, To: t.steps[i].To}
		if i < last && t.steps[i+1].changed {
			s.From = t.steps[i+1].To
		}
		if i > first && t.steps[i-1].changed {
			s.To = t.steps[i-1].From
		}
		still = append(still, s)
	}
	return still
}
