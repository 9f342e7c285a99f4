// Package kind owns the table of kinds: which Graph resources entragit keeps, from
// where it reads them, which of their properties can be written back and how, and
// what permission each needs. A kind is one literal in a family's file; everything
// that differs between kinds is a field of [Kind]. Beside the table stands what every
// reader of the table needs: the addresses of objects and their parts ([Addresses]), natural
// keys ([NaturalKey]), and the places that name other objects ([Shape.Mentions]).
//
// It must not know how a kind is read, encoded, compared or written: other packages
// range over [All] and follow the fields.
//
// Facts come from Microsoft's metadata (the v1.0 CSDL) and the reference pages of
// Microsoft Graph.
package kind

import "time"

// Kind describes one Graph resource type that entragit keeps. Its fields are grouped by
// who asks for them.
type Kind struct {
	// Name is the Graph collection's name, the kind's only name: "users".
	Name string
	// Title is what a person calls one object: "user", "Conditional Access policy".
	Title string
	// Bulk marks a kind that may have very many objects: its files are named by id
	// alone and sharded.
	Bulk bool
	// Annotate writes the name of each reference beside the reference, as a comment. The
	// objects of the kind are few enough to be held until all names are known.
	Annotate bool
	// GlossedBy are the kinds whose objects' names, and what those objects define, are written
	// beside ids as comments where the objects of the kind are too many to be held. Those kinds
	// are read before; where the kind itself is among them, an object's own definitions are
	// written. GlossedWhen says which objects have such comments; nil means all.
	GlossedBy   []string
	GlossedWhen *Condition
	// Shape says how an object's body is kept.
	Shape
	// Place says where the objects are in Graph.
	Place
	// Reading says how objects are asked for.
	Reading
	// Links are the edges stored with the object.
	Links []Link
	// Contained are the collections that have no life without the object.
	Contained []Contained
	// Writing says how objects are written.
	Writing
	// Recovery says what deleting an object means and how the object comes back.
	Recovery
	// Guarding says how dangerous objects are and who may touch them.
	Guarding
	// DirectoryPolicy marks a kind of policies that the directory itself keeps: its audit log
	// calls what becomes of them "Add policy", "Update policy", "Delete policy", of whatever kind
	// they are.
	DirectoryPolicy bool
}

// Place says where a kind's objects are in Graph, and whether there is more than one.
type Place struct {
	// Path is the collection (or singleton) below the versioned base URL, such as
	// "/identity/conditionalAccess/policies". An object is at Path + "/{id}". "{tenant}"
	// stands for the tenant's id; [Addresses] fills it in.
	Path string
	// IDFrom is the property that identifies an object, when that is not "id".
	IDFrom string
	// Aliases are the properties beside the id that name one object of the kind alone, such
	// as a user's userPrincipalName.
	Aliases []string
	// Singleton marks a resource that exists once; it lives in tenant/<Name>.yaml.
	Singleton bool
	// Listed marks a singleton whose Path answers with a list of one object, which is
	// itself at Path + "/{id}" (organization).
	Listed bool
	// Optional marks a singleton that may not exist: Graph answers 404 then.
	Optional bool
	// Parent marks a kind that has no list for the whole tenant.
	Parent *Parent
}

// Reading says how the objects of a kind are asked for.
type Reading struct {
	// Filter is the $filter that listing needs, or that leaves out what nobody
	// configured.
	Filter string
	// Expand lists to-one navigation properties that only come when asked for. A
	// to-many property is never expanded: Graph ends it at twenty without a word.
	Expand []string
	// ReadSingly marks a kind whose list leaves parts out, so that every object is read
	// by a request of its own.
	ReadSingly bool
	// Select asks for exactly the properties of the Shape that are not Dropped;
	// needed where the default answer leaves some out.
	Select bool
	// NameFilter marks a kind whose list Graph filters by display name.
	NameFilter bool
	// Extras are properties that are asked for only where the identity has a permission
	// of their own.
	Extras []Extra
	// Basic says which permissions show less of the objects; nil where none does.
	Basic *Basic
	// Transient says which listed objects come and go with use.
	Transient *Transient
	// LeftOut are conditions of which a listed object must meet none: what comes and goes with
	// use, or what another kind or a link says already. A Property may be a dotted path.
	LeftOut []Condition
	// Top is the largest page the endpoint accepts for $top; 0 sends none.
	Top int
	// OptIn marks a kind that is read only when it is asked for by name.
	OptIn bool
	// Licence is what the tenant must have, such as "Microsoft Entra ID P2".
	Licence string
	// Unavailable says why no application can read the kind; empty for all others. The
	// coverage of such a kind is skipped, with this cause.
	Unavailable string
	// Preview is how the message begins with which Graph refuses to return an object that
	// uses features v1.0 cannot express; empty where no object can. A list returns such
	// an object with parts missing: it is kept as the list shows it, and never written.
	Preview string
}

// Writing says how the objects of a kind are written, where [Shape] alone does not.
type Writing struct {
	// NeverWritten says why nothing of the kind is ever written, and completes the
	// sentence "left alone: …"; empty for all others.
	NeverWritten string
	// Put marks a kind that is updated by PUT of every updatable property, along with
	// the properties that were given when the object was created.
	Put bool
	// Requests marks a kind that is written by requests about its objects.
	Requests *Requests
	// PermittedBy are the kinds whose objects decide what may be written of this kind, so
	// that their changes come first.
	PermittedBy []string
	// Sole is the property that one object of the kind has as true. Graph takes true alone, and
	// takes the property from the one that had it; empty for none.
	Sole string
	// Excludes is what an object of the kind excludes; nil for all others. What goes is put
	// back before what comes.
	Excludes *Exclusion
	// ChosenID is the property by which whoever creates an object chooses its id, so
	// that an object created again keeps the id.
	ChosenID string
	// IDPrefix is what Graph puts before the chosen id.
	IDPrefix string
	// Password is the property by which a creation gives an account a one-time password;
	// empty where objects have none.
	Password string
	// Given holds what a creation must give although it says nothing: an empty value of what
	// Graph requires.
	Given map[string]any
	// AfterCreation lists the updatable properties that a creation does not take: they are
	// written once the object is there.
	AfterCreation []string
	// Locks say which parts Graph does not let an application write, and when.
	Locks []Lock
}

