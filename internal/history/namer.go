package history

import (
	"cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Namer labels references by what points know. Names are read on demand and remembered;
// a point is gone through once for each kind, and once more for each property other than
// the id that references of the kind hold.
type Namer struct {
	points []*Point
	labels map[question]string
	names  map[property]map[string]named
	// defined are the objects whose definitions are among the labels.
	defined map[question]bool
}

// named is an object as others find it.
type named struct{ id, name string }

// question is what a reference asks for: the object of a kind by a property, or what the
// object defines in some collection under an id.
type question struct{ kind, by, value, path, id string }

// property is what objects of a kind are known by at a point.
type property struct {
	point    int
	kind, by string
}

// NewNamer labels by the points in their order: the first that knows an object says what
// it is called.
func NewNamer(points ...*Point) *Namer {
	return &Namer{points: points, labels: map[question]string{}, names: map[property]map[string]named{}, defined: map[question]bool{}}
}

// Label is a [canon.Namer]: "groups: Break-glass".
func (n *Namer) Label(ref *kind.Reference, value string) (string, bool) {
	if ref.Code != nil && ref.Code.Defines != nil {
		return n.code(ref, value)
	}
	identity, ok := ref.Referent(value)
	if !ok {
		return "", false
	}
	for _, target := range ref.Targets {
		k := kind.ByName(target)
		if k == nil {
			continue
		}
		asked := question{kind: k.Name, by: cmp.Or(ref.By, "id"), value: identity}
		label, known := n.labels[asked]
		if !known {
			if name := n.find(k, asked.by, identity); name != "" {
				label = k.Name + ": " + name
			}
			n.labels[asked] = label
		}
		if label != "" {
			return label, true
		}
	}
	return ref.WellKnown(value)
}

// code names what an object defines.
func (n *Namer) code(ref *kind.Reference, value string) (string, bool) {
	for _, target := range ref.Targets {
		of := question{kind: target, by: cmp.Or(ref.By, "id"), value: ref.Holder, path: ref.Code.Defined()}
		if !n.defined[of] {
			n.define(ref.Code, of)
		}
		of.id = value
		if label := n.labels[of]; label != "" {
			return label, true
		}
	}
	return ref.WellKnown(value)
}

// define remembers everything that an object defines for a code. The first point that has a
// name for it counts.
func (n *Namer) define(t *kind.Code, of question) {
	n.defined[of] = true
	k := kind.ByName(of.kind)
	if k == nil || of.value == "" {
		return
	}
	for i, p := range n.points {
		id := of.value
		if of.by != "id" {
			id = n.by(property{i, k.Name, of.by})[of.value].id
		}
		o := objectByID(p, k, id)
		if o == nil {
			continue
		}
		for _, body := range []map[string]any{o.Spec, o.Status} {
			for id, name := range t.DefinedBy(body) {
				key := of
				if key.id = id; n.labels[key] == "" {
					n.labels[key] = name
				}
			}
		}
	}
}

func (n *Namer) find(k *kind.Kind, by, value string) string {
	for i, p := range n.points {
		name := ""
		if by == "id" {
			if o := objectByID(p, k, value); o != nil {
				name = o.Name
			}
		} else {
			name = n.by(property{i, k.Name, by})[value].name
		}
		if name != "" {
			return name
		}
	}
	return ""
}

// objectByID reads one object. One that cannot be read has no name: it only decorates.
func objectByID(p *Point, k *kind.Kind, id string) *entra.Object {
	path, ok := p.Find(k, id)
	if id == "" || !ok {
		return nil
	}
	o, err := p.Object(k, path)
	if err != nil {
		return nil
	}
	return o
}

// by reads the names of all objects of a kind by a property such as appId.
func (n *Namer) by(prop property) map[string]named {
	if names, ok := n.names[prop]; ok {
		return names
	}
	p, k, names := n.points[prop.point], kind.ByName(prop.kind), map[string]named{}
	for f, err := range p.Files(k.Name) {
		if err != nil {
			break
		}
		o, err := p.Object(k, f.Path)
		if err != nil {
			continue
		}
		if v := o.Text(prop.by); v != "" {
			names[v] = named{o.ID, o.Name}
		}
	}
	n.names[prop] = names
	return names
}
