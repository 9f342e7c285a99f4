package emulator

import (
	"maps"
	"net/http"
	"strings"
)

// delete answers a DELETE of an object.
func (s *Server) delete(req *request, t *target) (*response, *apiError) {
	switch {
	case t.item == nil && t.resource != nil && t.resource.optional:
		if err := s.deleteSingleton(req.caller, t); err != nil {
			return nil, err
		}
		return noContent(), nil
	case t.item == nil || t.resource.denies(http.MethodDelete):
		return nil, methodNotAllowed(http.MethodDelete)
	case t.resource.bin():
		s.purge(req.caller, t.item)
		return noContent(), nil
	}
	if err := s.deleteItem(req.caller, t.item); err != nil {
		return nil, err
	}
	return noContent(), nil
}

// purge deletes one of the deleted items for good.
func (s *Server) purge(by caller, item *entry) {
	delete(s.store.deleted, fold(item.id))
	s.store.note(event{collection: item.collection, id: item.id, before: item.body})
	s.store.purge(item)
	s.store.auditObject(purged, by, item)
}

// deleteItem deletes an object and what follows it.
func (s *Server) deleteItem(by caller, item *entry) *apiError {
	w := &write{
		store: s.store, caller: by, resource: item.resource,
		path: item.collection, id: item.id, typ: item.typ, before: item.body,
	}
	if err := w.check(); err != nil {
		return err
	}
	s.store.remove(item)
	s.store.audit(deleted, w)
	if w.resource.affect != nil {
		w.resource.affect(w)
	}
	for _, f := range item.resource.follow {
		value, _ := item.body[f.property].(string)
		for _, e := range s.store.lookup(f.property, value) {
			if e.collection == f.collection {
				s.store.remove(e)
				s.store.auditObject(deleted, by, e)
			}
		}
	}
	return nil
}

// deleteSingleton deletes a singleton that need not be there.
func (s *Server) deleteSingleton(by caller, t *target) *apiError {
	w := &write{
		store: s.store, caller: by, resource: t.resource,
		path: t.path, typ: t.resource.typ, before: s.store.singletons[t.path],
	}
	if w.before == nil {
		return notFound(lastSegment(t.path))
	}
	if err := w.check(); err != nil {
		return err
	}
	delete(s.store.singletons, t.path)
	s.store.audit(deleted, w)
	return nil
}

// remove deletes an object: into the bin where Graph keeps it, or for good.
func (s *store) remove(e *entry) {
	s.take(e)
	s.keepGhost(e)
	r := e.resource
	if r.deletedTo == "" || r.keeps != nil && !r.keeps(e.body) {
		s.purge(e)
		return
	}
	gone := *e
	s.arrived(&gone)
	gone.body = maps.Clone(e.body)
	gone.body["deletedDateTime"] = s.timestamp()
	if name, ok := gone.body[r.prefixed].(string); ok {
		gone.body[r.prefixed] = prefixOf(e.id) + name
	}
	s.deleted[fold(e.id)] = &gone
}

// purge removes what has no life without an object that is gone for good: its links, what it
// contained, and the objects that are about it.
func (s *store) purge(e *entry) {
	s.purgeLinks(e.id)
	prefix := e.collection + "/" + e.id + "/"
	for path, c := range s.collections {
		if strings.HasPrefix(path, prefix) {
			for len(c.entries) > 0 {
				s.take(c.entries[0])
			}
			delete(s.collections, path)
		}
	}
	for path := range s.singletons {
		if strings.HasPrefix(path, prefix) {
			delete(s.singletons, path)
		}
	}
	for _, property := range []string{"principalId", "resourceId", "clientId"} {
		for _, x := range s.lookup(property, e.id) {
			if len(x.resource.needs) > 0 {
				s.take(x)
			}
		}
	}
}

// bin returns a source of the deleted objects that were moved to path.
func bin(path string, castOnly bool) *source {
	in := func(e *entry) bool { return e.resource.deletedTo == path }
	return &source{
		bin:      true,
		castOnly: castOnly,
		list: func(s *store) []*entry {
			var found []*entry
			for _, e := range s.deleted {
				if in(e) && !s.expired(e) {
					found = append(found, e)
				}
			}
			return bySeq(found)
		},
		get: func(s *store, id string) *entry {
			if e := s.deleted[fold(id)]; e != nil && in(e) && !s.expired(e) {
				return e
			}
			return nil
		},
	}
}
