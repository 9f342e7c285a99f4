package canon

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// policies is a kind with a rule of every sort.
var policies = &kind.Kind{
	Name: "policies", Annotate: true,
	Shape: kind.Shape{
		Update:      []string{"conditions", "displayName", "state", "list", "targets", "scope", "when", "strength"},
		Create:      []string{"origin"},
		Drop:        []string{"modifiedDateTime", "conditions.internal", "targets[].stamp", "licences[].group"},
		Sets:        map[string]string{"conditions.groups": "", "targets": "type+id"},
		Strings:     map[string]string{"scope": " ", "conditions.flows": ","},
		Dates:       []string{"when", "targets[].since"},
		Reduce:      []string{"strength"},
		JSON:        []string{"definition"},
		Keep:        map[string]kind.Condition{"licences": {Property: "group"}},
		Polymorphic: true,
		References: []kind.Reference{
			{Path: "conditions.groups", Targets: []string{"groups"}, Special: []string{"All"}},
			{Path: "targets[].id", Targets: []string{"users"}},
		},
	},
	Links: []kind.Link{{Name: "owners", Targets: []string{"groups"}}},
	Contained: []kind.Contained{
		{Name: "methods", Inline: true, Key: []string{"name"}, Shape: kind.Shape{Polymorphic: true}},
		{Name: "grants", Key: []string{"who", "what"}, Shape: kind.Shape{
			Dates: []string{"at"}, References: []kind.Reference{{Path: "who", Targets: []string{"users"}}},
		}},
	},
}

func encode(t *testing.T, k *kind.Kind, raw Raw, names Namer) string {
	t.Helper()
	var e Encoder
	out, err := e.Encode(k, raw, names)
	if err != nil {
		t.Fatal(err)
	}
	return string(out.YAML)
}

func TestEncode(t *testing.T) {
	raw := Raw{
		Body: []byte(`{
			"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#policies/$entity",
			"@odata.type": "#microsoft.graph.policy",
			"state": "no", "id": "P1", "displayName": "Main: policy", "modifiedDateTime": "2026-01-01T00:00:00Z",
			"origin": "cloud", "unknown": {"b": 1.0, "a": 1e3},
			"when": "2026-01-01T02:00:00.1200000+02:00",
			"conditions": {"internal": 4, "groups": ["b", "All", "a"], "flows": " x,,b , a,x"},
			"list": ["b", "a", null, {}, []],
			"targets": [
				{"id": "2", "type": "user", "stamp": "s", "since": "2026-01-01T00:00:00.000Z"},
				{"id": "1", "type": "user"}, {"id": "9", "type": "group"}],
			"scope": "User.Read  openid User.Read",
			"strength": {"id": "S1", "@odata.type": "#x", "displayName": "copy"},
			"methods": [{"name": "sms", "@odata.type": "#m.sms"}, {"name": "fido2"}]
		}`),
		Links:     map[string][]string{"owners": {"b", "a", "b"}, "members": {}},
		Contained: map[string][][]byte{"grants": {[]byte(`{"who":"u2","what":"r"}`), []byte(`{"who":"u1","what":"s","at":"2026-01-01T00:00:00+00:00"}`)}},
	}
	names := func(ref *kind.Reference, value string) (string, bool) {
		return strings.Join(ref.Targets, "") + ": name of " + value, value != "b"
	}
	want := `apiVersion: entragit/v1
kind: policies
metadata:
  id: P1
  name: "Main: policy"
spec:
  "@odata.type": "#microsoft.graph.policy"
  conditions:
    flows: a,b,x
    groups:
    - All
    - a # groups: name of a
    - b
  displayName: "Main: policy"
  list:
  - b
  - a
  - null
  - {}
  - []
  origin: cloud
  scope: User.Read openid
  state: "no"
  strength:
    id: S1
  targets:
  - id: "9" # users: name of 9
    type: group
  - id: "1" # users: name of 1
    type: user
  - id: "2" # users: name of 2
    since: "2026-01-01T00:00:00Z"
    type: user
  when: "2026-01-01T00:00:00.12Z"
links:
  owners:
  - a # groups: name of a
  - b
contained:
  grants:
  - at: "2026-01-01T00:00:00Z"
    what: s
    who: u1 # users: name of u1
  - what: r
    who: u2 # users: name of u2
  methods:
  - name: fido2
  - "@odata.type": "#m.sms"
    name: sms
status:
  unknown:
    a: 1e3
    b: 1.0
`
	got := encode(t, policies, raw, names)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var e Encoder
	direct, err := e.Object(policies, raw)
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(policies, "f.yaml", []byte(got))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(direct, read); diff != "" {
		t.Errorf("Object and Decode differ:\n%s", diff)
	}
	again, err := e.EncodeObject(policies, read, names)
	if err != nil || string(again.YAML) != want {
		t.Errorf("EncodeObject: %v\n%s", err, cmp.Diff(want, string(again.YAML)))
	}
}

