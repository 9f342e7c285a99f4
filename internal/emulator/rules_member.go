package emulator

import (
	"net/http"
	"slices"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// roleMembers are the members of an activated role: who has it for the whole directory. Both
// interfaces say the same (Microsoft's page "directoryRole resource type").
var roleMembers = &derived{
	from: roleAssignmentsPath,
	edge: func(s *store, assignment object) (owner, related string) {
		for _, role := range s.list("/directoryRoles") {
			if role.body["roleTemplateId"] == assignment["roleDefinitionId"] && assignment["directoryScopeId"] == "/" {
				return role.id, textOf(assignment["principalId"])
			}
		}
		return "", ""
	},
	list: func(s *store, role *entry) []*entry {
		var found []*entry
		for _, a := range s.list(roleAssignmentsPath) {
			holder := s.directory[fold(textOf(a.body["principalId"]))]
			if a.body["roleDefinitionId"] == role.body["roleTemplateId"] && a.body["directoryScopeId"] == "/" && holder != nil {
				found = append(found, holder)
			}
		}
		return found
	},
	add: func(s *store, role, holder *entry) {
		body := object{
			"id":          s.newID("assignment", role.id, holder.id) + "-1",
			"principalId": holder.id, "roleDefinitionId": role.body["roleTemplateId"], "directoryScopeId": "/", "principalOrganizationId": s.tenantID,
		}
		s.mustPut(roleAssignmentsPath, body)
		s.mustPut(assignmentSchedulesPath, seed.DirectSchedule(body, s.timestamp()))
	},
	remove: func(s *store, role, holder *entry) {
		gone := object{"principalId": holder.id, "roleDefinitionId": role.body["roleTemplateId"], "directoryScopeId": "/"}
		for _, path := range []string{assignmentSchedulesPath, roleAssignmentsPath} {
			for _, e := range slices.Clone(s.list(path)) {
				if sameRole(e.body, gone) {
					s.take(e)
				}
			}
		}
	},
}

// activatedRoles returns the activated roles that a principal has itself.
func (s *store) activatedRoles(holder *entry) []*entry {
	var found []*entry
	for _, role := range s.list("/directoryRoles") {
		if slices.Contains(roleMembers.list(s, role), holder) {
			found = append(found, role)
		}
	}
	return found
}

// memberships returns the groups, units and roles that an object is a member of itself.
func (s *store) memberships(e *entry) []*entry {
	return slices.Concat(s.sources(e.id, "members"), s.activatedRoles(e))
}

// memberOf and transitiveMemberOf are the views of what an object is a member of.
func memberOf() view {
	return view{name: "memberOf", typ: "directoryObject", list: (*store).memberships}
}

func transitiveMemberOf() view {
	return view{name: "transitiveMemberOf", typ: "directoryObject", list: func(s *store, owner *entry) []*entry {
		return closure(owner, s.memberships)
	}}
}

// memberActions answer which groups, roles and units an object is a member of, through others
// too (the pages of directoryObject: getMemberGroups, getMemberObjects, checkMemberGroups,
// checkMemberObjects).
func memberActions(more map[string]action) map[string]action {
	all := map[string]action{
		"getMemberGroups":    getMembers("group"),
		"getMemberObjects":   getMembers(""),
		"checkMemberGroups":  checkMembers("groupIds", "group"),
		"checkMemberObjects": checkMembers("ids", ""),
	}
	for name, act := range more {
		all[name] = act
	}
	return all
}

// checkLimit is how many ids one check takes.
const checkLimit = 20

// getMembers answers the ids of what an object is a member of, of one type or of all.
func getMembers(typ string) action {
	return func(s *Server, req *request, t *target) (*response, *apiError) {
		sent, err := postedTo(req)
		if err != nil {
			return nil, err
		}
		only, given := sent["securityEnabledOnly"].(bool)
		switch {
		case !given:
			return nil, directoryError("A value is required for parameter 'securityEnabledOnly'.")
		case only && t.item.typ != "user" && t.item.typ != "servicePrincipal":
			return nil, directoryError("securityEnabledOnly can be true for users and service principals alone.")
		}
		return idsAnswer(req, s.store.memberIDs(t.item, func(e *entry) bool {
			return (typ == "" || e.typ == typ) && (!only || e.typ != "group" || e.body["securityEnabled"] == true)
		})), nil
	}
}

// checkMembers answers which of some ids an object is a member of.
func checkMembers(parameter, typ string) action {
	return func(s *Server, req *request, t *target) (*response, *apiError) {
		sent, err := postedTo(req)
		if err != nil {
			return nil, err
		}
		ids := valuesAt(sent[parameter], nil)
		if len(ids) == 0 || len(ids) > checkLimit {
			return nil, directoryError("The parameter '%s' takes 1 to %d ids.", parameter, checkLimit)
		}
		return idsAnswer(req, s.store.memberIDs(t.item, func(e *entry) bool {
			return (typ == "" || e.typ == typ) && slices.ContainsFunc(ids, func(id string) bool { return fold(id) == fold(e.id) })
		})), nil
	}
}

func (s *store) memberIDs(of *entry, wanted func(*entry) bool) []any {
	ids := []any{}
	for _, e := range closure(of, s.memberships) {
		if wanted(e) {
			ids = append(ids, e.id)
		}
	}
	return ids
}

func idsAnswer(req *request, ids []any) *response {
	return reply(http.StatusOK, object{"@odata.context": req.base + "/$metadata#Collection(Edm.String)", "value": ids})
}
