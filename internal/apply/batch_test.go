package apply

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// post is a tenant that is written to by many at once, also in batches.
type post struct {
	*tenant
	mu      sync.Mutex
	batches []int // their sizes
	lost    error // of whole batches
}

func (p *post) Do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tenant.Do(ctx, method, path, body)
}

func (p *post) Objects(ctx context.Context, sought []entra.Identity) (Reading, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tenant.Objects(ctx, sought)
}

func (p *post) Batch(ctx context.Context, requests []graph.BatchRequest) ([]graph.BatchResponse, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.batches = append(p.batches, len(requests))
	answers := make([]graph.BatchResponse, len(requests))
	for i, q := range requests {
		answers[i].Body, answers[i].Err = p.tenant.Do(ctx, q.Method, q.Path, q.Body)
	}
	return answers, p.lost
}

// Steps that can be made together share batches of twenty; what Graph takes one by one goes
// by itself, and so does what is alone.
func TestApplySendsTogether(t *testing.T) {
	var have, want []*entra.Object
	add := func(kind string, n int, now, then string) {
		for i := range n {
			have = append(have, object(t, fmt.Sprintf("%s/%s%d", kind, kind, i), now))
			want = append(want, object(t, fmt.Sprintf("%s/%s%d", kind, kind, i), then))
		}
	}
	add("users", 50, `{}`, `{"Spec":{"city":"b"}}`)
	add("conditionalAccessPolicies", 3, `{"Spec":{"state":"disabled"}}`, `{"Spec":{"state":"enabled"}}`)
	add("groups", 1, `{}`, `{"Links":{"members":["p1","p2","p3"]}}`)
	on := &post{tenant: newTenant(have...)}
	p := mustPlan(t, input(on.tenant, want...))
	told := 0
	outcome, err := Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: new(still), Together: 100, Batcher: on,
		Done: func(entra.Step, entra.StepOutcome) { told++ }})
	if err != nil || !outcome.Complete() || told != len(p.Steps) {
		t.Fatalf("%v, %d told: %+v", err, told, outcome.Steps)
	}
	slices.Sort(on.batches)
	if d := cmp.Diff([]int{10, 20, 20}, on.batches); d != "" {
		t.Errorf("batches (-want +got):\n%s", d)
	}
	for i, s := range outcome.Steps {
		if s.Step != p.Steps[i].ID {
			t.Errorf("outcome %d is of %s, not of %s", i, s.Step, p.Steps[i].ID)
		}
	}
}

// A batch that fails as a whole fails each of its requests, named.
func TestApplyWhereABatchFails(t *testing.T) {
	var have, want []*entra.Object
	for i := range 3 {
		have, want = append(have, object(t, fmt.Sprintf("users/%d", i), `{}`)), append(want, object(t, fmt.Sprintf("users/%d", i), `{"Spec":{"city":"b"}}`))
	}
	on := &post{tenant: newTenant(have...), lost: fmt.Errorf("no answer: %w", entra.ErrUnavailable)}
	on.fail = func(string, string) error { return errors.New("not done") }
	p := mustPlan(t, input(on.tenant, want...))
	outcome, err := Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: new(still), Together: 8, Batcher: on})
	wanted := []string{"users/0:update failed: PATCH /users/0, in a batch: no answer: service unavailable",
		"users/1:update failed: PATCH /users/1, in a batch: no answer: service unavailable",
		"users/2:update failed: PATCH /users/2, in a batch: no answer: service unavailable"}
	if d := cmp.Diff(wanted, results(outcome)); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	// What was done although the answer was lost, is done.
	on.fail = nil
	outcome, err = Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: new(still), Together: 8, Batcher: on})
	if err != nil || !outcome.Complete() {
		t.Errorf("%v %q", err, results(outcome))
	}
}

// one is a random object of each kind that is written, as it was and as it is now: changed,
// or deleted where that can be undone.
func one(seed uint64) (*tenant, []*entra.Object) {
	on := newTenant()
	var want []*entra.Object
	paths := map[string]bool{}
	for i, k := range restorable() {
		if paths[k.Path] {
			continue // the tenant tells kinds apart by their paths
		}
		paths[k.Path] = true
		g := &generator{rand.New(rand.NewPCG(seed, uint64(i))), k}
		was, is := g.object(), g.object()
		want = append(want, was)
		if k.Deletion.Mode == kind.DeleteSoft && i%2 == 0 {
			on.deleted[is.Key] = is
		} else {
			on.objects[is.Key] = is
		}
	}
	return on, want
}

// Whatever is made together, the end is the same as one by one.
func TestApplyTogetherEndsLikeOneByOne(t *testing.T) {
	for seed := range uint64(3) {
		apart, want := one(seed)
		single := mustApply(t, apart, mustPlan(t, input(apart, want...)))
		together, _ := one(seed)
		on, p := &post{tenant: together}, mustPlan(t, input(together, want...))
		outcome, err := Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: new(still), Together: 50, Batcher: on})
		if err != nil || len(on.batches) == 0 {
			t.Fatalf("seed %d: %v after %d batches", seed, err, len(on.batches))
		}
		if d := cmp.Diff(results(single), results(outcome)); d != "" {
			t.Errorf("seed %d: one by one, and together (-one +together):\n%s", seed, d)
		}
		for _, o := range want { // whatever id it goes by now
			if d := cmp.Diff(apart.same(o), together.same(o)); d != "" {
				t.Errorf("seed %d: one by one, and together (-one +together):\n%s", seed, d)
			}
		}
	}
}
