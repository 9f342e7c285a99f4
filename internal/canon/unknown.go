package canon

import (
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// maxValue bounds the value of an enumeration in what Unknown lists, in bytes.
const maxValue = 100

// Unknown lists what of the object that was encoded last v1.0 does not name, as a
// vocabulary has it: the place of each property, and of each value and type the place and the
// value: "spec/sessionControls/newControl", "spec/@odata.type: #microsoft.graph.newLocation".
// The elements of lists stand in the place of their list. It is sorted, and nil as a rule.
func (e *Encoder) Unknown(v *kind.Vocabulary) []string {
	u := unnamed{a: &e.a}
	d := &e.last
	for _, s := range []struct {
		name string
		at   int32
	}{{entra.SectionSpec, d.spec}, {entra.SectionStatus, d.status}} {
		u.members(v.Section(s.name), s.at, s.name)
	}
	for list := e.a.nodes[d.contained].first; list != 0; list = e.a.nodes[list].next {
		name := string(e.a.key(list))
		u.value(v.Contained(name), list, entra.SectionContained+"/"+name)
	}
	slices.Sort(u.found)
	return slices.Compact(u.found)
}

// unnamed gathers what a vocabulary does not name.
type unnamed struct {
	a     *arena
	found []string
}

func (u *unnamed) value(t *kind.Term, i int32, at string) {
	switch n := &u.a.nodes[i]; n.typ {
	case isObject:
		u.members(t, i, at)
	case isArray:
		for c := n.first; c != 0; c = u.a.nodes[c].next {
			u.value(t, c, at)
		}
	case isString:
		if t.Valued() && !t.Names(u.a.string(i)) {
			u.found = append(u.found, at+": "+shorten(u.a.string(i)))
		}
	}
}

func (u *unnamed) members(t *kind.Term, i int32, at string) {
	typ := u.a.string(u.a.member(i, odataType))
	for c := u.a.nodes[i].first; c != 0; c = u.a.nodes[c].next {
		key := u.a.key(c)
		member, named := t.Member(typ, key)
		switch {
		case !named:
			u.found = append(u.found, at+"/"+string(key))
		case u.a.nodes[c].typ == isObject || u.a.nodes[c].typ == isArray || member.Valued():
			u.value(member, c, at+"/"+string(key))
		}
	}
}

// shorten bounds a value that the tenant chose.
func shorten(value string) string {
	if len(value) <= maxValue {
		return value
	}
	return strings.ToValidUTF8(value[:maxValue], "") + "…"
}
