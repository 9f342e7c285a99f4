package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// writePermission is a permission that some properties need when they are written, beyond that
// of the request.
type writePermission struct {
	// under are the collections whose objects have the properties.
	under      []string
	properties []string
	by         []string
}

// writePermissions are from the tables of the pages "Update user", "Create group" and "Manage
// custom security attribute assignments".
var writePermissions = []writePermission{
	{[]string{"users"}, []string{"employeeLeaveDateTime"}, []string{"User-LifeCycleInfo.ReadWrite.All"}},
	{[]string{"users", "serviceprincipals"}, []string{"customSecurityAttributes"}, []string{"CustomSecAttributeAssignment.ReadWrite.All"}},
	{[]string{"groups"}, []string{"isAssignableToRole"}, []string{givesRoles}},
}

// givesRoles is the permission to give roles, and to change what gives them to its members.
const givesRoles = "RoleManagement.ReadWrite.Directory"

// permitsProperties reports whether the caller may write the properties that a request holds.
func (s *Server) permitsProperties(req *request, path []string) bool {
	create := req.method == http.MethodPost && len(path) == 1
	if !create && (req.method != http.MethodPatch || len(path) != 2) {
		return true
	}
	body, err := req.object()
	if err != nil {
		return true // the request is refused for that
	}
	if identities, ok := body["identities"].([]any); ok && !create && path[0] == "users" && len(identities) > 0 && !s.granted.any("User.ManageIdentities.All") {
		return false
	}
	for _, w := range writePermissions {
		for _, name := range w.properties {
			if value := body[name]; slices.Contains(w.under, path[0]) && value != nil && value != false && !s.granted.any(w.by...) {
				return false
			}
		}
	}
	return true
}

// sensitive are the properties of an account that, where it is an administrator's, only a
// higher administrator writes ("Working with users", on sensitive actions).
var sensitive = []string{"accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails", "passwordProfile", "userPrincipalName"}

// The roles whose holders change every administrator, and those that make nobody one (the
// same page, "Who can perform sensitive actions").
var (
	higherRoles = []string{
		"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
		"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
	}
	harmlessRoles = []string{
		"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", // Directory Readers
		"95e79109-95c0-4d8e-aee3-d01accf2d47b", // Guest Inviter
		"790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b", // Message Center Reader
		"4a5d8f65-41da-4de4-8968-e035b65339cf", // Reports Reader
		"75934031-6c7e-415a-99d7-48dbd49e875e", // Usage Summary Reports Reader
	}
)

// permitsAdministrators reports whether the caller may do to an administrator, or to a group
// that may hold a role, what a request asks for.
func (s *Server) permitsAdministrators(req *request, path []segment) bool {
	e := s.store.administrated(path)
	switch {
	case e == nil || !req.isWrite():
		return true
	case e.typ == "group" && e.body["isAssignableToRole"] == true:
		return s.granted.any(givesRoles)
	case e.typ != "user" || !s.store.isAdministrator(e):
		return true
	case req.method == http.MethodPatch && len(path) == 2:
		body, err := req.object()
		if err != nil || !slices.ContainsFunc(sensitive, func(name string) bool { _, ok := body[name]; return ok }) {
			return true
		}
	case req.method != http.MethodDelete && fold(path[len(path)-1].name) != "restore" || len(path) > 2 && path[0].name == "users":
		return true // links and licences
	}
	return slices.ContainsFunc(s.store.rolesOf(req.caller.servicePrincipalID), func(role string) bool { return slices.Contains(higherRoles, role) })
}

// administrated is the user or group, live or deleted, that a path is about; nil for all else.
func (s *store) administrated(path []segment) *entry {
	if len(path) < 2 {
		return nil
	}
	first, second := fold(path[0].name), path[1].name
	switch {
	case first == "users" || first == "groups":
		e, _ := s.find(s.table.root.child(first).resource, "/"+first, "", second)
		return e
	case first == "directoryobjects":
		return s.directory[fold(second)]
	case first == "directory" && fold(second) == "deleteditems":
		for _, seg := range path[2:] {
			if e := s.deleted[fold(seg.name)]; e != nil {
				return e
			}
		}
	}
	return nil
}

// isAdministrator reports whether a user holds a role that makes him one, or belongs to a
// group that may hold a role.
func (s *store) isAdministrator(user *entry) bool {
	for _, nav := range []string{"members", "owners"} {
		for _, g := range s.sources(user.id, nav) {
			if g.body["isAssignableToRole"] == true {
				return true
			}
		}
	}
	return slices.ContainsFunc(s.rolesOf(user.id), func(role string) bool { return !slices.Contains(harmlessRoles, role) })
}

// rolesOf are the templates of the roles that a principal is assigned.
func (s *store) rolesOf(principal string) []string {
	var roles []string
	for _, e := range s.index[indexKey{"principalId", fold(principal)}] {
		if role, ok := e.body["roleDefinitionId"].(string); ok && strings.HasPrefix(e.collection, "/roleManagement/directory/roleAssignments") && principal != "" {
			roles = append(roles, role)
		}
	}
	return roles
}
