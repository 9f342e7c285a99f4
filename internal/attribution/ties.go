package attribution

import (
	"slices"
	"strings"
)

// tie is what an entry says of one thing between objects: a member of a group, a role that
// somebody has, a permission that was granted.
type tie struct {
	at string // the tie's key
	on bool   // it is there from now on
	// rest is what more the entry tells of the tie; loose is set where that is not all that tells
	// it from others of the same key.
	rest  map[string]string
	loose bool
	// value and was are what else the tie says: the scopes of a grant. valued is set where the
	// entry tells them.
	value, was any
	valued     bool
}

// tieKey is what ties are found by: a kind, a link or contained collection, and ids.
func tieKey(kindName, part string, ids ...string) string {
	return strings.ToLower(kindName + "\x00" + part + "\x00" + strings.Join(ids, "\x00"))
}

// applied are the policies that applications can have of their own.
var applied = []string{
	"tokenLifetimePolicies", "tokenIssuancePolicies", "claimsMappingPolicies", "homeRealmDiscoveryPolicies", "appManagementPolicies",
}

// tieActivities add and remove members, owners, roles, and permissions.
var tieActivities = slices.Concat(
	linked([]string{"groups"}, "links/members", "Group", "Add member to group", "Remove member from group"),
	linked([]string{"groups"}, "links/owners", "Group", "Add owner to group", "Remove owner from group"),
	linked([]string{"applications"}, "links/owners", "Application", "Add owner to application", "Remove owner from application"),
	linked([]string{"servicePrincipals"}, "links/owners", "ServicePrincipal", "Add owner to service principal", "Remove owner from service principal"),
	linked([]string{"administrativeUnits"}, "links/members", "AdministrativeUnit", "Add member to administrative unit", "Remove member from administrative unit"),
	linked([]string{"administrativeUnits"}, "links/members", "AdministrativeUnit",
		"Add member to restricted management administrative unit", "Remove member from restricted management administrative unit"),
	linked([]string{"connectedOrganizations"}, "links/externalSponsors", "ConnectedOrganization",
		"Assign user as external sponsor", "Remove user as external sponsor"),
	linked([]string{"connectedOrganizations"}, "links/internalSponsors", "ConnectedOrganization",
		"Assign user as internal sponsor", "Remove user as internal sponsor"),
	linked(applied, "links/appliesTo", "Policy", "Add policy to application", "Remove policy from application"),
	linked(applied, "links/appliesTo", "Policy", "Add policy to service principal", "Remove policy from service principal"),
	tied(appRoleTies, "contained/appRoleAssignedTo", nil, []string{"servicePrincipals"}, []string{
		"Add app role assignment to service principal", "Add app role assignment grant to user", "Add app role assignment to group",
		"Add app role assignment to user",
	}, []string{
		"Remove app role assignment from service principal", "Remove app role assignment from user", "Remove app role assignment from group",
	}),
	tied(grantTies, "", nil, []string{"oauth2PermissionGrants"}, []string{"Add delegated permission grant"}, []string{"Remove delegated permission grant"}),
	tied(roleTies, everywhere, nil, []string{"roleAssignments"}, []string{"Add member to role"}, []string{"Remove member from role"}),
	tied(roleTies, "", nil, []string{"roleAssignments"}, []string{
		"Add scoped member to role", "Add member to role scoped over Restricted Management Administrative Unit",
		"Add role assignment to role definition",
	}, []string{
		"Remove scoped member from role", "Remove member from role scoped over Restricted Management Administrative Unit",
		"Remove role assignment from role definition",
	}),
	tied(roleTies, "", nil, []string{"roleEligibilitySchedules"}, []string{
		"Add eligible member to role", "Add EligibleRoleAssignment to RoleDefinition",
	}, []string{"Remove eligible member from role", "Remove EligibleRoleAssignment from RoleDefinition"}),
	inPIM("Add member to role in PIM completed", "Remove member from role in PIM completed", active),
	inPIM("Add eligible member to role in PIM completed", "Remove eligible member from role in PIM completed", eligible),
	asking(inPIM("Add member to role in PIM requested", "Remove member from role in PIM requested", active)),
	asking(inPIM("Add eligible member to role in PIM requested", "Remove eligible member from role in PIM requested", eligible)),
	passing("", tied(roleTies, "", pimServices, active.roles, []string{
		"Add member to role completed (PIM activation)", "Add member to role requested (PIM activation)",
	}, []string{"Remove member from role completed (PIM deactivate)", "Remove member from role requested (PIM deactivate)"})),
	passing(expiry, tied(roleTies, "", pimServices, active.roles, nil, []string{"Remove member from role (PIM activation expired)"})),
)

