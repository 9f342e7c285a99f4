package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
)

// results are an outcome's steps, one line each.
func results(o entra.Outcome) []string {
	var all []string
	for _, s := range o.Steps {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%s %s: %s", s.Step, s.Result, s.Error), ": "))
	}
	return all
}

// An object that moved on is left alone, with what moved; the others are done.
func TestApplyRefusesWhatMovedOn(t *testing.T) {
	tests := []struct {
		name  string
		since string // the object when the plan is applied
		want  []string
	}{
		{"the planned property", `{"Spec":{"city":"c","country":"x"}}`, []string{"users/1:update skipped: it moved on since the plan was made: /spec/city has another value"}},
		{"another property", `{"Spec":{"city":"a","country":"y"}}`, []string{"users/1:update skipped: it moved on since the plan was made: something outside the plan has another value"}},
		{"gone", ``, []string{"users/1:update skipped: it moved on since the plan was made: it no longer exists"}},
		{"already as planned", `{"Spec":{"city":"b","country":"y"}}`, []string{"users/1:update done"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on := newTenant(object(t, "users/1", `{"Spec":{"city":"a","country":"x"}}`), object(t, "users/2", `{}`))
			plan := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b","country":"x"}}`), object(t, "users/2", `{"Spec":{"city":"b"}}`)))
			if tt.since == "" {
				delete(on.objects, entra.Key{Kind: "users", ID: "1"})
			} else {
				on.objects[entra.Key{Kind: "users", ID: "1"}] = object(t, "users/1", tt.since)
			}
			outcome := mustApply(t, on, plan)
			if d := cmp.Diff(append(tt.want, "users/2:update done"), results(outcome)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if d := cmp.Diff([]string{`PATCH /users/2 {"city":"b"}`}, on.log); d != "" {
				t.Errorf("sent (-want +got):\n%s", d)
			}
		})
	}
}

func TestApplySaysWhichLinkMoved(t *testing.T) {
	on := newTenant(object(t, "groups/1", `{"Links":{"members":["p1"]}}`))
	plan := mustPlan(t, input(on, object(t, "groups/1", `{"Links":{"members":["p2","p3"]}}`)))
	on.objects[entra.Key{Kind: "groups", ID: "1"}] = object(t, "groups/1", `{"Links":{"members":["p3"]}}`)
	wanted := []string{
		"groups/1:addLink:members skipped: it moved on since the plan was made: /links/members has p3",
		"groups/1:removeLink:members done",
	}
	if d := cmp.Diff(wanted, results(mustApply(t, on, plan))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// A step that fails stops what needs it and nothing else, and reading back shows
// what is left.
func TestApplyGoesOnAfterAFailure(t *testing.T) {
	on, want := incident(t)
	plan := mustPlan(t, input(on, want...))
	on.fail = func(method, path string) error {
		if strings.Contains(path, "/loc/restore") {
			return fmt.Errorf("Insufficient privileges: %w", entra.ErrForbidden)
		}
		return nil
	}
	outcome := mustApply(t, on, plan)
	wanted := map[string]string{
		"namedLocations/loc:restore":           "failed: Insufficient privileges: permission denied",
		"namedLocations/loc:update":            "skipped: named location loc (loc) had to be taken back first, and that failed",
		"conditionalAccessPolicies/pol:update": "skipped: named location loc (loc) had to be taken back first, and that failed",
	}
	for _, line := range results(outcome) {
		step, _, _ := strings.Cut(line, " ")
		end, ok := wanted[step]
		if !ok {
			end = "done"
		}
		if line != step+" "+end {
			t.Errorf("%s, want %s", line, end)
		}
	}
	var left []string
	for _, c := range outcome.Remaining {
		left = append(left, fmt.Sprint(c.Type, " ", c.Key, " ", len(c.Properties)))
	}
	if d := cmp.Diff([]string{"changed conditionalAccessPolicies/pol 4", "added namedLocations/loc 0"}, left); d != "" {
		t.Errorf("remaining (-want +got):\n%s", d)
	}
}

// A write whose answer was lost is not made twice, and one link that fails does not
// hold up the others.
func TestApplyLinks(t *testing.T) {
	on := newTenant(object(t, "groups/1", `{"Links":{"members":["p4"]}}`))
	plan := mustPlan(t, input(on, object(t, "groups/1", `{"Links":{"members":["p1","p2","p3"]}}`)))
	on.objects[entra.Key{Kind: "groups", ID: "1"}].Links["members"] = []string{"p4"}
	on.fail = func(method, path string) error {
		if n := len(on.log); n == 1 || n == 2 || n == 4 {
			return fmt.Errorf("no %d: %w", n, entra.ErrUnavailable)
		} else if n == 3 {
			return rejected("One or more added object references already exist for the following modified properties: 'members'.")
		}
		return rejected("One or more removed object references do not exist for the following modified properties: 'members'.")
	}
	wanted := []string{
		"groups/1:addLink:members failed: 2 of 3 requests failed, the first with: no 2: service unavailable",
		"groups/1:removeLink:members done",
	}
	outcome := mustApply(t, on, plan)
	if d := cmp.Diff(wanted, results(outcome)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// What Graph said was there is not believed without reading back.
	equal := []entra.LinkChange{{Link: "members", Added: []string{"p1", "p2", "p3"}}, {Link: "members", Removed: []string{"p4"}}}
	if d := cmp.Diff(equal, outcome.Remaining[0].Links); d != "" {
		t.Errorf("remaining (-want +got):\n%s", d)
	}
}

// Writes that follow a write of this run wait for replication, within bounds; others
// fail at once.
func TestApplyWaitsForReplication(t *testing.T) {
	for _, delay := range []int{0, 3, 100} {
		on, want := incident(t)
		plan := mustPlan(t, input(on, want...))
		refused := 0
		on.fail = func(method, path string) error {
			if strings.HasPrefix(path, "/groups/grp/members") && method == "POST" && refused < delay {
				refused++
				return rejected("The source resource object or one of the objects being referenced don't exist")
			}
			return nil
		}
		c := new(still)
		outcome, err := Run(context.Background(), on, on, judged(plan), Options{Base: testBase, Clock: c})
		waited := c.waited
		if err != nil {
			t.Fatal(err)
		}
		if done := outcome.Complete(); done != (delay < 7) {
			t.Errorf("delay %d: complete %v: %q", delay, done, results(outcome))
		}
		if waited > 2*replication || delay > 0 && waited == 0 {
			t.Errorf("delay %d: waited %s", delay, waited)
		}
	}
	on := newTenant(object(t, "groups/1", `{}`))
	plan := mustPlan(t, input(on, object(t, "groups/1", `{"Links":{"members":["p1"]}}`)))
	on.fail = func(string, string) error {
		return rejected("The source resource object or one of the objects being referenced do not exist")
	}
	if mustApply(t, on, plan); len(on.log) != 1 {
		t.Errorf("%d requests for a target that is not new", len(on.log))
	}
}

// What is gone already needs no removing, and no second try.
func TestApplyRemovesWhatIsGone(t *testing.T) {
	on := newTenant(object(t, "users/1", `{"Links":{"manager":["p1"]}}`))
	plan := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"c"}}`)))
	on.fail = func(method, _ string) error {
		if method == "DELETE" {
			on.objects[entra.Key{Kind: "users", ID: "1"}].Links = nil
			return fmt.Errorf("Request_ResourceNotFound: %w", entra.ErrNotFound)
		}
		return nil
	}
	if outcome := mustApply(t, on, plan); !outcome.Complete() || len(on.log) != 2 {
		t.Errorf("%q after %q", results(outcome), on.log)
	}
}

// stale is a reader that shows a write only at the third look.
type stale struct {
	*tenant
	looks int
	old   map[entra.Key]*entra.Object
}

func (s *stale) Objects(ctx context.Context, keys []entra.Identity) (Reading, error) {
	if s.looks++; s.looks < 4 {
		return Reading{Objects: s.old, Coverage: coverage()}, nil
	}
	return s.tenant.Objects(ctx, keys)
}

func TestApplyReadsBackUntilItShows(t *testing.T) {
	live := object(t, "users/1", `{}`)
	on := newTenant(live)
	plan := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`)))
	reader := &stale{tenant: on, old: map[entra.Key]*entra.Object{live.Key: live}}
	outcome, err := Run(context.Background(), on, reader, judged(plan), noWait)
	if err != nil || !outcome.Complete() || reader.looks != 4 {
		t.Errorf("%v after %d looks: %+v", err, reader.looks, outcome)
	}
}

