package plan_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

const (
	glassID  = "00000000-0000-4000-8000-00000000000a"
	otherID  = "00000000-0000-4000-8000-00000000000b"
	exemptID = "00000000-0000-4000-8000-00000000000c"
	outerID  = "00000000-0000-4000-8000-00000000000d"
	selfID   = "00000000-0000-4000-8000-00000000000e"
	roleID   = "00000000-0000-4000-8000-00000000000f"
	supreme  = "62e90394-69f5-4237-9190-012177145e10"
)

// set is one changed property of an update.
func set(pointer string, before, after any) entra.PropertyChange {
	return entra.PropertyChange{Pointer: pointer, Before: before, After: after}
}

func update(kindName, id string, changes ...entra.PropertyChange) entra.Step {
	return entra.Step{ID: kindName + id, Key: entra.Key{Kind: kindName, ID: id}, Action: entra.ActionUpdate, Properties: changes}
}

func link(action entra.Action, kindName, id, name string, ids ...string) entra.Step {
	change := entra.LinkChange{Link: name}
	if action == entra.ActionAddLink {
		change.Added = ids
	} else {
		change.Removed = ids
	}
	return entra.Step{ID: name + id, Key: entra.Key{Kind: kindName, ID: id}, Action: action, Target: name, Links: []entra.LinkChange{change}}
}

// policy is a Conditional Access policy with users, by scope.
func policy(id, state string, users map[string]any, more ...map[string]any) *entra.Object {
	conditions := map[string]any{"users": users}
	spec := map[string]any{"state": state, "conditions": conditions}
	for _, m := range more {
		for name, v := range m {
			if name == "grantControls" {
				spec[name] = v
			} else {
				conditions[name] = v
			}
		}
	}
	return &entra.Object{Key: entra.Key{Kind: "conditionalAccessPolicies", ID: id}, Name: id, Spec: spec}
}

func ids(list ...any) []any { return list }

// facts are those of a tenant with policies in which Glass is a break-glass account in the
// group Exempt, which is in Outer.
func facts(policies ...*entra.Object) plan.Facts {
	f := plan.Facts{
		Limits:    plan.Limits{Writes: plan.Limit{Most: 3, Percent: 25}, Deletions: plan.Limit{Most: 2, Percent: 10}},
		Sizes:     map[string]int{"groups": 40, "users": 19},
		Enforcing: map[entra.Key]*entra.Object{}, Live: map[entra.Key]*entra.Object{},
		Accounts: []plan.Account{{Key: entra.Key{Kind: "users", ID: glassID}, Name: "Glass", Role: "the break-glass user"}},
		MemberOf: map[string][]string{glassID: {exemptID}, exemptID: {outerID}, outerID: {}},
	}
	for _, p := range policies {
		f.Enforcing[p.Key] = p
	}
	return f
}

const ca = "conditionalAccessPolicies"

var everybody = map[string]any{"includeUsers": ids("All")}

// grants is an assignment of a role for the whole directory.
func grants(principal, role string) *entra.Object {
	return &entra.Object{Key: entra.Key{Kind: "roleAssignments", ID: principal + role}, Spec: map[string]any{
		"principalId": principal, "roleDefinitionId": role, "directoryScopeId": "/",
	}}
}

