package kind

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	jskind "github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// keywords are the checks that our schemas add to the standard ones; see package
// schemas. Both only ever warn.
type keywords struct {
	// properties and patterns are the known properties of a closed object.
	closed     bool
	properties map[string]any
	patterns   []*regexp.Regexp
	// known are the published values of an enumeration; nil means any.
	known []any
}

// The warnings borrow the library's kinds of error, by which they are told apart.
type (
	unknownProperties struct{ *jskind.AdditionalProperties }
	unknownValue      struct{ *jskind.Enum }
)

func compileKeywords(_ *jsonschema.CompilerContext, schema map[string]any) (jsonschema.SchemaExt, error) {
	k := &keywords{}
	k.closed, _ = schema["x-entragit-closed"].(bool)
	k.known, _ = schema["x-entragit-known"].([]any)
	if !k.closed && k.known == nil {
		return nil, nil
	}
	k.properties, _ = schema["properties"].(map[string]any)
	patterns, _ := schema["patternProperties"].(map[string]any)
	for p := range patterns {
		re, err := regexp.Compile(p)
		if err != nil {
			return nil, fmt.Errorf("patternProperties: %w", err)
		}
		k.patterns = append(k.patterns, re)
	}
	return k, nil
}

// Validate is called by the library for each value that the schema applies to.
func (k *keywords) Validate(ctx *jsonschema.ValidatorContext, v any) {
	switch v := v.(type) {
	case map[string]any:
		if unknown := k.unknown(v); k.closed && len(unknown) > 0 {
			ctx.AddError(unknownProperties{&jskind.AdditionalProperties{Properties: unknown}})
		}
	case string:
		if k.known != nil && !k.knows(v) {
			ctx.AddError(unknownValue{&jskind.Enum{Got: v, Want: k.known}})
		}
	}
}

func (k *keywords) unknown(object map[string]any) []string {
	var unknown []string
	for name := range object {
		_, ok := k.properties[name]
		if !ok && !slices.ContainsFunc(k.patterns, func(re *regexp.Regexp) bool { return re.MatchString(name) }) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// knows accepts flags too, which Graph writes as one string, separated by commas, and
// any case: Graph's services do not agree on it.
func (k *keywords) knows(value string) bool {
	for one := range strings.SplitSeq(value, ",") {
		published := func(v any) bool {
			name, _ := v.(string)
			return strings.EqualFold(name, strings.TrimSpace(one))
		}
		if !slices.ContainsFunc(k.known, published) {
			return false
		}
	}
	return true
}
