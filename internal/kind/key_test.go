package kind_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func TestNaturalKey(t *testing.T) {
	k := &kind.Kind{Recovery: kind.Recovery{NaturalKey: []string{"principalId", "roleId", "scope"}}}
	o := &entra.Object{
		Spec:   map[string]any{"principalId": "p", "other": "x"},
		Status: map[string]any{"roleId": "r"},
	}
	got := kind.NaturalKey(k, o)
	if d := cmp.Diff(map[string]any{"principalId": "p", "roleId": "r"}, got); d != "" {
		t.Error(d)
	}
	if key, ok := kind.ElementKey(got, k.NaturalKey); !ok || key != "p+r+" {
		t.Errorf("the key is %q, %v", key, ok)
	}
	if _, ok := kind.ElementKey(kind.NaturalKey(k, new(entra.Object)), k.NaturalKey); ok {
		t.Error("an object with none of the properties has a key")
	}
	if got := kind.NaturalKey(new(kind.Kind), o); len(got) != 0 {
		t.Errorf("a kind without a natural key has %v", got)
	}
}
