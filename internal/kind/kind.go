// Package kind owns the table of kinds: which Graph resources entragit keeps, from
// where it reads them, which of their properties can be written back and how, and
// what permission each needs. A kind is one literal in a family's file; everything
// that differs between kinds is a field of [Kind].
//
// It must not know how a kind is read, encoded, compared or written: other packages
// range over [All] and follow the fields.
//
// Facts come from Microsoft's metadata (the v1.0 CSDL) and the reference pages of
// Microsoft Graph.
package kind

import "slices"

// Kind describes one Graph resource type that entragit keeps.
type Kind struct {
	// Name is the Graph collection's name, the kind's only name: "users".
	Name string
	// Title is what a person calls one object: "user", "Conditional Access policy".
	Title string
	// Shape says how an object's body is kept.
	Shape
	// Path is the collection (or singleton) below the versioned base URL, such as
	// "/identity/conditionalAccess/policies". An object is at Path + "/{id}". "{tenant}"
	// stands for the tenant's id.
	Path string
	// ListPath is where objects are listed and created, when that is not Path.
	ListPath string
	// Filter is the $filter that listing needs, or that leaves out what nobody
	// configured.
	Filter string
	// Expand lists to-one navigation properties that only come when asked for. A
	// to-many one is never expanded: Graph ends it at twenty without a word.
	Expand []string
	// ReadSingly marks a kind whose list leaves parts out, so that every object is read on
	// its own.
	ReadSingly bool
	// Parent marks a kind that has no list for the whole tenant.
	Parent *Parent
	// IDFrom is the property that identifies an object, when that is not "id".
	IDFrom string
	// Singleton marks a resource that exists once; it lives in tenant/<Name>.yaml.
	Singleton bool
	// Listed marks a singleton whose Path answers with a list of one and whose object
	// is at Path + "/{id}" (organization).
	Listed bool
	// Optional marks a singleton that may not exist: Graph answers 404 then.
	Optional bool
	// OptIn marks a kind that is read only when it is asked for by name.
	OptIn bool
	// Unavailable says why no application can read the kind; empty for all others. Its
	// coverage is skipped, with this cause.
	Unavailable string
	// Observed says why nothing of the kind is ever written, and completes the sentence
	// "left alone: …"; empty for all others.
	Observed string
	// Preview is how the message begins with which Graph refuses to return an object that
	// uses features v1.0 cannot express; empty where there are none. A list returns such
	// an object with parts missing: it is kept as it is there, and never written.
	Preview string
	// Licence is what the tenant must have, such as "Microsoft Entra ID P2".
	Licence string
	// Top is the largest page the endpoint accepts for $top; 0 sends none.
	Top int
	// Select asks for exactly the properties of the Shape that are not Dropped;
	// needed where the default answer leaves some out.
	Select bool
	// Extras are properties that are asked for only where the identity has a permission
	// of their own.
	Extras []Extra
	// Extensions asks for the values of directory extensions too, which Graph answers
	// by name alone.
	Extensions bool
	// Transient says which listed objects come and go with use.
	Transient *Transient
	// Bulk marks a kind that may have very many objects: its files are named by id
	// alone and sharded.
	Bulk bool
	// Annotate writes the name of each reference beside it as a comment.
	Annotate bool
	// Links are the edges stored with the object.
	Links []Link
	// Contained are the collections that have no life without the object.
	Contained []Contained
	// Put marks a kind that is updated by PUT of every updatable property, along with
	// those that were given when the object was created.
	Put bool
	// Requests marks a kind that is written by requests about its objects.
	Requests *Requests
	// ChosenID is the property by which whoever creates an object chooses its id, so
	// that one re-created keeps it.
	ChosenID string
	// IDPrefix is what Graph puts before the chosen id.
	IDPrefix string
	// NaturalKey lists the properties that identify an object where its id does not
	// outlive it: an object with the same values is the same object re-created.
	NaturalKey []string
	// Deletion says what deleting an object means.
	Deletion Deletion
	// NotRecreatable says why a deleted object cannot be created again; empty where it can.
	NotRecreatable string
	// CascadesTo are objects that are deleted together with one of this kind and do not come
	// back with it.
	CascadesTo []Companion
	// Locks say which parts Graph does not let an application write, and when.
	Locks []Lock
	// Exclusions lists the sets of ids, as paths of the Shape, that the object exempts from
	// what it enforces. A guard keeps break-glass accounts in them.
	Exclusions []string
	// Risk orders reports: 0 is the most dangerous to sign-in and privilege, 9 the
	// least.
	Risk int
	// Permissions are the application permissions needed, least privileged.
	Permissions Permissions
}

