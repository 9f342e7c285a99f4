package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// tries is how often a write is made that meets another each time.
const tries = 5

// Two writes that met are made again, a bounded number of times and ever more slowly; a
// refusal that says nothing of another write is final.
func TestApplyMeetsAnotherWrite(t *testing.T) {
	met := rejected("Directory_ConcurrencyViolation")
	for _, tt := range []struct {
		name   string
		err    error
		fails  int
		sent   int
		waited time.Duration
		want   string
	}{
		{"once", met, 1, 2, time.Second, "done"},
		{"four times", met, tries - 1, tries, 15 * time.Second, "done"},
		{"for good", met, 1000, tries, 15 * time.Second, "failed: Request_BadRequest: Directory_ConcurrencyViolation: rejected"},
		{"not at all", rejected("no"), 1, 1, 0, "failed: Request_BadRequest: no: rejected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			on := newTenant(object(t, "users/1", `{}`))
			p, c := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`))), new(still)
			on.fail = func(string, string) error {
				if len(on.log) > tt.fails {
					return nil
				}
				return tt.err
			}
			outcome, err := Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: c})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]string{"users/1:update " + tt.want}, results(outcome)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if len(on.log) != tt.sent || c.waited != tt.waited {
				t.Errorf("%d requests in %s, want %d in %s", len(on.log), c.waited, tt.sent, tt.waited)
			}
		})
	}
}

// impatient is a clock on which nothing is waited for.
type impatient struct{ still }

func (*impatient) Sleep(context.Context, time.Duration) error { return context.DeadlineExceeded }

func TestApplyThatMayNotWait(t *testing.T) {
	on := newTenant(object(t, "users/1", `{}`))
	p := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`)))
	on.fail = func(string, string) error { return rejected("Directory_ConcurrencyViolation") }
	outcome, err := Run(context.Background(), on, on, judged(p), Options{Base: testBase, Clock: new(impatient)})
	if d := cmp.Diff([]string{"users/1:update failed: Request_BadRequest: Directory_ConcurrencyViolation: rejected"}, results(outcome)); d != "" || err != nil || len(on.log) != 1 {
		t.Errorf("%v after %q (-want +got):\n%s", err, on.log, d)
	}
}

// What an answer says is there already, and what it says is gone already, depends on what
// was asked.
func TestAlreadyApplied(t *testing.T) {
	exists, gone, missing := rejected("references already exist"), rejected("One or more removed object references do not exist for …"), fmt.Errorf("x: %w", entra.ErrNotFound)
	for action, want := range map[entra.Action][3]bool{
		entra.ActionAddLink: {true, false, false}, entra.ActionCreateContained: {true, false, false},
		entra.ActionRemoveLink: {false, true, true}, entra.ActionDeleteContained: {false, true, true},
		entra.ActionUpdate: {}, entra.ActionCreate: {}, entra.ActionRestore: {}, entra.ActionUpdateContained: {},
	} {
		if got := [3]bool{alreadyApplied(action, exists), alreadyApplied(action, gone), alreadyApplied(action, missing)}; got != want {
			t.Errorf("%s: %v, want %v", action, got, want)
		}
	}
	for err, want := range map[error]bool{missing: true, rejected("The source resource object or one of the objects being referenced don't exist"): true, rejected("… objects being referenced do not exist"): true,
		rejected("The appId '…' of the service principal does not reference a valid application object"): true,
		rejected("Not a valid reference update."):                                                        true, rejected("no"): false, errors.New("don't exist"): false} {
		if got := replicating(err); got != want {
			t.Errorf("%v: %v, want %v", err, got, want)
		}
	}
}

// ending is a reader that gives no answer at one look.
type ending struct {
	*tenant
	at, looks int
}

func (e *ending) Objects(ctx context.Context, keys []entra.Identity) (Reading, error) {
	if e.looks++; e.looks == e.at {
		return Reading{}, entra.ErrUnavailable
	}
	return e.tenant.Objects(ctx, keys)
}

