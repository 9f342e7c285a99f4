package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// logged is a source that notes what it is asked for, and may end at something.
type logged struct {
	capture.Source
	asked   []string
	batches int
	ends    string // a path at which the sign-in is over
}

func (l *logged) List(ctx context.Context, path string, query url.Values) iter.Seq2[[]byte, error] {
	l.asked = append(l.asked, path)
	return l.Source.List(ctx, path, query)
}

func (l *logged) Batch(ctx context.Context, reqs []graph.BatchRequest) ([]graph.BatchResponse, error) {
	l.batches++
	for _, r := range reqs {
		path, _, _ := strings.Cut(r.Path, "?")
		l.asked = append(l.asked, path)
		if l.ends != "" && strings.HasPrefix(path, l.ends) {
			return nil, entra.ErrUnauthenticated
		}
	}
	return l.Source.Batch(ctx, reqs)
}

// named is the id of the object of a kind that has a name.
func (e *emulated) named(kindName, name string) string {
	e.Helper()
	k := kind.ByName(kindName)
	for body, err := range e.client.List(context.Background(), kind.Addresses{Tenant: e.tenant}.Collection(k), nil) {
		if err != nil {
			e.Fatal(err)
		}
		var o struct{ ID, DisplayName string }
		if err := json.Unmarshal(body, &o); err != nil {
			e.Fatal(err)
		}
		if o.DisplayName == name {
			return o.ID
		}
	}
	e.Fatalf("there is no %s %s", k.Title, name)
	return ""
}

// do makes a request and returns the id of what it made.
func (e *emulated) do(method, path, body string) string {
	e.Helper()
	answer, err := e.client.Do(context.Background(), method, path, []byte(body))
	if err != nil {
		e.Fatalf("%s %s: %v", method, path, err)
	}
	var o struct{ ID string }
	_ = json.Unmarshal(answer, &o) // an answer without a body has no id
	return o.ID
}

// user and group make one each, group with members.
func (e *emulated) user(name, more string) string {
	return e.do("POST", "/users", fmt.Sprintf(`{"displayName":%q,"mailNickname":%[1]q,"userPrincipalName":%[2]q,"passwordProfile":{"password":"xWwvJ]6NMw+bWH-d"}%s}`,
		name, name+"@contoso.com", more))
}

func (e *emulated) group(name string, members ...string) string {
	id := e.do("POST", "/groups", fmt.Sprintf(`{"displayName":%q,"mailEnabled":false,"mailNickname":%q,"securityEnabled":true}`, name, strings.ReplaceAll(name, " ", "")))
	for _, m := range members {
		e.do("POST", "/groups/"+id+"/members/$ref", fmt.Sprintf(`{"@odata.id":"%s/directoryObjects/%s"}`, e.base, m))
	}
	return id
}

func (e *emulated) facts(p entra.Plan, protected Protected) plan.Facts {
	e.Helper()
	facts, err := Facts(context.Background(), e.client, p, protected)
	if err != nil {
		e.Fatal(err)
	}
	return facts
}

// fail makes requests fail until the test ends.
func (e *emulated) fail(t *testing.T, faults ...emulator.Fault) {
	t.Helper()
	if err := e.server.AddFaults(faults...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.heal)
}

// writing is a plan with an update of an object of a kind.
func writing(kindName, id string) entra.Plan {
	return entra.Plan{Steps: []entra.Step{{ID: "1", Key: entra.Key{Kind: kindName, ID: id}, Action: entra.ActionUpdate}}}
}

// unlinking is a plan that takes a member from a group.
func unlinking(group, member string) entra.Plan {
	return entra.Plan{Steps: []entra.Step{{ID: "1", Key: entra.Key{Kind: "groups", ID: group}, Action: entra.ActionRemoveLink, Target: "members",
		Links: []entra.LinkChange{{Link: "members", Removed: []string{member}}}}}}
}

const nobody = "00000000-0000-0000-0000-00000000dead"

