package emulator

import (
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// preparePolicy completes a Conditional Access policy as the service does. An embedded
// authentication strength is stored as its id.
func preparePolicy(w *write) *apiError {
	if conditions, ok := w.after["conditions"].(object); ok && conditions["clientAppTypes"] == nil {
		conditions = maps.Clone(conditions)
		conditions["clientAppTypes"] = []any{"all"}
		w.after["conditions"] = conditions
	}
	controls, _ := w.after["grantControls"].(object)
	strength, _ := controls["authenticationStrength"].(object)
	if strength == nil {
		return nil
	}
	id, ok := strength["id"].(string)
	if !ok {
		return badRequest("1080: An authentication strength needs an id.")
	}
	controls = maps.Clone(controls)
	controls["authenticationStrength"] = object{"id": id}
	w.after["grantControls"] = controls
	return nil
}

// accessPolicyLimit is how many Conditional Access policies a tenant can have.
const accessPolicyLimit = 195

// checkAccessPolicy applies the rules of a Conditional Access policy.
func checkAccessPolicy(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	if w.before == nil && len(w.store.list(w.path)) >= accessPolicyLimit {
		return badRequest("1039: The tenant has %d Conditional Access policies, which is the limit.", accessPolicyLimit)
	}
	conditions, _ := w.after["conditions"].(object)
	applications, _ := conditions["applications"].(object)
	_, changed := w.sent["conditions"]
	switch {
	case w.after["displayName"] == nil || w.after["displayName"] == "":
		return badRequest("1005: displayName is required.")
	case !changed:
	case !anyValues(applications, "includeApplications", "includeUserActions", "includeAuthenticationContextClassReferences"):
		return badRequest("1011: 'applications' condition is required and must include at least one application, user action or authentication context.")
	case anyValues(applications, "includeApplications") && anyValues(applications, "includeUserActions"):
		return badRequest("1012: 'applications' condition cannot include both 'includeApplications' and 'includeUserActions'/'includeProtectionLevels'. Please remove one of the conditions.")
	case conditions["clientApplications"] == nil && !includesUsers(conditions["users"]):
		return badRequest("1013: 'users' condition is required and must include at least one user, group, role or guest.")
	}
	if err := checkControls(w.after); err != nil {
		return err
	}
	if w.sent["state"] == "enabled" {
		return checkBesideDefaults(w.store, w.after)
	}
	return nil
}

// checkBesideDefaults refuses to enable a policy while security defaults are; one that only
// reports is let through (Terraform users and tenant scripts quote this answer).
func checkBesideDefaults(s *store, policy object) *apiError {
	if policy["state"] == "enabled" && s.singletons[securityDefaultsPath]["isEnabled"] == true {
		return badRequest("1078: Security Defaults is enabled in the tenant. You must disable Security defaults before enabling a Conditional Access policy.")
	}
	return nil
}

// checkControls requires a policy to do something, and in one way.
func checkControls(policy object) *apiError {
	controls, _ := policy["grantControls"].(object)
	if controls == nil {
		if policy["sessionControls"] == nil {
			return badRequest("1007: 'grantControls' or 'sessionControls' is required.")
		}
		return nil
	}
	builtIn := valuesAt(controls["builtInControls"], nil)
	switch {
	case controls["operator"] != "AND" && controls["operator"] != "OR":
		return badRequest("1008: 'grantControls.operator' must be 'AND' or 'OR'.")
	case slices.Contains(builtIn, "mfa") && controls["authenticationStrength"] != nil:
		return badRequest("1083: 'mfa' and an authentication strength cannot be required together.")
	case slices.Contains(builtIn, "block") && len(builtIn) > 1:
		return badRequest("1009: 'block' cannot be combined with other controls.")
	case len(builtIn) == 0 && controls["authenticationStrength"] == nil && !anyValues(controls, "termsOfUse", "customAuthenticationFactors"):
		return badRequest("1010: 'grantControls' must hold at least one control.")
	}
	return nil
}

func anyValues(body object, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return len(asList(body[name])) > 0 })
}

func includesUsers(v any) bool {
	users, _ := v.(object)
	return users["includeGuestsOrExternalUsers"] != nil || anyValues(users, "includeUsers", "includeGroups", "includeRoles")
}

// prepareLocation fills in what a new named location was not told.
func prepareLocation(w *write) *apiError {
	if w.before != nil {
		return nil
	}
	for name := range w.store.meta.Types[w.typ].Declared {
		p := w.store.meta.Types[w.typ].properties[name]
		if p.Type == "Boolean" && w.after[name] == nil {
			w.after[name] = false
		}
	}
	return nil
}

