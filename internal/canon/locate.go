package canon

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Mention is a place in a file that holds another object's identity.
type Mention struct {
	*kind.Reference
	// Pointer is an RFC 6901 JSON pointer from the file's root.
	Pointer string
	// Value is what stands there, with the prefix that the reference may have.
	Value string
	// Link is set where the place is an id under links.
	Link bool
}

// Mentions returns every place of a file that holds another object's identity, links
// included, with where it is. The document is what [ReadYAML] returns for the file;
// parts of another shape than a file's are passed over. Empty values, and the special
// ones that name no object, are left out.
func Mentions(k *kind.Kind, document any) iter.Seq[Mention] {
	return func(yield func(Mention) bool) {
		file, _ := document.(map[string]any)
		m := mentions{yield: yield}
		for _, section := range []string{entra.SectionSpec, entra.SectionStatus} {
			m.shape(&k.Shape, "/"+section, file[section])
		}
		contained, _ := file[entra.SectionContained].(map[string]any)
		for i := range k.Contained {
			c := &k.Contained[i]
			elements, _ := contained[c.Name].([]any)
			for j, element := range elements {
				m.shape(&c.Shape, "/"+entra.SectionContained+"/"+c.Name+"/"+strconv.Itoa(j), element)
			}
		}
		links, _ := file[entra.SectionLinks].(map[string]any)
		for i := range k.Links {
			l := &k.Links[i]
			m.link = true
			m.follow(&kind.Reference{Path: l.Name, Targets: l.Targets}, "/"+entra.SectionLinks+"/"+l.Name, links[l.Name], nil)
		}
	}
}

// mentions walks a file and stops when the caller has seen enough.
type mentions struct {
	yield func(Mention) bool
	link  bool
	done  bool
}

func (m *mentions) shape(s *kind.Shape, pointer string, body any) {
	for i := range s.References {
		ref := &s.References[i]
		m.follow(ref, pointer, body, strings.Split(strings.ReplaceAll(ref.Path, "[]", ""), "."))
	}
}

// follow visits the strings at a path, through every list on the way.
func (m *mentions) follow(ref *kind.Reference, pointer string, v any, path []string) {
	if m.done {
		return
	}
	switch v := v.(type) {
	case string:
		if len(path) == 0 && v != "" && !slices.Contains(ref.Special, v) {
			m.done = !m.yield(Mention{Reference: ref, Pointer: pointer, Value: v, Link: m.link})
		}
	case map[string]any:
		if len(path) > 0 {
			m.follow(ref, pointer+"/"+path[0], v[path[0]], path[1:])
		}
	case []any:
		for i, element := range v {
			m.follow(ref, pointer+"/"+strconv.Itoa(i), element, path)
		}
	}
}
