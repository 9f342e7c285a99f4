package validate

import (
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// owner finds whose file a path is, or says why it is nobody's.
func owner(path string) (k *kind.Kind, id, problem string) {
	name, id, ok := canon.ParsePath(path)
	if !ok {
		return nil, "", "no object has a file of this name"
	}
	if k = kind.ByName(name); k == nil {
		return nil, "", fmt.Sprintf("there is no kind %q", name)
	}
	if k.Singleton != (id == "") {
		return nil, "", fmt.Sprintf("no object of %s has a file of this name", name)
	}
	return k, id, ""
}

// fileCheck checks one file.
type fileCheck struct {
	*validation // read only
	problems
	kind *kind.Kind
	path string
	data []byte
}

// run checks the file.
func (f *fileCheck) run() error {
	document, err := yaml.Read(f.path, f.data)
	if err != nil {
		return f.note(f.path, err)
	}
	if f.sound(document) {
		if _, err := canon.Decode(f.kind, f.path, f.data); err != nil {
			return f.note(f.path, err)
		}
	}
	f.references(document)
	return nil
}

// at notes what is wrong with the value at a pointer.
func (f *fileCheck) at(pointer, rule, message string, warning bool) {
	f.add(Problem{Rule: rule, File: f.path, Line: yaml.LineOf(f.data, pointer), Pointer: pointer, Message: message, Warning: warning})
}

// sound checks the file against its schema and reports whether there was no error.
func (f *fileCheck) sound(document any) bool {
	sound := true
	for _, p := range f.schemas[f.kind.Name].Validate(document) {
		rule := RuleSchema
		if p.Warning {
			rule = RuleUnknown
		} else {
			sound = false
		}
		f.at(p.Pointer, rule, p.Message, p.Warning)
	}
	return sound
}

// references finds what the file refers to and the revision does not have.
func (f *fileCheck) references(document any) {
	for m := range f.kind.Mentions(document) {
		if !f.dangling(m) {
			continue
		}
		what := "id"
		if m.By != "" {
			what = m.By
		}
		f.at(m.Pointer, RuleReference, fmt.Sprintf("no %s here has the %s %q", strings.Join(titles(m), " or "), what, m.Referent), false)
	}
}

// titles are what a person calls an object that a mention may lead to.
func titles(m kind.Mention) []string {
	var titles []string
	for _, target := range m.Targets {
		titles = append(titles, kind.ByName(target).Title)
	}
	return titles
}

// dangling reports whether a reference leads nowhere. It cannot be known where a kind
// that it may lead to was not read.
func (v *validation) dangling(m kind.Mention) bool {
	for _, target := range m.Targets {
		cover := v.manifest.Kinds[target]
		if kind.ByName(target) == nil || !cover.Read() || v.knows(target, m.By, m.Referent) {
			return false
		}
	}
	return !m.MayBeExternal
}
