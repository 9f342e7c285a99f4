package diff

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// widget is a kind with one of everything that comparing depends on.
var widget = &kind.Kind{
	Name: "widgets",
	Shape: kind.Shape{
		Update: []string{"displayName", "conditions", "roles", "access", "steps", "tags", "claims"},
		Sets: map[string]string{
			"conditions.users":  "",
			"roles":             "id",
			"roles[].types":     "",
			"access":            "app",
			"access[].resource": "id+type",
			"tags":              "",
		},
		Strings: map[string]string{"scope": " ", "words": ", "},
		References: []kind.Reference{
			{Path: "conditions.users", Targets: []string{"users"}},
			{Path: "roles[].owner", Targets: []string{"users"}},
		},
	},
	Links: []kind.Link{{Name: "members", Targets: []string{"users", "groups"}}},
	Contained: []kind.Contained{{
		Name: "credentials", Key: []string{"name"},
		Shape: kind.Shape{Update: []string{"subject", "audiences"}, Create: []string{"name"}, Sets: map[string]string{"audiences": ""}},
	}},
}

var everything = entra.Coverage{State: entra.Complete, Links: []string{"members"}, Contained: []string{"credentials"}}

// whole is what two sides read that read everything.
var whole = Read{everything.Of("1"), everything.Of("1")}

