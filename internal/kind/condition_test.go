package kind

import (
	"encoding/json"
	"testing"
)

func TestConditionHolds(t *testing.T) {
	tests := []struct {
		condition Condition
		value     any
		want      bool
	}{
		{Condition{Equals: true}, true, true},
		{Condition{Equals: true}, false, false},
		{Condition{Equals: true}, nil, false},
		{Condition{Equals: true}, "true", false},
		{Condition{}, nil, true},
		{Condition{}, "", false},
		{Condition{}, []any{}, false},
		{Condition{Equals: "Unified"}, []any{"A", "Unified"}, true},
		{Condition{Equals: "Unified"}, []any{map[string]any{"a": 1}}, false},
		{Condition{Equals: "Unified", Not: true}, nil, true},
		{Condition{Prefix: "microsoft-"}, "microsoft-all", true},
		{Condition{Prefix: "microsoft-"}, "mine", false},
		{Condition{Prefix: "microsoft-"}, nil, false},
		{Condition{Equals: "1"}, json.Number("1"), false},
	}
	for _, tt := range tests {
		if got := tt.condition.Holds(tt.value); got != tt.want {
			t.Errorf("%+v holds for %#v: %v", tt.condition, tt.value, got)
		}
	}
}

func TestReferent(t *testing.T) {
	plain := Reference{Special: []string{"All"}}
	scoped := Reference{Prefixes: []string{"/a/", "/b/"}, Special: []string{"/"}}
	tests := []struct {
		ref   Reference
		value string
		want  string
	}{
		{plain, "1", "1"}, {plain, "All", ""}, {plain, "", ""},
		{scoped, "/b/1", "1"}, {scoped, "/", ""}, {scoped, "/c/1", ""}, {scoped, "/a/", ""}, {scoped, "1", ""},
	}
	for _, tt := range tests {
		if id, ok := tt.ref.Referent(tt.value); id != tt.want || ok != (tt.want != "") {
			t.Errorf("%q is %q, %v", tt.value, id, ok)
		}
	}
}
