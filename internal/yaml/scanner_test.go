package yaml_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

func TestProfileRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "f:1: the file holds no value"},
		{"# only a comment\n\n", "f:1: the file holds no value"},
		{"a: &x 1\n", "f:1: an anchor"},
		{"a:\n- b\n- *x\n", "f:3: an alias"},
		{"a: [b, *x]\n", "f:1: an alias"},
		{"a: {b: &x c}\n", "f:1: an anchor"},
		{"&x a: 1\n", "f:1: an anchor"},
		{"a: !!binary aGk=\n", "f:1: a tag"},
		{"a: [!x b]\n", "f:1: a tag"},
		{"a:\n  <<: {b: 1}\n", "f:2: a merge key"},
		{"a: {<<: b}\n", "f:1: a merge key"},
		{"a: 1\n---\nb: 2\n", "f:2: more than one document"},
		{"---\n---\na: 1\n", "f:2: more than one document"},
		{"a: 1\n...\n", "f:2: more than one document"},
		{"--- a\n", "f:1: a value on the line that opens"},
		{"%YAML 1.1\n---\na: 1\n", "f:1: a plain value cannot start with '%'"},
		{"? a\n: b\n", "f:1: '?' is not allowed here"},
		{"a:\n\tb: 1\n", "f:2: a tab in the indentation"},
		{"a:\tb\n", "f:1: a tab outside of quotes"},
		{"a: b\tc\n", "f:1: a tab outside of quotes"},
		{"a: [b,\tc]\n", "f:1: a tab outside of quotes"},
		{"a: 1\r\nb: 2\r\n", "f:1: carriage return"},
		{"\ufeffa: 1\n", "f:1: byte order mark"},
		{"a: 1\nb: x\x00y\n", "f:2: character U+0000"},
		{"a: \"x\u0085y\"\n", "f:1: character U+0085"},
		{"a: x\u2028y\n", "f:1: character U+2028"},
		{"a: \x1b[31m\n", "f:1: character U+001B"},
		{"a: \x7f\n", "f:1: character U+007F"},
		{"a: \u0080\n", "f:1: character U+0080"},
		{"a: \u009f\n", "f:1: character U+009F"},
		{"a: x\u2029y\n", "f:1: character U+2029"},
		{"a: x\ufeff\n", "f:1: character U+FEFF"},
		{"a: \ufffe\n", "f:1: character U+FFFE"},
		{"a: \uffff\n", "f:1: character U+FFFF"},
		{"a: \xff\n", "f:1: not valid UTF-8"},
		{"a: 1\nb: 2\na: 3\n", "f:3: key \"a\" is given twice"},
		{"a: 1\n\"\\u0061\": 3\n", "f:2: key \"a\" is given twice"},
		{"a: {b: 1, 'b': 2}\n", "f:1: key \"b\" is given twice"},
		{"a: yes\n", "f:1: \"yes\" must be in quotes"},
		{"a: 012\n", "f:1: \"012\" must be in quotes"},
		{"a: 2026-10-01\n", "must be in quotes"},
		{"a: [1:20]\n", "f:1: a colon without a key"},
		{"a: [b: c]\n", "f:1: a colon without a key"},
		{"a: {b}\n", "f:1: a colon and a space must follow the key \"b\""},
		{"a: {b:c}\n", "f:1: a colon and a space must follow the key \"b\""},
		{"a: {b: }\n", "f:1: a value is missing before '}'"},
		{"a: [b,, c]\n", "f:1: a value is missing before ','"},
		{"a: {[b]: c}\n", "f:1: '[' cannot start a key"},
		{"a: {b: c d: e}\n", "f:1: a colon without a key"},
		{"no: 1\n", "f:1: key \"no\" must be in quotes"},
		{"1: a\n", "f:1: key \"1\" must be in quotes"},
		{"a: {1: a}\n", "f:1: key \"1\" must be in quotes"},
		{"a: ~\n", "must be in quotes"},
		{"a: FALSE\n", "f:1: \"FALSE\" must be in quotes"},
		{"a: +infinity\n", "f:1: \"+infinity\" must be in quotes"},
		{"a: b\n  c\n", "f:2: \"c\" is neither a key nor a list item"},
		{"a: b\n  5\n", "f:2: \"5\" is neither a key nor a list item"},
		{"a: b\nc\n", "f:2: \"c\" is neither"},
		{"a: b: c\n", "f:1: \": c\" cannot follow a value"},
		{"a: 'b' c\n", "f:1: \"c\" cannot follow a value"},
		{"a: 'b'# c\n", "cannot follow a value"},
		{"a: [b] c\n", "cannot follow a value"},
		{"[a]: b\n", "cannot follow a value"},
		{"a: - b\n", "f:1: a list must start on the line after"},
		{"a:\n  b: 1\n c: 2\n", "f:3: the indentation fits no line above"},
		{"  a: 1\nb: 2\n", "f:2: the indentation fits no line above"},
		{"a: 1\n  b: 2\n", "f:2: the indentation fits no line above"},
		{"- a\nb: 1\n", "f:2: the indentation fits no line above"},
		{"b: 1\n- a\n", "f:2: the indentation fits no line above"},
		{"a:\nb\n", "f:2: a value must be indented more"},
		{"a: 'b\n", "f:1: the closing quote is missing"},
		{"a: \"b\\\"\n\n\n", "f:1: the closing quote is missing"},
		{"a: \"b\n---\nc\"\n", "f:2: a document marker inside quotes"},
		{"a: [b,\n---\n]\n", "f:2: a document marker inside brackets"},
		{"'a\n b': 1\n", "a key must be on one line"},
		{"a: [b,# c\n]\n", "f:1: a comment must follow a space"},
		{"a: [b# c\n]\n", "f:1: a plain value between brackets cannot hold '#'"},
		{"a: [b\n", "a closing bracket is missing"},
		{"a: [b}\n", "f:1: '}' closes nothing"},
		{"a: [b 'c']\n", "a plain value between brackets cannot hold '\\''"},
		{"a: ['b' c]\n", "a comma is missing"},
		{"a: ['b' [c]]\n", "a comma is missing"},
		{"a: [b\n c]\n", "a comma is missing"},
		{"a: [http://x]\n", "f:1: a colon without a key; put text that holds a colon in quotes"},
		{"a: |x\n", "a block scalar starts with"},
		{"a: |\n     \n  x\n", "empty lines above are indented more"},
		{"a: |\n    x\n  y\n", "f:3: \"y\" is neither a key nor a list item"},
		{"a: @b\n", "put it in quotes"},
		{"a: \"\\q\"\n", "f:1: "},
		{"a: \"\\ud800\"\n", "f:1: "},
		{strings.Repeat("n", 1001) + ": 1\n", "f:1: a key of more than 1000 bytes"},
	} {
		_, err := yaml.Read("f", []byte(c.text))
		if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %q", c.text, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: not one sentence: %v", c.text, err)
		}
	}
}

