package emulator

import "slices"

// unlistedInGroups are what the lists of a group's members and owners leave out in v1.0
// ("Known issues with Microsoft Graph", GET /groups/{id}/members doesn't return service
// principals in v1.0; the note on the page "List group owners").
var unlistedInGroups = []string{"servicePrincipal"}

// leaveOut takes the objects out of a relationship's list that v1.0 does not list there. They
// are shown to whoever asks for their type, as in "members/microsoft.graph.servicePrincipal",
// to an advanced query, which another index answers, and to $expand, which the known issue
// names as the way around it.
func (s *store) leaveOut(l *listing, t *target, req *request) {
	var types []string
	switch {
	case t.cast != "" || req.eventual() || req.beta:
	case t.link != nil:
		types = t.link.unlisted
	case t.view != nil:
		types = t.view.unlisted
	}
	if len(types) == 0 {
		return
	}
	l.entries = slices.DeleteFunc(slices.Clone(l.entries), func(e *entry) bool {
		return slices.ContainsFunc(types, func(typ string) bool { return s.meta.isA(e.typ, typ) })
	})
}
