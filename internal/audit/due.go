package audit

import (
	"time"

	"github.com/entragit/entragit/internal/attribution"
	"github.com/entragit/entragit/internal/entra"
)

// Due are the snapshots about whose changes the log may have more by now than is kept: it was read
// less than [attribution.Settle] after them, or not to its end. From is where to begin to read.
func (t *Trail) Due(now time.Time) (due []Step, from time.Time, err error) {
	var known time.Time // up to then, nothing more is to come
	for _, step := range t.steps {
		log, _, err := t.kept(step)
		if err != nil {
			return nil, from, err
		}
		known = later(known, step.known(log))
		if !known.Before(step.To) {
			break
		}
		begin, open := step.again(log)
		if !open || step.To.Add(attribution.Settle).After(now) {
			continue
		}
		due = append(due, step)
		if from.IsZero() || begin.Before(from) {
			from = begin
		}
	}
	return due, from, nil
}

// known is up to when a log says all that will ever be said.
func (s Step) known(log attribution.Log) time.Time {
	var known time.Time
	for _, w := range log.Windows {
		if w.State == entra.Complete {
			known = later(known, earlier(w.To, w.Read.Add(-attribution.Settle)))
		}
	}
	return known
}

// again is from when on the log of a step has to be read again, and whether that can help.
func (s Step) again(log attribution.Log) (from time.Time, open bool) {
	from = s.To
	for _, w := range log.Windows {
		switch {
		case w.State == entra.Complete:
			from, open = earlier(from, w.Read.Add(-attribution.Settle)), true
		case w.State == entra.Skipped && !w.Read.IsZero():
			from, open = earlier(from, w.From), true
		}
	}
	return later(from, s.From.Add(-attribution.Margin)), open && s.changed && len(s.sums) > 0
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
