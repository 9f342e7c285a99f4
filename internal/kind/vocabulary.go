package kind

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entragit/entragit/schemas"
)

// TypeProperty is the annotation by which a value says of which type it is.
const TypeProperty = "@odata.type"

// Vocabulary is what Microsoft's v1.0 metadata names of the objects of a kind: their
// properties, the values of enumerations, and types. Whatever else an object holds is
// unknown to v1.0: it is kept, compared and told, and it is not written. A vocabulary is made
// from the kind's schema and does not change. A nil one names everything.
type Vocabulary struct {
	sections  map[string]*Term
	contained map[string]*Term
}

// Term is what is named of one value. Lists are transparent: a list's term is that of
// its elements. A nil term names everything.
type Term struct {
	// members are the properties of an object. In a closed term others are not named, unless
	// a pattern names them.
	members  map[string]*Term
	closed   bool
	patterns []*regexp.Regexp
	// values are those of an enumeration; nil names any.
	values []string
	// base lists, in the term of a type, the properties that an object has whatever its type.
	base []string
}

// LoadVocabulary reads the vocabulary of a kind from schemas/<kind>.schema.json.
func LoadVocabulary(k *Kind) (*Vocabulary, error) {
	data, err := schemas.Files.ReadFile(k.Name + ".schema.json")
	if err != nil {
		return nil, fmt.Errorf("vocabulary of %s: %w", k.Name, err)
	}
	var root schemaNode
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("vocabulary of %s: %w", k.Name, err)
	}
	r := vocabularyReader{defs: root.Defs, terms: map[string]*Term{}}
	v := &Vocabulary{sections: map[string]*Term{}, contained: map[string]*Term{}}
	for name, section := range root.Properties {
		term, err := r.term(section)
		if err != nil {
			return nil, fmt.Errorf("vocabulary of %s: %w", k.Name, err)
		}
		v.sections[name] = term
	}
	if contained := v.sections["contained"]; contained != nil {
		v.contained = contained.members
	}
	return v, nil
}

// Section is what is named of spec or status.
func (v *Vocabulary) Section(name string) *Term {
	if v == nil {
		return nil
	}
	return v.sections[name]
}

// Contained is what is named of an element of a contained collection.
func (v *Vocabulary) Contained(name string) *Term {
	if v == nil {
		return nil
	}
	return v.contained[name]
}

// schemaNode is the part of a schema that says what is named.
type schemaNode struct {
	Ref        string                `json:"$ref"`
	Defs       map[string]schemaNode `json:"$defs"`
	Properties map[string]schemaNode `json:"properties"`
	Patterns   map[string]schemaNode `json:"patternProperties"`
	Items      *schemaNode           `json:"items"`
	Closed     bool                  `json:"x-entragit-closed"`
	Known      []string              `json:"x-entragit-known"`
	Base       []string              `json:"x-entragit-base"`
}

// vocabularyReader makes terms of schemas, one for each definition.
type vocabularyReader struct {
	defs  map[string]schemaNode
	terms map[string]*Term
}

func (r *vocabularyReader) term(n schemaNode) (*Term, error) {
	name, refers := strings.CutPrefix(n.Ref, "#/$defs/")
	switch {
	case n.Items != nil:
		return r.term(*n.Items)
	case !refers:
		t := new(Term)
		return t, r.fill(t, n)
	case r.terms[name] != nil:
		return r.terms[name], nil
	}
	t := new(Term)
	r.terms[name] = t // before its members, which may refer to it
	return t, r.fill(t, r.defs[name])
}

func (r *vocabularyReader) fill(t *Term, n schemaNode) error {
	t.closed, t.values, t.base = n.Closed, n.Known, n.Base
	t.members = make(map[string]*Term, len(n.Properties))
	for name, member := range n.Properties {
		var err error
		if t.members[name], err = r.term(member); err != nil {
			return err
		}
	}
	for pattern := range n.Patterns {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return fmt.Errorf("patternProperties: %w", err)
		}
		t.patterns = append(t.patterns, re)
	}
	return nil
}

// Member is what is named of a member of an object that says to be of a type; an empty type
// is none. It reports false where the member itself is not named.
func (t *Term) Member(typ string, name []byte) (member *Term, named bool) {
	if t == nil || !t.closed && len(t.members) == 0 {
		return nil, true
	}
	member, named = t.members[string(name)]
	switch {
	case named && string(name) != TypeProperty && !t.NamesType(typ):
		return member, slices.Contains(t.members[TypeProperty].base, string(name))
	case named || !t.closed:
		return member, true
	}
	return nil, slices.ContainsFunc(t.patterns, func(re *regexp.Regexp) bool { return re.Match(name) })
}

// NamesType reports whether an object may be of the type that it says to be of, as far as v1.0
// names types. An object that does not say is of one that is named.
func (t *Term) NamesType(typ string) bool {
	if t == nil || typ == "" {
		return true
	}
	types := t.members[TypeProperty]
	return types == nil || types.Names(typ)
}

// Valued reports whether there may be strings that v1.0 does not name.
func (t *Term) Valued() bool { return t != nil && t.values != nil }

// Names reports whether a string is a value that v1.0 names: any, except for those of
// enumerations, which may hold several separated by commas. Graph's services do not agree
// on the case of such values.
func (t *Term) Names(value string) bool {
	if !t.Valued() {
		return true
	}
	for one := range strings.SplitSeq(value, ",") {
		one = strings.TrimSpace(one)
		if !slices.ContainsFunc(t.values, func(known string) bool { return strings.EqualFold(known, one) }) {
			return false
		}
	}
	return true
}
