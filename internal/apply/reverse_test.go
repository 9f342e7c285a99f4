package apply

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// The law of the way back: what the steps of any plan did to an object, their reverses take
// back to the byte, and nothing of it is left out.
func TestReverseTakesBackEveryStep(t *testing.T) {
	for _, k := range restorable() {
		t.Run(k.Name, func(t *testing.T) {
			g := &generator{rand.New(rand.NewPCG(21, 22)), k}
			for i := range rounds {
				want, live := g.object(), g.object()
				in := input(newTenant(live), want)
				in.Prune = i%2 == 0
				now := live
				steps := mustPlan(t, in).Steps
				for _, s := range steps {
					var err error
					if now, err = plan.After(k, now, s); err != nil {
						t.Fatal(err)
					}
				}
				for _, s := range slices.Backward(steps) {
					back, left := plan.Reverse(k, now, s)
					if len(left) > 0 {
						t.Fatalf("round %d: %s: left %q", i, s.ID, left)
					}
					var err error
					if now, err = plan.After(k, now, back); err != nil {
						t.Fatal(err)
					}
				}
				if mustHash(t, now) != mustHash(t, live) {
					t.Fatalf("round %d: %+v", i, diff.Objects(k, live, now, bothRead(k, live)))
				}
			}
		})
	}
}

// What somebody changed since stays, and is told; the rest goes back.
func TestReverseLeavesWhatWasChangedSince(t *testing.T) {
	k := kind.ByName("applications")
	live := object(t, "applications/1", `{"Spec":{"displayName":"A","notes":"n","web":{"redirectUris":["a","b"]}},"Links":{"owners":["p1","p2"]}}`)
	want := object(t, "applications/1", `{"Spec":{"displayName":"B","notes":"m","web":{"redirectUris":["b","c"]}},"Links":{"owners":["p2","p3"]}}`)
	in := input(newTenant(live), want)
	in.Prune = true
	now := object(t, "applications/1", `{"Spec":{"displayName":"B","notes":"x","web":{"redirectUris":["b","c","d"]}},"Links":{"owners":["p2","p3","p4"]}}`)
	expected := object(t, "applications/1", `{"Spec":{"displayName":"A","notes":"x","web":{"redirectUris":["a","b","d"]}},"Links":{"owners":["p1","p2","p4"]}}`)
	var all []string
	for _, s := range slices.Backward(mustPlan(t, in).Steps) {
		back, left := plan.Reverse(k, now, s)
		all = append(all, left...)
		var err error
		if now, err = plan.After(k, now, back); err != nil {
			t.Fatal(err)
		}
	}
	if mustHash(t, now) != mustHash(t, expected) {
		t.Errorf("%+v", diff.Objects(k, expected, now, bothRead(k, now)))
	}
	if !slices.Equal(all, []string{"/spec/notes"}) {
		t.Errorf("left %q", all)
	}
}
