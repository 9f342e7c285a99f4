package emulator

import "slices"

// ofGroup reports whether the schedules are about being a member or owner of a group.
func (sc *schedule) ofGroup() bool { return slices.Contains(sc.identity, "groupId") }

// joinBySchedule keeps a group's members and owners what the schedules of their assignment say:
// whoever is assigned is one for that time (the page "Govern membership and ownership of groups
// using PIM for groups").
func joinBySchedule(s *store, before, after object) {
	switch {
	case before == nil:
		s.link(textOf(after["groupId"]), joins(after), textOf(after["principalId"]))
	case after == nil:
		s.unlink(textOf(before["groupId"]), joins(before), textOf(before["principalId"]))
	}
}

// joins is the relationship that a schedule is about: its accessId is "member" or "owner".
func joins(schedule object) string { return textOf(schedule["accessId"]) + "s" }

// joined reports whether the principal is a member or owner already.
func (s *store) joined(schedule object) bool {
	return s.linked(textOf(schedule["groupId"]), joins(schedule), textOf(schedule["principalId"]))
}

// unschedule takes the schedule away of whoever was removed from a group directly.
func unschedule(s *store, group, principal *entry) {
	for _, e := range slices.Clone(s.list(groupAssignment.path)) {
		if e.body["groupId"] == group.id && e.body["principalId"] == principal.id && !s.joined(e.body) {
			s.take(e)
		}
	}
}

// joinedOrLeft is what a change of a group's members means.
func joinedOrLeft(s *store, group, member *entry) {
	passLicences(s, group, member)
	unschedule(s, group, member)
}
