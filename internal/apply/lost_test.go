package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/clock"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// wreck sends a write that is part of what happens in a test.
func (e *emulated) wreck(method, path, body string, args ...any) []byte {
	e.Helper()
	var raw []byte
	if body != "" {
		raw = fmt.Appendf(nil, body, args...)
	}
	answer, err := e.client.Do(context.Background(), method, path, raw)
	if err != nil {
		e.Fatal(err)
	}
	return answer
}

// back plans how to put objects back, whatever that takes.
func (e *emulated) back(want ...*entra.Object) entra.Plan {
	e.Helper()
	var sought []entra.Identity
	for _, o := range want {
		sought = append(sought, plan.IdentityOf(kind.ByName(o.Kind), o, o.ID))
	}
	live, err := readLive(context.Background(), e.client, sought)
	if err != nil {
		e.Fatal(err)
	}
	in := plan.Input{Tenant: e.tenant, Now: live.Coverage, Prune: true, Recreate: true}
	for _, o := range want {
		now := live.Objects[o.Key]
		deleted := now == nil && live.Deleted[o.Key] != nil
		if deleted {
			now = live.Deleted[o.Key]
		}
		in.Add(plan.Selected{Want: o, Read: capture.Extent(kind.ByName(o.Kind)).Of(o.ID), Now: now, Deleted: deleted})
	}
	made, err := plan.New(in)
	if err != nil {
		e.Fatal(err)
	}
	return made
}

// faults counts those that are still to come.
func (e *emulated) faults() int {
	e.Helper()
	resp, err := http.Get(strings.TrimSuffix(e.base, "/v1.0") + "/_emulator/faults")
	if err != nil {
		e.Fatal(err)
	}
	defer resp.Body.Close()
	var list []emulator.Fault
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil {
		e.Fatal(err)
	}
	return len(list)
}

// taken counts the writes of a method that were carried out, "*" of any.
func (e *emulated) taken(method string) int {
	n := 0
	for _, q := range e.server.Requests() {
		if q.Write && (method == "*" || q.Method == method) && q.Status < 300 {
			n++
		}
	}
	return n
}

// incidents are one for each action of a plan: what happens to an object, whose writing the
// fault meets, and the action that undoes it.
var incidents = []struct {
	action         entra.Action
	kind           string
	method, writes string
	happens        func(e *emulated, o *entra.Object)
}{
	{entra.ActionRestore, "users", "POST", "/directory/deletedItems/*/restore", func(e *emulated, o *entra.Object) {
		e.wreck("DELETE", "/users/"+o.ID, "")
	}},
	{entra.ActionCreate, "oauth2PermissionGrants", "POST", "/oauth2PermissionGrants", func(e *emulated, o *entra.Object) {
		e.wreck("DELETE", "/oauth2PermissionGrants/"+o.ID, "")
	}},
	{entra.ActionCreate, "administrativeUnits", "POST", "/directory/administrativeUnits", func(e *emulated, o *entra.Object) {
		e.wreck("DELETE", "/directory/administrativeUnits/"+o.ID, "")
		e.wreck("DELETE", "/directory/deletedItems/"+o.ID, "")
	}},
	{entra.ActionUpdate, "groups", "PATCH", "/groups/*", func(e *emulated, o *entra.Object) {
		e.wreck("PATCH", "/groups/"+o.ID, `{"description":"another"}`)
	}},
	{entra.ActionUpdate, "conditionalAccessPolicies", "PATCH", "/identity/conditionalAccess/policies/*", func(e *emulated, o *entra.Object) {
		e.wreck("PATCH", "/identity/conditionalAccess/policies/"+o.ID, `{"displayName":"another"}`)
	}},
	{entra.ActionAddLink, "groups", "*", "/groups/*/members/**", func(e *emulated, o *entra.Object) {
		e.wreck("DELETE", "/groups/"+o.ID+"/members/"+o.Links["members"][0]+"/$ref", "")
	}},
	{entra.ActionRemoveLink, "groups", "DELETE", "/groups/*/owners/*/$ref", func(e *emulated, o *entra.Object) {
		id, _ := identitiesIn(e.wreck("POST", "/users", `{"accountEnabled":true,"displayName":"Eve","mailNickname":"eve","userPrincipalName":"eve@contoso.com","passwordProfile":{"password":"x8Q!kdl2ss"}}`))
		e.wreck("POST", "/groups/"+o.ID+"/owners/$ref", `{"@odata.id":%q}`, e.base+"/directoryObjects/"+id)
	}},
	{entra.ActionCreateContained, "applications", "POST", "/applications/*/federatedIdentityCredentials", func(e *emulated, o *entra.Object) {
		e.wreck("DELETE", "/applications/"+o.ID+"/federatedIdentityCredentials/"+credential(o), "")
	}},
	{entra.ActionUpdateContained, "applications", "PATCH", "/applications/*/federatedIdentityCredentials/*", func(e *emulated, o *entra.Object) {
		e.wreck("PATCH", "/applications/"+o.ID+"/federatedIdentityCredentials/"+credential(o), `{"subject":"another"}`)
	}},
	{entra.ActionDeleteContained, "applications", "DELETE", "/applications/*/federatedIdentityCredentials/*", func(e *emulated, o *entra.Object) {
		e.wreck("POST", "/applications/"+o.ID+"/federatedIdentityCredentials", `{"name":"more","issuer":"https://evil.example","subject":"s","audiences":["api://AzureADTokenExchange"]}`)
	}},
}

