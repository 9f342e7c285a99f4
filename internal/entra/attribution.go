package entra

import "time"

// Attribution says who did what a change shows, as Microsoft's directory audit log tells it, or
// why that is not known.
type Attribution struct {
	// Actor did it; zero where Unknown says why nobody is named.
	Actor Actor `json:"actor,omitzero"`
	// When is the time of the log's entry, UTC.
	When time.Time `json:"when,omitzero"`
	// Address is the network address that Microsoft recorded. Where Service is set, it may
	// be that of a service that acted for the person.
	Address string `json:"address,omitempty"`
	Service bool   `json:"service,omitempty"`
	// Client is what the request came from: a user agent, or an application's name.
	Client string `json:"client,omitempty"`
	// Activity is the log's name of what was done, such as "Update conditional access policy".
	Activity      string `json:"activity,omitempty"`
	CorrelationID string `json:"correlationId,omitempty"`
	// Entries are the ids of the log's entries that say so.
	Entries []string `json:"entries,omitempty"`
	// Certainty says how much of it the log tells.
	Certainty Certainty `json:"certainty,omitempty"`
	// Parts are what it is about: the pointers of changed properties, and for links
	// "/links/members/" and the id; where several wrote one set, each element's, by its key or
	// value. Empty: the change as a whole.
	Parts []string `json:"parts,omitempty"`
	// Unknown is why nobody is named.
	Unknown Unknown `json:"unknown,omitempty"`
	// Candidates are those who may have done it: several, where Unknown is [SeveralCandidates];
	// whoever wrote the object meanwhile, where the log is not known to be whole.
	Candidates []Actor `json:"candidates,omitempty"`
}

// Known reports whether somebody is named.
func (a Attribution) Known() bool { return a.Actor.Type != "" }

// Actor is who does something to a tenant.
type Actor struct {
	Type ActorType `json:"type"`
	// ID is the user's object id, or that of the application's service principal.
	ID string `json:"id,omitempty"`
	// Name is the userPrincipalName, or the application's name.
	Name string `json:"name,omitempty"`
	// Via is the name of the application or portal through which a user acted, where that
	// was recorded.
	Via string `json:"via,omitempty"`
}

// ActorType says what kind of actor it is.
type ActorType string

// The types of actors.
const (
	ActorUser        ActorType = "user"
	ActorApplication ActorType = "application"
	ActorMicrosoft   ActorType = "microsoft" // a job of Microsoft's own: nobody's act at that time
)

// Certainty says how much of a change the audit log tells.
type Certainty string

// The certainties.
const (
	// Confirmed: an entry has the value, or the target, that the change has.
	Confirmed Certainty = "confirmed"
	// Touched: the actor wrote the object between the two points, and nobody else did; the
	// log does not tell the value.
	Touched Certainty = "touched"
)

// Unknown is why nobody is named for a change.
type Unknown string

// The reasons.
const (
	NoEvent           Unknown = "no-event"           // the log was read and has none
	NoEventYet        Unknown = "no-event-yet"       // and may still get one: entries appear late
	NoPermission      Unknown = "no-permission"      // to read the log
	NoLicence         Unknown = "no-licence"         // that the log takes
	OlderThanLog      Unknown = "older-than-log"     // Microsoft keeps 7 or 30 days
	LogUnread         Unknown = "log-unread"         // the log was not read, or not to its end
	NotKept           Unknown = "not-kept"           // the snapshot was made without the log
	Lost              Unknown = "lost"               // what was kept with the snapshot is not here, or was altered
	SeveralCandidates Unknown = "several-candidates" // and the log does not tell which
)

// AuditWindow is a stretch of the directory audit log and how well it was read.
type AuditWindow struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Read is when it was read: entries appear with a delay.
	Read  time.Time     `json:"read,omitzero"`
	State CoverageState `json:"state"`
	Cause string        `json:"cause,omitempty"`
	// Lost is set where it was kept with a snapshot and is not here, or is not what was kept.
	Lost bool `json:"lost,omitempty"`
}
