package emulator

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// auditPath is where the directory's audit log is read.
const auditPath = "/auditLogs/directoryAudits"

// auditLimit bounds the audit log; the oldest entries go first.
const auditLimit = 20_000

// caller is who makes a request, as its token says.
type caller struct {
	appID, appName     string
	userID, userName   string // a signed-in user's id and userPrincipalName; empty for an app
	servicePrincipalID string
}

// callerOf reads the claims of a bearer token. It does not verify the token: a
// [Server] without sign-in lets anyone in, and the claims only name them in the audit log.
func callerOf(header http.Header) caller {
	c := caller{appName: "Graph client"}
	parts := strings.Split(strings.TrimPrefix(header.Get("Authorization"), "Bearer "), ".")
	if len(parts) != 3 {
		return c
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return c
	}
	var claims struct {
		AppID          string
		AppDisplayName string `json:"app_displayname"`
		OID, UPN       string
	}
	if json.Unmarshal(payload, &claims) != nil {
		return c
	}
	c.appID, c.appName = claims.AppID, cmp.Or(claims.AppDisplayName, c.appName)
	if claims.UPN != "" {
		c.userID, c.userName = claims.OID, claims.UPN
	} else {
		c.servicePrincipalID = claims.OID
	}
	return c
}

func (c caller) initiatedBy() object {
	if c.userName != "" {
		return object{"app": nil, "user": object{"id": c.userID, "userPrincipalName": c.userName}}
	}
	return object{"user": nil, "app": object{
		"appId": optional(c.appID), "displayName": c.appName, "servicePrincipalId": optional(c.servicePrincipalID),
	}}
}

func optional(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// audit records a write.
func (s *store) audit(verb string, w *write) {
	s.record(w.caller, w.resource, verb+" "+w.resource.auditNoun(w.typ), verb, object{
		"id":                 cmp.Or(w.id, lastSegment(w.path)),
		"displayName":        displayName(w.after, w.before),
		"type":               capital(w.typ),
		"modifiedProperties": modifiedProperties(w.before, w.after),
	})
}

// auditObject records that something happened to a whole object.
func (s *store) auditObject(verb string, c caller, e *entry) {
	s.record(c, e.resource, verb+" "+e.resource.auditNoun(e.typ), verb, object{
		"id":                 e.id,
		"displayName":        displayName(e.body, nil),
		"type":               capital(e.typ),
		"modifiedProperties": []any{},
	})
}

// auditLink records a relationship that was added or removed: "Add member to group".
func (s *store) auditLink(verb string, c caller, owner *entry, nav string, related *entry) {
	direction := map[string]string{"Add": " to ", "Remove": " from "}[verb]
	activity := verb + " " + strings.TrimSuffix(nav, "s") + direction + owner.resource.auditNoun(owner.typ)
	value, old, updated := quoted(related.id), any(nil), any(nil)
	if verb == "Add" {
		updated = value
	} else {
		old = value
	}
	s.record(c, owner.resource, activity, "Update",
		object{
			"id":          owner.id,
			"displayName": displayName(owner.body, nil),
			"type":        capital(owner.typ),
			"modifiedProperties": []any{
				object{"displayName": nav, "oldValue": old, "newValue": updated},
			},
		},
		object{
			"id":                 related.id,
			"displayName":        displayName(related.body, nil),
			"type":               capital(related.typ),
			"modifiedProperties": []any{},
		})
}

// record appends an entry to the audit log.
func (s *store) record(c caller, r *resource, activity, verb string, targets ...any) {
	if s.noAudit {
		return
	}
	s.auditID++
	id := s.newID("audit", strconv.FormatUint(s.auditID, 10))
	body := object{
		"id":                  "Directory_" + id,
		"category":            cmp.Or(r.category, "DirectoryManagement"),
		"correlationId":       s.newID("correlation", id),
		"result":              "success",
		"resultReason":        "",
		"activityDisplayName": activity,
		"activityDateTime":    s.now().UTC().Format("2006-01-02T15:04:05.0000000Z"),
		"loggedByService":     "Core Directory",
		"operationType":       verb,
		"initiatedBy":         c.initiatedBy(),
		"targetResources":     targets,
		"additionalDetails":   []any{},
	}
	if _, err := s.put(auditPath, body); err != nil {
		panic("emulator: the table has no audit log: " + err.Error())
	}
	if log := s.collections[auditPath]; len(log.entries) > auditLimit {
		s.take(log.entries[0])
	}
}

func (r *resource) auditNoun(typ string) string {
	if r.noun != "" {
		return r.noun
	}
	return spaced(typ)
}

// spaced returns a type's name as words in lower case: "group setting".
func spaced(typ string) string {
	var b strings.Builder
	for i, c := range typ {
		if i > 0 && 'A' <= c && c <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return strings.ToLower(b.String())
}

func displayName(bodies ...object) any {
	for _, body := range bodies {
		if name, ok := body["displayName"].(string); ok {
			return name
		}
	}
	return nil
}

// modifiedProperties lists what a write changed. Values are JSON in a string, as in Graph's
// log.
func modifiedProperties(before, after object) []any {
	names := make(map[string]bool)
	for _, body := range []object{before, after} {
		for name := range body {
			names[name] = true
		}
	}
	changed := []any{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		old, updated := before[name], after[name]
		if reflect.DeepEqual(old, updated) || strings.Contains(name, "@") || name == "passwordProfile" {
			continue
		}
		changed = append(changed, object{"displayName": name, "oldValue": quoted(old), "newValue": quoted(updated)})
	}
	return changed
}

// quoted returns a value as JSON in a string, or nil for no value.
func quoted(v any) any {
	if v == nil {
		return nil
	}
	text, _ := json.Marshal(v) // decoded from JSON, so it encodes
	return string(text)
}
