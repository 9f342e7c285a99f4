package emulator

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// create answers a POST to a collection.
func (s *Server) create(req *request, t *target) (*response, *apiError) {
	if t.resource == nil || t.resource.denies(http.MethodPost) || t.resource.source != nil {
		return nil, methodNotAllowed(http.MethodPost)
	}
	return s.createIn(req, t)
}

// createByView answers a POST to a derived list, whose objects live in a collection that
// the body names.
func (s *Server) createByView(req *request, t *target) (*response, *apiError) {
	if t.view.home == nil {
		return nil, methodNotAllowed(http.MethodPost)
	}
	body, err := req.object()
	if err != nil {
		return nil, err
	}
	path, err := parsePath(t.view.home(t.owner, body))
	if err != nil {
		return nil, err
	}
	home, err := s.store.resolve(path, false)
	if err != nil {
		return nil, err
	}
	return s.createIn(req, home)
}

// createIn creates an object in a collection. The client may have chosen the value of a
// property in the address, which is what is missing under it.
func (s *Server) createIn(req *request, t *target) (*response, *apiError) {
	r, property, value := t.resource, t.missingBy, t.missing
	w := &write{store: s.store, caller: req.caller, resource: r, path: t.path, typ: r.typ, cast: t.cast}
	if err := w.receive(req); err != nil {
		return nil, err
	}
	byKey := property == "" || property == r.keyName()
	if !byKey {
		w.sent[property] = value
	}
	if err := w.checkSent(); err != nil {
		return nil, err
	}
	if byKey && value != "" {
		w.sent[r.keyName()] = value
	}
	if err := w.chooseKey(); err != nil {
		return nil, err
	}
	w.after = w.merged()
	w.after[r.keyName()] = w.id
	w.stamp()
	if err := w.complete(); err != nil {
		return nil, err
	}
	inner, err := w.heldObjects()
	if err != nil {
		return nil, err
	}
	e, err := s.commit(w)
	if err != nil {
		return nil, err
	}
	for _, x := range inner {
		if _, err := s.commit(x); err != nil {
			return nil, err
		}
	}
	return s.created(req, e), nil
}

// chooseKey gives a new object its key: the client's, one made of what was sent, or a new
// one.
func (w *write) chooseKey() *apiError {
	name := w.resource.keyName()
	sent, _ := w.sent[name].(string)
	switch {
	case w.resource.keyOf != nil:
		w.id = w.resource.keyOf(w)
	case sent != "":
		w.id = sent
	case w.resource.clientKey:
		return directoryError("A value is required for property '%s' of resource '%s'.", name, capital(w.typ))
	default:
		w.id = w.store.newID("created", w.path, strconv.FormatUint(w.store.seq+1, 10))
	}
	if w.store.get(w.path, w.id) != nil {
		return &apiError{status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "Another object with the same value for property " + name + " already exists."}

	}
	return nil
}

// heldObjects takes out of a create the objects of contained collections that it holds:
// each is a create of its own.
func (w *write) heldObjects() ([]*write, *apiError) {
	var writes []*write
	for _, name := range w.resource.holds {
		path := w.path + "/" + w.id + "/" + name
		r, _, _ := w.store.table.find(path)
		delete(w.after, name)
		for i, v := range asList(w.sent[name]) {
			body, _ := v.(object)
			x := &write{store: w.store, caller: w.caller, resource: r, path: path, typ: r.typ}
			if err := x.receiveBody(maps.Clone(body)); err != nil {
				return nil, err
			}
			if err := x.checkSent(); err != nil {
				return nil, err
			}
			if err := x.chooseKey(); err != nil {
				return nil, err
			}
			if !r.clientKey && r.keyOf == nil {
				x.id = w.store.newID("held", path, strconv.Itoa(i))
			}
			x.after = x.merged()
			x.after[r.keyName()] = x.id
			x.stamp()
			if err := x.complete(); err != nil {
				return nil, err
			}
			writes = append(writes, x)
		}
	}
	return writes, nil
}

// complete lets the service fill in the object, then applies the rules.
func (w *write) complete() *apiError {
	if w.resource.prepare != nil {
		if err := w.resource.prepare(w); err != nil {
			return err
		}
	}
	return w.check()
}

// stamp sets the times that the service keeps.
func (w *write) stamp() {
	now := w.store.timestamp()
	if w.before == nil && w.resource.created != "" {
		w.after[w.resource.created] = now
	}
	if w.resource.modified != "" {
		w.after[w.resource.modified] = now
	}
}

// commit stores the object, its references and the audit entry.
func (s *Server) commit(w *write) (*entry, *apiError) {
	if err := w.checkBinds(); err != nil {
		return nil, err
	}
	body := maps.Clone(w.after)
	if w.typ != w.resource.typ {
		body["@odata.type"] = "#" + namespace + w.typ
	}
	e, err := s.store.put(w.path, body)
	if err != nil {
		return nil, &apiError{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()}
	}
	done := updated
	if w.before == nil {
		done = added
		s.store.arrived(e)
	}
	s.store.audit(done, w)
	if w.resource.affect != nil {
		w.resource.affect(w)
	}
	for _, nav := range slices.Sorted(maps.Keys(w.binds)) {
		for _, id := range w.binds[nav] {
			s.store.link(w.id, nav, id)
			if l := w.resource.link(nav); l.affect != nil {
				l.affect(s.store, e, s.store.linkTarget(id))
			}
			s.store.auditLink(added, w.caller, e, nav, s.store.linkTarget(id))
		}
	}
	return e, nil
}

