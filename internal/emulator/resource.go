package emulator

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// resource describes one addressable collection or singleton of the Graph: where it
// is, what it holds, and what Microsoft documents about it beyond the metadata. A
// resource is one literal of the table (resources_*.go); the engine knows none by name.
type resource struct {
	// path is the collection's or singleton's path with "*" for an owner's key:
	// "/users", "/applications/*/federatedIdentityCredentials".
	path string
	// typ is the type of its objects, without namespace. Objects of a derived type carry
	// @odata.type.
	typ string
	// only lists the types derived from typ that the collection holds; empty means all.
	only []string
	// singleton marks a resource that exists once (or once per owner) and has no key.
	singleton bool
	// optional marks a singleton that need not be there: a write creates it, and it can be
	// deleted.
	optional bool
	// delegatedOnly marks a resource that only a signed-in user can reach, never an
	// application.
	delegatedOnly bool
	// key is the property that identifies an object; empty means "id".
	key string
	// alternate lists the properties that may address an object as in
	// "/applications(appId='…')".
	alternate []string
	// bare lists the alternate properties that also work as a plain path segment, as a
	// user's userPrincipalName does.
	bare []string

	// ofType is the type that a path names before this collection, because objects of another
	// type of the owner's collection have none: "{id}/microsoft.graph.samlOrWsFed…/domains".
	ofType string

	// deny lists the methods that the resource does not support: "POST", "PATCH" …
	deny []string
	// upsert marks a collection whose PATCH or PUT on an unknown key creates it.
	upsert bool
	// put marks a resource that is replaced by PUT.
	put bool
	// newestBy is the property with the time by which a list is sorted, the newest first.
	newestBy string
	// shows, when set, says which objects can be read.
	shows func(*store, *entry) bool

	// readOnly lists properties that no write may hold.
	readOnly []string
	// createOnly lists properties that only a create may hold.
	createOnly []string
	// required lists properties that a create must hold.
	required []string
	// texts says what text properties take, beyond what the metadata says.
	texts map[string]text
	// merge lists complex properties whose parts an update changes one by one; any other
	// is replaced whole.
	merge []string
	// emptied lists complex properties that null empties, although the metadata calls them
	// not nullable.
	emptied []string
	// alone lists properties that cannot be updated together with others.
	alone []string
	// delegated lists properties that only a signed-in user can write, never an application.
	delegated []string
	// secret lists paths that are accepted and never returned, such as
	// "passwordProfile.password".
	secret []string
	// masked lists paths whose values are returned as six asterisks.
	masked []string
	// streams are pictures and style sheets, which have an address of their own below the
	// object; the property that is named after one with RelativeUrl says whether it is there.
	streams []string
	// typed marks a resource whose writes must name their @odata.type.
	typed bool
	// clientKey marks a resource whose key the client chooses.
	clientKey bool
	// keyOf, when set, makes a new object's key of what was sent.
	keyOf func(*write) string
	// modified is the property stamped on every write; created the one stamped on
	// create.
	modified, created string
	// defaults are the values of properties that a create left out.
	defaults object
	// inline lists contained collections that are part of the body:
	// "authenticationMethodConfigurations".
	inline []string
	// holds lists contained collections that a create may hold, and that are not part of
	// the body otherwise.
	holds []string
	// toOne are the relationships to one object that $expand returns.
	toOne []toOne
	// embed maps a path in the body at which Graph returns a whole object, though only its
	// id is stored, to the collection it is from: "grantControls.authenticationStrength".
	embed map[string]string

	// selectOnly lists properties that are returned only when $select names them.
	selectOnly []string
	// byDefault, when set, lists the only properties that are returned without $select.
	byDefault []string
	// itemOnly lists properties that a list never returns with a value.
	itemOnly []string

	// page is the page size when $top is absent and maxPage the largest; 0 means 100
	// and 999.
	page, maxPage int
	// whole marks a list that has no pages.
	whole bool
	// skip marks a list that supports $skip.
	skip bool
	// scope lists the properties that a list must be filtered by.
	scope []string

	// deletedTo is the path under which a deleted object can be found and restored:
	// "/directory/deletedItems". Empty means that a delete is final.
	deletedTo string
	// keeps, when set, says which objects can be restored; the rest are gone at once.
	keeps func(object) bool
	// returns, when set, refuses to take a deleted object back.
	returns func(*store, object) *apiError
	// prefixed is the property before whose value a deleted object has its id.
	prefixed string
	// follow lists collections whose objects are deleted with this one when the
	// property has the same value: a service principal follows its application.
	follow []follow

	// links are the relationships to other objects; views are lists derived from other
	// objects' links and properties.
	links []link
	views []view
	// itself is the id under which a collection lists the singleton that contains it, too.
	itself string
	// linked marks objects outside the directory that relationships reach.
	linked bool
	// needs lists properties that hold the id of a directory object without which this one is
	// not there: an assignment needs its principal. "/" is the tenant.
	needs []string
	// refs are the properties that must name an existing object.
	refs []reference
	// unique are the properties whose value no other object of the collection may have.
	unique []unique
	// locks are the parts that cannot be written in some state.
	locks []lock
	// checks are the rules that no list above can say. They see the object as it will be.
	checks []check
	// prepare completes the object as the service does, before it is checked.
	prepare check
	// affect changes other objects, as the service does after a write; after a delete there
	// is no object as it will be.
	affect func(*write)

	// tracked, when set, says what the collection's delta query tells.
	tracked *tracking

	// source, when set, serves the objects from elsewhere than the collection at path.
	source *source
	// actions are bound to an object or singleton ("restore"), listActions to the
	// collection ("getByIds"), by name without namespace.
	actions, listActions map[string]action
	// byAction are the properties that an update refuses and an action or a request changes.
	byAction map[string]byAction
	// requestedBy is the collection of requests by which objects are removed that refuse
	// DELETE.
	requestedBy string
}

