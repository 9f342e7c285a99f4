package entra

import (
	"fmt"
	"time"
)

// ChangeType says what became of an object between two points.
type ChangeType string

// The types of change.
const (
	Added   ChangeType = "added"
	Removed ChangeType = "removed"
	Changed ChangeType = "changed"
)

// Point is one side of a comparison: a snapshot, or the live tenant when Commit is
// empty.
type Point struct {
	Commit string    `json:"commit,omitempty"` // full hash
	Seq    int       `json:"seq,omitempty"`    // Entragit-Seq
	Time   time.Time `json:"time"`             // when the state was captured, UTC
	// Branch is the branch that a commit without a number was asked for by.
	Branch string `json:"branch,omitempty"`
	// Operation is the operation that the point is the state before of.
	Operation string `json:"operation,omitempty"`
}

// String names the point in a sentence. A commit that is no snapshot has no number: it
// is named by what people know it by.
func (p Point) String() string {
	when := p.Time.UTC().Format("2006-01-02 15:04 UTC")
	switch {
	case p.Live() && p.Time.IsZero():
		return "the tenant now"
	case p.Live():
		return "the tenant at " + when
	case p.Operation != "":
		return "the state before operation " + p.Operation
	case p.Seq > 0:
		return fmt.Sprintf("snapshot %d of %s (%s)", p.Seq, when, p.short())
	case p.Branch != "":
		return fmt.Sprintf("commit %s on %s of %s", p.short(), p.Branch, when)
	}
	return fmt.Sprintf("commit %s of %s", p.short(), when)
}

// short is the commit's hash as people quote it.
func (p Point) short() string { return p.Commit[:min(len(p.Commit), 10)] }

// Live reports whether the point is the tenant now.
func (p Point) Live() bool { return p.Commit == "" }

// ChangeSet is the difference between two points, riskiest kind first, then by
// key.
type ChangeSet struct {
	From    Point    `json:"from"`
	To      Point    `json:"to"`
	Changes []Change `json:"changes"`
	// Unread lists what could not be compared, with the reason: neither changed nor
	// unchanged.
	Unread []Unread `json:"unread,omitempty"`
	// Unlicensed lists the kinds that take a licence which the tenant had neither then nor now:
	// there was nothing to compare.
	Unlicensed []string `json:"unlicensed,omitempty"`
	// Shrunk lists what lost so much at once that the reading is to be doubted before the
	// tenant is.
	Shrunk []Shrinkage `json:"shrunk,omitempty"`
	// Dangling lists the places that still name an object that was removed, riskiest kind
	// first, among the objects that were compared. Links are not among them: they go with
	// what they lead to.
	Dangling []Naming `json:"dangling,omitempty"`
	// Risks are what the changes can do to the tenant, worst first; nil where nobody judged
	// them.
	Risks []Risk `json:"risks,omitempty"`
	// Audit are the stretches of the audit log that who did it was looked for in; nil where
	// nobody looked.
	Audit []AuditWindow `json:"audit,omitempty"`
	// Ignored is what rules of entragit.yaml left out, with why, and the rules whose time is over.
	Ignored []Ignored `json:"ignored,omitempty"`
	// Names gives a label for every id that occurs in the changes and could be
	// resolved, such as "groups: Break-glass".
	Names map[string]string `json:"names,omitempty"`
}

// Unread names what a comparison had to leave out: a kind, one object, or a part of
// either.
type Unread struct {
	Kind string `json:"kind"`
	// ID and Name are those of the one object that was not read like the others of its
	// kind; both are empty where no object of the kind was.
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	// Link is the link, contained collection or property; empty for all there is.
	Link  string        `json:"link,omitempty"`
	State CoverageState `json:"state"`
	Cause string        `json:"cause,omitempty"`
}

// Shrinkage is a sudden loss: of the objects of a kind, of the targets of one of its links,
// or of the elements of one of its contained collections. A service that answers with nothing and says that all is well looks like this,
// and so does a deletion in bulk; a person has to tell them apart.
type Shrinkage struct {
	Kind   string `json:"kind"`
	Link   string `json:"link,omitempty"` // or contained collection; empty: the objects
	Lost   int    `json:"lost"`
	Before int    `json:"before"`
	// Names are those of the first objects that are gone, or that lost some of it.
	Names []string `json:"names,omitempty"`
}

// Change is what became of one object.
type Change struct {
	Key
	Name string     `json:"name"`
	Type ChangeType `json:"type"`
	// OldName is the name before, when the object was renamed.
	OldName string `json:"oldName,omitempty"`
	// OldID is the id before, when the object was gone for good and was created again.
	OldID string `json:"oldId,omitempty"`
	// Restored is the newest point before the comparison at which an object that came was
	// there: it was deleted since, and taken back.
	Restored *Point `json:"restored,omitempty"`
	// Fate is what became of a removed object that the tenant may still have among its deleted
	// items, and Until is when it can no longer be taken back; empty where nobody asked.
	Fate  Fate       `json:"fate,omitempty"`
	Until *time.Time `json:"until,omitempty"`
	// Properties are ordered by pointer.
	Properties []PropertyChange `json:"properties,omitempty"`
	Links      []LinkChange     `json:"links,omitempty"`
	// By says who did it, newest first, each part of the change at most once; nil where
	// nobody looked.
	By []Attribution `json:"by,omitempty"`
	// Cause is the change that brought this one about, where nobody had to do more for it,
	// such as the deletion of a user who was a member of this group. Reports tell the change
	// there, and do not count it again.
	Cause *Cause `json:"cause,omitempty"`
	// Causes are what brought parts of the change about, or all of it where Cause is set,
	// which is the first of them then. [Told] leaves those parts out.
	Causes []Cause `json:"causes,omitempty"`
}

// Cause is a change that brings others about.
type Cause struct {
	Key
	Name string `json:"name,omitempty"`
	// Why is the id of the rule that says so, such as "deleted-target".
	Why string `json:"why"`
	// Parts are what of the change it brought about: the pointers of properties, and for links
	// "/links/members/" and the id. Empty: the change as a whole.
	Parts []string `json:"parts,omitempty"`
}

// PropertyChange is the change of one property. Scalars and ordered lists are one
// change; complex values are followed to their leaves; a declared set says which
// elements came and went.
type PropertyChange struct {
	// Pointer is an RFC 6901 JSON pointer from the file's root, such as
	// "/spec/conditions/users/excludeGroups". An element of a contained collection is
	// named by its natural key.
	Pointer string `json:"pointer"`
	// Before and After are nil where the property was absent.
	Before any `json:"before,omitempty"`
	After  any `json:"after,omitempty"`
	// AddedItems and RemovedItems are filled for declared sets only.
	AddedItems   []any `json:"addedItems,omitempty"`
	RemovedItems []any `json:"removedItems,omitempty"`
	// Observed is set for properties under status, which are never restored.
	Observed bool `json:"observed,omitempty"`
}

// LinkChange is the change of one link: ids that came and went, sorted.
type LinkChange struct {
	Link    string   `json:"link"`
	Added   []string `json:"added,omitempty"`
	Removed []string `json:"removed,omitempty"`
}
