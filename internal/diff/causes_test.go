package diff

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// came, went and differ make changes.
func came(kindName, id string, properties ...string) entra.Change {
	c := entra.Change{Key: entra.Key{Kind: kindName, ID: id}, Name: "The " + id, Type: entra.Added}
	for _, p := range properties {
		pointer, value, _ := strings.Cut(p, "=")
		c.Properties = append(c.Properties, entra.PropertyChange{Pointer: pointer, After: value})
	}
	return c
}

func went(kindName, id string, properties ...string) entra.Change {
	c := came(kindName, id, properties...)
	c.Type = entra.Removed
	for i, p := range c.Properties {
		c.Properties[i] = entra.PropertyChange{Pointer: p.Pointer, Before: p.After}
	}
	return c
}

func differ(kindName, id string, properties ...entra.PropertyChange) entra.Change {
	return entra.Change{Key: entra.Key{Kind: kindName, ID: id}, Name: "The " + id, Type: entra.Changed, Properties: properties}
}

func linking(c entra.Change, links ...entra.LinkChange) entra.Change {
	c.Links = links
	return c
}

func set(pointer string, added, removed []any) entra.PropertyChange {
	return entra.PropertyChange{Pointer: pointer, AddedItems: added, RemovedItems: removed}
}

func value(pointer string, before, after any) entra.PropertyChange {
	return entra.PropertyChange{Pointer: pointer, Before: before, After: after}
}

// causeCase is a set of changes, and what explain says of its last one: "" for nothing, the
// rule and the cause for a change as a whole, and with parts after a blank for those.
type causeCase struct {
	name    string
	changes []entra.Change
	want    []string
}

const (
	graph = "Microsoft Graph"
	ada   = "0b1c2d3e-0000-4000-8000-00000000000a"
	unit  = "0b1c2d3e-0000-4000-8000-00000000000b"
)

