package report

import (
	"slices"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// Facts are what the comparison rests on.
func (v *pageView) Facts() []pageFact {
	facts := []pageFact{{"Tenant", []span{quote(v.Tenant)}}}
	for _, side := range []struct {
		name string
		entra.Point
	}{{"From", v.Set.From}, {"To", v.Set.To}} {
		facts = append(facts, pageFact{side.name, []span{quote(side.String())}})
		if side.Commit != "" {
			facts = append(facts, pageFact{side.name + ", commit", []span{quote(side.Commit).toned(strong)}})
		}
	}
	return slices.DeleteFunc(facts, func(f pageFact) bool { return f.Spans[0].text == "" })
}

// Again is the command that computes the comparison again.
func (v *pageView) Again() string {
	return "entragit diff " + shellWord(revision(v.Set.From)) + " " + shellWord(revision(v.Set.To))
}

// Live reports whether the second side was the tenant itself, which no command brings back.
func (v *pageView) Live() bool { return v.Set.To.Live() }

// Unlicensed says which kinds take a licence that the tenant does not have.
func (v *pageView) Unlicensed() string {
	if len(v.Set.Unlicensed) == 0 {
		return ""
	}
	return Unlicensed(v.Set.Unlicensed) + "."
}

// Windows are the stretches of the audit log that were looked at.
func (v *pageView) Windows() []pageWindow {
	var all []pageWindow
	for _, w := range v.Set.Audit {
		all = append(all, pageWindow{w})
	}
	return all
}

// pageWindow is a stretch of the audit log.
type pageWindow struct{ entra.AuditWindow }

// Stretch is from when to when.
func (w pageWindow) Stretch() string { return stamp(w.From) + " to " + stamp(w.To) }

// When is when it was read.
func (w pageWindow) When() string { return stamp(w.Read) }

// Why is what kept it from being read whole.
func (w pageWindow) Why() []span {
	if w.Cause == "" {
		return nil
	}
	return []span{quote(w.Cause)}
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format(time.DateTime) + " UTC"
}

// When is when the snapshot was captured.
func (s PageSnapshot) When() string { return stamp(s.Time) }
