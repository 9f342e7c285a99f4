package emulator

import (
	"slices"
	"strconv"
	"strings"
)

// silent are properties of a user whose changes the log does not tell: the usage location by design,
// and custom security attributes, which have a log of their own.
var silent = []string{"customSecurityAttributes", "passwordProfile", "usageLocation"}

// userDetails says what kind of user it is.
func userDetails(body object) []any {
	if kind := textOf(body["userType"]); kind != "" {
		return []any{detail("UserType", kind)}
	}
	return nil
}

// tellUser writes the entries about a user: some changes are told twice, by an activity of their own
// and as an update.
func tellUser(a *audited, d deed, w *write) {
	r := a.report(d, w)
	target := r.targets[0].(object)
	tell := func(activity string, lines ...any) {
		told := cloneTarget(target, lines)
		w.store.record(w.caller, report{category: a.category, activity: activity, operation: r.operation, targets: []any{told}, details: r.details})
	}
	switch d {
	case added:
		since := object{"signInSessionsValidFromDateTime": w.store.timestamp()}
		for name, value := range w.after {
			since[name] = value
		}
		tell(r.activity, append(changes(userAttributes, nil, since), contextLine("TargetId.UserType", w.after["userType"]))...)
		tell("Update PasswordProfile", passwordLines()...)
	case updated:
		w.tellUserUpdate(tell)
	case deleted:
		target["userPrincipalName"] = prefixOf(w.id) + textOf(target["userPrincipalName"])
		tell(r.activity, modified("Is Hard Deleted", nil, flag(false)))
	case purged:
		tell(r.activity, modified("Is Hard Deleted", nil, flag(true)))
	case licensed:
		w.tellLicences(report{category: a.category, activity: r.activity, operation: "Update", targets: r.targets, details: r.details})
	default:
		tell(r.activity)
	}
}

func (w *write) tellUserUpdate(tell func(activity string, lines ...any)) {
	changed := w.changed()
	_, password := w.sent["passwordProfile"]
	if password {
		tell("Update PasswordProfile", passwordLines()...)
	}
	told := slices.DeleteFunc(slices.Clone(changed), func(name string) bool { return slices.Contains(silent, name) })
	if len(told) == 0 && (password || len(changed) > 0) {
		return
	}
	lines := changes(userAttributes, w.before, w.after)
	if slices.Contains(changed, "accountEnabled") {
		activity := "Enable account"
		if w.after["accountEnabled"] != true {
			activity = "Disable account"
		}
		tell(activity, changes(userAttributes[:1], w.before, w.after)...)
	}
	if slices.Contains(changed, "signInSessionsValidFromDateTime") {
		tell("Update StsRefreshTokenValidFrom Timestamp", lines...)
	}
	tell("Update user", append(lines, contextLine("TargetId.UserType", w.after["userType"]))...)
}

// passwordLines are what the log tells of a password: that it must be changed.
func passwordLines() []any {
	return []any{modified("ForceChangePassword", flag(false), flag(true)), modified("Password", nil, nil)}
}

// cloneTarget returns a target with lines of its own.
func cloneTarget(target object, lines []any) object {
	if lines == nil {
		lines = []any{}
	}
	told := make(object, len(target))
	for name, value := range target {
		told[name] = value
	}
	told["modifiedProperties"] = lines
	return told
}

// groupKind is the type of group as the log names it, empty for one whose members are assigned.
func groupKind(body object) string {
	switch {
	case isDynamic(body):
		return "DynamicMembership"
	case isUnified(body):
		return "Unified"
	}
	return ""
}

func groupDetails(body object) []any {
	if kind := groupKind(body); kind != "" {
		return []any{detail("GroupType", kind)}
	}
	return nil
}

// groupValues are what the log tells of a group.
func groupValues(d deed, w *write) []any {
	if d != added && d != updated {
		return nil
	}
	lines := changes(groupAttributes, w.before, w.after)
	if kind := groupKind(w.after); kind != "" {
		lines = append(lines, contextLine("TargetId.GroupType", kind))
	}
	return lines
}

// licencePiece is how much of an entry about licences is in one piece. That long ones are cut was
// seen, and not where: here it takes three licences.
const licencePiece = 600

// tellLicences writes that licences were assigned: one entry, or as many as it takes, each with a
// piece of what would be its values among the additional details.
func (w *write) tellLicences(r report) {
	old, updated := w.store.licenceTexts(w.before), w.store.licenceTexts(w.after)
	line := object{"Name": "AssignedLicense", "OldValue": old, "NewValue": updated}
	whole := encoded(object{"targetUpdatedProperties": []any{line}})
	if len(whole) <= licencePiece {
		r.targets = []any{cloneTarget(r.targets[0].(object), []any{modified("AssignedLicense", listed(old), listed(updated)), included("AssignedLicense")})}
		w.store.record(w.caller, r)
		return
	}
	var pieces []string
	for rest := whole; rest != ""; {
		cut := min(licencePiece, len(rest))
		pieces, rest = append(pieces, rest[:cut]), rest[cut:]
	}
	id := w.store.newID("pieces", w.caller.correlation, w.id)
	details := r.details
	for i, piece := range pieces {
		r.details = append(slices.Clone(details), detail("id", id), detail("seq", strconv.Itoa(i+1)), detail("c", strconv.Itoa(len(pieces))), detail("b", piece))
		w.store.record(w.caller, r)
	}
}

// licenceTexts are licences as the log writes them: bracketed text.
func (s *store) licenceTexts(body object) []any {
	texts := []any{}
	for _, v := range asList(body["assignedLicenses"]) {
		sku := textOf(field(v, "skuId"))
		name := sku
		for _, e := range s.list(skusPath) {
			if e.body["skuId"] == sku {
				name = textOf(e.body["skuPartNumber"])
			}
		}
		disabled := strings.Join(valuesAt(field(v, "disabledPlans"), nil), ", ")
		texts = append(texts, "[SkuName="+name+", SkuId="+sku+", DisabledPlans=["+disabled+"]]")
	}
	return texts
}
