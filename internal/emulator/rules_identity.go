package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// synced reports whether an object is mastered in Active Directory.
func synced(body object) bool { return body["onPremisesSyncEnabled"] == true }

// isUnified reports whether a group is a Microsoft 365 group.
func isUnified(body object) bool {
	return slices.Contains(valuesAt(body["groupTypes"], nil), "Unified")
}

// unifiedAlias: the mail alias of a Microsoft 365 group is "unique for Microsoft 365 groups in the
// organization" (page "Create group").
var unifiedAlias = func() unique {
	u := conflict("mailNickname")
	u.when = isUnified
	return u
}()

// isDynamic reports whether a rule decides a group's members.
func isDynamic(body object) bool {
	return slices.Contains(valuesAt(body["groupTypes"], nil), "DynamicMembership")
}

// isMailManaged reports whether a group is a distribution list or a mail-enabled security
// group, which Exchange manages.
func isMailManaged(body object) bool { return body["mailEnabled"] == true && !isUnified(body) }

// isRestorableGroup reports whether a deleted group can be restored. Groups that Exchange
// manages are gone at once.
func isRestorableGroup(body object) bool { return !isMailManaged(body) }

// prepareUser fills in what the directory derives when a user is created.
func prepareUser(w *write) *apiError {
	if w.before != nil {
		return nil
	}
	// "Changes to [mail] update the user's proxyAddresses collection to include the value as
	// an SMTP address" (page of user).
	if mail := textOf(w.after["mail"]); mail != "" && w.after[proxies] == nil {
		w.after[proxies] = []any{"SMTP:" + mail}
	}
	name, _ := w.after["userPrincipalName"].(string)
	if w.after["identities"] == nil {
		_, domain, _ := strings.Cut(name, "@")
		w.after["identities"] = []any{object{
			"signInType": "userPrincipalName", "issuer": domain, "issuerAssignedId": name,
		}}
	}
	return nil
}

// checkUser applies the rules of a user.
func checkUser(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	if name, sent := w.sent["userPrincipalName"].(string); sent {
		if err := checkPrincipalName(w.store, name); err != nil {
			return err
		}
	}
	if value, sent := w.sent["mail"]; sent && value == nil && w.before["mail"] != nil {
		return invalidValue("mail", "User")
	}
	if err := checkAddress(w); err != nil {
		return err
	}
	if value, _ := w.sent["usageLocation"].(string); value != "" && len(value) != 2 {
		return invalidValue("usageLocation", "User")
	}
	if phones, _ := w.sent["businessPhones"].([]any); len(phones) > 1 {
		return invalidValue("businessPhones", "User")
	}
	if profile, _ := w.sent["passwordProfile"].(object); w.before == nil && profile["password"] == nil {
		return invalidValue("passwordProfile", "User")
	}
	return checkNotEmpty(w, "User", "displayName", "mailNickname", "accountEnabled", "userPrincipalName")
}

// checkAddress refuses a user's mail that is a proxy address of somebody else. The page of user
// says that such a mail is written and left out of the proxy addresses; Graph answers 400
// (microsoft-graph-docs-contrib issue 8421).
func checkAddress(w *write) *apiError {
	mail := textOf(w.sent["mail"])
	if mail == "" || strings.EqualFold(mail, textOf(w.before["mail"])) {
		return nil
	}
	u := conflict(proxies, "/groups")
	if holder := w.store.holder(u, w.path, "smtp:"+mail, w.id); holder != nil {
		return inConflict(u.status, u.code, u, holder)
	}
	return nil
}

func invalidValue(property, resource string) *apiError {
	return directoryError("Invalid value specified for property '%s' of resource '%s'.", property, resource)
}

// checkNotEmpty refuses null for properties that an object cannot be without.
func checkNotEmpty(w *write, resource string, properties ...string) *apiError {
	for _, name := range properties {
		if value, sent := w.sent[name]; sent && (value == nil || value == "") {
			return invalidValue(name, resource)
		}
	}
	return nil
}

// checkPrincipalName requires a user's name to be in a domain of the tenant.
func checkPrincipalName(s *store, name string) *apiError {
	local, domain, ok := strings.Cut(name, "@")
	if !ok || local == "" {
		return invalidValue("userPrincipalName", "User")
	}
	if !s.verifiedDomain(domain) {
		return directoryError("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.")
	}
	return nil
}