// credential is the id of an application's first federated credential.
func credential(o *entra.Object) string {
	for _, id := range o.IDs["federatedIdentityCredentials"] {
		return id
	}
	return ""
}

// victim is an object to which the incident can happen.
func (e *emulated) victim(k *kind.Kind) *entra.Object {
	e.Helper()
	for _, o := range e.objects(k) {
		switch {
		case k.Name == "groups" && (len(o.Links["members"]) == 0 || len(o.Links["owners"]) == 0 || o.Text("membershipRule") != "" || o.Spec["isAssignableToRole"] == true || o.Status["onPremisesSyncEnabled"] == true):
		case k.Name == "applications" && len(o.Contained["federatedIdentityCredentials"]) == 0:
		case k.Name == "users" && o.Status["onPremisesSyncEnabled"] == true:
		default:
			return o
		}
	}
	e.Fatalf("no %s", k.Name)
	return nil
}

// Whatever becomes of a write's answer, the end is the same, nothing is made twice, and the
// outcome says so.
func TestApplyWhereAnswersAreLost(t *testing.T) {
	for _, fault := range []struct {
		name string
		emulator.Fault
	}{
		{"the answer is lost", emulator.Fault{Drop: true}},
		{"504 although it was done", emulator.Fault{Status: 504, After: true}},
		{"504, and it was not done", emulator.Fault{Status: 504}},
		{"the connection breaks before it is done", emulator.Fault{Status: 500, Drop: true}},
		{"two writes met", emulator.Fault{Status: 409}},
		{"500 although it was done", emulator.Fault{Status: 500, After: true}},
	} {
		for _, in := range incidents {
			t.Run(fault.name+"/"+string(in.action)+" "+in.kind, func(t *testing.T) {
				e := newEmulated(t)
				k := kind.ByName(in.kind)
				want := e.victim(k)
				count := len(e.objects(k))
				in.happens(e, want)
				p := e.back(want)
				if len(p.Steps) == 0 || p.Steps[0].Action != in.action {
					t.Fatalf("%+v", p.Steps)
				}
				f := fault.Fault
				f.Method, f.Path, f.Count = strings.Trim(in.method, "*"), in.writes, 1
				e.server.ClearLog()
				if err := e.server.AddFaults(f); err != nil {
					t.Fatal(err)
				}
				outcome, err := Run(context.Background(), e.client, Live{Source: e.client}, judged(p), Options{Base: e.base, Clock: hasty{}, Together: 8, Batcher: e.client})
				if err != nil || !outcome.Complete() {
					t.Fatalf("%v %q %+v", err, results(outcome), outcome.Remaining)
				}
				if met := e.faults(); met != 0 {
					t.Error("the fault met nothing")
				}
				if n := e.taken(in.method); in.method != "PATCH" && n > 1 && len(p.Renewed) == 0 {
					t.Errorf("%d writes were carried out: %+v", n, e.server.Requests())
				}
				for _, s := range outcome.Lineage { // which the snapshot does not know
					want = &entra.Object{Key: entra.Key{Kind: s.Kind, ID: s.New}, Spec: want.Spec, Links: want.Links}
				}
				if left := e.back(want); len(left.Steps) > 0 || len(left.Refusals) > 0 {
					t.Errorf("left: %+v %+v", left.Steps, left.Refusals)
				}
				if now := len(e.objects(k)); now != count {
					t.Errorf("%d %s, and %d before", now, k.Name, count)
				}
			})
		}
	}
}

