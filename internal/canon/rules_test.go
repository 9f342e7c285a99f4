package canon

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func TestKeepLooksBeforeAnythingIsDropped(t *testing.T) {
	got := encode(t, policies, Raw{Body: []byte(`{"id": "1", "licences": [
		{"sku": "through a group", "group": "g"}, {"sku": "given", "group": null}, {"sku": "too"}, "odd"]}`)}, nil)
	if want := "status:\n  licences:\n  - sku: given\n  - sku: too\n  - odd\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s", got)
	}
	none := encode(t, policies, Raw{Body: []byte(`{"id": "1", "licences": [{"sku": "a", "group": "g"}]}`)}, nil)
	if strings.Contains(none, "licences") {
		t.Errorf("a list that was emptied is still there:\n%s", none)
	}
}

func TestJSONInStrings(t *testing.T) {
	for text, want := range map[string]string{
		`{ "b": 1.0, "a": { "d": [ 1, 2 ], "c": "\u0041" } }`: `{"a":{"c":"A","d":[1,2]},"b":1.0}`,
		` [ ] `:          `[]`,
		`{"a":1,"a":2}`:  `{"a":1,"a":2}`, // no JSON that has one meaning
		`not JSON { "b"`: `not JSON { "b"`,
		``:               ``,
		`1e400`:          `1e400`,
	} {
		if got := string(appendJSON([]byte("x"), []byte(text))); got != "x"+want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestIDFrom(t *testing.T) {
	partners := &kind.Kind{Name: "partners", Shape: kind.Shape{NameFrom: "tenantId", Create: []string{"tenantId"}}, Place: kind.Place{IDFrom: "tenantId"}}
	var e Encoder
	out, err := e.Encode(partners, Raw{Body: []byte(`{"id": "other", "tenantId": "T1"}`)}, nil)
	if err != nil || out.ID != "T1" || !strings.Contains(string(out.YAML), "spec:\n  tenantId: T1\n") {
		t.Errorf("%+v, %v\n%s", out, err, out.YAML)
	}
	for _, body := range []string{`{"id": "T1"}`, `{"tenantId": 7}`, `{"tenantId": ""}`} {
		if _, err := e.Encode(partners, Raw{Body: []byte(body)}, nil); !errors.Is(err, entra.ErrInvalid) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// The ids of contained objects are known by the key that the file gives them, though
// the key's own parts were cleaned.
func TestContainedIDs(t *testing.T) {
	k := &kind.Kind{Name: "packages", Contained: []kind.Contained{
		{Name: "scopes", Key: []string{"role"}, Shape: kind.Shape{Drop: []string{"id", "role.id"}}},
		{Name: "sets", Inline: true, Key: []string{"of"}, Shape: kind.Shape{Drop: []string{"id"}, Sets: map[string]string{"of": ""}}},
	}}
	raw := Raw{
		Body:      []byte(`{"id": "P", "sets": [{"id": "S1", "of": ["b", "a"]}, {"of": ["c"]}]}`),
		Contained: map[string][][]byte{"scopes": {[]byte(`{"id": "R1", "role": {"id": "x", "origin": "o"}}`)}},
	}
	var e Encoder
	o, err := e.Object(k, raw)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]string{"scopes": {`{"origin":"o"}`: "R1"}, "sets": {`["a","b"]`: "S1"}}
	if d := cmp.Diff(want, o.IDs); d != "" {
		t.Error(d)
	}
	out, err := e.EncodeObject(k, o, nil)
	if err != nil || strings.Contains(string(out.YAML), "R1") {
		t.Errorf("%v\n%s", err, out.YAML)
	}
}
