package attribution

import (
	"slices"

	"github.com/entragit/entragit/internal/kind"
)

// verb is what an activity does.
type verb int

const (
	aside    verb = iota // it changes nothing that a snapshot holds
	creates              // the object is there from now on
	restores             // and so is one that is taken back
	updates              // the object is another
	deletes              // the object is gone
	destroys             // and so is one for good, which may have been deleted before
	adds                 // a tie between objects: a member, a role, a grant
	removes              // takes it away
)

// activity is what the log's entries of some names say.
type activity struct {
	// Names are those of activityDisplayName, as Microsoft writes them.
	Names []string
	// Services are those whose entries are meant; none are all: the same name may come from two.
	Services []string
	// Kinds are the kinds of which the object may be.
	Kinds []string
	Does  verb
	// About are the properties, links and contained collections that it writes, where those are
	// not the whole object: "licenseAssignmentStates", "links/manager".
	About []string
	// Named is the attribute that has the object's id, where the target's id is not that.
	Named string
	// Assigned is the kind of what says whose an object is, where the target is that: the id of an
	// assignment is the object's, "_" and the target's.
	Assigned string
	// Ties reads what it adds or removes.
	Ties func(*activity, *entry) []tie
	// Part is the link or contained collection that it adds to or removes from, and End and
	// EndType are the attribute that has the id of the object with the link, and the type of that
	// object as a target.
	Part, End, EndType string
	// Asks marks the activities that come before others of the same act: who asked is on them.
	Asks bool
	// Job is Microsoft's job that the activity is, where it is nobody's act.
	Job string
	// Passing marks what comes and goes with use: a role that somebody activates.
	Passing bool
}

// activities is every activity that the tables know.
var activities = slices.Concat(objectActivities, partActivities, tieActivities, asideActivities)

// byName finds activities by their folded names.
var byName = func() map[string][]*activity {
	index := map[string][]*activity{}
	for i := range activities {
		a := &activities[i]
		for _, name := range a.Names {
			index[folded(name)] = append(index[folded(name)], a)
		}
	}
	return index
}()

// activitiesOf are the rows that an entry's name and service mean; none for an activity that the
// tables do not know.
func activitiesOf(e *entry) []*activity {
	rows := byName[e.act]
	if !slices.ContainsFunc(rows, func(a *activity) bool { return a.Services != nil }) {
		return rows
	}
	var meant []*activity
	for _, a := range rows {
		if a.Services == nil || slices.ContainsFunc(a.Services, func(s string) bool { return folded(s) == e.service }) {
			meant = append(meant, a)
		}
	}
	return meant
}

// objects are the ids of the objects that an entry of the activity is about.
func (a *activity) objects(e *entry) []string {
	if a.Named != "" {
		if m, ok := e.modified(a.Named); ok {
			if id := identity(word(either(m))); id != "" {
				return []string{id}
			}
		}
	}
	if len(e.Targets) == 0 {
		return []string{""}
	}
	id := identity(string(e.Targets[0].ID))
	if id == "" {
		id = identity(string(e.Targets[0].Name))
	}
	return []string{id}
}

// either is the side of an attribute that says something, the new one where both do.
func either(m modified) any {
	if v := decode(m.New); filled(v) {
		return v
	}
	return decode(m.Old)
}

// objectKey is what the writes of an object are found by. Of a singleton there is one.
func objectKey(kindName, id string) string {
	if k := kind.ByName(kindName); k != nil && k.Singleton {
		return kindName
	}
	return kindName + "/" + identity(id)
}