func TestProfileAccepts(t *testing.T) {
	type n = json.Number
	for text, want := range map[string]any{
		"a: b # c\n":                          map[string]any{"a": "b"},
		"---\na: b":                           map[string]any{"a": "b"},
		"# x\n--- # y\n\na: b\n":              map[string]any{"a": "b"},
		"a: b#c\n":                            map[string]any{"a": "b#c"},
		"a: it's \"so\"\n":                    map[string]any{"a": "it's \"so\""},
		"a: 'it''s' \n":                       map[string]any{"a": "it's"},
		"\"a\" : 1.0\n'b': -2e3\n":            map[string]any{"a": n("1.0"), "b": n("-2e3")},
		"a: 123456789012345678901234567890\n": map[string]any{"a": n("123456789012345678901234567890")},
		"a:\nb: null\nc: true\n":              map[string]any{"a": nil, "b": nil, "c": true},
		"a:\n- b\n-\n- c: 1\n  d: 2\n- - e\n": map[string]any{"a": []any{"b", nil, map[string]any{"c": n("1"), "d": n("2")}, []any{"e"}}},
		"a:\n  - b\n  -\n    c: 1\n":          map[string]any{"a": []any{"b", map[string]any{"c": n("1")}}},
		"a:\n  b\n":                           map[string]any{"a": "b"},
		"a: [1, 'b', \"c\", d e, {f: g, \"h\":2}, [ ], {}]\n": map[string]any{"a": []any{n("1"), "b", "c", "d e", map[string]any{"f": "g", "h": n("2")}, []any{}, map[string]any{}}},
		"a: [ # x\n  b, #y\n\n  c\n]\nd: 1\n":                 map[string]any{"a": []any{"b", "c"}, "d": n("1")},
		"{\"a\":[1,2],\"b\":{\"c\":null}}\n":                  map[string]any{"a": []any{n("1"), n("2")}, "b": map[string]any{"c": nil}},
		"a: |\n  x: &y\n  # z\n\n   *w\n\nb: 1\n":             map[string]any{"a": "x: &y\n# z\n\n *w\n", "b": n("1")},
		"a: >-\n  x\n  y\n":                                   map[string]any{"a": "x y"},
		"a:\n- |2-\n   x\n- w\n":                              map[string]any{"a": []any{" x", "w"}},
		"a: |+\n  x\n\n# c\n":                                 map[string]any{"a": "x\n\n"},
		"a: |\nb: 1\n":                                        map[string]any{"a": "", "b": n("1")},
		"a: \"x\n  y\\\n  z\"\n":                              map[string]any{"a": "x yz"},
		"a: \"\\x01n5\"\nb: \"\\u0001s\"\n":                   map[string]any{"a": "\x01n5", "b": "\x01s"},
		"a: \"\\\n  \\x01n5\"\n":                              map[string]any{"a": "\x01n5"},
		"\"\\x01n5\": 1\n":                                    map[string]any{"\x01n5": n("1")},
		"a: \"\\U0001F600\\e\"\n":                             map[string]any{"a": "😀\x1b"},
		"a: (x -eq 'y')\nb: 10.0.0.0/8\n":                     map[string]any{"a": "(x -eq 'y')", "b": "10.0.0.0/8"},
		"a: -q\n":                                             map[string]any{"a": "-q"},
		"'<<': 1\n":                                           map[string]any{"<<": n("1")},
		"5\n":                                                 n("5"),
		"- a\n- b\n":                                          []any{"a", "b"},
		"|-\n  a\n  b\n":                                      "a\nb",
		"\"a\tb\"\n":                                          "a\tb",
		"a: [b #c\n]\n":                                       map[string]any{"a": []any{"b"}},
		"a: \"x\n \"\nb: 1\n":                                 map[string]any{"a": "x ", "b": n("1")},
		"|-\n a\n":                                            "a",
		"a: x # \ty\n":                                        map[string]any{"a": "x"},
		"a: \u00a0\ufffd\u2030\n":                             map[string]any{"a": "\u00a0\ufffd\u2030"},
	} {
		got, err := yaml.Read("f", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// Lists and mappings in each other count alike, with and without brackets.
func TestProfileRefusesDepth(t *testing.T) {
	for _, c := range []struct {
		dashes, brackets int
		ok               bool
	}{{67, 0, true}, {68, 0, false}, {0, 67, true}, {0, 68, false}, {30, 37, true}, {30, 38, false}, {66, 1, true}, {67, 1, false}} {
		text := strings.Repeat("- ", c.dashes) + strings.Repeat("[", c.brackets) + "5" + strings.Repeat("]", c.brackets) + "\n"
		_, err := yaml.Read("f", []byte(text))
		if c.ok && err != nil || !c.ok && (err == nil || err.Error() != "f:1: nested more than 67 deep: invalid input") {
			t.Errorf("%d dashes, %d brackets: %v", c.dashes, c.brackets, err)
		}
	}
}

// A file that is too large is refused before any byte of it is read, and not at a line.
func TestProfileRefusesLargeFiles(t *testing.T) {
	for size, want := range map[int]string{
		yaml.MaxFile:     "f:1: character U+0000 must be written as an escape: invalid input",
		yaml.MaxFile + 1: "f: file of 104857601 bytes, more than 104857600: invalid input",
	} {
		if _, err := yaml.Read("f", make([]byte, size)); err == nil || err.Error() != want {
			t.Errorf("%d bytes: got %v, want %s", size, err, want)
		}
	}
}

// What would cost the YAML library time or memory must be refused in linear time.
func TestBombsDoNotReachTheLibrary(t *testing.T) {
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		laughs += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 9), ", ") + "]\n"
	}
	const n = 200_000
	for name, text := range map[string]string{
		"aliases":       laughs,
		"brackets":      strings.Repeat("[", n),
		"closed":        strings.Repeat("[", n) + strings.Repeat("]", n),
		"braces":        strings.Repeat("{a: ", n),
		"dashes":        strings.Repeat("- ", n) + "x\n",
		"indentation":   indented(2000),
		"question mark": strings.Repeat("? ", n),
		"quotes":        strings.Repeat("'", n+1),
		"backslashes":   "\"" + strings.Repeat("\\", n),
		"bars":          strings.Repeat("|", n),
		"colons":        strings.Repeat(": ", n),
		"long key":      strings.Repeat("a", n) + ": b\n",
		"documents":     strings.Repeat("---\n", n),
		"spaces":        strings.Repeat(" ", n) + "x: [\n",
	} {
		start := time.Now()
		if _, err := yaml.Read("f", []byte(text)); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
}

func indented(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func TestLineOf(t *testing.T) {
	text := []byte("# c\nspec:\n  a:\n  - b: |\n      x\n      y\n    c/d: [1,\n      2]\n  - b: 1\nstatus: {}\n\"e f\": 1\n")
	for pointer, want := range map[string]int{
		"":                 1,
		"/spec":            2,
		"/spec/a":          3,
		"/spec/a/0/b":      4,
		"/spec/a/0/c~1d":   7,
		"/spec/a/0/c~1d/1": 7,
		"/spec/a/1/b":      9,
		"/status":          10,
		"/status/unknown":  10,
		"/e f":             11,
		"/nothing":         1,
		"/spe":             1,
	} {
		if got := yaml.LineOf(text, pointer); got != want {
			t.Errorf("%s: got line %d, want %d", pointer, got, want)
		}
	}
}

func TestEqualIgnoringComments(t *testing.T) {
	base := "a: b\nc:\n- d\n- |\n  # text\n  x\n"
	for text, want := range map[string]bool{
		base: true,
		"a: b # x\nc: # y\n# z\n\n- d\n- |\n  # text\n  x\n": true,
		"a: b\nc:\n- d # users: x\n- |\n  # text\n  x\n":     true,
		"a: b\nc:\n- d\n- |\n  # other\n  x\n":               false,
		"a: 'b # x'\nc:\n- d\n- |\n  # text\n  x\n":          false,
		"a: b#x\nc:\n- d\n- |\n  # text\n  x\n":              false,
		"a: b\nc:\n- d\n- |\n  # text\n\n  x\n":              false,
		"a: *b":                                              false,
		"":                                                   false,
	} {
		if got := yaml.EqualIgnoringComments([]byte(base), []byte(text)); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
	if broken := []byte("a: *b # c"); !yaml.EqualIgnoringComments(broken, broken) || yaml.EqualIgnoringComments(broken, []byte("a: *b")) {
		t.Error("files outside the profile must be compared by their bytes")
	}
}
