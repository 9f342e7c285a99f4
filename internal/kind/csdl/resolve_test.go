package csdl_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/kind/csdl"
)

const service = `{
	"container": {"places": "Collection(location)", "policies": "root"},
	"types": {
		"entity": {"entity": true, "abstract": true, "properties": {"id": "String!"}},
		"root": {"base": "entity", "entity": true, "navigation": {"strength": "location", "all": "Collection(entity)"}},
		"location": {"base": "entity", "entity": true, "properties": {"name": "String"},
			"navigation": {"owners": "Collection(entity)"}},
		"ipLocation": {"base": "location", "entity": true, "properties": {"picture": "Stream"}}
	},
	"operations": {
		"entity": {"restore": {}},
		"location": {"move": {"to": "String"}},
		"Collection(location)": {"delta()": {}}
	}
}`

func TestResolve(t *testing.T) {
	m, err := read(t, service)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]csdl.Place{
		"/places":                  {Type: "location", Collection: true},
		"/places/1":                {Type: "location", Key: true},
		"/places('1')":             {Type: "location", Key: true},
		"/places(name='a')/owners": {Type: "entity", Collection: true},
		"/places/1/owners/microsoft.graph.ipLocation":       {Type: "ipLocation", Collection: true},
		"/places/1/owners/2/graph.ipLocation/picture":       {Type: "Stream"},
		"/places/1/owners/2/$ref":                           {Type: "entity", Ref: true},
		"/places/$count":                                    {Type: "Int32", Count: true},
		"/places/delta":                                     {Type: "location", Collection: true, Operation: "delta()", Parameters: map[string]string{}},
		"/places/delta()":                                   {Type: "location", Collection: true, Operation: "delta()", Parameters: map[string]string{}},
		"/places/1/move":                                    {Type: "location", Operation: "move", Parameters: map[string]string{"to": "String"}},
		"/policies/strength/microsoft.graph.things.restore": {Type: "location", Operation: "restore", Parameters: map[string]string{}},
	} {
		got, err := m.Resolve(path)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", path, err, diff)
		}
	}
	for _, path := range []string{
		"/users", "/Places", "/places/1/nothing", "/places(size='1')", "/places/1/graph.root", "/places/1/delta",
		"/policies/strength/1", "/places/1/move/name", "/policies/strength(name='a')", "/policies/$count",
	} {
		if p, err := m.Resolve(path); err == nil {
			t.Errorf("%s leads to %+v", path, p)
		}
	}
}
