package emulator

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

// Writable describes what can be changed of the objects at one path, in whichever way: what
// [Administrator] does not refuse as a matter of principle. It comes from Microsoft's
// metadata and the resources table alone.
type Writable struct {
	// Path is the collection's or singleton's, with "*" for an owner's key.
	Path string
	// Type is the type of the objects, without namespace.
	Type string
	// Properties are those whose values can be changed, of the type and those that extend it.
	Properties []string
	// Links are the relationships to which objects can be added.
	Links []string
	// Created and Deleted say that objects can be.
	Created, Deleted bool
}

// Describe lists, in order of path, whatever of a tenant an application can change.
func Describe() ([]Writable, error) {
	meta, err := loadMetadata(CloudGlobal)
	if err != nil {
		return nil, err
	}
	var all []Writable
	for _, r := range allResources {
		w := Writable{
			Path: r.path, Type: r.typ, Properties: r.settable(meta), Links: r.writableLinks(),
			Created: !r.singleton && !r.denies(http.MethodPost) || r.requestedBy != "", Deleted: r.canRemove(),
		}
		something := len(w.Properties)+len(w.Links) > 0 || w.Created || w.Deleted
		if r.source == nil && !r.delegatedOnly && something {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b Writable) int { return cmp.Compare(a.Path, b.Path) })
	return all, nil
}

// settable lists the properties that can be changed of an object that is there.
func (r *resource) settable(meta *metadata) []string {
	seen := make(map[string]bool)
	for property := range r.byAction {
		seen[property] = true
	}
	for name, t := range meta.Types {
		if !r.takes(meta, name) {
			continue
		}
		for property := range t.properties {
			if r.canSet(property) && !slices.Contains(r.delegated, property) {
				seen[property] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

func (r *resource) writableLinks() []string {
	var names []string
	for _, l := range r.links {
		if !l.readOnly {
			names = append(names, l.name)
		}
	}
	slices.Sort(names)
	return names
}
