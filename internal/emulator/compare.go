package emulator

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// literal converts a token to a value that compare understands.
func (p *filterParser) literal(t token, typ string) (any, *apiError) {
	switch {
	case t.quoted:
		if typ == "DateTimeOffset" || typ == "Boolean" {
			return nil, badFilter("A binary operator with incompatible types was detected. Found operand types 'Edm.%s' and 'Edm.String'.", typ)
		}
		return t.text, nil
	case t.text == "null":
		return nil, nil
	case t.text == "true" || t.text == "false":
		return t.text == "true", nil
	}
	switch typ {
	case "DateTimeOffset":
		at, err := time.Parse(time.RFC3339, t.text)
		if err != nil {
			return nil, badFilter("'%s' is not a date and time.", t.text)
		}
		return at, nil
	case "Guid":
		return t.text, nil
	case "Int32", "Int64", "Double":
		return json.Number(t.text), nil
	}
	return nil, badFilter("'%s' is not a value of the property's type.", t.text)
}

// compare applies an operator. Strings compare without case, as the directory does;
// null is equal to an absent value and to nothing else.
func compare(operator string, have, want any) bool {
	if text, ok := want.(string); ok && (operator == "eq" || operator == "ne") { // without a copy of either
		s, ok := have.(string)
		return (ok && strings.EqualFold(s, text)) == (operator == "eq")
	}
	order, comparable := ordering(have, want)
	switch operator {
	case "eq":
		return comparable && order == 0
	case "ne":
		return !comparable || order != 0
	case "gt":
		return comparable && order > 0
	case "ge":
		return comparable && order >= 0
	case "lt":
		return comparable && order < 0
	}
	return comparable && order <= 0
}

// ordering returns how have relates to want, if their types can be compared.
func ordering(have, want any) (order int, ok bool) {
	switch want := want.(type) {
	case nil:
		return 0, have == nil
	case string:
		s, ok := have.(string)
		return strings.Compare(fold(s), fold(want)), ok
	case bool:
		b, ok := have.(bool)
		if b == want {
			return 0, ok
		}
		return 1, ok
	case time.Time:
		s, _ := have.(string)
		at, err := time.Parse(time.RFC3339, s)
		return at.Compare(want), err == nil
	case json.Number:
		n, ok := have.(json.Number)
		a, _ := n.Float64()
		b, _ := want.Float64()
		return int(a*1e6) - int(b*1e6), ok
	}
	return 0, false
}

// sameValue reports whether two values say the same: what says nothing is not looked at. No page
// says that the order of a list means nothing to whoever may not change it.
func sameValue(a, b any) bool { return reflect.DeepEqual(dense(a), dense(b)) }

// dense returns a value without what says nothing: null, and lists and objects that are empty.
func dense(v any) any {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return nil
		}
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = dense(x)
		}
		return out
	case object:
		out := make(object, len(v))
		for name, x := range v {
			if d := dense(x); d != nil {
				out[name] = d
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	}
	return v
}
