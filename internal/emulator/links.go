package emulator

import "slices"

// edges is an ordered set of object ids.
type edges struct {
	ids []string
	set map[string]struct{}
}

func (e *edges) has(id string) bool {
	_, ok := e.set[id]
	return ok
}

func (e *edges) add(id string) bool {
	if e.has(id) {
		return false
	}
	e.ids = append(e.ids, id)
	e.set[id] = struct{}{}
	return true
}

func (e *edges) remove(id string) bool {
	if !e.has(id) {
		return false
	}
	delete(e.set, id)
	at := slices.Index(e.ids, id)
	e.ids = slices.Delete(e.ids, at, at+1)
	return true
}

// link adds an edge from source to target by the navigation property nav, such as "members" or
// "manager". It reports whether the edge is new.
func (s *store) link(source, nav, target string) bool {
	source, target = fold(source), fold(target)
	if !edgesAt(s.links, linkKey{source, nav}).add(target) {
		return false
	}
	edgesAt(s.backlinks, linkKey{target, nav}).add(source)
	s.moved(source, nav, target, true)
	s.noteLink(source, nav, target)
	return true
}

// unlink removes an edge and reports whether there was one.
func (s *store) unlink(source, nav, target string) bool {
	source, target = fold(source), fold(target)
	from := s.links[linkKey{source, nav}]
	if from == nil || !from.remove(target) {
		return false
	}
	s.backlinks[linkKey{target, nav}].remove(source)
	s.moved(source, nav, target, false)
	s.noteLink(source, nav, target)
	return true
}

// linked reports whether there is an edge, live or not.
func (s *store) linked(source, nav, target string) bool {
	e := s.links[linkKey{fold(source), nav}]
	return e != nil && e.has(fold(target))
}

// targets returns the live objects that source links to by nav, in the order they were
// linked.
func (s *store) targets(source, nav string) []*entry {
	return s.live(s.links[linkKey{fold(source), nav}])
}

// sources returns the live objects that link to target by nav.
func (s *store) sources(target, nav string) []*entry {
	return s.live(s.backlinks[linkKey{fold(target), nav}])
}

func (s *store) live(e *edges) []*entry {
	if e == nil {
		return nil
	}
	found := make([]*entry, 0, len(e.ids))
	for _, id := range e.ids {
		if x := s.linkTarget(id); x != nil {
			found = append(found, x)
		}
	}
	return found
}

// linkTarget returns the live object that a relationship may reach by that id, or nil.
func (s *store) linkTarget(id string) *entry {
	if e := s.directory[fold(id)]; e != nil {
		return e
	}
	return s.linkable[fold(id)]
}

// related returns the live objects of a relationship, in the order they came.
func (s *store) related(owner *entry, l *link) []*entry {
	if l.derived != nil {
		return l.derived.list(s, owner)
	}
	return s.targets(owner.id, l.name)
}

// connect adds an object to a relationship, and disconnect takes one out.
func (s *store) connect(owner *entry, l *link, e *entry) {
	if l.derived != nil {
		l.derived.add(s, owner, e)
		return
	}
	s.link(owner.id, l.name, e.id)
	if l.affect != nil {
		l.affect(s, owner, e)
	}
}

func (s *store) disconnect(owner *entry, l *link, e *entry) {
	if l.derived != nil {
		l.derived.remove(s, owner, e)
		return
	}
	s.unlink(owner.id, l.name, e.id)
	if l.affect != nil {
		l.affect(s, owner, e)
	}
}

// purgeLinks removes every edge from and to an object that is gone for good.
func (s *store) purgeLinks(id string) {
	id = fold(id)
	for key, e := range s.links {
		if key.id == id {
			for _, target := range slices.Clone(e.ids) {
				s.unlink(id, key.nav, target)
			}
			delete(s.links, key)
		}
	}
	for key, e := range s.backlinks {
		if key.id == id {
			for _, source := range slices.Clone(e.ids) {
				s.unlink(source, key.nav, id)
			}
			delete(s.backlinks, key)
		}
	}
}

func edgesAt(m map[linkKey]*edges, key linkKey) *edges {
	e := m[key]
	if e == nil {
		e = &edges{set: make(map[string]struct{})}
		m[key] = e
	}
	return e
}
