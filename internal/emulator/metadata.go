package emulator

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed metadata.json
var metadataJSON []byte

// namespace qualifies every type name on the wire: "#microsoft.graph.user".
const namespace = "microsoft.graph."

// metadata is the part of Microsoft's v1.0 CSDL that the emulator serves. Type names are
// without namespace.
type metadata struct {
	Types map[string]*entityType `json:"types"`
	Enums map[string][]string    `json:"enums"`
	// Filters say by type and property what $filter takes of a directory object: "eq ne startsWith".
	Filters map[string]map[string]string `json:"filters"`
	// Clouds are what national clouds lack, by name.
	Clouds map[string]lacking `json:"clouds"`

	// lacks is what the cloud lacks that is served.
	lacks lacking
	// learned lists what loaded objects hold and the CSDL does not name; newMembers are the
	// values of enumerations among it, by enumeration, folded. Nothing is learned once the tenant is served.
	learned    []string
	newMembers map[string]bool
}

// entityType is an entity or complex type.
type entityType struct {
	// Name is the type's name without namespace.
	Name string `json:"-"`
	// Base is the type this one extends, or empty.
	Base     string `json:"base"`
	Abstract bool   `json:"abstract"`
	// Open types accept properties that the metadata does not declare, such as the
	// directory extensions of a user.
	Open bool `json:"open"`
	// Entity types have identity; the others are complex values.
	Entity bool `json:"entity"`
	// Declared and Navigates hold the type's own members as the CSDL abbreviates them:
	// "String!", "Collection(user) contained".
	Declared  map[string]string `json:"properties"`
	Navigates map[string]string `json:"navigation"`

	// properties and navigation hold the inherited members too.
	properties map[string]property
	navigation map[string]navigation
	// ancestors lists the type's bases, nearest first.
	ancestors []string
	// learned marks a type that the CSDL does not name.
	learned bool
}

// property is a structural property of a type.
type property struct {
	Type       string // without namespace and Collection()
	Collection bool
	Required   bool // not nullable
	learned    bool // not named by the CSDL, and of any type
}

// navigation is a relationship to other entities.
type navigation struct {
	Type       string
	Collection bool
	Contained  bool
}

// loadMetadata parses the embedded metadata, takes out what a cloud lacks, and resolves
// inheritance.
func loadMetadata(cloud string) (*metadata, error) {
	m := &metadata{newMembers: make(map[string]bool)}
	err := json.Unmarshal(metadataJSON, m)
	if err != nil {
		return nil, fmt.Errorf("metadata.json: %w", err)
	}
	if m.lacks, err = m.cloudOf(cloud); err != nil {
		return nil, err
	}
	m.lacks.takeFrom(m)
	m.Filters["directoryAudit"] = auditFilters
	for name, t := range m.Types {
		t.Name = name
	}
	for _, t := range m.Types {
		m.inherit(t)
	}
	return m, nil
}

// inherit fills in the members of t and of its bases.
func (m *metadata) inherit(t *entityType) {
	if t.properties != nil {
		return
	}
	t.properties = make(map[string]property)
	t.navigation = make(map[string]navigation)
	if base := m.Types[t.Base]; base != nil {
		m.inherit(base)
		t.ancestors = append([]string{base.Name}, base.ancestors...)
		t.Open = t.Open || base.Open
		for name, p := range base.properties {
			t.properties[name] = p
		}
		for name, n := range base.navigation {
			t.navigation[name] = n
		}
	}
	for name, s := range t.Declared {
		t.properties[name] = parseProperty(s)
	}
	for name, s := range t.Navigates {
		t.navigation[name] = parseNavigation(s)
	}
}

func parseProperty(s string) property {
	s, required := strings.CutSuffix(s, "!")
	inner, collection := collectionOf(s)
	return property{Type: inner, Collection: collection, Required: required}
}

func parseNavigation(s string) navigation {
	s, contained := strings.CutSuffix(s, " contained")
	inner, collection := collectionOf(s)
	return navigation{Type: inner, Collection: collection, Contained: contained}
}

func collectionOf(s string) (inner string, collection bool) {
	if rest, ok := strings.CutPrefix(s, "Collection("); ok {
		return strings.TrimSuffix(rest, ")"), true
	}
	return s, false
}

// isA reports whether the type called name is base or extends it.
func (m *metadata) isA(name, base string) bool {
	if name == base {
		return true
	}
	t := m.Types[name]
	return t != nil && slices.Contains(t.ancestors, base)
}

// typeName returns the type that an @odata.type value names, without "#" and namespace.
func typeName(annotation string) string {
	return strings.TrimPrefix(strings.TrimPrefix(annotation, "#"), namespace)
}
