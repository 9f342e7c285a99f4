package yaml_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/yaml"
)

type file struct {
	Name string `json:"name"`
	Size int    `json:"size,omitempty"`
	Rule struct {
		Set bool `json:"set"`
	} `json:"rule"`
	Tags  []string          `json:"tags"`
	Marks map[string]string `json:"marks"`
}

func TestUnmarshal(t *testing.T) {
	var got file
	err := yaml.Unmarshal("f", []byte("name: a\nsize: 7\nrule: {set: true}\ntags:\n- b\nmarks:\n  c: d\n"), &got)
	want := file{Name: "a", Size: 7, Tags: []string{"b"}, Marks: map[string]string{"c": "d"}}
	want.Rule.Set = true
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"name: [a]\n":                    `f:1: a list where text belongs`,
		"name:\n  a: b\n":                `f:1: a mapping where text belongs`,
		"name: 7\n":                      `f:1: 7 where text belongs`,
		"name: a\nsize: x\n":             `f:2: "x" where a number belongs`,
		"name: a\nrule:\n  set: 'yes'\n": `f:3: "yes" where true or false belongs`,
		"name: a\nrule: x\n":             `f:2: "x" where a mapping belongs`,
		"tags: true\n":                   `f:1: true where a list belongs`,
		"tags:\n- a\n- [b]\n":            `f:3: a list where text belongs`,
		"rule:\n  of: true\n":            `f:2: unknown key "of"`,
		"- name\n":                       `f:1: a list where a mapping belongs`,
		"name: *a\n":                     `f:1: an alias; put text that starts with "*" in quotes`,
	} {
		if err := yaml.Unmarshal("f", []byte(text), new(file)); err == nil || err.Error() != want+": invalid input" {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	err := yaml.Unmarshal("f", []byte("nam: a\n"), new(file))
	wrong, ok := errors.AsType[*yaml.Error](err)
	if !ok || wrong.Unknown != "nam" || !cmp.Equal(wrong.Known, []string{"name", "size", "rule", "tags", "marks"}) {
		t.Errorf("%+v does not say which keys there are", err)
	}
}