// What real exports carry and no snapshot may show: each line is a member that makes
// no difference.
func TestNoiseVanishes(t *testing.T) {
	plain := Raw{Body: []byte(`{"id":"1","displayName":"x","list":[{"id":"2"}]}`)}
	want := encode(t, policies, plain, nil)
	for _, noise := range []string{
		`"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#x"`, `"@odata.etag":"W/\"1\""`,
		`"@odata.id":"https://graph.microsoft.com/v2/1"`, `"@odata.editLink":"x"`, `"@odata.nextLink":"x"`,
		`"@odata.count":3`, `"@odata.deltaLink":"x"`, `"@microsoft.graph.tips":"use $select"`,
		`"list@odata.type":"#Collection(String)"`, `"list@odata.context":"x"`, `"owners@odata.navigationLink":"x"`,
		`"owners@odata.associationLink":"x"`, `"list@microsoft.graph.tips":"x"`, `"#microsoft.graph.restore":{"target":"x"}`,
		`"#microsoft.graph.assign":{}`, `"state":null`, `"conditions":{}`, `"conditions":[]`,
		`"conditions":{"users":{"includeUsers":[],"excludeUsers":null},"x@odata.type":"y"}`,
		`"modifiedDateTime":"2026-01-01T00:00:00Z"`, `"unknown":null`,
		`"conditions":{"internal":{"a":1}}`,
	} {
		for name, body := range map[string]string{
			"before": `{` + noise + `,"id":"1","displayName":"x","list":[{"id":"2"}]}`,
			"after":  `{"list":[{"id":"2"}],"displayName":"x","id":"1",` + noise + `}`,
			"pretty": "\n{ \"id\" : \"1\",\n" + noise + ",\t\"displayName\": \"\\u0078\", \"list\":[ {\"id\":\"2\"} ]\n}\n",
		} {
			if got := encode(t, policies, Raw{Body: []byte(body)}, nil); got != want {
				t.Errorf("%s %s:\n%s", name, noise, cmp.Diff(want, got))
			}
		}
	}
	nested := `{"id":"1","displayName":"x","list":[{"@odata.id":"y","id":"2","#a.b":{},"c@odata.bind":"z"}]}`
	if got := encode(t, policies, Raw{Body: []byte(nested)}, nil); got != want {
		t.Errorf("nested annotations:\n%s", cmp.Diff(want, got))
	}
}

// A body's own type is left out where it goes without saying, and can be written back where the
// kind has several.
func TestOwnType(t *testing.T) {
	raw := Raw{Body: []byte(`{"id":"1","@odata.type":"#a","x":{"@odata.type":"#b"}}`)}
	things := func(typ string) string {
		return encode(t, &kind.Kind{Name: "things", Shape: kind.Shape{Type: typ}}, raw, nil)
	}
	if got := things("a"); strings.Contains(got, "#a") || !strings.Contains(got, "#b") {
		t.Errorf("got:\n%s", got)
	}
	if got := things("c"); !strings.Contains(got, "status:\n  \"@odata.type\": \"#a\"\n") {
		t.Errorf("got:\n%s", got)
	}
	if got := encode(t, policies, raw, nil); !strings.Contains(got, "spec:\n  \"@odata.type\": \"#a\"\n") {
		t.Errorf("got:\n%s", got)
	}
}

func TestSetsHaveNoOrder(t *testing.T) {
	orders := []string{
		`[{"id":"1","type":"u"},{"id":"1","type":"u","x":2},{"id":"1"},{"type":"g","id":"2"},"s",3]`,
		`[3,{"type":"g","id":"2"},"s",{"id":"1"},{"x":2,"type":"u","id":"1"},{"type":"u","id":"1"}]`,
	}
	first := encode(t, policies, Raw{Body: []byte(`{"id":"1","targets":` + orders[0] + `}`)}, nil)
	second := encode(t, policies, Raw{Body: []byte(`{"id":"1","targets":` + orders[1] + `}`)}, nil)
	if first != second {
		t.Error(cmp.Diff(first, second))
	}
}

func TestReduceKeepsWhatHasNoID(t *testing.T) {
	got := encode(t, policies, Raw{Body: []byte(`{"id":"1","strength":{"displayName":"only a name"}}`)}, nil)
	if !strings.Contains(got, "only a name") {
		t.Errorf("an embedded object without id was lost:\n%s", got)
	}
}

