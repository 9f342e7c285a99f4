package entra

import "encoding/json"

// Action is what one step does.
type Action string

// The actions of a plan.
const (
	ActionRestore         Action = "restore"         // take a soft-deleted object back, id kept
	ActionCreate          Action = "create"          // create an object that is gone, as the same one or under a new id
	ActionUpdate          Action = "update"          // write differing properties
	ActionAddLink         Action = "addLink"         // add link targets
	ActionRemoveLink      Action = "removeLink"      // remove link targets
	ActionCreateContained Action = "createContained" // create a contained object
	ActionUpdateContained Action = "updateContained" // write differing properties of a contained object
	ActionDeleteContained Action = "deleteContained" // delete a contained object
	ActionDelete          Action = "delete"          // delete an object that the snapshot has not
)

// Request is one write to Graph, exactly as it is sent.
type Request struct {
	Method string `json:"method"`
	// Path is relative to the versioned base URL and starts with "/".
	Path string          `json:"path"`
	Body json.RawMessage `json:"body,omitempty"`
}

// Step is one unit of a plan: it succeeds, fails or is skipped as a whole. It says what
// is to be, and no request: those follow from the step, the object as it is, and what
// the objects that it names are called when the step is done.
type Step struct {
	// ID is unique within the plan and stable for the same input. In JSON, "id" is the
	// object's.
	ID string `json:"step"`
	// Key is the object's in the snapshot, whatever it goes by now.
	Key
	Name   string `json:"name"`
	Action Action `json:"action"`
	// Target is the link or contained collection that the step is about; empty for the
	// object itself.
	Target string `json:"target,omitempty"`
	// Properties and Links are all that the step does: live is Before, the snapshot is
	// After. A deletion of an object lists what identifies it beside its id. A creation lists every property that is given, and a contained object that is
	// created or deleted is one change that holds its whole value. The ids in them are
	// those of the snapshot.
	Properties []PropertyChange `json:"properties,omitempty"`
	Links      []LinkChange     `json:"links,omitempty"`
	// As is the name under which a deleted object is taken back whose own somebody else
	// has now; empty for its own. Without are the addresses that it is taken back without,
	// because somebody else has them.
	As      string   `json:"as,omitempty"`
	Without []string `json:"without,omitempty"`
	// Needs are the ids of earlier steps that must have succeeded before.
	Needs []string `json:"needs,omitempty"`
	// Follows are the ids of earlier steps that come first, whether or not they succeed.
	Follows []string `json:"follows,omitempty"`
}

// Refusal is an object, or a part of one, that the plan leaves alone, with the
// reason.
type Refusal struct {
	Key
	Name string `json:"name"`
	// Pointer names the part; empty for the whole object.
	Pointer string `json:"pointer,omitempty"`
	Reason  string `json:"reason"`
	// Hint is what a person can do about it; may be empty.
	Hint string `json:"hint,omitempty"`
}

// Identity is how an object is found in the tenant.
type Identity struct {
	// Key holds the id that the object is known by now.
	Key
	// NaturalKey holds the properties that identify the object where its id did not
	// outlive it; nil for a kind whose ids do.
	NaturalKey map[string]any `json:"naturalKey,omitempty"`
}

// Listed is an object as a list of its kind shows it.
type Listed struct {
	Identity
	Name string `json:"name,omitempty"`
	// State is the property by which the object enforces anything or not; empty where its
	// kind has none.
	State string `json:"state,omitempty"`
	// Twin is the id of the object of the same kind and name that the snapshot has and that
	// was deleted; empty for none.
	Twin string `json:"twin,omitempty"`
	// Aliases are what else names this object alone, such as a userPrincipalName.
	Aliases []string `json:"-"`
	// Danger ranks the object among all that was added: 1 is the most dangerous.
	Danger int `json:"danger,omitempty"`
}

// AddedPart is a target of a link, or a contained object, that the tenant has and the
// snapshot has not.
type AddedPart struct {
	// Key and Name are the owner's.
	Key
	Name string `json:"name"`
	// Pointer leads to it: "/links/members/ID", "/contained/federatedIdentityCredentials/KEY".
	Pointer string `json:"pointer"`
	// Value is a contained object as the tenant has it; nil for a link's target.
	Value map[string]any `json:"value,omitempty"`
	// Danger ranks it among all that was added: 1 is the most dangerous.
	Danger int `json:"danger"`
}