// parse reads an object from its sections as JSON.
func parse(t *testing.T, sections string) *entra.Object {
	t.Helper()
	if sections == "" {
		return nil
	}
	o := &entra.Object{Key: entra.Key{Kind: "widgets", ID: "1"}, Name: "w"}
	if err := json.Unmarshal([]byte(sections), o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestObjects(t *testing.T) {
	tests := []struct {
		name          string
		before, after string
		want          string // properties and links as JSON
	}{
		{"equal", `{"Spec":{"steps":[1,2]}}`, `{"Spec":{"steps":[1,2]}}`, ``},
		{"scalar", `{"Spec":{"displayName":"a"}}`, `{"Spec":{"displayName":"b"}}`,
			`[{"pointer":"/spec/displayName","before":"a","after":"b"}]`},
		{"absent", `{"Spec":{"displayName":"a"}}`, `{}`, `[{"pointer":"/spec/displayName","before":"a"}]`},
		{"false is a value", `{}`, `{"Spec":{"displayName":false}}`, `[{"pointer":"/spec/displayName","after":false}]`},
		{"ordered list", `{"Spec":{"steps":[1,2]}}`, `{"Spec":{"steps":[2,1]}}`,
			`[{"pointer":"/spec/steps","before":[1,2],"after":[2,1]}]`},
		{"set in another order", `{"Spec":{"tags":["a","b"]}}`, `{"Spec":{"tags":["b","a"]}}`, ``},
		{"set", `{"Spec":{"tags":["a","b"]}}`, `{"Spec":{"tags":["b","c"]}}`,
			`[{"pointer":"/spec/tags","before":["a","b"],"after":["b","c"],"addedItems":["c"],"removedItems":["a"]}]`},
		{"set emptied", `{"Spec":{"tags":["a"]}}`, `{}`,
			`[{"pointer":"/spec/tags","before":["a"],"removedItems":["a"]}]`},
		{"set with doubles", `{"Spec":{"tags":["a","a","b"]}}`, `{"Spec":{"tags":["a","b"]}}`,
			`[{"pointer":"/spec/tags","before":["a","a","b"],"after":["a","b"],"removedItems":["a"]}]`},
		{"set with numbers and texts", `{"Spec":{"tags":["1"]}}`, `{"Spec":{"tags":[1]}}`,
			`[{"pointer":"/spec/tags","before":["1"],"after":[1],"addedItems":[1],"removedItems":["1"]}]`},
		{"leaves, pointers escaped", `{"Spec":{"conditions":{"a/b":{"c~d":1},"users":["u"]}}}`, `{"Spec":{"conditions":{"a/b":{"c~d":2},"users":["u"]}}}`,
			`[{"pointer":"/spec/conditions/a~1b/c~0d","before":1,"after":2}]`},
		{"complex value appears", `{}`, `{"Spec":{"conditions":{"state":"on","users":["u"]}}}`,
			`[{"pointer":"/spec/conditions/state","after":"on"},
			  {"pointer":"/spec/conditions/users","after":["u"],"addedItems":["u"]}]`},
		{"complex value becomes a scalar", `{"Spec":{"conditions":{"a":1}}}`, `{"Spec":{"conditions":7}}`,
			`[{"pointer":"/spec/conditions","before":{"a":1},"after":7}]`},
		{"keyed element changed inside", `{"Spec":{"roles":[{"id":"x","on":true},{"id":"y"}]}}`, `{"Spec":{"roles":[{"id":"y"},{"id":"x","on":false}]}}`,
			`[{"pointer":"/spec/roles/x/on","before":true,"after":false}]`},
		{"set inside a keyed element", `{"Spec":{"roles":[{"id":"x","types":["a"]}]}}`, `{"Spec":{"roles":[{"id":"x","types":["a","b"]}]}}`,
			`[{"pointer":"/spec/roles/x/types","before":["a"],"after":["a","b"],"addedItems":["b"]}]`},
		{"compound key", `{"Spec":{"access":[{"app":"p","resource":[{"id":"1","type":"Role"}]}]}}`, `{"Spec":{"access":[{"app":"p","resource":[{"id":"1","type":"Role","x":1},{"id":"1","type":"Scope"}]}]}}`,
			`[{"pointer":"/spec/access/p/resource","before":[{"id":"1","type":"Role"}],"after":[{"id":"1","type":"Role","x":1},{"id":"1","type":"Scope"}],"addedItems":[{"id":"1","type":"Scope"}]},
			  {"pointer":"/spec/access/p/resource/1+Role/x","after":1}]`},
		{"keys not unique", `{"Spec":{"roles":[{"id":"x","a":1},{"id":"x","a":2}]}}`, `{"Spec":{"roles":[{"id":"x","a":1}]}}`,
			`[{"pointer":"/spec/roles","before":[{"id":"x","a":1},{"id":"x","a":2}],"after":[{"id":"x","a":1}],"removedItems":[{"id":"x","a":2}]}]`},
		{"set in a string", `{"Spec":{"scope":"a b"}}`, `{"Spec":{"scope":"b c  d"}}`,
			`[{"pointer":"/spec/scope","before":"a b","after":"b c  d","addedItems":["c","d"],"removedItems":["a"]}]`},
		{"set in a string, order", `{"Spec":{"scope":"a b"}}`, `{"Spec":{"scope":" b a"}}`, ``},
		{"set in a string, whole words", `{"Spec":{"scope":"read write"}}`, `{"Spec":{"scope":"write"}}`,
			`[{"pointer":"/spec/scope","before":"read write","after":"write","removedItems":["read"]}]`},
		{"set in a string, blanks beside the separator", `{"Spec":{"words":"a, b"}}`, `{"Spec":{"words":"b ,a,"}}`, ``},
		{"set in a string appears", `{}`, `{"Spec":{"scope":"a b"}}`, `[{"pointer":"/spec/scope","after":"a b","addedItems":["a","b"]}]`},
		{"set in a string goes", `{"Spec":{"scope":"a"}}`, `{}`, `[{"pointer":"/spec/scope","before":"a","removedItems":["a"]}]`},
		{"set in a string becomes a number", `{"Spec":{"scope":"a"}}`, `{"Spec":{"scope":7}}`, `[{"pointer":"/spec/scope","before":"a","after":7}]`},
		{"set in a string was a number", `{"Spec":{"scope":7}}`, `{"Spec":{"scope":"a"}}`, `[{"pointer":"/spec/scope","before":7,"after":"a"}]`},
		{"empty set in a string", `{"Spec":{"scope":""}}`, `{}`, `[{"pointer":"/spec/scope","before":""}]`},
		{"status is observed", `{"Status":{"mail":"a"}}`, `{"Status":{"mail":"b"}}`,
			`[{"pointer":"/status/mail","before":"a","after":"b","observed":true}]`},
		{"contained, by name", `{"Contained":{"credentials":[{"name":"a/b","subject":"s","seen":1}]}}`, `{"Contained":{"credentials":[{"name":"a/b","subject":"t","seen":2},{"name":"n"}]}}`,
			`[{"pointer":"/contained/credentials/a~1b/seen","before":1,"after":2,"observed":true},
			  {"pointer":"/contained/credentials/a~1b/subject","before":"s","after":"t"},
			  {"pointer":"/contained/credentials/n","after":{"name":"n"}}]`},
		{"contained without keys", `{"Contained":{"credentials":[{"subject":"s"}]}}`, `{}`,
			`[{"pointer":"/contained/credentials","before":[{"subject":"s"}],"removedItems":[{"subject":"s"}]}]`},
		{"links", `{"Links":{"members":["a","b"]}}`, `{"Links":{"members":["b","d","c"]}}`,
			`[{"link":"members","added":["c","d"],"removed":["a"]}]`},
		{"order by pointer", `{"Spec":{"tags":["a"]},"Status":{"a":1}}`, `{"Spec":{"displayName":"n"}}`,
			`[{"pointer":"/spec/displayName","after":"n"},{"pointer":"/spec/tags","before":["a"],"removedItems":["a"]},{"pointer":"/status/a","before":1,"observed":true}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Objects(widget, parse(t, tt.before), parse(t, tt.after), whole)
			if tt.want == "" {
				if got != nil {
					t.Fatalf("change %+v, want none", got)
				}
				return
			}
			if got == nil {
				t.Fatal("no change")
			}
			equalJSON(t, tt.want, flat(got))
		})
	}
}

// flat is a change's properties and links as one list.
func flat(c *entra.Change) []any {
	var all []any
	for _, p := range c.Properties {
		all = append(all, p)
	}
	for _, l := range c.Links {
		all = append(all, l)
	}
	return all
}

func equalJSON(t *testing.T, want string, got any) {
	t.Helper()
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var w, g any
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(w, g); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestObjectsAddedRemovedRenamed(t *testing.T) {
	o := parse(t, `{"Name":"new","Spec":{"displayName":"new"},"Links":{"members":["a"]}}`)
	added := Objects(widget, nil, o, whole)
	if added.Type != entra.Added || added.Name != "new" || len(added.Properties) != 1 || len(added.Links[0].Added) != 1 {
		t.Errorf("added: %+v", added)
	}
	removed := Objects(widget, o, nil, whole)
	if removed.Type != entra.Removed || removed.Properties[0].Before != "new" || len(removed.Links[0].Removed) != 1 {
		t.Errorf("removed: %+v", removed)
	}
	renamed := Objects(widget, parse(t, `{"Name":"old","Spec":{"displayName":"old"},"Links":{"members":["a"]}}`), o, whole)
	if renamed.Type != entra.Changed || renamed.Name != "new" || renamed.OldName != "old" {
		t.Errorf("renamed: %+v", renamed)
	}
	if got := Objects(widget, nil, nil, Read{}); got != nil {
		t.Errorf("nothing at all: %+v", got)
	}
}

// What one side did not read is neither a change nor a deletion.
func TestObjectsCoverage(t *testing.T) {
	before := parse(t, `{"Spec":{"displayName":"a","tags":["x"],"@odata.type":"#p"},"Status":{"mail":"m"},"Links":{"members":["a"]},"Contained":{"credentials":[{"name":"a"}]}}`)
	after := parse(t, `{"Spec":{"displayName":"a","@odata.type":"#q"}}`)
	part := entra.Coverage{State: entra.Partial, Properties: []string{"displayName"}}
	for _, read := range []Read{{everything.Of("1"), part.Of("1")}, {part.Of("1"), everything.Of("1")}} {
		c := Objects(widget, before, after, read)
		equalJSON(t, `[{"pointer":"/spec/@odata.type","before":"#p","after":"#q"}]`, flat(c))
	}
}

func TestValueFollowsPointers(t *testing.T) {
	o := parse(t, `{"Spec":{"roles":[{"id":"x/y","types":["a"]}],"steps":[1]},"Status":{"a":{"b":true}},"Contained":{"credentials":[{"name":"n","subject":"s"}]}}`)
	for pointer, want := range map[string]string{
		"/spec/roles/x~1y/types":           `["a"]`,
		"/spec/roles/z":                    `null`,
		"/spec/steps":                      `[1]`,
		"/spec/steps/0":                    `null`,
		"/status/a/b":                      `true`,
		"/contained/credentials/n/subject": `"s"`,
		"/contained/credentials/n":         `{"name":"n","subject":"s"}`,
		"/contained/credentials/m":         `null`,
		"/contained/credentials":           `[{"name":"n","subject":"s"}]`,
		"/contained":                       `null`,
		"/spec":                            `null`,
		"/contained/other/n":               `null`,
		"/links/members":                   `null`,
		"":                                 `null`,
	} {
		equalJSON(t, want, Value(widget, o, pointer))
	}
	if v := Value(widget, nil, "/spec/steps"); v != nil {
		t.Errorf("of no object: %v", v)
	}
}

func TestLocate(t *testing.T) {
	for pointer, want := range map[string]string{ // "collection path", or "" for no place
		"/spec":                            " ",
		"/spec/roles/x~1y/types":           " roles[].types",
		"/spec/conditions/users":           " conditions.users",
		"/status/a/b":                      " a.b",
		"/contained/credentials":           "credentials ",
		"/contained/credentials/n":         "credentials ",
		"/contained/credentials/n/subject": "credentials subject",
		"/contained/other/n":               "",
		"/contained":                       "",
		"/links/members":                   "",
		"":                                 "",
	} {
		place, ok := Locate(widget, pointer)
		got := ""
		if ok {
			got = " " + place.Path
		}
		shape := &widget.Shape
		if place.Contained != nil {
			got, shape = place.Contained.Name+got, &place.Contained.Shape
		}
		if got != want || ok && place.Shape != shape {
			t.Errorf("%q is at %q, want %q", pointer, got, want)
		}
	}
}

// Both directions of a declared set, and nothing of any other place.
func TestItems(t *testing.T) {
	for _, tt := range []struct{ path, before, after, added, removed string }{
		{"tags", `["a","b"]`, `["b","c"]`, `["c"]`, `["a"]`},
		{"tags", `["a","b"]`, `["b","a"]`, `null`, `null`},
		{"roles", `[{"id":"x","on":true},{"id":"y"}]`, `[{"id":"x","on":false},{"id":"z"}]`, `[{"id":"z"}]`, `[{"id":"y"}]`},
		{"roles", `[{"id":"x","on":true}]`, `[{"id":"x","on":false}]`, `null`, `null`},
		{"scope", `"a b"`, `"b c"`, `["c"]`, `["a"]`},
		{"steps", `[1,2]`, `[2,3]`, `null`, `null`},
		{"displayName", `"a"`, `"b"`, `null`, `null`},
	} {
		var before, after any
		for text, v := range map[string]*any{tt.before: &before, tt.after: &after} {
			if err := json.Unmarshal([]byte(text), v); err != nil {
				t.Fatal(err)
			}
		}
		added, removed := Items(&widget.Shape, tt.path, before, after)
		equalJSON(t, tt.added, added)
		equalJSON(t, tt.removed, removed)
		if same := tt.path == "tags" && tt.added == "null"; Equal(&widget.Shape, tt.path, before, after) != same {
			t.Errorf("%s: %s and %s are equal: %v", tt.path, tt.before, tt.after, !same)
		}
	}
}

func TestElementKey(t *testing.T) {
	for _, tt := range []struct {
		path    string
		element any
		want    string
	}{
		{"roles", map[string]any{"id": "x"}, "x"},
		{"access[].resource", map[string]any{"id": "1", "type": "Role"}, "1+Role"},
		{"access[].resource", map[string]any{"id": "1"}, "1+"}, // a part may be absent
		{"access[].resource", map[string]any{"app": "p"}, ""},
		{"roles", "x", ""},
	} {
		if key, ok := ElementKey(&widget.Shape, tt.path, tt.element); ok != (tt.want != "") || ok && key != tt.want {
			t.Errorf("%v of %s has the key %q %v", tt.element, tt.path, key, ok)
		}
	}
}

func TestReferNamesTheKindsOfIds(t *testing.T) {
	c := Objects(widget,
		parse(t, `{"Spec":{"conditions":{"users":["u1","u2"]},"roles":[{"id":"r","owner":"u3"},{"id":"s","owner":"u4"}]},"Links":{"members":["g2"]}}`),
		parse(t, `{"Spec":{"conditions":{"users":["u1"]},"roles":[{"id":"s","owner":"u5"}]},"Links":{"members":["g1"]}}`), whole)
	var got []string
	Refer(widget, "w", c.Properties, c.Links, func(r *kind.Reference, id string) { got = append(got, r.Path+" "+id) })
	want := []string{"links.members g1", "links.members g2", "conditions.users u2", "roles[].owner u3", "roles[].owner u4", "roles[].owner u5"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// An empty text and none are the same: which of the two a service answers is its own affair.
func TestEmptyTextIsNone(t *testing.T) {
	k := kind.ByName("groups")
	with, without := &entra.Object{Spec: map[string]any{"description": "", "displayName": "G"}}, &entra.Object{Spec: map[string]any{"displayName": "G"}}
	all := entra.Coverage{State: entra.Complete}.Of("1")
	read := Read{Before: all, After: all}
	if c := Objects(k, with, without, read); c != nil {
		t.Errorf("%+v", c)
	}
	if c := Objects(k, with, &entra.Object{Spec: map[string]any{"description": " ", "displayName": "G"}}, read); c == nil || len(c.Properties) != 1 {
		t.Errorf("%+v", c)
	}
}