func TestSingletonWithoutID(t *testing.T) {
	var e Encoder
	k := &kind.Kind{Name: "consentPolicy", Shape: kind.Shape{NameFrom: "title"}, Place: kind.Place{Singleton: true}}
	out, err := e.Encode(k, Raw{Body: []byte(`{"title":"Consent"}`)}, nil)
	if err != nil || out.ID != "consentPolicy" || out.Name != "Consent" {
		t.Errorf("got %q %q, %v", out.ID, out.Name, err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	deep := strings.Repeat(`[`, 100_000)
	for _, c := range []struct{ name, body, want string }{
		{"empty", ``, "policies/?: JSON ends too early"},
		{"torn", `{"id":"7","a":[1,2`, "policies/7: JSON ends too early"},
		{"no object", `["id"]`, "policies/?: body is not a JSON object"},
		{"no id", `{"displayName":"A \u202e"}`, `policies/?: object without an id (displayName "A \u202e")`},
		{"null id", `{"id":null}`, "object without an id"},
		{"empty id", `{"id":""}`, "object without an id"},
		{"number as id", `{"id":7}`, "id is not a string"},
		{"twice", `{"id":"7","a":1,"a":2}`, `policies/7: not valid JSON at byte 16, "/a": duplicate object member name`},
		{"second value", `{"id":"7"} {}`, "policies/7: text after the JSON value"},
		{"UTF-8", "{\"id\":\"7\",\"a\":\"\xff\"}", "policies/7: not valid JSON at byte 15, \"/a\": invalid UTF-8"},
		{"half a surrogate", `{"id":"7","a":"\ud800"}`, "invalid surrogate pair"},
		{"deep", `{"id":"7","a":` + deep, "policies/7: JSON nested more than 64 deep"},
		{"long name", `{"id":"7","` + strings.Repeat("n", 1001) + `":1}`, "is longer than 1000 bytes"},
		{"inline no list", `{"id":"7","methods":{"a":1}}`, "policies/7: methods is not a list"},
		{"inline no objects", `{"id":"7","methods":["a"]}`, "policies/7: an element of methods is not an object"},
		{"NaN", `{"id":"7","a":NaN}`, "policies/7: not valid JSON"},
		{"byte order mark", "\ufeff{\"id\":\"7\"}", "not valid JSON"},
	} {
		var e Encoder
		_, err := e.Encode(policies, Raw{Body: []byte(c.body)}, nil)
		if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	var e Encoder
	_, err := e.Encode(policies, Raw{Body: []byte(`{"id":"7"}`), Contained: map[string][][]byte{"grants": {[]byte(`{`)}}}, nil)
	if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), "policies/7: grants: JSON ends") {
		t.Errorf("contained: got %v", err)
	}
}

func TestEncodeLargeValue(t *testing.T) {
	name := strings.Repeat("n", 1<<20)
	var e Encoder
	out, err := e.Encode(policies, Raw{Body: []byte(`{"id":"7","displayName":"` + name + `"}`)}, nil)
	if err != nil || out.Name != name {
		t.Fatalf("a name of 1 MB: %v", err)
	}
	if _, err := Decode(policies, "f.yaml", out.YAML); err != nil {
		t.Error(err)
	}
	body := `{"id":"7","x":"` + strings.Repeat("n", maxBody) + `"}`
	if _, err := e.Encode(policies, Raw{Body: []byte(body)}, nil); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("a body over the limit: %v", err)
	}
}

// The limits hold from the first byte beyond them, and for the bodies of an object together.
func TestEncodeLimits(t *testing.T) {
	for _, c := range []struct {
		before, body int
		want         string
	}{
		{0, maxBody, "JSON ends too early"},
		{0, maxBody + 1, "body of 33554433 bytes, more than 33554432"},
		{yaml.MaxFile, 1, "JSON ends too early"},
		{yaml.MaxFile + 1, 1, "more than 104857600 bytes"},
	} {
		var a arena
		a.reset()
		a.text = make([]byte, c.before)
		if _, err := a.parse(bytes.Repeat([]byte(" "), c.body)); err == nil || err.Error() != c.want {
			t.Errorf("a body of %d after %d: got %v, want %s", c.body, c.before, err, c.want)
		}
	}
	for depth, ok := range map[int]bool{maxDepth - 1: true, maxDepth: false} {
		body := `{"id":"7","list":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`
		var e Encoder
		out, err := e.Encode(policies, Raw{Body: []byte(body)}, nil)
		if ok != (err == nil) {
			t.Errorf("%d lists in an object: %v", depth, err)
		} else if _, err := Decode(policies, "f.yaml", out.YAML); ok && err != nil {
			t.Errorf("%d lists in an object, read again: %v", depth, err)
		}
	}
	var e Encoder
	out, err := e.Encode(policies, Raw{Body: []byte(`{"id":"7","` + strings.Repeat("n", yaml.MaxKey) + `":1}`)}, nil)
	if err == nil {
		_, err = Decode(policies, "f.yaml", out.YAML)
	}
	if err != nil {
		t.Errorf("a name of %d bytes: %v", yaml.MaxKey, err)
	}
}

