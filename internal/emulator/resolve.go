package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// target is what a request's path addresses.
type target struct {
	node *node
	// resource and path say which collection or singleton; path holds owners' ids.
	resource *resource
	path     string
	// item is the object addressed; nil for a collection.
	item *entry
	// missing is the key of an object that could be created under it (upsert), and
	// missingBy the property it is a value of, empty for the collection's key.
	missing, missingBy string
	// owner, with link or view, is the object whose relationship is addressed; linked is
	// the id after a link, as in "members/{id}/$ref".
	owner  *entry
	link   *link
	view   *view
	linked string
	// cast is the type after a list or an object: "members/microsoft.graph.user".
	cast       string
	count, ref bool
	action     action
	// read marks what a read addresses, which sees what its replica has.
	read bool
	// stream is the picture or style sheet of the object that is addressed.
	stream string
}

// isList reports whether the target is a list of objects.
func (t *target) isList() bool {
	switch {
	case t.item != nil || t.missing != "" || t.linked != "":
		return false
	case t.link != nil:
		return !t.link.single
	case t.view != nil:
		return true
	}
	return t.resource != nil && !t.resource.singleton
}

// resolve finds what a path addresses, for a read as its replica has it. The caller holds the store's lock.
func (s *store) resolve(path []segment, read bool) (*target, *apiError) {
	t := &target{node: s.table.root, read: read}
	for i, seg := range path {
		if err := s.step(t, seg, i == len(path)-1); err != nil {
			return nil, err
		}
	}
	if t.resource == nil && t.link == nil && t.view == nil {
		return nil, badSegment(path[len(path)-1].name)
	}
	return t, nil
}

// step follows one segment.
func (s *store) step(t *target, seg segment, last bool) *apiError {
	if t.count || t.ref || t.action != nil || t.missing != "" || t.stream != "" {
		return badSegment(seg.name)
	}
	if last && t.resource != nil && (t.item != nil || t.resource.singleton) {
		for _, name := range t.resource.streams {
			if strings.EqualFold(name, seg.name) {
				t.stream = name
				return nil
			}
		}
	}
	switch {
	case seg.name == "$count" && t.isList():
		t.count = true
		return nil
	case seg.name == "$ref" && t.link != nil:
		t.ref = true
		return nil
	case t.item != nil:
		return s.stepObject(t, seg, last)
	case t.isList():
		return s.stepList(t, seg, last)
	case t.link != nil || t.view != nil:
		return badSegment(seg.name)
	}
	return s.stepNode(t, seg, last)
}

// stepNode follows a segment below something that is not an object of a collection.
func (s *store) stepNode(t *target, seg segment, last bool) *apiError {
	if t.resource != nil {
		if act, ok := t.resource.actions[bareName(seg.name)]; ok {
			t.action = act
			return nil
		}
	}
	next := t.node.child(seg.name)
	if next == nil {
		return badSegment(seg.name)
	}
	t.node, t.resource = next, next.resource
	t.path += "/" + seg.name
	if t.resource != nil {
		// The table's spelling is the canonical one; requests may use any case.
		t.path = t.path[:len(t.path)-len(seg.name)] + lastSegment(t.resource.path)
	}
	if !seg.keyed {
		return nil
	}
	if t.resource == nil || t.resource.singleton {
		return badSegment(seg.name)
	}
	return s.stepKey(t, seg.property, seg.key, last)
}

// stepList follows a segment after a list: a type, an action, a resource below, or a
// key.
func (s *store) stepList(t *target, seg segment, last bool) *apiError {
	if name, ok := s.castTo(seg); ok {
		t.cast = name
		return nil
	}
	if t.link != nil {
		t.linked = seg.name
		return nil
	}
	if t.view == nil {
		if t.resource.tracked != nil && bareName(seg.name) == "delta" {
			t.action = delta
			return nil
		}
		if act, ok := t.resource.listActions[bareName(seg.name)]; ok {
			t.action = act
			return nil
		}
	}
	return s.stepKey(t, "", seg.name, last)
}

// stepKey finds the object that a key names.
func (s *store) stepKey(t *target, property, key string, last bool) *apiError {
	if t.view != nil {
		for _, e := range t.view.list(s, t.owner) {
			if strings.EqualFold(e.id, key) {
				s.enter(t, e)
				t.view, t.owner = nil, nil
				return nil
			}
		}
		return notFound(key)
	}
	if e := s.itself(t.resource, t.path); e != nil && slices.Contains(defaultLanguages, key) {
		t.path = ownerPath(t.path)
		t.node = s.table.nodeAt(t.path)
		t.resource = t.node.resource
		return nil
	}
	e, err := s.find(t.resource, t.path, property, key)
	if err != nil {
		return err
	}
	if e != nil && t.cast != "" && !s.meta.isA(e.typ, t.cast) {
		return notFound(key)
	}
	if t.read {
		e = s.found(e, t.path, key)
	} else if e != nil && !s.replicated(e) && !t.resource.bin() { // what is taken back is where writes are made
		e = nil
	}
	if e != nil && s.isLive(e) {
		s.enter(t, e)
		return nil
	}
	if !last || !t.resource.upsert {
		return notFound(key)
	}
	t.missing, t.missingBy = key, property
	return nil
}

