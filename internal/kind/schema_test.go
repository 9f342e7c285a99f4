package kind_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/schemas"
)

func TestEveryKindHasASchema(t *testing.T) {
	entries, err := schemas.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kind.All() {
		if _, err := kind.LoadSchema(k); err != nil {
			t.Errorf("%v: run make generate", err)
		}
	}
	for _, e := range entries {
		if !slices.ContainsFunc(kind.All(), func(k *kind.Kind) bool { return k.Name+".schema.json" == e.Name() }) {
			t.Errorf("schemas/%s belongs to no kind", e.Name())
		}
	}
}

func TestValidate(t *testing.T) {
	const head = `"apiVersion": "entragit/v1", "metadata": {"id": "a", "name": "b"}`
	tests := []struct {
		name, kind, document string
		want                 []kind.Problem
	}{
		{
			name: "nothing to say", kind: "conditionalAccessPolicies",
			document: `{` + head + `, "kind": "conditionalAccessPolicies", "links": {}, "contained": {},
				"spec": {"state": "enabled", "grantControls": {"authenticationStrength": {"id": "x"}},
				"conditions": {"insiderRiskLevels": "Minor, elevated"}},
				"status": {"createdDateTime": "2026-10-01T00:00:00Z"}}`,
		},
		{
			name: "unknown property, at any depth", kind: "conditionalAccessPolicies",
			document: `{` + head + `, "kind": "conditionalAccessPolicies",
				"spec": {"a/b": 1, "conditions": {"moonPhase": "full"}}, "status": {"novelty": {"x": 1}}}`,
			want: []kind.Problem{
				{Pointer: "/spec/a~1b", Message: "unknown property", Warning: true},
				{Pointer: "/spec/conditions/moonPhase", Message: "unknown property", Warning: true},
				{Pointer: "/status/novelty", Message: "unknown property", Warning: true},
			},
		},
		{
			name: "unknown value of an enumeration", kind: "conditionalAccessPolicies",
			document: `{` + head + `, "kind": "conditionalAccessPolicies",
				"spec": {"state": "paused", "conditions": {"insiderRiskLevels": "minor,cosmic"}}}`,
			want: []kind.Problem{
				{Pointer: "/spec/conditions/insiderRiskLevels", Message: `unknown value "minor,cosmic"`, Warning: true},
				{Pointer: "/spec/state", Message: `unknown value "paused"`, Warning: true},
			},
		},
		{
			name: "wrong type", kind: "users",
			document: `{` + head + `, "kind": "users", "spec": {"accountEnabled": "yes", "businessPhones": "1"},
				"links": {"manager": ["a", "b"], "sponsors": ["a", 1, "a"]}, "status": []}`,
			want: []kind.Problem{
				{Pointer: "/links/manager", Message: "has 2 elements, may have 1"},
				{Pointer: "/links/sponsors", Message: "has one element twice, at 0 and 2"},
				{Pointer: "/links/sponsors/1", Message: "is of type number, must be string"},
				{Pointer: "/spec/accountEnabled", Message: "is of type string, must be boolean"},
				{Pointer: "/spec/businessPhones", Message: "is of type string, must be array"},
				{Pointer: "/status", Message: "is of type array, must be object"},
			},
		},
		{
			name: "another kind, no id", kind: "users",
			document: `{"apiVersion": "entragit/v9", "kind": "groups", "metadata": {}}`,
			want: []kind.Problem{
				{Pointer: "/apiVersion", Message: "must be entragit/v1"},
				{Pointer: "/kind", Message: "must be users"},
				{Pointer: "/metadata", Message: "lacks id"},
			},
		},
		{
			name: "directory extensions are known by their name", kind: "users",
			document: `{` + head + `, "kind": "users",
				"status": {"extension_25883231668a43a780b25685c3f874bc_costCentre": "42", "extension_short": "x"}}`,
			want: []kind.Problem{{Pointer: "/status/extension_short", Message: "unknown property", Warning: true}},
		},
		{
			name: "contained objects are flat and have a key", kind: "applications",
			document: `{` + head + `, "kind": "applications", "contained": {"federatedIdentityCredentials": [
				{"name": "main", "audiences": ["x"]}, {"id": "2", "claimsMatchingExpression": {}}]}}`,
			want: []kind.Problem{
				{Pointer: "/contained/federatedIdentityCredentials/1", Message: "lacks name"},
				{Pointer: "/contained/federatedIdentityCredentials/1/claimsMatchingExpression", Message: "unknown property", Warning: true},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			schema, err := kind.LoadSchema(kind.ByName(tt.kind))
			if err != nil {
				t.Fatal(err)
			}
			var document any
			if err := json.Unmarshal([]byte(tt.document), &document); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, schema.Validate(document)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
