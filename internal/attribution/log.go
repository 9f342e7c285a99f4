package attribution

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Log is what was read of the directory audit log.
type Log struct {
	// Entries are as Graph answered them (microsoft.graph.directoryAudit), without secrets.
	Entries []json.RawMessage
	// Windows are the stretches of time that were read, or could not be.
	Windows []entra.AuditWindow
	// Still are the stretches of time in which nothing changed: the log of then explains nothing,
	// and is not missed.
	Still []Stretch
}

// Stretch is a stretch of time.
type Stretch struct{ From, To time.Time }

// Facts are what is known of what the log names. The zero value knows nothing.
type Facts struct {
	// Object returns an object as the newest point has it, or as the other has it where it is
	// gone; nil where that is not known. It is asked for the users and service principals that
	// acted: the log has an application's name only, and anybody can call an application
	// "Microsoft Approval Management". It is asked, too, for changed objects that the log names
	// by what they are about, such as delegated permission grants.
	Object func(entra.Key) *entra.Object
}

// Attribute says of each change of a set who did it, as far as the log tells, or why that is not
// known: it fills [entra.Change.By] and [entra.ChangeSet.Audit].
func Attribute(set *entra.ChangeSet, log Log, facts Facts) {
	set.Audit = log.Windows
	match(set, log, facts)
}

// Concerning returns a log with those entries alone that say something about the changes of a set:
// [Attribute] says the same of them as of the whole log.
func Concerning(set *entra.ChangeSet, log Log, facts Facts) Log {
	of := *set
	of.Changes = slices.Clone(set.Changes)
	used := match(&of, log, facts)
	kept := log
	kept.Entries = nil
	for i, raw := range log.Entries {
		if used[i] {
			kept.Entries = append(kept.Entries, raw)
		}
	}
	return kept
}

// match fills By of the changes, and returns the entries that say something of them by their
// places in the log.
func match(set *entra.ChangeSet, log Log, facts Facts) map[int]bool {
	entries, unread := entriesOf(log)
	m := &matcher{
		span: spanOf(set, log, len(unread) == 0), index: indexOf(entries), facts: facts,
		claims: map[string]int{}, removed: map[string]*entra.Change{}, used: map[int]bool{},
	}
	for _, i := range unread {
		m.used[i] = true // without it, the log would seem to be whole
	}
	for i := range set.Changes {
		m.prepare(&set.Changes[i])
	}
	for i := range set.Changes {
		set.Changes[i].By = m.by(&set.Changes[i])
	}
	inherit(set)
	return m.used
}

// prepare notes what is asked of one change while others are looked at.
func (m *matcher) prepare(c *entra.Change) {
	if c.Type == entra.Removed {
		m.removed[identity(c.ID)] = c
	}
	if k := kind.ByName(c.Kind); k != nil {
		if keys, _ := m.natural(k, c); keys != nil {
			m.claims[keys[0]]++
		}
	}
}

// inherit gives what is nothing but the consequence of another change of the set the attribution
// of that, unless the log tells of the consequence itself.
func inherit(set *entra.ChangeSet) {
	byKey := map[entra.Key]*entra.Change{}
	for i := range set.Changes {
		byKey[set.Changes[i].Key] = &set.Changes[i]
	}
	for i := range set.Changes {
		c := &set.Changes[i]
		if c.Cause == nil || confirmed(c.By) {
			continue
		}
		cause := byKey[c.Cause.Key]
		for steps := 0; cause != nil && cause.Cause != nil && !confirmed(cause.By) && steps < len(set.Changes); steps++ {
			cause = byKey[cause.Cause.Key]
		}
		if cause == nil || cause == c {
			continue
		}
		if by, ok := only(cause.By); ok {
			c.By = []entra.Attribution{by}
		}
	}
}

// confirmed reports whether the log tells of everything.
func confirmed(by []entra.Attribution) bool {
	return len(by) > 0 && !slices.ContainsFunc(by, func(a entra.Attribution) bool { return a.Certainty != entra.Confirmed })
}

// only is the attribution of a change as a whole where one actor did all of it.
func only(by []entra.Attribution) (entra.Attribution, bool) {
	if len(by) == 0 || !by[0].Known() {
		return entra.Attribution{}, false
	}
	for _, a := range by {
		if a.Actor != by[0].Actor {
			return entra.Attribution{}, false
		}
	}
	whole := by[0]
	whole.Parts = nil
	return whole, true
}
