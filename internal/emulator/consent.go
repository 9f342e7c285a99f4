package emulator

import (
	"maps"
	"slices"
	"strings"
)

// Consent is what happens when somebody agrees on the page of the sign-in that a client may act for
// him, or as an administrator for everybody: there is a grant with these scopes, too, and for one
// person an assignment of him to the client. Client and resource are ids of service principals. No
// request to Graph does the same: the log tells it as the sign-in's doing, from an address of its own.
func (a Administrator) Consent(client, resource, scope string, everybody bool) error {
	s := a.server.store
	s.mu.Lock()
	defer s.mu.Unlock()
	by := a.by()
	by.service, by.address, by.agent = tokenIssuer, tokenAddress, "EvoSTS"
	w := &write{store: s, caller: by, path: "/oauth2PermissionGrants", typ: "oAuth2PermissionGrant"}
	w.resource, _, _ = s.table.find(w.path)
	w.after = object{"clientId": client, "resourceId": resource, "consentType": "AllPrincipals", "principalId": nil, "scope": scope}
	if !everybody {
		w.after["consentType"], w.after["principalId"] = "Principal", by.userID
	}
	w.id = s.newID("consent", client, resource, textOf(w.after["principalId"]))
	for _, e := range s.lookup("clientId", client) {
		if e.collection == w.path && e.body["resourceId"] == resource && e.body["principalId"] == w.after["principalId"] {
			w.id, w.before = e.id, e.body
			w.after = maps.Clone(e.body)
			w.after["scope"] = union(textOf(e.body["scope"]), scope)
		}
	}
	w.after["id"] = w.id
	w.sent = w.after
	if err := w.checkReferences(); err != nil {
		return err
	}
	s.mustPut(w.path, w.after)
	w.tellConsent()
	if everybody {
		return nil
	}
	return errorOrNil(a.server.assignToClient(by, client))
}

// tokenAddress is an address of the sign-in's.
const tokenAddress = "20.190.159.4"

// union returns the scopes of two lists, each once.
func union(old, more string) string {
	scopes := strings.Fields(old)
	for _, scope := range strings.Fields(more) {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return strings.Join(scopes, " ")
}

// assignToClient assigns whoever consented to the client, if he was not.
func (s *Server) assignToClient(by caller, client string) *apiError {
	path := "/servicePrincipals/" + client + "/appRoleAssignedTo"
	for _, e := range s.store.list(path) {
		if e.body["principalId"] == by.userID && e.body["appRoleId"] == zeroID {
			return nil
		}
	}
	w := &write{store: s.store, caller: by, path: path, typ: "appRoleAssignment", id: s.store.newID("assignment", client, by.userID)}
	w.resource, _, _ = s.store.table.find(path)
	w.after = object{"id": w.id, "principalId": by.userID, "resourceId": client, "appRoleId": zeroID}
	w.stamp()
	if err := w.complete(); err != nil {
		return err
	}
	_, err := s.commit(w)
	return err
}

// tellConsent writes the entries about a consent. Where one is given again, the grant is told as removed
// and as added, and the consent shows what was granted before on both sides.
func (w *write) tellConsent() {
	a := activities[w.resource.path]
	if w.before != nil {
		tellGrant(&a, deleted, w)
	}
	tellGrant(&a, added, w)
	client := w.store.directory[fold(textOf(w.after["clientId"]))]
	shown := w.after
	old := "[]"
	if w.before != nil {
		shown = w.before
		old = grantText(shown)
	}
	principal := client.target([]any{
		modified("ConsentContext.IsAdminConsent", nil, flag(w.after["consentType"] == "AllPrincipals")),
		modified("ConsentContext.IsAppOnly", nil, flag(false)),
		modified("ConsentContext.OnBehalfOfAll", nil, flag(w.after["consentType"] == "AllPrincipals")),
		modified("ConsentContext.Tags", nil, quoted("WindowsAzureActiveDirectoryIntegratedApp")),
		modified("ConsentAction.Permissions", nil, quoted(old+" => "+grantText(shown)+"; ")),
		client.principalNames(),
	})
	w.store.record(w.caller, report{category: a.category, activity: "Consent to application", operation: "Assign", targets: []any{principal}})
}

// grantText is a grant as the text of a consent has it.
func grantText(grant object) string {
	text := func(name string) string { return textOf(grant[name]) }
	return "[[Id: " + text("id") + ", ClientId: " + text("clientId") + ", PrincipalId: " + text("principalId") + ", ResourceId: " + text("resourceId") +
		", ConsentType: " + text("consentType") + ", Scope:  " + text("scope") + ", CreatedDateTime: , LastModifiedDateTime ]]"
}
