package plan_test

import (
	"testing"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
)

// remove deletes an object.
func remove(kindName, id string) entra.Step {
	return entra.Step{ID: "d" + kindName + id, Key: entra.Key{Kind: kindName, ID: id}, Action: entra.ActionDelete}
}

// What is deleted is no more than what it was: each case is a deletion that a guard holds back,
// or (with no rule) a near miss that none does.
func TestGuardsOfDeletions(t *testing.T) {
	exempted := map[string]any{"includeUsers": ids("All"), "excludeGroups": ids(outerID)}
	byRole := facts(policy("p", "enabled", map[string]any{"includeUsers": ids("All"), "excludeRoles": ids(roleID)}))
	byRole.Assignments = []*entra.Object{grants(exemptID, roleID), grants(otherID, roleID)}
	group := facts()
	group.Accounts = []plan.Account{{Key: entra.Key{Kind: "groups", ID: exemptID}, Name: "Exempt", Role: "the break-glass group"}}
	self := facts()
	self.Accounts = nil
	self.Self = plan.Self{ID: otherID, AppID: "app"}
	self.Live[entra.Key{Kind: "applications", ID: "a"}] = &entra.Object{Key: entra.Key{Kind: "applications", ID: "a"}, Status: map[string]any{"appId": "app"}}
	self.Live[grants(otherID, roleID).Key] = grants(otherID, roleID)
	self.Live[grants(glassID, roleID).Key] = grants(glassID, roleID)
	for name, tt := range map[string]struct {
		facts plan.Facts
		steps []entra.Step
		rule  string
		says  string
	}{
		"a break-glass account":          {facts(), []entra.Step{remove("users", glassID)}, plan.RuleBreakGlass, "Glass (" + glassID + ") could no longer sign in"},
		"somebody else":                  {facts(), []entra.Step{remove("users", otherID)}, "", ""},
		"a break-glass group":            {group, []entra.Step{remove("groups", exemptID)}, plan.RuleBreakGlass, "the break-glass group Exempt (" + exemptID + ") would be deleted"},
		"another group":                  {group, []entra.Step{remove("groups", otherID)}, "", ""},
		"the exempt group":               {facts(policy("p", "enabled", exempted)), []entra.Step{remove("groups", outerID)}, plan.RuleBreakGlass, "no longer be exempt"},
		"the group in the exempt group":  {facts(policy("p", "enabled", exempted)), []entra.Step{remove("groups", exemptID)}, plan.RuleBreakGlass, "no longer be exempt"},
		"the policy with it":             {facts(policy("p", "enabled", exempted)), []entra.Step{remove(ca, "p"), remove("groups", outerID)}, "", ""},
		"a policy that holds an account": {facts(policy("p", "enabled", everybody)), []entra.Step{remove(ca, "p")}, "", ""},
		"the role that exempts":          {byRole, []entra.Step{remove("roleAssignments", exemptID+roleID)}, plan.RuleBreakGlass, "no longer be exempt"},
		"the role of somebody else":      {byRole, []entra.Step{remove("roleAssignments", otherID+roleID)}, "", ""},
		"a location that a policy names": {facts(policy("p", "enabled", everybody, map[string]any{"locations": map[string]any{"excludeLocations": ids("AllTrusted")}})),
			[]entra.Step{remove("namedLocations", otherID)}, plan.RuleBreakGlass, "its conditions would change"},
		"the application that signs in": {self, []entra.Step{remove("applications", "a")}, plan.RuleIdentity, "application (a) would be deleted: it is the application that signs in"},
		"the identity that runs":        {self, []entra.Step{remove("servicePrincipals", otherID)}, plan.RuleIdentity, "would be deleted: it is the identity that runs"},
		"a role of the identity":        {self, []entra.Step{remove("roleAssignments", otherID+roleID)}, plan.RuleIdentity, "a grant of the identity that runs"},
		"a role of another":             {self, []entra.Step{remove("roleAssignments", glassID+roleID)}, "", ""},
		"a domain":                      {facts(), []entra.Step{remove("domains", "contoso.com")}, plan.RuleTier0, "would be deleted: it decides who signs in"},
		"three objects":                 {facts(), []entra.Step{remove("groups", "1"), remove("groups", "2"), remove("users", "3")}, plan.RuleDeletions, "removes 3 objects, links and contained objects, more than 2"},
		"two objects":                   {facts(), []entra.Step{remove("groups", "1"), remove("users", "3")}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			holdsBack(t, plan.Judge(entra.Plan{Steps: tt.steps}, tt.facts).Findings(), tt.rule, tt.says)
		})
	}
}

// What the identity that runs may do by a group is lost with the group, or by leaving it.
func TestGuardOfTheIdentitysRoles(t *testing.T) {
	f := facts()
	f.Accounts, f.Self = nil, plan.Self{ID: glassID}
	f.Assignments = []*entra.Object{grants(outerID, roleID)}
	const sentence = "the identity that runs (" + glassID + ") would lose a role that it has as a member of a group: 1 in all"
	for name, tt := range map[string]struct {
		step entra.Step
		says string
	}{
		"the group that has it":    {remove("groups", outerID), sentence},
		"the group on the way":     {remove("groups", exemptID), sentence},
		"out of the group":         {link(entra.ActionRemoveLink, "groups", exemptID, "members", glassID), sentence},
		"another out of the group": {link(entra.ActionRemoveLink, "groups", exemptID, "members", otherID), ""},
		"another group":            {remove("groups", otherID), ""},
		"the assignment":           {remove("roleAssignments", outerID+roleID), sentence},
	} {
		t.Run(name, func(t *testing.T) {
			rule := plan.RuleIdentity
			if tt.says == "" {
				rule = ""
			}
			holdsBack(t, plan.Judge(entra.Plan{Steps: []entra.Step{tt.step}}, f).Findings(), rule, tt.says)
		})
	}
	f.Assignments = append(f.Assignments, grants(glassID, roleID)) // and by itself
	holdsBack(t, plan.Judge(entra.Plan{Steps: []entra.Step{remove("groups", outerID)}}, f).Findings(), "", "")
}

// Whoever came to be a Global Administrator since can be what is left of them.
func TestGuardOfTheLastAdministratorsOfDeletions(t *testing.T) {
	f := facts()
	f.Accounts = nil
	f.Assignments = []*entra.Object{grants(exemptID, supreme), grants(otherID, supreme)}
	f.Members, f.Blocked = map[string][]string{exemptID: {glassID}}, map[string]bool{}
	assignment := remove("roleAssignments", otherID+supreme)
	for name, tt := range map[string]struct {
		steps []entra.Step
		says  string
	}{
		"an assignment of two":                 {[]entra.Step{assignment}, ""},
		"both assignments":                     {[]entra.Step{assignment, remove("roleAssignments", exemptID+supreme)}, "left of 2"},
		"an assignment, and the other's group": {[]entra.Step{assignment, remove("groups", exemptID)}, "left of 2"},
		"an assignment, and the other":         {[]entra.Step{assignment, remove("users", glassID)}, "left of 2"},
		"an assignment, and another group":     {[]entra.Step{assignment, remove("groups", outerID)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			rule := plan.RuleAdmins
			if tt.says == "" {
				rule = ""
			}
			holdsBack(t, plan.Judge(entra.Plan{Steps: tt.steps}, f).Findings(), rule, tt.says)
		})
	}
}
