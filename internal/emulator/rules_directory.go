package emulator

import (
	"maps"
	"net/http"
	"strings"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// ownerPath returns the path of the object or singleton that contains a collection.
func ownerPath(path string) string { return path[:strings.LastIndexByte(path, '/')] }

// owner returns the object that contains the collection written to, or nil.
func (w *write) owner() *entry {
	path := ownerPath(w.path)
	at := strings.LastIndexByte(path, '/')
	return w.store.get(path[:at], path[at+1:])
}

// prepareAuthority fills in what the service reads out of a certificate.
func prepareAuthority(w *write) *apiError {
	if w.before != nil {
		return nil
	}
	found, ok := seed.DescribeCertificate(textOf(w.after["certificate"]))
	if !ok {
		return directoryError("The certificate of the certificate authority is not valid.")
	}
	for _, e := range w.store.list(w.path) {
		if e.body["thumbprint"] == found["thumbprint"] {
			return directoryError("A certificate authority with the same certificate already exists.")
		}
	}
	maps.Copy(w.after, found)
	return nil
}

// checkDomain applies the rules of a domain.
func checkDomain(w *write) *apiError {
	if w.after != nil {
		if w.sent["isDefault"] == true && w.after["isVerified"] != true {
			return directoryError("An unverified domain cannot be the default domain.")
		}
		// Page "Update domain": only true is documented.
		if w.sent["isDefault"] == false && w.before["isDefault"] == true {
			return directoryError("The default domain stays the default until another domain is made the default.")
		}
		return nil
	}
	if w.before["isInitial"] == true || w.before["isDefault"] == true {
		return directoryError("The initial domain and the default domain cannot be deleted.")
	}
	for _, e := range w.store.list("/users") {
		if strings.HasSuffix(fold(textOf(e.body["userPrincipalName"])), "@"+fold(w.id)) {
			return directoryError("The domain is referenced by objects of the directory and cannot be deleted.")
		}
	}
	return nil
}

// moveDefaultDomain keeps one domain the default: the one made so, or else the initial
// one.
func moveDefaultDomain(w *write) {
	if w.after == nil || (w.before["isDefault"] == true) == (w.after["isDefault"] == true) {
		return
	}
	for _, e := range append([]*entry(nil), w.store.list(w.path)...) {
		isDefault := w.after["isDefault"] != true && e.body["isInitial"] == true
		if e.id == w.id || e.body["isDefault"] == isDefault {
			continue
		}
		body := maps.Clone(e.body)
		body["isDefault"] = isDefault
		w.store.mustPut(w.path, body)
	}
}

// checkFederation applies the rules of a domain's federation.
func checkFederation(w *write) *apiError {
	domain := w.owner()
	switch {
	case domain == nil:
		return notFound(lastSegment(ownerPath(w.path)))
	case w.before == nil && domain.body["isDefault"] == true:
		return directoryError("The default domain cannot be federated.")
	case w.before == nil && len(w.store.list(w.path)) > 0:
		return &apiError{status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "The domain is federated already."}
	case w.after == nil:
		return nil
	}
	return checkNotEmpty(w, "InternalDomainFederation", "issuerUri", "passiveSignInUri", "signingCertificate")
}

// federateDomain makes a domain federated or managed.
func federateDomain(w *write) {
	domain := w.owner()
	if domain == nil || w.before != nil && w.after != nil {
		return
	}
	body := maps.Clone(domain.body)
	body["authenticationType"] = "Federated"
	if w.after == nil {
		body["authenticationType"] = "Managed"
	}
	w.store.mustPut(domain.collection, body)
}

// settingTemplates are the templates of settings, by id, from the page of groupSetting.
var settingTemplates = map[string]string{
	"62375ab9-6b52-47ed-826b-58e47e0e304b": "Group.Unified",
	"08d542b9-071f-4e16-94b0-74abb372e3d9": "Group.Unified.Guest",
	"5cf42378-d67d-4f36-ba46-e8b86229381d": "Password Rule Settings",
	"80661d51-be2f-4d46-9713-98a2fcaec5bc": "Prohibited Names Settings",
	"dffd5d46-495d-40a9-8e21-954ff55e198a": "Consent Policy Settings",
}

// prepareGroupSetting gives a setting the name of its template.
func prepareGroupSetting(w *write) *apiError {
	name, ok := settingTemplates[textOf(w.after["templateId"])]
	if !ok {
		return invalidValue("templateId", "GroupSetting")
	}
	if w.before == nil {
		w.after["displayName"] = name
	}
	return nil
}

// checkLifetime applies the rules of the policy about how long groups live.
func checkLifetime(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	if w.before == nil && len(w.store.list(w.path)) > 0 {
		return directoryError("A group lifecycle policy exists already.")
	}
	if kind := w.after["managedGroupTypes"]; kind != "All" && kind != "Selected" && kind != "None" {
		return invalidValue("managedGroupTypes", "GroupLifecyclePolicy")
	}
	return nil
}

// checkAttribute applies the rules of a custom security attribute.
func checkAttribute(w *write) *apiError {
	status, typ := w.after["status"], w.after["type"]
	switch {
	case status != "Available" && status != "Deprecated":
		return invalidValue("status", "CustomSecurityAttributeDefinition")
	case typ != "String" && typ != "Integer" && typ != "Boolean":
		return invalidValue("type", "CustomSecurityAttributeDefinition")
	case w.after["usePreDefinedValuesOnly"] == true && (typ == "Boolean" || w.before["usePreDefinedValuesOnly"] == false):
		return directoryError("usePreDefinedValuesOnly cannot be set to true.")
	}
	return nil
}

func isBuiltInProvider(body object) bool {
	return body["@odata.type"] == "#microsoft.graph.builtInIdentityProvider"
}

// checkProvider requires what each type of identity provider needs.
func checkProvider(w *write) *apiError {
	if w.before != nil || w.after == nil {
		return nil
	}
	need := map[string][]string{
		"socialIdentityProvider":       {"clientId", "clientSecret", "identityProviderType"},
		"appleManagedIdentityProvider": {"certificateData", "developerId", "keyId", "serviceId"},
		"oidcIdentityProvider":         {"clientAuthentication", "clientId", "issuer", "responseType", "scope"},
	}
	for _, name := range need[w.typ] {
		if w.after[name] == nil {
			return badRequest("A value is required for property '%s'.", name)
		}
	}
	return nil
}

// providerKey makes the id of an identity provider, as "Google-OAUTH".
func providerKey(w *write) string {
	switch w.typ {
	case "appleManagedIdentityProvider":
		return "Apple-Managed-OIDC"
	case "socialIdentityProvider":
		return textOf(w.sent["identityProviderType"]) + "-OAUTH"
	}
	return "OIDC-" + w.store.newID("provider", textOf(w.sent["issuer"]), textOf(w.sent["clientId"]))
}

// userFlowKey puts before the name that the client chose what Graph puts there.
func userFlowKey(w *write) string {
	return "B2X_1_" + strings.TrimPrefix(textOf(w.sent["id"]), "B2X_1_")
}

// userFlowAttributeKey is the name of the directory extension behind an attribute.
func userFlowAttributeKey(w *write) string {
	app := strings.ReplaceAll(w.store.newID("b2c-extensions-app"), "-", "")
	return "extension_" + app + "_" + strings.ReplaceAll(textOf(w.sent["displayName"]), " ", "")
}

// attributeAssignmentKey is the id of the attribute that a user flow asks for.
func attributeAssignmentKey(w *write) string { return textOf(at(w.sent, "userAttribute.id")) }
