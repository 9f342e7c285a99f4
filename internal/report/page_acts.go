package report

import (
	"slices"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// nobodyKnown is how the filter calls who is not known.
const nobodyKnown = "nobody known"

// actorsOf names whom the filter finds a change by, those of its parts included.
func (v *pageView) actorsOf(c entra.Change) []string {
	var all []string
	for _, a := range c.By {
		name := nobodyKnown
		if a.Known() {
			name = ui.Safe(joined(v.actor(entra.Actor{Type: a.Actor.Type, ID: a.Actor.ID, Name: a.Actor.Name})))
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// pageAct is what somebody did, or why nobody is known.
type pageAct struct {
	view *pageView
	entra.Attribution
}

// Who is who did it.
func (a pageAct) Who() []span { return a.view.who(a.Attribution) }

// Facts are what the audit log has of it, each with its name.
func (a pageAct) Facts() []pageFact {
	var parts []string
	for _, p := range a.Parts {
		parts = append(parts, a.view.path(p))
	}
	address := []span{quote(a.Address)}
	if a.Service {
		address = append(address, own("(or of a service that acted for it)"))
	}
	when := ""
	if !a.When.IsZero() {
		when = a.When.UTC().Format(time.DateTime) + " UTC"
	}
	certain := map[entra.Certainty]string{
		entra.Confirmed: "the audit log has the value, or the target, of this change",
		entra.Touched:   "nobody else wrote the object meanwhile; the audit log does not tell the value",
	}[a.Certainty]
	all := []pageFact{
		{"What", []span{quote(strings.Join(parts, ", "))}},
		{"When", []span{own(when)}},
		{"Address", address},
		{"Client", []span{quote(a.Client)}},
		{"Activity", []span{quote(a.Activity)}},
		{"Actor's id", []span{quote(a.Actor.ID)}},
		{"How it is known", []span{own(certain)}},
		{"Correlation id", []span{quote(a.CorrelationID)}},
		{"Entries of the audit log", []span{quote(strings.Join(a.Entries, ", "))}},
	}
	return slices.DeleteFunc(all, func(f pageFact) bool { return f.Spans[0].text == "" })
}

// pageFact is a name and a value.
type pageFact struct {
	Name  string
	Spans []span
}
