package emulator

// domainTarget is a domain as an entry names it: by its name alone.
func domainTarget(name string, lines []any) object {
	if lines == nil {
		lines = []any{}
	}
	return object{"id": nil, "displayName": name, "type": nil, "userPrincipalName": nil, "groupType": nil, "modifiedProperties": lines}
}

// tellDomain writes the entry about a domain. Only a new one was seen with values: in place of none
// is what a domain without a name would have.
func tellDomain(a *audited, d deed, w *write) {
	var lines []any
	activity := "Update domain"
	switch {
	case d == added:
		activity = "Add unverified domain"
		lines = []any{
			modified("Name", listed([]any{""}), listed([]any{w.id})),
			modified("LiveType", listed([]any{"None"}), listed([]any{w.after["authenticationType"]})), included("Name", "LiveType"),
		}
	case d == deleted && w.before["isVerified"] == true:
		activity = "Remove verified domain"
	case d == deleted:
		activity = "Remove unverified domain"
	}
	w.store.record(w.caller, report{
		category: a.category, activity: activity, operation: d.operation(), targets: []any{domainTarget(w.id, lines)},
	})
}

// tellFederation writes the entries about who signs people of a domain in.
func tellFederation(a *audited, d deed, w *write) {
	domain := lastSegment(ownerPath(w.path))
	tell := func(activity string, lines []any) {
		w.store.record(w.caller, report{category: a.category, activity: activity, operation: "Update", targets: []any{domainTarget(domain, lines)}})
	}
	live := func(old, now string) []any {
		return []any{modified("LiveType", listed([]any{old}), listed([]any{now})), included("LiveType")}
	}
	switch d {
	case added:
		tell("Set domain authentication", live("Managed", "Federated"))
	case deleted:
		tell("Set domain authentication", live("Federated", "Managed"))
		return
	}
	tell("Set federation settings on domain", nil)
}
