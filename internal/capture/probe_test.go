package capture

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

func TestFirstID(t *testing.T) {
	for _, test := range []struct {
		name string
		kind kind.Kind
		body string
		want string
	}{
		{"a list", kind.Kind{}, `{"value":[{"id":"a"},{"id":"b"}]}`, "a"},
		{"an empty list", kind.Kind{}, `{"value":[]}`, ""},
		{"known by another property", kind.Kind{Place: kind.Place{IDFrom: "tenantId"}}, `{"value":[{"tenantId":"t"}]}`, "t"},
		{"a singleton", kind.Kind{Place: kind.Place{Singleton: true}}, `{"id":"s"}`, "s"},
		{"no JSON", kind.Kind{}, `<html>`, ""},
	} {
		if got := firstID(&test.kind, []byte(test.body)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestProbeJudges forgives what only says that there is nothing.
func TestProbeJudges(t *testing.T) {
	optional := &kind.Kind{Place: kind.Place{Optional: true}}
	for _, test := range []struct {
		probe Probe
		err   error
		fine  bool
	}{
		{Probe{Kind: &kind.Kind{}}, nil, true},
		{Probe{Kind: &kind.Kind{}}, entra.ErrNotFound, false},
		{Probe{Kind: optional}, entra.ErrNotFound, true},
		{Probe{Kind: optional}, entra.ErrForbidden, false},
		{Probe{Kind: &kind.Kind{}, Part: "p"}, entra.ErrNotFound, true},
		{Probe{Kind: &kind.Kind{}, Part: "p"}, entra.ErrRejected, true},
		{Probe{Kind: &kind.Kind{}, Part: "p"}, entra.ErrForbidden, false},
	} {
		if got := test.probe.judge(test.err); (got == nil) != test.fine {
			t.Errorf("%+v: %v", test.probe, got)
		}
	}
}
