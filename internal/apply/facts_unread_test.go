package apply

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/emulator"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// A rule that lacks a fact is named, with the cause, and so are only those that need it.
func TestFactsThatCannotBeRead(t *testing.T) {
	e := newEmulated(t)
	bg, group := e.named("users", "Emergency Access 1"), e.named("groups", "Break-glass")
	policy := e.objects(kind.ByName("conditionalAccessPolicies"))[0].ID
	breakGlass, all := []string{plan.RuleBreakGlass}, []string{plan.RuleBreakGlass, plan.RuleAdmins, plan.RuleIdentity}
	both := []string{plan.RuleBreakGlass, plan.RuleIdentity}
	user, crew := Protected{BreakGlass: []string{bg}}, Protected{BreakGlass: []string{group}}
	tests := []struct {
		name      string
		path      string
		plan      entra.Plan
		protected Protected
		rules     []string
		cause     string
	}{
		{"the accounts", "/directoryObjects/getByIds", writing("groups", nobody), user, all, "read the break-glass accounts: "},
		{"one account", "/users/" + bg, writing("groups", nobody), user, breakGlass, "read the break-glass accounts: "},
		{"the members of a group", "/groups/*/transitiveMembers", writing("groups", nobody), crew, []string{plan.RuleBreakGlass, plan.RuleAdmins}, "read the members of the break-glass group " + group + ": "},
		{"the groups of an account", "/users/*/memberOf", writing("groups", nobody), user, both, "read the groups of the break-glass accounts: "},
		{"the policies", "/identity/conditionalAccess/policies", writing("groups", nobody), user, both, "read conditionalAccessPolicies: "},
		{"the roles", "/roleManagement/directory/roleAssignments", writing("groups", nobody), user, all, "read roleAssignments: "},
		{"the roles, and nobody is protected", "/roleManagement/directory/roleAssignments", unlinking(group, bg), Protected{}, []string{plan.RuleAdmins}, "read roleAssignments: "},
		{"who can sign in", "/users/*", unlinking(group, bg), Protected{}, []string{plan.RuleAdmins}, "read the Global Administrators: "},
		{"who the administrators are", "/directoryObjects/getByIds", unlinking(group, bg), Protected{}, []string{plan.RuleAdmins}, "read the Global Administrators: "},
		{"a planned policy", "/identity/conditionalAccess/policies/*", writing("conditionalAccessPolicies", policy), Protected{}, both, "read conditionalAccessPolicies/" + policy + ": "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, fault := range []emulator.Fault{{Path: tt.path, Status: 403}, {Path: tt.path, Status: 200, Body: "["}} {
				e.fail(t, fault)
				facts := e.facts(tt.plan, tt.protected)
				e.heal()
				var rules []string
				for rule, err := range facts.Unknown {
					rules = append(rules, rule)
					if !strings.HasPrefix(err.Error(), tt.cause) || errors.Is(err, entra.ErrForbidden) != (fault.Status == 403) {
						t.Errorf("%d: %s: %v, want %q", fault.Status, rule, err, tt.cause)
					}
				}
				slices.Sort(rules)
				if d := cmp.Diff(slices.Sorted(slices.Values(tt.rules)), rules); d != "" {
					t.Errorf("%d: (-want +got):\n%s", fault.Status, d)
				}
			}
		})
	}
}

// Who runs this matters to a plan that writes anything, and why nobody knows is told
// before what follows from it.
func TestFactsOfWhoRunsThis(t *testing.T) {
	e := newEmulated(t)
	signedOut := errors.New("nobody is signed in")
	for name, tt := range map[string]struct {
		plan entra.Plan
		err  error
		want error
	}{
		"known": {writing("organization", "x"), nil, nil}, "not known": {writing("organization", "x"), signedOut, signedOut},
		"not known, nothing to write": {entra.Plan{}, signedOut, nil},
	} {
		if got := e.facts(tt.plan, Protected{SelfErr: tt.err}).Unknown[plan.RuleIdentity]; !errors.Is(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	e.fail(t, emulator.Fault{Path: "/identity/conditionalAccess/policies/*", Status: 403})
	facts := e.facts(writing("conditionalAccessPolicies", nobody), Protected{SelfErr: signedOut})
	if !errors.Is(facts.Unknown[plan.RuleIdentity], signedOut) || facts.Unknown[plan.RuleBreakGlass] == nil {
		t.Errorf("the first cause is not kept: %v", facts.Unknown)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Facts(ctx, e.client, writing("groups", nobody), Protected{BreakGlass: []string{nobody}}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Of a kind that shares its collection with others only its own objects are read.
func TestFactsReadNoOtherKind(t *testing.T) {
	e := newEmulated(t)
	k := kind.ByName("roleManagementPolicies")
	r := &factReader{src: e.client, address: kind.Addresses{Tenant: e.tenant}}
	objects, err := r.all(context.Background(), k)
	if err != nil || len(objects) == 0 {
		t.Fatal(err, len(objects))
	}
	for _, o := range objects {
		if o.Text("scopeType") != "DirectoryRole" {
			t.Errorf("%s is of %v", o.Key, o.Property("scopeType"))
		}
	}
}
