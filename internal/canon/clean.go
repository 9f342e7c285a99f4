package canon

import (
	"bytes"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/kind"
)

// clean brings a value into canonical form: members that do not belong in a file are
// unlinked, lists that have no order are sorted.
func (a *arena) clean(i int32, r *rule) {
	a.nodes[i].rule = r
	switch a.nodes[i].typ {
	case isObject:
		if r != nil && r.reduce {
			a.reduce(i)
		}
		a.cleanMembers(i, r)
		a.sortMembers(i)
	case isArray:
		if r != nil && r.keep != nil {
			a.keep(i, r.keep)
		}
		for c := a.nodes[i].first; c != 0; c = a.nodes[c].next {
			a.clean(c, r)
		}
		if r != nil && r.set {
			a.sortSet(i, r.by)
		}
	case isString:
		if r != nil {
			a.cleanString(i, r)
		}
	}
}

// cleanMembers cleans each member of an object and unlinks the members that do not
// belong in a file or turn out to be empty.
func (a *arena) cleanMembers(i int32, r *rule) {
	last := int32(0)
	for c := a.nodes[i].first; c != 0; c = a.nodes[c].next {
		keep := false
		if key := a.key(c); !annotation(key) {
			if m := r.member(key); m == nil || !m.drop && !a.goesWithoutSaying(c, m) {
				a.clean(c, m)
				keep = !a.empty(c)
			}
		}
		switch {
		case keep:
			last = c
		case last == 0:
			a.nodes[i].first = a.nodes[c].next
		default:
			a.nodes[last].next = a.nodes[c].next
		}
	}
}

// goesWithoutSaying reports whether a value is the type that every object of the kind has. An
// object of another type, such as the agentUser among the users, says so.
func (a *arena) goesWithoutSaying(i int32, r *rule) bool {
	return r.plain != "" && (a.nodes[i].typ != isString || strings.EqualFold("#"+strings.TrimPrefix(a.string(i), "#"), r.plain))
}

var (
	odataMark = []byte("@odata.")
	graphMark = []byte("@microsoft.graph.")
)

// annotation reports whether a member says something about the answer rather than
// the object: an OData annotation (OData JSON Format 4.01, section 4.6), Graph's own,
// or a bound action, whose name starts with "#".
func annotation(key []byte) bool {
	if len(key) > 0 && key[0] == '#' {
		return true
	}
	if bytes.IndexByte(key, '@') < 0 || string(key) == odataType {
		return false
	}
	return bytes.Contains(key, odataMark) || bytes.Contains(key, graphMark)
}

// keep leaves of a list the objects that meet a condition, and every element that is no
// object. It sees the elements before anything was dropped from them.
func (a *arena) keep(i int32, c *kind.Condition) {
	list, before := a.children(i)
	a.link(i, slices.DeleteFunc(list, func(e int32) bool {
		return a.nodes[e].typ == isObject && !c.Holds(a.any(a.member(e, c.Property)))
	}))
	a.order = a.order[:before]
}

// reduce keeps the id of an embedded object alone. Without an id nothing else could
// say which object it was, so it stays whole.
func (a *arena) reduce(i int32) {
	if id := a.member(i, "id"); id != 0 && !a.empty(id) {
		a.link(i, []int32{id})
	}
}

// sortSet orders the elements of a list that has no order.
func (a *arena) sortSet(i int32, by []string) {
	list, before := a.children(i)
	slices.SortFunc(list, func(x, y int32) int {
		for _, name := range by {
			if c := a.compareMember(x, y, name); c != 0 {
				return c
			}
		}
		return a.compare(x, y)
	})
	a.link(i, list)
	a.order = a.order[:before]
}

// compareMember orders two objects by one member; an object without it comes first.
func (a *arena) compareMember(x, y int32, name string) int {
	m, n := a.member(x, name), a.member(y, name)
	if m == 0 || n == 0 {
		return int(m) - int(n)
	}
	return a.compare(m, n)
}
