package cli

import (
	"cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// namer labels references by what the sides of a comparison know, the first that
// knows first. Answers are remembered; a side is only searched for what is asked.
type namer struct {
	sides  []diff.Side
	labels map[string]string
	// indexes are the names of a side's objects by a property other than their id.
	indexes map[string]map[string]string
}

func newNamer(sides ...diff.Side) *namer {
	return &namer{sides: sides, labels: map[string]string{}, indexes: map[string]map[string]string{}}
}

// label is a canon.Namer: "groups: Break-glass".
func (n *namer) label(ref *kind.Reference, value string) (string, bool) {
	identity, ok := ref.Referent(value)
	if !ok {
		return "", false
	}
	for _, target := range ref.Targets {
		k := kind.ByName(target)
		if k == nil {
			continue
		}
		by := cmp.Or(ref.By, "id")
		id := k.Name + "\x00" + by + "\x00" + identity
		label, known := n.labels[id]
		if !known {
			if name := n.find(k, by, identity); name != "" {
				label = k.Name + ": " + name
			}
			n.labels[id] = label
		}
		if label != "" {
			return label, true
		}
	}
	return "", false
}

func (n *namer) find(k *kind.Kind, by, value string) string {
	for i, side := range n.sides {
		name := ""
		if by == "id" {
			name = nameByID(side, k, value)
		} else {
			name = n.index(i, k, by)[value]
		}
		if name != "" {
			return name
		}
	}
	return ""
}

// nameByID reads the name of one object. A name that cannot be read is no name: it
// only decorates.
func nameByID(side diff.Side, k *kind.Kind, id string) string {
	path := objectFile(side, k, id)
	if path == "" {
		return ""
	}
	if o := readObject(side, k, path); o != nil {
		return o.Name
	}
	return ""
}

// objectFile returns the path of an object's file, or "". Only a kind whose paths
// carry names has to be searched.
func objectFile(side diff.Side, k *kind.Kind, id string) string {
	if k.Bulk {
		path, err := canon.Path(k, side.Manifest().Kinds[k.Name].Shard, id, "")
		if err != nil {
			return ""
		}
		return path
	}
	for f, err := range side.Files(k.Name) {
		if err != nil {
			return ""
		}
		if _, have, _ := canon.ParsePath(f.Path); have == id {
			return f.Path
		}
	}
	return ""
}

func readObject(side diff.Side, k *kind.Kind, path string) *entra.Object {
	data, err := side.Read(path)
	if err != nil {
		return nil
	}
	o, err := canon.Decode(k, path, data)
	if err != nil {
		return nil
	}
	return o
}

// index reads the names of all objects of a kind by a property such as appId.
func (n *namer) index(i int, k *kind.Kind, by string) map[string]string {
	id := string(rune('0'+i)) + k.Name + "\x00" + by
	if index, ok := n.indexes[id]; ok {
		return index
	}
	index := map[string]string{}
	for f, err := range n.sides[i].Files(k.Name) {
		if err != nil {
			break
		}
		o := readObject(n.sides[i], k, f.Path)
		if o == nil {
			continue
		}
		if v := o.Text(by); v != "" {
			index[v] = o.Name
		}
	}
	n.indexes[id] = index
	return index
}
