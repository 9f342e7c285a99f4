package capture_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// Graph forgets page tokens. A listing whose token has expired begins anew and is
// complete; one whose tokens expire again and again costs the kind, which keeps its files.
func TestExpiredPageToken(t *testing.T) {
	expired := emulator.Fault{Method: "GET", Path: "/users", Query: "$skiptoken", Status: 400, Code: "Directory_ExpiredPageToken"}
	for name, tc := range map[string]struct {
		times int
		state entra.CoverageState
	}{
		"once":           {1, entra.Complete},
		"three times":    {3, entra.Complete},
		"again for ever": {0, entra.Skipped},
	} {
		t.Run(name, func(t *testing.T) {
			tn := newTenant(t, emulator.Options{PageSize: 40})
			base, before := tn.run(t, files{}, entra.Manifest{})
			complete(t, before)
			expired.Count = tc.times
			if err := tn.AddFaults(expired); err != nil {
				t.Fatal(err)
			}
			now, s := tn.run(t, maps.Clone(base), before.Manifest)
			if d := cmp.Diff(base, now); d != "" {
				t.Errorf("an unchanged tenant changed:\n%s", d)
			}
			if state := s.Manifest.Kinds["users"].State; state != tc.state {
				t.Errorf("users are %s, want %s", state, tc.state)
			}
			if a, c, r := s.Counts(); a+c+r != 0 {
				t.Errorf("an unchanged tenant has +%d ~%d -%d", a, c, r)
			}
		})
	}
}
