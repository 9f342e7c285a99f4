// Package csdl reads Microsoft's metadata, the v1.0 CSDL in the short form that
// internal/emulator keeps: which members a type has and which paths lie below it. The
// schema generator and the tests that hold the table of kinds against it are its
// only users; at run time entragit trusts the table.
package csdl

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// namespace precedes a type's name in the table of kinds and on the wire.
const namespace = "microsoft.graph."

// Metadata is a set of types and enumerations, named without namespace, and where their
// objects are.
type Metadata struct {
	Types map[string]*Type    `json:"types"`
	Enums map[string][]string `json:"enums"`
	// Clouds are what national clouds lack, by name.
	Clouds map[string]Cloud `json:"clouds"`
	// Container names what stands at the root: "Collection(user)" of users.
	Container map[string]string `json:"container"`
	// Operations are the actions with their parameters, and the functions, which have "()"
	// behind their name, by the type that they are bound to: "user" or "Collection(user)".
	Operations map[string]map[string]map[string]string `json:"operations"`
	// Filters say by type and property which operators $filter takes, of the types of which
	// Microsoft documents it.
	Filters map[string]map[string]string `json:"filters"`
	// Computed lists by type the properties that no write may hold, and Immutable those that
	// only a creation may.
	Computed  map[string][]string `json:"computed"`
	Immutable map[string][]string `json:"immutable"`

	derived map[string][]string
}

// Type is an entity or complex type with the members that it declares itself. A
// member's type is abbreviated: "String!", "Collection(user) contained".
type Type struct {
	Base       string            `json:"base"`
	Entity     bool              `json:"entity"`
	Abstract   bool              `json:"abstract"`
	Open       bool              `json:"open"`
	Properties map[string]string `json:"properties"`
	Navigation map[string]string `json:"navigation"`
}

// Member is a property or navigation property of a type.
type Member struct {
	Name string
	// Type is a type, an enumeration or a primitive of the CSDL, such as "Int32".
	Type       string
	Collection bool
	// Required marks a property that is never null.
	Required bool
	// Navigation marks a relationship; an answer holds it only where Graph says so.
	Navigation bool
}

// Read reads the metadata from a file.
func Read(file string) (*Metadata, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read metadata: %w", err)
	}
	m := &Metadata{derived: map[string][]string{}}
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("read metadata %s: %w", file, err)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Types)) {
		if base := m.Types[name].Base; base != "" {
			m.derived[base] = append(m.derived[base], name)
		}
	}
	return m, nil
}

// Lookup returns a type by its name with or without namespace, or nil.
func (m *Metadata) Lookup(name string) *Type { return m.Types[strings.TrimPrefix(name, namespace)] }

// Polymorphic reports whether a value of the type may be of a derived type.
func (m *Metadata) Polymorphic(name string) bool {
	return len(m.derived[strings.TrimPrefix(name, namespace)]) > 0
}

// Concrete returns the names of the types that a value of the type may be of, sorted: the type
// itself and those derived from it, but for abstract ones.
func (m *Metadata) Concrete(name string) []string {
	name = strings.TrimPrefix(name, namespace)
	var names []string
	if t := m.Types[name]; t != nil && !t.Abstract {
		names = append(names, name)
	}
	for _, d := range m.derived[name] {
		names = append(names, m.Concrete(d)...)
	}
	slices.Sort(names)
	return names
}

// Members returns what a value of the type may hold, inherited members included,
// and with derived those of the types derived from it too.
func (m *Metadata) Members(name string, derived bool) map[string]Member {
	name = strings.TrimPrefix(name, namespace)
	members := map[string]Member{}
	for base := m.Types[name]; base != nil; base = m.Types[base.Base] {
		base.into(members)
	}
	if derived {
		m.descend(name, members)
	}
	return members
}

func (m *Metadata) descend(name string, members map[string]Member) {
	for _, d := range m.derived[name] {
		m.Types[d].into(members)
		m.descend(d, members)
	}
}

func (t *Type) into(members map[string]Member) {
	for name, short := range t.Properties {
		members[name] = parse(name, short)
	}
	for name, short := range t.Navigation {
		if _, ok := members[name]; ok {
			continue
		}
		member := parse(name, short)
		member.Navigation = true
		members[name] = member
	}
}

func parse(name, short string) Member {
	short, required := strings.CutSuffix(strings.TrimSuffix(short, " contained"), "!")
	element, ok := strings.CutPrefix(short, "Collection(")
	return Member{Name: name, Type: strings.TrimSuffix(element, ")"), Collection: ok, Required: required}
}

// Path is a member somewhere below a type, named as in the table of kinds.
type Path struct {
	Path string
	// Owner is the type whose member it is; a derived type goes by its base's name.
	Owner string
	Member
}

// Paths returns every property below a type, down to its leaves, sorted. A navigation
// property is followed where follow says so. With derived, the type itself may be of
// a derived type; complex values below always may.
func (m *Metadata) Paths(name string, derived bool, follow func(path string) bool) []Path {
	w := walk{m: m, follow: follow}
	w.members(strings.TrimPrefix(name, namespace), derived, "", nil)
	slices.SortFunc(w.paths, func(a, b Path) int { return strings.Compare(a.Path, b.Path) })
	return w.paths
}

type walk struct {
	m      *Metadata
	follow func(path string) bool
	paths  []Path
}

func (w *walk) members(name string, derived bool, prefix string, above []string) {
	for _, member := range w.m.Members(name, derived) {
		path := prefix + member.Name
		if member.Navigation && !w.follow(path) {
			continue
		}
		w.paths = append(w.paths, Path{Path: path, Owner: name, Member: member})
		if w.m.Types[member.Type] == nil || slices.Contains(above, member.Type) {
			continue
		}
		if member.Collection {
			path += "[]"
		}
		w.members(member.Type, true, path+".", append(slices.Clone(above), member.Type))
	}
}