// verifiedDomain reports whether a domain is one of the tenant's. A tenant that
// describes no domain accepts any.
func (s *store) verifiedDomain(domain string) bool {
	known := false
	for _, e := range s.list("/organization") {
		for _, name := range valuesAt(e.body["verifiedDomains"], []string{"name"}) {
			known = true
			if strings.EqualFold(name, domain) {
				return true
			}
		}
	}
	return !known
}

// checkGroup applies the rules of a group.
func checkGroup(w *write) *apiError {
	if w.after == nil {
		// "Scenarios, limitations, and known issues using groups to manage licensing".
		if len(asList(w.before["assignedLicenses"])) > 0 {
			return directoryError("Unable to delete the group because there is a product license assigned to the group. To delete this group, remove any product licenses first.")
		}
		return nil
	}
	for _, kind := range valuesAt(w.after["groupTypes"], nil) {
		if kind != "Unified" && kind != "DynamicMembership" {
			return invalidValue("groupTypes", "Group")
		}
	}
	dynamic := isDynamic(w.after)
	switch {
	case w.before != nil && isUnified(w.before) != isUnified(w.after):
		return invalidValue("groupTypes", "Group")
	case w.before == nil && isMailManaged(w.after):
		return directoryError("The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.")
	case w.before == nil && w.after["mailEnabled"] == false && w.after["securityEnabled"] == false:
		return directoryError("The service does not currently support writes of groups that are neither mail-enabled nor security-enabled.")
	case dynamic && w.after["membershipRule"] == nil:
		return directoryError("A group with dynamic membership needs a value for property 'membershipRule'.")
	case !dynamic && w.sent["membershipRule"] != nil:
		return directoryError("Property 'membershipRule' can be set only for a group with dynamic membership.")
	case w.after["isAssignableToRole"] == true && (dynamic || w.after["securityEnabled"] != true):
		return directoryError("A group that can be assigned to a role must be security-enabled and must not have dynamic membership.")
	case !visibilityFits(w):
		return invalidValue("visibility", "Group")
	}
	return checkNotEmpty(w, "Group", "displayName", "mailNickname", "securityEnabled")
}

// visibilityFits: "HiddenMembership can be set only for Microsoft 365 groups when the groups are
// created. It can't be updated later"; "Groups assignable to roles are always Private" (the page of
// group).
func visibilityFits(w *write) bool {
	was, will := w.before["visibility"], w.after["visibility"]
	switch {
	case w.before != nil && was != will && (was == "HiddenMembership" || will == "HiddenMembership"):
		return false
	case w.before == nil && will == "HiddenMembership" && !isUnified(w.after):
		return false
	}
	return w.after["isAssignableToRole"] != true || will == nil || will == "Private" || was == will && w.before != nil
}

// allowMember refuses members that a group's type does not take.
func allowMember(group, member *entry) *apiError {
	switch {
	case strings.EqualFold(group.id, member.id):
		return directoryError("A group cannot be a member of itself.")
	case isUnified(group.body) && member.typ != "user":
		return directoryError("Only users can be members of a Microsoft 365 group.")
	case group.body["isAssignableToRole"] == true && member.typ == "group":
		return directoryError("Group nesting is not supported for groups that can be assigned to a role.")
	}
	return nil
}

// checkGrant applies the rules of a delegated permission grant.
func checkGrant(w *write) *apiError {
	if w.after == nil || w.before != nil {
		return nil
	}
	kind, principal := w.after["consentType"], w.after["principalId"]
	switch {
	case kind != "AllPrincipals" && kind != "Principal":
		return invalidValue("consentType", "OAuth2PermissionGrant")
	case kind == "Principal" && principal == nil, kind == "AllPrincipals" && principal != nil:
		return invalidValue("principalId", "OAuth2PermissionGrant")
	}
	client, _ := w.after["clientId"].(string)
	for _, e := range w.store.lookup("clientId", client) {
		if e.collection == w.path && e.body["resourceId"] == w.after["resourceId"] &&
			e.body["consentType"] == kind && e.body["principalId"] == principal {
			return &apiError{status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "Permission entry already exists."}
		}
	}
	return nil
}