// settled lets every replica know of what was written.
func settled(t *testing.T, c *clock.Simulated, lag time.Duration) {
	t.Helper()
	if err := c.Sleep(t.Context(), lag); err != nil {
		t.Fatal(err)
	}
}

// What is written right after an object came back waits until that has reached every
// replica, for all objects at the same time, and so does what is read back.
func TestApplyWaitsUntilWhatCameBackIsThere(t *testing.T) {
	const lag = 70 * time.Second
	c := clock.NewSimulated(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC))
	e := newEmulatedWith(t, emulator.Options{Lag: lag, Now: c.Now}, graph.Config{Clock: c, Transport: c.Transport(nil, 50*time.Millisecond)})
	groups := e.objects(kind.ByName("groups"))
	var want []*entra.Object
	for _, g := range groups {
		if len(g.Links["members"]) > 0 && g.Text("membershipRule") == "" && g.Spec["isAssignableToRole"] != true && g.Spec["assignedLicenses"] == nil && g.Status["onPremisesSyncEnabled"] != true && len(want) < 10 {
			want = append(want, g)
			e.wreck("PATCH", "/groups/"+g.ID, `{"description":"another"}`)
			e.wreck("DELETE", "/groups/"+g.ID+"/members/"+g.Links["members"][0]+"/$ref", "")
			e.wreck("DELETE", "/groups/"+g.ID, "")
		}
	}
	settled(t, c, lag) // a replica that still had the groups would have them updated
	p, begun := e.back(want...), c.Now()
	outcome, err := Run(context.Background(), e.client, Live{Source: e.client}, judged(p), Options{Base: e.base, Clock: c, Together: 64, Batcher: e.client})
	if err != nil || !outcome.Complete() || len(want) != 10 {
		t.Fatalf("%v %q %+v", err, results(outcome), outcome.Remaining)
	}
	// The writes wait for the objects and the reading for the writes, each up to twice the lag,
	// since waiting doubles; one object after the other would take ten times that.
	if took := c.Now().Sub(begun); took < lag || took > 4*lag {
		t.Errorf("it took %s", took)
	}
}

// A creation under a new id whose answer was lost is found by its name and what it holds, and
// not made a second time.
func TestApplyFindsWhatItHasCreated(t *testing.T) {
	for _, fault := range []struct {
		name string
		emulator.Fault
		lag time.Duration
	}{
		{"the answer is lost", emulator.Fault{Drop: true}, 0},
		{"504 although it was done", emulator.Fault{Status: 504, After: true}, 0},
		{"504, and it was not done", emulator.Fault{Status: 504}, 0},
		{"the answer is lost, and it takes a while to show", emulator.Fault{Drop: true}, 40 * time.Second},
	} {
		for _, name := range []string{"groups", "administrativeUnits", "conditionalAccessPolicies"} {
			t.Run(fault.name+"/"+name, func(t *testing.T) {
				c := clock.NewSimulated(time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC))
				e := newEmulatedWith(t, emulator.Options{Lag: fault.lag, Now: c.Now}, graph.Config{Clock: c, Transport: c.Transport(nil, 50*time.Millisecond)})
				k := kind.ByName(name)
				want, count := e.victim(k), len(e.objects(k))
				e.wreck("DELETE", kind.Addresses{}.Object(k, want.ID), "")
				e.wreck("DELETE", kind.Addresses{}.Deleted(k, want.ID), "")
				settled(t, c, fault.lag)
				p := e.back(want)
				if len(p.Steps) == 0 || p.Steps[0].Action != entra.ActionCreate {
					t.Fatalf("%+v %+v", p.Steps, p.Refusals)
				}
				f := fault.Fault
				f.Method, f.Path, f.Count = "POST", k.Path, 1
				e.server.ClearLog()
				if err := e.server.AddFaults(f); err != nil {
					t.Fatal(err)
				}
				outcome, err := Run(context.Background(), e.client, Live{Source: e.client}, judged(p), Options{Base: e.base, Clock: c, Together: 8, Batcher: e.client})
				if err != nil || outcome.Steps[0].Result != entra.Done || len(outcome.Lineage) == 0 || e.faults() != 0 {
					t.Fatalf("%v %q %+v", err, results(outcome), outcome.Lineage)
				}
				if err := c.Sleep(t.Context(), fault.lag); err != nil {
					t.Fatal(err)
				}
				if now := len(e.objects(k)); now != count {
					t.Errorf("%d %s, and %d before", now, k.Name, count)
				}
			})
		}
	}
}
