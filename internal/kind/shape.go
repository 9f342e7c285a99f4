package kind

import (
	"slices"
	"strings"
)

// Shape says how the body of one Graph resource is kept: which properties exist and
// where each property goes. Paths are dotted, with "[]" after a collection, such as
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
	// written back, why the property is not. The reason completes the sentence
	// "left alone: …".
	NotRestored map[string]string
	// OwnRequest lists updatable properties that go into a request of their own: Graph
	// accepts them in no other, or asks for a permission that the rest does not need.
	OwnRequest []string
	// Streams maps an updatable picture or style sheet, which has an address of its own below
	// the object, to the property that has a value where there is one. A file holds the bytes
	// in base64: Graph bounds a picture to some hundred kilobytes.
	Streams map[string]string
	// Extensions marks a type that directory extensions can be defined for. Their values
	// are updatable properties, which Graph answers by name alone.
	Extensions bool
	// Typed maps an updatable object of named sets of named values, such as
	// customSecurityAttributes, to the type by which a set is written. Only the values that
	// differ are sent, each with its type beside it.
	Typed map[string]string
	// NotClearable lists optional updatable properties that Graph lets be changed but not
	// cleared.
	NotClearable []string
	// ClearByParts lists updatable objects that cannot be null: such an object is cleared
	// by clearing each property that it holds.
	ClearByParts []string
	// OneWay holds, for an updatable property that cannot be changed back, the value that
	// the property keeps once it has that value.
	OneWay map[string]any
	// Actions write the properties that an update does not accept.
	Actions []Action
	// Keep says of a collection which elements are kept: those that meet the condition, a
	// test of the element's own property.
	Keep map[string]Condition
	// JSON lists strings that hold a JSON document; the document is written without white
	// space and with sorted members.
	JSON []string
	// DisableFirst lists collections whose elements Graph only lets be removed once
	// their isEnabled is false: one write disables, the next removes.
	DisableFirst []string
	// Sets maps each collection whose order means nothing to the property that
	// identifies an element ("id", "id+type" for a compound), or to "" when the element's
	// value does. The collections among the values of a Typed property and of directory
	// extensions are such sets, too.
	Sets map[string]string
	// Strings maps each string that holds a set to its separator.
	Strings map[string]string
	// Ordered lists the collections whose order means something. A collection that is
	// neither here nor in Sets is kept as Graph answered it.
	Ordered []string
	// Reduce lists embedded copies of other objects, kept as an object that holds their
	// id alone.
	Reduce []string
	// Dates lists the date-and-time values; they are written in UTC without needless zeros.
	Dates []string
	// References lists the properties that hold another object's identity.
	References []Reference
	// Codes lists the properties that hold the id of what has a name beside those.
	Codes []Code
	// Personal lists the top-level properties that hold data about a person.
	Personal []string
}

// ExtensionPrefix is how the name of each directory extension begins.
const ExtensionPrefix = "extension_"

// Updatable reports whether a top-level property can be written to an existing object.
func (s *Shape) Updatable(property string) bool {
	return slices.Contains(s.Update, property) || s.Extensions && strings.HasPrefix(property, ExtensionPrefix)
}

// Restorable reports whether a top-level property of the shape is part of spec.
func (s *Shape) Restorable(property string) bool {
	return s.Updatable(property) || slices.Contains(s.Create, property)
}

// Set returns the key of a collection whose order means nothing, as in Sets, and reports
// whether the path is such a collection.
func (s *Shape) Set(path string) (key string, ok bool) {
	if key, ok = s.Sets[path]; ok {
		return key, ok
	}
	property, below, deep := strings.Cut(path, ".")
	if !deep {
		return "", s.Extensions && strings.HasPrefix(path, ExtensionPrefix)
	}
	_, ok = s.Typed[property]
	return "", ok && strings.Count(below, ".") == 1
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
	// Prefixes are the texts that may precede the identity in the value, such as
	// "/administrativeUnits/"; empty where the value is the identity.
	Prefixes []string
	// Within marks a text that holds identities among other words: a membership rule, a
	// query, the address "api://APPID". Every GUID in it may be one, in lower case, and of an
	// appId the 32 digits in the name of a directory extension too. What such a text names
	// need not exist, so that the reference is MayBeExternal.
	Within bool
	// Special lists values that name no object, such as "All".
	Special []string
	// Joined marks a reference by the names of members: the names of a set and of a value
	// in the Typed property Path, joined by it.
	Joined string
	// Usable is what the object must meet to be named by a write, and Unusable says of one
	// that does not why, and completes the sentence "it names …, which …"; nil where every
	// object can be named.
	Usable   *Condition
	Unusable string
	// MayBeExternal marks a reference whose object may be in another tenant or service, so
	// that an object that is not found here is no mistake.
	MayBeExternal bool
	// Code is set where this is a [Code.Question], and Holder is who defines the code.
	Code   *Code
	Holder string
}
