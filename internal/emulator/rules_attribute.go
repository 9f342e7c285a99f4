package emulator

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// attributeValues is the property that holds the values of custom security attributes, by
// set and attribute. What is required of a write, and how values are answered, is from the
// pages "Manage custom security attribute assignments" and "Add or deactivate custom
// security attribute definitions".
const attributeValues = "customSecurityAttributes"

// answeredType is the type of a set as Graph answers it; writtenTypes are those that a
// write may name.
const answeredType = "#microsoft.graph.customSecurityAttributeValue"

var writtenTypes = []any{"#Microsoft.DirectoryServices.CustomSecurityAttributeValue", answeredType}

// checkAttributeValues holds the values that a write gives to the definitions of their
// attributes, and keeps all values as Graph answers them.
func checkAttributeValues(w *write) *apiError {
	value, sent := w.sent[attributeValues]
	if !sent || w.after == nil {
		return nil
	}
	if w.before == nil && value != nil {
		return directoryError("Custom security attributes can be assigned only through an update.")
	}
	sets, _ := value.(object)
	had, _ := w.before[attributeValues].(object)
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		values, ok := sets[set].(object)
		if !ok || !slices.Contains(writtenTypes, values["@odata.type"]) {
			return badRequest("The set '%s' of custom security attributes must be an object with the type '%s'.", set, writtenTypes[0])
		}
		before, _ := had[set].(object)
		for _, name := range slices.Sorted(maps.Keys(values)) {
			if strings.Contains(name, "@") {
				continue
			}
			if err := w.store.checkAttributeValue(set, name, values, before[name]); err != nil {
				return err
			}
		}
	}
	w.after[attributeValues] = answeredValues(w.after[attributeValues])
	if w.after[attributeValues] == nil {
		delete(w.after, attributeValues)
	}
	return nil
}

// checkAttributeValue holds one value to its attribute. A value can be taken away
// whatever its attribute is now, and one that is there already can be sent again.
func (s *store) checkAttributeValue(set, name string, values object, before any) *apiError {
	definition := s.get(attributesPath, set+"_"+name)
	value := values[name]
	list, many := value.([]any)
	switch {
	case definition == nil:
		return directoryError("The custom security attribute '%s_%s' is not defined.", set, name)
	case value == nil || many && len(list) == 0 || sameValue(value, before):
		return nil
	case definition.body["status"] != "Available":
		return directoryError("The custom security attribute '%s_%s' is deactivated and cannot be assigned.", set, name)
	case many != (definition.body["isCollection"] == true):
		return invalidValue(name, attributeValues)
	}
	want := map[any]string{"Integer": "Int32", "String": "String", "Boolean": "Boolean"}[definition.body["type"]]
	annotation := "#" + want
	if many {
		annotation = "#Collection(" + want + ")"
	} else {
		list = []any{value}
	}
	if told := values[name+"@odata.type"]; told != annotation && (told != nil || many || want == "Int32") {
		return badRequest("The value of '%s' must be annotated with the type '%s'.", name, annotation)
	}
	for _, v := range list {
		if !primitives[want](v) || !s.allowsValue(definition, v) {
			return invalidValue(name, attributeValues)
		}
	}
	return nil
}

// allowsValue reports whether a value is one of those that the attribute allows.
func (s *store) allowsValue(definition *entry, value any) bool {
	if definition.body["usePreDefinedValuesOnly"] != true {
		return true
	}
	text, ok := value.(string)
	if number, isNumber := value.(json.Number); isNumber {
		text, ok = number.String(), true
	}
	allowed := s.get(attributesPath+"/"+definition.id+"/allowedValues", text)
	return ok && allowed != nil && allowed.body["isActive"] == true
}

// answeredValues returns values as Graph answers them: each with its type where JSON does
// not tell it, and no set without a value.
func answeredValues(values any) any {
	sets, _ := values.(object)
	answered := make(object)
	for set, v := range sets {
		one := object{"@odata.type": answeredType}
		of, _ := v.(object)
		for name, value := range of {
			list, many := value.([]any)
			if strings.Contains(name, "@") || value == nil || many && len(list) == 0 {
				continue
			}
			one[name] = value
			if t := annotationOf(value); t != "" {
				one[name+"@odata.type"] = t
			}
		}
		if len(one) > 1 {
			answered[set] = one
		}
	}
	if len(answered) == 0 {
		return nil
	}
	return answered
}

// annotationOf names the type of a value where JSON does not tell it.
func annotationOf(value any) string {
	switch value := value.(type) {
	case json.Number:
		return "#Int32"
	case []any:
		if _, number := value[0].(json.Number); number {
			return "#Collection(Int32)"
		}
		return "#Collection(String)"
	}
	return ""
}

// annotated returns properties that an administrator sets with the types that a client
// sends beside the values of attributes.
func annotated(properties object) object {
	properties = maps.Clone(properties)
	if values := answeredValues(properties[attributeValues]); values != nil {
		properties[attributeValues] = values
	}
	return properties
}
