package kind

// Link is an edge stored with its owner.
type Link struct {
	// Name is the link in files and the navigation property in Graph: "members".
	Name string
	// Single marks a link with at most one target, written by PUT and removed by DELETE
	// on Name/$ref; any other link is written by POST on Name/$ref.
	Single bool
	// Targets are the kinds that may be linked.
	Targets []string
	// Reverse is set where Graph reads the link here and writes it at the target: the
	// target's link of that name gets this object's id. A target takes one such write at a
	// time.
	Reverse string
	// Bind is how many targets one update of the object can add, by the annotation
	// "NAME@odata.bind"; 0 where each is added by a request of its own.
	Bind int
	// TargetByCollection marks a link whose target is named by the target's own collection
	// when the link is written; any other target is named by /directoryObjects.
	TargetByCollection bool
	// Unlisted are types of targets that Graph leaves out of the link's list and shows when
	// they are asked for by their type.
	Unlisted []Unlisted
	// Timed says which targets are there for a time only, because an object of another kind or
	// its use makes them: they are no part of the link. Nil where none is.
	Timed *Timed
	// Dangers rank a target that was added, by the properties of the owner.
	Dangers []Danger
	// Permissions are needed beyond the permissions of the kind.
	Permissions Permissions
	// Hidden says of which owners Graph leaves the targets out, without an error, where
	// Permissions were not granted; of the others it shows them. Empty where it refuses.
	Hidden []Condition
}

// Unlisted is a type of targets that a link's list leaves out.
type Unlisted struct {
	// Type is the last segment of the path that shows them, and Plural is what a person calls
	// them.
	Type, Plural string
	// When limits the question to owners that meet every condition; others have none.
	When []Condition
}

// Timed finds the targets of a link that are there for a time only.
type Timed struct {
	// Path and Filter list what makes them, where "{id}" stands for the owner's id.
	Path, Filter string
	// Property of a listed object holds the target's id.
	Property string
	// Lasting holds of those that make a target for good.
	Lasting Condition
	// When limits the question to owners that meet every condition.
	When []Condition
	// What completes the sentence "… not read".
	What string
	// Permissions are needed to ask.
	Permissions Permissions
}

// Contained is a collection of objects that have no life without their owner. An
// element is one flat object. Where Key is not the id, the id is dropped: an element that
// is re-created gets another id. An element that has no Update cannot be changed in place.
type Contained struct {
	// Name is the collection in files and the navigation property in Graph.
	Name string
	// Shape says how an element's body is kept.
	Shape
	// Inline marks a collection that comes with the owner's body and needs no request
	// of its own.
	Inline bool
	// Single marks a collection of at most one element, at Name itself rather than at
	// Name/{id}; Graph answers 404 when it is empty.
	Single bool
	// Itself is the id by which the collection lists its owner, too, which is no element of
	// its own; empty where it does not.
	Itself string
	// When limits the read to owners that meet every condition; other owners have no
	// elements.
	When []Condition
	// Expand lists to-one navigation properties that only come when asked for.
	Expand []string
	// Put marks a collection whose elements are updated by PUT.
	Put bool
	// Requests marks a collection that is written by requests about its elements.
	Requests *Requests
	// Key lists the properties that identify an element across re-creation, such as
	// ("name") or ("principalId", "appRoleId").
	Key []string
	// Only marks a collection of which Graph keeps one element per owner, at Name/{id}: that
	// element is the same one whatever is changed of it, and Key is empty.
	Only bool
	// DerivedID marks a collection in which Graph works the id out of the element's
	// properties. In any other the id is sent when an element is created, where it is
	// part of Key.
	DerivedID bool
	// Unique lists the properties whose values together no two elements of an owner may
	// share, beyond Key.
	Unique []string
	// Holder says what of another object an element is about, which is named when the
	// element is created; nil for none.
	Holder *Holder
	// NoDelete marks a collection whose elements can be added and updated, never removed.
	NoDelete bool
	// AtCreation marks a collection without whose elements Graph does not create the owner:
	// they are in the body of the creation.
	AtCreation bool
	// UpdateOnly marks a collection whose elements can be updated, never added or removed.
	UpdateOnly bool
	// CreatePrefix is what Graph puts before the first property of Key when an element
	// is created, so that it must be taken off on the way back. "{appId}" stands for
	// the owner's property of that name without its hyphens.
	CreatePrefix string
	// Dangers rank an element that was added, by its properties.
	Dangers []Danger
	// Permissions are needed beyond those of the kind.
	Permissions Permissions
}