func causeCases() []causeCase {
	role := []string{"/spec/principalId=" + ada, "/spec/roleDefinitionId=role", "/spec/directoryScopeId=/"}
	inUnit := []string{"/spec/principalId=eve", "/spec/roleDefinitionId=role", "/spec/directoryScopeId=/administrativeUnits/" + unit}
	uris := func(pointer string, added ...any) entra.PropertyChange { return set(pointer, added, nil) }
	return []causeCase{
		{"a deleted user leaves a group", []entra.Change{went("users", ada),
			linking(differ("groups", "g"), entra.LinkChange{Link: "members", Removed: []string{ada}}, entra.LinkChange{Link: "owners", Removed: []string{ada}})},
			[]string{"deleted-target users/" + ada + " /links/members/" + ada + " /links/owners/" + ada, "whole"}},
		{"a user leaves a group and is still there", []entra.Change{differ("users", ada, value("/spec/city", nil, "Oslo")),
			linking(differ("groups", "g"), entra.LinkChange{Link: "members", Removed: []string{ada}})}, nil},
		{"a deleted user leaves a group that gets a member", []entra.Change{went("users", ada),
			linking(differ("groups", "g"), entra.LinkChange{Link: "members", Removed: []string{ada}, Added: []string{"eve"}})},
			[]string{"deleted-target users/" + ada + " /links/members/" + ada}},
		{"what was deleted is of another kind", []entra.Change{went("applications", ada),
			linking(differ("groups", "g"), entra.LinkChange{Link: "members", Removed: []string{ada}})}, nil},
		{"an assignment goes with its user", []entra.Change{went("users", ada), went("roleAssignments", "ra", role...)},
			[]string{"deleted-subject users/" + ada, "whole"}},
		{"an assignment goes with the unit that it is for", []entra.Change{went("administrativeUnits", unit), went("roleAssignments", "ra", inUnit...)},
			[]string{"deleted-subject administrativeUnits/" + unit, "whole"}},
		{"an assignment goes and its role too", []entra.Change{went("roleDefinitions", "role"), went("roleAssignments", "ra", role...)}, nil},
		{"an assignment comes with its user", []entra.Change{came("users", ada), came("roleAssignments", "ra", role...)}, nil},
		{"an app role goes with whom it was given to", []entra.Change{went("users", ada),
			differ("servicePrincipals", "sp", value("/contained/appRoleAssignedTo/"+ada+"+r", map[string]any{"principalId": ada, "appRoleId": "r"}, nil))},
			[]string{"deleted-subject users/" + ada + " /contained/appRoleAssignedTo/" + ada + "+r", "whole"}},
		{"an app role is taken from somebody who stays", []entra.Change{went("users", "eve"),
			differ("servicePrincipals", "sp", value("/contained/appRoleAssignedTo/"+ada+"+r", map[string]any{"principalId": ada, "appRoleId": "r"}, nil))}, nil},
		{"a role given through PIM", []entra.Change{came("roleAssignmentSchedules", "s", role...), came("roleAssignments", "ra", role...)},
			[]string{"same-assignment roleAssignmentSchedules/s", "whole"}},
		{"another role given through PIM", []entra.Change{came("roleAssignmentSchedules", "s", append(role, "/spec/appScopeId=x")...), came("roleAssignments", "ra", role...)}, nil},
		{"a role given, and one taken", []entra.Change{went("roleAssignmentSchedules", "s", role...), came("roleAssignments", "ra", role...)}, nil},
		{"a role's settings come with it", []entra.Change{came("roleDefinitions", "r"),
			came("roleManagementPolicyAssignments", "a", "/status/policyId=p", "/status/roleDefinitionId=r"), came("roleManagementPolicies", "p")},
			[]string{"goes-with roleDefinitions/r", "whole"}},
		{"a role's settings come without a role", []entra.Change{
			came("roleManagementPolicyAssignments", "a", "/status/policyId=other"), came("roleManagementPolicies", "p")}, nil},
		{"a package's policy goes with it", []entra.Change{went("accessPackages", "p"), went("accessPackageAssignmentPolicies", "x", "/spec/accessPackage/id=p")},
			[]string{"goes-with accessPackages/p", "whole"}},
		{"a package's policy is made with it", []entra.Change{came("accessPackages", "p"), came("accessPackageAssignmentPolicies", "x", "/spec/accessPackage/id=p")}, nil},
		{"an application gets its service principal", []entra.Change{came("applications", "app"), came("servicePrincipals", "sp")},
			[]string{"application-instance applications/app", "whole"}},
		{"another application gets one", []entra.Change{came("applications", "app"), came("servicePrincipals", "stranger")}, nil},
		{"somebody changes departments", []entra.Change{differ("users", ada, value("/spec/department", "IT", "Sales")), came("users", "eve"),
			linking(differ("groups", "dynamic"), entra.LinkChange{Link: "members", Added: []string{ada, "eve"}})},
			[]string{"follows-rule users/" + ada + " /links/members/" + ada, "follows-rule users/eve /links/members/eve", "whole"}},
		{"somebody moves, and the rule does not ask where", []entra.Change{differ("users", ada, value("/spec/city", nil, "Oslo")),
			linking(differ("groups", "dynamic"), entra.LinkChange{Link: "members", Added: []string{ada}})}, nil},
		{"somebody changes departments, and the rule changes", []entra.Change{differ("users", ada, value("/spec/department", "IT", "Sales")),
			linking(differ("groups", "dynamic", value("/spec/membershipRule", "a", "b")), entra.LinkChange{Link: "members", Added: []string{ada}})}, nil},
		{"somebody changes departments and joins a group", []entra.Change{differ("users", ada, value("/spec/department", "IT", "Sales")),
			linking(differ("groups", "g"), entra.LinkChange{Link: "members", Added: []string{ada}})}, nil},
		{"redirect addresses", []entra.Change{differ("applications", "app", uris("/spec/web/redirectUris", "a"), uris("/spec/spa/redirectUris", "b")),
			differ("servicePrincipals", "sp", set("/status/replyUrls", []any{"a", "b"}, nil))},
			[]string{"mirrored applications/app /status/replyUrls", "whole"}},
		{"more redirect addresses than the application has", []entra.Change{differ("applications", "app", uris("/spec/web/redirectUris", "a")),
			differ("servicePrincipals", "sp", set("/status/replyUrls", []any{"a", "b"}, nil))}, nil},
		{"a new name, and a switch of its own", []entra.Change{differ("applications", "app", value("/spec/displayName", "A", "B")),
			differ("servicePrincipals", "sp", value("/spec/accountEnabled", true, false), value("/status/displayName", "A", "B"))},
			[]string{"mirrored applications/app /status/displayName"}},
		{"another name", []entra.Change{differ("applications", "app", value("/spec/displayName", "A", "C")),
			differ("servicePrincipals", "sp", value("/status/displayName", "A", "B"))}, nil},
		{"a role of the application, switched off", []entra.Change{differ("applications", "app", value("/spec/appRoles/r/isEnabled", true, false)),
			differ("servicePrincipals", "sp", value("/status/appRoles/r/isEnabled", true, false))},
			[]string{"mirrored applications/app /status/appRoles/r/isEnabled", "whole"}},
		{"numbers of addresses", []entra.Change{differ("applications", "app", set("/spec/web/redirectUriSettings", []any{map[string]any{"uri": "b", "index": 1}}, nil),
			value("/spec/web/redirectUriSettings/a/index", 1, 2), set("/spec/web/redirectUris", []any{"b"}, nil))},
			[]string{"renumbered applications/app /spec/web/redirectUriSettings /spec/web/redirectUriSettings/a/index"}},
		{"numbers alone", []entra.Change{differ("applications", "app", value("/spec/web/redirectUriSettings/a/index", 1, 2))}, nil},
		{"the default domain moves", []entra.Change{differ("domains", "new.example", value("/spec/isDefault", false, true)),
			differ("domains", "old.example", value("/spec/isDefault", true, false))},
			[]string{"one-default domains/new.example /spec/isDefault", "whole"}},
		{"a domain is no longer the default, and none is", []entra.Change{differ("domains", "new.example", value("/spec/isDefault", false, nil)),
			differ("domains", "old.example", value("/spec/isDefault", true, false))}, nil},
		{"a grant goes with the service principal of a deleted application", []entra.Change{went("applications", "app"), went("servicePrincipals", "sp"),
			went("oauth2PermissionGrants", "g", "/spec/clientId=sp", "/spec/resourceId="+graph, "/spec/consentType=AllPrincipals")},
			[]string{"deleted-subject applications/app", "whole"}},
	}
}

