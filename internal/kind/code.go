package kind

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/wellknown"
)

// Code is a property that holds the id of what has a name and is no object that must be
// there: a permission, which an application defines; a licence; a built-in role. It is named
// for people. Nothing is restored, checked or rewritten by it, as against a [Reference].
type Code struct {
	// Path is the property, as in [Reference].
	Path string
	// Targets are the kinds of which the object is that the code stands for or that defines
	// it, and By the property that identifies the object; empty means its id.
	Targets []string
	By      string
	// Defines are the collections in which the object defines the code; nil where the code
	// stands for the object itself.
	Defines []Definition
	// Of is the property, beside the code or around it, that holds the identity of the object
	// that defines the code; empty where the owner does.
	Of string
	// Part is the part of package wellknown that has the code's names where no object has.
	Part string
}

// Definition is a collection in which an object defines and names something.
type Definition struct {
	// Path is the collection within the object's body; Key and Name are the properties of an
	// element.
	Path, Key, Name string
}

// Top is the property of the object in which the collection is.
func (d Definition) Top() string {
	top, _, _ := strings.Cut(d.Path, ".")
	return top
}

// Question is the code as a reference that a namer can be asked about. The holder is the
// identity of the object that defines the code: what its property Of holds, or the owner.
func (t *Code) Question(holder string) *Reference {
	return &Reference{Path: t.Path, Targets: t.Targets, By: t.By, Code: t, Holder: holder}
}

// WellKnown returns what Microsoft calls what a value of the property stands for, where that
// is the same in every tenant: the last answer to ask for.
func (r *Reference) WellKnown(value string) (label string, ok bool) {
	id, ok := r.Referent(value)
	if !ok {
		return "", false
	}
	id = strings.ToLower(id)
	if t := r.Code; t != nil && (t.Defines != nil || t.Part != "") {
		label = t.wellKnown(r.Holder, id)
		return label, label != ""
	}
	by := r.By
	if by == "" {
		by = "id"
	}
	for _, target := range r.Targets {
		if name := wellknown.Name(target, by, id); name != "" {
			return target + ": " + name, true
		}
	}
	return "", false
}

func (t *Code) wellKnown(holder, id string) string {
	if t.Part != "" {
		return wellknown.Name(t.Part, "id", id)
	}
	for _, d := range t.Defines {
		if name := wellknown.Defined(holder, d.Path, id); name != "" {
			return name
		}
		if name := wellknown.Name(d.Path, d.Key, id); name != "" {
			return name
		}
	}
	return ""
}

// Defined names the collections in which the code is defined.
func (t *Code) Defined() string {
	names := ""
	for _, d := range t.Defines {
		names += d.Path + " "
	}
	return names
}

// DefinedBy yields the id and the name of everything that a body defines for the code.
func (t *Code) DefinedBy(body map[string]any) iter.Seq2[string, string] {
	return func(yield func(id, name string) bool) {
		for _, d := range t.Defines {
			elements, _ := jsonpointer.Get(body, strings.Split(d.Path, ".")...).([]any)
			for _, e := range elements {
				element, _ := e.(map[string]any)
				id, _ := element[d.Key].(string)
				name, _ := element[d.Name].(string)
				if id != "" && name != "" && !yield(id, name) {
					return
				}
			}
		}
	}
}

// CodesIn returns every place within a value that holds a code, as [Shape.Mentions] does. The
// owner is the id of the object that the value is of; around holds what properties around the
// value hold, by path.
func (s *Shape) CodesIn(owner, path string, v any, around map[string]string) iter.Seq2[*Reference, string] {
	return func(yield func(*Reference, string) bool) { s.codesIn(owner, path, v, around, yield) }
}

// codesIn reports whether the caller wants more.
func (s *Shape) codesIn(owner, path string, v any, around map[string]string, yield func(*Reference, string) bool) bool {
	if len(s.Codes) == 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		below := func(name string) string {
			if path == "" {
				return name
			}
			return path + "." + name
		}
		around = s.around(around, v, below)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if !s.codesIn(owner, below(name), v[name], around, yield) {
				return false
			}
		}
	case []any:
		for _, element := range v {
			if !s.codesIn(owner, path+"[]", element, around, yield) {
				return false
			}
		}
	case string:
		for i := range s.Codes {
			t := &s.Codes[i]
			holder := owner
			if t.Of != "" {
				holder = around[t.Of]
			}
			if t.Path == strings.TrimSuffix(path, "[]") && !yield(t.Question(holder), v) {
				return false
			}
		}
	}
	return true
}

// around adds to what surrounds a code the properties of an object that say who defines it.
func (s *Shape) around(outer map[string]string, v map[string]any, below func(string) string) map[string]string {
	inner := outer
	for i := range s.Codes {
		of := s.Codes[i].Of
		for name, member := range v {
			if text, isText := member.(string); isText && of != "" && below(name) == of {
				inner = maps.Clone(inner)
				if inner == nil {
					inner = map[string]string{}
				}
				inner[of] = text
			}
		}
	}
	return inner
}

// Around returns what the tokens of a pointer within the shape say about who defines a code:
// the key of an element that they pass is one of its properties.
func (s *Shape) Around(tokens []string) map[string]string {
	around, path := map[string]string{}, ""
	for i, token := range tokens {
		switch key := s.Sets[path]; {
		case i == 0:
			path = token
		case key != "":
			path += "[]"
			around[path+"."+key] = token
		default:
			path += "." + token
		}
	}
	return around
}

// Referents are the identities that a value of the property holds.
func (r *Reference) Referents(value string) []string { return r.referents(value) }

// permissions are where a service principal defines application and delegated permissions.
var permissions = []Definition{{"appRoles", "id", "value"}, {"oauth2PermissionScopes", "id", "value"}}

// licence is the id of a licence; plans are ids of service plans of the licence that the
// property of names.
func licence(path string) Code {
	return Code{Path: path, Targets: []string{"subscribedSkus"}, By: "skuId"}
}

func plans(path, of string) Code {
	return Code{
		Path: path, Of: of, Targets: []string{"subscribedSkus"}, By: "skuId",
		Defines: []Definition{{"servicePlans", "servicePlanId", "servicePlanName"}},
	}
}

// organizationID is the id of a tenant.
func organizationID(path string) Code { return Code{Path: path, Targets: []string{"organization"}} }