// Killed at any write, whether it arrived or not, planning and applying again ends
// as if nothing had happened, and nothing is made twice.
func TestApplyAfterAKillAnywhere(t *testing.T) {
	on, want := incident(t)
	mustApply(t, on, mustPlan(t, input(on, want...)))
	total, wanted := len(on.log), on
	for n := range total {
		for _, arrived := range []bool{false, true} {
			on, want := incident(t)
			ctx, cancel := context.WithCancel(context.Background())
			kill := func(string, string) error {
				if len(on.log) == n+1 {
					cancel()
					return context.Canceled
				}
				return nil
			}
			if arrived {
				on.lost = kill
			} else {
				on.fail = kill
			}
			if _, err := Run(ctx, on, on, judged(mustPlan(t, input(on, want...))), noWait); !errors.Is(err, context.Canceled) {
				t.Fatalf("write %d: error %v", n, err)
			}
			on.fail, on.lost = nil, nil
			if again := mustApply(t, on, mustPlan(t, input(on, want...))); !again.Complete() {
				t.Fatalf("write %d: %q %+v", n, results(again), again.Remaining)
			}
			if d := cmp.Diff(wanted.objects, on.objects); d != "" {
				t.Fatalf("write %d (-want +got):\n%s", n, d)
			}
		}
	}
}

