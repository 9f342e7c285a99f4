package kind

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
)

// Mention is a place that holds another object's identity.
type Mention struct {
	*Reference
	// Pointer is an RFC 6901 JSON pointer to the place, with lists by index.
	Pointer string
	// Value is the text at that place, Referent the identity in it. A text of a reference
	// that is [Reference.Within] may hold several, each a mention of its own.
	Value, Referent string
}

// Mentions returns every place within a value that holds another object's identity. The
// value is at a path of the shape ("" for a whole body), and at a pointer, with which the
// pointers of the mentions begin. Values that name no object ("All") are left out.
func (s *Shape) Mentions(pointer, path string, v any) iter.Seq[Mention] {
	return func(yield func(Mention) bool) { s.mentions(pointer, path, v, yield) }
}

// mentions reports whether the caller wants more.
func (s *Shape) mentions(pointer, path string, v any, yield func(Mention) bool) bool {
	if len(s.References) == 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		if !s.joined(pointer, path, v, yield) {
			return false
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			below := name
			if path != "" {
				below = path + "." + name
			}
			if !s.mentions(pointer+jsonpointer.Join(name), below, v[name], yield) {
				return false
			}
		}
	case []any:
		for i, element := range v {
			if !s.mentions(pointer+"/"+strconv.Itoa(i), path+"[]", element, yield) {
				return false
			}
		}
	case string:
		bare := strings.TrimSuffix(path, "[]")
		for i := range s.References {
			ref := &s.References[i]
			if strings.TrimSuffix(ref.Path, "[]") != bare || ref.Joined != "" {
				continue
			}
			for _, id := range ref.referents(v) {
				if !yield(Mention{ref, pointer, v, id}) {
					return false
				}
			}
		}
	}
	return true
}

// joined yields the objects that the names within a typed property stand for. It reports
// whether the caller wants more.
func (s *Shape) joined(pointer, path string, sets map[string]any, yield func(Mention) bool) bool {
	for i := range s.References {
		ref := &s.References[i]
		if ref.Joined == "" || ref.Path != path {
			continue
		}
		for _, set := range slices.Sorted(maps.Keys(sets)) {
			values, _ := sets[set].(map[string]any)
			for _, name := range slices.Sorted(maps.Keys(values)) {
				id := set + ref.Joined + name
				if !strings.Contains(name, "@") && !yield(Mention{ref, pointer + jsonpointer.Join(set, name), id, id}) {
					return false
				}
			}
		}
	}
	return true
}

// Mentions returns every place of a file that holds another object's identity, links
// included. The document is the file's value, as in package yaml; parts of another shape
// than a file's are passed over.
func (k *Kind) Mentions(document any) iter.Seq[Mention] {
	return func(yield func(Mention) bool) {
		for _, section := range []string{entra.SectionSpec, entra.SectionStatus} {
			if !k.mentions("/"+section, "", jsonpointer.Get(document, section), yield) {
				return
			}
		}
		for i := range k.Contained {
			c := &k.Contained[i]
			pointer := jsonpointer.Join(entra.SectionContained, c.Name)
			elements, _ := jsonpointer.Get(document, entra.SectionContained, c.Name).([]any)
			for j, element := range elements {
				if !c.mentions(pointer+"/"+strconv.Itoa(j), "", element, yield) {
					return
				}
			}
		}
		for i := range k.Links {
			ref := k.LinkReference(k.Links[i].Name)
			ids, _ := jsonpointer.Get(document, entra.SectionLinks, k.Links[i].Name).([]any)
			for j, v := range ids {
				id, _ := v.(string)
				at := jsonpointer.Join(entra.SectionLinks, k.Links[i].Name, strconv.Itoa(j))
				if id != "" && !yield(Mention{ref, at, id, id}) {
					return
				}
			}
		}
	}
}

// MayName reports whether the body of an object may hold the identity of one of another
// kind.
func (k *Kind) MayName(other string) bool {
	return slices.ContainsFunc(k.References, func(ref Reference) bool { return slices.Contains(ref.Targets, other) })
}

// LinkReference is a link of the kind as a reference by id, so that both can be
// resolved alike.
func (k *Kind) LinkReference(name string) *Reference {
	ref := &Reference{Path: entra.SectionLinks + "." + name}
	for i := range k.Links {
		if k.Links[i].Name == name {
			ref.Targets = k.Links[i].Targets
		}
	}
	return ref
}

// Shapes are those of the kind's objects and of what they contain.
func (k *Kind) Shapes() []*Shape {
	shapes := []*Shape{&k.Shape}
	for i := range k.Contained {
		shapes = append(shapes, &k.Contained[i].Shape)
	}
	return shapes
}

// EveryReference returns the properties and links of the kind's objects and of what they
// contain that hold another object's identity.
func (k *Kind) EveryReference() iter.Seq[*Reference] {
	return func(yield func(*Reference) bool) {
		for _, s := range k.Shapes() {
			for i := range s.References {
				if !yield(&s.References[i]) {
					return
				}
			}
		}
		for i := range k.Links {
			if !yield(k.LinkReference(k.Links[i].Name)) {
				return
			}
		}
	}
}
