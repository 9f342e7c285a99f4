package yaml_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	library "sigs.k8s.io/yaml"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/yaml"
)

// hostile are strings that some YAML parser, editor or terminal makes something else
// of.
var hostile = func() []string {
	var list []string
	if err := json.Unmarshal(must(os.ReadFile("testdata/hostile.json")), &list); err != nil {
		panic(err)
	}
	return list
}()

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Every hostile string must come back from our reader and from the plain library, as
// a value, a key, a list item and a whole document.
func TestHostileStringsRoundTrip(t *testing.T) {
	for _, s := range hostile {
		if s = strings.ToValidUTF8(s, "\ufffd"); !json.Valid(must(json.Marshal(s))) {
			t.Fatalf("%q is no JSON", s)
		}
		checkYAML(t, must(json.Marshal(s)))
		checkYAML(t, must(json.Marshal(map[string]any{s: s, "list": []any{s, []any{s}, map[string]any{s: s}}})))
	}
}

// checkYAML writes a JSON value and reads it back in both ways.
func checkYAML(t *testing.T, text []byte) {
	t.Helper()
	written, err := canon.AppendYAML(nil, text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	read, err := yaml.Read("f.yaml", written)
	if err != nil {
		t.Fatalf("our reader: %v\n%s", err, written)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Fatalf("our reader (-want +got):\n%s\n%s", diff, written)
	}
	checkLibrary(t, want, written)
}

// checkLibrary reads a file with the library alone.
func checkLibrary(t *testing.T, want any, text []byte) {
	t.Helper()
	var got any
	if err := library.UnmarshalStrict(text, &got); err != nil {
		t.Fatalf("sigs.k8s.io/yaml: %v\n%s", err, text)
	}
	if diff := cmp.Diff(libraryValue(want), got); diff != "" {
		t.Fatalf("sigs.k8s.io/yaml (-want +got):\n%s\n%s", diff, text)
	}
}

// libraryValue is a value as sigs.k8s.io/yaml can hold it: its numbers are float64, and
// what is beyond one is a string.
func libraryValue(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := strconv.ParseFloat(string(v), 64)
		if err != nil {
			return string(v)
		}
		return f
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = libraryValue(v[i])
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for name := range v {
			m[name] = libraryValue(v[name])
		}
		return m
	}
	return v
}

func TestAppendYAML(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                                 "{}\n",
		`[]`:                                 "[]\n",
		`null`:                               "null\n",
		`"a b"`:                              "a b\n",
		`[[1,[2]],[{"a":[]}]]`:               "- - 1\n  - - 2\n- - a: []\n",
		`{"b":{"c":[{"e":1,"d":2}]},"a":0}`:  "a: 0\nb:\n  c:\n  - d: 2\n    e: 1\n",
		`{"a":"x\ny","b":["x\ny\n"]}`:        "a: |-\n  x\n  y\nb:\n- |\n  x\n  y\n",
		`{"a":{"b":"x\n\n  y"}}`:             "a:\n  b: |-\n    x\n\n      y\n",
		`{"a":"x\n\n"}`:                      "a: \"x\\n\\n\"\n",
		`{"a":"\nx\ny"}`:                     "a: \"\\nx\\ny\"\n",
		`{"a":"x\ty","b":"\r"}`:              "a: \"x\\ty\"\nb: \"\\r\"\n",
		`"\u0085\ud83d\ude00\udb40\udc01"`:   "\"\\u0085😀\\U000E0001\"\n",
		`"\uffff\u009f\u00a1"`:               "\"\\uFFFF\\u009F¡\"\n",
		`{"":1,"a b":2,"1":3,"x: y":4}`:      "\"\": 1\n\"1\": 3\na b: 2\n\"x: y\": 4\n",
		`[1.0,1E5,-0,123456789012345678901]`: "- 1.0\n- 1E5\n- -0\n- 123456789012345678901\n",
	} {
		got, err := canon.AppendYAML(nil, []byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, want %q", in, got, err, want)
		}
		checkYAML(t, []byte(in))
	}
}
