package csdl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/kind/csdl"
)

const sample = `{
	"types": {
		"entity": {"entity": true, "abstract": true, "properties": {"id": "String!"}},
		"location": {"base": "entity", "entity": true, "properties": {"name": "String"},
			"navigation": {"owners": "Collection(entity)", "strength": "entity contained"}},
		"ipLocation": {"base": "location", "entity": true, "properties": {"ranges": "Collection(range)!"}},
		"range": {"abstract": true},
		"v4Range": {"base": "range", "properties": {"cidr": "String!", "within": "range"}}
	},
	"enums": {"color": ["red"]}
}`

func read(t *testing.T, text string) (*csdl.Metadata, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "metadata.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return csdl.Read(file)
}

func TestPaths(t *testing.T) {
	m, err := read(t, sample)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		typ     string
		derived bool
		follow  string
		want    string
	}{
		{"microsoft.graph.location", false, "", "id name"},
		{"location", false, "strength", "id name strength strength.id strength.name strength.ranges strength.ranges[].cidr strength.ranges[].within"},
		{"location", true, "", "id name ranges ranges[].cidr ranges[].within"},
		{"nowhere", true, "", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range m.Paths(tt.typ, tt.derived, func(path string) bool { return path == tt.follow }) {
			got = append(got, p.Path)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("paths of %s (-want +got):\n%s", tt.typ, diff)
		}
	}
}

func TestMembers(t *testing.T) {
	m, err := read(t, sample)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]csdl.Member{
		"id":       {Name: "id", Type: "String", Required: true},
		"name":     {Name: "name", Type: "String"},
		"owners":   {Name: "owners", Type: "entity", Collection: true, Navigation: true},
		"ranges":   {Name: "ranges", Type: "range", Collection: true, Required: true},
		"strength": {Name: "strength", Type: "entity", Navigation: true},
	}
	if diff := cmp.Diff(want, m.Members("microsoft.graph.ipLocation", false)); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if !m.Polymorphic("range") || m.Polymorphic("v4Range") {
		t.Error("a type is polymorphic if another is derived from it")
	}
}

func TestReadRefusesWhatIsNoMetadata(t *testing.T) {
	if _, err := read(t, "<edmx/>"); err == nil || !strings.Contains(err.Error(), "metadata.json") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
