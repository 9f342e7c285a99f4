package seed

import "strings"

// grants yields the delegated permissions that administrators and people consented to.
// Scopes begin with a blank, as the portal writes them.
func (c *company) grants(yield func(Record) bool) {
	graph := c.id("servicePrincipals", "graph")
	for n := range c.scale.Applications {
		a := c.appAt(n)
		if len(a.delegated) == 0 {
			continue
		}
		client := c.id("servicePrincipals", a.key)
		if !yield(c.grant(client, graph, "", " "+strings.Join(a.delegated, " "))) {
			return
		}
	}
	cli := c.id("servicePrincipals", "graph-cli")
	concat(each(
		c.grant(cli, graph, c.user("adm-ciso"), "Directory.Read.All openid profile offline_access"),
		c.grant(cli, graph, c.user("adm-cio"), " Group.Read.All User.Read.All openid profile offline_access"),
		c.grant(c.id("servicePrincipals", "fabrikam"), graph, c.user("payroll"), " User.Read Files.Read.All"),
		c.grant(c.id("servicePrincipals", "portal"), c.id("servicePrincipals", "expenses"), "", "expenses.readwrite"),
	))(yield)
}

// grant is consent for one person, or for all when person is empty.
func (c *company) grant(client, resource, person, scope string) Record {
	body := object{
		"id": c.longID("grant", client, resource, person), "clientId": client, "resourceId": resource,
		"consentType": "AllPrincipals", "principalId": nil, "scope": scope,
	}
	if person != "" {
		body["consentType"], body["principalId"] = "Principal", person
	}
	return Record{Path: "/oauth2PermissionGrants", Body: body}
}

// assignee is who an app role is assigned to.
type assignee struct{ id, name, form string }

// noAppRole is the appRoleId of an assignment to the application itself.
const noAppRole = "00000000-0000-0000-0000-000000000000"

// appRoleAssignments yields who may use what: people and groups their applications, and
// applications Microsoft Graph.
func (c *company) appRoleAssignments(yield func(Record) bool) {
	graph := assignee{c.id("servicePrincipals", "graph"), "Microsoft Graph", ""}
	for n := range c.scale.Applications {
		a := c.appAt(n)
		self := assignee{c.id("servicePrincipals", a.key), a.name, "ServicePrincipal"}
		for _, p := range graphRoles {
			if contains(a.application, p.value) && !yield(c.assignment(self, graph, p.id)) {
				return
			}
		}
		for _, who := range c.assignees(a) {
			if !yield(c.assignment(who, self, c.userRole(a))) {
				return
			}
		}
	}
	lake := assignee{c.id("servicePrincipals", "datalake"), "Data Lake Loader", "ServicePrincipal"}
	fabrikam := assignee{c.id("servicePrincipals", "fabrikam"), "Fabrikam Expense Scanner", "ServicePrincipal"}
	identity := assignee{c.id("servicePrincipals", "vm-identity"), "id-batch-westeurope", "ServicePrincipal"}
	finance := assignee{c.id("groups", "sso-fabrikam"), "APP-Fabrikam Expenses", "Group"}
	concat(each(
		c.assignment(identity, lake, c.roleID("datalake", "lake.write")),
		c.assignment(finance, fabrikam, c.roleID("fabrikam", "Scan")),
	))(yield)
}

// assignees returns the people and groups of an application.
func (c *company) assignees(a app) []assignee {
	var who []assignee
	for _, key := range a.users {
		who = append(who, assignee{c.user(key), c.cast[c.member(key)].display, "User"})
	}
	names := make(map[string]string)
	if len(a.groups) > 0 {
		for _, g := range c.fixedGroups() {
			names[g.key] = g.name
		}
	}
	for _, key := range a.groups {
		who = append(who, assignee{c.id("groups", key), names[key], "Group"})
	}
	return who
}

// userRole returns the role that an application's people get.
func (c *company) userRole(a app) string {
	for _, value := range a.roles {
		if forUsers(value) {
			return c.roleID(a.key, value)
		}
	}
	return noAppRole
}

func (c *company) assignment(who, resource assignee, role string) Record {
	return Record{Path: "/servicePrincipals/" + resource.id + "/appRoleAssignedTo", Body: object{
		"id":          c.longID("assignment", who.id, resource.id, role),
		"appRoleId":   role,
		"principalId": who.id, "principalType": who.form, "principalDisplayName": who.name,
		"resourceId": resource.id, "resourceDisplayName": resource.name,
		"createdDateTime": day(2000 + len(who.name)*7),
	}}
}
