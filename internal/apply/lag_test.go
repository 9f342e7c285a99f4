package apply

import (
	"context"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
)

// lagging is a tenant whose replicas lag.
func lagging(t *testing.T, lag time.Duration) (*emulated, *clock.Simulated) {
	t.Helper()
	c := clock.NewSimulated(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC))
	return newEmulatedWith(t, emulator.Options{Lag: lag, Now: c.Now}, graph.Config{Clock: c, Transport: c.Transport(nil, 50*time.Millisecond)}), c
}

// settle applies a plan on a simulated clock.
func (e *emulated) settle(c *clock.Simulated, p entra.Plan) entra.Outcome {
	e.Helper()
	outcome, err := Run(context.Background(), e.client, Live{Source: e.client}, judged(p), Options{Base: e.base, Clock: c, Together: 16, Batcher: e.client})
	if err != nil {
		e.Fatal(err)
	}
	return outcome
}

// What is created for good refers to what was created a moment before: an application, its
// service principal, who is assigned to the application, and what it may do. Graph takes each
// once the one before has reached every replica, and says so in a way of its own each time.
func TestApplyCreatesUnderLag(t *testing.T) {
	for _, lag := range []time.Duration{30 * time.Second, 90 * time.Second} {
		e, c := lagging(t, lag)
		var want []*entra.Object
		apps := map[any]bool{}
		for _, sp := range e.objects(kind.ByName("servicePrincipals")) {
			if len(sp.Contained["appRoleAssignedTo"]) == 0 || sp.Status["appOwnerOrganizationId"] != e.tenant {
				continue
			}
			apps[sp.Property("appId")] = true
			want = append(want, sp)
			if len(want) == 3 {
				break
			}
		}
		for _, app := range e.objects(kind.ByName("applications")) {
			if apps[app.Property("appId")] {
				want = append(want, app)
			}
		}
		if len(want) != 6 {
			t.Fatalf("%d objects", len(want))
		}
		for _, o := range want[3:] {
			e.wreck("DELETE", "/applications/"+o.ID, "")
		}
		settled(t, c, lag)
		for _, o := range want {
			e.wreck("DELETE", "/directory/deletedItems/"+o.ID, "")
		}
		settled(t, c, lag)
		p := e.back(want...)
		if len(p.Steps) < len(want) || len(p.Refusals) > 0 {
			t.Fatalf("%+v %+v", p.Steps, p.Refusals)
		}
		outcome := e.settle(c, p)
		if !outcome.Complete() {
			t.Errorf("lag %s: %q\n%+v %+v", lag, results(outcome), outcome.Remaining, outcome.Unverified)
		}
	}
}

// A user who is taken back has the name that he had, not the one of a deleted item, whatever
// the replicas say.
func TestApplyTakesUsersBackUnderLag(t *testing.T) {
	const lag = 45 * time.Second
	e, c := lagging(t, lag)
	var want []*entra.Object
	for _, u := range e.objects(kind.ByName("users")) {
		if u.Status["onPremisesSyncEnabled"] != true && len(u.Links["manager"]) > 0 && len(want) < 6 {
			want = append(want, u)
			e.wreck("DELETE", "/users/"+u.ID, "")
		}
	}
	settled(t, c, lag)
	outcome := e.settle(c, e.back(want...))
	if !outcome.Complete() || len(want) != 6 {
		t.Fatalf("%q\n%+v", results(outcome), outcome.Remaining)
	}
	settled(t, c, lag)
	for _, u := range want {
		if now := e.object(u.Key); now == nil || now.Text("userPrincipalName") != u.Text("userPrincipalName") || now.Links["manager"][0] != u.Links["manager"][0] {
			t.Errorf("%s is %+v", u.Name, now)
		}
	}
}

// A plan made from a replica that still has what is gone fails loudly, and the next one does
// what is to be done.
func TestApplyOfAStalePlan(t *testing.T) {
	const lag = time.Minute
	e, c := lagging(t, lag)
	user := e.victim(kind.ByName("users"))
	e.wreck("PATCH", "/users/"+user.ID, `{"city":"Elsewhere"}`)
	settled(t, c, lag)
	e.wreck("DELETE", "/users/"+user.ID, "")
	p := e.back(user)
	if len(p.Steps) != 1 || p.Steps[0].Action != entra.ActionUpdate {
		t.Fatalf("%+v", p.Steps)
	}
	if outcome := e.settle(c, p); outcome.Complete() || outcome.Steps[0].Result == entra.Done {
		t.Errorf("%q", results(outcome))
	}
	settled(t, c, lag)
	if outcome := e.settle(c, e.back(user)); !outcome.Complete() {
		t.Errorf("%q %+v", results(outcome), outcome.Remaining)
	}
}

// Who is assigned to an application is created again just before.
func TestApplyAssignsUnderLag(t *testing.T) {
	const lag = 40 * time.Second
	e, c := lagging(t, lag)
	group := e.victim(kind.ByName("groups"))
	resource := e.objects(kind.ByName("servicePrincipals"))[2]
	e.wreck("POST", "/servicePrincipals/"+resource.ID+"/appRoleAssignedTo", `{"principalId":"%s","resourceId":"%s","appRoleId":"00000000-0000-0000-0000-000000000000"}`, group.ID, resource.ID)
	settled(t, c, lag)
	resource = e.object(resource.Key)
	e.wreck("DELETE", "/groups/"+group.ID, "")
	settled(t, c, lag)
	e.wreck("DELETE", "/directory/deletedItems/"+group.ID, "")
	settled(t, c, lag)
	p := e.back(group, resource)
	if outcome := e.settle(c, p); !outcome.Complete() || len(p.Refusals) > 0 {
		t.Errorf("%q\n%+v %+v", results(outcome), outcome.Remaining, p.Refusals)
	}
}
