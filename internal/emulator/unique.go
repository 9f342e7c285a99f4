package emulator

import (
	"net/http"
	"slices"
	"strings"
)

func (w *write) checkUnique() *apiError {
	for _, u := range w.resource.unique {
		if _, sent := w.sent[u.property]; !sent {
			continue
		}
		for _, value := range valuesAt(w.after[u.property], nil) {
			if holder := w.store.holder(u, w.path, value, w.id); holder != nil && (u.when == nil || u.when(w.after)) {
				return inConflict(u.status, u.code, u, holder)
			}
		}
	}
	return nil
}

// holder returns an object other than the one with that id that has a value which no two
// may have.
func (s *store) holder(u unique, path, value, id string) *entry {
	for _, collection := range append([]string{path}, u.among...) {
		if e := s.findOther(collection, u, value, id); e != nil {
			return e
		}
	}
	return nil
}

// findOther returns an object of a collection, other than the one with that id, that has
// the value of a unique property.
func (s *store) findOther(path string, u unique, value, id string) *entry {
	candidates := s.list(path)
	if slices.Contains(indexed[:], u.property) {
		candidates = s.lookup(u.property, value)
	}
	for _, e := range candidates {
		if e.collection != path || strings.EqualFold(e.id, id) || u.when != nil && !u.when(e.body) {
			continue
		}
		if slices.ContainsFunc(valuesAt(e.body[u.property], nil), func(v string) bool { return strings.EqualFold(v, value) }) {
			return e
		}
	}
	return nil
}

// conflict is the directory's answer to a value that another object has, of the same
// collection or of one of the others.
func conflict(property string, among ...string) unique {
	return unique{
		property: property,
		among:    among,
		status:   http.StatusBadRequest,
		code:     "Request_BadRequest",
		message:  "Another object with the same value for property " + property + " already exists.",
	}
}
