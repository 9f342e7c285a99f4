package risk

import (
	"errors"
	"fmt"
	"iter"
	"strings"

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
// are the ids that entragit.yaml names. Objects are read when a rule asks for them.
func FactsOf(from, to Point, breakGlass []string) (Facts, error) {
	facts := Facts{BreakGlass: breakGlass, Exempting: map[string]bool{}}
	facts.Object = func(key entra.Key) (*entra.Object, error) {
		for _, p := range []Point{to, from} {
			if o, err := lookUp(p, key); o != nil || err != nil {
				return o, err
			}
		}
		return nil, nil
	}
	for _, k := range kind.All() {
		if k.Enforcement == nil {
			continue
		}
		for f, err := range to.Files(k.Name) {
			if err != nil {
				return Facts{}, fmt.Errorf("risk: %w", err)
			}
			o, err := to.Object(k, f.Path)
			if err != nil {
				return Facts{}, fmt.Errorf("risk: %w", err)
			}
			facts.exempt(k.Enforcement, o)
		}
	}
	return facts, nil
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
func (f *Facts) exempt(e *kind.Enforcement, o *entra.Object) {
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
				f.Exempting[id] = true
			}
		}
	}
}
