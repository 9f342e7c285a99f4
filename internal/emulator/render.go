package emulator

import (
	"maps"
	"slices"
	"strings"
)

// metadataURL begins the annotations inside a body. Graph names itself there, whatever host
// was asked.
const metadataURL = "https://graph.microsoft.com/v1.0/$metadata#"

// render returns an object as Graph answers it. declared is the type that the request's
// context implies: an object of another carries @odata.type. fields is $select, nil
// for the default set. item is set when the request is for this one object.
func (s *store) render(e *entry, declared string, fields []string, item bool) object {
	r := e.resource
	out := s.renderBody(r, e.typ, e.body, fields, item)
	if e.typ != declared {
		out["@odata.type"] = "#" + namespace + e.typ
	}
	for _, name := range r.inline {
		if !item && slices.Contains(r.itemOnly, name) {
			continue
		}
		if fields == nil || slices.Contains(fields, name) {
			s.renderInline(out, e.typ, e.collection+"/"+e.id, s.contextPath(e.collection)+"('"+e.id+"')", e.body, name)
		}
	}
	return out
}

// renderSingleton returns the body of a singleton as Graph answers it.
func (s *store) renderSingleton(r *resource, path string, fields []string) object {
	body := s.shownSingleton(path)
	out := s.renderBody(r, r.typ, body, fields, true)
	for _, name := range r.inline {
		if fields == nil || slices.Contains(fields, name) {
			s.renderInline(out, r.typ, path, s.contextPath(path), body, name)
		}
	}
	return out
}

// renderBody returns the structural properties of a body, with null for what has no value.
func (s *store) renderBody(r *resource, typ string, body object, fields []string, item bool) object {
	t := s.meta.Types[typ]
	names := fields
	if names == nil {
		names = s.defaultProperties(r, t)
	}
	out := make(object, len(names)+2)
	for _, name := range names {
		p, declared := t.properties[name]
		value := body[name]
		switch {
		case !declared && t.Open && value != nil:
			out[name] = value
		case !declared || p.Type == "Stream":
		case !item && slices.Contains(r.itemOnly, name):
			out[name] = s.complete(p, nil, name, r.hiding())
		default:
			out[name] = s.complete(p, value, name, r.hiding())
		}
	}
	for path, collection := range r.embed {
		s.renderEmbedded(out, path, collection)
	}
	return out
}

// defaultProperties lists what is returned without $select.
func (s *store) defaultProperties(r *resource, t *entityType) []string {
	if r.byDefault != nil {
		return r.byDefault
	}
	names := make([]string, 0, len(t.properties))
	for name := range t.properties {
		if !slices.Contains(r.selectOnly, name) {
			names = append(names, name)
		}
	}
	return names
}

// hiding says which values are not returned as they are.
type hiding struct{ secret, masked []string }

func (r *resource) hiding() hiding { return hiding{r.secret, r.masked} }

// complete returns a value with every property that its type declares, as Graph writes
// complex values: null for what has no value, an empty list for a collection. What
// is hidden is accepted and never returned.
func (s *store) complete(p property, value any, path string, h hiding) any {
	switch {
	case slices.Contains(h.secret, path):
		return nil
	case value != nil && slices.Contains(h.masked, path):
		return "******"
	}
	switch value := value.(type) {
	case nil:
		if p.Collection {
			return []any{}
		}
	case []any:
		if s.meta.Types[p.Type] == nil {
			return s.meta.evolvable(p.Type, value)
		}
		out := make([]any, len(value))
		for i, v := range value {
			out[i] = s.complete(property{Type: p.Type}, v, path, h)
		}
		return out
	case object:
		return s.completeObject(p.Type, value, path, h)
	}
	return s.meta.evolvable(p.Type, value)
}

func (s *store) completeObject(typ string, value object, path string, h hiding) any {
	if named, ok := value["@odata.type"].(string); ok {
		typ = typeName(named)
	}
	t := s.meta.Types[typ]
	if t == nil {
		return value
	}
	out := maps.Clone(value)
	for name, p := range t.properties {
		if t.Entity && value[name] == nil {
			continue // an embedded entity is returned as it was stored
		}
		out[name] = s.complete(p, value[name], joinPath(path, name), h)
	}
	return out
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// renderInline adds a contained collection that Graph returns as part of its owner's body.
// context is the owner's, for the annotation.
func (s *store) renderInline(out object, typ, path, context string, body object, name string) {
	nav, ok := s.meta.Types[typ].navigation[name]
	if !ok {
		return
	}
	values := []any{}
	if r, _, ok := s.table.find(path + "/" + name); ok {
		for _, e := range s.list(path + "/" + name) {
			values = append(values, s.render(e, r.typ, nil, true))
		}
	} else if list, ok := body[name].([]any); ok {
		for _, v := range list {
			values = append(values, s.complete(property{Type: nav.Type}, v, name, hiding{}))
		}
	}
	out[name] = values
	// Graph's minimal metadata names the context of each expanded relationship. Clients
	// must ignore it.
	out[name+"@odata.context"] = metadataURL + context + "/" + name
}

// renderEmbedded replaces the id that is stored at path by the whole object of a
// collection.
func (s *store) renderEmbedded(out object, path, collection string) {
	parent, name, ok := strings.Cut(path, ".")
	holder, isObject := out[parent].(object)
	if !ok || !isObject {
		return
	}
	holder = maps.Clone(holder)
	out[parent] = holder
	holder[name+"@odata.context"] = metadataURL + s.contextPath(collection) + "/$entity"
	ref, _ := holder[name].(object)
	id, _ := ref["id"].(string)
	e := s.get(collection, id)
	if e == nil {
		holder[name] = nil
		return
	}
	holder[name] = s.render(e, e.typ, nil, true)
}