// Each case is a plan that a guard holds back, or (with no rule) a near miss that none
// does.
func TestGuards(t *testing.T) {
	deleted := facts()
	deleted.Live[entra.Key{Kind: ca, ID: "p"}] = policy("p", "enabled", everybody)
	restore := entra.Step{ID: "r", Key: entra.Key{Kind: ca, ID: "p"}, Action: entra.ActionRestore}
	role := facts(policy("p", "enabled", map[string]any{"includeRoles": ids(roleID)}))
	assign := entra.Step{ID: "c", Key: entra.Key{Kind: "roleAssignments", ID: "a"}, Action: entra.ActionCreate, Properties: []entra.PropertyChange{
		set("/spec/principalId", nil, exemptID), set("/spec/roleDefinitionId", nil, roleID), set("/spec/directoryScopeId", nil, "/"),
	}}
	inUnit := assign
	inUnit.Properties = slices.Clone(assign.Properties)
	inUnit.Properties[2] = set("/spec/directoryScopeId", nil, "/administrativeUnits/"+outerID)
	trusted := policy("p", "enabled", everybody, map[string]any{"locations": map[string]any{"excludeLocations": ids("AllTrusted")}})
	named := policy("p", "enabled", everybody, map[string]any{"locations": map[string]any{"excludeLocations": ids(otherID)}})
	exempted := map[string]any{"includeUsers": ids("All"), "excludeGroups": ids(outerID)}
	for name, tt := range map[string]struct {
		facts plan.Facts
		steps []entra.Step
		rule  string
		says  string
	}{
		"switched on": {facts(policy("p", "disabled", everybody)), []entra.Step{update(ca, "p", set("/spec/state", "disabled", "enabled"))},
			plan.RuleBreakGlass, "would be switched on"},
		"switched to report only": {facts(policy("p", "disabled", everybody)),
			[]entra.Step{update(ca, "p", set("/spec/state", "disabled", "enabledForReportingButNotEnforced"))}, "", ""},
		"switched on for others": {facts(policy("p", "disabled", map[string]any{"includeUsers": ids(otherID)})),
			[]entra.Step{update(ca, "p", set("/spec/state", "disabled", "enabled"))}, "", ""},
		"switched on with the exemption": {facts(policy("p", "disabled", exempted)),
			[]entra.Step{update(ca, "p", set("/spec/state", "disabled", "enabled"))}, "", ""},
		"exemption removed": {facts(policy("p", "enabled", exempted)), []entra.Step{update(ca, "p", entra.PropertyChange{
			Pointer: "/spec/conditions/users/excludeGroups", Before: ids(outerID), RemovedItems: ids(outerID)})}, plan.RuleBreakGlass, "no longer be exempt"},
		"another exemption removed": {facts(policy("p", "enabled", map[string]any{"includeUsers": ids("All"), "excludeGroups": ids(outerID, otherID)})),
			[]entra.Step{update(ca, "p", entra.PropertyChange{Pointer: "/spec/conditions/users/excludeGroups",
				Before: ids(outerID, otherID), After: ids(outerID), RemovedItems: ids(otherID)})}, "", ""},
		"taken back":           {deleted, []entra.Step{restore}, plan.RuleBreakGlass, "would be taken back"},
		"taken back, then off": {deleted, []entra.Step{restore, update(ca, "p", set("/spec/state", "enabled", "disabled"))}, "", ""},
		"out of the group": {facts(policy("p", "enabled", exempted)),
			[]entra.Step{link(entra.ActionRemoveLink, "groups", exemptID, "members", glassID)}, plan.RuleBreakGlass, "no longer be exempt"},
		"the group out of its group": {facts(policy("p", "enabled", exempted)),
			[]entra.Step{link(entra.ActionRemoveLink, "groups", outerID, "members", exemptID)}, plan.RuleBreakGlass, "no longer be exempt"},
		"somebody else out of the group": {facts(policy("p", "enabled", exempted)),
			[]entra.Step{link(entra.ActionRemoveLink, "groups", exemptID, "members", otherID)}, "", ""},
		"no longer an owner": {facts(policy("p", "enabled", exempted)),
			[]entra.Step{link(entra.ActionRemoveLink, "groups", exemptID, "owners", glassID)}, "", ""},
		"the group's rule changes": {facts(policy("p", "enabled", exempted)),
			[]entra.Step{update("groups", exemptID, set("/spec/membershipRule", "a", "b"))}, plan.RuleBreakGlass, "no longer be exempt"},
		"the group is renamed": {facts(policy("p", "enabled", exempted)),
			[]entra.Step{update("groups", exemptID, set("/spec/displayName", "a", "b"))}, "", ""},
		"into a group": {facts(policy("p", "enabled", map[string]any{"includeGroups": ids(otherID)})),
			[]entra.Step{link(entra.ActionAddLink, "groups", otherID, "members", exemptID)}, plan.RuleBreakGlass, "would be included"},
		"a group comes back": {facts(policy("p", "enabled", map[string]any{"includeGroups": ids(otherID)})),
			[]entra.Step{{ID: "r", Key: entra.Key{Kind: "groups", ID: otherID}, Action: entra.ActionRestore}}, plan.RuleBreakGlass, "would be included"},
		"given a role":             {role, []entra.Step{assign}, plan.RuleBreakGlass, "would be included"},
		"given a role in one unit": {role, []entra.Step{inUnit}, "", ""},
		"a location it names": {facts(named), []entra.Step{update("namedLocations", otherID, set("/spec/displayName", "a", "b"))},
			plan.RuleBreakGlass, "its conditions would change"},
		"a location it does not name": {facts(named), []entra.Step{update("namedLocations", outerID, set("/spec/displayName", "a", "b"))}, "", ""},
		"a trusted location": {facts(trusted), []entra.Step{update("namedLocations", outerID, set("/spec/isTrusted", true, nil))},
			plan.RuleBreakGlass, "its conditions would change"},
		"more applications": {facts(policy("p", "enabled", everybody, map[string]any{"applications": map[string]any{"includeApplications": ids("Office365")}})),
			[]entra.Step{update(ca, "p", entra.PropertyChange{Pointer: "/spec/conditions/applications/includeApplications",
				Before: ids("Office365"), After: ids("All"), AddedItems: ids("All"), RemovedItems: ids("Office365")})}, plan.RuleBreakGlass, "its conditions"},
		"renamed": {facts(policy("p", "enabled", everybody)), []entra.Step{update(ca, "p", set("/spec/displayName", "a", "b"))}, "", ""},
		"sign-in blocked": {facts(), []entra.Step{update("users", glassID, set("/spec/accountEnabled", true, false))},
			plan.RuleBreakGlass, "could no longer sign in"},
		"sign-in allowed":         {facts(), []entra.Step{update("users", glassID, set("/spec/accountEnabled", false, true))}, "", ""},
		"somebody else's sign-in": {facts(), []entra.Step{update("users", otherID, set("/spec/accountEnabled", true, false))}, "", ""},
		"security defaults": {facts(), []entra.Step{update("identitySecurityDefaultsEnforcementPolicy", "x", set("/spec/isEnabled", true, false))},
			plan.RuleTier0, "multifactor"},
		"authorization policy": {facts(), []entra.Step{update("authorizationPolicy", "x", set("/spec/allowInvitesFrom", "a", "b"))}, "", ""},
		"three links":          {facts(), []entra.Step{link(entra.ActionRemoveLink, "groups", otherID, "members", "1", "2", "3")}, plan.RuleDeletions, "removes 3 objects, links"},
		"two links":            {facts(), []entra.Step{link(entra.ActionRemoveLink, "groups", otherID, "members", "1", "2")}, "", ""},
		"three links come":     {facts(), []entra.Step{link(entra.ActionAddLink, "groups", otherID, "members", "1", "2", "3")}, "", ""},
		"four objects":         {facts(), renamed("users", 4), plan.RuleWrites, "writes to 4 objects"},
		"three objects":        {facts(), renamed("users", 3), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			holdsBack(t, plan.Judge(entra.Plan{Steps: tt.steps}, tt.facts).Findings(), tt.rule, tt.says)
		})
	}
}

