package attribution

import (
	"slices"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// span is the stretch of time that a set's changes were made in, and how well the log of it is
// known.
type span struct {
	from, to time.Time // zero to: no end
	// why is why not everything is known; "" where the log was read whole. settled is set where it
	// was read so late that no entry can be missing yet.
	why     entra.Unknown
	settled bool
}

// spanOf judges the windows of a log by the time between the two points of a set.
func spanOf(set *entra.ChangeSet, log Log, readable bool) span {
	s := span{from: set.From.Time, to: set.To.Time, settled: true}
	end := s.to
	if end.IsZero() {
		for _, w := range log.Windows {
			if w.To.After(end) {
				end = w.To
			}
		}
	}
	for _, piece := range cut(log, s.from, end) {
		best := bestOf(log.Windows, piece)
		switch {
		case slices.ContainsFunc(log.Still, piece.within):
			// whoever did something then did nothing of the set
		case best == nil:
			s.because(entra.NotKept)
		case best.State != entra.Complete:
			s.because(reason(*best))
		case best.Read.Before(piece.to.Add(Settle)):
			s.settled = false
		}
	}
	if !readable {
		s.because(entra.LogUnread)
	}
	return s
}

// because notes the first reason.
func (s *span) because(why entra.Unknown) {
	if s.why == "" {
		s.why = why
	}
}

// piece is a stretch of time of which each window has all or nothing.
type piece struct{ from, to time.Time }

// within reports whether a stretch has all of it.
func (p piece) within(s Stretch) bool {
	return p.from.Before(p.to) && !s.From.After(p.from) && !s.To.Before(p.to)
}

// cut divides the time between two points where windows and stretches begin and end. They are
// written to the second, and nothing is made of less.
func cut(log Log, from, to time.Time) []piece {
	from, to = from.Truncate(time.Second), to.Truncate(time.Second)
	if !from.Before(to) {
		return []piece{{to, to}}
	}
	var bounds []time.Time
	for _, w := range log.Windows {
		bounds = append(bounds, w.From, w.To)
	}
	for _, s := range log.Still {
		bounds = append(bounds, s.From, s.To)
	}
	at := []time.Time{from, to}
	for _, t := range bounds {
		if t.After(from) && t.Before(to) {
			at = append(at, t)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	var pieces []piece
	for i := range at[1:] {
		if at[i+1].Sub(at[i]) > time.Second || len(at) == 2 {
			pieces = append(pieces, piece{at[i], at[i+1]})
		}
	}
	return pieces
}

// bestOf is the window that knows most of a piece: one that was read whole, and of those the one
// that was read last.
func bestOf(windows []entra.AuditWindow, p piece) *entra.AuditWindow {
	var best *entra.AuditWindow
	for i := range windows {
		w := &windows[i]
		if w.From.After(p.from) || w.To.Before(p.to) {
			continue
		}
		whole := w.State == entra.Complete
		if best == nil || whole && best.State != entra.Complete || whole == (best.State == entra.Complete) && w.Read.After(best.Read) {
			best = w
		}
	}
	return best
}

// reason is why a window has nothing, as [Read] says it.
func reason(w entra.AuditWindow) entra.Unknown {
	switch w.State {
	case entra.Forbidden:
		return entra.NoPermission
	case entra.Unlicensed:
		return entra.NoLicence
	case entra.Absent:
		return entra.OlderThanLog
	}
	switch {
	case w.Lost:
		return entra.Lost
	case w.Read.IsZero():
		return entra.NotKept
	}
	return entra.LogUnread
}

// unknown is why nobody is known of whom the log has no entry.
func (s *span) unknown() entra.Unknown {
	switch {
	case s.why != "":
		return s.why
	case !s.settled:
		return entra.NoEventYet
	}
	return entra.NoEvent
}

// early reports whether a time is before the second point: what was written then is in it, unless
// it was written again.
func (s *span) early(t time.Time) bool { return s.to.IsZero() || !t.After(s.to) }

// within reports whether a time is between the two points.
func (s *span) within(t time.Time) bool { return !t.Before(s.from) && s.early(t) }

// near reports whether a time is between the points or so little before the first that the first
// may have been read before: replicas and clocks are behind.
func (s *span) near(t time.Time) bool { return !t.Before(s.from.Add(-Margin)) }
