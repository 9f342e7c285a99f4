package drill

import (
	"cmp"
	"iter"
	"maps"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/history"
	"github.com/entragit/entragit/internal/kind"
)

// records yields the objects of a snapshot as the emulator takes them, of every kind whose
// list the snapshot read to its end.
func records(from *history.Point) iter.Seq2[emulator.Record, error] {
	manifest := from.Manifest()
	return func(yield func(emulator.Record, error) bool) {
		for _, k := range kind.All() {
			if !manifest.Kinds[k.Name].Read() {
				continue
			}
			for f, err := range from.Files(k.Name) {
				var o *entra.Object
				if err == nil {
					o, err = from.Object(k, f.Path)
				}
				if err != nil {
					yield(emulator.Record{}, err)
					return
				}
				for _, rec := range recordsOf(kind.Addresses{Tenant: manifest.Tenant}, k, o) {
					if !yield(rec, nil) {
						return
					}
				}
			}
		}
	}
}

// recordsOf returns an object as the emulator takes it, followed by the contained objects
// that have addresses of their own: the way of package canon in the other direction.
func recordsOf(addresses kind.Addresses, k *kind.Kind, o *entra.Object) []emulator.Record {
	body := bodyOf(k, o)
	path := rawPath(addresses, k)
	own := emulator.Record{Path: path, Body: body}
	records := make([]emulator.Record, 1, 1+len(o.Contained))
	owner := path
	if !k.Singleton || k.Listed {
		owner += "/" + o.ID
	}
	for i := range k.Contained {
		c := &k.Contained[i]
		if c.Inline {
			if elements := o.Contained[c.Name]; elements != nil {
				body[c.Name] = asAny(elements)
			}
			continue
		}
		for _, element := range o.Contained[c.Name] {
			body := maps.Clone(element)
			address(&c.Shape, body)
			records = append(records, emulator.Record{Path: owner + "/" + c.Name, Body: body})
		}
	}
	for i := range k.Links {
		l := &k.Links[i]
		targets := o.Links[l.Name]
		switch {
		case len(targets) == 0:
		case l.Reverse != "": // the relationship is the target's
			own.From = set(own.From, l.Reverse, targets)
		default:
			own.Links = set(own.Links, l.Name, targets)
		}
	}
	records[0] = own
	return records
}

// bodyOf joins what a file keeps in sections.
func bodyOf(k *kind.Kind, o *entra.Object) map[string]any {
	body := make(map[string]any, len(o.Spec)+len(o.Status)+1)
	maps.Copy(body, o.Status)
	maps.Copy(body, o.Spec)
	if !k.Singleton || o.ID != k.Name { // what has no id is known by its kind's name
		body[cmp.Or(k.IDFrom, "id")] = o.ID
	}
	address(&k.Shape, body)
	return body
}

// address gives each picture and style sheet that a body has an address, which no file keeps
// and by which Graph tells that there is one.
func address(s *kind.Shape, body map[string]any) {
	for name, at := range s.Streams {
		if body[name] != nil {
			body[at] = name
		}
	}
}

// rawPath is the collection or singleton of a kind, with ids as they are.
func rawPath(addresses kind.Addresses, k *kind.Kind) string {
	return addresses.Object(&kind.Kind{Place: kind.Place{Path: k.Path, Singleton: true}}, "")
}

func set(m map[string][]string, name string, ids []string) map[string][]string {
	if m == nil {
		m = map[string][]string{}
	}
	m[name] = ids
	return m
}

func asAny(elements []map[string]any) []any {
	list := make([]any, len(elements))
	for i, e := range elements {
		list[i] = maps.Clone(e)
	}
	return list
}
