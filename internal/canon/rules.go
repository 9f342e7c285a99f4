package canon

import (
	"bytes"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// odataType is the one annotation that is part of a value.
const odataType = "@odata.type"

// rule says how one property is kept; its members are the rules of the properties below
// it. A list is transparent: its elements follow its own rule. A
// nil rule keeps the value.
type rule struct {
	members map[string]*rule
	// others is the rule of every member that has none by name; where prefix is set, of
	// those whose names begin with it.
	others *rule
	prefix string
	// spec marks a top-level property that can be written back.
	spec bool
	// drop leaves the property out; reduce keeps an embedded object's id alone.
	drop, reduce bool
	// plain is the value that is left out: the type that goes without saying.
	plain string
	// date, separator and json are for strings: a point in time, a set of words, a JSON
	// document.
	date      bool
	separator string
	json      bool
	// keep leaves of a list only the elements that meet the condition.
	keep *kind.Condition
	// set marks a list without order, whose elements are told apart by the members in
	// by, or by their value when by is empty.
	set bool
	by  []string
	// ref is set where the value is another object's identity.
	ref *kind.Reference
	// code is set where the value is the id of what has a name and is no such object; of are
	// the codes that an object defines whose identity the value is.
	code *kind.Code
	of   []*kind.Code
}

// member returns the rule of a property below r, or nil.
func (r *rule) member(key []byte) *rule {
	if r == nil {
		return nil
	}
	m, ok := r.members[string(key)]
	if !ok && r.others != nil && bytes.HasPrefix(key, []byte(r.prefix)) {
		return r.others
	}
	return m
}

// own returns the rule of a property below r, and makes the rule where r has none yet.
func (r *rule) own(name string) *rule {
	if r.members == nil {
		r.members = map[string]*rule{}
	}
	m := r.members[name]
	if m == nil {
		m = new(rule)
		r.members[name] = m
	}
	return m
}

// at returns the rule of a path as in [kind.Shape], and makes every rule on the way that
// is missing.
func (r *rule) at(path string) *rule {
	for name := range strings.SplitSeq(path, ".") {
		r = r.own(strings.TrimSuffix(name, "[]"))
	}
	return r
}

// compile turns the paths of a shape into one tree of rules.
func compile(s *kind.Shape) *rule {
	root := new(rule)
	for _, list := range [][]string{s.Update, s.Create} {
		for _, name := range list {
			root.at(name).spec = true
		}
	}
	root.own(odataType).spec = s.Polymorphic
	if !s.Polymorphic {
		root.own(odataType).plain = "#" + s.Type
	}
	for _, path := range s.Drop {
		root.at(path).drop = true
	}
	for _, path := range s.Reduce {
		root.at(path).reduce = true
	}
	for _, path := range s.Dates {
		root.at(path).date = true
	}
	for _, path := range s.JSON {
		root.at(path).json = true
	}
	for path, c := range s.Keep {
		root.at(path).keep = &c
	}
	for path, separator := range s.Strings {
		root.at(path).separator = separator
	}
	for path, by := range s.Sets {
		r := root.at(path)
		r.set = true
		if by != "" {
			r.by = strings.Split(by, "+")
		}
	}
	if s.Extensions {
		root.others, root.prefix = &rule{spec: true, set: true}, kind.ExtensionPrefix
	}
	for name := range s.Typed {
		values := &rule{others: &rule{set: true}}
		root.at(name).others = values
	}
	for i := range s.References {
		if ref := &s.References[i]; ref.Joined == "" {
			root.at(ref.Path).ref = ref
		}
	}
	for i := range s.Codes {
		t := &s.Codes[i]
		root.at(t.Path).code = t
		if t.Of != "" {
			of := root.at(t.Of)
			of.of = append(of.of, t)
		}
	}
	return root
}

// shape holds the compiled rules of a kind.
type shape struct {
	*kind.Kind
	body      *rule
	contained map[string]collection
}

// collection holds the compiled rules of a contained collection.
type collection struct {
	body   *rule
	of     *kind.Contained
	inline bool
}

func newShape(k *kind.Kind) *shape {
	s := &shape{Kind: k, body: compile(&k.Shape), contained: map[string]collection{}}
	for i := range k.Contained {
		c := &k.Contained[i]
		s.contained[c.Name] = collection{compile(&c.Shape), c, c.Inline}
	}
	return s
}

// inline reports whether a property of the body is a contained collection.
func (s *shape) inline(key []byte) bool { return s.contained[string(key)].inline }