// Each rule explains what it is for, and holds its tongue where that was somebody's act.
func TestCauses(t *testing.T) {
	known := identities{{Kind: "applications", ID: "app"}: "appid", {Kind: "servicePrincipals", ID: "sp"}: "appid"}
	rules := map[entra.Key]string{{Kind: "groups", ID: "dynamic"}: `(user.department -eq "Sales")`}
	fired := map[string]bool{}
	for _, tt := range causeCases() {
		changes := slices.Clone(tt.changes)
		must(t, explain(&entra.ChangeSet{Changes: changes}, marks{known, rules}, nil))
		last := changes[len(changes)-1]
		for _, cause := range last.Causes {
			fired[cause.Why] = true
		}
		if diff := cmp.Diff(tt.want, spoken(last)); diff != "" {
			t.Errorf("%s (-want +have):\n%s", tt.name, diff)
		}
		if told := entra.Told(changes); (last.Cause != nil) != (len(told) < len(changes)) {
			t.Errorf("%s: %d of %d changes are told", tt.name, len(told), len(changes))
		}
	}
	for _, rule := range CauseRules() {
		if !fired[rule.ID] && !strings.HasPrefix(rule.ID, "restored-") {
			t.Errorf("no case shows the rule %s", rule.ID)
		}
	}
}

// spoken are the causes of a change as a test's table has them.
func spoken(c entra.Change) []string {
	var all []string
	for _, cause := range c.Causes {
		all = append(all, strings.Join(append([]string{cause.Why, cause.String()}, cause.Parts...), " "))
	}
	if c.Cause != nil {
		all = append(all, "whole")
	}
	return all
}

