package attribution

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/entragit/entragit/internal/entra"
)

// The points of every set of these tests are a day apart, and the log was read two hours after
// the second.
var (
	fromTime = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	toTime   = fromTime.Add(24 * time.Hour)
)

// at is a time of the day between the points, "13:04:05".
func at(clock string) time.Time {
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		panic(err)
	}
	return fromTime.Add(t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
}

// An event is an entry of the log as its test writes it.
type event map[string]any

func logged(id, clock, activity, service string, by, targets any) event {
	return event{
		"id": id, "activityDateTime": at(clock).Format("2006-01-02T15:04:05.0000000Z"), "activityDisplayName": activity,
		"loggedByService": service, "result": "success", "correlationId": "corr-" + id, "category": "Other",
		"initiatedBy": by, "targetResources": targets, "additionalDetails": []any{},
	}
}

func (e event) with(name string, value any) event {
	e[name] = value
	return e
}

func details(pairs ...string) []any {
	list := []any{}
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, map[string]any{"key": pairs[i], "value": pairs[i+1]})
	}
	return list
}

// user is a person as the log has one: no display name.
func user(name string) map[string]any {
	return map[string]any{"app": nil, "user": map[string]any{
		"id": "u-" + name, "displayName": nil, "userPrincipalName": name + "@contoso.com", "ipAddress": "203.0.113.7",
	}}
}

// application is an application as the log has one: its appId is never there.
func application(name, servicePrincipal string) map[string]any {
	return map[string]any{"user": nil, "app": map[string]any{
		"appId": nil, "displayName": name, "servicePrincipalId": servicePrincipal, "servicePrincipalName": nil,
	}}
}

var nobody = map[string]any{"user": nil, "app": nil}

func of(typ, id string, modified ...map[string]any) map[string]any {
	if modified == nil {
		modified = []map[string]any{}
	}
	return map[string]any{"id": id, "type": typ, "displayName": nil, "modifiedProperties": modified}
}

func targets(list ...map[string]any) []map[string]any { return list }

// mod is a modified property with both sides as they are; nil is JSON's null.
func mod(name string, old, now any) map[string]any {
	return map[string]any{"displayName": name, "oldValue": old, "newValue": now}
}

// j is a value as JSON in text, and a a list of values as JSON in text.
func j(v any) string { return asJSON(v) }
func a(v ...any) string {
	if v == nil {
		return "[]"
	}
	return asJSON(v)
}

func logOf(events ...event) Log {
	var log Log
	for _, e := range events {
		raw, err := json.Marshal(e)
		if err != nil {
			panic(err)
		}
		log.Entries = append(log.Entries, raw)
	}
	log.Windows = []entra.AuditWindow{{
		From: fromTime.Add(-Margin), To: toTime.Add(Margin), Read: toTime.Add(2 * time.Hour), State: entra.Complete,
	}}
	return log
}

func setOf(changes ...entra.Change) *entra.ChangeSet {
	return &entra.ChangeSet{From: entra.Point{Time: fromTime, Seq: 1}, To: entra.Point{Time: toTime, Seq: 2}, Changes: changes}
}

func changed(kindName, id string, properties ...entra.PropertyChange) entra.Change {
	return entra.Change{Key: entra.Key{Kind: kindName, ID: id}, Name: id, Type: entra.Changed, Properties: properties}
}

func set(pointer string, before, after any) entra.PropertyChange {
	return entra.PropertyChange{Pointer: pointer, Before: before, After: after}
}

func items(pointer string, added, removed []any) entra.PropertyChange {
	return entra.PropertyChange{Pointer: pointer, AddedItems: added, RemovedItems: removed}
}

// whoDid is what is said of a change, one line for each attribution: who, how sure, of what, and by
// which entries.
func whoDid(c entra.Change) string {
	var lines []string
	for _, by := range c.By {
		line := fmt.Sprintf("%s %s %s", by.Actor.Type, by.Actor.Name, by.Certainty)
		if !by.Known() {
			line = "unknown " + string(by.Unknown)
			for _, x := range by.Candidates {
				line += " " + x.Name
			}
		}
		if by.Parts != nil {
			line += " " + strings.Join(by.Parts, " ")
		}
		lines = append(lines, line+" "+strings.Join(by.Entries, ","))
	}
	return strings.Join(lines, "\n")
}

// attributed checks what is said of the changes of a set by a log: whatever the order of its
// entries, and by those alone that concern the set.
func attributed(t *testing.T, set *entra.ChangeSet, log Log, facts Facts, want ...string) {
	t.Helper()
	Attribute(set, log, facts)
	for i, w := range want {
		if got := whoDid(set.Changes[i]); got != strings.TrimSpace(w)+" " && got != w {
			t.Errorf("%s:\n%s\nwant:\n%s", set.Changes[i].Key, got, w)
		}
	}
	held(t, set, log, facts)
}

// held checks what is true of every set and log.
func held(t *testing.T, set *entra.ChangeSet, log Log, facts Facts) {
	t.Helper()
	want := make([]string, len(set.Changes))
	for i, c := range set.Changes {
		want[i] = whoDid(c)
	}
	again := func(name string, log Log) {
		t.Helper()
		Attribute(set, log, facts)
		for i, c := range set.Changes {
			if got := whoDid(c); got != want[i] {
				t.Errorf("%s, %s:\n%s\nwant:\n%s", c.Key, name, got, want[i])
			}
		}
	}
	backwards := log
	backwards.Entries = nil
	for i := range log.Entries {
		backwards.Entries = append(backwards.Entries, log.Entries[len(log.Entries)-1-i])
	}
	again("backwards", backwards)
	twice := log
	twice.Entries = append(append([]json.RawMessage{}, log.Entries...), backwards.Entries...)
	again("twice", twice)
	again("what concerns the set", Concerning(set, log, facts))
	again("the log", log)
}
