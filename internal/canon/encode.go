package canon

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// Raw is one object as Graph answered it.
type Raw struct {
	// Body is the object as JSON, in UTF-8.
	Body []byte
	// Links holds the ids of the targets of each link, in any order.
	Links map[string][]string
	// Contained holds the bodies of each contained collection that is not inline, in
	// any order.
	Contained map[string][][]byte
}

// Namer gives the label of a referenced object for a comment, such as
// "groups: Break-glass". It is asked in kinds that are annotated only. A nil Namer
// writes no comments.
type Namer func(ref *kind.Reference, value string) (label string, ok bool)

// Encoded is one object's file.
type Encoded struct {
	// ID is the object's id; the kind's name for a singleton that has none.
	ID string
	// Name is what people call the object; empty when it has no name.
	Name string
	// YAML is the file. It is valid until the encoder's next call.
	YAML []byte
}

// Encoder gives objects their canonical bytes. It keeps its buffers from one object
// to the next, and the compiled rules of each kind. The zero value is ready to use;
// an Encoder must not be used by two goroutines at once.
type Encoder struct {
	a      arena
	shapes map[*kind.Kind]*shape
	out    []byte
	last   document // that was encoded
}

// Encode turns one object, as Graph answered it, into its file. An answer that is
// no JSON object, has no id, or is beyond a limit, wraps [entra.ErrInvalid] and
// names the object.
func (e *Encoder) Encode(k *kind.Kind, raw Raw, names Namer) (Encoded, error) {
	d, err := e.document(k, raw, nil)
	if err != nil {
		return Encoded{}, err
	}
	return e.write(d, names)
}

// Object turns one object, as Graph answered it, into its value: the value that Decode
// gives for the bytes of Encode, and beyond that the ids of its contained objects.
func (e *Encoder) Object(k *kind.Kind, raw Raw) (*entra.Object, error) {
	d, err := e.document(k, raw, map[int32]string{})
	if err != nil {
		return nil, err
	}
	return e.a.object(d), nil
}

// EncodeObject turns a value into its file: the same bytes as Encode for the same
// state. A value that JSON cannot express wraps [entra.ErrInvalid] and names the
// object.
func (e *Encoder) EncodeObject(k *kind.Kind, o *entra.Object, names Namer) (Encoded, error) {
	s := e.shape(k)
	e.a.reset()
	d := document{shape: s, id: o.ID, name: o.Name, links: o.Links}
	parts, err := e.a.parts(s, o)
	if err == nil {
		err = e.a.assemble(&d, parts)
	}
	if err != nil {
		return Encoded{}, invalid(d.key(), "%v", err)
	}
	return e.write(d, names)
}

func (e *Encoder) shape(k *kind.Kind) *shape {
	s := e.shapes[k]
	if s == nil {
		if e.shapes == nil {
			e.shapes = map[*kind.Kind]*shape{}
		}
		s = newShape(k)
		e.shapes[k] = s
	}
	return s
}

func (e *Encoder) write(d document, names Namer) (Encoded, error) {
	if !d.shape.Annotate && d.shape.GlossedBy == nil {
		names = nil
	}
	if cap(e.out) > keepText {
		e.out = nil
	}
	w := writer{a: &e.a, out: e.out[:0], names: names}
	w.document(d)
	e.out, e.last = w.out, d
	if w.err == nil && len(w.out) > yaml.MaxFile {
		w.err = fmt.Errorf("file of %d bytes, more than %d", len(w.out), yaml.MaxFile)
	}
	if w.err != nil {
		return Encoded{}, invalid(d.key(), "%v", w.err)
	}
	return Encoded{ID: d.id, Name: d.name, YAML: w.out}, nil
}

// document is one object in canonical form, taken apart into its sections. Sections
// are objects in the arena.
type document struct {
	shape                   *shape
	id, name                string
	links                   map[string][]string
	spec, contained, status int32
	// ids are the ids of contained objects, by node; nil where nobody asks for them.
	ids map[int32]string
}

// key names the object in errors.
func (d *document) key() string {
	return entra.Key{Kind: d.shape.Name, ID: cmp.Or(d.id, "?")}.String()
}

