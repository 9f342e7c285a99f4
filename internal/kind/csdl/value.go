package csdl

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fits returns an error that says why a JSON value is none of a member's, or nil. Numbers are
// [json.Number], as of a decoder that was told to use them. What a value of a type holds is
// judged too: its members exist and fit, @odata.type names the type or one derived from it, and
// a value of an abstract type names another.
func (m *Metadata) Fits(member Member, value any) error {
	if !member.Collection {
		return m.single(member, value)
	}
	list, ok := value.([]any)
	if value == nil && !member.Required {
		return nil
	}
	if !ok {
		return fmt.Errorf("%s is no list", member.Name)
	}
	for _, v := range list {
		element := member
		element.Collection, element.Required = false, true
		if err := m.single(element, v); err != nil {
			return err
		}
	}
	return nil
}

func (m *Metadata) single(member Member, value any) error {
	if value == nil {
		if member.Required {
			return fmt.Errorf("%s is null, which it cannot be", member.Name)
		}
		return nil
	}
	if m.Types[member.Type] != nil {
		body, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object of type %s", member.Name, member.Type)
		}
		if err := m.Holds(member.Type, body); err != nil {
			return fmt.Errorf("%s: %w", member.Name, err)
		}
		return nil
	}
	fits, known := primitives[member.Type]
	if members, ok := m.Enums[member.Type]; ok {
		fits, known = isMember(members), true
	}
	if known && !fits(value) {
		return fmt.Errorf("%s is %v, which is no %s", member.Name, value, member.Type)
	}
	return nil
}

// Holds returns an error that says what of an object's members a type does not have, or has
// otherwise.
func (m *Metadata) Holds(typ string, body map[string]any) error {
	if name, ok := body["@odata.type"].(string); ok {
		named := strings.TrimPrefix(strings.TrimPrefix(name, "#"), namespace)
		if m.Types[named] == nil || !m.IsA(named, typ) {
			return fmt.Errorf("@odata.type %s is not derived from %s", name, typ)
		}
		typ = named
	}
	if m.Types[typ].Abstract {
		return fmt.Errorf("%s is abstract: which type derived from it is not said", typ)
	}
	members, open := m.Members(typ, false), m.open(typ)
	for _, name := range slices.Sorted(maps.Keys(body)) {
		property, annotation, annotated := strings.Cut(name, "@")
		member, ok := members[property]
		switch {
		case annotated && property == "":
		case !ok && open:
		case !ok:
			return fmt.Errorf("%s has no %s", typ, property)
		case annotated && annotation == "odata.bind" && !member.Navigation:
			return fmt.Errorf("%s is no relationship of %s", property, typ)
		case annotated:
		case slices.Contains(m.Computed[typ], name):
			return fmt.Errorf("%s of %s is computed by Microsoft", name, typ)
		default:
			if err := m.Fits(member, body[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Metadata) open(typ string) bool {
	for t := m.Types[typ]; t != nil; t = m.Types[t.Base] {
		if t.Open {
			return true
		}
	}
	return false
}

// isMember accepts members of an enumeration, and several with commas between them as flags
// are written.
func isMember(members []string) func(any) bool {
	return func(v any) bool {
		text, ok := v.(string)
		for name := range strings.SplitSeq(text, ",") {
			ok = ok && slices.Contains(members, strings.TrimSpace(name))
		}
		return ok
	}
}

var (
	guid     = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	duration = regexp.MustCompile(`^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$`)
	clock    = regexp.MustCompile(`^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$`)
)

// primitives says which JSON values the primitive types have (OData JSON Format 4.01, section
// 7.1).
var primitives = map[string]func(any) bool{
	"String":         func(v any) bool { _, ok := v.(string); return ok },
	"Boolean":        func(v any) bool { _, ok := v.(bool); return ok },
	"Int32":          integer(32),
	"Int64":          integer(64),
	"Double":         func(v any) bool { _, ok := v.(json.Number); return ok },
	"Single":         func(v any) bool { _, ok := v.(json.Number); return ok },
	"Guid":           matches(guid),
	"DateTimeOffset": layout(time.RFC3339),
	"Date":           layout(time.DateOnly),
	"TimeOfDay":      matches(clock),
	"Duration":       matches(duration),
	"Binary": func(v any) bool {
		s, ok := v.(string)
		_, std := base64.StdEncoding.DecodeString(s)
		_, url := base64.URLEncoding.DecodeString(s)
		return ok && (std == nil || url == nil)
	},
	"Stream": func(any) bool { return false }, // it has an address of its own
}

func integer(bits int) func(any) bool {
	return func(v any) bool {
		n, ok := v.(json.Number)
		_, err := strconv.ParseInt(string(n), 10, bits)
		return ok && err == nil
	}
}

func matches(pattern *regexp.Regexp) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && pattern.MatchString(s)
	}
}

func layout(layout string) func(any) bool {
	return func(v any) bool {
		s, _ := v.(string)
		_, err := time.Parse(layout, s)
		return err == nil
	}
}
