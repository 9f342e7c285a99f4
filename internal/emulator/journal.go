package emulator

// journal is what happened to the tenant since it began to be served, for delta queries.
type journal struct {
	// begun is when, in nanoseconds: it tells one journal from that of another run.
	begun  int64
	events []event
}

// event is one change of an object or of a relationship.
type event struct {
	collection, id string
	// before is the body of an object that was replaced or taken away.
	before object
	// nav and target are the relationship that was added or removed; empty for an object.
	nav, target string
}

// note adds an event to the journal once the tenant is served.
func (s *store) note(e event) {
	if s.journal.begun != 0 {
		s.journal.events = append(s.journal.events, e)
	}
}

// noteLink notes a change of the relationship of a directory object.
func (s *store) noteLink(source, nav, target string) {
	if e := s.directory[source]; e != nil {
		s.note(event{collection: e.collection, id: e.id, nav: nav, target: target})
	}
}

// settled is the length of the journal up to an object that has not been replicated: what comes
// after the object is told with it.
func (s *store) settled() int {
	for i, e := range s.journal.events {
		if live := s.get(e.collection, e.id); live != nil && !s.replicated(live) {
			return i
		}
	}
	return len(s.journal.events)
}