// enter makes an object the target. Its collection may differ from the path that led
// to it, as with "/directoryObjects/{id}".
func (s *store) enter(t *target, e *entry) {
	t.item = e
	if t.resource != nil && t.resource.source != nil {
		return
	}
	t.resource, t.path = e.resource, e.collection
	t.node = s.table.nodeAt(e.collection).child("*")
}

// find returns the object of a collection with that key, or nil. An empty property means
// the key or whatever may stand in its place.
func (s *store) find(r *resource, path, property, key string) (*entry, *apiError) {
	if r.source != nil {
		return r.source.get(s, key), nil
	}
	if property != "" && property != r.keyName() {
		if !slices.Contains(r.alternate, property) {
			return nil, badRequest("The key predicate '%s' is not valid for '%s'.", property, lastSegment(r.path))
		}
		return s.findBy(path, property, key), nil
	}
	if e := s.get(path, key); e != nil {
		return e, nil
	}
	for _, property := range r.bare {
		if e := s.findBy(path, property, key); e != nil {
			return e, nil
		}
	}
	return nil, nil
}

// findBy returns the object of a collection with that value of a property, or nil.
func (s *store) findBy(path, property, value string) *entry {
	if slices.Contains(indexed[:], property) {
		for _, e := range s.lookup(property, value) {
			if e.collection == path {
				return e
			}
		}
		return nil
	}
	for _, e := range s.list(path) {
		if v, ok := e.body[property].(string); ok && strings.EqualFold(v, value) {
			return e
		}
	}
	return nil
}

// castTo returns the type that a segment such as "microsoft.graph.user" names.
func (s *store) castTo(seg segment) (string, bool) {
	name := typeName(strings.TrimPrefix(seg.name, "graph."))
	return name, name != seg.name && s.meta.Types[name] != nil
}

// stepObject follows a segment after an object: a type that it must be of, a
// relationship, a contained collection, or an action.
func (s *store) stepObject(t *target, seg segment, last bool) *apiError {
	if name, ok := s.castTo(seg); ok {
		if !s.meta.isA(t.item.typ, name) {
			return notFound(t.item.id)
		}
		t.cast = name
		return nil
	}
	cast := t.cast
	t.cast = ""
	if act, ok := t.resource.actions[bareName(seg.name)]; ok {
		t.action = act
		return nil
	}
	if t.resource.source != nil && !t.resource.bin() {
		t.resource, t.path = t.item.resource, t.item.collection
		t.node = s.table.nodeAt(t.path).child("*")
	}
	if next := t.node.child(seg.name); next != nil {
		if next.resource != nil && next.resource.ofType != "" && next.resource.ofType != cast {
			return badSegment(seg.name)
		}
		t.path += "/" + t.item.id
		t.owner, t.item = t.item, nil
		return s.stepNode(t, seg, last)
	}
	if l := t.resource.link(seg.name); l != nil {
		t.owner, t.link, t.item = t.item, l, nil
		return nil
	}
	if v := t.resource.view(seg.name); v != nil {
		t.owner, t.view, t.item = t.item, v, nil
		if seg.keyed {
			return s.stepKey(t, "", seg.key, last)
		}
		return nil
	}
	return badSegment(seg.name)
}

// errUnreplicated is what a write of a relationship meets while its group has not been
// replicated (Microsoft's page "Add members", note on replication delays).
var errUnreplicated = &apiError{status: http.StatusBadRequest, code: "Request_BadRequest", message: "The source resource object or one of the objects being referenced do not exist."}

// unreplicated reports whether a path leads to a relationship of an object that is there and
// that has not been replicated.
func (s *store) unreplicated(path []segment) bool {
	if len(path) < 3 || path[len(path)-1].name != "$ref" {
		return false
	}
	e := s.directory[fold(path[1].name)]
	return e != nil && !s.replicated(e)
}

// isVisible reports whether a write sees the object: it has been replicated, and the
// objects that it is about are live.
func (s *store) isVisible(e *entry) bool { return s.replicated(e) && s.isLive(e) }

// isLive reports whether an object can be read, and whether the objects that it is about are live.
func (s *store) isLive(e *entry) bool {
	if e.resource.shows != nil && !e.resource.shows(s, e) {
		return false
	}
	for _, property := range e.resource.needs {
		if id, ok := e.body[property].(string); ok && id != "/" && s.directory[fold(id)] == nil {
			return false
		}
	}
	return true
}

// bareName returns an action's name without the namespace it may be qualified by, such as
// "microsoft.graph.identityGovernance.".
func bareName(name string) string {
	if bare, qualified := strings.CutPrefix(name, namespace); qualified {
		return bare[strings.LastIndexByte(bare, '.')+1:]
	}
	return strings.TrimPrefix(name, "graph.")
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
