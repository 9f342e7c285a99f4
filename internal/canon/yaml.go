package canon

import (
	"fmt"
	"regexp"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/entragit/entragit/internal/entra"
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

// ReadYAML reads one value through the strict profile: one document; no anchors,
// aliases, tags, directives or merge keys; no name twice; no tabs or carriage returns
// between values; only plain values that every parser reads alike; valid UTF-8 without
// control characters. Numbers are [encoding/json.Number] with the digits of the
// file. An error wraps [entra.ErrInvalid] and starts with "file:line: ".
func ReadYAML(file string, data []byte) (any, error) {
	var a arena
	root, err := a.parseYAML(file, data)
	if err != nil {
		return nil, err
	}
	return a.any(root), nil
}

// parseYAML reads one value into the arena. The profile is enforced, and every plain
// value given its meaning, before the YAML library sees the text.
func (a *arena) parseYAML(file string, data []byte) (int32, error) {
	a.reset()
	text, err := profile(file, data)
	if err != nil {
		return 0, err
	}
	json, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return 0, libraryError(file, err)
	}
	a.marked = true
	root, err := a.parse(json)
	if err != nil {
		return 0, invalid(file, "%v", err)
	}
	return root, nil
}

var libraryLine = regexp.MustCompile(`line ([0-9]+): ([^\n]+)`)

// libraryError turns an error of the YAML library into a sentence.
func libraryError(file string, err error) error {
	if m := libraryLine.FindStringSubmatch(err.Error()); m != nil {
		return invalid(file+":"+m[1], "%s", strings.ReplaceAll(m[2], "already set in map", "is given twice"))
	}
	return invalid(file+":1", "%s", strings.TrimPrefix(err.Error(), "yaml: ")) // it does not number the first line
}
