package emulator

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// schedule says how requests about a kind of schedule are carried out. Graph does so a
// little later; here the answer says that it is done.
type schedule struct {
	// path is the collection of the schedules, requested that of the requests about them.
	path, requested string
	// identity are the properties that a request and the schedule it is about share.
	identity []string
	// given are the properties that a new schedule has of itself.
	given object
	// level is the part of the role management policy that applies: "Eligibility".
	level string
	// changed, when set, carries a change of a schedule on; after is nil when it was
	// removed.
	changed func(s *store, before, after object)
}

var (
	roleIdentity  = []string{"principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"}
	groupIdentity = []string{"groupId", "accessId", "principalId"}

	roleEligibility = &schedule{
		path: "/roleManagement/directory/roleEligibilitySchedules", requested: "/roleManagement/directory/roleEligibilityScheduleRequests",
		identity: roleIdentity,
		given:    object{"memberType": "Direct"}, level: "Eligibility",
	}
	roleAssignment = &schedule{
		path: assignmentSchedulesPath, requested: "/roleManagement/directory/roleAssignmentScheduleRequests",
		identity: roleIdentity,
		given:    object{"memberType": "Direct", "assignmentType": "Assigned"}, level: "Assignment",
		changed: assignBySchedule,
	}
	groupEligibility = &schedule{
		path:      "/identityGovernance/privilegedAccess/group/eligibilitySchedules",
		requested: "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests",
		identity:  groupIdentity, given: object{"memberType": "direct"}, level: "Eligibility",
	}
	groupAssignment = &schedule{
		path: "/identityGovernance/privilegedAccess/group/assignmentSchedules", requested: "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests",
		identity: groupIdentity, given: object{"memberType": "direct", "assignmentType": "assigned"}, level: "Assignment",
		changed: joinBySchedule,
	}
)

const (
	roleDefinitionsPath     = "/roleManagement/directory/roleDefinitions"
	roleAssignmentsPath     = "/roleManagement/directory/roleAssignments"
	assignmentSchedulesPath = "/roleManagement/directory/roleAssignmentSchedules"
)

// requests returns the collection of requests about a schedule.
func (sc *schedule) requests(typ string) *resource {
	return &resource{
		path: sc.requested, typ: typ,
		deny:     []string{"PATCH", "DELETE"},
		readOnly: []string{"approvalId", "completedDateTime", "createdBy", "createdDateTime", "status", "targetScheduleId"},
		required: []string{"action", "principalId"},
		created:  "createdDateTime",
		prepare:  sc.prepare,
		affect:   sc.carryOut,
	}
}

// find returns the schedule that a request is about, or nil.
func (sc *schedule) find(s *store, request object) *entry {
	for _, e := range s.list(sc.path) {
		same := !slices.ContainsFunc(sc.identity, func(name string) bool {
			have, want := e.body[name], request[name]
			return have != want && (name != "appScopeId" || have != nil && want != nil)
		})
		if same && e.body["memberType"] == sc.given["memberType"] && e.body["assignmentType"] == sc.given["assignmentType"] {
			return e
		}
	}
	return nil
}

// prepare refuses a request that cannot be carried out, and says what became of one
// that can.
func (sc *schedule) prepare(w *write) *apiError {
	if w.before != nil || w.after == nil {
		return nil
	}
	existing := sc.find(w.store, w.after)
	w.after["status"] = "Provisioned"
	switch w.after["action"] {
	case "adminAssign":
		if existing != nil || sc == groupAssignment && w.store.joined(w.after) {
			return badRoleRequest("RoleAssignmentExists", "The Role assignment already exists.")
		}
		w.after["targetScheduleId"] = w.id
	case "adminUpdate", "adminExtend", "adminRenew", "adminRemove":
		if existing == nil {
			return badRoleRequest("RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
		}
		w.after["targetScheduleId"] = existing.id
		if w.after["action"] == "adminRemove" {
			w.after["status"] = "Revoked"
			return nil
		}
	default:
		return badRoleRequest("InvalidRoleAssignmentRequest", "Only a signed-in user can make this request.")
	}
	w.after["completedDateTime"] = w.store.timestamp()
	if err := sc.checkSubject(w); err != nil {
		return err
	}
	return sc.checkPolicy(w)
}

func badRoleRequest(code, message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: code, message: message}
}

