package apply

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/kind"
)

// inOrder is a value of a body in the order of the tenant: what a set holds of what the tenant
// answered comes as it came there, and then what is new. Files sort sets, and a request that
// repeats one which cannot be changed must not look like a change.
func inOrder(s *kind.Shape, path string, value, answered any) any {
	switch v := value.(type) {
	case map[string]any:
		there, ok := answered.(map[string]any)
		if !ok {
			return value
		}
		ordered := make(map[string]any, len(v))
		for name, member := range v {
			ordered[name] = inOrder(s, path+"."+name, member, there[name])
		}
		return ordered
	case []any:
		there, ok := answered.([]any)
		if _, set := s.Set(path); !ok || !set {
			return value
		}
		return elementsInOrder(s, path, v, there)
	}
	return value
}

func elementsInOrder(s *kind.Shape, path string, elements, answered []any) []any {
	left := slices.Clone(elements)
	ordered := make([]any, 0, len(elements))
	for _, there := range answered {
		i := slices.IndexFunc(left, func(e any) bool { return says(there, e) })
		if i < 0 {
			continue
		}
		ordered = append(ordered, inOrder(s, path+"[]", left[i], there))
		left = slices.Delete(left, i, i+1)
	}
	return append(ordered, left...)
}

// says reports whether an answer of the tenant holds all that a value of a file says: files
// leave out what says nothing.
func says(answered, value any) bool {
	switch v := value.(type) {
	case map[string]any:
		there, ok := answered.(map[string]any)
		for name, member := range v {
			ok = ok && says(there[name], member)
		}
		return ok
	case []any:
		there, ok := answered.([]any)
		return ok && len(there) == len(v) && !slices.ContainsFunc(v, func(e any) bool {
			return !slices.ContainsFunc(there, func(t any) bool { return says(t, e) })
		})
	}
	return fmt.Sprint(answered) == fmt.Sprint(value)
}
