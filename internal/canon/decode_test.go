package canon

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

const handWritten = `# what a person may write
apiVersion: "entragit/v1"
kind: policies
metadata: {id: P1, name: 'Main'}
status:
  state: on hold  # belongs under spec
  seen: 7
spec:
  unknown: {z: 1.50, a: [null]}
  targets:
  - {type: user, id: b}
  - {type: user, id: a}
  when: "2026-01-01T01:00:00.00+01:00"
  conditions:
    users:
  list: []
  modifiedDateTime: "2026-01-01T00:00:00Z"
contained:
  grants:
  - who: u2
    what: x
  - who: u1
    what: >-
      several
      words
  methods:
links:
  owners:
    - b
    - a
    - b
  members: []
`

// Whatever way a file says it, the value is the canonical one.
func TestDecodeHandWritten(t *testing.T) {
	want := &entra.Object{
		Key: entra.Key{Kind: "policies", ID: "P1"}, Name: "Main",
		Spec: map[string]any{
			"state":   "on hold",
			"targets": []any{map[string]any{"type": "user", "id": "a"}, map[string]any{"type": "user", "id": "b"}},
			"when":    "2026-01-01T00:00:00Z",
		},
		Links: map[string][]string{"owners": {"a", "b"}},
		Contained: map[string][]map[string]any{"grants": {
			{"who": "u1", "what": "several words"}, {"who": "u2", "what": "x"},
		}},
		Status: map[string]any{
			"seen":    jsonNumber("7"),
			"unknown": map[string]any{"z": jsonNumber("1.50"), "a": []any{nil}},
		},
	}
	got, err := Decode(policies, "f.yaml", []byte(handWritten))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var e Encoder
	out, err := e.EncodeObject(policies, got, nil)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Decode(policies, "f.yaml", out.YAML); err != nil || !cmp.Equal(got, again) {
		t.Errorf("read again: %v\n%s", err, cmp.Diff(got, again))
	}
}

func TestDecodeEmptySections(t *testing.T) {
	got, err := Decode(policies, "f.yaml", []byte("apiVersion: entragit/v1\nkind: policies\nmetadata:\n  id: P1\nspec:\n"))
	if want := (&entra.Object{Key: entra.Key{Kind: "policies", ID: "P1"}}); err != nil || !cmp.Equal(want, got) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	const head = "apiVersion: entragit/v1\nkind: policies\nmetadata:\n  id: P1\n"
	const path = "tenant/policies/main.P1.yaml"
	for _, c := range []struct{ file, text, want string }{
		{path, "nonsense\n", path + ":1: the file holds no object"},
		{path, "- a\n", path + ":1: the file holds no object"},
		{path, strings.Replace(head, "v1", "v2", 1), path + `:1: unknown format "entragit/v2"; this version reads "entragit/v1"`},
		{path, strings.Replace(head, "entragit/v1", "1", 1), path + ":1: unknown format"},
		{path, strings.Replace(head, "policies", "users", 1), path + `:2: kind is "users" and must be "policies" here`},
		{path, strings.Replace(head, "  id: P1\n", "  name: x\n", 1), path + ":3: metadata.id is missing"},
		{path, strings.Replace(head, "P1", "7", 1), path + ":4: metadata.id must be text"},
		{path, strings.Replace(head, "P1", "\"\"", 1), path + ":3: metadata.id is missing"},
		{path, strings.Replace(head, "P1", "P2", 1), path + `:4: metadata.id is "P2" and the file's name says "P1"`},
		{path, head + "  owner: x\n", path + `:5: unknown key "owner" in metadata`},
		{path, head + "spec: {}\nspecs: {}\n", path + `:6: unknown key "specs"`},
		{path, head + "spec: {}\na/b: {}\n", path + `:6: unknown key "a/b"`},
		{path, head + "links:\n  owners: [a]\n  a~b/c: d\n", path + ":7: a~b/c must be a list of ids"},
		{path, head + "spec:\n  a/b: 1\nstatus:\n  c: 1\n  a/b: 1\n", path + `:9: property "a/b"`},
		{path, head + "spec:\n- a\n", path + ":5: spec must be an object"},
		{path, head + "status: 5\n", path + ":5: status must be an object"},
		{path, head + "links: [a]\n", path + ":5: links must be an object"},
		{path, head + "links:\n  owners: [a]\n  members: a\n", path + ":7: members must be a list of ids"},
		{path, head + "links:\n  owners:\n  - a\n  - 5\n", path + ":6: owners must be a list of ids"},
		{path, head + "contained:\n  grants:\n  - a\n", path + ":6: grants must be a list of objects"},
		{path, head + "contained:\n  grants: {a: 1}\n", path + ":6: grants must be a list of objects"},
		{path, head + "spec:\n  a: 1\n  id: P2\n", path + `:7: property "id" belongs under metadata`},
		{path, head + "spec:\n  methods:\n  - name: a\n", path + `:6: property "methods" belongs under contained`},
		{path, head + "spec:\n  a: 1\nstatus:\n  b: 2\n  a: 1\n", path + `:9: property "a" is under spec already`},
		{path, "metadata:\n  id: P1\n", path + `:1: key "apiVersion" is missing`},
		{path, "apiVersion: entragit/v1\nkind: policies\n", path + `:1: key "metadata" is missing`},
		{path, "apiVersion: entragit/v1\nkind: policies\nmetadata: P1\n", path + ":3: metadata must be an object"},
		{path, head + "spec:\n  a: *b\n", path + ":6: an alias"},
	} {
		_, err := Decode(policies, c.file, []byte(c.text))
		if !errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.text, err, c.want)
		}
	}
}

