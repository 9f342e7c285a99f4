package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// retention is how long a deleted object can be restored (page "Restore deleted item (directory
// object)").
const retention = 30 * 24 * time.Hour

// expired reports whether a deleted object is gone for good.
func (s *store) expired(e *entry) bool {
	deleted, err := time.Parse(time.RFC3339, textOf(e.body["deletedDateTime"]))
	return err == nil && s.now().Sub(deleted) > retention
}

// prefixOf is what the directory puts before the name of a deleted user, so that somebody
// else can have the name (reported in msgraph-sdk-powershell issue 2256).
func prefixOf(id string) string { return strings.ReplaceAll(id, "-", "") }

// restore answers "/directory/deletedItems/{id}/restore": the object comes back with
// its id, its relationships and its assignments.
func restore(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	e := *t.item
	e.body = maps.Clone(e.body)
	delete(e.body, "deletedDateTime")
	if name, ok := e.body[e.resource.prefixed].(string); ok {
		e.body[e.resource.prefixed] = strings.TrimPrefix(name, prefixOf(e.id))
	}
	reconciles, err := s.store.applyRestoreOptions(req, &e)
	if err != nil {
		return nil, err
	}
	for _, u := range e.resource.unique {
		taken := s.store.taken(&e, u)
		switch {
		case len(taken) == 0:
		case reconciles && u.property == proxies:
			addresses := slices.DeleteFunc(slices.Clone(asList(e.body[proxies])), func(v any) bool { return slices.Contains(taken, textOf(v)) })
			e.body[proxies] = addresses
		default:
			return nil, inConflict(u.status, "ObjectConflict", u, s.store.holder(u, e.collection, taken[0], e.id))
		}
	}
	if e.resource.returns != nil {
		if err := e.resource.returns(s.store, e.body); err != nil {
			return nil, err
		}
	}
	delete(s.store.deleted, fold(e.id))
	s.store.arrived(&e)
	s.store.add(&e)
	s.store.auditObject(restored, req.caller, &e)
	body := s.store.render(&e, t.resource.typ, nil, true)
	body["@odata.context"] = req.base + "/$metadata#" + s.store.contextPath(t.path) + "/$entity"
	return reply(http.StatusOK, body), nil
}

// proxies are the addresses of a user or group, of which each is one object's alone.
const proxies = "proxyAddresses"

// taken returns the values of a unique property that another object has.
func (s *store) taken(e *entry, u unique) []string {
	if u.when != nil && !u.when(e.body) {
		return nil
	}
	var values []string
	for _, value := range valuesAt(e.body[u.property], nil) {
		if s.holder(u, e.collection, value, e.id) != nil {
			values = append(values, value)
		}
	}
	return values
}

// applyRestoreOptions reads the body that restoring a user may have, and reports whether
// addresses that somebody else has now are left out.
func (s *store) applyRestoreOptions(req *request, e *entry) (reconciles bool, refused *apiError) {
	if len(strings.TrimSpace(string(req.body))) == 0 {
		return false, nil
	}
	options, err := req.object()
	if err != nil {
		return false, err
	}
	for _, name := range slices.Sorted(maps.Keys(options)) {
		ok := false
		switch name {
		case "newUserPrincipalName":
			var value string
			if value, ok = options[name].(string); ok {
				if err := checkPrincipalName(s, value); err != nil {
					return false, err
				}
				e.body["userPrincipalName"] = value
			}
		case "autoReconcileProxyConflict":
			reconciles, ok = options[name].(bool)
		}
		if !ok || e.resource.prefixed == "" { // both are for users alone
			return false, badRequest("The parameter '%s' in the request payload is not a valid parameter for the operation 'restore'.", name)
		}
	}
	return reconciles, nil
}