// Plan is everything a reconcile will do: the source, each step in order, and what
// it leaves alone. What is reviewed is what is applied.
type Plan struct {
	FormatVersion int    `json:"formatVersion"`
	Tenant        string `json:"tenant"`
	From          Point  `json:"from"`
	Steps         []Step `json:"steps"`
	// Refusals are sorted by key and pointer.
	Refusals []Refusal `json:"refusals,omitempty"`
	// Added are the objects that the selection means, the tenant has and the snapshot has
	// not, the most dangerous first. They are left alone.
	Added []Listed `json:"added,omitempty"`
	// AddedParts are what was added to selected objects in the same way, in that order. They
	// are left alone, too.
	AddedParts []AddedPart `json:"addedParts,omitempty"`
	// Parts are the properties that the plan was limited to, as they were typed; none means
	// everything.
	Parts []string `json:"parts,omitempty"`
	// Identities say how to find the planned objects whose id may not outlive them, by
	// Key.String() of the snapshot's object.
	Identities map[string]Identity `json:"identities,omitempty"`
	// Renewed are the identities in place of which Graph will answer new ones, those of
	// objects that are created again and cannot choose. The plan names such an object by its
	// old identity throughout. Where it is spelled with [Gone] before it, the tenant names the
	// old one still.
	Renewed []Renewal `json:"renewed,omitempty"`
	// Losses are what does not come back with the objects that are created again.
	Losses []Loss `json:"losses,omitempty"`
	// Dangling are the live objects that name a selected object which is deleted or gone and
	// stays so.
	Dangling []Naming `json:"dangling,omitempty"`
	// Targets holds the kind of each link's target, by id, where the request that links it
	// depends on its kind and the link may lead to several.
	Targets map[string]string `json:"targets,omitempty"`
	// Accepted names the guards whose findings a person accepted.
	Accepted []string `json:"accepted,omitempty"`
	// Unverified lists the files whose content nothing vouches for and that a person let
	// through.
	Unverified []string `json:"unverified,omitempty"`
	// Live is the SHA-256 of each planned object's canonical bytes when the plan was
	// made, by Key.String(); "" for an object that did not exist. Apply refuses an
	// object that moved on.
	Live map[string]string `json:"live"`
	// Names gives a label for every id that occurs in the plan and could be resolved.
	Names map[string]string `json:"names,omitempty"`
	// Unread lists what either side did not read of any object of a selected kind, or of
	// an object as a whole: nothing can be said of it. A kind that could not be listed is
	// among them, since nobody knows what was added to it.
	Unread []Unread `json:"unread,omitempty"`
	// Observed are the selected objects that differ in what is kept and cannot be written,
	// riskiest kind first, those that differ in the same together.
	Observed []Observed `json:"observed,omitempty"`
	// Matched counts the selected objects that already equal the snapshot in everything that
	// was compared.
	Matched int `json:"matched"`
}

// Observed is an object that differs in what can only be observed.
type Observed struct {
	Key
	Name string `json:"name"`
	// Pointers are the properties that differ, sorted.
	Pointers []string `json:"pointers"`
}

// Gone stands in a plan before an identity that the tenant still names although the object
// is gone for good.
const Gone = "gone:"

// Renewal is an identity of an object in place of which Graph will answer a new one.
type Renewal struct {
	Key
	// By is the property that holds the identity, as in [Succession].
	By  string `json:"by,omitempty"`
	Old string `json:"old"`
}

// Identity is the old identity as others name it.
func (r Renewal) Identity() Name { return Name{Kind: r.Kind, By: r.By, Value: r.Old} }

// Loss is something of an object that no creation brings back.
type Loss struct {
	Key
	Name string `json:"name"`
	// Pointer is where the snapshot tells of it; empty for what no snapshot holds.
	Pointer string `json:"pointer,omitempty"`
	// What is lost, a noun with its number and dates where they are known: "2 client secrets".
	What string `json:"what"`
	// Todo is what the object's owner must do.
	Todo string `json:"todo"`
}

// Result is how one step ended.
type Result string

// The results of a step.
const (
	Done    Result = "done"
	Failed  Result = "failed"
	SkipDep Result = "skipped" // a step it needs did not succeed, or the object moved on
)

// StepOutcome is the result of one step.
type StepOutcome struct {
	Step   string `json:"step"`
	Result Result `json:"result"`
	// Error is one sentence; empty when done.
	Error string `json:"error,omitempty"`
}

// Outcome is what an apply did, and what reading back showed.
type Outcome struct {
	Plan  Plan          `json:"plan"`
	Steps []StepOutcome `json:"steps"`
	// Remaining are the differences that reading back still showed for the planned
	// parts; empty means that the tenant matches.
	Remaining []Change `json:"remaining,omitempty"`
	// Unverified are the planned objects and parts that could not be read back.
	Unverified []Unread `json:"unverified,omitempty"`
	// Unreviewed are the steps that what came back from the deleted items would need besides
	// the plan. They are not made: nobody reviewed them.
	Unreviewed []Step `json:"unreviewed,omitempty"`
	// Operation is the id under which the run was recorded; empty where it wrote nothing.
	Operation string `json:"operation,omitempty"`
	// Dangling are the live objects that still name what was created again by the identity
	// that it had.
	Dangling []Naming `json:"dangling,omitempty"`
	// Lineage is what the run created again under another identity.
	Lineage Lineage `json:"lineage,omitempty"`
}

// Complete reports whether every step was done, and everything that was planned was read
// back and showed no difference.
func (o Outcome) Complete() bool {
	for _, s := range o.Steps {
		if s.Result != Done {
			return false
		}
	}
	return len(o.Remaining)+len(o.Unverified)+len(o.Dangling) == 0
}