var pimServices = []string{pim, pimInWords}

// inTime are the kinds that have what PIM gives, of roles and of groups.
type inTime struct{ roles, groups []string }

var (
	active   = inTime{[]string{"roleAssignments", "roleAssignmentSchedules"}, []string{"privilegedAccessGroupAssignmentSchedules"}}
	eligible = inTime{[]string{"roleEligibilitySchedules"}, []string{"privilegedAccessGroupEligibilitySchedules"}}
)

// inPIM are the activities of PIM of a name, for good and for a time, about roles and about groups.
func inPIM(add, remove string, of inTime) []activity {
	both := func(name string) []string { return []string{name + " (permanent)", name + " (timebound)"} }
	return slices.Concat(
		tied(roleTies, "", pimServices, of.roles, both(add), both(remove)),
		tied(groupTies, "", pimServices, of.groups, both(add), both(remove)),
	)
}

// everywhere marks an activity that gives a role over the whole tenant.
const everywhere = "/"

// linked are the activities of a link. Their first target is what is linked; the object whose
// link it is, is an attribute, named by its type, and another target.
func linked(kinds []string, link, typ, add, remove string) []activity {
	row := activity{Kinds: kinds, Part: link, End: typ + ".ObjectID", EndType: typ, Ties: linkTies}
	return both(row, []string{add}, []string{remove})
}

func tied(ties func(*activity, *entry) []tie, part string, services, kinds, add, remove []string) []activity {
	return both(activity{Kinds: kinds, Services: services, Part: part, Ties: ties}, add, remove)
}

func both(row activity, add, remove []string) []activity {
	added, removed := row, row
	added.Does, added.Names = adds, add
	removed.Does, removed.Names = removes, remove
	return []activity{added, removed}
}

func asking(rows []activity) []activity {
	for i := range rows {
		rows[i].Asks = true
	}
	return rows
}

func passing(job string, rows []activity) []activity {
	for i := range rows {
		rows[i].Passing, rows[i].Job = true, job
	}
	return rows
}

// side reports on which side an attribute says something: that is what decides whether a tie came
// or went, whatever the activity is called. Where both sides do, or none, the activity decides.
func (a *activity) side(m modified) bool {
	old, now := filled(decode(m.Old)), filled(decode(m.New))
	if old == now {
		return a.Does == adds
	}
	return now
}

// linkTies: the member is the first target, and the group an attribute of it.
func linkTies(a *activity, e *entry) []tie {
	if len(e.Targets) == 0 {
		return nil
	}
	member, on := identity(string(e.Targets[0].ID)), a.Does == adds
	owner := ""
	if m, ok := e.modified(a.End); ok {
		owner, on = identity(word(either(m))), a.side(m)
	}
	if owner == "" {
		owner = e.targetOf(0, a.EndType)
	}
	if owner == "" && len(e.Targets) == 2 {
		owner = identity(string(e.Targets[1].ID))
	}
	if owner == "" || member == "" {
		return nil
	}
	var ties []tie
	for _, k := range a.Kinds {
		ties = append(ties, tie{at: tieKey(k, a.Part, owner, member), on: on})
	}
	return ties
}

// appRoleTies: the resource is the first target; the role and who has it are attributes.
func appRoleTies(a *activity, e *entry) []tie {
	role, ok := e.modified("AppRole.Id")
	if !ok || len(e.Targets) == 0 {
		return nil
	}
	principal := ""
	for _, name := range []string{"ServicePrincipal.ObjectID", "User.ObjectID", "Group.ObjectID"} {
		if m, ok := e.modified(name); ok && principal == "" {
			principal = identity(word(either(m)))
		}
	}
	if principal == "" && len(e.Targets) > 1 {
		principal = identity(string(e.Targets[1].ID))
	}
	resource, id := identity(string(e.Targets[0].ID)), identity(word(either(role)))
	if resource == "" || principal == "" || id == "" {
		return nil
	}
	return []tie{{at: tieKey(a.Kinds[0], a.Part, resource, principal+"+"+id), on: a.side(role)}}
}

