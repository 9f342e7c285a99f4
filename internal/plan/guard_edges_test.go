package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
)

// findings are what the guards have against some steps, as "rule: sentence".
func findings(f plan.Facts, steps ...entra.Step) []string {
	var all []string
	for _, found := range plan.Judge(entra.Plan{Steps: steps}, f).Findings() {
		all = append(all, found.Rule+": "+found.Sentence)
	}
	return all
}

// says makes sure that the guards say one thing, or nothing where it is "".
func says(t *testing.T, got []string, want string) {
	t.Helper()
	if want == "" && len(got) == 0 {
		return
	}
	if len(got) != 1 || !strings.Contains(got[0], want) || want == "" {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A policy concerns accounts in more ways than by name.
func TestGuardsKnowWhomAPolicyConcerns(t *testing.T) {
	on := update(ca, "p", set("/spec/state", "disabled", "enabled"))
	user := entra.Key{Kind: "users", ID: glassID}
	group := entra.Key{Kind: "groups", ID: exemptID}
	guest := map[string]any{"includeGuestsOrExternalUsers": map[string]any{"guestOrExternalUserTypes": "b2bCollaborationGuest"}}
	for name, tt := range map[string]struct {
		account plan.Account
		users   map[string]any
		held    bool
	}{
		"a guest as a guest":                {plan.Account{Key: user, Guest: true}, guest, true},
		"a member as a guest":               {plan.Account{Key: user}, guest, false},
		"a guest among others":              {plan.Account{Key: user, Guest: true}, map[string]any{"includeUsers": ids(otherID)}, false},
		"a guest by the word for guests":    {plan.Account{Key: user, Guest: true}, map[string]any{"includeUsers": ids("GuestsOrExternalUsers")}, true},
		"a member by the word for guests":   {plan.Account{Key: user}, map[string]any{"includeUsers": ids("GuestsOrExternalUsers")}, false},
		"an account by its id":              {plan.Account{Key: user}, map[string]any{"includeUsers": ids(otherID, glassID)}, true},
		"an account by a group":             {plan.Account{Key: user}, map[string]any{"includeGroups": ids(outerID)}, true},
		"nobody by an empty id":             {plan.Account{Key: entra.Key{Kind: "users"}}, map[string]any{"includeUsers": ids("")}, false},
		"a group by itself":                 {plan.Account{Key: group}, map[string]any{"includeGroups": ids(exemptID)}, true},
		"a group by a group that holds it":  {plan.Account{Key: group}, map[string]any{"includeGroups": ids(outerID)}, true},
		"a group by all users":              {plan.Account{Key: group}, everybody, true},
		"a group that is exempt":            {plan.Account{Key: group}, map[string]any{"includeUsers": ids("All"), "excludeGroups": ids(exemptID)}, false},
		"an application by all users":       {plan.Account{Key: entra.Key{Kind: "servicePrincipals", ID: selfID}}, everybody, false},
		"an account by a role of its group": {plan.Account{Key: user}, map[string]any{"includeRoles": ids(roleID)}, true},
		"an account by a role of others":    {plan.Account{Key: user}, map[string]any{"includeRoles": ids(supreme)}, false},
		"exempt by a role":                  {plan.Account{Key: user}, map[string]any{"includeUsers": ids("All"), "excludeRoles": ids(roleID)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(policy("p", "disabled", tt.users))
			tt.account.Role = "the break-glass account"
			f.Accounts = []plan.Account{tt.account}
			f.Assignments = []*entra.Object{grants(exemptID, roleID), grants(otherID, supreme)}
			want := ""
			if tt.held {
				want = "break-glass: Conditional Access policy (p) would apply to the break-glass account"
			}
			says(t, findings(f, on), want)
		})
	}
}

// What becomes of a policy is told apart from what it does already.
func TestGuardsTellWhatChanges(t *testing.T) {
	users := func(more map[string]any) map[string]any {
		all := map[string]any{"includeUsers": ids("All")}
		for name, v := range more {
			all[name] = v
		}
		return all
	}
	trusted := policy("p", "enabled", everybody, map[string]any{"locations": map[string]any{"includeLocations": ids("AllTrusted")}})
	strength := policy("p", "enabled", everybody, map[string]any{"grantControls": map[string]any{"authenticationStrength": map[string]any{"id": otherID}}})
	for name, tt := range map[string]struct {
		policy *entra.Object
		step   entra.Step
		want   string
	}{
		"exempt from what did not include it": {policy("p", "enabled", map[string]any{"includeUsers": ids(otherID), "excludeUsers": ids(glassID)}),
			update(ca, "p", set("/spec/conditions/users", nil, everybody)), "the account would be included"},
		"exempt from what included it": {policy("p", "enabled", users(map[string]any{"excludeUsers": ids(glassID)})),
			update(ca, "p", set("/spec/conditions/users", nil, everybody)), "no longer be exempt"},
		"somebody else whom it names":  {policy("p", "enabled", users(map[string]any{"excludeUsers": ids(otherID)})), update("users", otherID, set("/spec/displayName", "a", "b")), ""},
		"nothing that is trusted":      {trusted, update("groups", otherID, set("/spec/displayName", "a", "b")), ""},
		"the strength that it asks":    {strength, update("authenticationStrengthPolicies", otherID, set("/spec/displayName", "a", "b")), "its grantControls would change"},
		"another strength":             {strength, update("authenticationStrengthPolicies", outerID, set("/spec/displayName", "a", "b")), ""},
		"the session":                  {policy("p", "enabled", everybody), update(ca, "p", set("/spec/sessionControls", nil, map[string]any{"x": "y"})), "its sessionControls would change"},
		"what the account looks like":  {policy("p", "enabled", everybody), update("users", glassID, set("/spec/showInAddressList", true, false)), ""},
		"that the account may sign in": {policy("p", "enabled", everybody), update("users", glassID, set("/spec/accountEnabled", true, false)), "could no longer sign in"},
	} {
		t.Run(name, func(t *testing.T) { says(t, findings(facts(tt.policy), tt.step), tt.want) })
	}
}

// A sentence names the object as a person does, once.
func TestGuardsNameTheObject(t *testing.T) {
	step := update("crossTenantAccessPolicyDefault", "x", set("/spec/inboundTrust", "a", "b"))
	step.Name = " Default "
	again := step
	again.ID = "again"
	says(t, findings(facts(), step, again), "tier-0: cross-tenant access default Default (x) would be written to: it decides what every other tenant may do")
	step.Name = "x"
	says(t, findings(facts(), step), "cross-tenant access default (x) would")
	step.Name = ""
	says(t, findings(facts(), step), "cross-tenant access default (x) would")
}

// Accepting a rule accepts all that it found, and is recorded once.
func TestGuardAcceptedOnce(t *testing.T) {
	steps := []entra.Step{update("crossTenantAccessPolicyDefault", "x", set("/spec/inboundTrust", "a", "b")),
		update("identitySecurityDefaultsEnforcementPolicy", "y", set("/spec/isEnabled", true, false))}
	judged := plan.Judge(entra.Plan{Steps: steps}, facts(), plan.RuleTier0, plan.RuleWrites)
	if len(judged.Findings()) != 2 || len(judged.Held()) != 0 || !slices.Equal(judged.Plan().Accepted, []string{plan.RuleTier0}) {
		t.Errorf("%+v, accepted %q", judged.Findings(), judged.Plan().Accepted)
	}
}

// A share counts from twenty objects on, and a step may take away several things.
func TestGuardsCount(t *testing.T) {
	f := facts()
	f.Limits = plan.Limits{Writes: plan.Limit{Most: 100, Percent: 25}, Deletions: plan.Limit{Most: 2, Percent: 100}}
	f.Sizes = map[string]int{"groups": 20}
	says(t, findings(f, renamed("groups", 6)...), "writes: the plan writes to 6 of 20 groups, more than 25 %")
	says(t, findings(f, renamed("groups", 5)...), "")
	element := entra.Step{ID: "e", Key: entra.Key{Kind: "applications", ID: "a"}, Action: entra.ActionDeleteContained, Target: "federatedIdentityCredentials"}
	says(t, findings(f, link(entra.ActionRemoveLink, "groups", "g", "members", "1", "2"), element), "deletions: the plan removes 3 objects, links and contained objects, more than 2")
	says(t, findings(f, link(entra.ActionRemoveLink, "groups", "g", "members", "1"), element), "")
	replaced := link(entra.ActionAddLink, "users", "u", "manager", "1")
	replaced.Links[0].Removed = []string{"2", "3", "4"}
	says(t, findings(f, replaced), "")
}

// The identity that runs is known by its id, by its application, or by both, and what
// only looks alike is none of it.
func TestGuardOfTheIdentityByWhatIsKnown(t *testing.T) {
	const appID = "00000000-0000-4000-8000-0000000000aa"
	step := func(kindName, id string) entra.Step { return update(kindName, id, set("/spec/notes", "a", "b")) }
	live := func(kindName, id string, spec, status map[string]any) *entra.Object {
		return &entra.Object{Key: entra.Key{Kind: kindName, ID: id}, Spec: spec, Status: status}
	}
	created := entra.Step{ID: "c", Key: entra.Key{Kind: "oauth2PermissionGrants", ID: "g"}, Action: entra.ActionCreate, Properties: []entra.PropertyChange{
		set("/spec/clientId", nil, selfID), set("/spec/resourceId", nil, otherID)}}
	forOthers := created
	forOthers.Properties = []entra.PropertyChange{set("/spec/clientId", nil, otherID), set("/spec/resourceId", nil, selfID)}
	given := entra.Step{ID: "e", Key: entra.Key{Kind: "servicePrincipals", ID: otherID}, Action: entra.ActionCreateContained, Target: "appRoleAssignedTo",
		Properties: []entra.PropertyChange{{Pointer: "/contained/appRoleAssignedTo/k", After: map[string]any{"principalId": selfID, "appRoleId": roleID}}}}
	elsewhere := given
	elsewhere.Target = "delegatedPermissionClassifications"
	scalar := given
	scalar.Properties = []entra.PropertyChange{{Pointer: "/contained/appRoleAssignedTo/k", Before: "x"}}
	byID, byApp := plan.Self{ID: selfID}, plan.Self{AppID: appID}
	for name, tt := range map[string]struct {
		self plan.Self
		live *entra.Object
		step entra.Step
		want string
	}{
		"its own service principal":        {byID, nil, step("servicePrincipals", selfID), "it is the identity that runs"},
		"another, of which nothing says":   {byID, live("servicePrincipals", otherID, nil, nil), step("servicePrincipals", otherID), ""},
		"a person's own account":           {byID, nil, step("users", selfID), ""},
		"the application's own":            {byApp, live("servicePrincipals", otherID, nil, map[string]any{"appId": appID}), step("servicePrincipals", otherID), "the application that signs in"},
		"another application's":            {byApp, live("servicePrincipals", otherID, nil, map[string]any{"appId": outerID}), step("servicePrincipals", otherID), ""},
		"nothing is known of the object":   {byApp, live("groups", otherID, nil, nil), step("groups", otherID), ""},
		"an object without an id":          {byApp, nil, step("servicePrincipals", ""), ""},
		"a person without an id":           {byApp, nil, step("users", ""), ""},
		"a grant that is created":          {byID, nil, created, "a grant of the identity that runs"},
		"a grant to others":                {byID, nil, forOthers, ""},
		"a grant to nobody":                {byApp, live("oauth2PermissionGrants", "g", nil, nil), step("oauth2PermissionGrants", "g"), ""},
		"a permission that is given":       {byID, nil, given, "where a grant of the identity that runs is kept"},
		"the same in another collection":   {byID, nil, elsewhere, ""},
		"what is no element":               {byID, nil, scalar, ""},
		"a permission, and only its appId": {byApp, nil, given, ""},
		"an element of nobody":             {byApp, nil, scalar, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts()
			f.Accounts, f.Self = nil, tt.self
			if tt.live != nil {
				f.Live[tt.live.Key] = tt.live
			}
			says(t, findings(f, tt.step), tt.want)
		})
	}
}

// That the identity that runs could no longer sign in is its own rule's, and nobody else's.
func TestGuardOfTheIdentityAlone(t *testing.T) {
	f := facts()
	f.Self = plan.Self{ID: glassID}
	f.Accounts[0].Self, f.Accounts[0].Role = true, "the identity that runs"
	f.Assignments = []*entra.Object{grants(glassID, supreme), grants(otherID, supreme)}
	says(t, findings(f, update("users", glassID, set("/spec/accountEnabled", true, false))), "identity: the identity that runs Glass ("+glassID+") could no longer sign in")
}

// Who is an administrator follows from the assignments for the whole directory, the
// groups that hold one, and who can sign in.
func TestGuardOfTheAdministratorsByTheWayTheyAreOne(t *testing.T) {
	inUnit := grants(otherID, supreme)
	inUnit.Spec["directoryScopeId"] = "/administrativeUnits/" + outerID
	byGroup := []*entra.Object{grants(exemptID, supreme)}
	out := func(kindName, group, name, member string) entra.Step {
		return link(entra.ActionRemoveLink, kindName, group, name, member)
	}
	for name, tt := range map[string]struct {
		assignments []*entra.Object
		step        entra.Step
		want        string
	}{
		"the only member goes":                          {byGroup, out("groups", exemptID, "members", glassID), "left of 1"},
		"beside one of a part of the directory":         {append(byGroup, inUnit), out("groups", exemptID, "members", glassID), "left of 1"},
		"beside one with another role":                  {append(byGroup, grants(otherID, roleID)), out("groups", exemptID, "members", glassID), "left of 1"},
		"somebody else goes":                            {byGroup, out("groups", exemptID, "members", otherID), ""},
		"out of another group":                          {byGroup, out("groups", outerID, "members", glassID), ""},
		"no longer an owner":                            {byGroup, out("groups", exemptID, "owners", glassID), ""},
		"out of what gives no role":                     {byGroup, out("administrativeUnits", exemptID, "members", glassID), ""},
		"out of what nobody knows":                      {byGroup, out("x", exemptID, "members", glassID), ""},
		"the administrator is renamed":                  {byGroup, update("users", glassID, set("/spec/displayName", "a", "b")), ""},
		"the administrator is blocked":                  {byGroup, update("users", glassID, set("/spec/accountEnabled", true, false)), "left of 1"},
		"there is none, so that nobody can be the last": {nil, update("users", glassID, set("/spec/accountEnabled", true, false)), ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts()
			f.Accounts, f.Assignments = nil, tt.assignments
			f.Members = map[string][]string{exemptID: {glassID}}
			says(t, findings(f, tt.step), tt.want)
		})
	}
}

// A step on an object of a kind that nobody knows is counted, and no rule trips over it.
func TestGuardsOfAnUnknownKind(t *testing.T) {
	f := facts(policy("p", "enabled", everybody))
	f.Self = plan.Self{ID: selfID, AppID: "a"}
	says(t, findings(f, update("x", selfID, set("/spec/state", "a", false))), "")
	f.Limits.Writes.Most = 0
	says(t, findings(f, update("x", selfID)), "writes: the plan writes to 1 objects")
}
