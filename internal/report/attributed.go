package report

import (
	"cmp"
	"slices"

	"github.com/entragit/entragit/internal/entra"
)

// attributed counts for how many changes it is known who did them.
type attributed struct {
	// Known are those of which all is known, Partly those of which some is.
	Known  int `json:"known"`
	Partly int `json:"partly,omitempty"`
	// Unknown are the others, by the reason.
	Unknown map[entra.Unknown]int `json:"unknown,omitempty"`
}

// attribution counts the changes that are told; nil where nobody looked who did them.
func attribution(set *entra.ChangeSet) *attributed {
	if set.Audit == nil && !slices.ContainsFunc(set.Changes, func(c entra.Change) bool { return len(c.By) > 0 }) {
		return nil
	}
	n := &attributed{Unknown: map[entra.Unknown]int{}}
	for _, c := range set.Changes {
		if c.Cause == nil {
			n.add(c.By)
		}
	}
	return n
}

func (n *attributed) add(by authors) {
	known := 0
	for _, a := range by {
		if a.Known() {
			known++
		}
	}
	switch {
	case known == 0:
		why := entra.Unknown("")
		if len(by) > 0 {
			why = by[0].Unknown
		}
		n.Unknown[why]++
	case known < len(by):
		n.Partly++
	default:
		n.Known++
	}
}

// attributedLines end a report: how much of it is known who did it, why not all, and which
// stretches of the audit log could not be read.
func attributedLines(set *entra.ChangeSet) []line {
	n := attribution(set)
	if n == nil || n.total() == 0 {
		return nil
	}
	text := "Who did it is known for " + number(n.Known) + " of " + count(n.total(), "change")
	if n.Partly > 0 {
		text += ", and for " + number(n.Partly) + " in part"
	}
	for _, why := range n.reasons() {
		text += "; for " + number(n.Unknown[why]) + " it is not: " + unknownWords(why)
	}
	return append([]line{at(0, own(text))}, unreadLog(set.Audit)...)
}

func (n *attributed) total() int {
	total := n.Known + n.Partly
	for _, some := range n.Unknown {
		total += some
	}
	return total
}

// reasons are why somebody is not known, the most frequent first.
func (n *attributed) reasons() []entra.Unknown {
	var all []entra.Unknown
	for why := range n.Unknown {
		all = append(all, why)
	}
	slices.SortFunc(all, func(a, b entra.Unknown) int {
		return cmp.Or(n.Unknown[b]-n.Unknown[a], cmp.Compare(a, b))
	})
	return all
}

// unreadLog says which stretches of the audit log were not read as they should have been.
// Stretches that failed for one reason are one line.
func unreadLog(windows []entra.AuditWindow) []line {
	type failure struct {
		state entra.CoverageState
		cause string
	}
	var lines []line
	done := map[failure]bool{}
	for _, w := range windows {
		f := failure{w.State, w.Cause}
		if w.State == entra.Complete || done[f] {
			continue
		}
		done[f] = true
		spans := []span{own("The audit log from " + w.From.UTC().Format(minute) + " to " + w.To.UTC().Format(minute) + " UTC was not all read (" + string(w.State) + ")")}
		if w.Cause != "" {
			spans = append(spans, quote(w.Cause))
		}
		same := 0
		for _, other := range windows {
			if (failure{other.State, other.Cause}) == f {
				same++
			}
		}
		if same > 1 {
			spans = append(spans, own("and "+number(same-1)+" more for the same reason"))
		}
		lines = append(lines, at(0, spans...))
	}
	return lines
}
