package entra

// Key identifies an object for life: its kind and its immutable Graph id. A
// display name is never part of a key.
type Key struct {
	Kind string `json:"kind"` // Graph collection name, such as "users"
	ID   string `json:"id"`
}

// String returns "kind/id", the form used in messages and selectors.
func (k Key) String() string { return k.Kind + "/" + k.ID }

// Object is one Graph object in canonical form, as one file of a snapshot holds
// it.
type Object struct {
	Key
	// Name is what people call the object, usually its displayName.
	Name string
	// Spec holds what can be written back, named exactly as Graph names it.
	Spec map[string]any
	// Links holds the ids of linked objects, sorted, one list per link.
	Links map[string][]string
	// Contained holds objects that have no life without this one, in the order of
	// their natural key, one list per collection.
	Contained map[string][]map[string]any
	// IDs holds, for each contained collection that is identified by something else,
	// the Graph id of each element by its natural key. Only an object that was read from
	// the tenant has them: an id is another one after re-creation and never in a file.
	IDs map[string]map[string]string
	// Status holds what is observed and never restored.
	Status map[string]any
	// Answered is the body as Graph answered it, sets in the order of the tenant. Only an object
	// that was read from the tenant has it, and only of a kind that is written as a whole.
	Answered map[string]any `json:"-"`
}

// Sections of an object's file, and the first token of every [PropertyChange]
// pointer.
const (
	SectionSpec      = "spec"
	SectionLinks     = "links"
	SectionContained = "contained"
	SectionStatus    = "status"
)

// Property returns a top-level property of the object, whichever section holds it, or
// its id; nil where it has none of that name.
func (o *Object) Property(name string) any {
	if name == "id" {
		return o.ID
	}
	if v, ok := o.Spec[name]; ok {
		return v
	}
	return o.Status[name]
}

// Text returns a top-level property of the object that is text, "" where there is none.
func (o *Object) Text(name string) string {
	text, _ := o.Property(name).(string)
	return text
}