// broken reads nothing.
type broken struct{ *tenant }

func (broken) Objects(context.Context, []entra.Identity) (Reading, error) {
	return Reading{}, entra.ErrUnavailable
}

func TestApplyWritesNothingBlindly(t *testing.T) {
	on := newTenant(object(t, "users/1", `{}`))
	plan := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`)))
	if _, err := Run(context.Background(), on, broken{on}, judged(plan), noWait); !errors.Is(err, entra.ErrUnavailable) || len(on.log) > 0 {
		t.Errorf("error %v, sent %q", err, on.log)
	}
}

// A plan that the guards hold back is not applied, whoever asks for it.
func TestApplyHeldPlan(t *testing.T) {
	on := newTenant(object(t, "users/1", `{}`))
	made := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`)))
	none := plan.Facts{} // limits of 0: every write is one too many
	_, err := Run(context.Background(), on, on, plan.Judge(made, none, plan.RuleDeletions), noWait)
	if !errors.Is(err, entra.ErrRefused) || !strings.Contains(err.Error(), "guard writes: the plan writes to 1 objects") || len(on.log) > 0 {
		t.Errorf("error %v, sent %q", err, on.log)
	}
	if _, err := Run(context.Background(), on, on, plan.Judge(made, none, plan.RuleWrites), noWait); err != nil || len(on.log) == 0 {
		t.Errorf("accepted: error %v, sent %q", err, on.log)
	}
}

func TestApplyTellsEachStep(t *testing.T) {
	on, want := incident(t)
	plan := mustPlan(t, input(on, want...))
	var told []string
	hooks := noWait
	hooks.Done = func(s entra.Step, o entra.StepOutcome) { told = append(told, s.ID) }
	if _, err := Run(context.Background(), on, on, judged(plan), hooks); err != nil {
		t.Fatal(err)
	}
	if len(told) != len(plan.Steps) || told[0] != plan.Steps[0].ID {
		t.Errorf("told of %q", told)
	}
}

