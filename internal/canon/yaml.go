package canon

import (
	"fmt"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

// AppendYAML appends any JSON value as YAML, in the form of the object files: names
// sorted, and nothing left out. A text that is not JSON, names a member twice or is
// beyond a limit wraps [entra.ErrInvalid].
func AppendYAML(dst, json []byte) ([]byte, error) {
	var a arena
	a.reset()
	root, err := a.parse(json)
	if err != nil {
		return dst, fmt.Errorf("%w: %w", entra.ErrInvalid, err)
	}
	a.sortAll(root)
	w := writer{a: &a, out: dst}
	switch n := &a.nodes[root]; {
	case n.first == 0:
		w.scalar(root, 0)
	case n.typ == isObject:
		w.object(root, 0, false)
	default:
		w.list(root, 0, false)
	}
	if w.err != nil {
		return dst, fmt.Errorf("%w: %w", entra.ErrInvalid, w.err)
	}
	return w.out, nil
}

// sortAll orders the members of all objects by name.
func (a *arena) sortAll(i int32) {
	for c := a.nodes[i].first; c != 0; c = a.nodes[c].next {
		a.sortAll(c)
	}
	if a.nodes[i].typ == isObject {
		a.sortMembers(i)
	}
}

// readYAML reads the value of a file into the arena.
func (a *arena) readYAML(file string, data []byte) (int32, error) {
	a.reset()
	value, err := yaml.Read(file, data)
	if err != nil {
		return 0, err
	}
	root, err := a.addAny(value, -wrapping)
	if err != nil {
		return 0, invalid(file, "%v", err)
	}
	return root, nil
}

// wrapping is how deep a file has the values of an object at most: in an element of a
// section's list.
const wrapping = 3