// memory is a past with some objects.
type memory map[entra.Key]*entra.Object

func (m memory) Last(keys []entra.Key) (map[entra.Key]Earlier, error) {
	found := map[entra.Key]Earlier{}
	for _, key := range keys {
		if m[key] != nil {
			found[key] = m
		}
	}
	return found, nil
}

func (m memory) Point() entra.Point { return entra.Point{Seq: 7, Time: time.Unix(0, 0)} }

func (m memory) Lookup(key entra.Key) (*entra.Object, error) { return m[key], nil }

// A user who is taken back comes with what was there the last time: no membership that is new,
// and none of somebody who was never there.
func TestCausesOfWhatCameBack(t *testing.T) {
	user, group := entra.Key{Kind: "users", ID: ada}, entra.Key{Kind: "groups", ID: "g"}
	assignment := entra.Key{Kind: "roleAssignments", ID: "ra"}
	changes := func() []entra.Change {
		return []entra.Change{
			came("users", ada), came("users", "new"),
			came("roleAssignments", "ra", "/spec/principalId="+ada, "/spec/roleDefinitionId=role"),
			linking(differ("groups", "g"), entra.LinkChange{Link: "members", Added: []string{ada}}),
			linking(differ("groups", "h"), entra.LinkChange{Link: "members", Added: []string{ada, "new"}}),
			differ("servicePrincipals", "sp", value("/contained/appRoleAssignedTo/"+ada+"+r", nil, map[string]any{"principalId": ada, "appRoleId": "r"})),
		}
	}
	past := memory{
		user: {Key: user}, assignment: {Key: assignment},
		group:                                 {Key: group, Links: map[string][]string{"members": {ada}}},
		{Kind: "groups", ID: "h"}:             {Links: map[string][]string{"owners": {ada}}},
		{Kind: "servicePrincipals", ID: "sp"}: {Contained: map[string][]map[string]any{"appRoleAssignedTo": {{"principalId": ada, "appRoleId": "r"}}}},
	}
	set := &entra.ChangeSet{Changes: changes()}
	must(t, explain(set, newMarks(), past))
	var got []string
	for _, c := range set.Changes {
		got = append(got, strings.Join(spoken(c), "; "))
	}
	want := []string{"", "", "restored-subject users/" + ada + "; whole", "restored-target users/" + ada + " /links/members/" + ada + "; whole", "",
		"restored-subject users/" + ada + " /contained/appRoleAssignedTo/" + ada + "+r; whole"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("causes (-want +have):\n%s", diff)
	}
	if r := set.Changes[0].Restored; r == nil || r.Seq != 7 || set.Changes[1].Restored != nil {
		t.Errorf("restored: %v, and of a new user %v", r, set.Changes[1].Restored)
	}
	delete(past, assignment)
	set.Changes = changes()
	must(t, explain(set, newMarks(), past))
	if got := spoken(set.Changes[2]); got != nil {
		t.Errorf("a role that is new comes with the user: %s", got)
	}
	set.Changes = changes()
	must(t, explain(set, newMarks(), nil))
	if len(entra.Told(set.Changes)) != len(set.Changes) {
		t.Error("without a past somebody came back")
	}
}

// Two changes that each bring the other about are both told.
func TestCausesInACircle(t *testing.T) {
	set := &entra.ChangeSet{Changes: []entra.Change{
		went("groups", "g", "/spec/principalId=h"),
		went("roleAssignments", "ra", "/spec/principalId=g"),
	}}
	must(t, explain(set, newMarks(), nil))
	x := causeIndex{changes: set.Changes, at: map[entra.Key]int{set.Changes[0].Key: 0, set.Changes[1].Key: 1}}
	set.Changes[0].Causes = []entra.Cause{{Key: set.Changes[1].Key}}
	set.Changes[0].Cause = &set.Changes[0].Causes[0]
	for i := range set.Changes {
		x.root(&set.Changes[i])
	}
	if told := entra.Told(set.Changes); len(told) == 0 {
		t.Error("nobody tells either")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