// What nobody can be locked out by is written without looking at who could be.
func TestFactsAreReadForWhatChangesAccess(t *testing.T) {
	e := newEmulated(t)
	protected := Protected{BreakGlass: []string{e.named("users", "Emergency Access 1")}}
	for kindName, want := range map[string]bool{
		"conditionalAccessPolicies": true, "groups": true, "users": true, "servicePrincipals": true, "roleAssignments": true,
		"namedLocations": true, "authenticationStrengthPolicies": true, "devices": false, "applications": false, "organization": false,
	} {
		src := &logged{Source: e.client}
		facts, err := Facts(context.Background(), src, writing(kindName, nobody), protected)
		if err != nil {
			t.Fatal(err)
		}
		if len(facts.Accounts) > 0 != want || len(facts.Enforcing) > 0 != want || len(facts.MemberOf) > 0 != want || len(facts.Assignments) > 0 != want {
			t.Errorf("%s: %d accounts, %d policies, %d groups, %d roles", kindName, len(facts.Accounts), len(facts.Enforcing), len(facts.MemberOf), len(facts.Assignments))
		}
		if !want && len(src.asked) > 0 {
			t.Errorf("%s: asked for %q", kindName, src.asked)
		}
		if len(facts.Unknown) > 0 {
			t.Errorf("%s: unknown %v", kindName, facts.Unknown)
		}
	}
	src := &logged{Source: e.client}
	if _, err := Facts(context.Background(), src, writing("groups", nobody), Protected{}); err != nil || len(src.asked) > 0 {
		t.Errorf("nobody is protected, and %v, asked for %q", err, src.asked)
	}
}

// Who must be able to sign in: each account by itself and in the role that it has.
func TestFactsOfAccounts(t *testing.T) {
	e := newEmulated(t)
	bg1, bg2, group := e.named("users", "Emergency Access 1"), e.named("users", "Emergency Access 2"), e.named("groups", "Break-glass")
	app := e.objects(kind.ByName("servicePrincipals"))[0]
	guest := e.user("guest", `,"accountEnabled":true,"userType":"Guest"`)
	device := e.objects(kind.ByName("devices"))[0].ID
	mixed := e.group("mixed", guest, app.ID, device)
	account := func(kindName, id, name, role string) plan.Account {
		return plan.Account{Key: entra.Key{Kind: kindName, ID: id}, Name: name, Role: role}
	}
	first := account("users", bg1, "Emergency Access 1", "the break-glass user")
	own := account("users", bg1, "Emergency Access 1", "the identity that runs, user")
	own.Self = true
	visitor := account("users", guest, "guest", "the break-glass user (in group mixed)")
	visitor.Guest = true
	inGroup := func(id, name string) plan.Account {
		return account("users", id, name, "the break-glass user (in group Break-glass)")
	}
	tests := []struct {
		name      string
		protected Protected
		want      []plan.Account
		unknown   string
	}{
		{"a user", Protected{BreakGlass: []string{bg1}}, []plan.Account{first}, ""},
		{"a group and its members", Protected{BreakGlass: []string{group}}, []plan.Account{
			account("groups", group, "Break-glass", "the break-glass group"), inGroup(bg1, "Emergency Access 1"), inGroup(bg2, "Emergency Access 2")}, ""},
		{"a user that a group holds as well", Protected{BreakGlass: []string{bg1, group}}, []plan.Account{
			first, account("groups", group, "Break-glass", "the break-glass group"), inGroup(bg2, "Emergency Access 2")}, ""},
		{"who runs this", Protected{Self: plan.Self{ID: bg1}}, []plan.Account{own}, ""},
		{"who runs this, and must always be able to sign in", Protected{BreakGlass: []string{bg1}, Self: plan.Self{ID: bg1}}, []plan.Account{first, own}, ""},
		{"who runs this is not in the tenant", Protected{Self: plan.Self{ID: nobody}}, nil, ""},
		{"what cannot sign in is no account", Protected{BreakGlass: []string{mixed}}, []plan.Account{
			account("groups", mixed, "mixed", "the break-glass group"), visitor,
			account("servicePrincipals", app.ID, app.Name, "the break-glass service principal (in group mixed)")}, ""},
		{"nobody", Protected{BreakGlass: []string{nobody, bg1}}, []plan.Account{first}, "guards.breakGlass " + nobody + ": no user or group"},
		{"a name", Protected{BreakGlass: []string{"emergency@contoso.com"}}, nil, "guards.breakGlass emergency@contoso.com: no user or group"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			facts := e.facts(writing("groups", nobody), tt.protected)
			byID := func(a, b plan.Account) int { return strings.Compare(a.Role+a.Name, b.Role+b.Name) }
			slices.SortFunc(facts.Accounts, byID)
			slices.SortFunc(tt.want, byID)
			if d := cmp.Diff(tt.want, facts.Accounts); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			err := facts.Unknown[plan.RuleBreakGlass]
			if (err != nil) != (tt.unknown != "") || err != nil && !strings.HasPrefix(err.Error(), tt.unknown) {
				t.Errorf("unknown %v, want %q", err, tt.unknown)
			}
		})
	}
}