// Shape says how the body of one Graph resource is kept: which properties exist and
// what becomes of each. Paths are dotted, with "[]" after a collection, such as
// "requiredResourceAccess[].resourceAccess"; a path that ends at a collection does
// not carry the brackets. A property that no list names is observed: it goes under
// status and is never restored.
type Shape struct {
	// Type is the Graph type, such as "microsoft.graph.user".
	Type string
	// NameFrom is the property that holds the name for people; empty means
	// "displayName".
	NameFrom string
	// Polymorphic keeps the body's own @odata.type, which must be sent on write.
	Polymorphic bool
	// Update lists the top-level properties that can be written to an existing object.
	Update []string
	// Create lists the top-level properties that can only be given when the object is
	// created; they are part of spec.
	Create []string
	// Status lists top-level properties that are observed. They are named so that they
	// can be selected.
	Status []string
	// Drop lists paths that never belong in a file: volatile, secret, or derived.
	Drop []string
	// NotRestored says, for a property of Status that a person would expect to be
	// written back, why it is not. The reason completes the sentence "left alone: …".
	NotRestored map[string]string
	// OwnRequest lists updatable properties that Graph only accepts in a request of their
	// own.
	OwnRequest []string
	// NotClearable lists optional updatable properties that Graph lets be changed but not
	// cleared.
	NotClearable []string
	// ClearByParts lists updatable objects that cannot be null: one is cleared by clearing what
	// it holds.
	ClearByParts []string
	// OneWay holds, for an updatable property that cannot be changed back, the value that
	// it keeps once it has it.
	OneWay map[string]any
	// Actions write what an update does not accept.
	Actions []Action
	// Keep leaves of a collection only the elements that meet the condition, a test of
	// the element's own property.
	Keep map[string]Condition
	// JSON lists strings that hold a JSON document, which is written without white space
	// and with sorted members.
	JSON []string
	// DisableFirst lists collections whose elements Graph only lets be removed once
	// their isEnabled is false: one write disables, the next removes.
	DisableFirst []string
	// Sets maps each collection whose order means nothing to the property that
	// identifies an element ("id", "id+type" for a compound), or to "" when the element's
	// value does.
	Sets map[string]string
	// Strings maps each string that holds a set to its separator.
	Strings map[string]string
	// Ordered lists the collections whose order means something. A collection that is
	// neither here nor in Sets is kept as Graph answered it.
	Ordered []string
	// Reduce lists embedded copies of other objects, kept as an object that holds their
	// id alone.
	Reduce []string
	// Dates lists the date-and-time values, which are written in one form.
	Dates []string
	// References lists the properties that hold another object's identity.
	References []Reference
	// Personal lists the top-level properties that hold data about a person.
	Personal []string
}

// Reference is a property that holds another object's identity.
type Reference struct {
	// Path is the property, as in [Shape]; a collection of identities is named without
	// brackets, "conditions.users.includeUsers".
	Path string
	// Targets are the kinds the object may be of.
	Targets []string
	// By is the target's property that is held; empty means its id.
	By string
	// Prefixes are what may precede the identity in the value, such as
	// "/administrativeUnits/"; empty where the value is the identity.
	Prefixes []string
	// Special lists values that name no object, such as "All".
	Special []string
	// MayBeExternal marks a reference whose object may be in another tenant or service, so that
	// one that is not found here is no mistake.
	MayBeExternal bool
}

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
	// target's link of that name is what gets this object's id. A target takes one at a
	// time.
	Reverse string
	// TargetByCollection marks a link whose target is named by its own collection when it is written;
	// any other is named by /directoryObjects.
	TargetByCollection bool
	// Permissions are needed beyond those of the kind.
	Permissions Permissions
}

