package emulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/emulator/seed"
)

func isBuiltInRole(body object) bool { return body["isBuiltIn"] == true }

// roleKey gives a custom role the id of its template, which the client may choose.
func roleKey(w *write) string {
	if id := textOf(w.sent["templateId"]); id != "" {
		return id
	}
	return w.store.newID("role", textOf(w.sent["displayName"]), w.store.timestamp())
}

// prepareRole completes a custom role.
func prepareRole(w *write) *apiError {
	if w.before == nil {
		w.after["templateId"], w.after["isBuiltIn"] = w.id, false
		w.after["resourceScopes"] = []any{"/"}
	}
	return nil
}

// checkRole applies the rules of a role definition.
func checkRole(w *write) *apiError {
	if w.after == nil {
		for _, path := range []string{roleAssignmentsPath, assignmentSchedulesPath, roleEligibility.path} {
			for _, e := range w.store.list(path) {
				if e.body["roleDefinitionId"] == w.id {
					return directoryError("The role definition cannot be deleted since there is an assignment of it.")
				}
			}
		}
		return nil
	}
	permissions := asList(w.after["rolePermissions"])
	if len(permissions) == 0 {
		return invalidValue("rolePermissions", "UnifiedRoleDefinition")
	}
	for _, action := range valuesAt(permissions, []string{"allowedResourceActions"}) {
		if !strings.HasPrefix(action, "microsoft.") {
			return directoryError("Action '%s' is not supported in a custom role.", action)
		}
	}
	for _, e := range w.store.list(w.path) {
		if e.id != w.id && e.body["displayName"] == w.after["displayName"] {
			return &apiError{status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "A role definition with the same display name already exists."}
		}
	}
	return checkNotEmpty(w, "UnifiedRoleDefinition", "displayName", "isEnabled")
}

// provideRolePolicy gives a new role its management policy, and takes it away with the
// role.
func provideRolePolicy(w *write) {
	s := w.store
	switch {
	case w.before == nil:
		for _, rec := range seed.RolePolicy(s.tenantID, w.id) {
			s.mustPut(rec.Path, rec.Body)
		}
	case w.after == nil:
		for _, path := range []string{"/policies/roleManagementPolicyAssignments", "/policies/roleManagementPolicies"} {
			for _, e := range slices.Clone(s.list(path)) {
				if strings.HasPrefix(e.id, seed.RolePolicyID(s.tenantID, w.id)) {
					s.take(e)
					s.purge(e)
				}
			}
		}
	}
}

// checkRoleAssignment applies the rules of a role assignment.
func checkRoleAssignment(w *write) *apiError {
	if w.after == nil {
		return checkLastAdministrator(w)
	}
	principal := w.store.directory[fold(textOf(w.after["principalId"]))]
	scope := textOf(w.after["directoryScopeId"])
	unit, isUnit := strings.CutPrefix(scope, "/administrativeUnits/")
	switch {
	case principal == nil:
		return notFound(textOf(w.after["principalId"]))
	case principal.typ == "group" && principal.body["isAssignableToRole"] != true:
		return directoryError("The group cannot be assigned to a role: isAssignableToRole must be true.")
	case w.store.get(roleDefinitionsPath, textOf(w.after["roleDefinitionId"])) == nil:
		return notFound(textOf(w.after["roleDefinitionId"]))
	case w.store.get(roleDefinitionsPath, textOf(w.after["roleDefinitionId"])).body["isEnabled"] == false:
		return directoryError("The role definition is disabled.")
	case isUnit && w.store.get("/directory/administrativeUnits", unit) == nil,
		!isUnit && scope != "/" && w.store.directory[fold(strings.TrimPrefix(scope, "/"))] == nil:
		return notFound(scope)
	case w.store.assignmentOf(w.after) != nil:
		return directoryError("A conflicting object with one or more of the specified property values is present in the directory.")
	}
	return nil
}

// checkLastAdministrator refuses to remove the last Global Administrator.
func checkLastAdministrator(w *write) *apiError {
	if w.before["roleDefinitionId"] != seed.GlobalAdministrator {
		return nil
	}
	for _, e := range w.store.list(w.path) {
		if e.id != w.id && e.body["roleDefinitionId"] == seed.GlobalAdministrator {
			return nil
		}
	}
	return directoryError("The last Global Administrator cannot be removed.")
}

func isDynamicUnit(body object) bool { return body["membershipType"] == "Dynamic" }

// isRestricted reports whether an object is a member of an administrative unit with
// restricted management: only who has a role in that unit may change it.
func isRestricted(body object) bool { return body["isManagementRestricted"] == true }

// checkUnit applies the rules of an administrative unit.
func checkUnit(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	if isDynamicUnit(w.after) && w.after["membershipRule"] == nil {
		return directoryError("An administrative unit with dynamic membership needs a value for property 'membershipRule'.")
	}
	return checkNotEmpty(w, "AdministrativeUnit", "displayName")
}

// prepareScopedMember fills in what a scoped role membership repeats.
func prepareScopedMember(w *write) *apiError {
	unit := strings.Split(w.path, "/")[3]
	w.after["administrativeUnitId"] = unit
	member, _ := w.after["roleMemberInfo"].(object)
	principal := w.store.directory[fold(textOf(member["id"]))]
	if principal == nil {
		return notFound(textOf(member["id"]))
	}
	w.after["roleMemberInfo"] = object{"id": principal.id, "displayName": principal.body["displayName"]}
	return nil
}