// Reading that ends on the way is told with what was done: a step that needed it failed,
// and what was not read back is no success.
func TestApplyWhereReadingEnds(t *testing.T) {
	want := object(t, "users/usr", `{"Spec":{"city":"c"}}`)
	for _, tt := range []struct {
		at      int
		err     string
		results []string
	}{
		{1, "apply: read the planned objects: service unavailable", nil},
		{2, "apply: read the planned objects: service unavailable", []string{"users/usr:restore done", "users/usr:update skipped: read the planned objects: service unavailable"}},
		{3, "apply: read back: service unavailable", []string{"users/usr:restore done", "users/usr:update done"}},
	} {
		on := newTenant()
		on.deleted[want.Key] = object(t, "users/usr", `{"Spec":{"city":"d"}}`)
		p := mustPlan(t, input(on, want))
		outcome, err := Run(context.Background(), on, &ending{tenant: on, at: tt.at}, judged(p), noWait)
		if got := fmt.Sprint(err); got != tt.err && (err != nil || tt.err != "") {
			t.Errorf("look %d: %v, want %s", tt.at, err, tt.err)
		}
		if d := cmp.Diff(tt.results, results(outcome)); d != "" {
			t.Errorf("look %d (-want +got):\n%s", tt.at, d)
		}
		if outcome.Complete() && tt.at > 1 && err == nil {
			t.Errorf("look %d: complete", tt.at)
		}
	}
}

// A creation that Graph refuses is refused as a whole: half an object is another one.
func TestApplyTakesNoCreationApart(t *testing.T) {
	on := newTenant()
	p := mustPlan(t, input(on, object(t, "oauth2PermissionGrants/1", `{"Spec":{"clientId":"p1","resourceId":"p2","consentType":"AllPrincipals","scope":"a"}}`)))
	on.fail = func(string, string) error { return rejected("no") }
	outcome := mustApply(t, on, p)
	if d := cmp.Diff([]string{"oauth2PermissionGrants/1:create failed: Request_BadRequest: no: rejected"}, results(outcome)); d != "" || len(on.log) != 1 {
		t.Errorf("%q (-want +got):\n%s", on.log, d)
	}
}