// renamed writes to a number of objects.
func renamed(kindName string, n int) []entra.Step {
	var steps []entra.Step
	for i := range n {
		steps = append(steps, update(kindName, fmt.Sprint(i), set("/spec/displayName", "a", "b")))
	}
	return steps
}

// holdsBack makes sure that one rule has something to say, and no other; "" is none.
// What was accepted is recorded, as far as there was anything to accept, and what a plan
// says itself does not count.
func TestJudgeRecordsWhatWasAccepted(t *testing.T) {
	p := entra.Plan{Steps: renamed("users", 4), Accepted: []string{plan.RuleWrites}}
	for _, tt := range []struct {
		accept, recorded []string
		held             int
	}{
		{nil, nil, 1},
		{[]string{plan.RuleTier0}, nil, 1},
		{[]string{plan.RuleTier0, plan.RuleWrites}, []string{plan.RuleWrites}, 0},
	} {
		got := plan.Judge(p, facts(), tt.accept...)
		if !slices.Equal(got.Plan().Accepted, tt.recorded) || len(got.Held()) != tt.held || len(got.Findings()) != 1 {
			t.Errorf("%q: recorded %q, held by %v of %v", tt.accept, got.Plan().Accepted, got.Held(), got.Findings())
		}
	}
}

func holdsBack(t *testing.T, got []plan.Finding, rule, says string) {
	t.Helper()
	if rule == "" && len(got) == 0 {
		return
	}
	if len(got) != 1 || got[0].Rule != rule || !strings.Contains(got[0].Sentence, says) {
		t.Errorf("got %+v, want %q: …%s…", got, rule, says)
	}
}

