package jsonpointer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJoinAndSplit(t *testing.T) {
	for pointer, tokens := range map[string][]string{
		"":                    nil,
		"/":                   {""},
		"/spec/state":         {"spec", "state"},
		"/a~1b/m~0n/~01":      {"a/b", "m~n", "~1"},
		"/contained/grants//": {"contained", "grants", "", ""},
	} {
		if got := Join(tokens...); got != pointer {
			t.Errorf("Join(%q) is %q, want %q", tokens, got, pointer)
		}
		if d := cmp.Diff(tokens, Split(pointer)); d != "" {
			t.Errorf("Split(%q): %s", pointer, d)
		}
	}
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		pointer, outer string
		want           bool
	}{
		{"/spec/a", "/spec/a", true},
		{"/spec/a/b", "/spec/a", true},
		{"/spec/ab", "/spec/a", false},
		{"/spec", "/spec/a", false},
		{"/spec", "", true},
		{"", "", true},
	} {
		if got := Within(tt.pointer, tt.outer); got != tt.want {
			t.Errorf("Within(%q, %q) is %v", tt.pointer, tt.outer, got)
		}
	}
}

func TestGet(t *testing.T) {
	v := map[string]any{"a": []any{map[string]any{"b": "c"}}, "n": nil}
	for pointer, want := range map[string]any{
		"":         v,
		"/a/0/b":   "c",
		"/a/1":     nil,
		"/a/-1":    nil,
		"/a/x":     nil,
		"/n":       nil,
		"/n/m":     nil,
		"/missing": nil,
	} {
		if d := cmp.Diff(want, Get(v, Split(pointer)...)); d != "" {
			t.Errorf("%s: %s", pointer, d)
		}
	}
}

func TestSet(t *testing.T) {
	v := map[string]any{"a": map[string]any{"b": "old", "c": true}, "d": []any{"e"}}
	before := map[string]any{"a": map[string]any{"b": "old", "c": true}, "d": []any{"e"}}
	for _, tt := range []struct {
		tokens []string
		value  any
		want   any
	}{
		{[]string{"a", "b"}, "new", map[string]any{"a": map[string]any{"b": "new", "c": true}, "d": []any{"e"}}},
		{[]string{"a", "b"}, nil, map[string]any{"a": map[string]any{"c": true}, "d": []any{"e"}}},
		{[]string{"x", "y"}, "z", map[string]any{"a": map[string]any{"b": "old", "c": true}, "d": []any{"e"}, "x": map[string]any{"y": "z"}}},
		{nil, "all", "all"},
	} {
		if d := cmp.Diff(tt.want, Set(v, tt.tokens, tt.value)); d != "" {
			t.Errorf("%q: %s", tt.tokens, d)
		}
		if d := cmp.Diff(before, v); d != "" {
			t.Fatalf("%q: the value itself has changed: %s", tt.tokens, d)
		}
	}
}
