package yaml

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/entragit/entragit/internal/jsonpointer"
)

// Unmarshal reads a file into a Go value by the names that its fields have in JSON. It is
// strict: a key that has no field, and a value of another type, is an [*Error].
func Unmarshal(file string, data []byte, v any) error {
	value, err := Read(file, data)
	if err != nil {
		return err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return &Error{File: file, Text: err.Error()}
	}
	err = jsonv2.Unmarshal(text, v, jsonv2.RejectUnknownMembers(true))
	wrong, ok := errors.AsType[*jsonv2.SemanticError](err)
	if !ok {
		return err
	}
	line := LineOf(data, string(wrong.JSONPointer))
	if errors.Is(err, jsonv2.ErrUnknownName) {
		key := wrong.JSONPointer.LastToken()
		return &Error{File: file, Line: line, Text: fmt.Sprintf("unknown key %q", key), Unknown: key, Known: keysOf(wrong.GoType)}
	}
	return &Error{File: file, Line: line, Text: fmt.Sprintf("%s where %s belongs", given(jsonpointer.Get(value, jsonpointer.Split(string(wrong.JSONPointer))...)), wanted(wrong.GoType))}
}

// given names a value that a file has.
func given(v any) string {
	switch v := v.(type) {
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// wanted names the value that a Go type holds.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a mapping"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "text"
	}
	return "a number"
}

// keysOf lists the keys that a struct has fields for.
func keysOf(t reflect.Type) []string {
	var keys []string
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		keys = append(keys, name)
	}
	return keys
}
