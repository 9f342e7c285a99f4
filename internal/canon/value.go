package canon

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entragit/entragit/internal/entra"
)

// string returns the text of a string; any other value, and index 0, has none.
func (a *arena) string(i int32) string {
	if a.nodes[i].typ != isString {
		return ""
	}
	return string(a.value(i))
}

// object returns a document as the value of the vocabulary.
func (a *arena) object(d document) *entra.Object {
	o := &entra.Object{
		Key:    entra.Key{Kind: d.shape.Name, ID: d.id},
		Name:   d.name,
		Spec:   a.members(d.spec),
		Status: a.members(d.status),
	}
	for name, ids := range d.links {
		if len(ids) == 0 {
			continue
		}
		if o.Links == nil {
			o.Links = map[string][]string{}
		}
		o.Links[name] = slices.Compact(slices.Sorted(slices.Values(ids)))
	}
	for list := a.nodes[d.contained].first; list != 0; list = a.nodes[list].next {
		if o.Contained == nil {
			o.Contained = map[string][]map[string]any{}
		}
		name := string(a.key(list))
		for c := a.nodes[list].first; c != 0; c = a.nodes[c].next {
			element := a.members(c)
			o.Contained[name] = append(o.Contained[name], element)
			id := d.ids[c]
			if id == "" {
				continue
			}
			if key, ok := d.shape.contained[name].of.KeyOf(element); ok {
				if o.IDs == nil {
					o.IDs = map[string]map[string]string{}
				}
				if o.IDs[name] == nil {
					o.IDs[name] = map[string]string{}
				}
				o.IDs[name][key] = id
			}
		}
	}
	return o
}

// members returns an object's members as Go values; nil when the object has none.
func (a *arena) members(i int32) map[string]any {
	if a.nodes[i].first == 0 {
		return nil
	}
	m := map[string]any{}
	for c := a.nodes[i].first; c != 0; c = a.nodes[c].next {
		m[string(a.key(c))] = a.any(c)
	}
	return m
}

// any returns a value in the types that [entra.Object] holds.
func (a *arena) any(i int32) any {
	switch a.nodes[i].typ {
	case isString:
		return string(a.value(i))
	case isNumber:
		return json.Number(a.value(i))
	case isTrue, isFalse:
		return a.nodes[i].typ == isTrue
	case isArray:
		list := []any{}
		for c := a.nodes[i].first; c != 0; c = a.nodes[c].next {
			list = append(list, a.any(c))
		}
		return list
	case isObject:
		if m := a.members(i); m != nil {
			return m
		}
		return map[string]any{}
	}
	return nil
}

// parts puts the properties and contained objects of a value into the arena.
func (a *arena) parts(s *shape, o *entra.Object) (parts, error) {
	p := parts{contained: map[string]int32{}}
	spec, err := a.addAny(o.Spec, 1-wrapping)
	if err != nil {
		return p, err
	}
	status, err := a.addAny(o.Status, 1-wrapping)
	if err != nil {
		return p, err
	}
	if p.body, err = a.merge(s, spec, status); err != nil {
		return p, err
	}
	for name, elements := range o.Contained {
		list := make([]int32, len(elements))
		for i, e := range elements {
			if list[i], err = a.addAny(e, 0); err != nil {
				return p, fmt.Errorf("%s: %w", name, err)
			}
		}
		p.contained[name] = a.add(isArray)
		a.link(p.contained[name], list)
	}
	return p, nil
}

// misplaced is the error of a property that cannot stand in its section.
type misplaced struct{ section, property, text string }

func (m *misplaced) Error() string {
	return fmt.Sprintf("%s: property %q %s", m.section, m.property, m.text)
}

// merge makes one object of the members of spec and status: in which of the two a
// property belongs is decided by the kind, not by the value.
func (a *arena) merge(s *shape, spec, status int32) (int32, error) {
	var list []int32
	for _, in := range []struct {
		section string
		object  int32
	}{{entra.SectionSpec, spec}, {entra.SectionStatus, status}} {
		for c := a.nodes[in.object].first; c != 0; c = a.nodes[c].next {
			key := a.key(c)
			switch {
			case string(key) == "id":
				return 0, &misplaced{in.section, "id", "belongs under metadata"}
			case s.inline(key):
				return 0, &misplaced{in.section, string(key), "belongs under contained"}
			case in.object == status && a.member(spec, string(key)) != 0:
				return 0, &misplaced{in.section, string(key), "is under spec already"}
			}
			list = append(list, c)
		}
	}
	body := a.add(isObject)
	a.link(body, list)
	return body, nil
}

var errTooDeep = fmt.Errorf("value nested more than %d deep", maxDepth)

// addMembers puts the members of an object into the arena, which lie at a depth.
func (a *arena) addMembers(m map[string]any, depth int) ([]int32, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	list := make([]int32, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		i, err := a.addAny(m[name], depth)
		if err != nil {
			return nil, err
		}
		if !utf8.ValidString(name) {
			return nil, fmt.Errorf("property name %q is not UTF-8", name)
		}
		a.nodes[i].key = a.put(name)
		list = append(list, i)
	}
	return list, nil
}

// addElements puts the elements of a list into the arena, which lie at a depth.
func (a *arena) addElements(v []any, depth int) ([]int32, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	list := make([]int32, len(v))
	for i := range v {
		var err error
		if list[i], err = a.addAny(v[i], depth); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// addParent adds a list or an object with the children.
func (a *arena) addParent(typ byte, children []int32) int32 {
	i := a.add(typ)
	a.link(i, children)
	return i
}

// addAny puts a value of the types that [entra.Object] holds into the arena. The depth is the
// number of lists and objects around the value.
func (a *arena) addAny(v any, depth int) (int32, error) {
	switch v := v.(type) {
	case nil:
		return a.add(isNull), nil
	case bool:
		if v {
			return a.add(isTrue), nil
		}
		return a.add(isFalse), nil
	case string:
		if !utf8.ValidString(v) {
			return 0, fmt.Errorf("string %.40q is not UTF-8", v)
		}
		return a.addText(isString, v), nil
	case json.Number:
		if value := jsontext.Value(v); value.Kind() != isNumber || !value.IsValid() {
			return 0, fmt.Errorf("%.40q is not a number", string(v))
		}
		return a.addText(isNumber, string(v)), nil
	case map[string]any:
		list, err := a.addMembers(v, depth+1)
		return a.addParent(isObject, list), err
	case []any:
		list, err := a.addElements(v, depth+1)
		return a.addParent(isArray, list), err
	}
	return 0, fmt.Errorf("%T is not a value of JSON", v)
}

func (a *arena) addText(typ byte, s string) int32 {
	i := a.add(typ)
	a.nodes[i].text = a.put(s)
	return i
}
