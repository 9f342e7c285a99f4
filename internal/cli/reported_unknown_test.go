package cli

import (
	"testing"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
)

// Nobody is named where the log is silent, and nobody else instead: the country of a user is never
// logged, whoever else wrote the user; and without the permission to read the log, nobody is known.
func TestNobodyIsNamedWhereTheLogIsSilent(t *testing.T) {
	t.Parallel()
	w := watch(t, newLaw(t, emulator.Options{}), 3)
	user := w.member(t, 0)
	by := func(part string) entra.Attribution {
		t.Helper()
		n := len(w.worlds)
		set := w.diff(t, seq(n-2), seq(n-1))
		if len(set.Changes) != 1 || set.Changes[0].Key != user.Key {
			t.Fatalf("changes: %s", textOf(set.Changes))
		}
		return ofPart(set.Changes[0].By, part)
	}
	w.by = w.actors[0]
	w.does(t, "PATCH", "/users/"+user.ID, map[string]any{"usageLocation": "SE"})
	w.by = w.actors[1]
	w.does(t, "PATCH", "/users/"+user.ID, map[string]any{"jobTitle": "Canary"})
	w.snapshotNow(t)
	if a := by("/spec/jobTitle"); !w.actors[1].is(a.Actor) || a.Certainty != entra.Confirmed {
		t.Errorf("the title: %s", textOf(a))
	}
	if a := by("/spec/usageLocation"); a.Known() || a.Unknown != entra.NoEventYet {
		t.Errorf("the country: %s", textOf(a))
	}
	must(t, w.server.AddFaults(emulator.Fault{Method: "GET", Path: "/auditLogs/directoryAudits", Status: 403}))
	w.does(t, "PATCH", "/users/"+user.ID, map[string]any{"jobTitle": "Miner"})
	w.snapshotNow(t)
	if a := by("/spec/jobTitle"); a.Known() || a.Unknown != entra.NoPermission {
		t.Errorf("without permission: %s", textOf(a))
	}
}
