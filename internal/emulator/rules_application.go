package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// zeroID stands for "none" where Graph wants an id: the role of an assignment without one,
// the target of a feature without one, the location of the addresses trusted for MFA.
const zeroID = "00000000-0000-0000-0000-000000000000"

// microsoftTenants own the service principals of Microsoft's own applications.
var microsoftTenants = []any{"f8cdef31-a31e-4b4a-93e4-5f571e91255a", "72f988bf-86f1-41af-91ab-2d7cd011db47"}

func isFirstParty(body object) bool {
	return slices.Contains(microsoftTenants, body["appOwnerOrganizationId"])
}

func isManagedIdentity(body object) bool { return body["servicePrincipalType"] == "ManagedIdentity" }

// prepareApplication gives a new application its appId.
func prepareApplication(w *write) *apiError {
	if w.before != nil {
		return nil
	}
	w.after["appId"] = w.store.newID("appId", w.id)
	for _, e := range w.store.list("/organization") {
		if domains := valuesAt(e.body["verifiedDomains"], []string{"name"}); len(domains) > 0 {
			w.after["publisherDomain"] = domains[0]
		}
	}
	return nil
}

// checkApplication applies the rules of an application.
func checkApplication(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	if err := checkNotEmpty(w, "Application", "displayName"); err != nil {
		return err
	}
	if w.before != nil && w.before["uniqueName"] != nil && w.sent["uniqueName"] != nil && w.sent["uniqueName"] != w.before["uniqueName"] {
		return directoryError("Property 'uniqueName' is read-only and cannot be set.")
	}
	for _, lists := range [][2]any{
		{w.before["appRoles"], w.after["appRoles"]},
		{field(w.before["api"], "oauth2PermissionScopes"), field(w.after["api"], "oauth2PermissionScopes")},
	} {
		if err := checkEntitlements(lists[0], lists[1]); err != nil {
			return err
		}
	}
	return w.checkTokenVersion()
}

// checkTokenVersion requires tokens of version 2 where personal accounts sign in.
func (w *write) checkTokenVersion() *apiError {
	_, audience := w.sent["signInAudience"]
	_, api := w.sent["api"]
	name, _ := w.after["signInAudience"].(string)
	if !audience && !api || !strings.Contains(name, "Personal") {
		return nil
	}
	if version := field(w.after["api"], "requestedAccessTokenVersion"); version != nil && version != json.Number("2") {
		return directoryError("Property api.requestedAccessTokenVersion is invalid: it must be 2 for the audience '%s'.", name)
	}
	return nil
}

func field(v any, name string) any {
	body, _ := v.(object)
	return body[name]
}

