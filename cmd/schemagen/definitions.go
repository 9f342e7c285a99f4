package main

import (
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/kind/csdl"
)

// primitives are the CSDL's primitive types as JSON has them. Formats are what Graph
// writes; they are not checked.
var primitives = map[string]object{
	"Binary":         {"type": "string", "contentEncoding": "base64"},
	"Boolean":        {"type": "boolean"},
	"Byte":           {"type": "integer"},
	"Date":           {"type": "string", "format": "date"},
	"DateTimeOffset": {"type": "string", "format": "date-time"},
	"Decimal":        {"type": "number"},
	"Double":         {"type": "number"},
	"Duration":       {"type": "string", "format": "duration"},
	"Guid":           {"type": "string", "format": "uuid"},
	"Int16":          {"type": "integer"},
	"Int32":          {"type": "integer"},
	"Int64":          {"type": "integer"},
	"Single":         {"type": "number"},
	"Stream":         {"type": "string"},
	"String":         {"type": "string"},
	"TimeOfDay":      {"type": "string", "format": "time"},
}

// value is the schema of a member's value.
func (b *body) value(member csdl.Member) object {
	schema := object{} // anything, of an entity that the metadata leaves out
	if !member.Navigation || b.m.Lookup(member.Type) != nil {
		schema = b.single(member.Type)
	}
	if member.Collection {
		return object{"type": "array", "items": schema}
	}
	return schema
}

// single is the schema of one value of a type.
func (b *body) single(name string) object {
	if primitive, ok := primitives[name]; ok {
		return annotate(primitive)
	}
	if _, ok := b.defs[name]; !ok {
		b.define(name)
	}
	return object{"$ref": "#/$defs/" + name}
}

func (b *body) define(name string) {
	t := b.m.Lookup(name)
	if t == nil { // an enumeration, whose values the metadata may leave out
		enum := object{"type": "string"}
		if known := b.m.Enums[name]; known != nil {
			enum["x-entragit-known"] = slices.DeleteFunc(slices.Clone(known), func(v string) bool {
				return v == "unknownFutureValue" // a placeholder, never a value
			})
		}
		b.defs[name] = enum
		return
	}
	properties := object{}
	schema := object{"type": "object", "properties": properties}
	b.defs[name] = schema // before its members, which may refer to it
	for _, member := range b.m.Members(name, true) {
		key := name + "." + member.Name
		switch {
		case b.reduced[key]:
			properties[member.Name] = reference()
		case b.volatile[key]:
			properties[member.Name] = volatile()
		case !member.Navigation || b.followed[key]:
			properties[member.Name] = b.value(member)
		default:
			properties[member.Name] = object{} // a relationship that an answer may hold
		}
	}
	if b.m.Polymorphic(name) {
		properties["@odata.type"] = b.typeNames(name)
	}
	if !t.Open {
		schema["x-entragit-closed"] = true
	}
}

// reference is what remains of an embedded copy of another object.
func reference() object {
	schema := closed(object{"id": object{"type": "string"}})
	schema["required"] = []string{"id"}
	return schema
}

// volatile is what Graph may answer and a file never holds.
func volatile() object { return object{"readOnly": true, "x-entragit-class": "volatile"} }

// closed is an object whose properties are all known.
func closed(properties object) object {
	return object{"type": "object", "properties": properties, "x-entragit-closed": true}
}

// extensible is closed, but for directory extensions, which are named after the
// application that defines them.
func extensible(properties object) object {
	schema := closed(properties)
	schema["patternProperties"] = object{"^extension_[0-9a-f]{32}_": object{"type": []any{"string", "boolean", "integer", "array"}}}
	return schema
}

// annotate returns a copy of the schema with keywords added.
func annotate(schema object, pairs ...any) object {
	copied := object{}
	for k, v := range schema {
		copied[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		copied[pairs[i].(string)] = pairs[i+1]
	}
	return copied
}

// typeNames is the schema of the type that an object of a polymorphic type names.
func (g *generator) typeNames(name string) object {
	var known []string
	for _, one := range g.m.Concrete(name) {
		known = append(known, "#microsoft.graph."+one)
	}
	base := slices.AppendSeq([]string{}, maps.Keys(g.m.Members(name, false)))
	slices.Sort(base)
	return object{"type": "string", "x-entragit-known": known, "x-entragit-base": base}
}
