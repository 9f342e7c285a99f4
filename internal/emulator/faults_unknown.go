package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// names reports whether a request names a property, in $select or at the top of its body.
func (r *request) names(property string) bool {
	if fields, ok := r.option("select"); ok && slices.Contains(strings.Split(fields, ","), property) {
		return true
	}
	body, err := r.object()
	if err != nil {
		return false
	}
	_, sent := body[property]
	return sent
}

// unknownProperty is what Graph answers to a property that its model does not have, as it
// does to one of another version or cloud.
func (s *Server) unknownProperty(req *request, property string) *apiError {
	typ := "directoryObject"
	if path, err := parsePath(req.path); err == nil {
		for ; len(path) > 0; path = path[:len(path)-1] {
			names := make([]string, len(path))
			for i, segment := range path {
				names[i] = segment.name
			}
			if r, _, ok := s.store.table.find(joinSegments(names)); ok {
				typ = r.typ
				break
			}
		}
	}
	if req.method == http.MethodGet {
		return badRequest("Parsing OData Select and Expand failed: Could not find a property named '%s' on type '%s%s'.", property, namespace, typ)
	}
	return badRequest("The property '%s' does not exist on type '%s%s'. Make sure to only use property names that are defined by the type.", property, namespace, typ)
}
