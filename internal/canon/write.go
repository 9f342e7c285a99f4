package canon

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// writer appends values of an arena as YAML: block style, two spaces, a list at the
// column of its key, so that one value is one line of a diff.
type writer struct {
	a     *arena
	out   []byte
	names Namer
	// owner is the id of the object, and holders who defines the codes of the element that is
	// written.
	owner   string
	holders map[*kind.Code]string
	err     error
}

// document appends an object's file.
func (w *writer) document(d document) {
	w.owner = d.id
	w.out = append(w.out, "apiVersion: "+APIVersion+"\nkind: "...)
	w.text([]byte(d.shape.Name))
	w.out = append(w.out, "\nmetadata:\n  id: "...)
	w.text([]byte(d.id))
	w.out = append(w.out, "\n  name: "...)
	w.text([]byte(d.name))
	w.out = append(w.out, '\n')
	w.section(entra.SectionSpec, d.spec)
	w.links(d.shape, d.links)
	w.section(entra.SectionContained, d.contained)
	w.section(entra.SectionStatus, d.status)
}

func (w *writer) section(name string, i int32) {
	w.out = append(w.out, name...)
	w.out = append(w.out, ':')
	w.member(i, 0)
}

// links appends the links that have targets, as sets.
func (w *writer) links(s *shape, links map[string][]string) {
	w.out = append(w.out, entra.SectionLinks+":"...)
	some := false
	for _, name := range slices.Sorted(maps.Keys(links)) {
		ids := links[name]
		if len(ids) == 0 {
			continue
		}
		if !slices.IsSorted(ids) {
			ids = slices.Sorted(slices.Values(ids))
		}
		if !some {
			w.out = append(w.out, '\n')
			some = true
		}
		w.indent(2)
		w.key([]byte(name))
		w.out = append(w.out, '\n')
		for i, id := range ids {
			if i > 0 && id == ids[i-1] {
				continue
			}
			w.out = append(w.out, "  - "...)
			w.text([]byte(id))
			if s.Annotate && w.names != nil {
				w.label(s.LinkReference(name), id)
			}
			w.out = append(w.out, '\n')
		}
	}
	if !some {
		w.out = append(w.out, " {}\n"...)
	}
}

// member appends the value that follows a key and its colon, on the same line or below
// it.
func (w *writer) member(i int32, column int) {
	n := &w.a.nodes[i]
	switch {
	case n.first == 0:
		w.out = append(w.out, ' ')
		w.scalar(i, column)
	case n.typ == isObject:
		w.out = append(w.out, '\n')
		w.object(i, column+2, false)
	default:
		w.out = append(w.out, '\n')
		w.list(i, column, false)
	}
}

// object appends the members of an object that has some. Inside a list, the first
// member follows the dash.
func (w *writer) object(i int32, column int, inline bool) {
	w.hold(i)
	for c := w.a.nodes[i].first; c != 0; c = w.a.nodes[c].next {
		if !inline {
			w.indent(column)
		}
		inline = false
		w.key(w.a.key(c))
		w.member(c, column)
	}
}

// list appends the elements of a list that has some.
func (w *writer) list(i int32, column int, inline bool) {
	for c := w.a.nodes[i].first; c != 0; c = w.a.nodes[c].next {
		if !inline {
			w.indent(column)
		}
		inline = false
		w.out = append(w.out, "- "...)
		switch n := &w.a.nodes[c]; {
		case n.first == 0:
			w.scalar(c, column)
		case n.typ == isObject:
			w.object(c, column+2, true)
		default:
			w.list(c, column+2, true)
		}
	}
}

// scalar appends a value that has no children, its comment, and the end of the line.
func (w *writer) scalar(i int32, column int) {
	switch n := &w.a.nodes[i]; n.typ {
	case isObject:
		w.out = append(w.out, "{}"...)
	case isArray:
		w.out = append(w.out, "[]"...)
	case isTrue:
		w.out = append(w.out, "true"...)
	case isFalse:
		w.out = append(w.out, "false"...)
	case isNull:
		w.out = append(w.out, "null"...)
	case isNumber:
		w.out = append(w.out, w.a.value(i)...)
	case isString:
		var done bool
		if w.out, done = yaml.AppendBlock(w.out, w.a.value(i), column+2); done {
			return
		}
		w.text(w.a.value(i))
		if w.names != nil && n.rule != nil {
			w.comment(n.rule, string(w.a.value(i)))
		}
	}
	w.out = append(w.out, '\n')
}

// hold remembers who defines the codes below an object, which one of its members says.
func (w *writer) hold(i int32) {
	if w.names == nil {
		return
	}
	for c := w.a.nodes[i].first; c != 0; c = w.a.nodes[c].next {
		r := w.a.nodes[c].rule
		if r == nil {
			continue
		}
		for _, t := range r.of {
			if w.holders == nil {
				w.holders = map[*kind.Code]string{}
			}
			w.holders[t] = w.a.string(c)
		}
	}
}

// comment appends the name of what a value is the id of, made safe.
func (w *writer) comment(r *rule, value string) {
	ref := r.ref
	if r.code != nil {
		holder := w.owner
		if r.code.Of != "" {
			holder = w.holders[r.code]
		}
		ref = r.code.Question(holder)
	}
	if ref != nil {
		w.label(ref, value)
	}
}

// maxLabels bounds how many names a text gets that holds several ids.
const maxLabels = 3

// label appends the name of what a reference leads to; of a text that holds several ids, the
// names of the first.
func (w *writer) label(ref *kind.Reference, value string) {
	if slices.Contains(ref.Special, value) {
		return
	}
	values := []string{value}
	if ref.Within {
		values = ref.Referents(value)
	}
	var labels []string
	for _, v := range values {
		if label, ok := w.names(ref, v); ok && label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	if len(labels) > maxLabels {
		labels = append(labels[:maxLabels], "…")
	}
	if len(labels) > 0 {
		w.out = yaml.AppendComment(w.out, strings.Join(labels, ", "))
	}
}

func (w *writer) key(key []byte) {
	start := len(w.out)
	w.text(key)
	if len(w.out)-start > yaml.MaxKey && w.err == nil {
		w.err = fmt.Errorf("property name %.40q… is longer than %d bytes", key, yaml.MaxKey)
	}
	w.out = append(w.out, ':')
}

func (w *writer) indent(column int) { w.out = yaml.AppendIndent(w.out, column) }

// text appends a string on one line.
func (w *writer) text(s []byte) {
	if !utf8.Valid(s) && w.err == nil {
		w.err = fmt.Errorf("%.40q is not UTF-8", s)
	}
	w.out = yaml.AppendText(w.out, s)
}