// What is not as the shape says is passed on as it is.
func TestDisableOddElements(t *testing.T) {
	s := &kind.ByName("applications").Shape
	live := map[string]any{"appRoles": []any{"odd", map[string]any{"isEnabled": true}, map[string]any{"id": "r", "isEnabled": true}}}
	want := map[string]any{"appRoles": []any{"odd", map[string]any{"isEnabled": true}, map[string]any{"id": "r", "isEnabled": false}}}
	if d := cmp.Diff(want, disable(s, []string{"appRoles"}, live, nil)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := disable(s, []string{"tags"}, live, nil); got != nil {
		t.Errorf("appRoles is not written, and %v", got)
	}
	if got := off("odd"); got != "odd" {
		t.Errorf("%v", got)
	}
}

// An update is taken apart only where its parts can be written by themselves, and only
// when Graph refused it.
func TestSplits(t *testing.T) {
	step := func(action entra.Action, target string, pointers ...string) entra.Step {
		s := entra.Step{Action: action, Target: target}
		for _, p := range pointers {
			s.Properties = append(s.Properties, entra.PropertyChange{Pointer: p})
		}
		return s
	}
	two := step(entra.ActionUpdate, "", "/spec/city", "/spec/country")
	refused, forbidden := rejected("no"), fmt.Errorf("no: %w", entra.ErrForbidden)
	for _, tt := range []struct {
		name, kind string
		step       entra.Step
		err        error
		want       bool
	}{
		{"refused", "users", two, refused, true},
		{"forbidden", "users", two, forbidden, true},
		{"no service", "users", two, entra.ErrUnavailable, false},
		{"one property", "users", step(entra.ActionUpdate, "", "/spec/city"), refused, false},
		{"two parts of one property", "users", step(entra.ActionUpdate, "", "/spec/employeeOrgData/division", "/spec/employeeOrgData/costCenter"), refused, false},
		{"by PUT", "accessReviewDefinitions", step(entra.ActionUpdate, "", "/spec/displayName", "/spec/settings"), refused, false},
		{"by request", "roleEligibilitySchedules", step(entra.ActionUpdate, "", "/spec/scheduleInfo", "/spec/appScopeId"), refused, false},
		{"in two requests", "authenticationStrengthPolicies", step(entra.ActionUpdate, "", "/spec/displayName", "/spec/allowedCombinations"), refused, false},
		{"by an action", "lifecycleWorkflows", step(entra.ActionUpdate, "", "/spec/displayName", "/spec/tasks"), refused, false},
		{"an element", "applications", step(entra.ActionUpdateContained, "federatedIdentityCredentials", "/contained/federatedIdentityCredentials/a/subject", "/contained/federatedIdentityCredentials/a/issuer"), refused, true},
		{"an element by PUT", "crossTenantAccessPolicyPartners", step(entra.ActionUpdateContained, "identitySynchronization", "/contained/identitySynchronization/a/displayName", "/contained/identitySynchronization/a/userSyncInbound"), refused, false},
		{"an element of the first collection", "authenticationMethodsPolicy", step(entra.ActionUpdateContained, "authenticationMethodConfigurations",
			"/contained/authenticationMethodConfigurations/Sms/state", "/contained/authenticationMethodConfigurations/Sms/excludeTargets"), refused, true},
		{"no element", "applications", step(entra.ActionUpdateContained, "x", "/contained/x/a/subject", "/contained/x/a/issuer"), refused, false},
		{"an element that comes", "applications", step(entra.ActionCreateContained, "x", "/contained/x/a/subject", "/contained/x/a/issuer"), refused, false},
	} {
		if got := splits(kind.ByName(tt.kind), tt.step, tt.err); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := strings.Join(changed(step(entra.ActionUpdate, "", "/spec/city", "/spec", "/spec/country/x", "/spec/city/y")), " "); got != "city country" {
		t.Errorf("changed: %s", got)
	}
}

// A step is judged by what the steps before it wrote, and waits for that to arrive; where
// nothing was written there is nothing to wait for.
func TestApplyFollowsItsOwnWrites(t *testing.T) {
	on := newTenant(object(t, "users/1", `{"Spec":{"city":"a"}}`))
	p := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"}}`)))
	then := p.Steps[0]
	then.ID, then.Properties = "users/1:update:2", []entra.PropertyChange{{Pointer: "/spec/city", Before: "b", After: "c"}}
	p.Steps = append(p.Steps, then)
	mustApply(t, on, p)
	if d := cmp.Diff([]string{`PATCH /users/1 {"city":"b"}`, `PATCH /users/1 {"city":"c"}`}, on.log); d != "" {
		t.Errorf("sent (-want +got):\n%s", d)
	}
	for name, tt := range map[string]struct {
		update error
		sent   int
		want   []string
	}{
		"after a write": {nil, 3, []string{"users/1:update done", "users/1:addLink:manager done"}},
		"after none":    {entra.ErrUnavailable, 2, []string{"users/1:update failed: service unavailable", "users/1:addLink:manager failed: not yet: not found"}},
	} {
		on := newTenant(object(t, "users/1", `{}`))
		p := mustPlan(t, input(on, object(t, "users/1", `{"Spec":{"city":"b"},"Links":{"manager":["p1"]}}`)))
		on.fail = func(method, _ string) error {
			if method == "PATCH" {
				return tt.update
			}
			if len(on.log) == 2 {
				return fmt.Errorf("not yet: %w", entra.ErrNotFound)
			}
			return nil
		}
		outcome := mustApply(t, on, p)
		if d := cmp.Diff(tt.want, results(outcome)); d != "" || len(on.log) != tt.sent {
			t.Errorf("%s: %d sent (-want +got):\n%s", name, len(on.log), d)
		}
	}
}

// A target that cannot be removed does not hold up the others, and alone it is told as it is.
func TestApplyRemovesWhatItCan(t *testing.T) {
	on := newTenant(object(t, "groups/1", `{"Links":{"members":["p1","p2"]}}`))
	p := mustPlan(t, input(on, object(t, "groups/1", `{}`)))
	on.fail = func(_, path string) error {
		if strings.Contains(path, "p1") {
			return rejected("no")
		}
		return nil
	}
	outcome := mustApply(t, on, p)
	if d := cmp.Diff([]string{"groups/1:removeLink:members failed: Request_BadRequest: no: rejected"}, results(outcome)); d != "" || len(on.log) != 2 {
		t.Errorf("%q (-want +got):\n%s", on.log, d)
	}
}
