package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

var words = Words{Kinds: []string{"users", "groups", "namedLocations"}, Clouds: []string{"global", "china"}}

const head = "apiVersion: entragit/v1\ntenant: contoso.com\n"

func TestDecode(t *testing.T) {
	got, err := Decode("entragit.yaml", []byte(head+`cloud: china # far away
kinds:
  include: [users, groups]
  exclude:
  - groups
ignore:
- path: users/*
  property: /spec/department
- {path: "groups/*"}
guards:
  breakGlass: [1e5f980e-a058-5bd5-8e46-dd36bff7d1eb]
  shrink: {percent: 50, least: 3}
`), words)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		APIVersion: APIVersion, Tenant: "contoso.com", Cloud: "china",
		Kinds:  Kinds{Include: []string{"users", "groups"}, Exclude: []string{"groups"}},
		Ignore: []Ignore{{Path: "users/*", Property: "/spec/department"}, {Path: "groups/*"}},
		Guards: Guards{BreakGlass: []string{"1e5f980e-a058-5bd5-8e46-dd36bff7d1eb"}, Shrink: Shrink{Percent: 50, Least: 3}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"unknown key", head + "tennant: x\n", `c.yaml:3: unknown key "tennant", did you mean "tenant"`},
		{"unknown nested key", head + "kinds:\n  excluded: [users]\n", `c.yaml:4: unknown key "excluded", did you mean "exclude"`},
		{"strange key", head + "remote_command: x\n", `c.yaml:3: unknown key "remote_command"`},
		{"key of a rule", head + "ignore:\n- pat: x\n", `c.yaml:4: unknown key "pat", did you mean "path"`},
		{"key of the guards", head + "guards:\n  breakglass: []\n", `c.yaml:4: unknown key "breakglass", did you mean "breakGlass"`},
		{"key of the shrink guard", head + "guards:\n  shrink: {percen: 5}\n", `c.yaml:4: unknown key "percen", did you mean "percent"`},
		{"no share", head + "guards:\n  shrink:\n    percent: 101\n", `c.yaml:5: percent is 101 and must be from 0 to 100`},
		{"no number", head + "guards:\n  shrink:\n    least: -1\n", `c.yaml:5: least is -1 and must not be negative`},
		{"word for a number", head + "guards:\n  shrink:\n    least: few\n", `c.yaml:5: "few" where a number belongs`},
		{"double key", head + "tenant: x\n", `c.yaml:3: key "tenant" is given twice`},
		{"list for a string", head + "cloud: [x]\n", `c.yaml:3: a list where text belongs`},
		{"string for a list", head + "ignore: x\n", `c.yaml:3: "x" where a list belongs`},
		{"string for a mapping", head + "kinds: users\n", `c.yaml:3: "users" where a mapping belongs`},
		{"syntax", head + "kinds:\n  include: [users\nignore: []\n", `c.yaml:5: a comma is missing before 'i'`},
		{"no YAML", "\x00\x01", `c.yaml:1: character U+0000 must be written as an escape`},
		{"unknown kind", head + "# user\nkinds:\n  include:\n  - user\n", `c.yaml:6: unknown kind "user", did you mean "users"`},
		{"far kind", head + "kinds: {exclude: [spaceships]}\n", `c.yaml:3: unknown kind "spaceships"`},
		{"unknown cloud", head + "cloud: globl\n", `c.yaml:3: unknown cloud "globl", did you mean "global"`},
		{"no tenant", "apiVersion: entragit/v1\n", `c.yaml:1: tenant is missing`},
		{"empty", "", `c.yaml:1: the file holds no value`},
		{"other version", "apiVersion: entragit/v9\ntenant: x\n", `c.yaml:1: apiVersion is "entragit/v9" and must be "entragit/v1"`},
		{"second document", head + "---\ntenant: y\n", `c.yaml:3: more than one document`},
		{"rule without a path", head + "ignore:\n- property: /spec\n", `c.yaml:4: a rule of ignore has no path`},
		{"rule without a day", head + "ignore:\n- path: users/*\n  until: \"31.12.2026\"\n", `c.yaml:5: until is "31.12.2026" and must be a day, such as "2026-12-31"`},
		{"rule without a pointer", head + "ignore:\n- path: users/*\n  property: department\n", `c.yaml:5: property "department" is no JSON pointer`},
		{"parsers disagree", "apiVersion: entragit/v1\ntenant: 0123e4\n", `c.yaml:2: "0123e4" must be in quotes: not every parser reads it as text`},
		{"anchor", head + "kinds: &k {}\n", `c.yaml:3: an anchor; put text that starts with "&" in quotes`},
		{"number", head + "cloud: 7\n", `c.yaml:3: 7 where text belongs`},
		{"huge", strings.Repeat("#", maxSize+1), `c.yaml: larger than 1048576 bytes`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode("c.yaml", []byte(test.in), words)
			if !errors.Is(err, entra.ErrInvalid) {
				t.Fatalf("error %v does not wrap ErrInvalid", err)
			}
			if want := test.want + ": invalid input"; err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
}

func TestWith(t *testing.T) {
	file := Config{Tenant: "file", Kinds: Kinds{Include: []string{"users"}, Exclude: []string{"groups"}}}
	if got := file.With(Overrides{}); got.Guards.Shrink != (Shrink{Percent: 20, Least: 10}) {
		t.Errorf("the shrink guard by default: %+v", got.Guards.Shrink)
	}
	own := Config{Guards: Guards{Shrink: Shrink{Percent: 1, Least: 2}}}
	if got := own.With(Overrides{}); got.Guards.Shrink != own.Guards.Shrink {
		t.Errorf("the shrink guard as configured: %+v", got.Guards.Shrink)
	}
	if got := file.With(Overrides{}); got.Tenant != "file" || got.Cloud != "global" || got.Keep("groups") || !got.Keep("users") {
		t.Errorf("nothing given: %+v", got)
	}
	got := file.With(Overrides{Tenant: "flag", Cloud: "china", Kinds: []string{"groups"}})
	if got.Tenant != "flag" || got.Cloud != "china" || !got.Keep("groups") || got.Keep("users") {
		t.Errorf("all given: %+v", got)
	}
	if also := (Config{Kinds: Kinds{Also: []string{"groups"}}}); !also.Keep("users") || !also.Keep("groups") || !also.Named("groups") || also.Named("users") {
		t.Error("also must add to all kinds, by name")
	}
	if also := (Config{Kinds: Kinds{Include: []string{"users"}, Also: []string{"groups"}}}); !also.Keep("groups") {
		t.Error("also must add to what is included")
	}
	if all := (Config{Kinds: Kinds{Exclude: []string{"groups"}}}); !all.Keep("users") || all.Keep("groups") {
		t.Error("an empty include must keep all but the excluded kinds")
	}
}

func TestNewFileReadsBack(t *testing.T) {
	for _, want := range []Config{
		{APIVersion: APIVersion, Tenant: "0123e4", Cloud: "global", Kinds: Kinds{Include: []string{}, Also: []string{}, Exclude: []string{}}, Ignore: []Ignore{}, Guards: Guards{BreakGlass: []string{}}},
		{APIVersion: APIVersion, Tenant: "a: b # c", Cloud: "china", Kinds: Kinds{Include: []string{"users"}, Also: []string{}, Exclude: []string{}}, Ignore: []Ignore{}, Guards: Guards{BreakGlass: []string{"3f2b1c9e-7c1d-4f0e-9a53-0f6f0a7c1d22", "0123e4"}}},
	} {
		data, err := NewFile(want, map[string]string{"0123e4": "users: Glass\nguards: {}"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(FileName, data, words)
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\nin\n%s", diff, data)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(head)
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := Decode("c.yaml", []byte(s), words); err != nil && !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%q: %v", s, err)
		}
	})
}