// checkEntitlements refuses to remove an enabled role or scope, or to change its value:
// it must be disabled first, in a request of its own.
func checkEntitlements(before, after any) *apiError {
	left := make(map[any]object)
	for _, x := range asList(after) {
		if entitlement, ok := x.(object); ok {
			left[entitlement["id"]] = entitlement
		}
	}
	for _, x := range asList(before) {
		old, ok := x.(object)
		if !ok || old["isEnabled"] != true {
			continue
		}
		if now := left[old["id"]]; now == nil || now["isEnabled"] == true && now["value"] != old["value"] {
			return &apiError{status: http.StatusBadRequest, code: "CannotDeleteOrUpdateEnabledEntitlement", message: "Permission (scope or role) cannot be deleted or updated unless disabled first."}

		}
	}
	return nil
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// replyURLs stands for the redirect URIs of all platforms.
const replyURLs = "*.redirectUris"

// propagation maps what a service principal takes from its application. The
// application's side is dotted.
var propagation = []struct{ from, to string }{
	{"displayName", "displayName"},
	{"displayName", "appDisplayName"},
	{"description", "appDescription"},
	{"appRoles", "appRoles"},
	{"api.oauth2PermissionScopes", "oauth2PermissionScopes"},
	{replyURLs, "replyUrls"},
	{"web.homePageUrl", "homepage"},
	{"web.logoutUrl", "logoutUrl"},
	{"info", "info"},
	{"signInAudience", "signInAudience"},
	{"isDisabled", "isDisabled"},
}

// propagate carries a change of an application over to its service principal.
func propagate(w *write) {
	if w.before == nil || w.after == nil {
		return
	}
	appID, _ := w.after["appId"].(string)
	e := w.store.findBy("/servicePrincipals", "appId", appID)
	if e == nil {
		return
	}
	body := maps.Clone(e.body)
	for _, p := range propagation {
		old, now := inherited(w.before, p.from), inherited(w.after, p.from)
		if reflect.DeepEqual(old, now) {
			continue
		}
		if now == nil {
			delete(body, p.to)
			continue
		}
		body[p.to] = now
	}
	if reflect.DeepEqual(body, e.body) {
		return
	}
	w.store.mustPut(e.collection, body)
	w.store.audit(updated, &write{
		store: w.store, caller: w.caller, resource: e.resource, path: e.collection, id: e.id, typ: e.typ, before: e.body, after: body,
	})
}

// inherited returns the value that a service principal takes from its application's
// dotted path. Reply URLs are those of every platform together.
func inherited(app object, from string) any {
	if from != replyURLs {
		return at(app, from)
	}
	var all []any
	for _, platform := range []string{"web", "spa", "publicClient"} {
		all = append(all, asList(at(app, platform+".redirectUris"))...)
	}
	if all == nil {
		return nil
	}
	return all
}

// at returns the value at a dotted path.
func at(body object, path string) any {
	var v any = body
	for name := range strings.SplitSeq(path, ".") {
		v = field(v, name)
	}
	return v
}

// prepareServicePrincipal fills in what a new service principal takes from its
// application.
func prepareServicePrincipal(w *write) *apiError {
	if w.before != nil {
		return nil
	}
	appID, _ := w.after["appId"].(string)
	app := w.store.findBy("/applications", "appId", appID)
	if app == nil {
		w.instantiate(w.store.published[fold(appID)])
		return nil // checked among the references
	}
	for _, p := range propagation {
		if value := inherited(app.body, p.from); value != nil && w.after[p.to] == nil {
			w.after[p.to] = value
		}
	}
	w.after["appOwnerOrganizationId"] = w.store.tenantID
	if w.after["servicePrincipalNames"] == nil {
		names := []any{appID}
		w.after["servicePrincipalNames"] = append(names, asList(app.body["identifierUris"])...)
	}
	return nil
}

// publish notes the application of another tenant that an instance shows: a service principal
// can be created from it for as long as its publisher has it. From the page "Create
// servicePrincipal", which speaks of multi-tenant applications.
func (s *store) publish(e *entry) {
	owner, _ := e.body["appOwnerOrganizationId"].(string)
	if appID, _ := e.body["appId"].(string); e.typ == "servicePrincipal" && owner != "" && owner != s.tenantID && !isManagedIdentity(e.body) {
		s.published[fold(appID)] = e.body
	}
}

// instantiate gives a new service principal what the application of another tenant says.
func (w *write) instantiate(application object) {
	if application == nil {
		return
	}
	names := []string{"appOwnerOrganizationId", "servicePrincipalNames", "verifiedPublisher", "applicationTemplateId"}
	for _, p := range propagation {
		names = append(names, p.to)
	}
	for _, name := range names {
		if w.after[name] == nil {
			w.after[name] = application[name]
		}
	}
}

// credentialLimit is how many federated identity credentials an application can have.
const credentialLimit = 20

// checkFederatedCredential applies the rules of a federated identity credential.
func checkFederatedCredential(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	others := w.store.list(w.path)
	if w.before == nil && len(others) >= credentialLimit {
		return &apiError{status: http.StatusForbidden, code: "Directory_QuotaExceeded", message: "The application has the maximum number of federated identity credentials, 20."}
	}
	if len(asList(w.after["audiences"])) != 1 {
		return invalidValue("audiences", "FederatedIdentityCredential")
	}
	for _, e := range others {
		if e.id != w.id && e.body["issuer"] == w.after["issuer"] && e.body["subject"] == w.after["subject"] {
			return &apiError{status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "FederatedIdentityCredential with the same issuer and subject already exists."}

		}
	}
	return checkNotEmpty(w, "FederatedIdentityCredential", "issuer", "subject")
}

// prepareExtension gives an extension property its full name.
func prepareExtension(w *write) *apiError {
	id := strings.TrimSuffix(strings.TrimPrefix(w.path, "/applications/"), "/extensionProperties")
	app := w.store.get("/applications", id)
	if app == nil || w.before != nil {
		return nil
	}
	appID, _ := app.body["appId"].(string)
	name, _ := w.after["name"].(string)
	w.after["name"] = "extension_" + strings.ReplaceAll(appID, "-", "") + "_" + name
	w.after["appDisplayName"] = app.body["displayName"]
	w.sent["name"] = w.after["name"]
	return nil
}

// prepareAssignment fills in the names that an assignment repeats.
func prepareAssignment(w *write) *apiError {
	principalID, _ := w.after["principalId"].(string)
	if e := w.store.directory[fold(principalID)]; e != nil {
		w.after["principalType"] = capital(e.typ)
		w.after["principalDisplayName"] = e.body["displayName"]
	}
	resourceID, _ := w.after["resourceId"].(string)
	if e := w.store.directory[fold(resourceID)]; e != nil {
		w.after["resourceDisplayName"] = e.body["displayName"]
	}
	return nil
}

// checkAssignment applies the rules of an application role assignment.
func checkAssignment(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	resourceID, _ := w.after["resourceId"].(string)
	if !strings.EqualFold(w.path, "/servicePrincipals/"+resourceID+"/appRoleAssignedTo") {
		return directoryError("The resourceId '%s' is not that of the service principal in the address.", resourceID)
	}
	role := w.after["appRoleId"]
	roles := asList(w.store.get("/servicePrincipals", resourceID).body["appRoles"])
	if role != zeroID && !slices.ContainsFunc(roles, func(x any) bool { return field(x, "id") == role }) {
		return directoryError("Permission being assigned was not found on application '%s'.", resourceID)
	}
	for _, e := range w.store.list(w.path) {
		if e.body["principalId"] == w.after["principalId"] && e.body["appRoleId"] == role {
			return directoryError("Permission being assigned already exists on the object.")
		}
	}
	return nil
}
