package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// oneObject is an object as the tenant and the snapshot have it, and what is planned of it.
type oneObject struct {
	name, key  string
	live, want string // sections; an empty live is gone
	parts      []string
	plan       []string // as by details
}

// run plans each object by itself; where deleted is set, the live one is a deleted item.
func run(t *testing.T, deleted bool, tests []oneObject) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &world{parts: tt.parts}
			switch {
			case tt.live == "":
			case deleted:
				w.deleted = []*entra.Object{object(t, tt.key, tt.live)}
			default:
				w.live = []*entra.Object{object(t, tt.key, tt.live)}
			}
			if d := cmp.Diff(tt.plan, details(w.plan(t, object(t, tt.key, tt.want)))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// details are a plan's steps without their object, with all that they change and need, one
// line each, and its refusals with their reasons.
func details(plan entra.Plan) []string {
	var all []string
	for _, s := range plan.Steps {
		words := []string{strings.TrimPrefix(s.ID, s.String()+":")}
		for _, c := range s.Properties {
			words = append(words, c.Pointer)
		}
		for _, l := range s.Links {
			for _, id := range l.Added {
				words = append(words, "+"+id)
			}
			for _, id := range l.Removed {
				words = append(words, "-"+id)
			}
		}
		if len(s.Needs) > 0 {
			words = append(words, "after", strings.Join(s.Needs, " "))
		}
		all = append(all, strings.Join(words, " "))
	}
	for _, r := range plan.Refusals {
		line := "left alone"
		if r.Pointer != "" {
			line += " " + r.Pointer
		}
		line += ": " + r.Reason
		if r.Hint != "" {
			line += "; " + r.Hint
		}
		all = append(all, line)
	}
	return all
}