// document parses and cleans one object as Graph answered it. It puts the ids of
// contained objects into ids, unless ids is nil.
func (e *Encoder) document(k *kind.Kind, raw Raw, ids map[int32]string) (document, error) {
	a := &e.a
	a.reset()
	d := document{shape: e.shape(k), links: raw.Links, ids: ids}
	body, err := a.parse(raw.Body)
	if err != nil {
		// The id may have been read before the parser stopped.
		if len(a.nodes) > 1 && a.nodes[1].typ == isObject {
			d.id = a.string(a.member(1, "id"))
		}
		return d, invalid(d.key(), "%v", err)
	}
	parts := parts{contained: map[string]int32{}}
	if err := a.identify(&d, body, &parts); err != nil {
		return d, invalid(d.key(), "%v", err)
	}
	for name, bodies := range raw.Contained {
		list := make([]int32, len(bodies))
		for i, b := range bodies {
			if list[i], err = a.parse(b); err != nil {
				return d, invalid(d.key(), "%s: %v", name, err)
			}
		}
		parts.contained[name] = a.add(isArray)
		a.link(parts.contained[name], list)
	}
	if err := a.assemble(&d, parts); err != nil {
		return d, invalid(d.key(), "%v", err)
	}
	return d, nil
}

// identify takes the id and the inline collections out of a body and finds the
// object's name.
func (a *arena) identify(d *document, body int32, p *parts) error {
	if a.nodes[body].typ != isObject {
		return errors.New("body is not a JSON object")
	}
	id := int32(0)
	list, before := a.children(body)
	rest := list[:0]
	for _, c := range list {
		key := a.key(c)
		switch {
		case string(key) == "id":
			id = c
		case d.shape.inline(key):
			p.contained[string(key)] = c
		default:
			rest = append(rest, c)
		}
	}
	d.name = a.string(a.member(body, cmp.Or(d.shape.NameFrom, "displayName")))
	a.link(body, rest)
	a.order = a.order[:before]
	p.body = body
	if d.shape.IDFrom != "" {
		id = a.member(body, d.shape.IDFrom)
	}
	d.id = a.string(id)
	if id != 0 && a.nodes[id].typ != isString && a.nodes[id].typ != isNull {
		return fmt.Errorf("%s is not a string", cmp.Or(d.shape.IDFrom, "id"))
	}
	if d.id == "" && d.shape.Singleton {
		d.id = d.shape.Name
	}
	if d.id == "" {
		return fmt.Errorf("object without an id (displayName %.80q)", d.name)
	}
	return nil
}

// parts are the values a document is assembled from: an object with the members of
// spec and status, and a list for each contained collection.
type parts struct {
	body      int32
	contained map[string]int32
}

// assemble cleans the parts of a document and puts each property into its section.
func (a *arena) assemble(d *document, p parts) error {
	a.clean(p.body, d.shape.body)
	var spec, status []int32
	for c := a.nodes[p.body].first; c != 0; c = a.nodes[c].next {
		if r := a.nodes[c].rule; r != nil && r.spec {
			spec = append(spec, c)
		} else {
			status = append(status, c)
		}
	}
	d.spec, d.status = a.add(isObject), a.add(isObject)
	a.link(d.spec, spec)
	a.link(d.status, status)
	return a.assembleContained(d, p)
}

// assembleContained cleans and sorts the contained collections that have elements.
func (a *arena) assembleContained(d *document, p parts) error {
	var lists []int32
	for _, name := range slices.Sorted(maps.Keys(p.contained)) {
		list := p.contained[name]
		if a.empty(list) {
			continue
		}
		if a.nodes[list].typ != isArray {
			return fmt.Errorf("%s is not a list", name)
		}
		// A collection that this version does not know is kept in the order it has.
		in, known := d.shape.contained[name]
		for c := a.nodes[list].first; c != 0; c = a.nodes[c].next {
			if a.nodes[c].typ != isObject {
				return fmt.Errorf("an element of %s is not an object", name)
			}
			if id := a.member(c, "id"); d.ids != nil && id != 0 {
				d.ids[c] = a.string(id)
			}
			a.clean(c, in.body)
		}
		if known {
			a.sortSet(list, in.of.Key)
		}
		a.nodes[list].key = a.put(name)
		lists = append(lists, list)
	}
	d.contained = a.add(isObject)
	a.link(d.contained, lists)
	return nil
}
