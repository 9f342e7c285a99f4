package emulator

import (
	_ "embed"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// permissionRows is Microsoft's table of application permissions, one request a line.
//
//go:embed permissions.tsv
var permissionRows string

// permissionTable says for a request which permissions Graph takes: alternatives, each of
// which may be several permissions that are needed together.
type permissionTable struct {
	requests map[string][][]string // by method
	below    map[string]*permissionTable
}

// anySegment stands for a key in the table's paths.
const anySegment = "{id}"

// permissionsByRequest returns the table, which is read once and never changes.
var permissionsByRequest = sync.OnceValue(func() *permissionTable {
	root := &permissionTable{}
	for line := range strings.Lines(permissionRows) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(columns) != 3 {
			continue
		}
		var alternatives [][]string
		for one := range strings.SplitSeq(columns[2], " ") {
			alternatives = append(alternatives, strings.Split(one, "+"))
		}
		at := root.at(strings.Split(strings.Trim(columns[1], "/"), "/"), true)
		for method := range strings.SplitSeq(columns[0], ",") {
			at.requests[method] = alternatives
		}
	}
	return root
})

// at returns the part of the table below a path, in lower case; nil where there is none and
// none is to be made.
func (t *permissionTable) at(path []string, create bool) *permissionTable {
	for _, name := range path {
		next := t.below[name]
		if next == nil && !create {
			next = t.below[anySegment]
		}
		if next == nil && create {
			next = &permissionTable{}
			if t.below == nil {
				t.below = map[string]*permissionTable{}
			}
			t.below[name] = next
		}
		if t = next; t == nil {
			return nil
		}
	}
	if t.requests == nil && create {
		t.requests = map[string][][]string{}
	}
	return t
}

// granted are the application permissions that a tenant's callers have. Nil are all.
type granted map[string]bool

// newGranted is nil where the list is.
func newGranted(permissions []string) granted {
	if permissions == nil {
		return nil
	}
	g := granted{}
	for _, name := range permissions {
		g[name] = true
	}
	return g
}

// any reports whether one of the permissions is granted.
func (g granted) any(permissions ...string) bool {
	return g == nil || slices.ContainsFunc(permissions, func(name string) bool { return g[name] })
}

// allow reports whether a request is granted: one whose path the table does not have is not.
func (g granted) allow(method string, path []string) bool {
	if g == nil {
		return true
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	at := permissionsByRequest().at(path, false)
	return at != nil && slices.ContainsFunc(at.requests[method], func(together []string) bool {
		return !slices.ContainsFunc(together, func(name string) bool { return !g[name] })
	})
}

// sufficient lists the permissions that the table has for a request, as a refusal names them.
func sufficient(method string, path []string) []string {
	at := permissionsByRequest().at(path, false)
	if at == nil {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(at.requests[method]...))))
}

// Grant gives the callers exactly these application permissions from now on; nil gives them
// all there are.
func (s *Server) Grant(permissions []string) {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.granted = newGranted(permissions)
}

// Permissions are the application permissions that the callers have, sorted; known is false
// where they have whatever is asked for.
func (s *Server) Permissions() (permissions []string, known bool) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	permissions = make([]string, 0, len(s.granted))
	for name := range s.granted {
		permissions = append(permissions, name)
	}
	slices.Sort(permissions)
	return permissions, s.granted != nil
}

// permit refuses a request that the caller's application permissions do not cover. A user who
// signed in has others, which are not looked at. The caller holds the store's lock.
func (s *Server) permit(req *request, path []segment) *apiError {
	if s.granted == nil || req.caller.userName != "" {
		return nil
	}
	asked := ofGroups(req, s.store.permissionPath(path))
	if !s.granted.allow(req.method, asked) || !s.permitsProperties(req, asked) || !s.permitsAdministrators(req, path) {
		return workloadOf(req.unescapedPath()).forbidden(sufficient(req.method, asked))
	}
	return nil
}

// permissionPath writes a path as the table does: keys and operations are segments of their
// own, types are left out, and a directory object or deleted item has the path of its type.
func (s *store) permissionPath(path []segment) []string {
	var names []string
	for _, seg := range path {
		name := fold(seg.name)
		if cast, ok := s.castTo(seg); ok {
			if len(names) == 2 && names[1] == "deleteditems" {
				names = append(names, "microsoft.graph."+fold(cast))
			}
			continue
		}
		switch {
		case name == "$ref" || name == "$count" || name == "$value":
			continue
		case strings.HasPrefix(name, namespace) || strings.HasPrefix(name, "graph."):
			name = fold(bareName(seg.name))
		}
		if len(names) == 2 && names[0] == "directory" && names[1] == "deleteditems" {
			if e := s.deleted[name]; e != nil {
				names = append(names, "microsoft.graph."+fold(e.typ))
			}
		}
		if e := s.directory[name]; len(names) == 1 && names[0] == "directoryobjects" && e != nil {
			names = []string{strings.Trim(fold(e.collection), "/")}
			names = strings.Split(names[0], "/")
		}
		names = append(names, name)
		if seg.keyed {
			names = append(names, fold(seg.key))
		}
	}
	return names
}