// A share only means something of a kind that has some objects.
func TestGuardShares(t *testing.T) {
	f := facts()
	f.Limits = plan.Limits{Writes: plan.Limit{Most: 100, Percent: 25}, Deletions: plan.Limit{Most: 100, Percent: 10}}
	losing := func(n int) []entra.Step {
		var steps []entra.Step
		for i := range n {
			steps = append(steps, link(entra.ActionRemoveLink, "groups", fmt.Sprint(i), "members", "x"))
		}
		return steps
	}
	for name, tt := range map[string]struct {
		steps []entra.Step
		rule  string
	}{
		"a quarter of 40":           {renamed("groups", 10), ""},
		"more than a quarter of 40": {renamed("groups", 11), plan.RuleWrites},
		"all of 19":                 {renamed("users", 19), ""},
		"a tenth of 40 loses":       {losing(4), ""},
		"more than a tenth loses":   {losing(5), plan.RuleDeletions},
	} {
		t.Run(name, func(t *testing.T) {
			holdsBack(t, plan.Judge(entra.Plan{Steps: tt.steps}, f).Findings(), tt.rule, " of 40 groups")
		})
	}
}

// Who runs this must not be locked out by a policy that blocks, nor lose an exemption; one
// that asks for more is what most plans are about.
func TestGuardOfTheIdentity(t *testing.T) {
	const appID = "00000000-0000-4000-8000-0000000000aa"
	block := map[string]any{"grantControls": map[string]any{"builtInControls": ids("block")}}
	self := func(policies ...*entra.Object) plan.Facts {
		f := facts(policies...)
		f.Self = plan.Self{ID: selfID, AppID: appID}
		f.Accounts = []plan.Account{{Key: entra.Key{Kind: "servicePrincipals", ID: selfID}, Role: "the identity that runs", Self: true}}
		return f
	}
	workload := func(list ...any) map[string]any {
		return map[string]any{"clientApplications": map[string]any{"includeServicePrincipals": list}}
	}
	on := []entra.Step{update(ca, "p", set("/spec/state", "disabled", "enabled"))}
	grant := self()
	grant.Live[entra.Key{Kind: "oauth2PermissionGrants", ID: "g"}] = &entra.Object{
		Key: entra.Key{Kind: "oauth2PermissionGrants", ID: "g"}, Spec: map[string]any{"clientId": selfID}}
	app := self()
	app.Live[entra.Key{Kind: "applications", ID: "o"}] = &entra.Object{
		Key: entra.Key{Kind: "applications", ID: "o"}, Spec: map[string]any{}, Status: map[string]any{"appId": appID}}
	role := func(principal string) []entra.Step {
		element := map[string]any{"principalId": principal, "appRoleId": roleID, "resourceId": otherID}
		return []entra.Step{{ID: "d", Key: entra.Key{Kind: "servicePrincipals", ID: otherID}, Action: entra.ActionDeleteContained, Target: "appRoleAssignedTo",
			Properties: []entra.PropertyChange{{Pointer: "/contained/appRoleAssignedTo/k", Before: element}}}}
	}
	for name, tt := range map[string]struct {
		facts plan.Facts
		steps []entra.Step
		rule  string
	}{
		"a policy that blocks it":        {self(policy("p", "disabled", nil, workload("ServicePrincipalsInMyTenant"), block)), on, plan.RuleIdentity},
		"a policy that asks for more":    {self(policy("p", "disabled", nil, workload("ServicePrincipalsInMyTenant"))), on, ""},
		"a policy that blocks others":    {self(policy("p", "disabled", nil, workload(otherID), block)), on, ""},
		"a policy that blocks all users": {self(policy("p", "disabled", everybody, block)), on, ""},
		"its own service principal":      {self(), []entra.Step{update("servicePrincipals", selfID, set("/spec/notes", "a", "b"))}, plan.RuleIdentity},
		"another service principal":      {self(), []entra.Step{update("servicePrincipals", otherID, set("/spec/notes", "a", "b"))}, ""},
		"its application":                {app, []entra.Step{update("applications", "o", set("/spec/displayName", "a", "b"))}, plan.RuleIdentity},
		"another application":            {app, []entra.Step{update("applications", "x", set("/spec/displayName", "a", "b"))}, ""},
		"its delegated grant":            {grant, []entra.Step{update("oauth2PermissionGrants", "g", set("/spec/scope", "a", "b"))}, plan.RuleIdentity},
		"another grant":                  {grant, []entra.Step{update("oauth2PermissionGrants", "x", set("/spec/scope", "a", "b"))}, ""},
		"its permission":                 {self(), role(selfID), plan.RuleIdentity},
		"another's permission":           {self(), role(otherID), ""},
		"nobody signed in":               {facts(), []entra.Step{update("servicePrincipals", selfID, set("/spec/notes", "a", "b"))}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			holdsBack(t, plan.Judge(entra.Plan{Steps: tt.steps}, tt.facts).Findings(), tt.rule, "")
		})
	}
}

