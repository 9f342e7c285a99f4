package risk

import (
	"errors"
	"iter"
	"strings"
	"sync"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Point is a point of a tenant that facts are read from.
type Point interface {
	// Files yields the files of a kind's objects.
	Files(kindName string) iter.Seq2[diff.File, error]
	// Find returns the path of an object's file, which may be missing.
	Find(k *kind.Kind, id string) (path string, ok bool)
	// Object reads the object of a file.
	Object(k *kind.Kind, path string) (*entra.Object, error)
}

// FactsOf reads what the rules need to know of the two points of a comparison. breakGlass
// are the ids that entragit.yaml names. Nothing is read before a rule asks for it.
func FactsOf(from, to Point, breakGlass []string) Facts {
	return Facts{
		BreakGlass: breakGlass,
		Object: func(key entra.Key) (*entra.Object, error) {
			for _, p := range []Point{to, from} {
				if o, err := lookUp(p, key); o != nil || err != nil {
					return o, err
				}
			}
			return nil, nil
		},
		Exempting: sync.OnceValues(func() (map[string]bool, error) { return exemptingIn(to) }),
	}
}

// exemptingIn are the groups by which somebody is exempt from what a point enforces.
func exemptingIn(p Point) (map[string]bool, error) {
	exempting := map[string]bool{}
	for _, k := range kind.All() {
		if k.Enforcement == nil {
			continue
		}
		for f, err := range p.Files(k.Name) {
			if err != nil {
				return nil, err
			}
			o, err := p.Object(k, f.Path)
			if err != nil {
				return nil, err
			}
			exempt(exempting, k.Enforcement, o)
		}
	}
	return exempting, nil
}

// lookUp reads an object; nil where the point has none.
func lookUp(p Point, key entra.Key) (*entra.Object, error) {
	k := kind.ByName(key.Kind)
	if k == nil {
		return nil, nil
	}
	path, ok := p.Find(k, key.ID)
	if !ok {
		return nil, nil
	}
	o, err := p.Object(k, path)
	if errors.Is(err, entra.ErrNotFound) {
		return nil, nil // the path of a bulk kind is known whether or not there is a file
	}
	return o, err
}

// exempt notes the groups by which somebody is exempt from what an object enforces.
func exempt(exempting map[string]bool, e *kind.Enforcement, o *entra.Object) {
	if !e.While.Holds(o.Property(e.While.Property)) {
		return
	}
	for _, scope := range e.Excludes {
		if scope.By != kind.ByGroup {
			continue
		}
		ids, _ := jsonpointer.Get(o.Spec, strings.Split(scope.Path, ".")...).([]any)
		for _, id := range ids {
			if id, ok := id.(string); ok {
				exempting[id] = true
			}
		}
	}
}
