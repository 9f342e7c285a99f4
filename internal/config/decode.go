package config

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/yaml"
)

// maxSize is far above any real file and keeps a hostile one from costing memory.
const maxSize = 1 << 20

// Words are the values that the caller allows.
type Words struct {
	Kinds  []string
	Clouds []string
}

// Decode reads entragit.yaml strictly, through the profile of package yaml: an unknown or
// repeated key, a value of another type, an unknown word and a second document are
// errors. They wrap [entra.ErrInvalid] and are one sentence that starts with
// "file:line: ".
func Decode(file string, data []byte, words Words) (Config, error) {
	d := decoding{file: file, data: data}
	if len(data) > maxSize {
		return Config{}, &yaml.Error{File: file, Text: fmt.Sprintf("larger than %d bytes", maxSize)}
	}
	var c Config
	if err := yaml.Unmarshal(file, data, &c); err != nil {
		wrong, ok := errors.AsType[*yaml.Error](err)
		if ok && wrong.Unknown != "" {
			return Config{}, fmt.Errorf("%s:%d: %w", file, wrong.Line, CheckWord("key", wrong.Unknown, wrong.Known))
		}
		return Config{}, err
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
		return d.fail("/apiVersion", "apiVersion is %q and must be %q", c.APIVersion, APIVersion)
	}
	if c.Tenant == "" {
		return d.fail("/tenant", "tenant is missing")
	}
	if c.Cloud != "" {
		if err := d.word("/cloud", "cloud", c.Cloud, words.Clouds); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		key   string
		names []string
	}{{"include", c.Kinds.Include}, {"also", c.Kinds.Also}, {"exclude", c.Kinds.Exclude}} {
		for i, name := range list.names {
			if err := d.word(jsonpointer.Join("kinds", list.key, strconv.Itoa(i)), "kind", name, words.Kinds); err != nil {
				return err
			}
		}
	}
	if p := c.Guards.Shrink.Percent; p < 0 || p > 100 {
		return d.fail("/guards/shrink/percent", "percent is %d and must be from 0 to 100", p)
	}
	if n := c.Guards.Shrink.Least; n < 0 {
		return d.fail("/guards/shrink/least", "least is %d and must not be negative", n)
	}
	for _, bound := range []struct {
		key string
		Bound
	}{{"writes", c.Guards.Writes}, {"deletions", c.Guards.Deletions}} {
		if bound.Most < 0 || bound.Percent < 0 || bound.Percent > 100 {
			return d.fail(jsonpointer.Join("guards", bound.key), "most must not be negative, and percent must be from 0 to 100")
		}
	}
	for i, rule := range c.Ignore {
		at := jsonpointer.Join("ignore", strconv.Itoa(i))
		if rule.Path == "" {
			return d.fail(at, "a rule of ignore has no path")
		}
		if rule.Property != "" && rule.Property[0] != '/' {
			return d.fail(at+"/property", "property %q is no JSON pointer", rule.Property)
		}
		if _, err := time.Parse(time.DateOnly, rule.Until); rule.Until != "" && err != nil {
			return d.fail(at+"/until", "until is %q and must be a day, such as \"2026-12-31\"", rule.Until)
		}
	}
	return nil
}

// word checks the value at a pointer against the words that are allowed.
func (d decoding) word(pointer, what, value string, known []string) error {
	if err := CheckWord(what, value, known); err != nil {
		return fmt.Errorf("%s:%d: %w", d.file, yaml.LineOf(d.data, pointer), err)
	}
	return nil
}

// fail is an error about the value at a pointer.
func (d decoding) fail(pointer, format string, args ...any) error {
	return yaml.Faultf(d.file, d.data, pointer, format, args...)
}
