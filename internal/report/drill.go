package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/drill"
)

// Drill is the report of a drill: each incident, what came back of it, what did not and
// why, how long it took, and the drills before.
func Drill(r *drill.Result, opts Options) Document {
	w := writer{Options: opts}
	d := Document{intro: []line{at(0, own("Rehearsed with"), own(r.Snapshot.String()).toned(strong),
		own("in the emulator: "+count(r.Objects, "object")+", "+lasting(r.At.Sub(r.Snapshot.Time))+" old"))}}
	for i := range r.Rehearsals {
		d.sections = append(d.sections, w.rehearsal(&r.Rehearsals[i]))
	}
	if len(r.Limits) > 0 {
		limits := section{title: "What this drill says nothing of: " + number(len(r.Limits)), tone: strong}
		for _, text := range r.Limits {
			limits.items = append(limits.items, item{at(0, quote(text))})
		}
		d.sections = append(d.sections, limits)
	}
	if len(r.Before) > 0 {
		d.sections = append(d.sections, trend(r))
	}
	d.footer = []line{at(0, own(drillSummary(r)))}
	return d
}

// DrillJSON writes a drill's result as one JSON document.
func DrillJSON(w io.Writer, r *drill.Result) error {
	return JSON(w, struct {
		Complete bool `json:"complete"`
		*drill.Result
	}{r.Complete(), r})
}

// rehearsal is one incident and the recovery from it.
func (w writer) rehearsal(r *drill.Rehearsal) section {
	s := section{title: fmt.Sprintf("%s: %s of %s back", r.Scenario, number(r.Back), count(r.Hit, "object")), tone: added}
	if !r.Complete() {
		s.tone = alarm
	}
	hit := []string{count(r.Incident.Requests, "request")}
	if r.Incident.Refused > 0 {
		hit = append(hit, number(r.Incident.Refused)+" refused by Graph")
	}
	incident := item{at(0, quote(r.Title)), at(1, own("incident: "+strings.Join(hit, ", ")))}
	if kinds := kindCounts(r.Incident.Objects); kinds != "" {
		incident = append(incident, at(1, own("hit: "+kinds)))
	}
	if len(r.Incident.Idle) > 0 {
		incident = append(incident, at(1, own("requests of the scenario that mean nothing in this snapshot: "+numbers(r.Incident.Idle))))
	}
	incident = append(incident, at(1, own(recovery(&r.Recovery))))
	if len(r.Recovery.Accepted) > 0 {
		incident = append(incident, at(1, own("guards that a person has to accept: "+strings.Join(r.Recovery.Accepted, ", "))))
	}
	if r.Recovery.Error != "" {
		incident = append(incident, at(1, sign(alarm), own("the recovery ended early:"), quote(r.Recovery.Error)))
	}
	incident = append(incident, at(1, own("recovery point "+seconds(r.PointSeconds)+" (what changed since the snapshot is lost), recovery time "+seconds(r.TimeSeconds))))
	s.items = append(s.items, incident)
	s.items = append(s.items, w.left(r.Left, "")...)
	s.items = append(s.items, w.left(r.Disturbed, "not touched by the incident, and")...)
	if len(r.Recovery.Losses) > 0 {
		lost := w.losses(r.Recovery.Losses)
		s.items = append(s.items, item{at(0, own(lost.title))})
		s.items = append(s.items, lost.items...)
	}
	return s
}

func recovery(r *drill.Recovery) string {
	return "recovery: " + list(someOf(r.Rounds, "run"), some(r.Done, "steps done"), some(r.Failed, "failed"), some(r.Skipped, "skipped"),
		count(int(r.Requests), "request")+" with "+count(int(r.Writes), "write"))
}

// left lists objects that are not as the snapshot says; those of one kind of which the same
// is said are one item.
func (w writer) left(all []drill.Left, before string) []item {
	type said struct {
		kind, what, why string
		told            bool
	}
	groups := map[said][]drill.Left{}
	var order []said
	for _, l := range all {
		s := said{l.Kind, l.What, l.Why, l.Told}
		if groups[s] == nil {
			order = append(order, s)
		}
		groups[s] = append(groups[s], l)
	}
	var items []item
	for i, s := range order {
		if limit := w.limit(longList); limit > 0 && i == limit {
			items = append(items, item{at(0, own("… "+number(len(order)-i)+" more differences"))})
			break
		}
		items = append(items, w.leftItem(groups[s], before))
	}
	return items
}

