package emulator

import (
	"slices"
	"time"
)

// RunJobs does what Microsoft's own jobs would have done by now: what privileged identity management
// gave for a time that is over, it takes back; and groups with a rule have the members that it names.
func (s *Server) RunJobs() {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.followRules()
	for _, sc := range []*schedule{roleAssignment, roleEligibility, groupAssignment, groupEligibility} {
		for _, e := range slices.Clone(s.store.list(sc.path)) {
			if end, ends := s.store.endOf(e.body); ends && !s.store.now().Before(end) {
				sc.expire(s.store, e, end)
			}
		}
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
	w := &write{store: s, caller: caller{service: pimEnd}, resource: e.resource, path: e.collection, id: e.id, typ: e.typ, before: e.body}
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