// A group of more accounts than anybody guards is not taken for one, and its first
// hundred is not taken for all.
func TestFactsOfACrowd(t *testing.T) {
	e := newEmulated(t)
	var crowd []string
	for i := range ManyMembers + 1 {
		crowd = append(crowd, e.user(fmt.Sprint("u", i), `,"accountEnabled":true`))
	}
	whole, most := e.group("whole", crowd...), e.group("most", crowd[1:]...)
	for id, want := range map[string]string{whole: "the break-glass group " + whole + " has more than 100 members", most: "<nil>"} {
		facts := e.facts(writing("groups", nobody), Protected{BreakGlass: []string{id}})
		if got := fmt.Sprint(facts.Unknown[plan.RuleBreakGlass]); got != want {
			t.Errorf("unknown %s, want %s", got, want)
		}
	}
}

// Groups are followed up through groups, and through those that the plan lets an account
// into, each asked for once.
func TestFactsOfMembership(t *testing.T) {
	e := newEmulated(t)
	bg := e.user("bg", `,"accountEnabled":true`)
	inner := e.group("inner", bg)
	outer := e.group("outer", inner)
	joined := e.group("joined")
	above := e.group("above", joined)
	e.do("POST", "/groups/"+inner+"/members/$ref", fmt.Sprintf(`{"@odata.id":"%s/directoryObjects/%s"}`, e.base, outer)) // a circle
	unit := e.do("POST", "/directory/administrativeUnits", `{"displayName":"unit"}`)                                     // leads on to nothing
	e.do("POST", "/directory/administrativeUnits/"+unit+"/members/$ref", fmt.Sprintf(`{"@odata.id":"%s/users/%s"}`, e.base, bg))
	p := entra.Plan{Steps: []entra.Step{
		{ID: "1", Key: entra.Key{Kind: "groups", ID: joined}, Action: entra.ActionAddLink, Target: "members", Links: []entra.LinkChange{{Link: "members", Added: []string{nobody, bg}}}},
		{ID: "2", Key: entra.Key{Kind: "groups", ID: above}, Action: entra.ActionAddLink, Target: "members", Links: []entra.LinkChange{{Link: "members", Added: []string{nobody}}}},
		{ID: "3", Key: entra.Key{Kind: "namedLocations", ID: nobody}, Action: entra.ActionUpdate},
	}}
	src := &logged{Source: e.client}
	facts, err := Facts(context.Background(), src, p, Protected{BreakGlass: []string{bg}})
	if err != nil || len(facts.Unknown) > 0 {
		t.Fatal(err, facts.Unknown)
	}
	for _, of := range facts.MemberOf {
		slices.Sort(of)
	}
	want := map[string][]string{bg: {inner}, inner: {outer}, outer: {inner}, joined: {above}, above: {}}
	if d := cmp.Diff(want, facts.MemberOf); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if n := len(slices.DeleteFunc(slices.Clone(src.asked), func(p string) bool { return !strings.HasSuffix(p, "/memberOf") })); n != len(want) {
		t.Errorf("asked %d times who is in what: %q", n, src.asked)
	}
}