// text is what Microsoft documents that a text property takes; the zero value is any.
type text struct {
	// most is how many characters; 0 is no bound.
	most int
	// without are the characters that the text cannot hold; with it set, it can hold ASCII alone.
	without string
	// among lists the values there are.
	among []string
}

// takes reports whether a value is one of the text's.
func (t text) takes(value string) bool {
	switch {
	case t.most > 0 && utf8.RuneCountInString(value) > t.most,
		t.without != "" && (strings.ContainsAny(value, t.without) || strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII })):
		return false
	}
	return t.among == nil || slices.Contains(t.among, value)
}

// source serves objects that live in other collections.
type source struct {
	list func(*store) []*entry
	get  func(*store, string) *entry
	// bin marks a source of deleted objects: a DELETE there is final.
	bin bool
	// castOnly marks a list that exists only with a type after it.
	castOnly bool
}

// byAction is how an action changes a property.
type byAction struct {
	action string
	// settle, when set, returns the object as it will be when the property has a value: what
	// depends on it changes too.
	settle func(s *store, e *entry, value any) (object, *apiError)
}

// action answers a POST to an operation.
type action func(*Server, *request, *target) (*response, *apiError)

// link is a relationship that is read as a list (or one object) and written by $ref.
type link struct {
	name string
	// single marks a relationship to at most one object, written by PUT.
	single bool
	// to lists the types that may be linked.
	to []string
	// max bounds the number of targets; 0 is no bound.
	max int
	// keepOne says when the last target cannot be removed.
	keepOne func(owner object) bool
	// derived, when set, keeps the relationship in other objects than its owner.
	derived *derived
	// readOnly marks a relationship that is not written by $ref.
	readOnly bool
	// unlisted are types of objects that the relationship has and its list leaves out.
	unlisted []string
	// allow is a rule about a pair of objects; nil allows every one.
	allow func(owner, related *entry) *apiError
	// affect changes other objects after the relationship between two has changed.
	affect func(s *store, owner, related *entry)
}

// derived is a relationship that other objects say: role assignments who holds a role.
type derived struct {
	// from is the collection of those objects, and edge returns the ids that one of them
	// relates, empty for none.
	from        string
	edge        func(s *store, body object) (owner, related string)
	list        func(s *store, owner *entry) []*entry
	add, remove func(s *store, owner, related *entry)
}

// toOne is a relationship to one object that is read by $expand alone.
type toOne struct {
	name string
	// property is the dotted path of the object's id in the body. Empty means that the
	// body gives the relationship as an object with an id: "catalog": {"id": …}.
	property string
	// scope marks a property that holds a path, "/administrativeUnits/{id}" or "/" for the
	// whole directory, which is no object.
	scope bool
	// in lists the collections where the object may be; empty means the directory.
	in []string
	// required says that a create must give it.
	required bool
}

// view is a list that is derived, addressed like a relationship: memberOf.
type view struct {
	name string
	// typ is the type of its objects.
	typ string
	// list returns the objects for an owner.
	list func(*store, *entry) []*entry
	// unlisted are types of objects that the list leaves out.
	unlisted []string
	// home returns the collection in which a POST to the view creates its object; nil
	// makes the view read-only.
	home func(owner *entry, body object) string
}

// reference is a property that must name an object which exists.
type reference struct {
	// path is dotted; collections are entered: "conditions.users.includeGroups".
	path string
	// in lists the collections where the object may be; by is the property that is
	// held, empty for the key.
	in []string
	by string
	// published says that the object may also be an application of another tenant.
	published bool
	// special lists values that name no object: "All".
	special []string
	// message is the error's text, with %s for the value.
	message string
	// code and status are the error's; empty means 400 "BadRequest".
	code   string
	status int
}

// unique is a property whose values may occur once.
type unique struct {
	property string
	// among lists the other collections whose objects may not have the value either.
	among []string
	// when says which objects the rule is about; nil: all.
	when func(object) bool
	// status, code and message are the error's.
	status  int
	code    string
	message string
}

// lock is a state in which properties or relationships cannot be written.
type lock struct {
	when func(object) bool
	// parts are the locked properties and relationships; empty means all but except.
	parts, except []string
	// deletes locks deletion too.
	deletes bool
	// err is the answer to a write.
	err *apiError
}

// follow is a collection whose objects are deleted along with another's.
type follow struct {
	collection string
	property   string // the indexed property that both have
}

// check is a rule for a write. It returns nil to allow it.
type check func(*write) *apiError

func (r *resource) keyName() string {
	if r.key != "" {
		return r.key
	}
	return "id"
}

// pageSize is the number of objects on a page without $top.
func (r *resource) pageSize() int {
	if r.page == 0 {
		return 100
	}
	return r.page
}

// maxPageSize is the largest $top.
func (r *resource) maxPageSize() int {
	if r.maxPage == 0 {
		return 999
	}
	return r.maxPage
}

// takes reports whether an object of a type can be in the collection.
func (r *resource) takes(meta *metadata, typ string) bool {
	return meta.isA(typ, r.typ) && (r.only == nil || slices.Contains(r.only, typ))
}

func (r *resource) link(name string) *link {
	for i := range r.links {
		if r.links[i].name == name {
			return &r.links[i]
		}
	}
	return nil
}

func (r *resource) view(name string) *view {
	for i := range r.views {
		if r.views[i].name == name {
			return &r.views[i]
		}
	}
	return nil
}

// bin reports whether the resource holds deleted objects.
func (r *resource) bin() bool { return r.source != nil && r.source.bin }

func (r *resource) denies(method string) bool { return slices.Contains(r.deny, method) }
