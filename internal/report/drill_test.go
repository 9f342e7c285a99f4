package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/drill"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/ui"
)

// rehearsed is a drill in which everything happened once.
func rehearsed() *drill.Result {
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	user := func(id string) entra.Key { return entra.Key{Kind: "users", ID: id} }
	return &drill.Result{
		Format: 1, Tenant: "t", At: at, Objects: 685, Limits: []string{"agreements: the snapshot did not read it"},
		Snapshot: entra.Point{Commit: "b9acb25aa45d59abf79b2eef10c976b1c9891db3", Seq: 12, Time: at.Add(-27 * time.Hour)},
		Rehearsals: []drill.Rehearsal{
			{
				Scenario: "mass-deletion", Title: "Mass *deletion*", Hit: 4, Back: 1, PointSeconds: 27 * 3600, TimeSeconds: 312,
				Incident: drill.Incident{Requests: 5, Refused: 1, Idle: []int{2, 3}, Objects: map[string]int{"users": 3, "groups": 1}},
				Recovery: drill.Recovery{Rounds: 2, Done: 7, Failed: 1, Requests: 1310, Writes: 9, Accepted: []string{"writes"}, Error: "out of luck",
					Losses: []entra.Loss{{Key: user("u3"), Name: "Edsger", What: "the password", Todo: "hand over the one-time password"}}},
				Left: []drill.Left{
					{Key: entra.Key{Kind: "groups", ID: "g1"}, Name: "Finance", What: "it is gone"},
					{Key: user("u1"), Name: "Ada", What: "it is gone", Why: "deleted for good", Told: true},
					{Key: user("u2"), Name: "Grace", What: "it is gone", Why: "deleted for good", Told: true},
				},
				Disturbed: []drill.Left{{Key: user("u9"), Name: "Alan", What: "/spec/jobTitle differ", Why: "unknown"}},
			},
			{Scenario: "doors-opened", Title: "Doors", Hit: 2, Back: 2, TimeSeconds: 40, PointSeconds: 27 * 3600, Incident: drill.Incident{Requests: 1}},
		},
		Before: []drill.Mark{{At: at.AddDate(0, 0, -7), Complete: true, Hit: 1200, Back: 1199, PointSeconds: 30, TimeSeconds: 59}},
	}
}

func TestDrill(t *testing.T) {
	var out bytes.Buffer
	if err := Drill(rehearsed(), Options{}).Wide(0).Text(&out, ui.Palette{}); err != nil {
		t.Fatal(err)
	}
	want := `Rehearsed with snapshot 12 of 2026-11-23 03:00 UTC (b9acb25aa4) in the emulator: 685 objects, 1 d 3 h old

mass-deletion: 1 of 4 objects back
Mass *deletion*
  incident: 5 requests, 1 refused by Graph
  hit: 1 group, 3 users
  requests of the scenario that mean nothing in this snapshot: 2, 3
  recovery: 2 runs, 7 steps done, 1 failed, 1,310 requests with 9 writes
  guards that a person has to accept: writes
  ! the recovery ended early: out of luck
  recovery point 1 d 3 h (what changed since the snapshot is lost), recovery time 5 min 12 s
! group Finance (g1) it is gone
  nothing was said of it: a defect of entragit, please report it
- 2 users, each: it is gone
  deleted for good
  user Ada (u1)
  user Grace (u2)
! user Alan (u9) not touched by the incident, and /spec/jobTitle differ
  no plan said so: unknown
Does not come back: 1
! user Edsger (u3) – the password
  to do: hand over the one-time password

doors-opened: 2 of 2 objects back
Doors
  incident: 1 request
  recovery: 0 requests with 0 writes
  recovery point 1 d 3 h (what changed since the snapshot is lost), recovery time 40 s

What this drill says nothing of: 1
agreements: the snapshot did not read it

Drills of this repository, newest first
2026-11-24 06:00 UTC: 50 % of 6 objects back, recovery point 1 d 3 h, longest recovery 5 min 12 s, incomplete
2026-11-17 06:00 UTC: 99.9 % of 1,200 objects back, recovery point 30 s, longest recovery 59 s, complete

2 incidents: 3 of 6 objects hit came back (50 %); 2 did not, with the reasons above; 1 did not, and no plan said so; 1 object that no incident touched was changed. Times are simulated: Graph's documented limits and round trips
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	if markdown := Drill(rehearsed(), Options{}).Markdown(0, ""); !strings.Contains(markdown, "### mass-deletion: 1 of 4 objects back\n") || !strings.Contains(markdown, "`Mass *deletion*`") {
		t.Error(markdown)
	}
}

func TestDrillJSON(t *testing.T) {
	var out bytes.Buffer
	if err := DrillJSON(&out, rehearsed()); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc["complete"] != false || doc["formatVersion"] != 1.0 || len(doc["scenarios"].([]any)) != 2 {
		t.Errorf("%s", &out)
	}
}

func TestLasting(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59 * time.Second: "59 s", time.Minute: "1 min", 61 * time.Second: "1 min 1 s", 25 * time.Hour: "1 d 1 h",
		24*time.Hour + time.Minute: "1 d", 3*time.Hour + 5*time.Minute + 2*time.Second: "3 h 5 min",
	} {
		if got := lasting(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}
