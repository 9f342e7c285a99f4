package cli

import (
	"encoding/json"
	"slices"
	"strings"
)

// moving are properties that tell when or by whom something happened, or that Graph never
// answers: nobody can put them back.
var moving = []string{
	"createdDateTime", "modifiedDateTime", "lastModifiedDateTime", "deletedDateTime", "updatedDateTime", "renewedDateTime", "expirationDateTime",
	"lastPasswordChangeDateTime", "refreshTokensValidFromDateTime", "signInSessionsValidFromDateTime", "lastModifiedBy", "createdBy", "modifiedBy",
	"passwordProfile", "passwordCredentials", "keyCredentials", "version", "isSchedulingEnabledDateTime",
	"nextScheduleRunDateTime", "startDateTime",
	// What Microsoft works out, and documents as read-only.
	"isStateSetByMicrosoft", // computed, by the metadata's annotation
	"licenseAssignmentStates", "securityIdentifier", "showInAddressList", "proxyAddresses", "signingCertificateUpdateStatus", "applicationTemplateId",
	// Where the pictures of a sign-in page are served from.
	"backgroundImageRelativeUrl", "bannerLogoRelativeUrl", "customCSSRelativeUrl", "faviconRelativeUrl", "headerLogoRelativeUrl",
	"squareLogoDarkRelativeUrl", "squareLogoRelativeUrl", "cdnList",
}

// settled is a value without what moves, with lists in an order of their own and without what
// says nothing.
func settled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, inner := range v {
			if scopes, ok := inner.(string); ok && name == "scope" { // of a grant, separated by spaces
				fields := strings.Fields(scopes)
				slices.Sort(fields)
				inner = strings.Join(fields, " ")
			}
			if s := settled(inner); !slices.Contains(moving, name) && !saysNothing(s) {
				m[name] = s
			}
		}
		return m
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			list = append(list, settled(e))
		}
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(textOf(a), textOf(b)) })
		return list
	case string:
		return settledText(v)
	}
	return v
}

// settledText puts in order what a text holds: a JSON document's members, or flags.
func settledText(v string) string {
	var document any
	if strings.HasPrefix(v, "{") && json.Unmarshal([]byte(v), &document) == nil {
		return textOf(document)
	}
	v = strings.TrimSpace(v) // Graph puts a space before the scopes of a grant
	if !strings.ContainsAny(v, " '(") {
		flags := strings.Split(v, ",")
		slices.Sort(flags)
		return strings.Join(flags, ",")
	}
	return v
}

// withoutInner drops the ids of elements that are no objects of their own: Graph gives
// them anew whenever the list that holds them is written. So does it with the names of a
// resource's roles, which are the resource's.
func withoutInner(v any, live map[string]bool, inner bool) any {
	switch v := v.(type) {
	case map[string]any:
		m := map[string]any{}
		for name, value := range v {
			id, _ := value.(string)
			if inner && (name == "id" && anyGUID.MatchString(id) && !live[id] || name == "displayName" && v["originId"] != nil) {
				continue
			}
			m[name] = withoutInner(value, live, true)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = withoutInner(e, live, true)
		}
		return settled(list)
	}
	return v
}

func saysNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == "" // an empty text is put back as null, which means the same
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}
