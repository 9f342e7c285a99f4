package emulator

import (
	"cmp"
	"net/http"
	"slices"
)

// getByIDsLimit is the largest number of ids in one getByIds request.
const getByIDsLimit = 1000

// getByIDs answers directoryObjects/getByIds: the live objects among the ids, in no
// promised order; an unknown id is left out.
func getByIDs(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	body, err := req.object()
	if err != nil {
		return nil, err
	}
	ids, types := valuesAt(body["ids"], nil), valuesAt(body["types"], nil)
	switch {
	case len(ids) == 0:
		return nil, directoryError("Invalid value specified for property 'ids' of resource 'DirectoryObject'.")
	case len(ids) > getByIDsLimit:
		return nil, directoryError("Too many elements were supplied for 'ids'. The maximum is %d.", getByIDsLimit)
	}
	fields, err := s.itemFields(req, "directoryObject")
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !guidPattern.MatchString(id) {
			return nil, directoryError("Invalid object identifier '%s'.", id)
		}
	}
	values := []any{}
	for _, id := range ids {
		e := s.store.seen(s.store.directory[fold(id)], byKey)
		if e == nil || !s.store.isLive(e) || len(types) > 0 && !slices.ContainsFunc(types, func(name string) bool {
			return s.store.meta.isA(e.typ, name)
		}) {
			continue
		}
		values = append(values, s.store.render(e, "directoryObject", fields, false))
	}
	return reply(http.StatusOK, object{
		"@odata.context": req.base + "/$metadata#directoryObjects" + selectSuffix(fields), "value": values,
	}), nil
}

// getExtensions answers directoryObjects/getAvailableExtensionProperties: the directory
// extensions that the applications here define, or those of directory synchronization.
func getExtensions(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	body := object{}
	if len(req.body) > 0 {
		var err *apiError
		if body, err = req.object(); err != nil {
			return nil, err
		}
	}
	values := []any{}
	for _, app := range s.store.list("/applications") {
		for _, e := range s.store.list("/applications/" + app.id + "/extensionProperties") {
			if synced, asked := body["isSyncedFromOnPremises"]; !asked || synced == (e.body["isSyncedFromOnPremises"] == true) {
				values = append(values, s.store.render(e, e.typ, nil, false))
			}
		}
	}
	return reply(http.StatusOK, object{
		"@odata.context": req.base + "/$metadata#Collection(extensionProperty)", "value": values,
	}), nil
}

// alias serves the objects of a collection at another path.
func alias(path string) *source {
	return &source{
		list: func(s *store) []*entry { return s.list(path) },
		get:  func(s *store, id string) *entry { return s.get(path, id) },
	}
}

// everything serves every object of the directory.
func everything() *source {
	return &source{
		castOnly: true,
		list: func(s *store) []*entry {
			all := make([]*entry, 0, len(s.directory))
			for _, e := range s.directory {
				all = append(all, e)
			}
			return bySeq(all)
		},
		get: func(s *store, id string) *entry { return s.directory[fold(id)] },
	}
}

func bySeq(entries []*entry) []*entry {
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.seq, b.seq) })
	return entries
}

// linkedBy returns a view of the objects that link to the owner.
func linkedBy(name, nav string) view {
	return view{name: name, typ: "directoryObject", list: func(s *store, owner *entry) []*entry {
		return s.sources(owner.id, nav)
	}}
}

// reaches returns a view of the objects that the owner links to, directly or through
// others, whose list leaves out some types.
func reaches(name, nav string, unlisted ...string) view {
	return view{name: name, typ: "directoryObject", unlisted: unlisted, list: func(s *store, owner *entry) []*entry {
		return closure(owner, func(e *entry) []*entry { return s.targets(e.id, nav) })
	}}
}

// closure returns what can be reached from an object, nearest first, each once.
func closure(from *entry, next func(*entry) []*entry) []*entry {
	seen := map[*entry]bool{from: true}
	queue, found := []*entry{from}, []*entry(nil)
	for len(queue) > 0 {
		for _, e := range next(queue[0]) {
			if !seen[e] {
				seen[e] = true
				found, queue = append(found, e), append(queue, e)
			}
		}
		queue = queue[1:]
	}
	return found
}

// about returns a view of the objects of a type whose property holds the owner's id.
func about(name, typ, property string) view {
	return view{name: name, typ: typ, list: func(s *store, owner *entry) []*entry {
		var found []*entry
		for _, e := range s.lookup(property, owner.id) {
			if e.typ == typ {
				found = append(found, e)
			}
		}
		return bySeq(found)
	}}
}

// assigned is the view of the application roles that a principal has. They live with
// the service principal that defines the role.
func assigned() view {
	v := about("appRoleAssignments", "appRoleAssignment", "principalId")
	v.home = func(_ *entry, body object) string {
		resource, _ := body["resourceId"].(string)
		return "/servicePrincipals/" + resource + "/appRoleAssignedTo"
	}
	return v
}
