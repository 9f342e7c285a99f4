package history

import (
	"cmp"

	"github.com/entragit/entragit/internal/kind"
)

// Namer labels references by what points know. Names are read on demand and remembered;
// a point is gone through once for each kind, and once more for each property other than
// the id that references of the kind hold.
type Namer struct {
	points []*Point
	labels map[question]string
	names  map[property]map[string]string
}

// question is what a reference asks for: the object of a kind by a property.
type question struct{ kind, by, value string }

// property is what objects of a kind are known by at a point.
type property struct {
	point    int
	kind, by string
}

// NewNamer labels by the points in their order: the first that knows an object says what
// it is called.
func NewNamer(points ...*Point) *Namer {
	return &Namer{points: points, labels: map[question]string{}, names: map[property]map[string]string{}}
}

// Label is a [canon.Namer]: "groups: Break-glass".
func (n *Namer) Label(ref *kind.Reference, value string) (string, bool) {
	identity, ok := ref.Referent(value)
	if !ok {
		return "", false
	}
	for _, target := range ref.Targets {
		k := kind.ByName(target)
		if k == nil {
			continue
		}
		asked := question{k.Name, cmp.Or(ref.By, "id"), identity}
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
	return "", false
}

func (n *Namer) find(k *kind.Kind, by, value string) string {
	for i, p := range n.points {
		name := ""
		if by == "id" {
			name = nameByID(p, k, value)
		} else {
			name = n.by(property{i, k.Name, by})[value]
		}
		if name != "" {
			return name
		}
	}
	return ""
}

// nameByID reads the name of one object. A name that cannot be read is no name: it only
// decorates.
func nameByID(p *Point, k *kind.Kind, id string) string {
	path, ok := p.Find(k, id)
	if !ok {
		return ""
	}
	o, err := p.Object(k, path)
	if err != nil {
		return ""
	}
	return o.Name
}

// by reads the names of all objects of a kind by a property such as appId.
func (n *Namer) by(prop property) map[string]string {
	if names, ok := n.names[prop]; ok {
		return names
	}
	p, k, names := n.points[prop.point], kind.ByName(prop.kind), map[string]string{}
	for f, err := range p.Files(k.Name) {
		if err != nil {
			break
		}
		o, err := p.Object(k, f.Path)
		if err != nil {
			continue
		}
		if v := o.Text(prop.by); v != "" {
			names[v] = o.Name
		}
	}
	n.names[prop] = names
	return names
}
