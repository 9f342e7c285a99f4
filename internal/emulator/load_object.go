package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// put brings an object of the folder, found at a place in a file, into the form in which the
// store keeps it, and puts it there with what its body embeds.
func (f *folder) put(at string, body object) error {
	if body["@removed"] != nil {
		return errors.New("this is a deletion in the answer to a delta query, not an object; remove it")
	}
	typ := f.typ
	if named, ok := body["@odata.type"].(string); ok {
		typ = typeName(named)
	}
	body, err := f.loader.spell(typ, body)
	if err != nil {
		return err
	}
	if len(body) == 0 && !f.resource.singleton {
		return errors.New("an object without properties; remove it")
	}
	if id, _ := body[f.resource.keyName()].(string); id == "" && !f.resource.singleton {
		body[f.resource.keyName()] = f.loader.store.newID("load", at)
	}
	known := len(f.loader.store.meta.learned)
	if f.resource.source != nil {
		err = f.putDeleted(typ, body)
	} else {
		err = f.loader.store.adopt(f.resource, f.path, body)
	}
	if len(f.loader.store.meta.learned) > known {
		f.loader.unnamed = cmp.Or(f.loader.unnamed, at)
	}
	return err
}

// adopt puts a body with its inline collections, expanded relationships and embedded
// objects.
func (s *store) adopt(r *resource, path string, body object) error {
	s.meta.learn(r.typ, body)
	key := path
	if !r.singleton {
		id, _ := body[r.keyName()].(string)
		if id == "" {
			return fmt.Errorf("an object without %q; add it, or remove the object", r.keyName())
		}
		key += "/" + id
		s.displace(r, path, id, body)
	}
	if err := s.extract(r, key, body); err != nil {
		return err
	}
	if r.singleton {
		s.setSingleton(path, body)
		return nil
	}
	expanded := make(map[string][]string)
	for _, l := range r.links {
		if related, ok := body[l.name]; ok {
			expanded[l.name] = relatedIDs(related)
			delete(body, l.name)
		}
	}
	e, err := s.put(path, body)
	if err != nil {
		return err
	}
	for nav, targets := range expanded {
		s.relink(e.id, nav, targets)
	}
	if path == tenantPath {
		s.tenantID = e.id
	}
	return nil
}

// displace removes the object whose place a loaded one takes although its key differs.
func (s *store) displace(r *resource, path, id string, body object) {
	for _, u := range r.unique {
		value, _ := body[u.property].(string)
		if value == "" {
			continue
		}
		if old := s.findBy(path, u.property, value); old != nil && !strings.EqualFold(old.id, id) {
			s.take(old)
			s.purge(old)
		}
	}
	if path == tenantPath {
		for _, old := range slices.Clone(s.list(path)) {
			s.take(old)
		}
	}
}

// extract takes out of a body what the store keeps elsewhere.
func (s *store) extract(r *resource, key string, body object) error {
	for _, name := range r.inline {
		inner, _, ok := s.table.find(key + "/" + name)
		values, isList := body[name].([]any)
		if !ok || !isList {
			continue
		}
		delete(body, name)
		for _, v := range values {
			element, isObject := v.(object)
			if !isObject {
				return fmt.Errorf("%s holds what is not an object", name)
			}
			if err := s.adopt(inner, key+"/"+name, element); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	for at, collection := range r.embed {
		if err := s.extractEmbedded(body, at, collection); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	}
	return nil
}

// extractEmbedded leaves the id of an object that a body embeds, and puts the object where it
// belongs if it is not there.
func (s *store) extractEmbedded(body object, at, collection string) error {
	parent, name, _ := strings.Cut(at, ".")
	holder, _ := body[parent].(object)
	whole, ok := holder[name].(object)
	if !ok {
		return nil
	}
	id, _ := whole["id"].(string)
	if id == "" {
		holder[name] = nil // an empty object is how PowerShell writes null
		return nil
	}
	holder[name] = object{"id": id}
	if s.get(collection, id) != nil || len(whole) == 1 {
		return nil
	}
	r, _, ok := s.table.find(collection)
	if !ok {
		return nil
	}
	return s.adopt(r, collection, whole)
}

// putDeleted puts an object that was deleted and can be restored.
func (f *folder) putDeleted(typ string, body object) error {
	s := f.loader.store
	s.meta.learn(f.resource.typ, body)
	for _, r := range s.table.all {
		if r.deletedTo != f.path || !s.meta.isA(typ, r.typ) {
			continue
		}
		if err := s.adopt(r, r.path, body); err != nil {
			return err
		}
		e := s.get(r.path, body[r.keyName()].(string))
		s.take(e)
		s.deleted[fold(e.id)] = e
		return nil
	}
	return fmt.Errorf("a deleted object of type %q has no place to be restored to; name its type in @odata.type or as the folder, such as microsoft.graph.user", typ)
}

// relatedIDs returns the ids in an expanded relationship.
func relatedIDs(related any) []string {
	values, ok := related.([]any)
	if !ok {
		values = []any{related}
	}
	var ids []string
	for _, v := range values {
		if body, ok := v.(object); ok {
			if id := targetID(body); id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// spell returns body with every property as the metadata spells it, without the
// annotations and actions of a response. PowerShell's exports have PascalCase keys, and
// what their types do not know under AdditionalProperties.
func (l *loader) spell(typ string, body object) (object, error) {
	if named, ok := body["@odata.type"].(string); ok && l.store.meta.Types[typeName(named)] != nil {
		typ = typeName(named)
	}
	out := make(object, len(body))
	for _, name := range slices.Sorted(maps.Keys(body)) {
		value := body[name]
		if name == "AdditionalProperties" {
			more, _ := value.(object)
			spelled, err := l.spell(typ, more)
			if err != nil {
				return nil, err
			}
			maps.Copy(out, spelled)
			continue
		}
		if strings.HasPrefix(name, "#") || strings.Contains(name, "@") && !strings.HasSuffix(name, "@odata.type") {
			continue
		}
		declared := l.declared(typ, name)
		if _, twice := out[declared]; twice {
			return nil, fmt.Errorf("the key %q occurs twice, in two spellings; keep one", declared)
		}
		v, err := l.spellValue(l.memberType(typ, declared), value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", declared, err)
		}
		out[declared] = v
	}
	return out, nil
}

func (l *loader) spellValue(typ string, value any) (any, error) {
	switch value := value.(type) {
	case object:
		return l.spell(typ, value)
	case []any:
		out := make([]any, len(value))
		for i, v := range value {
			var err error
			if out[i], err = l.spellValue(typ, v); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return value, nil
}

// memberType returns the type of a property or relationship, or "".
func (l *loader) memberType(typ, name string) string {
	t := l.store.meta.Types[typ]
	if t == nil {
		return ""
	}
	if p, ok := t.properties[name]; ok {
		return p.Type
	}
	return t.navigation[name].Type
}

// declared returns the metadata's spelling of a member's name; a name it does not know
// stays as it is.
func (l *loader) declared(typ, name string) string {
	t := l.store.meta.Types[typ]
	if t == nil {
		return name
	}
	spelling := l.spelling[typ]
	if spelling == nil {
		spelling = make(map[string]string)
		for p := range t.properties {
			spelling[fold(p)] = p
		}
		for n := range t.navigation {
			spelling[fold(n)] = n
		}
		l.spelling[typ] = spelling
	}
	if known, ok := spelling[fold(name)]; ok {
		return known
	}
	return name
}
