package emulator

import "net/http"

// tip is an annotation that Graph adds to an answer without $select.
const tip = "Use $select to choose only the properties your app needs, as this can lead to performance improvements."

// get answers a GET.
func (s *Server) get(req *request, t *target) (*response, *apiError) {
	switch {
	case t.missing != "":
		return nil, notFound(t.missing)
	case t.linked != "":
		return nil, badSegment(t.linked)
	case t.ref && t.link.single:
		return s.getReference(req, t)
	case t.ref:
		return s.listReferences(req, t)
	case t.isList():
		if t.resource != nil && t.resource.denies("LIST") {
			return nil, methodNotAllowed(http.MethodGet)
		}
		return s.list(req, t)
	case t.link != nil:
		return s.getLinked(req, t)
	case t.item != nil:
		return s.getItem(req, t.item, t.resource.typ, s.store.contextPath(t.path)+"/$entity")
	}
	return s.getSingleton(req, t)
}

// getItem answers with one object.
func (s *Server) getItem(req *request, e *entry, declared, context string) (*response, *apiError) {
	fields, err := s.itemFields(req, e.typ)
	if err != nil {
		return nil, err
	}
	expand, err := s.store.parseExpand(req, e.resource, e.typ)
	if err != nil {
		return nil, err
	}
	body := s.store.render(e, declared, fields, true)
	s.store.expandAll(req.base, body, e, expand)
	annotate(req, body, context, fields)
	return reply(http.StatusOK, body), nil
}

func (s *Server) getSingleton(req *request, t *target) (*response, *apiError) {
	if s.store.singletons[t.path] == nil {
		return nil, notFound(lastSegment(t.path))
	}
	fields, err := s.itemFields(req, t.resource.typ)
	if err != nil {
		return nil, err
	}
	body := s.store.renderSingleton(t.resource, t.path, fields)
	annotate(req, body, s.store.contextPath(t.path)+"/$entity", fields)
	return reply(http.StatusOK, body), nil
}

// getLinked answers with the one object of a relationship.
func (s *Server) getLinked(req *request, t *target) (*response, *apiError) {
	targets := s.store.shownTargets(t.owner.id, t.link.name)
	if len(targets) == 0 {
		return nil, notFound(t.link.name)
	}
	return s.getItem(req, targets[0], "directoryObject", "directoryObjects/$entity")
}

// itemFields reads $select of a request for one object.
func (s *Server) itemFields(req *request, typ string) ([]string, *apiError) {
	value, ok := req.option("select")
	if !ok {
		return nil, nil
	}
	return s.store.parseSelect(typ, value)
}

// annotate adds what Graph's minimal metadata says about an answer.
func annotate(req *request, body object, context string, fields []string) {
	body["@odata.context"] = req.base + "/$metadata#" + context
	if fields == nil {
		body["@microsoft.graph.tips"] = tip
	}
}

// getReference answers with the address of the one object of a relationship.
func (s *Server) getReference(req *request, t *target) (*response, *apiError) {
	targets := s.store.shownTargets(t.owner.id, t.link.name)
	if len(targets) == 0 {
		return nil, notFound(t.link.name)
	}
	return reply(http.StatusOK, object{
		"@odata.context": req.base + "/$metadata#$ref",
		"@odata.id":      req.base + "/directoryObjects/" + targets[0].id,
	}), nil
}

func (s *Server) listReferences(req *request, t *target) (*response, *apiError) {
	token, err := parsePageToken(req, s.opts.Now())
	if err != nil {
		return nil, err
	}
	q := &listQuery{}
	if err := q.parsePaging(req, plain, true); err != nil {
		return nil, err
	}
	l := s.store.listing(t)
	s.store.leaveOut(l, t, req)
	entries, next := s.page(l, q, token)
	values := make([]any, len(entries))
	for i, e := range entries {
		values[i] = object{"@odata.id": req.base + "/directoryObjects/" + e.id}
	}
	body := object{"@odata.context": req.base + "/$metadata#Collection($ref)", "value": values}
	if next != nil {
		body["@odata.nextLink"] = nextLink(req, next, s.opts.Now())
	}
	return reply(http.StatusOK, body), nil
}