// An encoder uses its buffers again, except for those of a large object.
func TestEncoderKeepsSmallBuffers(t *testing.T) {
	var e Encoder
	small := Raw{Body: []byte(user40)}
	encode := func(raw Raw) {
		t.Helper()
		if _, err := e.Encode(userKind, raw, nil); err != nil {
			t.Fatal(err)
		}
	}
	encode(small)
	text, nodes, out := &e.a.text[0], &e.a.nodes[0], &e.out[0]
	encode(small)
	if text != &e.a.text[0] || nodes != &e.a.nodes[0] || out != &e.out[0] {
		t.Error("the buffers of a small object were not used again")
	}
	for name, value := range map[string]string{
		"text":  `"` + strings.Repeat("n", 2*keepText) + `"`,
		"nodes": "[" + strings.Repeat("0,", 2*keepNodes) + "0]",
	} {
		encode(Raw{Body: []byte(`{"id":"7","city":` + value + `}`)})
		encode(small)
		if cap(e.a.text) > keepText || cap(e.a.nodes) > keepNodes || cap(e.out) > keepText {
			t.Errorf("large %s: %d, %d and %d are kept", name, cap(e.a.text), cap(e.a.nodes), cap(e.out))
		}
	}
}

func TestEncodeObjectRefuses(t *testing.T) {
	key := entra.Key{Kind: "policies", ID: "7"}
	for name, o := range map[string]*entra.Object{
		"is not a value of JSON":  {Key: key, Spec: map[string]any{"a": 1.5}},
		"is not a number":         {Key: key, Spec: map[string]any{"a": jsonNumber("0x1")}},
		"is not UTF-8":            {Key: key, Status: map[string]any{"a": "\xff"}},
		"is under spec already":   {Key: key, Spec: map[string]any{"a": "1"}, Status: map[string]any{"a": "2"}},
		"belongs under metadata":  {Key: key, Spec: map[string]any{"id": "8"}},
		"nested more than 64":     {Key: key, Spec: map[string]any{"a": nest(100)}},
		"value nested more":       {Key: key, Status: nestObjects(67)},
		"grants: value nested":    {Key: key, Contained: map[string][]map[string]any{"grants": {{"a": nest(100)}}}},
		"\"b\\xff\" is not UTF-8": {Key: key, Spec: map[string]any{"a": []any{map[string]any{"b\xff": "c"}}}},
		"belongs under contain":   {Key: key, Status: map[string]any{"methods": []any{}}},
	} {
		var e Encoder
		_, err := e.EncodeObject(policies, o, nil)
		if !errors.Is(err, entra.ErrInvalid) || !strings.HasPrefix(err.Error(), "policies/7: ") || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %q", err, name)
		}
	}
}

func TestCommentsAreSafe(t *testing.T) {
	raw := Raw{Body: []byte(`{"id":"1","conditions":{"groups":["a"]}}`)}
	for _, c := range []struct{ label, want string }{
		{"groups: Break-glass", "- a # groups: Break-glass\n"},
		{"x\nspec: {}", "- a # x?spec: {}\n"},
		{"a\x1b[31m\u202e\u0085\u2028\u200b", "- a # a?[31m????\n"},
		{"\xff", "- a # ?\n"},
		{strings.Repeat("ü", 79), "- a # " + strings.Repeat("ü", 79) + "\n"},
		{strings.Repeat("ü", 80), "- a # " + strings.Repeat("ü", 79) + "…\n"},
		{strings.Repeat("ü", 200), "- a # " + strings.Repeat("ü", 79) + "…\n"},
		{"", "- a\n"},
	} {
		got := encode(t, policies, raw, func(*kind.Reference, string) (string, bool) { return c.label, true })
		if !strings.Contains(got, c.want) {
			t.Errorf("%q: want %q in\n%s", c.label, c.want, got)
		}
		if _, err := Decode(policies, "f.yaml", []byte(got)); err != nil {
			t.Errorf("%q: %v", c.label, err)
		}
	}
}
