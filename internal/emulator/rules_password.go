package emulator

import (
	"cmp"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// passwordActions add and remove the secrets of an application or a service principal: "application:
// addPassword", "servicePrincipal: removePassword" and the like. PATCH and POST of the
// object do not ("passwordCredential resource type").
func passwordActions() map[string]action {
	return map[string]action{"addPassword": addPassword, "removePassword": removePassword}
}

// passwordLife is how long a secret lives whose end nobody chose.
const passwordLife = 2 // years

// addPassword answers with the one reading of the secret that there is.
func addPassword(s *Server, req *request, t *target) (*response, *apiError) {
	sent, err := postedTo(req)
	if err != nil {
		return nil, err
	}
	wanted, _ := sent["passwordCredential"].(object)
	now := s.store.now().UTC()
	held := asList(t.item.body["passwordCredentials"])
	id := s.store.newID("passwordCredential", t.item.id, strconv.Itoa(len(held)), now.Format(time.RFC3339Nano))
	secret := base64.RawStdEncoding.EncodeToString([]byte(s.store.newID("secret", id)))[:40]
	credential := object{
		"customKeyIdentifier": nil, "displayName": wanted["displayName"], "hint": secret[:3], "keyId": id, "secretText": nil,
		"startDateTime": cmp.Or(textOf(wanted["startDateTime"]), now.Format(time.RFC3339)),
		"endDateTime":   cmp.Or(textOf(wanted["endDateTime"]), now.AddDate(passwordLife, 0, 0).Format(time.RFC3339)),
	}
	s.setPasswords(req, t, append(slices.Clone(held), credential))
	shown := maps.Clone(credential)
	shown["secretText"] = secret
	return reply(http.StatusOK, shown), nil
}

func removePassword(s *Server, req *request, t *target) (*response, *apiError) {
	sent, err := postedTo(req)
	if err != nil {
		return nil, err
	}
	held := asList(t.item.body["passwordCredentials"])
	left := slices.DeleteFunc(slices.Clone(held), func(v any) bool { return field(v, "keyId") == sent["keyId"] })
	if len(left) == len(held) {
		return nil, directoryError("No password credential found with keyId.")
	}
	s.setPasswords(req, t, left)
	return noContent(), nil
}

// postedTo returns what was posted to an action.
func postedTo(req *request) (object, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	return req.object()
}

// setPasswords gives an object other secrets.
func (s *Server) setPasswords(req *request, t *target, passwords []any) {
	body := maps.Clone(t.item.body)
	body["passwordCredentials"] = passwords
	s.store.mustPut(t.item.collection, body)
	s.store.audit(updated, &write{
		store: s.store, caller: req.caller, resource: t.item.resource, path: t.item.collection, id: t.item.id, typ: t.item.typ,
		before: t.item.body, after: body,
	})
}

// revokeSessions answers "user: revokeSignInSessions": what was signed in before now has to sign in
// again.
func revokeSessions(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	body := maps.Clone(t.item.body)
	body["signInSessionsValidFromDateTime"] = s.store.timestamp()
	s.store.mustPut(t.item.collection, body)
	s.store.audit(updated, &write{
		store: s.store, caller: req.caller, resource: t.item.resource, path: t.item.collection, id: t.item.id, typ: t.item.typ,
		before: t.item.body, after: body,
	})
	return reply(http.StatusOK, object{"@odata.context": req.base + "/$metadata#Edm.Boolean", "value": true}), nil
}