// checkSubject requires the principal and the role or group of a request, and a time
// that makes sense.
func (sc *schedule) checkSubject(w *write) *apiError {
	principal := w.store.directory[fold(textOf(w.after["principalId"]))]
	if principal == nil || principal.typ == "servicePrincipal" && sc.level != "Assignment" {
		return badRoleRequest("SubjectNotFound", "The subject is not found.")
	}
	if sc.ofGroup() {
		if w.store.get("/groups", textOf(w.after["groupId"])) == nil {
			return badRoleRequest("ResourceNotFound", "The resource is not found.")
		}
	} else if w.store.get(roleDefinitionsPath, textOf(w.after["roleDefinitionId"])) == nil {
		return badRoleRequest("RoleNotFound", "The role is not found.")
	}
	expiration, _ := at(w.after, "scheduleInfo.expiration").(object)
	switch {
	case w.after["scheduleInfo"] == nil:
		return badRoleRequest("InvalidRoleAssignmentRequest", "A schedule is required.")
	case expiration["type"] == "afterDateTime" && expiration["endDateTime"] == nil,
		expiration["type"] == "afterDuration" && expiration["duration"] == nil:
		return badRoleRequest("InvalidRoleAssignmentRequest", "The expiration of the schedule is incomplete.")
	}
	return nil
}

// checkPolicy applies the role management policy of the role, as it holds for
// administrators.
func (sc *schedule) checkPolicy(w *write) *apiError {
	policy := w.store.policyOf(sc.subject(w.after))
	if policy == "" {
		return nil
	}
	var failed []string
	rule := func(id string) object {
		if e := w.store.get(policy+"/rules", id+"_Admin_"+sc.level); e != nil {
			return e.body
		}
		return nil
	}
	if limit := rule("Expiration"); limit["isExpirationRequired"] == true && sc.lasts(w, textOf(limit["maximumDuration"])) {
		failed = append(failed, `"ExpirationRule"`)
	}
	enabled := valuesAt(rule("Enablement")["enabledRules"], nil)
	if slices.Contains(enabled, "Justification") && textOf(w.after["justification"]) == "" {
		failed = append(failed, `"JustificationRule"`)
	}
	if slices.Contains(enabled, "Ticketing") && at(w.after, "ticketInfo.ticketNumber") == nil {
		failed = append(failed, `"TicketingRule"`)
	}
	if len(failed) == 0 {
		return nil
	}
	return badRoleRequest("RoleAssignmentRequestPolicyValidationFailed",
		"The following policy rules failed: ["+strings.Join(failed, ",")+"]")
}

// lasts reports whether a request asks for more than a duration: an end that is required can be
// no later (the page of unifiedRoleManagementPolicyExpirationRule).
func (sc *schedule) lasts(w *write, longest string) bool {
	now := w.store.now()
	most, limited := after(now, longest)
	end, ends := after(now, textOf(at(w.after, "scheduleInfo.expiration.duration")))
	if t, err := time.Parse(time.RFC3339, textOf(at(w.after, "scheduleInfo.expiration.endDateTime"))); err == nil {
		end, ends = t, true
	}
	return !ends || limited && end.After(most)
}

// iso8601 is a duration of days, hours and minutes.
var iso8601 = regexp.MustCompile(`^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$`)

// after returns the time that is a duration later, and false for no duration.
func after(t time.Time, duration string) (time.Time, bool) {
	m := iso8601.FindStringSubmatch(duration)
	if m == nil {
		return t, false
	}
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		n, _ := strconv.Atoi(m[i+1])
		t = t.Add(time.Duration(n) * unit)
	}
	return t, true
}

// subject is the scope and the role of a request as the policy's assignment names them.
func (sc *schedule) subject(request object) (scope, role string) {
	if sc.ofGroup() {
		return textOf(request["groupId"]), textOf(request["accessId"])
	}
	return "/", textOf(request["roleDefinitionId"])
}

// policyOf returns the path of the policy that applies to a role in a scope, or "".
func (s *store) policyOf(scope, role string) string {
	for _, e := range s.list("/policies/roleManagementPolicyAssignments") {
		if role != "" && e.body["roleDefinitionId"] == role && e.body["scopeId"] == scope {
			return "/policies/roleManagementPolicies/" + textOf(e.body["policyId"])
		}
	}
	return ""
}