// rangeLimit is how many ranges a named location can have.
const rangeLimit = 2000

// checkLocation applies the rules of a named location.
func checkLocation(w *write) *apiError {
	if w.after == nil {
		return checkLocationUnused(w)
	}
	switch {
	case w.after["displayName"] == "":
		return badRequest("1041: displayName is required.")
	case w.typ == "ipNamedLocation" && len(asList(w.after["ipRanges"])) == 0:
		return badRequest("1042: A location must have at least one IP range.")
	case w.typ == "countryNamedLocation" && len(asList(w.after["countriesAndRegions"])) == 0 && w.after["includeUnknownCountriesAndRegions"] != true:
		return badRequest("1043: A location must have at least one country or region.")
	case len(asList(w.after["ipRanges"])) > rangeLimit:
		return badRequest("1044: A location can have at most %d IP ranges.", rangeLimit)
	}
	for _, address := range valuesAt(w.after["ipRanges"], []string{"cidrAddress"}) {
		if _, err := netip.ParsePrefix(address); err != nil {
			return badRequest("1045: Invalid IP range '%s'.", address)
		}
	}
	for _, code := range valuesAt(w.after["countriesAndRegions"], nil) {
		if len(code) != 2 || code != strings.ToUpper(code) {
			return badRequest("1046: Invalid country or region '%s'.", code)
		}
	}
	return nil
}

// checkContextUnused refuses to delete an authentication context that is offered or in use.
func checkContextUnused(w *write) *apiError {
	switch {
	case w.after != nil:
		return nil
	case w.before["isAvailable"] == true:
		return badRequest("The authentication context '%s' is published to apps and cannot be deleted.", w.id)
	}
	for _, e := range w.store.list(policiesPath) {
		if slices.Contains(valuesAt(e.body, []string{"conditions", "applications", "includeAuthenticationContextClassReferences"}), w.id) {
			return badRequest("The authentication context '%s' is used by the policy '%s'.", w.id, e.id)
		}
	}
	return nil
}

// checkLocationUnused refuses to delete a location that is trusted or in use.
func checkLocationUnused(w *write) *apiError {
	if w.before["isTrusted"] == true {
		return badRequest("1051: A trusted location cannot be deleted. Remove the trust first.")
	}
	for _, e := range w.store.list(policiesPath) {
		locations := at(e.body, "conditions.locations")
		for _, name := range []string{"includeLocations", "excludeLocations"} {
			if slices.Contains(valuesAt(locations, []string{name}), w.id) {
				return badRequest("1052: The location '%s' is used by the policy '%s'.", w.id, e.id)
			}
		}
	}
	return nil
}

func isBuiltIn(body object) bool { return body["policyType"] == "builtIn" }

// checkStrengthUnused refuses to delete an authentication strength that is in use.
func checkStrengthUnused(w *write) *apiError {
	if w.after != nil {
		return nil
	}
	for _, e := range w.store.list(policiesPath) {
		if at(e.body, "grantControls.authenticationStrength.id") == w.id {
			return badRequest("The authentication strength '%s' is used by the Conditional Access policy '%s'.", w.id, e.id)
		}
	}
	return nil
}

// updateAllowedCombinations answers the only way to change the combinations of an
// authentication strength.
func updateAllowedCombinations(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	w := &write{
		store: s.store, caller: req.caller, resource: t.resource,
		path: t.path, id: t.item.id, typ: t.item.typ, before: t.item.body,
	}
	if err := w.receive(req); err != nil {
		return nil, err
	}
	if len(w.sent) != 1 || len(asList(w.sent["allowedCombinations"])) == 0 {
		return nil, badRequest("The body must hold allowedCombinations and nothing else.")
	}
	w.after = w.merged()
	w.stamp()
	if err := w.check(); err != nil {
		return nil, err
	}
	if _, err := s.commit(w); err != nil {
		return nil, err
	}
	return reply(http.StatusOK, object{
		"@odata.context":              req.base + "/$metadata#microsoft.graph.updateAllowedCombinationsResult",
		"additionalInformation":       nil,
		"conditionalAccessReferences": []any{},
		"currentCombinations":         w.after["allowedCombinations"],
		"previousCombinations":        w.before["allowedCombinations"],
	}), nil
}

// externalMethod is the one type of authentication method that a tenant adds and removes.
const externalMethod = "externalAuthenticationMethodConfiguration"

// checkMethod applies the rules of an authentication method's configuration.
func checkMethod(w *write) *apiError {
	if (w.before == nil || w.after == nil) && w.typ != externalMethod {
		return badRequest("Only external authentication methods can be added or removed.")
	}
	return nil
}
