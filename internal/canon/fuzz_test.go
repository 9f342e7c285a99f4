package canon

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/yaml"
)

// Any answer is refused, with the object named, or becomes a file that reads back as
// the same bytes.
func FuzzEncode(f *testing.F) {
	for _, body := range []string{
		user40, `{}`, `{"id":"1"}`, `{"id":"1","id":"2"}`, `{"ID":"1","DisplayName":"x"}`,
		`{"id":"1","@odata.type":"#a","list@odata.type":"#b","conditions":{"@odata.type":"#c","groups":["b","a",null]}}`,
		`{"id":"1","targets":[{"id":"b","type":"x"},{"id":"a"},7,[[{}]]],"scope":" b  a ","when":"2026-01-01T00:00:00.10+01:00"}`,
		`{"id":"1","strength":{"id":"2","displayName":"y"},"methods":[{"name":"z","@odata.type":"#d"},{"name":"a"}]}`,
		`{"id":"1","licences":[{"sku":"a","group":"g"},{"sku":"b","group":null},7],"definition":[" {\"b\": 1.0, \"a\": [ ]}","{\"a\":1,\"a\":2}","x"]}`,
		`{"id":"1","displayName":"a\nb","description":"x\ny\n","state":"\u202e\u0085"}`,
	} {
		f.Add([]byte(body), "owner", []byte(`{"who":"u","what":"w","at":"2026-01-01T00:00:00Z"}`))
	}
	f.Fuzz(func(t *testing.T, body []byte, link string, grant []byte) {
		raw := Raw{Body: body, Contained: map[string][][]byte{"grants": {grant, []byte(`{"who":"u"}`)}}}
		if json.Valid(must(json.Marshal(link))) {
			raw.Links = map[string][]string{"owners": {link, "a"}}
		}
		var e Encoder
		out, err := e.Encode(policies, raw, nil)
		if err != nil {
			if !errors.Is(err, entra.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		first := string(out.YAML)
		o, err := Decode(policies, "f.yaml", []byte(first))
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		again, err := e.EncodeObject(policies, o, nil)
		if err != nil || string(again.YAML) != first {
			t.Fatalf("%v\n%s", err, cmp.Diff(first, string(again.YAML)))
		}
		direct, err := e.Object(policies, raw)
		if direct != nil {
			direct.IDs = nil // no file has them
		}
		if err != nil || !cmp.Equal(direct, o) {
			t.Fatalf("%v\n%s", err, cmp.Diff(direct, o))
		}
	})
}

// Any file is refused in one sentence, or is an object that can be written and read
// again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(handWritten))
	head := "apiVersion: entragit/v1\nkind: policies\nmetadata:\n  id: P1\n"
	for _, s := range []string{
		"", "spec:\n  a: |2+\n    x\n\n  b: >-\n   y\n   z\n", "spec: {a: [1, 'b', \"c\\\n d\"], \"e\":{}}\n", "spec:\n  a: &x 1\n  b: *x\n",
		"spec:\n- - - ? a\n", "links:\n  owners: [a, b]\n", "contained:\n  grants:\n  - {who: a}\n  - who: |\n      b\n", "---\n", "status: {a: !x y}\n",
		"spec: \"\\x01n5\"\n", "spec:\n  a: \"\\x01s\\x01n5\"\n  b: '\n\n  x'\n",
	} {
		f.Add([]byte(head + s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := Decode(policies, "f.yaml", data)
		if err != nil {
			if !errors.Is(err, entra.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		var e Encoder
		out, err := e.EncodeObject(policies, o, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		again, err := Decode(policies, "f.yaml", out.YAML)
		if err != nil || !cmp.Equal(o, again) {
			t.Fatalf("%v\n%s\n%s", err, cmp.Diff(o, again), out.YAML)
		}
		if !yaml.EqualIgnoringComments(data, append([]byte("# comment\n"), data...)) && string(data[:3]) != "---" {
			t.Fatalf("a comment makes a difference:\n%s", data)
		}
	})
}
