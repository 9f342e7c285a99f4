package emulator

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// validate checks a body that a client sent against the metadata: every property exists
// and has a value of its type.
func (s *store) validate(typ string, body object) *apiError {
	return s.validateObject(typ, body, true)
}

func (s *store) validateObject(typ string, body object, top bool) *apiError {
	if named, ok := body["@odata.type"]; ok && !top {
		name, _ := named.(string)
		if sub := typeName(name); s.meta.Types[sub] != nil && s.meta.isA(sub, typ) {
			typ = sub
		} else if !s.meta.Types[typ].Open {
			return unresolvedType(name)
		}
	}
	t := s.meta.Types[typ]
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if annotated, annotation, ok := strings.Cut(name, "@"); ok {
			if err := validateAnnotation(annotated, annotation); err != nil {
				return err
			}
			continue
		}
		if err := s.validateMember(t, name, body[name], top); err != nil {
			return err
		}
	}
	return nil
}

// validateAnnotation accepts the two annotations that have a meaning in a write: the
// type of a value, and (in directory objects) references to bind.
func validateAnnotation(annotated, annotation string) *apiError {
	if annotation == "odata.type" || annotation == "odata.bind" && annotated != "" {
		return nil
	}
	return badRequest("The annotation '%s@%s' was found. It is either not recognized or not expected in the current context.", annotated, annotation)
}

func (s *store) validateMember(t *entityType, name string, value any, top bool) *apiError {
	if p, ok := t.properties[name]; ok {
		return s.validateValue(t, name, p, value, top)
	}
	if n, ok := t.navigation[name]; ok && (!top || n.Contained) {
		return s.validateValue(t, name, property{Type: n.Type, Collection: n.Collection}, value, false)
	}
	if t.Open && !t.Entity {
		return nil
	}
	if x := s.extension(name); t.Open && x != nil && s.isExtensionOf(x, t) {
		return s.validateExtension(x, name, value)
	}
	return unknownProperty(t, name)
}

func (s *store) validateValue(t *entityType, name string, p property, value any, top bool) *apiError {
	switch {
	case value == nil && p.Collection && top && s.meta.isA(t.Name, "directoryObject"):
		return badRequest("A null value was found for the property named '%s', which has the expected type 'Collection(%s)'. The expected type does not allow null values.", name, s.edmName(p.Type))
	case value == nil && p.Required && !p.Collection:
		return badRequest("A null value was found for the property named '%s', which has the expected type '%s[Nullable=False]'. The expected type '%s[Nullable=False]' does not allow null values.", name, s.edmName(p.Type), s.edmName(p.Type))
	case value == nil:
		return nil
	case !p.Collection:
		return s.validateSingle(name, p.Type, value)
	}
	list, ok := value.([]any)
	if !ok {
		return badRequest("A value was found for the property '%s' that is not a collection; the expected type is 'Collection(%s)'.", name, s.edmName(p.Type))
	}
	for _, v := range list {
		if v == nil {
			return badRequest("A null value was found in the collection '%s', which does not allow null values.", name)
		}
		if err := s.validateSingle(name, p.Type, v); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) validateSingle(name, typ string, value any) *apiError {
	if s.meta.Types[typ] != nil {
		body, ok := value.(object)
		if !ok {
			return badRequest("The property '%s' must be an object of type '%s%s'.", name, namespace, typ)
		}
		return s.validateObject(typ, body, false)
	}
	if members, ok := s.meta.Enums[typ]; ok {
		return validateEnum(name, members, value)
	}
	if valid, known := primitives[typ]; known && !valid(value) {
		text, _ := json.Marshal(value) // decoded from JSON, so it encodes
		return badRequest("Cannot convert the literal '%s' to the expected type 'Edm.%s' of the property '%s'.", strings.Trim(string(text), `"`), typ, name)
	}
	return nil
}

// validateEnum accepts members, and several of them separated by commas as flags are
// written.
func validateEnum(name string, members []string, value any) *apiError {
	text, ok := value.(string)
	if ok {
		for member := range strings.SplitSeq(text, ",") {
			member = strings.TrimSpace(member)
			ok = ok && member != sentinel &&
				slices.ContainsFunc(members, func(known string) bool { return strings.EqualFold(known, member) })
		}
	}
	if !ok {
		return badRequest("Invalid value specified for property '%s': it must be one of %s.", name, strings.Join(members, ", "))
	}
	return nil
}

func (s *store) edmName(typ string) string {
	if _, ok := primitives[typ]; ok {
		return "Edm." + typ
	}
	return namespace + typ
}

var (
	guidPattern     = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	durationPattern = regexp.MustCompile(`^-?P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$`)
	timePattern     = regexp.MustCompile(`^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$`)
)

// primitives says which JSON values each Edm type accepts.
var primitives = map[string]func(any) bool{
	"String":  isType[string],
	"Boolean": isType[bool],
	"Int32":   func(v any) bool { return isInteger(v, 32) },
	"Int64":   func(v any) bool { return isInteger(v, 64) },
	"Double":  isType[json.Number],
	"Single":  isType[json.Number],
	"Guid":    matching(guidPattern),
	"DateTimeOffset": func(v any) bool {
		s, _ := v.(string)
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	},
	"Date": func(v any) bool {
		s, _ := v.(string)
		day, clock, timed := strings.Cut(s, "T") // the documentation's own examples send a time too
		_, err := time.Parse(time.DateOnly, day)
		return err == nil && (!timed || timePattern.MatchString(strings.TrimSuffix(clock, "Z")))
	},
	"TimeOfDay": matching(timePattern),
	"Duration":  matching(durationPattern),
	"Binary": func(v any) bool {
		s, ok := v.(string)
		_, std := base64.StdEncoding.DecodeString(s)
		_, url := base64.URLEncoding.DecodeString(s)
		return ok && (std == nil || url == nil)
	},
	"Stream": func(any) bool { return false },
}

func isType[T any](v any) bool {
	_, ok := v.(T)
	return ok
}

func isInteger(v any, bits int) bool {
	n, ok := v.(json.Number)
	_, err := strconv.ParseInt(string(n), 10, bits)
	return ok && err == nil
}

func matching(pattern *regexp.Regexp) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return ok && pattern.MatchString(s)
	}
}
