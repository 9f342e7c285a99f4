package emulator

import (
	"cmp"
	"hash/fnv"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// auditPath is where the directory's audit log is read.
const auditPath = "/auditLogs/directoryAudits"

// auditLimit bounds the audit log; the oldest entries go first.
const auditLimit = 20_000

// deed is what was done, as one column of the table of activities has it.
type deed string

const (
	added    deed = "add"
	updated  deed = "update"
	deleted  deed = "delete"
	purged   deed = "purge"
	restored deed = "restore"
	reset    deed = "reset"
	licensed deed = "license"
)

// takesAway reports whether a relationship or an assignment is gone after the deed.
func (d deed) takesAway() bool { return d == deleted || d == purged }

// operation is the entry's operationType, for what is done to an object.
func (d deed) operation() string {
	switch d {
	case added:
		return "Add"
	case deleted, purged:
		return "Delete"
	}
	return "Update"
}

// assignment is the entry's operationType, for what is done to a relationship.
func (d deed) assignment() string {
	if d.takesAway() {
		return "Unassign"
	}
	return "Assign"
}

// audited says how the audit log tells the changes of a resource's objects. The zero value of a
// name is a change that leaves no entry.
type audited struct {
	// service is who logs it; empty is Core Directory.
	service string
	// category and target are the entry's category and the type of what it is about.
	category, target string
	// names are the activities, by what was done.
	names map[deed]string
	// operation, when set, is the operationType whatever was done.
	operation string
	// of returns what the entry is about where that is not the object: an application, for one of
	// its federated credentials.
	of func(*write) *entry
	// values are what the entry tells of a change; nil is nothing. Most activities were never seen
	// with values, and none are invented for them.
	values func(d deed, w *write) []any
	// details are additional details of an entry about an object.
	details func(body object) []any
	// tell, when set, writes the entries instead.
	tell func(a *audited, d deed, w *write)
	// links are the activities about relationships, by name.
	links map[string]auditedLink
}

// auditedLink says how the audit log tells that an object was related to another, and that it no
// longer is.
type auditedLink struct {
	add, remove string
	// named, when set, is what the names of the values begin with: those of the owner, "Group".
	named string
	// ownerFirst marks an activity whose first target is the owner, not the related object.
	ownerFirst bool
	// tell, when set, writes the entries instead.
	tell func(d deed, c caller, owner, related *entry, s *store)
}

// report is an entry before it is written.
type report struct {
	service, category, activity, operation, reason string
	by                                             object // nil is the caller
	targets, details                               []any
	// later is by how much the entry is later than the request.
	later time.Duration
	// alone marks an entry that does not share the request's correlation id.
	alone bool
}

// audit records what a write did.
func (s *store) audit(d deed, w *write) {
	a, ok := activities[w.resource.path]
	switch {
	case !ok || s.noAudit, d == updated && a.service != "" && len(w.changed()) == 0: // only the directory tells of nothing
	case a.tell != nil:
		a.tell(&a, d, w)
	case a.names[d] != "":
		r := a.report(d, w)
		s.record(w.caller, r)
	}
}

// report is the entry of a change that is told by one.
func (a *audited) report(d deed, w *write) report {
	var values []any
	if a.values != nil {
		values = a.values(d, w)
	}
	about := w.entry()
	if a.of != nil {
		about = a.of(w)
	}
	target := about.target(values)
	target["type"] = cmp.Or(a.target, textOf(target["type"]))
	r := report{
		service: a.service, category: a.category, activity: a.names[d], operation: cmp.Or(a.operation, d.operation()), targets: []any{target},
	}
	if a.details != nil {
		r.details = a.details(about.body)
	}
	return r
}

// auditObject records that something happened to a whole object.
func (s *store) auditObject(d deed, c caller, e *entry) {
	s.audit(d, &write{store: s, caller: c, resource: e.resource, path: e.collection, id: e.id, typ: e.typ, before: e.body, after: e.body})
}

// auditLink records that a relationship was added or removed.
func (s *store) auditLink(d deed, c caller, owner *entry, nav string, related *entry) {
	a := activities[owner.resource.path]
	if l := a.links[nav]; l.tell != nil {
		l.tell(d, c, owner, related, s)
	} else {
		l.record(a.category, d, c, owner, related, s)
	}
}

// record writes the entry about a relationship, if there is an activity.
func (l auditedLink) record(category string, d deed, c caller, owner, related *entry, s *store) {
	activity := l.add
	if d.takesAway() {
		activity = l.remove
	}
	if activity == "" {
		return
	}
	var values []any
	if l.named != "" {
		values = append(linkValues(d, l.named, owner), c.names()...)
	}
	targets := []any{related.target(values), owner.target(nil)}
	if l.ownerFirst {
		targets = []any{owner.target(values), related.target(nil)}
	}
	s.record(c, report{category: category, activity: activity, operation: d.assignment(), targets: targets})
}

// linkValues are what an entry about a relationship tells: the owner's id and names, on the side
// on which the relationship is.
func linkValues(d deed, named string, owner *entry) []any {
	values := []any{
		d.moved(named+".ObjectID", quoted(owner.id)),
		d.moved(named+".DisplayName", quoted(owner.body["displayName"])),
	}
	switch named {
	case "Group":
		return append(values, modified("Group.WellKnownObjectName", nil, nil))
	}
	return append(values, d.moved(named+".AppId", quoted(owner.body["appId"])))
}

// entry is the object of a write, as it will be or as it was.
func (w *write) entry() *entry {
	body := w.after
	if body == nil {
		body = w.before
	}
	return &entry{id: cmp.Or(w.id, textOf(body["id"])), collection: w.path, resource: w.resource, typ: w.typ, body: body}
}

// targetTypes are the types of objects that the log calls by a name of their own; policies of any
// service are "Policy", and the rest is "Other".
var targetTypes = map[string]string{
	"user": "User", "group": "Group", "servicePrincipal": "ServicePrincipal", "application": "Application", "device": "Device",
	"directoryRole": "Role", "unifiedRoleDefinition": "Role", "organization": "Directory",
}

// target is the object as an entry names it: a user by userPrincipalName alone, and a group by
// nothing but its id.
func (e *entry) target(values []any) object {
	if values == nil {
		values = []any{}
	}
	t := object{
		"id": e.id, "displayName": e.body["displayName"], "type": cmp.Or(targetTypes[e.typ], "Other"), "userPrincipalName": nil, "groupType": nil,
		"modifiedProperties": values,
	}
	switch e.typ {
	case "user":
		t["displayName"], t["userPrincipalName"] = nil, e.body["userPrincipalName"]
	case "group":
		t["displayName"], t["groupType"] = nil, "azureAD"
		if isUnified(e.body) {
			t["groupType"] = "unifiedGroups"
		}
	}
	return t
}

// idForms are what the ids of the services begin with. The documentation calls the id a GUID, and
// it is one where nothing else was seen.
var idForms = map[string]string{
	"": "Directory", "Conditional Access": "IPCGraph", "Self-service Group Management": "SSGM", "Authentication Methods": "IAMUX",
	"Invited Users": "Invited Users", "Device Registration Service": "Device Registration Service",
}

// entryID makes the id of an entry.
func (s *store) entryID(service, correlation string, at time.Time) string {
	s.auditID++
	number := strconv.FormatUint(s.auditID, 10)
	unique := s.newID("audit", number)
	form := idForms[service]
	switch {
	case service == pimService:
		ticks := at.Unix()*10_000_000 + int64(at.Nanosecond()/100) + 621_355_968_000_000_000
		return "PIM_" + unique + "_" + s.tenantID + "_" + strconv.FormatInt(ticks, 10)
	case form == "":
		return unique
	}
	return form + "_" + correlation + "_" + shortText(unique) + "_" + strconv.FormatUint(100_000_000+s.auditID, 10)
}

// shortText makes five letters and digits of an id.
func shortText(id string) string {
	const letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	h := fnv.New64a()
	h.Write([]byte(id))
	n, text := h.Sum64(), make([]byte, 5)
	for i := range text {
		text[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return string(text)
}

// newCorrelation returns an id that the entries of one request share.
func (s *store) newCorrelation() string {
	s.correlations++
	return s.newID("correlation", strconv.FormatUint(s.correlations, 10))
}

// auditTime is how the log writes times: up to seven digits of a second, without zeros at the end.
const auditTime = "2006-01-02T15:04:05.9999999Z"

// record appends an entry to the audit log.
func (s *store) record(c caller, r report) {
	if s.noAudit {
		return
	}
	correlation := c.correlation
	if r.alone || correlation == "" {
		correlation = s.newCorrelation()
	}
	at := s.now().UTC().Add(r.later + c.later)
	if r.by == nil {
		r.by = c.initiatedBy()
	}
	reason := any(r.reason)
	if r.service == accessService {
		reason = optional(r.reason)
	}
	details := []any{}
	if c.agent != "" && r.service == "" {
		details = append(details, detail("User-Agent", c.agent))
	}
	body := object{
		"id":                  s.entryID(r.service, correlation, at),
		"category":            r.category,
		"correlationId":       correlation,
		"result":              "success",
		"resultReason":        reason,
		"activityDisplayName": r.activity,
		"activityDateTime":    at.Format(auditTime),
		"loggedByService":     cmp.Or(r.service, "Core Directory"),
		"operationType":       r.operation,
		"initiatedBy":         r.by,
		"targetResources":     r.targets,
		"additionalDetails":   append(details, r.details...),
	}
	s.mustPut(auditPath, body)
	if log := s.collections[auditPath]; len(log.entries) > auditLimit {
		s.take(log.entries[0])
	}
}

// changed lists the properties that differ between what an object was and is, sorted.
func (w *write) changed() []string {
	names := make(map[string]bool)
	for _, body := range []object{w.before, w.after} {
		for name := range body {
			names[name] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(names)), func(name string) bool {
		return strings.Contains(name, "@") || reflect.DeepEqual(w.before[name], w.after[name])
	})
}
