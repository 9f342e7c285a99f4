package canon

import (
	"errors"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// Decode reads an object's file. The file may have been edited by hand: it is read
// through the strict profile of package yaml, its shape is checked, and the value is
// brought into canonical form, each property in the section that the kind gives it.
// An error wraps [entra.ErrInvalid] and is one sentence that starts with
// "file:line: ". The caller's file is a path in the snapshot, or any name: when it
// holds an object's id, that must be the object's.
func Decode(k *kind.Kind, file string, data []byte) (*entra.Object, error) {
	var a arena
	root, err := a.readYAML(file, data)
	if err != nil {
		return nil, err
	}
	f := reader{a: &a, file: file, data: data}
	d := document{shape: newShape(k)}
	p := f.read(&d, root)
	if f.err != nil {
		return nil, f.err
	}
	if err := a.assemble(&d, p); err != nil {
		f.fail(jsonpointer.Join(entra.SectionContained), "%v", err)
		return nil, f.err
	}
	return a.object(d), nil
}

// reader takes a file apart; it keeps its first error.
type reader struct {
	a    *arena
	file string
	data []byte
	err  error
}

// fail notes an error about the value at a JSON pointer.
func (f *reader) fail(pointer, format string, args ...any) {
	if f.err == nil {
		f.err = yaml.Faultf(f.file, f.data, pointer, format, args...)
	}
}

func (f *reader) read(d *document, root int32) parts {
	p := parts{contained: map[string]int32{}}
	if f.a.nodes[root].typ != isObject {
		f.fail("", "the file holds no object")
		return p
	}
	var spec, status int32
	for c := f.a.nodes[root].first; c != 0; c = f.a.nodes[c].next {
		switch name := string(f.a.key(c)); name {
		case "apiVersion":
			f.constant(c, APIVersion, "unknown format %q; this version reads %q")
		case "kind":
			f.constant(c, d.shape.Name, "kind is %q and must be %q here")
		case "metadata":
			f.metadata(d, c)
		case entra.SectionSpec:
			spec = f.section(c, name)
		case entra.SectionStatus:
			status = f.section(c, name)
		case entra.SectionLinks:
			f.links(d, f.section(c, name))
		case entra.SectionContained:
			f.contained(p, f.section(c, name))
		default:
			f.fail(jsonpointer.Join(name), "unknown key %q", name)
		}
	}
	f.require(d, root)
	if f.err == nil {
		var err error
		p.body, err = f.a.merge(d.shape, spec, status)
		if m := new(misplaced); errors.As(err, &m) {
			f.fail(jsonpointer.Join(m.section, m.property), "property %q %s", m.property, m.text)
		}
	}
	return p
}

// require checks that the file says what it is.
func (f *reader) require(d *document, root int32) {
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		if f.a.member(root, name) == 0 {
			f.fail("", "key %q is missing", name)
		}
	}
	if d.id == "" {
		f.fail("/metadata", "metadata.id is missing")
	}
	if _, id, ok := ParsePath(f.file); ok && id != "" && id != d.id {
		f.fail("/metadata/id", "metadata.id is %q and the file's name says %q", d.id, id)
	}
}

// constant checks a key that has one right value.
func (f *reader) constant(i int32, want, format string) {
	if have := f.a.string(i); have != want {
		f.fail(jsonpointer.Join(string(f.a.key(i))), format, have, want)
	}
}

func (f *reader) metadata(d *document, i int32) {
	for c := f.a.nodes[f.section(i, "metadata")].first; c != 0; c = f.a.nodes[c].next {
		name := string(f.a.key(c))
		if name != "id" && name != "name" {
			f.fail(jsonpointer.Join("metadata", name), "unknown key %q in metadata", name)
		}
		if f.a.nodes[c].typ != isString {
			f.fail(jsonpointer.Join("metadata", name), "metadata.%s must be text", name)
		}
		if name == "id" {
			d.id = f.a.string(c)
		} else {
			d.name = f.a.string(c)
		}
	}
}

// section returns an object; 0, which has no members, for a null.
func (f *reader) section(i int32, name string) int32 {
	switch f.a.nodes[i].typ {
	case isObject:
		return i
	case isNull:
		return 0
	}
	f.fail(jsonpointer.Join(name), "%s must be an object", name)
	return 0
}

func (f *reader) links(d *document, section int32) {
	a := f.a
	for c := a.nodes[section].first; c != 0; c = a.nodes[c].next {
		name := string(a.key(c))
		if !f.list(c, entra.SectionLinks, name, isString, "ids") {
			return
		}
		if d.links == nil {
			d.links = map[string][]string{}
		}
		for id := a.nodes[c].first; id != 0; id = a.nodes[id].next {
			d.links[name] = append(d.links[name], a.string(id))
		}
	}
}

func (f *reader) contained(p parts, section int32) {
	for c := f.a.nodes[section].first; c != 0; c = f.a.nodes[c].next {
		name := string(f.a.key(c))
		if !f.list(c, entra.SectionContained, name, isObject, "objects") {
			return
		}
		p.contained[name] = c
	}
}

// list checks that a value is a list, or null, and its elements of one type.
func (f *reader) list(i int32, section, name string, typ byte, what string) bool {
	ok := f.a.nodes[i].typ == isArray || f.a.nodes[i].typ == isNull
	for c := f.a.nodes[i].first; c != 0; c = f.a.nodes[c].next {
		ok = ok && f.a.nodes[c].typ == typ
	}
	if !ok {
		f.fail(jsonpointer.Join(section, name), "%s must be a list of %s", name, what)
	}
	return ok
}
