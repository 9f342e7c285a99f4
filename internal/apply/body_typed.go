package apply

import "encoding/json"

// typed is what differs in a typed property as it is sent: each set with the form that
// names its type, each value with its own. A value that goes is cleared by name: a
// collection by an empty one, any other by null.
func typed(form string, differing map[string]map[string]any, live any) map[string]any {
	before, _ := live.(map[string]any)
	body := make(map[string]any, len(differing))
	for set, values := range differing {
		had, _ := before[set].(map[string]any)
		one := map[string]any{typeProperty: form}
		for name, v := range values {
			one[name] = wire(had[name], v)
			if t := valueType(v); t != "" {
				one[name+typeProperty] = t
			}
		}
		body[set] = one
	}
	return body
}

// valueType names the type of a value where JSON does not tell it: Graph takes a string or a
// truth value as what it is.
func valueType(v any) string {
	switch v := v.(type) {
	case json.Number:
		return "#Int32"
	case []any:
		for _, element := range v {
			if _, number := element.(json.Number); number {
				return "#Collection(Int32)"
			}
		}
		return "#Collection(String)"
	}
	return ""
}
