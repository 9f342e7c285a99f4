package kind

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// sortSet puts the elements of a declared set in canonical order again: by what tells them
// apart, then by their whole value. An element without a member comes first.
func (s *Shape) sortSet(path string, list []any) {
	by, ok := s.Sets[path]
	if !ok {
		return
	}
	var names []string
	if by != "" {
		names = strings.Split(by, "+")
	}
	slices.SortStableFunc(list, func(a, b any) int {
		x, _ := a.(map[string]any)
		y, _ := b.(map[string]any)
		for _, name := range names {
			v, has := x[name]
			w, other := y[name]
			if c := cmp.Or(compareBool(has, other), compareValues(v, w)); c != 0 {
				return c
			}
		}
		return compareValues(a, b)
	})
}

// compareValues orders two values of one form as their JSON is read: member by member in the
// order of names, a shorter list first.
func compareValues(a, b any) int {
	switch x := a.(type) {
	case map[string]any:
		y, _ := b.(map[string]any)
		names, others := slices.Sorted(maps.Keys(x)), slices.Sorted(maps.Keys(y))
		for i := range min(len(names), len(others)) {
			if c := cmp.Or(cmp.Compare(names[i], others[i]), compareValues(x[names[i]], y[others[i]])); c != 0 {
				return c
			}
		}
		return cmp.Compare(len(names), len(others))
	case []any:
		y, _ := b.([]any)
		return slices.CompareFunc(x, y, compareValues)
	case string:
		y, _ := b.(string)
		return strings.Compare(x, y)
	case json.Number:
		y, _ := b.(json.Number)
		return strings.Compare(x.String(), y.String())
	case bool:
		y, _ := b.(bool)
		return compareBool(x, y)
	}
	return 0
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
