package emulator

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// writeReference answers a request for a relationship's "$ref".
func (s *Server) writeReference(req *request, t *target) (*response, *apiError) {
	if t.link.readOnly {
		return nil, methodNotAllowed(req.method)
	}
	if err := lockedLink(t.owner, t.link.name); err != nil {
		return nil, err
	}
	switch {
	case req.method == http.MethodPut && t.link.single, req.method == http.MethodPost && !t.link.single && t.linked == "":
		return s.addReference(req, t)
	case req.method == http.MethodDelete && (t.link.single || t.linked != ""):
		return s.removeReference(req, t)
	case req.method == http.MethodDelete && !t.link.single:
		// The other documented form: members/$ref?@id=https://…/directoryObjects/{id}.
		if id := referencedID(req.query.Get("@id")); id != "" {
			t.linked = id
			return s.removeReference(req, t)
		}
	}
	return nil, methodNotAllowed(req.method)
}

// lockedLink refuses a write of a relationship that the owner's state does not allow.
func lockedLink(owner *entry, name string) *apiError {
	for _, l := range owner.resource.locks {
		if l.when(owner.body) && l.covers(name) {
			return l.err
		}
	}
	return nil
}

func (s *Server) addReference(req *request, t *target) (*response, *apiError) {
	body, err := req.object()
	if err != nil {
		return nil, err
	}
	address, _ := body["@odata.id"].(string)
	id := referencedID(address)
	if id == "" {
		return nil, directoryError("Invalid URL format specified in @odata.id.")
	}
	if err := s.link(req.caller, t, id); err != nil {
		return nil, err
	}
	return noContent(), nil
}

// link adds an object to the relationship that is addressed, or puts it in the place of the
// one there.
func (s *Server) link(by caller, t *target, id string) *apiError {
	if err := s.store.checkEdge(t.owner, t.link, id); err != nil {
		return err
	}
	if t.link.single {
		for _, old := range s.store.targets(t.owner.id, t.link.name) {
			s.store.unlink(t.owner.id, t.link.name, old.id)
		}
	}
	s.store.connect(t.owner, t.link, s.store.linkTarget(id))
	s.store.auditLink(added, by, t.owner, t.link.name, s.store.linkTarget(id))
	return nil
}

// checkEdge refuses an edge to nothing, to a type that the relationship does not take,
// that is already there, or that is one too many.
func (s *store) checkEdge(owner *entry, l *link, id string) *apiError {
	e := s.linkTarget(id)
	switch {
	case e == nil || !s.isVisible(e):
		return notFound(id)
	case !slices.ContainsFunc(l.to, func(typ string) bool { return s.meta.isA(e.typ, typ) }):
		return directoryError("An invalid operation was included in the following modified references: '%s'.", l.name)
	case !l.single && slices.Contains(s.related(owner, l), e):
		return directoryError("One or more added object references already exist for the following modified properties: '%s'.", l.name)
	case l.max > 0 && !l.single && len(s.targets(owner.id, l.name)) >= l.max:
		return &apiError{status: http.StatusForbidden, code: "Directory_QuotaExceeded", message: "The directory object quota limit would exceed the maximum quota count for forward-link '" + l.name + "'."}

	}
	if l.allow != nil {
		return l.allow(owner, e)
	}
	return nil
}

// checkBinds applies the rules of relationships to the references in a body.
func (w *write) checkBinds() *apiError {
	owner := w.store.get(w.path, w.id)
	// Rules about a pair need the owner as it will be.
	future := &entry{id: w.id, typ: w.typ, resource: w.resource, body: w.after}
	for _, nav := range slices.Sorted(maps.Keys(w.binds)) {
		if owner != nil {
			if err := lockedLink(owner, nav); err != nil {
				return err
			}
		}
		for _, id := range w.binds[nav] {
			if err := w.store.checkEdge(future, w.resource.link(nav), id); err != nil {
				if err.status == http.StatusNotFound {
					return directoryError("The source resource object or one of the objects being referenced don't exist.")
				}
				return err
			}
		}
	}
	return nil
}

func (s *Server) removeReference(req *request, t *target) (*response, *apiError) {
	if t.link.single {
		targets := s.store.targets(t.owner.id, t.link.name)
		if len(targets) == 0 {
			return nil, notFound(t.link.name)
		}
		t.linked = targets[0].id
	}
	if err := s.unlink(req.caller, t, t.linked); err != nil {
		return nil, err
	}
	return noContent(), nil
}

// unlink takes an object out of the relationship that is addressed.
func (s *Server) unlink(by caller, t *target, id string) *apiError {
	e := s.store.linkTarget(id)
	switch {
	case e == nil:
		return notFound(id)
	case !slices.Contains(s.store.related(t.owner, t.link), e):
		return directoryError("One or more removed object references do not exist for the following modified properties: '%s'.", t.link.name)
	case t.link.keepOne != nil && t.link.keepOne(t.owner.body) && len(s.store.targets(t.owner.id, t.link.name)) == 1:
		return directoryError("The group must have at least one owner, hence this owner cannot be removed.")
	}
	s.store.disconnect(t.owner, t.link, e)
	s.store.auditLink(deleted, by, t.owner, t.link.name, e)
	return nil
}

// referencedID returns the id at the end of an object's address, in either form:
// ".../directoryObjects/{id}" or ".../users('{id}')". The host is not looked at, as Graph
// does not.
func referencedID(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" {
		return ""
	}
	path, bad := parsePath(u.EscapedPath())
	if bad != nil {
		return ""
	}
	last := path[len(path)-1]
	switch {
	case last.keyed:
		return last.key
	case len(path) < 2:
		return ""
	}
	return last.name
}