func (w writer) leftItem(group []drill.Left, before string) item {
	l := group[0]
	mark := sign(removed)
	if !l.Told {
		mark = sign(alarm)
	}
	headline := []span{mark}
	if len(group) == 1 {
		headline = append(headline, object(l.Key, l.Name)...)
	} else {
		headline = append(headline, own(count(len(group), title(l.Kind))+", each:"))
	}
	if before != "" {
		headline = append(headline, own(before))
	}
	it := item{at(0, append(headline, quote(l.What))...)}
	switch {
	case l.Told:
		it = append(it, at(1, quote(l.Why)))
	case l.Why != "":
		it = append(it, at(1, own("no plan said so:"), quote(l.Why)))
	default:
		it = append(it, at(1, own("nothing was said of it: a defect of entragit, please report it")))
	}
	if len(group) == 1 {
		return it
	}
	for i, one := range group {
		if limit := w.limit(longList); limit > 0 && i == limit {
			return append(it, at(1, own("… "+number(len(group)-i)+" more")))
		}
		it = append(it, at(1, object(one.Key, one.Name)...))
	}
	return it
}

// trend compares a drill with those before.
func trend(r *drill.Result) section {
	s := section{title: "Drills of this repository, newest first", tone: strong}
	for _, m := range append([]drill.Mark{r.Mark()}, r.Before...) {
		verdict := own("complete").toned(added)
		if !m.Complete {
			verdict = own("incomplete").toned(alarm)
		}
		s.items = append(s.items, item{at(0, own(m.At.UTC().Format("2006-01-02 15:04 UTC")+":"),
			own(fmt.Sprintf("%s %% of %s back, recovery point %s, longest recovery %s,", percent(m.Recovered()), count(m.Hit, "object"),
				seconds(m.PointSeconds), seconds(m.TimeSeconds))), verdict)})
	}
	return s
}

// drillSummary is the sentence that a drill comes to.
func drillSummary(r *drill.Result) string {
	m := r.Mark()
	text := fmt.Sprintf("%s: %s of %s hit came back (%s %%)", count(len(r.Rehearsals), "incident"), number(m.Back), count(m.Hit, "object"), percent(m.Recovered()))
	unsaid, disturbed := 0, 0
	for _, one := range r.Rehearsals {
		disturbed += len(one.Disturbed)
		for _, l := range one.Left {
			if !l.Told {
				unsaid++
			}
		}
	}
	if left := m.Hit - m.Back - unsaid; left > 0 {
		text += "; " + number(left) + " did not, with the reasons above"
	}
	if unsaid > 0 {
		text += "; " + number(unsaid) + " did not, and no plan said so"
	}
	if disturbed > 0 {
		text += "; " + count(disturbed, "object") + " that no incident touched " + wasWere(disturbed) + " changed"
	}
	return text + ". Times are simulated: Graph's documented limits and round trips"
}

func wasWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// percent rounds down: 100 is said of everything alone.
func percent(share float64) string {
	text := fmt.Sprintf("%.1f", float64(int(share*1000))/10)
	return strings.TrimSuffix(text, ".0")
}

func kindCounts(counts map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, count(counts[name], title(name)))
	}
	return strings.Join(parts, ", ")
}

func numbers(list []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
}

func seconds(s float64) string { return lasting(time.Duration(s * float64(time.Second))) }

// lasting writes a duration for a person, in its two largest units: "3 d 4 h", "5 min 12 s".
func lasting(d time.Duration) string {
	units := []struct {
		of   time.Duration
		name string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}}
	first := 0
	for first < len(units)-1 && d < units[first].of {
		first++
	}
	text := ""
	for _, u := range units[first:min(first+2, len(units))] {
		if n := d / u.of; n > 0 || text == "" {
			text += fmt.Sprintf(" %d %s", n, u.name)
		}
		d %= u.of
	}
	return text[1:]
}
