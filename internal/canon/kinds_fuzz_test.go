package canon_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Whatever Graph answers for a kind is refused, with the object named, or becomes a
// file that reads back as the same value and the same bytes. The corpus is what Graph
// is documented to answer for each kind.
func FuzzKinds(f *testing.F) {
	all := kind.All()
	for i, k := range all {
		raw := readRaw(f, k)
		f.Add(i, raw.Body, []byte(`{"id":"1"}`))
		for _, elements := range raw.Contained {
			for _, e := range elements {
				f.Add(i, raw.Body, e)
			}
		}
	}
	f.Fuzz(func(t *testing.T, i int, body, element []byte) {
		if i < 0 || i >= len(all) {
			t.Skip()
		}
		k := all[i]
		raw := canon.Raw{Body: body, Contained: map[string][][]byte{}}
		for _, c := range k.Contained {
			if !c.Inline {
				raw.Contained[c.Name] = [][]byte{element}
			}
		}
		checkRoundTrip(t, k, raw)
	})
}

func checkRoundTrip(t *testing.T, k *kind.Kind, raw canon.Raw) {
	t.Helper()
	var e canon.Encoder
	out, err := e.Encode(k, raw, nil)
	if err != nil {
		if !errors.Is(err, entra.ErrInvalid) || !bytes.Contains([]byte(err.Error()), []byte(k.Name+"/")) {
			t.Fatalf("an error that does not name the object: %v", err)
		}
		return
	}
	if out.ID == "" {
		t.Fatal("a file without an id")
	}
	if path, err := canon.Path(k, 2, out.ID, out.Name); err == nil {
		if kindName, id, ok := canon.ParsePath(path); !ok || kindName != k.Name || id != out.ID && !k.Singleton {
			t.Fatalf("%q: %s, %q, %v", path, kindName, id, ok)
		}
	}
	first := string(out.YAML)
	o, err := canon.Decode(k, "f.yaml", []byte(first))
	if err != nil {
		t.Fatalf("%v\n%s", err, first)
	}
	again, err := e.EncodeObject(k, o, nil)
	if err != nil || string(again.YAML) != first {
		t.Fatalf("%v\n%s", err, cmp.Diff(first, string(again.YAML)))
	}
}

// A property of another type than Microsoft's metadata says is kept as it is, or its
// object is refused by name.
func TestOtherTypes(t *testing.T) {
	values := []string{`null`, `true`, `-1.50`, `"text"`, `[]`, `{}`, `[[{"id":[]}]]`, `{"id":{"id":null}}`, `"{\"b\":1,\"a\":[ ]}"`, `[{"id":1},{"id":"1"},{}]`}
	for _, k := range kind.All() {
		raw := readRaw(t, k)
		var body map[string]json.RawMessage
		if err := json.Unmarshal(raw.Body, &body); err != nil {
			t.Fatal(err)
		}
		for name, was := range body {
			for _, v := range values {
				body[name] = json.RawMessage(v)
				changed, err := json.Marshal(body)
				if err != nil {
					t.Fatal(err)
				}
				checkRoundTrip(t, k, canon.Raw{Body: changed, Links: raw.Links, Contained: raw.Contained})
			}
			body[name] = was
		}
	}
}
