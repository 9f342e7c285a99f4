package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// checkDefinition applies the rules of a policy that is defined by a JSON document.
func checkDefinition(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	for _, text := range valuesAt(w.after["definition"], nil) {
		if !json.Valid([]byte(text)) {
			return directoryError("Property definition has an invalid value.")
		}
	}
	if w.after["isOrganizationDefault"] != true {
		return checkNotEmpty(w, capital(w.typ), "displayName")
	}
	for _, e := range w.store.list(w.path) {
		if e.id != w.id && e.body["isOrganizationDefault"] == true {
			return &apiError{status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "Only one policy of a type can be the default of the organization."}
		}
	}
	return checkNotEmpty(w, capital(w.typ), "displayName")
}

// checkPolicyUnused refuses to delete a policy that is applied to something.
func checkPolicyUnused(nav string) check {
	return func(w *write) *apiError {
		if w.after == nil && len(w.store.sources(w.id, nav)) > 0 {
			return directoryError("The policy is assigned to an application or service principal and cannot be deleted.")
		}
		return nil
	}
}

// errBuiltInGrant is the answer to a change of a permission grant policy of Microsoft's.
var errBuiltInGrant = &apiError{status: http.StatusForbidden, code: "Authorization_RequestDenied", message: "A built-in permission grant policy cannot be changed."}

func isMicrosofts(body object) bool { return strings.HasPrefix(textOf(body["id"]), "microsoft-") }

// checkGrantPolicyUnused refuses to delete a policy by which people may consent.
func checkGrantPolicyUnused(w *write) *apiError {
	if w.after != nil {
		return nil
	}
	assigned := at(w.store.singletons["/policies/authorizationPolicy"], "defaultUserRolePermissions.permissionGrantPoliciesAssigned")
	for _, name := range valuesAt(assigned, nil) {
		if strings.HasSuffix(name, "."+w.id) {
			return directoryError("The permission grant policy is assigned and cannot be deleted.")
		}
	}
	return nil
}

// checkConditionSet applies the rules of a condition of a permission grant policy.
func checkConditionSet(w *write) *apiError {
	if owner := w.owner(); owner == nil || isMicrosofts(owner.body) {
		return errBuiltInGrant
	}
	if w.after != nil && w.after["permissionType"] == nil {
		return directoryError("A value is required for property 'permissionType' of resource 'PermissionGrantConditionSet'.")
	}
	return nil
}

// prepareConsentRequests counts the versions of the policy.
func prepareConsentRequests(w *write) *apiError {
	version, _ := w.before["version"].(json.Number)
	n, _ := version.Int64()
	w.after["version"] = json.Number(strconv.FormatInt(n+1, 10))
	for _, name := range []string{"isEnabled", "notifyReviewers", "remindersEnabled", "requestDurationInDays", "reviewers"} {
		if _, given := w.after[name]; !given {
			return badRequest("A value is required for property '%s'.", name)
		}
	}
	return nil
}

// checkCrossTenant requires the parts of a setting to come together: a setting about
// people needs one about applications.
func checkCrossTenant(w *write) *apiError {
	if w.before == nil && w.after != nil && w.resource.key != "" && !guidPattern.MatchString(w.id) {
		return badRequest("The tenant id '%s' is not valid.", w.id)
	}
	// "Delete crossTenantAccessPolicyConfigurationPartner": the synchronization policy first.
	if w.after == nil && w.store.singletons[w.path+"/"+w.id+"/identitySynchronization"] != nil {
		return badRequest("The user synchronization policy of '%s' must be deleted before the partner.", w.id)
	}
	for _, name := range []string{"b2bCollaborationInbound", "b2bCollaborationOutbound", "b2bDirectConnectInbound", "b2bDirectConnectOutbound"} {
		setting, sent := w.sent[name].(object)
		if !sent {
			continue
		}
		for _, part := range []string{"usersAndGroups", "applications"} {
			target, _ := setting[part].(object)
			if target != nil && (target["accessType"] == nil || len(asList(target["targets"])) == 0) {
				return badRequest("%s.%s must hold accessType and at least one target.", name, part)
			}
		}
	}
	return nil
}

// resetCrossTenant answers the action that makes the default what Microsoft set.
func resetCrossTenant(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	before := s.store.singletons[t.path]
	s.store.setSingleton(t.path, seed.CrossTenantDefault())
	s.store.audit(reset, &write{
		store: s.store, caller: req.caller, resource: t.resource, path: t.path, typ: t.resource.typ,
		before: before, after: s.store.singletons[t.path],
	})
	return noContent(), nil
}
