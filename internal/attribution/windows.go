package attribution

import (
	"slices"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Flat returns windows that do not overlap, by time: of a stretch that several readings cover,
// the best says how well it is known, and of equal ones the latest.
func Flat(windows []entra.AuditWindow) []entra.AuditWindow {
	var bounds []time.Time
	for _, w := range windows {
		bounds = append(bounds, w.From, w.To)
	}
	slices.SortFunc(bounds, time.Time.Compare)
	bounds = slices.CompactFunc(bounds, time.Time.Equal)
	var flat []entra.AuditWindow
	for i := 1; i < len(bounds); i++ {
		best, known := entra.AuditWindow{}, false
		for _, w := range windows {
			if !w.From.After(bounds[i-1]) && !w.To.Before(bounds[i]) && (!known || better(w, best)) {
				best, known = w, true
			}
		}
		if !known {
			continue
		}
		best.From, best.To = bounds[i-1], bounds[i]
		if n := len(flat) - 1; n >= 0 && continues(flat[n], best) {
			flat[n].To = best.To
			continue
		}
		flat = append(flat, best)
	}
	return flat
}

// better reports whether a says more of a stretch of the log than b.
func better(a, b entra.AuditWindow) bool {
	order := []entra.CoverageState{entra.Complete, entra.Forbidden, entra.Unlicensed, entra.Absent, entra.Skipped}
	x, y := slices.Index(order, a.State), slices.Index(order, b.State)
	return x < y || x == y && a.Read.After(b.Read)
}

// continues reports whether b says of the stretch after a what a says of its own.
func continues(a, b entra.AuditWindow) bool {
	return a.To.Equal(b.From) && a.Read.Equal(b.Read) && a.State == b.State && a.Cause == b.Cause
}

// Within returns a log with what is of a stretch of time alone, entries and windows.
func (l Log) Within(from, to time.Time) Log {
	kept := l
	kept.Entries = nil
	for _, raw := range l.Entries {
		if h, err := headOf(raw); err == nil && !h.When.Before(from) && !h.When.After(to) {
			kept.Entries = append(kept.Entries, raw)
		}
	}
	return kept.Known(from, to)
}

// Known returns a log that says of no more than a stretch of time how well it is known. What is
// kept is about the changes of that time: entries from before and after it may be among them,
// and others of then are not.
func (l Log) Known(from, to time.Time) Log {
	kept := l
	kept.Windows = nil
	for _, w := range l.Windows {
		if w.From.Before(from) {
			w.From = from
		}
		if w.To.After(to) {
			w.To = to
		}
		if w.From.Equal(w.To) { // times are whole seconds, and a run may take less
			w.From = w.To.Add(-time.Second)
		}
		if w.From.Before(w.To) {
			kept.Windows = append(kept.Windows, w)
		}
	}
	return kept
}

// Without returns a log without the entries that another one has.
func (l Log) Without(other Log) Log {
	has := map[string]bool{}
	for _, raw := range other.Entries {
		if h, err := headOf(raw); err == nil {
			has[h.ID] = true
		}
	}
	kept := l
	kept.Entries = nil
	for _, raw := range l.Entries {
		if h, err := headOf(raw); err == nil && !has[h.ID] {
			kept.Entries = append(kept.Entries, raw)
		}
	}
	return kept
}
