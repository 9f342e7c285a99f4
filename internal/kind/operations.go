package kind

// Parent says that a kind is listed once for each object of another kind.
type Parent struct {
	// Kind is the other kind; it is read before this one.
	Kind string
	// When limits it to objects that meet every condition.
	When []Condition
	// Filter is the $filter of the list, where "{id}" stands for the other object's id.
	Filter string
}

// Extra is a group of properties that need a permission of their own: asking for them
// without it would fail the whole request.
type Extra struct {
	Properties  []string
	Permissions Permissions
}

// Transient tells objects that exist only while something is used, such as the assignment
// that exists while somebody has a role activated, from objects that somebody configured.
type Transient struct {
	// Path and Filter list the uses.
	Path   string
	Filter string
	// Property of a use holds the id of the object that is left out.
	Property string
}

// Need is a permission that only some writes call for.
type Need struct {
	Permission string
	// For completes the sentence "needed for …".
	For string
	// Properties are those whose writing calls for it, Deletion says that deleting and taking
	// back do.
	Properties []string
	Deletion   bool
}

// Exclusion says when an object of a kind and those of another cannot be in force together:
// While holds of the one and Theirs of any of the other Kind.
type Exclusion struct {
	Kind          string
	While, Theirs Condition
}

// Holder names an element of another object's collection by the id that Graph gave it, in
// the request that creates an element of this one: the resource of a catalog whose role an
// access package gives.
type Holder struct {
	// Part is the member of the element that gets the name, as its member Name.
	Part, Name string
	// Owner is the path of the property of this object that holds the other one's id; Kind
	// and Contained are what the other is, and its collection.
	Owner, Kind, Contained string
	// From is the member of the element that has the properties of the collection's key.
	From string
}

// Action is a POST to the object's path + "/" + Name that writes properties which an
// update does not accept. Its body holds the properties, unless Add and Remove are
// set.
type Action struct {
	Name string
	// Properties are the updatable properties that it writes.
	Properties []string
	// Wrap is the member that holds the body's content; empty for the body itself.
	Wrap string
	// Whole sends every updatable and creatable property, not only Properties.
	Whole bool
	// Add and Remove are set where the body says how the one property, a set, changes: Add
	// holds the elements that are new or differ, Remove the keys of the elements that go.
	Add, Remove string
}

// Requests is a collection that takes requests about objects of a kind, where the
// objects themselves are read-only.
type Requests struct {
	// Path is the collection that a request is posted to.
	Path string
	// Property holds the verb of the request; Create, Update and Remove are its values. An
	// empty value means that it cannot be asked for.
	Property               string
	Create, Update, Remove string
	// Send lists the properties of the object that a request carries.
	Send []string
	// Wrap is the member of the request that holds them; empty for the request itself.
	Wrap string
	// Owner is the member that holds the id of a contained object's owner, as an object;
	// empty for none. A contained object is removed by its own id in the place of Send.
	Owner string
	// Reason is the member that says why, for the record; empty for none.
	Reason string
}