// carryOut makes, changes or removes the schedule that a request is about.
func (sc *schedule) carryOut(w *write) {
	s := w.store
	old := sc.find(s, w.after)
	if w.after["isValidationOnly"] == true {
		return
	}
	var before object
	if old != nil {
		before = old.body
	}
	if w.after["action"] == "adminRemove" {
		s.take(old)
		sc.tell(s, before, nil)
		return
	}
	now := s.timestamp()
	body := maps.Clone(before)
	if body == nil {
		body = object{"id": w.id, "createdDateTime": now, "modifiedDateTime": nil}
		for _, name := range sc.identity {
			body[name] = w.after[name]
		}
		maps.Copy(body, sc.given)
	} else {
		body["modifiedDateTime"] = now
	}
	body["createdUsing"], body["status"] = w.id, "Provisioned"
	info, _ := w.after["scheduleInfo"].(object)
	info = maps.Clone(info)
	if start := textOf(info["startDateTime"]); start < now {
		info["startDateTime"] = now // the service writes when it began
	}
	body["scheduleInfo"] = info
	s.mustPut(sc.path, body)
	sc.tell(s, before, body)
}

// changes are the properties of a schedule that a request changes.
func (sc *schedule) changes() map[string]byAction {
	return map[string]byAction{"scheduleInfo": {action: sc.requested}}
}

// follow carries a change of a schedule on.
func (sc *schedule) follow(w *write) { sc.tell(w.store, w.before, w.after) }

func (sc *schedule) tell(s *store, before, after object) {
	if sc.changed != nil {
		sc.changed(s, before, after)
	}
}

// mustPut puts an object that the service makes itself.
func (s *store) mustPut(path string, body object) {
	if _, err := s.put(path, body); err != nil {
		panic("emulator: an object of the service's own cannot be stored: " + err.Error())
	}
}

// assignBySchedule keeps role assignments what the schedules say.
func assignBySchedule(s *store, before, after object) {
	switch {
	case before == nil:
		body := object{"id": s.newID("assignment", textOf(after["id"])) + "-1", "principalOrganizationId": s.tenantID}
		for _, name := range roleIdentity {
			body[name] = after[name]
		}
		s.mustPut(roleAssignmentsPath, body)
	case after == nil:
		if e := s.assignmentOf(before); e != nil {
			s.take(e)
		}
	}
}

// assignmentOf returns the role assignment that a schedule stands for, or nil.
func (s *store) assignmentOf(schedule object) *entry {
	for _, e := range s.list(roleAssignmentsPath) {
		if sameRole(e.body, schedule) {
			return e
		}
	}
	return nil
}

// sameRole reports whether two bodies give a principal the same role at the same scope.
func sameRole(a, b object) bool {
	return a["principalId"] == b["principalId"] && a["roleDefinitionId"] == b["roleDefinitionId"] &&
		a["directoryScopeId"] == b["directoryScopeId"]
}

// scheduleAssignment gives an assignment that was made directly its schedule, and takes
// away the schedule of one that was removed.
func scheduleAssignment(w *write) {
	s := w.store
	if w.after == nil {
		for _, e := range slices.Clone(s.list(assignmentSchedulesPath)) {
			if sameRole(e.body, w.before) {
				s.take(e)
			}
		}
		return
	}
	s.mustPut(assignmentSchedulesPath, seed.DirectSchedule(w.after, s.timestamp()))
}

// instances serves what is in force of the schedules: of each, whose id the property holds,
// with the properties that only some instances have.
func (sc *schedule) instances(property string, more ...string) *source {
	path := strings.TrimSuffix(sc.path, "s") + "Instances"
	instance := func(s *store, e *entry) *entry {
		body := object{"id": e.id, property: e.id}
		for _, name := range slices.Concat(sc.identity, []string{"memberType"}, more) {
			body[name] = e.body[name]
		}
		body["startDateTime"] = at(e.body, "scheduleInfo.startDateTime")
		body["endDateTime"] = at(e.body, "scheduleInfo.expiration.endDateTime")
		if a := s.assignmentOf(e.body); a != nil && sc.changed != nil {
			body["roleAssignmentOriginId"] = a.id
		}
		r, _, _ := s.table.find(path)
		return &entry{id: e.id, collection: r.path, resource: r, typ: r.typ, body: body, seq: e.seq}
	}
	return &source{
		list: func(s *store) []*entry {
			var found []*entry
			for _, e := range s.list(sc.path) {
				if s.isVisible(e) {
					found = append(found, instance(s, e))
				}
			}
			return found
		},
		get: func(s *store, id string) *entry {
			if e := s.get(sc.path, id); e != nil && s.isVisible(e) {
				return instance(s, e)
			}
			return nil
		},
	}
}
