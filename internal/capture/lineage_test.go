package capture_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// group creates a group past the code under test and returns its id.
func (tn *tenant) group(t *testing.T, name string) string {
	t.Helper()
	tn.write(t, "POST", "/groups", fmt.Sprintf(`{"displayName":%q,"mailEnabled":false,"mailNickname":"x","securityEnabled":true}`, name))
	var list struct {
		Value []struct{ ID, DisplayName string }
	}
	if err := json.Unmarshal([]byte(tn.read(t, "/groups?$top=999")), &list); err != nil {
		t.Fatal(err)
	}
	for _, g := range list.Value {
		if g.DisplayName == name {
			return g.ID
		}
	}
	t.Fatalf("no group is called %s", name)
	return ""
}

// An object that was created again changed: it neither went nor came, and the guard against
// sudden losses does not count it.
func TestWhatWasCreatedAgainIsNoLoss(t *testing.T) {
	tn := newTenant(t, emulator.Options{Seed: "empty"})
	var before, after [12]string
	for i := range before {
		before[i] = tn.group(t, fmt.Sprint("before ", i))
	}
	base, s := tn.run(t, files{}, entra.Manifest{})
	var lineage entra.Lineage
	for i, id := range before {
		tn.write(t, "DELETE", "/groups/"+id, "")
		after[i] = tn.group(t, fmt.Sprint("after ", i))
		lineage = lineage.Merge(entra.Succession{Kind: "groups", Old: id, New: after[i], When: time.Unix(int64(i), 0)})
	}
	run := func(base files, lineage entra.Lineage) capture.KindSummary {
		t.Helper()
		summary, err := capture.Run(context.Background(), tn.client, base, sink{base: base, now: maps.Clone(base)}, capture.Options{
			Kinds: []*kind.Kind{kind.ByName("groups")}, Manifest: s.Manifest, Lineage: lineage.Lines(),
			Shrink: capture.ShrinkLimit{Percent: 20, Least: 10},
		})
		if err != nil {
			t.Fatal(err)
		}
		if shrunk := len(summary.Shrunk) > 0; shrunk != (lineage == nil) {
			t.Errorf("shrunk: %+v", summary.Shrunk)
		}
		return summary.Kinds[0]
	}
	if k := run(base, nil); k.Added != 12 || k.Changed != 0 || k.Removed != 12 {
		t.Errorf("without a lineage: +%d ~%d -%d", k.Added, k.Changed, k.Removed)
	}
	k := run(base, lineage)
	if k.Added != 0 || k.Changed != 12 || k.Removed != 0 || len(k.Changes) != 12 {
		t.Errorf("with one: +%d ~%d -%d, %v", k.Added, k.Changed, k.Removed, k.Changes)
	}
	for _, c := range k.Changes {
		if c.Type != entra.Changed || c.ID == before[0] {
			t.Errorf("named as %+v", c)
		}
	}
}

// Two objects that both were in the snapshot before are two, whatever a lineage says of
// them: one of them was taken back from deleted items after the other had been made in its
// place.
func TestWhatGoesBesideItsSuccessorIsALoss(t *testing.T) {
	tn := newTenant(t, emulator.Options{Seed: "empty"})
	older, newer := tn.group(t, "older"), tn.group(t, "newer")
	base, s := tn.run(t, files{}, entra.Manifest{})
	tn.write(t, "DELETE", "/groups/"+older, "")
	lineage := entra.Lineage{{Kind: "groups", Old: older, New: newer, When: time.Unix(1, 0)}}
	summary, err := capture.Run(context.Background(), tn.client, base, sink{base: base, now: maps.Clone(base)}, capture.Options{
		Kinds: []*kind.Kind{kind.ByName("groups")}, Manifest: s.Manifest, Lineage: lineage.Lines(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if k := summary.Kinds[0]; k.Added != 0 || k.Changed != 0 || k.Removed != 1 {
		t.Errorf("+%d ~%d -%d", k.Added, k.Changed, k.Removed)
	}
}

// Of two older selves only one can be what the new one was; the other went.
func TestTwoOlderSelves(t *testing.T) {
	tn := newTenant(t, emulator.Options{Seed: "empty"})
	oldest, older := tn.group(t, "oldest"), tn.group(t, "older")
	base, s := tn.run(t, files{}, entra.Manifest{})
	tn.write(t, "DELETE", "/groups/"+oldest, "")
	tn.write(t, "DELETE", "/groups/"+older, "")
	newest := tn.group(t, "newest")
	lineage := entra.Lineage{
		{Kind: "groups", Old: oldest, New: older, When: time.Unix(1, 0)}, {Kind: "groups", Old: older, New: newest, When: time.Unix(2, 0)},
	}
	summary, err := capture.Run(context.Background(), tn.client, base, sink{base: base, now: maps.Clone(base)}, capture.Options{
		Kinds: []*kind.Kind{kind.ByName("groups")}, Manifest: s.Manifest, Lineage: lineage.Lines(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if k := summary.Kinds[0]; k.Added != 0 || k.Changed != 1 || k.Removed != 1 {
		t.Errorf("+%d ~%d -%d", k.Added, k.Changed, k.Removed)
	}
}