// grantTies: the resource is the first target, the client an attribute of it, and the scopes are
// what the grant gives. An entry whose scopes are the same on both sides changes nothing.
func grantTies(a *activity, e *entry) []tie {
	if len(e.Targets) == 0 {
		return nil
	}
	client := ""
	if m, ok := e.modified("ServicePrincipal.ObjectID"); ok {
		client = identity(word(either(m)))
	}
	if client == "" {
		client = e.targetOf(0, "ServicePrincipal")
	}
	resource := identity(string(e.Targets[0].ID))
	if client == "" || resource == "" {
		return nil
	}
	t := tie{at: tieKey(a.Kinds[0], "", client, resource), on: a.Does == adds, rest: map[string]string{}}
	if m, ok := e.modified("DelegatedPermissionGrant.Scope"); ok {
		was, now := word(decode(m.Old)), word(decode(m.New))
		if was == now && was != "" {
			return nil
		}
		t.on = now != ""
		if t.valued = was != "" || now != ""; t.valued {
			t.was, t.value = orNil(was), orNil(now)
		}
	}
	for field, name := range map[string]string{"consentType": "DelegatedPermissionGrant.ConsentType", "principalId": "DelegatedPermissionGrant.PrincipalId"} {
		if m, ok := e.modified(name); ok {
			if v := word(either(m)); v != "" {
				t.rest[field] = strings.ToLower(v)
			}
		}
	}
	_, typed := t.rest["consentType"]
	_, personal := t.rest["principalId"]
	t.loose = !typed || t.rest["consentType"] == "principal" && !personal
	return []tie{t}
}

// orNil is a text as a value, nil where it is empty.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// named comes before the name of a role in a tie's key, where that stands for the role's id.
const named = "name:"

// groupTies: who is to be in a group by PIM. The role is that of a member or an owner, and the group
// another target.
func groupTies(a *activity, e *entry) []tie {
	access := strings.ToLower(e.nameOf("Role"))
	link := map[string]string{"member": "links/members", "owner": "links/owners"}[access]
	if link == "" {
		return nil
	}
	principal, at := "", -1
	for i, t := range e.Targets {
		if slices.Contains([]string{"user", "group", "serviceprincipal"}, strings.ToLower(string(t.Type))) {
			principal, at = identity(string(t.ID)), i
			break
		}
	}
	group := e.targetOf(at, "Group")
	if principal == "" || group == "" {
		return nil
	}
	ties := []tie{{at: tieKey("groups", link, group, principal), on: a.Does == adds}}
	if slices.Equal(a.Kinds, eligible.groups) {
		ties = nil // nobody is in the group by it
	}
	for _, k := range a.Kinds {
		ties = append(ties, tie{at: tieKey(k, "", group, access), on: a.Does == adds, rest: map[string]string{"principalId": principal}})
	}
	return ties
}

// roleTies: the directory's entries have the member as first target and the role as an attribute,
// those of PIM have the role first and the member among the targets. Only the directory's plain
// entries say where the role holds: everywhere.
func roleTies(a *activity, e *entry) []tie {
	principal := e.targetOf(-1, "User", "Group", "ServicePrincipal", "Device")
	roles := map[string]bool{}
	on := a.Does == adds
	for _, name := range []string{"Role.TemplateId", "TemplateId", "RoleDefinitionOriginId"} {
		if m, ok := e.modified(name); ok {
			roles[identity(word(either(m)))] = true
			if name == "Role.TemplateId" {
				on = a.side(m)
			}
		}
		roles[identity(e.detail(name))] = true
	}
	delete(roles, "")
	if name := e.nameOf("Role"); name != "" && len(roles) == 0 {
		roles[named+name] = true // no more of it is told
	}
	roles[e.targetOf(-1, "Role")] = true
	delete(roles, "")
	if principal == "" {
		return nil
	}
	rest := map[string]string{}
	if a.Part == everywhere {
		rest["directoryScopeId"] = everywhere
	}
	var ties []tie
	for role := range roles {
		for _, k := range a.Kinds {
			ties = append(ties, tie{at: tieKey(k, "", principal, role), on: on, rest: rest, loose: a.Part != everywhere})
		}
	}
	return ties
}
