package plan

import (
	"slices"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// What held for a time only is put back for that time, or not at all.
func TestTerms(t *testing.T) {
	const (
		past      = `{"Spec":{"principalId":"p1","roleDefinitionId":"p2","scheduleInfo":{"expiration":{"type":"afterDateTime","endDateTime":"2026-01-01T00:00:00Z"}}}}`
		ahead     = `{"Spec":{"principalId":"p1","roleDefinitionId":"p2","scheduleInfo":{"expiration":{"type":"afterDateTime","endDateTime":"2026-03-01T00:00:00Z"}}}}`
		forGood   = `{"Spec":{"principalId":"p1","roleDefinitionId":"p2","scheduleInfo":{"expiration":{"type":"noExpiration"}}}}`
		assigned  = `{"Spec":{"principalId":"p1","roleDefinitionId":"p2"}}`
		schedule  = "roleAssignmentSchedules/s"
		direct    = "roleAssignments/a"
		wasPast   = "it was until 2026-01-01T00:00:00Z, which is past"
		unknown   = "whether it was for a time only is not known: roleAssignmentSchedules was not read: forbidden"
		noMatches = 0
	)
	key := entra.Key{Kind: "roleAssignments", ID: "a"}
	for _, tt := range []struct {
		name, live string
		want       []*entra.Object
		schedules  map[entra.Key]Schedule
		steps      []string
		refusals   []string
	}{
		{"an end that is past is not sent", "", []*entra.Object{object(t, schedule, past)}, nil, nil, []string{wasPast}},
		{"nor in the place of another", forGood, []*entra.Object{object(t, schedule, past)}, nil, nil, []string{wasPast}},
		{"one that is to come is", forGood, []*entra.Object{object(t, schedule, ahead)}, nil, []string{"roleAssignmentSchedules/s:update"}, nil},
		{"an assignment comes with its schedule", "", []*entra.Object{object(t, direct, assigned), object(t, schedule, ahead)},
			map[entra.Key]Schedule{key: {Object: object(t, schedule, ahead)}}, []string{"roleAssignmentSchedules/s:create"}, nil},
		{"and not for good when that is past", "", []*entra.Object{object(t, direct, assigned)},
			map[entra.Key]Schedule{key: {Object: object(t, schedule, past)}}, nil, []string{wasPast}},
		{"for good what was for good", "", []*entra.Object{object(t, direct, assigned)},
			map[entra.Key]Schedule{key: {Object: object(t, schedule, forGood)}}, []string{"roleAssignments/a:create"}, nil},
		{"for good where nobody schedules", "", []*entra.Object{object(t, direct, assigned)},
			map[entra.Key]Schedule{key: {}}, []string{"roleAssignments/a:create"}, nil},
		{"not where nobody knows", "", []*entra.Object{object(t, direct, assigned)},
			map[entra.Key]Schedule{key: {Unknown: "roleAssignmentSchedules was not read: forbidden"}}, nil, []string{unknown}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{}
			if tt.live != "" {
				w.live = []*entra.Object{object(t, schedule, tt.live)}
			}
			in := w.input(t, tt.want...)
			in.At, in.Schedules = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), tt.schedules
			p, err := New(in)
			if err != nil {
				t.Fatal(err)
			}
			var steps, refusals []string
			for _, s := range p.Steps {
				steps = append(steps, s.ID)
			}
			for _, r := range p.Refusals {
				refusals = append(refusals, r.Reason)
			}
			if !slices.Equal(steps, tt.steps) || !slices.Equal(refusals, tt.refusals) || p.Matched != noMatches {
				t.Errorf("steps %q, left alone %q, %d as they were; want %q, %q, none", steps, refusals, p.Matched, tt.steps, tt.refusals)
			}
		})
	}
}