func (s *Server) created(req *request, e *entry) *response {
	body := s.store.render(e, e.resource.typ, nil, true)
	body["@odata.context"] = req.base + "/$metadata#" + s.store.contextPath(e.collection) + "/$entity"
	answer := reply(http.StatusCreated, body)
	answer.header.Set("Location", req.base+e.collection+"/"+e.id)
	return answer
}

// update answers a PATCH, or a PUT where that replaces the object.
func (s *Server) update(req *request, t *target) (*response, *apiError) {
	switch {
	case t.missing != "":
		return s.upsert(req, t)
	case t.resource == nil || t.isList() || t.resource.denies(req.method) || t.resource.source != nil,
		req.method == http.MethodPut && !t.resource.put:
		return nil, methodNotAllowed(req.method)
	}
	w := &write{store: s.store, caller: req.caller, resource: t.resource, path: t.path, typ: t.resource.typ, cast: t.cast}
	if t.item != nil {
		w.id, w.typ, w.before = t.item.id, t.item.typ, t.item.body
	} else if w.before = s.store.singletons[t.path]; w.before == nil && !t.resource.optional {
		return nil, notFound(lastSegment(t.path))
	}
	if err := w.receive(req); err != nil {
		return nil, err
	}
	if err := w.checkSent(); err != nil {
		return nil, err
	}
	w.after = w.merged()
	if req.method == http.MethodPut {
		w.replace()
	}
	w.stamp()
	if err := w.complete(); err != nil {
		return nil, err
	}
	inner, err := w.inner()
	if err != nil {
		return nil, err
	}
	for _, x := range inner {
		if _, err := s.commit(x); err != nil {
			return nil, err
		}
	}
	return s.updated(t, w)
}

// inner takes out of an update the objects of contained collections that it holds: each is
// an update of its own.
func (w *write) inner() ([]*write, *apiError) {
	var writes []*write
	for _, name := range slices.Concat(w.resource.inline, w.resource.holds) {
		path := w.path + "/" + name
		if w.id != "" {
			path = w.path + "/" + w.id + "/" + name
		}
		r, _, ok := w.store.table.find(path)
		if _, sent := w.sent[name]; !sent || !ok {
			continue
		}
		delete(w.after, name)
		for _, v := range asList(w.sent[name]) {
			x, err := w.innerUpdate(r, path, v)
			if err != nil {
				return nil, err
			}
			writes = append(writes, x)
		}
	}
	return writes, nil
}

// innerUpdate checks the update of one object of a contained collection.
func (w *write) innerUpdate(r *resource, path string, sent any) (*write, *apiError) {
	body, _ := sent.(object)
	e := w.store.get(path, textOf(body["id"]))
	if e == nil {
		return nil, notFound(textOf(body["id"]))
	}
	x := &write{store: w.store, caller: w.caller, resource: r, path: path, id: e.id, typ: e.typ, before: e.body}
	if err := x.receiveBody(maps.Clone(body)); err != nil {
		return nil, err
	}
	if err := x.checkSent(); err != nil {
		return nil, err
	}
	x.after = x.merged()
	x.stamp()
	return x, x.complete()
}

// replace takes away every property that a PUT did not send, except those that the
// service keeps.
func (w *write) replace() {
	kept := append([]string{w.resource.keyName(), w.resource.created, w.resource.modified}, w.resource.readOnly...)
	after := maps.Clone(w.sent)
	for _, one := range w.resource.toOne {
		kept = append(kept, one.name)
	}
	for _, name := range append(kept, w.resource.createOnly...) {
		if value, ok := w.before[name]; ok {
			after[name] = value
		}
	}
	w.after = after
}

// updated stores what an update made and answers it.
func (s *Server) updated(t *target, w *write) (*response, *apiError) {
	if t.item == nil {
		done := updated
		if w.before == nil {
			done = added
		}
		s.store.setSingleton(t.path, w.after)
		s.store.audit(done, w)
		return noContent(), nil
	}
	if _, err := s.commit(w); err != nil {
		return nil, err
	}
	return noContent(), nil
}

// upsert creates the object that a PATCH or PUT found no object for. By an alternate key,
// Graph does so only when the client prefers it.
func (s *Server) upsert(req *request, t *target) (*response, *apiError) {
	if t.missingBy != "" && t.missingBy != t.resource.keyName() &&
		!strings.Contains(req.header.Get("Prefer"), "create-if-missing") {
		return nil, notFound(t.missing)
	}
	if t.missingBy == "" && !t.resource.clientKey {
		return nil, notFound(t.missing) // nobody chooses an id
	}
	return s.createIn(req, t)
}