// Contained is a collection of objects that have no life without their owner. An
// element is one flat object. Where Key is not the id, the id is dropped: it would
// be another one after the element was re-created. An element that has no Update
// cannot be changed in place.
type Contained struct {
	// Name is the collection in files and the navigation property in Graph.
	Name string
	// Shape says how an element's body is kept.
	Shape
	// Path is where the collection is below its owner, when that is not Name.
	Path string
	// Inline marks a collection that comes with the owner's body and needs no request
	// of its own.
	Inline bool
	// Single marks a collection of at most one, at Name itself rather than at Name/{id};
	// Graph answers 404 when there is none.
	Single bool
	// When limits the read to owners that meet every condition; the others have none.
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
	// DerivedID marks a collection in which Graph works the id out of the element's
	// properties. In any other the id is sent when an element is created, where it is
	// part of Key.
	DerivedID bool
	// Unique lists the properties whose values together no two elements of an owner may
	// share, beyond Key.
	Unique []string
	// NoDelete marks a collection whose elements can be added and updated, never removed.
	NoDelete bool
	// UpdateOnly marks a collection whose elements can be updated, never added or removed.
	UpdateOnly bool
	// CreatePrefix is what Graph puts before the first property of Key when an element
	// is created, so that it must be taken off on the way back. "{appId}" stands for
	// the owner's property of that name without its hyphens.
	CreatePrefix string
	// Permissions are needed beyond those of the kind.
	Permissions Permissions
}

// Companion is an object of another kind that shares a property's value.
type Companion struct {
	Kind     string
	Property string // of both, such as "appId"
}

// Deletion says what deleting an object means and how it comes back.
type Deletion struct {
	Mode DeletionMode
	// DeletedPath is the collection that lists soft-deleted objects, such as
	// "/directory/deletedItems/microsoft.graph.user".
	DeletedPath string
	// RestorePath is the collection whose "/{id}/restore" action takes one back, such as
	// "/directory/deletedItems".
	RestorePath string
}

// DeletionMode is what deleting an object means.
type DeletionMode int

// The modes of deletion.
const (
	DeleteNone DeletionMode = iota // cannot be deleted
	DeleteSoft                     // can be restored with its id for 30 days
	DeleteHard                     // gone at once
)

// Lock says that parts of an object cannot be written by an application while its
// observed state meets every condition.
type Lock struct {
	// When lists the conditions; all must hold.
	When []Condition
	// Parts are the locked top-level properties, links and contained collections, as
	// "spec/state" or "links/members"; empty means the whole object.
	Parts []string
	// Except are parts that stay writable although the whole object is locked.
	Except []string
	// Reason completes the sentence "left alone: …".
	Reason string
	// Hint says what a person can do instead.
	Hint string
}

// Condition is a test of one top-level property of the live object. An Equals of nil
// holds where the property is absent.
type Condition struct {
	Property string
	// Equals is the value to be equal to: a bool or a string; for a collection, an
	// element it must hold.
	Equals any
	// Prefix is what a string must start with, instead of Equals.
	Prefix string
	// Not inverts the test.
	Not bool
}

// Permissions are Microsoft Graph application permissions by name.
type Permissions struct {
	Read  []string
	Write []string
	// Needs are permissions to write that only some objects or properties call for.
	Needs []Need
}

// All returns every kind in a fixed order. The result must not be modified.
func All() []*Kind { return table }

// ByName returns the kind with that name, or nil.
func ByName(name string) *Kind { return byName[name] }

// Restorable reports whether a top-level property of the shape is part of spec.
func (s *Shape) Restorable(property string) bool {
	return slices.Contains(s.Update, property) || slices.Contains(s.Create, property)
}

// Recreated reports whether an object of the kind that is gone for good can be created
// as the same one: under the id it had, or known by its natural key.
func (k *Kind) Recreated() bool {
	return k.NotRecreatable == "" && (k.ChosenID != "" || len(k.NaturalKey) > 0 || k.Singleton && k.Optional)
}
