package emulator

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// The activities of application credentials. Microsoft's list of activities writes them with a hyphen
// and without the space at the end; entries have neither.
const (
	secretsCreated = "Create application – Certificates and secrets management "
	secretsUpdated = "Update application – Certificates and secrets management "
)

// sameKeys reports whether an object has the credentials that it had.
func (w *write) sameKeys() bool {
	return reflect.DeepEqual(asList(w.before["keyCredentials"]), asList(w.after["keyCredentials"])) &&
		reflect.DeepEqual(asList(w.before["passwordCredentials"]), asList(w.after["passwordCredentials"]))
}

// keyLines are what the log tells of credentials.
func (w *write) keyLines() []any {
	old := keyDescription(w.before)
	slices.Reverse(old) // the order of both sides need not be the same
	return []any{modified("KeyDescription", listed(old), listed(keyDescription(w.after))), included("KeyDescription")}
}

// tellApplication writes the entries about an application. Its credentials have activities of their
// own, beside which an update is told that says nothing.
func tellApplication(a *audited, d deed, w *write) {
	r := a.report(d, w)
	target := r.targets[0].(object)
	tell := func(activity string, lines []any) {
		r.activity, r.targets = activity, []any{cloneTarget(target, lines)}
		w.store.record(w.caller, r)
	}
	switch {
	case d == added:
		tell(r.activity, changes(applicationAttributes, nil, w.after))
		if !w.sameKeys() {
			tell(secretsCreated, w.keyLines())
		}
	case d != updated:
		tell(r.activity, nil)
	case w.sameKeys():
		tell(r.activity, changes(applicationAttributes, w.before, w.after))
	default:
		activity := r.activity
		tell(secretsUpdated, w.keyLines())
		if lines := changes(applicationAttributes, w.before, w.after); len(lines) > 1 {
			tell(activity, lines)
		} else {
			tell(activity, nil)
		}
		if e := w.store.findBy("/servicePrincipals", "appId", textOf(w.after["appId"])); e != nil {
			w.store.record(w.caller, report{
				category: a.category, activity: "Update service principal", operation: "Update", targets: []any{e.target([]any{included(), e.principalNames()})},
			})
		}
	}
}

// principalNames is the line of a service principal's names, which is no change.
func (e *entry) principalNames() any {
	return contextLine("TargetId.ServicePrincipalNames", strings.Join(valuesAt(e.body["servicePrincipalNames"], nil), ";"))
}

// tellPrincipal writes the entries about a service principal.
func tellPrincipal(a *audited, d deed, w *write) {
	r := a.report(d, w)
	tell := func(activity string, lines ...any) {
		r.activity, r.targets = activity, []any{w.entry().target(append(lines, w.entry().principalNames()))}
		w.store.record(w.caller, r)
	}
	switch {
	case d == added:
		tell(r.activity, changes(principalAttributes, nil, w.withKeyStore())...)
	case d != updated:
		w.store.record(w.caller, r)
	case w.sameKeys():
		tell(r.activity, changes(principalAttributes, w.before, w.after)...)
	default:
		update, activity := r.activity, "Add service principal credentials"
		if len(keyDescription(w.after)) < len(keyDescription(w.before)) {
			activity = "Remove service principal credentials"
		}
		tell(activity, w.keyLines()...)
		tell(update, included("KeyDescription"))
		if lines := changes(principalAttributes, w.before, w.after); len(lines) > 1 {
			tell(update, lines...)
		}
	}
}

// withKeyStore is a new service principal, with where its key is kept.
func (w *write) withKeyStore() object {
	body, id := maps.Clone(w.after), w.store.newID("KeyStoreId")
	body[keyStore] = []any{object{"CredentialType": 2, "KeyStoreId": id, "KeyGroupId": id}}
	return body
}

// federatedValues are all federated credentials of an application, before and after one of them was
// written.
func federatedValues(_ deed, w *write) []any {
	var old, now []any
	for _, e := range w.store.list(w.path) {
		now = append(now, federated(e.body))
		if e.id != w.id {
			old = append(old, federated(e.body))
		}
	}
	if w.before != nil {
		old = append(old, federated(w.before))
	}
	return []any{modified("FederatedIdentityCredentials", listed(old), listed(now)), included("FederatedIdentityCredentials")}
}

func federated(body object) object {
	return object{
		"Name": body["name"], "Issuer": body["issuer"], "Subject": body["subject"], "Id": body["id"], "Description": body["description"],
		"Audiences": asListOr(body["audiences"]), "ClaimsMatchingExpression": body["claimsMatchingExpression"],
	}
}