// What a file may hold in depth, an object may hold when it is written: whatever Decode takes is
// written by EncodeObject and read again.
func TestDepthOfFiles(t *testing.T) {
	const head = "apiVersion: entragit/v1\nkind: policies\nmetadata:\n  id: P1\n"
	lists := func(n int, leaf string) string { return strings.Repeat("[", n) + leaf + strings.Repeat("]", n) + "\n" }
	objects := func(n int, leaf string) string {
		return strings.Repeat("{a: ", n) + leaf + strings.Repeat("}", n) + "\n"
	}
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"objects", "status:\n  unknown: " + objects(65, "5"), true},
		{"too deep in objects", "status:\n  unknown: " + objects(66, "5"), false},
		{"spec", "spec:\n  list: " + lists(65, "5"), true},
		{"empty in spec", "spec:\n  list: " + lists(65, ""), true},
		{"too deep in spec", "spec:\n  list: " + lists(66, "5"), false},
		{"status", "status:\n  unknown: " + lists(65, "5"), true},
		{"contained", "contained:\n  grants:\n  - who: " + lists(63, "5"), true},
		{"empty in contained", "contained:\n  grants:\n  - who: " + lists(63, ""), true},
		{"too deep in contained", "contained:\n  grants:\n  - who: " + lists(64, ""), false},
	} {
		o, err := Decode(policies, "f.yaml", []byte(head+c.text))
		if !c.ok {
			if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), "nested more than") {
				t.Errorf("%s: got %v", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var e Encoder
		out, err := e.EncodeObject(policies, o, nil)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if again, err := Decode(policies, "f.yaml", out.YAML); err != nil || !reflect.DeepEqual(o, again) {
			t.Errorf("%s: read again: %v", c.name, err)
		}
	}
}

func TestDates(t *testing.T) {
	for in, want := range map[string]string{
		"2026-01-03T20:07:59Z":                    "2026-01-03T20:07:59Z",
		"2026-01-03T20:07:59.0000000Z":            "2026-01-03T20:07:59Z",
		"2026-01-03T20:07:59.1200000Z":            "2026-01-03T20:07:59.12Z",
		"2026-01-03T20:07:59.1234567Z":            "2026-01-03T20:07:59.1234567Z",
		"2026-01-03T20:07:59,5Z":                  "2026-01-03T20:07:59.5Z",
		"2026-01-03T23:30:00-02:00":               "2026-01-04T01:30:00Z",
		"2026-01-03T23:30:00.0123456789123+00:00": "2026-01-03T23:30:00.0123456789123Z",
		"2024-02-29T00:00:00+05:30":               "2024-02-28T18:30:00Z",
		"0001-01-01T00:00:00Z":                    "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.9999999Z":            "9999-12-31T23:59:59.9999999Z",
		"9999-12-31T23:59:59.90Z":                 "9999-12-31T23:59:59.9Z",
		"0000-06-01T00:00:00.00Z":                 "0000-06-01T00:00:00Z",
		"9999-12-31T23:59:59-01:00":               "9999-12-31T23:59:59-01:00",
		"0000-01-01T00:00:00+01:00":               "0000-01-01T00:00:00+01:00",
		"2026-01-03T3:07:59.5Z":                   "2026-01-03T3:07:59.5Z",
		"2026-01-03":                              "2026-01-03",
		"2026-02-30T00:00:00Z":                    "2026-02-30T00:00:00Z",
		"2026-01-03T20:07:60Z":                    "2026-01-03T20:07:60Z",
		"2026-01-03T20:07:59":                     "2026-01-03T20:07:59",
		"2026-01-03T20:07:59.Z":                   "2026-01-03T20:07:59.Z",
		"":                                        "",
		"P90D":                                    "P90D",
	} {
		got := string(appendDate(nil, []byte(in)))
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
		if again := string(appendDate(nil, []byte(got))); again != got {
			t.Errorf("%s: %s becomes %s", in, got, again)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ in, separator, want string }{
		{"User.Read  openid User.Read", " ", "User.Read openid"},
		{" b , a,,a ,", ",", "a,b"},
		{"a b,a", ",", "a,a b"},
		{"", " ", ""}, {" ", " ", ""}, {",", ",", ""}, {"one", " ", "one"},
	} {
		if got := string(appendWords(nil, []byte(c.in), c.separator)); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

// The rules of every kind compile to what they say.
func TestRulesOfEveryKind(t *testing.T) {
	for _, k := range kind.All() {
		s := newShape(k)
		for _, name := range k.Update {
			if !s.body.members[name].spec {
				t.Errorf("%s: %s is not part of spec", k.Name, name)
			}
		}
		for _, path := range k.Drop {
			if !s.body.at(path).drop {
				t.Errorf("%s: %s is not dropped", k.Name, path)
			}
		}
		for name := range k.Typed {
			if r := s.body.member([]byte(name)).member([]byte("Set")).member([]byte("Value")); r == nil || !r.set {
				t.Errorf("%s: a collection of %s is kept in order", k.Name, name)
			}
		}
		for _, ref := range k.References {
			if ref.Joined != "" {
				continue
			}
			if r := s.body.at(ref.Path); r.ref == nil || r.drop {
				t.Errorf("%s: %s is no reference", k.Name, ref.Path)
			}
		}
	}
}
