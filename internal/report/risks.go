package report

import (
	"github.com/entragit/entragit/internal/entra"
)

// firstLooks is how many risks a report opens with.
const firstLooks = 10

// lookHere opens a report with the worst of what the changes can do.
func (w writer) lookHere(risks []entra.Risk) section {
	s := section{title: "Look here first: " + tallyRisks(risks), tone: alarm}
	for i, r := range risks {
		if i == firstLooks {
			s.items = append(s.items, item{at(0, own("… "+number(len(risks)-i)+" more below"))})
			break
		}
		s.items = append(s.items, item{at(0, w.risk(r)...)})
	}
	return s
}

// risk is one sentence: how bad, which object, what it does, and whom it is about.
func (w writer) risk(r entra.Risk) []span {
	spans := []span{severity(r.Severity)}
	if r.ID == "" {
		spans = append(spans, own(heading(r.Kind)))
		if r.Name != "" {
			spans = append(spans, quote(r.Name))
		}
	} else {
		spans = append(spans, object(r.Key, w.display(r.Name))...)
	}
	return append(append(append(spans, own(r.Says)), w.about(r.About)...), w.riskBy(r)...)
}

// about names what a sentence is about.
func (w writer) about(values []string) []span {
	var spans []span
	for i, v := range values {
		if limit := w.limit(shortList); limit > 0 && i == limit {
			return append(spans, own("… and "+number(len(values)-i)+" more"))
		}
		if i == 0 {
			spans = append(spans, own("–"))
		}
		spans = append(spans, w.id(v)...)
	}
	return spans
}

// shortList is how much a sentence names.
const shortList = 3

func severity(s entra.Severity) span {
	tones := map[entra.Severity]tone{entra.Critical: alarm, entra.High: alarm, entra.Medium: changed}
	return span{text: string(s), tone: tones[s]}
}

// tallyRisks counts risks by severity: "1 critical, 2 high".
func tallyRisks(risks []entra.Risk) string {
	counts := map[entra.Severity]int{}
	for _, r := range risks {
		counts[r.Severity]++
	}
	var parts []string
	for _, s := range entra.Severities() {
		parts = append(parts, some(counts[s], string(s)))
	}
	return list(parts...)
}

// byRisk are risks by the object that they are about, worst first.
type byRisk map[entra.Key][]entra.Risk

// group sorts risks by the objects whose changes are told: that of a consequence counts where
// the consequence is told.
func group(set *entra.ChangeSet) byRisk {
	roots, of := rootsOf(set.Changes), byRisk{}
	for _, r := range set.Risks {
		key := r.Key
		if root, folded := roots[key]; folded {
			key = root
		}
		of[key] = append(of[key], r)
	}
	return of
}

// split returns the changes that can do something and the rest, both in the order of the
// change set.
func (of byRisk) split(changes []entra.Change) (first, rest []entra.Change) {
	for _, c := range changes {
		if len(of[c.Key]) > 0 {
			first = append(first, c)
		} else {
			rest = append(rest, c)
		}
	}
	return first, rest
}

// riskiest shows the changes that can do something, of whatever kind, each with what it can
// do.
func (w writer) riskiest(changes []entra.Change, of byRisk, brought consequences) section {
	s := section{title: "Riskiest first: " + tally(changes), tone: strong}
	for _, c := range changes {
		s.items = append(s.items, append(w.risky(c, of[c.Key]), w.brought(brought[c.Key])...))
	}
	return s
}

// risky is a change with what it can do below its headline.
func (w writer) risky(c entra.Change, risks []entra.Risk) item {
	change := w.change(c)
	it := item{change[0]}
	for _, r := range risks {
		it = append(it, at(1, append([]span{sign(alarm), severity(r.Severity)}, w.riskOf(c, r)...)...))
	}
	return append(it, change[1:]...)
}

// riskOf says below a change what it can do, or what it brought about can.
func (w writer) riskOf(c entra.Change, r entra.Risk) []span {
	if r.Key == c.Key {
		return []span{own(r.Says)}
	}
	return append(object(r.Key, w.display(r.Name)), own(r.Says))
}
