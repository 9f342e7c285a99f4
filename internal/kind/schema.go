package kind

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	jskind "github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/schemas"
)

// Problem is a breach of a file's schema by one part of the file.
type Problem struct {
	// Pointer is an RFC 6901 JSON pointer from the file's root.
	Pointer string
	// Message completes the sentence "Pointer: …".
	Message string
	// Warning marks a part that is allowed but unusual: a property or a value that Microsoft
	// had not published when the schema was made.
	Warning bool
}

// Schema checks the files of one kind. It may be used by several goroutines.
type Schema struct {
	compiled *jsonschema.Schema
}

// LoadSchema compiles schemas/<kind>.schema.json.
func LoadSchema(k *Kind) (*Schema, error) {
	name := k.Name + ".schema.json"
	data, err := schemas.Files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k.Name, err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k.Name, err)
	}
	c := jsonschema.NewCompiler()
	c.RegisterVocabulary(&jsonschema.Vocabulary{URL: "https://github.com/entragit/entragit/schemas", Compile: compileKeywords})
	c.AssertVocabs()
	if err := c.AddResource(name, document); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k.Name, err)
	}
	compiled, err := c.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", k.Name, err)
	}
	return &Schema{compiled}, nil
}

// Validate checks one file, given as JSON values (map[string]any, []any, string, bool,
// [encoding/json.Number] or float64). Problems are sorted by pointer.
func (s *Schema) Validate(document any) []Problem {
	var failed *jsonschema.ValidationError
	if !errors.As(s.compiled.Validate(document), &failed) {
		return nil
	}
	problems := explain(failed, nil)
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Pointer, b.Pointer), strings.Compare(a.Message, b.Message))
	})
	return problems
}

// explain turns the leaves of a validation error into problems.
func explain(e *jsonschema.ValidationError, problems []Problem) []Problem {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			problems = explain(cause, problems)
		}
		return problems
	}
	at := jsonpointer.Join(e.InstanceLocation...)
	switch k := e.ErrorKind.(type) {
	case unknownProperties:
		for _, name := range k.Properties {
			problems = append(problems, Problem{jsonpointer.Join(append(e.InstanceLocation, name)...), "unknown property", true})
		}
		return problems
	case unknownValue:
		return append(problems, Problem{at, fmt.Sprintf("unknown value %q", k.Got), true})
	case *jskind.Type:
		return append(problems, Problem{at, fmt.Sprintf("is of type %s, must be %s", k.Got, strings.Join(k.Want, " or ")), false})
	case *jskind.Required:
		return append(problems, Problem{at, "lacks " + strings.Join(k.Missing, ", "), false})
	case *jskind.Const:
		return append(problems, Problem{at, fmt.Sprintf("must be %v", k.Want), false})
	case *jskind.MaxItems:
		return append(problems, Problem{at, fmt.Sprintf("has %d elements, may have %d", k.Got, k.Want), false})
	case *jskind.UniqueItems:
		return append(problems, Problem{at, fmt.Sprintf("has one element twice, at %d and %d", k.Duplicates[0], k.Duplicates[1]), false})
	default:
		return append(problems, Problem{at, e.Error(), false})
	}
}
