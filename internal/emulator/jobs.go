package emulator

import (
	"maps"
	"slices"
	"time"
)

// RunJobs does what Microsoft's own jobs would have done by now: what privileged identity management
// gave for a time that is over, it takes back, and it complains of what it did not give; and groups
// with a rule have the members that it names.
func (s *Server) RunJobs() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.followRules()
	if has := slices.Index(licences, s.opts.Licence); s.opts.Licence == "" || has >= slices.Index(licences, "p2") {
		s.store.complain()
	}
	for _, sc := range []*schedule{roleAssignment, roleEligibility, groupAssignment, groupEligibility} {
		for _, e := range slices.Clone(s.store.list(sc.path)) {
			if end, ends := s.store.endOf(e.body); ends && !s.store.now().Before(end) {
				sc.expire(s.store, e, end)
			}
		}
	}
}

// outsideRole is a role that somebody gave without privileged identity management.
type outsideRole struct {
	by         caller
	assignment object
}

// noteOutside notes that somebody gave a role himself, or that it is gone.
func (s *store) noteOutside(d deed, by caller, assignment object) {
	if d == added {
		s.outside = append(s.outside, outsideRole{by, assignment})
		return
	}
	s.outside = slices.DeleteFunc(s.outside, func(o outsideRole) bool { return sameRole(o.assignment, assignment) })
}

// complain writes an alert about each role that was given for good without privileged identity
// management, as its scan does about every two hours for as long as there is one. The alert has the
// name of an assignment and is none: it names who made the assignment, then, and its own time. Seen in
// a capture of an unfiltered log; the activity alone is on Microsoft's page.
func (s *store) complain() {
	for _, o := range s.outside {
		if s.assignmentOf(o.assignment) == nil {
			continue
		}
		w := &write{store: s, caller: o.by}
		now := s.now().UTC().Format(auditTime)
		request := maps.Clone(o.assignment)
		request["id"] = s.newID("alert", now, textOf(request["principalId"]), textOf(request["roleDefinitionId"]))
		r := roleAssignment.pimReport(w, request)
		r.activity, r.operation = "Add member to role outside of PIM (permanent)", "Update"
		r.details = append(r.details, detail("AuditType", "RoleElevatedOutsidePimAlert"), detail("StartTime", now),
			detail("RoleAssignmentRequestId", textOf(request["id"])))
		s.record(o.by, r)
	}
}

// endOf returns when a schedule is over, and false for one that never is.
func (s *store) endOf(schedule object) (time.Time, bool) {
	info := at(schedule, "scheduleInfo")
	if end, err := time.Parse(time.RFC3339, textOf(at(schedule, "scheduleInfo.expiration.endDateTime"))); err == nil {
		return end, true
	}
	start, err := time.Parse(time.RFC3339, textOf(field(info, "startDateTime")))
	if err != nil {
		return time.Time{}, false
	}
	return after(start, textOf(at(schedule, "scheduleInfo.expiration.duration")))
}

// ended is how long after its end an assignment was seen to be taken back.
const ended = 900 * time.Millisecond

// expire takes a schedule away whose time is over. No person does, and no entry names one.
func (sc *schedule) expire(s *store, e *entry, end time.Time) {
	s.take(e)
	sc.tell(s, e.body, nil)
	later := end.Add(ended).Sub(s.now())
	sc.tellDirectory(s, deleted, e.body, later)
	w := &write{store: s, caller: caller{service: pimEnd, userID: s.newID("user", pimEnd)}, resource: e.resource, path: e.collection, id: e.id, typ: e.typ, before: e.body}
	r := sc.pimReport(w, e.body)
	r.operation, r.later = "Delete", later+pimLater
	r.activity = "Remove member from role in PIM completed (timebound)"
	kind := "RemoveRole"
	switch {
	case sc.level == "Eligibility":
		r.activity = "Remove eligible member from role in PIM completed (timebound)"
	case e.body["assignmentType"] == "Activated" || e.body["assignmentType"] == "activated":
		r.activity, kind = "Remove member from role (PIM activation expired)", "RemoveActivatedRole"
	}
	r.details = append(r.details, detail("AuditType", kind), detail("ActionType", "Revoke"), detail("RoleAssignmentRequestId", textOf(e.body["createdUsing"])))
	s.record(w.caller, r)
}