// Recovery says what deleting an object means and how the object comes back.
type Recovery struct {
	// Deletion says what deleting an object means.
	Deletion Deletion
	// NotRecreatable says why a deleted object cannot be created again; empty where it
	// can.
	NotRecreatable string
	// CascadesTo are objects that are deleted together with an object of this kind and
	// do not come back with it.
	CascadesTo []Companion
	// Answered lists the properties besides the id that Graph chooses when an object is
	// created and that others may name it by: an application's appId.
	Answered []string
	// Twins marks a kind of which people take an object for another that has its name, so
	// that one which was made after the other was deleted is told beside it.
	Twins bool
	// Unique lists the properties of which no two objects may have the same value.
	Unique []Unique
	// KnownBy lists the properties by which a created object is found whose id was not
	// answered, where that is not its name.
	KnownBy []string
	// Losses are what does not come back with an object that is created again.
	Losses []Loss
	// Term is the path of the time at which an object ends by itself; empty for a kind
	// whose objects hold until somebody ends them.
	Term string
	// Scheduled is the kind whose object with the same natural key says how long an object
	// of this kind holds, which by itself holds for good; empty for all others.
	Scheduled string
	// NaturalKey lists the properties that identify an object where its id does not
	// outlive it: an object with the same values is the same object re-created.
	NaturalKey []string
}

// Guarding says how dangerous the objects of a kind are and who may touch them.
type Guarding struct {
	// Risk orders reports: 0 is the most dangerous to sign-in and privilege, 9 the
	// least.
	Risk int
	// Dangers rank single objects above the risk of the kind.
	Dangers []Danger
	// Tier0 says what depends on every object of the kind, for the whole tenant; it
	// completes the sentence "it decides …". Empty for all others.
	Tier0 string
	// Enforcement says whom an object subjects to what; nil where objects enforce nothing
	// on sign-ins.
	Enforcement *Enforcement
	// Membership says how an object has members that are subject to what it is subject to.
	Membership *Membership
	// Privilege says how an object gives somebody a role.
	Privilege *Privilege
	// Sensitive are the properties of an account that, where it holds a role, only a higher
	// administrator may write; he alone may delete it or take it back.
	Sensitive []string
	// SignIn is the property that keeps an account from signing in when it is false, and
	// Person marks the accounts of people, as against those of applications.
	SignIn string
	Person bool
	// Permissions are the application permissions needed, least privileged.
	Permissions Permissions
}

// Loss is something of an object that no creation brings back.
type Loss struct {
	// Property tells of it, a top-level one: it is lost where the snapshot has a value there.
	// One that could be given at creation is not. Empty for what no snapshot holds.
	Property string
	// When lists conditions that must all hold of the object.
	When []Condition
	// What is lost: "client secret", which is counted where the property is a collection.
	What string
	// Todo is what the object's owner must do.
	Todo string
}

// Companion is an object of another kind that shares a property's value.
type Companion struct {
	Kind     string
	Property string // of both, such as "appId"
}

// Deletion says what deleting an object means and how the object comes back.
type Deletion struct {
	Mode DeletionMode
	// DeletedPath is the collection that lists soft-deleted objects, such as
	// "/directory/deletedItems/microsoft.graph.user".
	DeletedPath string
	// Prefixed is the property before whose value Graph puts the object's id, without
	// hyphens, as long as the object is deleted; empty for none.
	Prefixed string
	// Before is what properties must be before Graph deletes the object, and Emptied are the
	// contained collections whose elements must be deleted before.
	Before  map[string]any
	Emptied []string
	// Kept are states in which Graph does not delete an object.
	Kept []Lock
	// NewName is the parameter by which an object is taken back with another value of
	// Prefixed, and DropTaken the one that leaves out the values of Droppable that another
	// object has; empty where Graph takes neither.
	NewName, DropTaken, Droppable string
	// RestorePath is the collection whose "/{id}/restore" action takes an object back, such as
	// "/directory/deletedItems".
	RestorePath string
}

// DeletionMode is what deleting an object means.
type DeletionMode int

// Retention is how long a soft-deleted object can be taken back (Microsoft's page "Restore
// deleted item (directory object)").
const Retention = 30 * 24 * time.Hour

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
	// Except are parts that stay writable although the whole object is locked;
	// "spec/extension_" stands for the values of all directory extensions.
	Except []string
	// Elsewhere marks a lock of what is made elsewhere: an object that is gone for good is
	// not created again here although parts of a live one can be written.
	Elsewhere bool
	// Place marks a lock that comes of where an object is, and not of what it is: an object
	// that is created again is free of it.
	Place bool
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

// Recreated reports whether an object of the kind that is gone for good can be created
// as the same one: under the id it had, or known by its natural key.
func (k *Kind) Recreated() bool {
	return k.NotRecreatable == "" && (k.ChosenID != "" || len(k.NaturalKey) > 0 || k.Singleton && k.Optional)
}
