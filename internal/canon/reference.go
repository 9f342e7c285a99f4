package canon

import (
	"iter"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// References returns every value of an object that holds another object's identity:
// in its properties and those of its contained objects, in the order of the kind's
// references. Links, and the special values that name no object, are left out.
func References(k *kind.Kind, o *entra.Object) iter.Seq2[*kind.Reference, string] {
	return func(yield func(*kind.Reference, string) bool) {
		if !references(k.References, yield, o.Spec, o.Status) {
			return
		}
		for i := range k.Contained {
			c := &k.Contained[i]
			if !references(c.References, yield, o.Contained[c.Name]...) {
				return
			}
		}
	}
}

// references yields the values of each reference in each object, and reports whether
// to go on.
func references(refs []kind.Reference, yield func(*kind.Reference, string) bool, objects ...map[string]any) bool {
	for i := range refs {
		ref := &refs[i]
		path := strings.Split(strings.ReplaceAll(ref.Path, "[]", ""), ".")
		visit := func(value string) bool {
			return value == "" || slices.Contains(ref.Special, value) || yield(ref, value)
		}
		for _, o := range objects {
			if !follow(o, path, visit) {
				return false
			}
		}
	}
	return true
}

// follow visits the strings at a path, through every list on the way.
func follow(v any, path []string, visit func(string) bool) bool {
	switch v := v.(type) {
	case string:
		return len(path) > 0 || visit(v)
	case map[string]any:
		return len(path) == 0 || follow(v[path[0]], path[1:], visit)
	case []any:
		for _, element := range v {
			if !follow(element, path, visit) {
				return false
			}
		}
	}
	return true
}
