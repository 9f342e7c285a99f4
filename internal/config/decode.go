package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v2"

	"github.com/entragit/entragit/internal/entra"
)

// maxSize is far above any real file and keeps a hostile one from costing memory.
const maxSize = 1 << 20

// Words are the values that the caller allows.
type Words struct {
	Kinds  []string
	Clouds []string
}

// Decode reads entragit.yaml strictly: an unknown or repeated key, a value of
// another type, an unknown word and a second document are errors. They wrap
// [entra.ErrInvalid] and are one sentence that starts with "file:line: ".
func Decode(file string, data []byte, words Words) (Config, error) {
	d := decoding{file: file, data: data}
	if len(data) > maxSize {
		return Config{}, d.fail(0, "larger than %d bytes", maxSize)
	}
	var c Config
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.SetStrict(true)
	if err := decoder.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return Config{}, d.explain(err)
	}
	if err := decoder.Decode(new(any)); !errors.Is(err, io.EOF) {
		return Config{}, d.fail(0, "more than one YAML document")
	}
	return c, d.check(c, words)
}

// decoding is one file on its way to a Config.
type decoding struct {
	file string
	data []byte
}

// check finds what is YAML and not a configuration.
func (d decoding) check(c Config, words Words) error {
	if c.APIVersion != APIVersion {
		return d.fail(d.line("apiVersion"), "apiVersion is %q and must be %q", c.APIVersion, APIVersion)
	}
	if c.Tenant == "" {
		return d.fail(d.line("tenant"), "tenant is missing")
	}
	if c.Cloud != "" {
		if err := d.word("cloud", c.Cloud, words.Clouds); err != nil {
			return err
		}
	}
	for _, list := range [][]string{c.Kinds.Include, c.Kinds.Also, c.Kinds.Exclude} {
		for _, name := range list {
			if err := d.word("kind", name, words.Kinds); err != nil {
				return err
			}
		}
	}
	if p := c.Guards.Shrink.Percent; p < 0 || p > 100 {
		return d.fail(d.line("percent"), "percent is %d and must be from 0 to 100", p)
	}
	if n := c.Guards.Shrink.Least; n < 0 {
		return d.fail(d.line("least"), "least is %d and must not be negative", n)
	}
	for _, rule := range c.Ignore {
		if rule.Path == "" {
			return d.fail(d.line("ignore"), "a rule of ignore has no path")
		}
		if rule.Property != "" && rule.Property[0] != '/' {
			return d.fail(d.line(rule.Property), "property %q is no JSON pointer", rule.Property)
		}
	}
	return nil
}

// word checks a value against the words that are allowed.
func (d decoding) word(what, value string, known []string) error {
	if err := CheckWord(what, value, known); err != nil {
		return fmt.Errorf("%s: %w", d.at(d.line(value)), err)
	}
	return nil
}

// line returns the number of the first line that holds the word outside of a
// comment, or 0. The YAML decoder knows no lines once it has built the value.
func (d decoding) line(word string) int {
	pattern := regexp.MustCompile(`(^|[\s\[{,"'-])` + regexp.QuoteMeta(word) + `($|[\s\]},"':])`)
	for i, text := range strings.Split(string(d.data), "\n") {
		text, _, _ = strings.Cut(text, "#")
		if pattern.MatchString(strings.TrimRight(text, "\r")) {
			return i + 1
		}
	}
	return 0
}

func (d decoding) at(line int) string {
	if line == 0 {
		return d.file
	}
	return d.file + ":" + strconv.Itoa(line)
}

func (d decoding) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s: %s: %w", d.at(line), fmt.Sprintf(format, args...), entra.ErrInvalid)
}

// What go.yaml.in/yaml/v2 says (decode.go, yamlprivateh.go, yaml.go).
var (
	unknownField = regexp.MustCompile(`^field (.*) not found in type config\.(\w+)$`)
	doubleField  = regexp.MustCompile(`^(?:field|key) "?(.*?)"? already set in (?:type|map)`)
	wrongType    = regexp.MustCompile("^cannot unmarshal (!!\\w+)(?: `(?s:(.*))`)? into (.+)$")
	withLine     = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(?s:(.*))$`)
)

// explain turns the decoder's first complaint into a sentence with its line.
func (d decoding) explain(err error) error {
	text := err.Error()
	if typed, ok := errors.AsType[*yaml.TypeError](err); ok && len(typed.Errors) > 0 {
		text = typed.Errors[0]
	}
	parts := withLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(parts[1]) // 0 where the decoder names none
	text = parts[2]
	if m := unknownField.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("%s: %w", d.at(line), CheckWord("key", m[1], keysOf(m[2])))
	}
	if m := doubleField.FindStringSubmatch(text); m != nil {
		return d.fail(line, "key %q is given twice", m[1])
	}
	if m := wrongType.FindStringSubmatch(text); m != nil {
		return d.fail(line, "%s where %s belongs", gotWord(m[1], m[2]), wantWord(m[3]))
	}
	return d.fail(line, "%s", strings.ReplaceAll(text, "\n", " "))
}

// gotWord names a YAML value for a person.
func gotWord(tag, value string) string {
	switch tag {
	case "!!seq":
		return "a list"
	case "!!map":
		return "a mapping"
	default:
		return strconv.Quote(value)
	}
}

// wantWord names a Go type of [Config] for a person.
func wantWord(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "config."):
		return "a mapping"
	case goType == "int":
		return "a number"
	default:
		return "a " + goType
	}
}

// keysOf returns the keys of one of the file's types, by the type's name.
func keysOf(name string) []string {
	for _, t := range []reflect.Type{
		reflect.TypeFor[Config](), reflect.TypeFor[Kinds](), reflect.TypeFor[Ignore](), reflect.TypeFor[Guards](), reflect.TypeFor[Shrink](),
	} {
		if t.Name() != name {
			continue
		}
		keys := make([]string, t.NumField())
		for i := range keys {
			keys[i] = t.Field(i).Tag.Get("yaml")
		}
		return keys
	}
	return nil
}
