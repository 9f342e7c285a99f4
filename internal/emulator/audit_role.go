package emulator

import (
	"strings"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// roleTarget is a role as an entry names it. Core Directory knows the activated role by the id that
// it has as an object of the directory.
func (s *store) roleTarget(definition string) object {
	id := s.newID("directoryRole", definition)
	if e := s.findBy("/directoryRoles", "roleTemplateId", definition); e != nil {
		id = e.id
	}
	return object{
		"id": id, "displayName": s.roleName(definition), "type": "Role", "userPrincipalName": nil, "groupType": nil, "modifiedProperties": []any{},
	}
}

func (s *store) roleName(definition string) any {
	if e := s.get(roleDefinitionsPath, definition); e != nil {
		return e.body["displayName"]
	}
	return nil
}

// roleActivity is what the log calls it that somebody has a role, and whether it tells values. A role
// in one unit, and a custom role, were never seen with any.
func (s *store) roleActivity(d deed, definition, scope string) (activity string, tells bool) {
	names := [2]string{"Add member to role", "Remove member from role"}
	unit, isUnit := strings.CutPrefix(scope, "/administrativeUnits/")
	e := s.get(roleDefinitionsPath, definition)
	switch {
	case isUnit:
		names = [2]string{"Add scoped member to role", "Remove scoped member from role"}
		if u := s.get("/directory/administrativeUnits", unit); u != nil && u.body["isMemberManagementRestricted"] == true {
			names = [2]string{
				"Add member to role scoped over Restricted Management Administrative Unit",
				"Remove member from role scoped over Restricted Management Administrative Unit",
			}
		}
	case scope != "/", e != nil && !isBuiltInRole(e.body):
		names = [2]string{"Add role assignment to role definition", "Remove role assignment from role definition"}
	default:
		tells = true
	}
	if d.takesAway() {
		return names[1], tells
	}
	return names[0], tells
}

// tellRole writes Core Directory's entry about who has a role: about who has it.
func (s *store) tellRole(d deed, c caller, principal, definition, scope string) {
	holder := s.directory[fold(principal)]
	if holder == nil {
		return
	}
	role := s.roleTarget(definition)
	activity, tells := s.roleActivity(d, definition, scope)
	var lines []any
	if tells {
		lines = []any{
			d.moved("Role.ObjectID", quoted(role["id"])), d.moved("Role.DisplayName", quoted(role["displayName"])),
			d.moved("Role.TemplateId", quoted(definition)), d.moved("Role.WellKnownObjectName", wellKnown(definition)),
		}
		if holder.typ == "servicePrincipal" {
			lines = append(lines, holder.principalNames())
		}
	}
	s.record(c, report{category: "RoleManagement", activity: activity, operation: d.assignment(), targets: []any{holder.target(lines), role}})
}

// wellKnown is the directory's own name of a role; that of Global Administrator was seen.
func wellKnown(definition string) any {
	if definition == seed.GlobalAdministrator {
		return quoted("TenantAdmins")
	}
	return nil
}

func tellRoleAssignment(_ *audited, d deed, w *write) {
	a := w.entry().body
	w.store.tellRole(d, w.caller, textOf(a["principalId"]), textOf(a["roleDefinitionId"]), textOf(a["directoryScopeId"]))
	w.store.noteOutside(d, w.caller, a)
}

func tellRoleMember(d deed, c caller, role, holder *entry, s *store) {
	s.tellRole(d, c, holder.id, textOf(role.body["roleTemplateId"]), "/")
	s.noteOutside(d, c, object{"principalId": holder.id, "roleDefinitionId": role.body["roleTemplateId"], "directoryScopeId": "/"})
}

func tellScopedMember(_ *audited, d deed, w *write) {
	body := w.entry().body
	role := w.store.get("/directoryRoles", textOf(body["roleId"]))
	if role == nil {
		return
	}
	w.store.tellRole(d, w.caller, textOf(at(body, "roleMemberInfo.id")), textOf(role.body["roleTemplateId"]), "/administrativeUnits/"+textOf(body["administrativeUnitId"]))
}

// pimService is who logs what privileged identity management does. What it does to the directory is
// also told by Core Directory, as done by a job of Microsoft's, some seconds before and without a
// shared correlation id.
const pimService = "PIM"

// pimLater is how much later the service's entry is than the directory's.
const pimLater = 6 * time.Second

// pimWords are the parts of an activity's name, by what a request asks for.
var pimWords = map[string]struct {
	eligible, active, kind string
	operation              string
	d                      deed
}{
	"adminAssign": {"Add eligible member to role in PIM", "Add member to role in PIM", "", "Update", added},
	"adminUpdate": {"Add eligible member to role in PIM", "Add member to role in PIM", "", "Update", updated},
	"adminRenew":  {"Add eligible member to role in PIM", "Add member to role in PIM", "renew", "Update", updated},
	"adminExtend": {"Update eligible member in PIM", "Update member in PIM", "extend", "Update", updated},
	"adminRemove": {"Remove eligible member from role in PIM", "Remove member from role in PIM", "", "Delete", deleted},
}

// tellRequests returns what writes the entries about requests for schedules.
func tellRequests(sc *schedule) func(*audited, deed, *write) {
	return func(_ *audited, d deed, w *write) {
		if d == added && w.after["isValidationOnly"] != true {
			sc.tellAudit(w, textOf(w.after["action"]), w.after)
		}
	}
}

// tellSchedules returns what writes the entries about schedules that a portal changes.
func tellSchedules(sc *schedule) func(*audited, deed, *write) {
	return func(_ *audited, d deed, w *write) {
		action := "adminUpdate"
		if d.takesAway() {
			action = "adminRemove"
		}
		sc.tellAudit(w, action, w.entry().body)
	}
}

// tellAudit writes the entries about one request: that it was made, what was done to the directory,
// and that it is done.
func (sc *schedule) tellAudit(w *write, action string, request object) {
	s, words := w.store, pimWords[action]
	begin := words.active
	if sc.level == "Eligibility" {
		begin = words.eligible
	}
	kind := words.kind
	if kind == "" {
		kind = "timebound"
		if at(sc.scheduled(s, request), "scheduleInfo.expiration.type") == "noExpiration" {
			kind = "permanent"
		}
	}
	r := sc.pimReport(w, request)
	r.activity, r.operation = begin+" requested ("+kind+")", words.operation
	s.record(w.caller, r)
	if words.d != updated {
		sc.tellDirectory(s, words.d, request, 0)
	}
	r.activity, r.later = begin+" completed ("+kind+")", pimLater
	s.record(w.caller, r)
}

// pimReport is an entry of the service's about a schedule or a request for one.
func (sc *schedule) pimReport(w *write, about object) report {
	category := "RoleManagement"
	if sc.ofGroup() {
		category = "GroupManagement"
	}
	return report{
		service: pimService, category: category, reason: textOf(about["justification"]), targets: sc.pimTargets(w.store, about),
		details: sc.pimDetails(w, about), by: w.store.inPerson(w.caller), alone: true,
	}
}

// scheduled is the schedule that a request is about, or the request itself for a new one.
func (sc *schedule) scheduled(s *store, request object) object {
	if request["scheduleInfo"] != nil {
		return request
	}
	if e := sc.find(s, request); e != nil {
		return e.body
	}
	return request
}

// tellDirectory writes what a request does to the directory, as a job of Microsoft's does it.
func (sc *schedule) tellDirectory(s *store, d deed, request object, later time.Duration) {
	job := s.job(pimJob)
	job.later = later
	principal := s.directory[fold(textOf(request["principalId"]))]
	switch {
	case principal == nil:
	case sc.ofGroup() && sc.level == "Assignment":
		if group := s.get("/groups", textOf(request["groupId"])); group != nil {
			groupLinks[joins(request)].record("GroupManagement", d, job, group, principal, s)
		}
	case sc.ofGroup():
	case sc.level == "Assignment":
		s.tellRole(d, job, principal.id, textOf(request["roleDefinitionId"]), textOf(request["directoryScopeId"]))
	default:
		activity := "Add eligible member to role"
		if d.takesAway() {
			activity = "Remove eligible member from role"
		}
		s.record(job, report{
			category: "RoleManagement", activity: activity, operation: d.assignment(),
			targets: []any{principal.target(nil), s.roleTarget(textOf(request["roleDefinitionId"]))},
		})
	}
}

// pimTargets are what the service's entries are about, in their order: the role, the request, who
// gets it, the directory.
func (sc *schedule) pimTargets(s *store, request object) []any {
	named := func(id, name any, typ string, lines []any) object {
		return object{"id": id, "displayName": name, "type": typ, "userPrincipalName": nil, "groupType": nil, "modifiedProperties": lines}
	}
	origin := func(name, value string) any { return modified(name, quoted(""), quoted(value)) }
	id, name := request["roleDefinitionId"], s.roleName(textOf(request["roleDefinitionId"]))
	lines := []any{
		origin("RoleDefinitionOriginId", textOf(id)), origin("RoleDefinitionOriginType", "BuiltInRole"), origin("TemplateId", textOf(id)),
	}
	directory := named(s.tenantID, s.tenantName(), "Directory", []any{})
	if sc.ofGroup() {
		id, name, lines = nil, capital(textOf(request["accessId"])), []any{}
		if group := s.get("/groups", textOf(request["groupId"])); group != nil {
			directory = group.target(nil)
		}
	}
	targets := []any{named(id, name, "Role", lines), named(request["id"], nil, "Request", []any{})}
	if principal := s.directory[fold(textOf(request["principalId"]))]; principal != nil {
		targets = append(targets, principal.target(nil))
	}
	return append(targets, directory, named(s.newID("other", textOf(request["id"])), nil, "Other", []any{}))
}

// tenantName is the company's name.
func (s *store) tenantName() any {
	for _, e := range s.list("/organization") {
		return e.body["displayName"]
	}
	return nil
}

// inPerson is a caller as the service writes it: a user with the name of the person, whose address is
// among the details.
func (s *store) inPerson(c caller) object {
	by := c.initiatedBy()
	if user, ok := by["user"].(object); ok && c.service == "" {
		if e := s.get("/users", c.userID); e != nil {
			user["displayName"] = e.body["displayName"]
		}
		user["ipAddress"] = nil
	}
	return by
}

func (sc *schedule) pimDetails(w *write, request object) []any {
	var details []any
	add := func(key, value string) {
		if value != "" {
			details = append(details, detail(key, value))
		}
	}
	if role := textOf(request["roleDefinitionId"]); !sc.ofGroup() {
		add("RoleDefinitionOriginId", role)
		add("RoleDefinitionOriginType", "BuiltInRole")
		add("TemplateId", role)
	}
	add("StartTime", textOf(at(request, "scheduleInfo.startDateTime")))
	add("Justification", textOf(request["justification"]))
	add("oid", w.caller.userID)
	add("tid", w.store.tenantID)
	add("wids", strings.Join(w.store.rolesOf(w.caller.userID), ","))
	add("ipaddr", w.caller.address)
	add("RequestId", textOf(request["id"]))
	return details
}