// Whatever a plan file claims of the object, nothing is written that the step does not
// show: the live object decides.
func TestApplyBelievesTheTenantNotThePlan(t *testing.T) {
	const policy = `{"Spec":{"state":"disabled","conditions":{"users":{"excludeUsers":["p1","p2"]}}}}`
	tests := []struct {
		name, key, live, want string
		edit                  func(*entra.Step)
		why                   string
	}{
		{"a value that it has not", "conditionalAccessPolicies/1", policy, `{"Spec":{"state":"enabled","conditions":{"users":{"excludeUsers":["p1","p2"]}}}}`,
			func(s *entra.Step) { s.Properties[0].Before = "x" }, "/spec/state has another value"},
		{"fewer elements than it has", "conditionalAccessPolicies/1", policy, `{"Spec":{"state":"disabled","conditions":{"users":{"excludeUsers":["p1","p2","p3"]}}}}`,
			func(s *entra.Step) { s.Properties[0].Before, s.Properties[0].After = []any{"p1"}, []any{"p1", "p3"} }, "/spec/conditions/users/excludeUsers has another value"},
		{"a member that it has", "groups/1", `{"Links":{"members":["p1"]}}`, `{"Links":{"members":["p1","p2"]}}`,
			func(s *entra.Step) { s.Links[0].Added = []string{"p1", "p2"} }, "/links/members has p1"},
		{"a member that it has not", "groups/1", `{"Links":{"members":["p1"]}}`, `{}`,
			func(s *entra.Step) { s.Links[0].Removed = []string{"p1", "p2"} }, "/links/members has no p2"},
		{"a manager that would be replaced", "users/1", `{"Links":{"manager":["p1"]}}`, `{"Links":{"manager":["p2"]}}`,
			func(s *entra.Step) { s.Links[0].Removed = nil }, "/links/manager is not empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on := newTenant(object(t, tt.key, tt.live))
			p := mustPlan(t, input(on, object(t, tt.key, tt.want)))
			tt.edit(&p.Steps[0])
			outcome := mustApply(t, on, p)
			if o := outcome.Steps[0]; o.Result != entra.SkipDep || o.Error != "the plan says otherwise: "+tt.why || len(on.log) > 0 {
				t.Errorf("%+v after %q, want %s", o, on.log, tt.why)
			}
		})
	}
}

// An object that another one hides behind, by the id that the plan gives it, is not
// written.
func TestApplyKnowsAnObjectByItsNaturalKey(t *testing.T) {
	const key = `"resourceId":"p2","consentType":"AllPrincipals","scope":"a"}}`
	on := newTenant(object(t, "oauth2PermissionGrants/victim", `{"Spec":{"clientId":"p3",`+key), object(t, "oauth2PermissionGrants/1", `{"Spec":{"clientId":"p1",`+key))
	p := mustPlan(t, input(on, object(t, "oauth2PermissionGrants/1", strings.Replace(`{"Spec":{"clientId":"p1",`+key, `"a"`, `"b"`, 1))))
	victim := entra.Key{Kind: "oauth2PermissionGrants", ID: "victim"}
	identity := p.Identities["oauth2PermissionGrants/1"]
	identity.Key = victim
	p.Identities["oauth2PermissionGrants/1"] = identity
	p.Live["oauth2PermissionGrants/1"] = mustHash(t, on.objects[victim])
	if outcome := mustApply(t, on, p); outcome.Steps[0].Result != entra.SkipDep || len(on.log) > 0 {
		t.Errorf("%+v after %q", outcome.Steps, on.log)
	}
}

// A reader that cannot read everything, at the n-th look and later.
type blind struct {
	*tenant
	from, looks int
	except      []entra.Exception
}

func (b *blind) Objects(ctx context.Context, keys []entra.Identity) (Reading, error) {
	read, err := b.tenant.Objects(ctx, keys)
	if b.looks++; b.looks >= b.from {
		for _, e := range b.except {
			read.Coverage["groups"] = read.Coverage["groups"].Except(e)
			if o := read.Objects[entra.Key{Kind: "groups", ID: e.ID}]; e.Part == "" {
				delete(read.Objects, entra.Key{Kind: "groups", ID: e.ID})
			} else if o != nil {
				delete(o.Links, strings.TrimPrefix(e.Part, "links/"))
			}
		}
	}
	return read, err
}
