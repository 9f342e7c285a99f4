package drill

import (
	"testing"
	"time"

	"github.com/entragit/entragit/internal/emulator"
)

// Of every incident that comes with the program everything comes back that the plan did not
// say cannot, and nothing else is touched.
func TestDrill(t *testing.T) {
	from := snapshot(t, emulator.Options{})
	all, err := Scenarios()
	must(t, err)
	now := snapshotTime.Add(5 * time.Hour)
	result, err := Run(t.Context(), from, all, Options{Now: now, Agent: "entragit/test"})
	must(t, err)
	if len(result.Rehearsals) != len(all) || result.Objects < 500 || !result.At.Equal(now) {
		t.Fatalf("%d rehearsals with %d objects at %s", len(result.Rehearsals), result.Objects, result.At)
	}
	for i := range result.Rehearsals {
		r := &result.Rehearsals[i]
		t.Logf("%-26s %3d of %3d back, %d left, %d requests, %.0f s", r.Scenario, r.Back, r.Hit, len(r.Left), r.Recovery.Requests, r.TimeSeconds)
		if r.Hit == 0 || r.Back+len(r.Left) != r.Hit || r.PointSeconds != 5*3600 || r.TimeSeconds <= 0 {
			t.Errorf("%s: %d hit, %d back, %d left, point %.0f s, time %.0f s", r.Scenario, r.Hit, r.Back, len(r.Left), r.PointSeconds, r.TimeSeconds)
		}
		if len(r.Incident.Idle) > 0 {
			t.Errorf("%s: the requests %v mean nothing in Contoso", r.Scenario, r.Incident.Idle)
		}
		for _, l := range append(r.Left, r.Disturbed...) {
			if !l.Told {
				t.Errorf("%s: %s (%s): %s, and no plan said so: %s", r.Scenario, l.Key, l.Name, l.What, l.Why)
			}
		}
		if complete := r.Recovery.Error == ""; r.Complete() != complete || !complete {
			t.Errorf("%s: complete: %t; %s", r.Scenario, r.Complete(), r.Recovery.Error)
		}
	}
}

// The same seed hits the same objects, another one others.
func TestDrillOfASeed(t *testing.T) {
	from := snapshot(t, emulator.Options{})
	s := parse(t, `
title: Some users gone
requests:
- for: users
  where:
    onPremisesSyncEnabled: null
  take: 5
  method: DELETE
  path: /users/{id}
`)
	hit := func(seed uint64) string {
		c := chooser{from: from, scenario: s.Name, seed: seed}
		all, err := c.chosen(&s.Requests[0].Choice)
		must(t, err)
		return all[0].ID
	}
	if first, again := hit(1), hit(1); first != again || first == hit(2) {
		t.Error("the seed does not decide who is hit")
	}
}
