package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/kind/csdl"
)

const (
	metadataFile = "../../internal/emulator/metadata.json"
	schemasDir   = "../../schemas"
)

func TestSchemasAreCurrent(t *testing.T) {
	m, err := csdl.Read(metadataFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kind.All() {
		want, err := generate(m, k)
		if err != nil {
			t.Error(err)
			continue
		}
		got, err := os.ReadFile(filepath.Join(schemasDir, fileName(k)))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("schemas/%s is stale: run make generate", fileName(k))
		}
		if again, _ := generate(m, k); !bytes.Equal(again, want) {
			t.Errorf("%s: two runs gave different bytes", k.Name)
		}
	}
}

// at follows a path of keys into a schema.
func at(t *testing.T, schema map[string]any, keys ...string) map[string]any {
	t.Helper()
	for _, key := range keys {
		next, ok := schema[key].(map[string]any)
		if !ok {
			t.Fatalf("no %s on the way to %v", key, keys)
		}
		schema = next
	}
	return schema
}

func TestClasses(t *testing.T) {
	read := func(name string) map[string]any {
		data, err := os.ReadFile(filepath.Join(schemasDir, name+".schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		var schema map[string]any
		if err := json.Unmarshal(data, &schema); err != nil {
			t.Fatal(err)
		}
		return schema
	}
	users, applications := read("users"), read("applications")
	tests := []struct {
		schema   map[string]any
		class    string
		readOnly bool
	}{
		{at(t, users, "properties", "spec", "properties", "usageLocation"), "public-config", false},
		{at(t, users, "properties", "spec", "properties", "mobilePhone"), "personal", false},
		{at(t, users, "properties", "status", "properties", "proxyAddresses"), "personal", true},
		{at(t, users, "properties", "status", "properties", "signInActivity"), "volatile", true},
		{at(t, applications, "$defs", "informationalUrl", "properties", "logoUrl"), "volatile", true},
		{at(t, applications, "$defs", "keyCredential", "properties", "key"), "volatile", true},
	}
	for i, tt := range tests {
		readOnly, _ := tt.schema["readOnly"].(bool)
		if tt.schema["x-entragit-class"] != tt.class || readOnly != tt.readOnly {
			t.Errorf("case %d: got %v", i, tt.schema)
		}
	}
}