// The last Global Administrators are counted where a plan may take the role from
// somebody, and by who can sign in.
func TestFactsOfAdmins(t *testing.T) {
	const supreme, reader = "62e90394-69f5-4237-9190-012177145e10", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	e := newEmulated(t)
	assign := func(principal, role, scope string) {
		e.do("POST", "/roleManagement/directory/roleAssignments", fmt.Sprintf(`{"principalId":%q,"roleDefinitionId":%q,"directoryScopeId":%q}`, principal, role, scope))
	}
	on, off := e.user("on", `,"accountEnabled":true`), e.user("off", `,"accountEnabled":false`)
	other, scoped := e.user("other", `,"accountEnabled":true`), e.user("scoped", `,"accountEnabled":true`)
	inside := e.user("inside", `,"accountEnabled":true`)
	app := e.objects(kind.ByName("servicePrincipals"))[0].ID
	group := e.do("POST", "/groups", `{"displayName":"admins","mailEnabled":false,"mailNickname":"admins","securityEnabled":true,"isAssignableToRole":true}`)
	for _, m := range []string{inside, app} {
		e.do("POST", "/groups/"+group+"/members/$ref", fmt.Sprintf(`{"@odata.id":"%s/directoryObjects/%s"}`, e.base, m))
	}
	unit := e.do("POST", "/directory/administrativeUnits", `{"displayName":"unit"}`)
	for _, principal := range []string{on, off, app, group} {
		assign(principal, supreme, "/")
	}
	assign(other, reader, "/")
	assign(scoped, "fe930be7-5e62-47db-91af-98c3a49a38b1", "/administrativeUnits/"+unit) // User Administrator
	facts := e.facts(unlinking(group, inside), Protected{})
	if len(facts.Unknown) > 0 || len(facts.Accounts) > 0 {
		t.Fatal(facts.Unknown, facts.Accounts)
	}
	members := facts.Members[group]
	slices.Sort(members)
	wanted := []string{inside, app}
	slices.Sort(wanted)
	if d := cmp.Diff(wanted, members); d != "" || len(facts.Members) != 1 {
		t.Errorf("(-want +got):\n%s", d)
	}
	for id, want := range map[string]bool{on: false, inside: false, off: true, app: true} {
		if blocked, known := facts.Blocked[id]; !known || blocked != want {
			t.Errorf("%s: blocked %v, known %v", id, blocked, known)
		}
	}
	for _, id := range []string{other, scoped, group} {
		if _, known := facts.Blocked[id]; known {
			t.Errorf("%s was asked for", id)
		}
	}
	// Nobody loses a role by these.
	blocking := writing("users", on)
	blocking.Steps[0].Properties = []entra.PropertyChange{{Pointer: "/spec/accountEnabled", Before: true, After: false}}
	adding := unlinking(group, inside)
	adding.Steps[0].Action = entra.ActionAddLink
	owners := unlinking(group, inside)
	owners.Steps[0].Target = "owners"
	for name, tt := range map[string]struct {
		plan entra.Plan
		want bool
	}{"an account is switched off": {blocking, true}, "a member is added": {adding, false}, "an owner goes": {owners, false}, "a user is renamed": {writing("users", on), false}} {
		facts := e.facts(tt.plan, Protected{})
		if got := len(facts.Blocked) > 0; got != tt.want || len(facts.Assignments) > 0 != tt.want {
			t.Errorf("%s: %d asked for, %d assignments", name, len(facts.Blocked), len(facts.Assignments))
		}
	}
}

// Planned objects are read where a rule must know more of them than the plan says.
func TestFactsOfPlannedObjects(t *testing.T) {
	e := newEmulated(t)
	policies := e.objects(kind.ByName("conditionalAccessPolicies"))
	first := func(kindName string) entra.Key { return e.objects(kind.ByName(kindName))[0].Key }
	e.do("DELETE", "/identity/conditionalAccess/policies/"+policies[1].ID, "")
	self := plan.Self{ID: nobody, AppID: nobody}
	for name, tt := range map[string]struct {
		key    entra.Key
		self   plan.Self
		wanted bool
	}{
		"a policy": {policies[0].Key, plan.Self{}, true}, "a deleted policy": {policies[1].Key, plan.Self{}, true},
		"an application": {first("applications"), self, true}, "a service principal": {first("servicePrincipals"), self, true},
		"a grant": {first("oauth2PermissionGrants"), self, true}, "a group": {first("groups"), self, false},
		"a package, which refers to a catalogue":         {first("accessPackages"), self, false},
		"an application, and nobody knows who runs this": {first("applications"), plan.Self{}, false},
	} {
		facts := e.facts(writing(tt.key.Kind, tt.key.ID), Protected{Self: tt.self})
		if o := facts.Live[tt.key]; (o != nil) != tt.wanted || len(facts.Unknown) > 0 {
			t.Errorf("%s: read %v, unknown %v", name, o, facts.Unknown)
		}
	}
}
