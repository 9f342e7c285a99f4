package emulator

import (
	"slices"
	"strings"
)

// expandLimit is how many related objects $expand returns; there is no next link.
const expandLimit = 20

// expansion is one $expand of a relationship.
type expansion struct {
	name   string
	fields []string
	expand []expansion
}

// parseExpand reads $expand. The directory expands one relationship in a request; other
// services expand several, and relationships of related objects.
func (s *store) parseExpand(req *request, r *resource, typ string) ([]expansion, *apiError) {
	value, ok := req.option("expand")
	if !ok {
		return nil, nil
	}
	all, err := parseExpansions(value)
	if err != nil {
		return nil, err
	}
	if len(all) > 1 && s.meta.isA(typ, "directoryObject") {
		return nil, badRequest("Only one property can be expanded in a single request.")
	}
	for _, x := range all {
		if !s.meta.has(typ, x.name) {
			return nil, badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type '%s%s'.", x.name, namespace, typ)
		}
		if !s.expands(r, typ, x.name) {
			return nil, badRequest("Property '%s' cannot be expanded.", x.name)
		}
	}
	return all, nil
}

// parseExpansions reads "a,b($select=c,d;$expand=e)".
func parseExpansions(value string) ([]expansion, *apiError) {
	var all []expansion
	for _, part := range splitOutside(value, ',') {
		name, options, _ := strings.Cut(strings.TrimSpace(part), "(")
		x := expansion{name: name}
		for _, option := range splitOutside(strings.TrimSuffix(options, ")"), ';') {
			switch key, value, _ := strings.Cut(option, "="); key {
			case "":
			case "$select":
				x.fields = strings.Split(value, ",")
			case "$expand":
				inner, err := parseExpansions(value)
				if err != nil {
					return nil, err
				}
				x.expand = inner
			default:
				return nil, badRequest("The query option '%s' is not supported inside $expand.", key)
			}
		}
		all = append(all, x)
	}
	return all, nil
}

// splitOutside splits at a separator that is not inside parentheses.
func splitOutside(value string, separator rune) []string {
	var parts []string
	depth, from := 0, 0
	for i, r := range value {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == separator && depth == 0:
			parts = append(parts, value[from:i])
			from = i + 1
		}
	}
	return append(parts, value[from:])
}

// expands reports whether a relationship can be expanded: a link or view, a
// relationship to one object, a contained collection, or what only the body holds.
func (s *store) expands(r *resource, typ, name string) bool {
	if r.link(name) != nil || r.view(name) != nil || r.toOneNamed(name) != nil {
		return true
	}
	t := s.meta.Types[typ]
	if t == nil {
		return false
	}
	nav, ok := t.navigation[name]
	return ok && nav.Contained
}

func (r *resource) toOneNamed(name string) *toOne {
	i := slices.IndexFunc(r.toOne, func(t toOne) bool { return t.name == name })
	if i < 0 {
		return nil
	}
	return &r.toOne[i]
}

// expandAll adds the relationships that $expand asked for.
func (s *store) expandAll(base string, out object, e *entry, all []expansion) {
	for _, x := range all {
		s.expand(base, out, e, x)
	}
}

func (s *store) expand(base string, out object, e *entry, x expansion) {
	r, path := e.resource, e.collection+"/"+e.id+"/"+x.name
	out[x.name+"@odata.context"] = base + "/$metadata#" + s.contextPath(e.collection) + "('" + e.id + "')/" + x.name
	if one := r.toOneNamed(x.name); one != nil {
		out[x.name] = nil
		if related := s.relatedOne(e, one); related != nil {
			out[x.name] = s.expanded(base, related, s.meta.Types[e.typ].navigation[x.name].Type, x)
		}
		return
	}
	link, view := r.link(x.name), r.view(x.name)
	if contained, _, ok := s.table.find(path); ok && link == nil && view == nil {
		values := []any{}
		for _, related := range s.list(path) {
			values = append(values, s.expanded(base, related, contained.typ, x))
		}
		out[x.name] = values
		return
	}
	if link == nil && view == nil {
		nav := s.meta.Types[e.typ].navigation[x.name]
		out[x.name] = s.complete(property{Type: nav.Type, Collection: nav.Collection}, e.body[x.name], x.name, r.hiding())
		return
	}
	s.expandList(base, out, e, x, link, view)
}

// expandList adds the objects of a link or view, up to the limit.
func (s *store) expandList(base string, out object, e *entry, x expansion, link *link, view *view) {
	l := s.listing(&target{owner: e, link: link, view: view})
	values := []any{}
	for _, related := range l.entries {
		if len(values) == expandLimit {
			break
		}
		if s.isLive(related) {
			values = append(values, s.expanded(base, related, l.typ, x))
		}
	}
	if link != nil && link.single {
		delete(out, x.name)
		if len(values) > 0 {
			out[x.name] = values[0]
		}
		return
	}
	out[x.name] = values
}

// expanded renders a related object with what is to be expanded of it.
func (s *store) expanded(base string, e *entry, declared string, x expansion) object {
	out := s.render(e, declared, x.fields, false)
	s.expandAll(base, out, e, x.expand)
	return out
}

// relatedOne returns the object of a relationship to one, or nil.
func (s *store) relatedOne(e *entry, one *toOne) *entry {
	path := one.property
	if path == "" {
		path = one.name + ".id"
	}
	id, _ := at(e.body, path).(string)
	if one.scope {
		id = lastSegment(id)
	}
	if len(one.in) == 0 {
		return s.directory[fold(id)]
	}
	for _, collection := range one.in {
		if related := s.get(collection, id); related != nil {
			return related
		}
	}
	return nil
}

// takeToOne takes the relationships to one object out of a body and returns the id of each as
// the store keeps it.
func (w *write) takeToOne(body object) (object, *apiError) {
	kept := make(object)
	for _, one := range w.resource.toOne {
		if one.property != "" {
			continue
		}
		value, sent := body[one.name]
		if !sent && one.required && w.before == nil {
			return nil, badRequest("A value is required for property '%s'.", one.name)
		}
		if !sent {
			continue
		}
		delete(body, one.name)
		given, _ := value.(object)
		related := w.store.relatedOne(&entry{body: object{one.name: given}}, &one)
		if related == nil {
			return nil, notFound(textOf(given["id"]))
		}
		kept[one.name] = object{"id": related.id}
	}
	return kept, nil
}
