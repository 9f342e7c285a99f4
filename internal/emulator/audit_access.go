package emulator

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

const accessService = "Conditional Access"

// legacyStates are the states of a policy in the directory, where the service of Conditional Access
// keeps it.
var legacyStates = map[any]string{"enabled": "Enabled", "disabled": "Disabled", "enabledForReportingButNotEnforced": "Reporting"}

// tellPolicy writes the two entries about a policy of Conditional Access: one of the directory, a
// little earlier and with an id of its own, and one of the service itself with the whole policy.
func tellPolicy(a *audited, d deed, w *write) {
	r := a.report(d, w)
	if r.activity == "" {
		return
	}
	directory := map[deed]string{added: "Add policy", updated: "Update policy", deleted: "Delete policy"}
	var lines []any
	if d != deleted {
		lines = []any{modified("PolicyDetail", listed(legacyPolicy(w.before)), listed(legacyPolicy(w.after))), included("PolicyDetail")}
	}
	target := w.entry().target(lines)
	target["type"] = "Policy"
	service := w.caller
	service.agent = "Microsoft Azure Graph Client Library 1.0"
	w.store.record(service, report{
		category: a.category, activity: directory[d], operation: r.operation, targets: []any{target},
		later: -400 * time.Millisecond, alone: true,
	})
	r.by, r.details = w.caller.onBehalf(), []any{detail("Category", accessService)}
	w.store.record(w.caller, r)
}

// legacyPolicy is a policy as the directory keeps it: JSON in a text. Of exclusions, and of what else a
// policy may say, the form is not published.
func legacyPolicy(policy object) []any {
	if policy == nil {
		return nil
	}
	include := func(name, path string) object {
		return object{"Include": []any{object{name: asListOr(at(policy, path))}}}
	}
	legacy := object{
		"Version": 1, "State": legacyStates[policy["state"]], "CreatedDateTime": policy["createdDateTime"],
		"Conditions": object{
			"Applications": include("Applications", "conditions.applications.includeApplications"),
			"Users":        include("Users", "conditions.users.includeUsers"),
		},
	}
	if modified := policy["modifiedDateTime"]; modified != nil {
		legacy["ModifiedDateTime"] = modified
	}
	for _, control := range valuesAt(at(policy, "grantControls.builtInControls"), nil) {
		legacy["Controls"] = append(asList(legacy["Controls"]), object{"Control": []any{capital(control)}})
	}
	return []any{encoded(legacy)}
}

// wholeValue returns the one line of an entry that holds an object as the service sees it, before and
// after.
func wholeValue(name string) func(deed, *write) []any {
	return func(_ deed, w *write) []any {
		side := func(body object) any {
			if body == nil {
				return nil
			}
			return encoded(served(body))
		}
		return []any{modified(name, side(w.before), side(w.after))}
	}
}

// guestKinds are the bits that stand for kinds of guests (the members of
// conditionalAccessGuestOrExternalUserTypes, in the order of their values).
var guestKinds = []string{"internalGuest", "b2bCollaborationGuest", "b2bCollaborationMember", "b2bDirectConnectUser", "otherExternalUser", "serviceProvider"}

// accessTypes are the numbers that stand for what a cross-tenant setting does.
var accessTypes = map[any]int{"allowed": 1, "blocked": 2}

// served is a body as the services write it in the log, which is nearly Graph's: what has no value is
// left out, kinds of guests and accesses are numbers, times end in "+00:00", the control "mfa" may be
// "MFA", and no authentication strength was ever seen.
func served(body object) object {
	out := make(object, len(body))
	for name, value := range body {
		if value == nil || name == "authenticationStrength" {
			continue
		}
		out[name] = servedValue(name, value)
	}
	return out
}

func servedValue(name string, value any) any {
	switch v := value.(type) {
	case object:
		return served(v)
	case []any:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = servedValue(name, x)
		}
		return list
	case string:
		switch {
		case name == "guestOrExternalUserTypes":
			bits := 0
			for kind := range strings.SplitSeq(v, ",") {
				if at := slices.Index(guestKinds, strings.TrimSpace(kind)); at >= 0 {
					bits |= 1 << at
				}
			}
			return bits
		case name == "builtInControls" && v == "mfa":
			return "MFA"
		case name == "accessType" && accessTypes[v] != 0:
			return accessTypes[v]
		case strings.HasSuffix(name, "DateTime") && strings.HasSuffix(v, "Z"):
			return strings.TrimSuffix(v, "Z") + "+00:00"
		}
	}
	return value
}

// methodsValues are the changed parts of the policy of authentication methods. Until April 2026 the
// entries had the whole of it.
func methodsValues(_ deed, w *write) []any {
	part := func(body object) any {
		if body == nil {
			return nil
		}
		if w.id != "" {
			return encoded(object{"authenticationMethodConfigurations": []any{served(body)}})
		}
		changed := make(object)
		for _, name := range w.changed() {
			changed[name] = body[name]
		}
		return encoded(served(changed))
	}
	return []any{modified("AuthenticationMethodsPolicy", part(w.before), part(w.after))}
}

// authorizationAttributes are what was seen of the authorization policy.
var authorizationAttributes = []attribute{
	{name: "AllowUserConsentForRiskyApps", from: "allowUserConsentForRiskyApps"},
	{name: "PermissionGrantPolicyIdsAssignedToDefaultUserRole", values: grantPolicyNames},
}

// grantPolicyNames are the ids of the policies by which people consent, without what Graph puts before
// them.
func grantPolicyNames(body object) []any {
	var names []any
	for _, id := range valuesAt(at(body, "defaultUserRolePermissions.permissionGrantPoliciesAssigned"), nil) {
		names = append(names, id[strings.IndexByte(id, '.')+1:])
	}
	return names
}

func authorizationValues(_ deed, w *write) []any {
	return changes(authorizationAttributes, w.before, w.after)
}

// crossTenantSettings are the settings of a partner whose changes were seen.
var crossTenantSettings = []string{"b2bCollaborationInbound", "b2bCollaborationOutbound", "b2bDirectConnectInbound", "b2bDirectConnectOutbound"}

// crossTenantValues are what the log tells of the settings about a partner, or about all of them.
func crossTenantValues(d deed, w *write) []any {
	if d != updated {
		return []any{d.moved("tenantId", quoted(w.entry().body["tenantId"]))}
	}
	var lines []any
	for _, name := range crossTenantSettings {
		if reflect.DeepEqual(w.before[name], w.after[name]) {
			continue
		}
		side := func(body object) any {
			if setting, ok := body[name].(object); ok {
				return encoded(served(maps.Clone(setting)))
			}
			return nil
		}
		lines = append(lines, modified(name, side(w.before), side(w.after)))
	}
	return lines
}