// grantees say how the log tells that somebody has an application's role, by the somebody's type. A
// removal from a user, and all about groups, was never seen with values.
var grantees = map[string]struct{ category, add, remove string }{
	"servicePrincipal": {"ApplicationManagement", "Add app role assignment to service principal", "Remove app role assignment from service principal"},
	"user":             {"UserManagement", "Add app role assignment grant to user", "Remove app role assignment from user"},
	"group":            {"GroupManagement", "Add app role assignment to group", "Remove app role assignment from group"},
}

// tellAssignment writes that somebody has an application's role, or no longer: about the application
// whose role it is.
func tellAssignment(_ *audited, d deed, w *write) {
	assignment := w.entry().body
	resource := w.store.directory[fold(textOf(assignment["resourceId"]))]
	holder := w.store.directory[fold(textOf(assignment["principalId"]))]
	if resource == nil || holder == nil {
		return
	}
	g := grantees[holder.typ]
	activity := g.add
	if d.takesAway() {
		activity = g.remove
	}
	w.store.record(w.caller, report{
		category: g.category, activity: activity, operation: d.assignment(),
		targets: []any{resource.target(assignmentLines(d, assignment, resource, holder)), holder.target(nil)},
		details: []any{detail("AppId", textOf(resource.body["appId"]))},
	})
}

func assignmentLines(d deed, assignment object, resource, holder *entry) []any {
	if holder.typ == "group" || holder.typ == "user" && d.takesAway() {
		return nil
	}
	role, _ := find(asList(resource.body["appRoles"]), "id", assignment["appRoleId"]).(object)
	if assignment["appRoleId"] == zeroID { // access without a role
		role = object{"value": "", "displayName": ""}
	}
	created := assignment["createdDateTime"]
	lines := []any{
		d.moved("AppRole.Id", quoted(assignment["appRoleId"])),
		d.moved("AppRole.Value", quoted(role["value"])),
		d.moved("AppRole.DisplayName", quoted(role["displayName"])),
		d.moved("AppRoleAssignment.CreatedDateTime", quoted(created)),
		d.moved("AppRoleAssignment.LastModifiedDateTime", quoted(created)),
	}
	if holder.typ == "user" {
		return append(lines,
			contextLine("User.ObjectID", holder.id), contextLine("User.UPN", holder.body["userPrincipalName"]), contextLine("User.PUID", puid(holder.id)),
			resource.principalNames())
	}
	return append(append(lines, clientLines(holder, holder.body)...), resource.principalNames())
}

// clientLines say which client has a permission. They are on the new side, whatever was done.
func clientLines(client *entry, names object) []any {
	return []any{
		contextLine("ServicePrincipal.ObjectID", client.id), contextLine("ServicePrincipal.DisplayName", names["displayName"]),
		contextLine("ServicePrincipal.AppId", names["appId"]), contextLine("ServicePrincipal.Name", names["appId"]),
	}
}

// puid is the other id that the sign-in knows a user by: 16 hexadecimal digits.
func puid(id string) string {
	return "1003" + strings.ToUpper(strings.ReplaceAll(id, "-", "")[:12])
}

// find returns the first object of a list with that value of a property, or nil.
func find(list []any, property string, value any) any {
	for _, v := range list {
		if field(v, property) == value {
			return v
		}
	}
	return nil
}

// tellGrant writes that a client may act for people, may do more or less for them, or no longer: about
// the application that it may call. There is no activity for a change of a grant; the log tells one as
// what was granted, with what was before on the old side. Of the client's names it has none.
func tellGrant(a *audited, d deed, w *write) {
	grant := w.entry().body
	resource := w.store.directory[fold(textOf(grant["resourceId"]))]
	client := w.store.directory[fold(textOf(grant["clientId"]))]
	if resource == nil || client == nil {
		return
	}
	line := func(name, property string) any {
		return modified("DelegatedPermissionGrant."+name, scopeText(property, w.before), scopeText(property, w.after))
	}
	lines := append([]any{line("Scope", "scope"), line("ConsentType", "consentType"), line("PrincipalId", "principalId")}, clientLines(client, nil)...)
	activity := "Add delegated permission grant"
	if d.takesAway() {
		activity = "Remove delegated permission grant"
	}
	w.store.record(w.caller, report{
		category: a.category, activity: activity, operation: d.assignment(),
		targets: []any{resource.target(append(lines, resource.principalNames())), client.target(nil)},
		details: []any{detail("AppId", textOf(resource.body["appId"]))},
	})
}

// scopeText is a property of a grant as the log writes it: before the scopes is a space.
func scopeText(property string, grant object) any {
	value := grant[property]
	if value != nil && property == "scope" {
		value = " " + strings.TrimSpace(textOf(value))
	}
	return quoted(value)
}
