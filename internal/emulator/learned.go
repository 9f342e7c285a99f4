package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What is loaded may hold types, properties and values that v1.0 metadata does not name:
// tomorrow's, or those of an export of beta. The tenant has them all the same, and
// serves them as they are: its metadata learns them. A client may send back what an
// object holds of it, and nothing else: no type, property or value of it that is new to
// the object.

// learn adds to the metadata what an object of a type holds and the metadata does not name.
func (m *metadata) learn(typ string, body object) {
	if named, ok := body["@odata.type"].(string); ok {
		m.learnType(typeName(named), typ)
		typ = typeName(named)
	}
	t := m.Types[typ]
	if t == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(body)) {
		value := body[name]
		p, declared := t.properties[name]
		_, navigates := t.navigation[name]
		switch {
		case value == nil, navigates, strings.Contains(name, "@"), t.Open && !t.Entity,
			t.Open && strings.HasPrefix(name, extensionPrefix):
		case !declared:
			t.properties[name] = property{learned: true}
			m.noteLearned(fmt.Sprintf("property %s of %s", name, typ))
		case !p.learned:
			m.learnValue(p.Type, value)
		}
	}
}

// learnType adds a type that extends another.
func (m *metadata) learnType(name, base string) {
	from := m.Types[base]
	if m.Types[name] != nil || from == nil || name == "" {
		return
	}
	m.Types[name] = &entityType{
		Name: name, Base: base, Open: from.Open, Entity: from.Entity, learned: true,
		properties: maps.Clone(from.properties), navigation: from.navigation,
		ancestors: append([]string{base}, from.ancestors...),
	}
	m.noteLearned("type " + name)
}

// learnValue adds what the value of a property holds.
func (m *metadata) learnValue(typ string, value any) {
	switch value := value.(type) {
	case object:
		m.learn(typ, value)
	case []any:
		for _, v := range value {
			m.learnValue(typ, v)
		}
	case string:
		members := m.Enums[typ]
		for flag := range strings.SplitSeq(value, ",") {
			flag = strings.TrimSpace(flag)
			if members == nil || slices.ContainsFunc(members, func(member string) bool { return strings.EqualFold(member, flag) }) {
				continue
			}
			members = append(slices.Clip(members), flag)
			m.Enums[typ] = members
			m.newMembers[typ+"\x00"+fold(flag)] = true
			m.noteLearned(fmt.Sprintf("value %s of %s", flag, typ))
		}
	}
}

// unnamed says in one sentence what was learned of a folder, and where it was found first;
// empty where nothing was.
func (m *metadata) unnamed(first string) string {
	const most = 5
	switch n := len(m.learned); {
	case n == 0:
		return ""
	case n > most:
		return fmt.Sprintf("%s: unknown to v1.0 and taken as it is: %s and %d more", first, strings.Join(m.learned[:most], ", "), n-most)
	}
	return first + ": unknown to v1.0 and taken as it is: " + strings.Join(m.learned, ", ")
}

func (m *metadata) noteLearned(what string) {
	if !slices.Contains(m.learned, what) {
		m.learned = append(m.learned, what)
	}
}

// checkLearned refuses a body that holds what was learned and the object does not hold
// itself.
func (w *write) checkLearned(body object) *apiError {
	if len(w.store.meta.learned) == 0 {
		return nil
	}
	return w.store.meta.unlearned(w.typ, "", body, w.before)
}

// unlearned checks a value of a property against the one that the object has.
func (m *metadata) unlearned(typ, name string, sent, before any) *apiError {
	switch sent := sent.(type) {
	case object:
		held, _ := before.(object)
		return m.unlearnedObject(typ, sent, held)
	case []any:
		held, _ := before.([]any)
		for _, v := range sent {
			err := m.unlearned(typ, name, v, nil)
			for i := 0; err != nil && i < len(held); i++ {
				if m.unlearned(typ, name, v, held[i]) == nil {
					err = nil
				}
			}
			if err != nil {
				return err
			}
		}
	case string:
		for flag := range strings.SplitSeq(sent, ",") {
			if m.newMembers[typ+"\x00"+fold(strings.TrimSpace(flag))] && sent != before {
				return badRequest("Invalid value specified for property '%s': %s", name, flag)
			}
		}
	}
	return nil
}

func (m *metadata) unlearnedObject(typ string, sent, before object) *apiError {
	if named, ok := sent["@odata.type"].(string); ok && m.Types[typeName(named)] != nil {
		typ = typeName(named)
		if m.Types[typ].learned && before["@odata.type"] != sent["@odata.type"] {
			return unresolvedType(named)
		}
	}
	t := m.Types[typ]
	if t == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		p := t.properties[name]
		if p.learned && !sameValue(sent[name], before[name]) {
			return unknownProperty(t, name)
		}
		if err := m.unlearned(p.Type, name, sent[name], before[name]); err != nil {
			return err
		}
	}
	return nil
}

// unresolvedType is the answer to a type that the model does not have.
func unresolvedType(annotation string) *apiError {
	return badRequest("A type named '%s' could not be resolved by the model. When a model is available, each type name must resolve to a valid type.", annotation)
}

// unknownProperty is the answer to a property that a type does not have.
func unknownProperty(t *entityType, name string) *apiError {
	return badRequest("The property '%s' does not exist on type '%s%s'. Make sure to only use property names that are defined by the type.", name, namespace, t.Name)
}

// Warning says in one sentence what the loaded objects hold that Microsoft's v1.0 metadata does
// not name; empty where that is nothing. The tenant serves it as it is.
func (s *Server) Warning() string { return s.warning }