// Somebody must be left who can give every role.
func TestGuardOfTheLastAdministrators(t *testing.T) {
	admins := func(accounts ...plan.Account) plan.Facts {
		f := facts()
		f.Accounts = accounts
		f.Assignments = []*entra.Object{grants(exemptID, supreme), grants(otherID, supreme), grants(glassID, roleID)}
		f.Members, f.Blocked = map[string][]string{exemptID: {glassID}}, map[string]bool{}
		return f
	}
	out := link(entra.ActionRemoveLink, "groups", exemptID, "members", glassID)
	blocked := update("users", otherID, set("/spec/accountEnabled", true, false))
	gone := admins()
	gone.Blocked[otherID] = true
	glass := facts().Accounts
	for name, tt := range map[string]struct {
		facts plan.Facts
		steps []entra.Step
		says  string
	}{
		"one of two":                  {admins(), []entra.Step{out}, ""},
		"both":                        {admins(), []entra.Step{out, blocked}, "no Global Administrator who can sign in would be left of 2"},
		"the one who can sign in":     {gone, []entra.Step{out}, "left of 1"},
		"a break-glass account":       {admins(glass...), []entra.Step{out}, "the break-glass user Glass (" + glassID + ") would no longer be"},
		"not the break-glass account": {admins(glass...), []entra.Step{blocked}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rule := plan.RuleAdmins
			if tt.says == "" {
				rule = ""
			}
			holdsBack(t, plan.Judge(entra.Plan{Steps: tt.steps}, tt.facts).Findings(), rule, tt.says)
		})
	}
}

// What a rule does not know, it takes for the worst, and says so.
func TestGuardsFailClosed(t *testing.T) {
	for _, r := range plan.Rules() {
		f := facts()
		f.Unknown = map[string]error{r.ID: errors.New("403")}
		holdsBack(t, plan.Judge(entra.Plan{Steps: renamed("users", 1)}, f).Findings(), r.ID, "nobody can tell whether the plan "+r.Sentence+": 403")
	}
}

// What is guarded is said by the table of kinds: every path in it leads somewhere.
func TestGuardedKinds(t *testing.T) {
	enforcing, supremes := 0, 0
	for _, k := range kind.All() {
		if k.Enforcement != nil {
			enforcing++
			for _, name := range k.Enforcement.DependsOn {
				if kind.ByName(name) == nil {
					t.Errorf("%s depends on %q", k.Name, name)
				}
			}
		}
		if p := k.Privilege; p != nil {
			supremes++
			for _, name := range []string{p.Principal, p.Role, p.Scope} {
				if !k.Restorable(name) {
					t.Errorf("%s: privilege by %q", k.Name, name)
				}
			}
		}
		if k.SignIn != "" && !k.Restorable(k.SignIn) {
			t.Errorf("%s: sign-in by %q", k.Name, k.SignIn)
		}
	}
	if enforcing == 0 || supremes == 0 {
		t.Error("nothing is guarded")
	}
}
