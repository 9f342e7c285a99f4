package emulator

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
)

// assignLicense answers the action of users and groups that gives and takes licences.
func assignLicense(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	sent, err := req.object()
	if err != nil {
		return nil, err
	}
	add, hasAdd := sent["addLicenses"].([]any)
	remove, hasRemove := sent["removeLicenses"].([]any)
	if !hasAdd || !hasRemove {
		return nil, directoryError("The parameters addLicenses and removeLicenses are required.")
	}
	body, err := s.store.licensed(t.item, add, valuesAt(remove, nil))
	if err != nil {
		return nil, err
	}
	before := t.item.body
	s.store.mustPut(t.item.collection, body)
	e := s.store.get(t.item.collection, t.item.id)
	w := &write{
		store: s.store, caller: req.caller, resource: e.resource, path: e.collection, id: e.id, typ: e.typ, before: before, after: body,
	}
	s.store.audit(licensed, w)
	if e.resource.affect != nil {
		e.resource.affect(w)
	}
	return reply(http.StatusOK, s.store.render(s.store.get(e.collection, e.id), e.typ, nil, true)), nil
}

// Licences are what the action says that somebody has of their own. A user's are told apart from
// a group's in the states alone.
var (
	userLicences = map[string]byAction{
		"assignedLicenses":        {"assignLicense", settleLicences},
		"licenseAssignmentStates": {"assignLicense", settleLicences},
	}
	groupLicences = map[string]byAction{"assignedLicenses": {"assignLicense", settleLicences}}
)

// settleLicences returns a user or group with licences of its own, and none else. What a user
// has through groups stays.
func settleLicences(s *store, e *entry, value any) (object, *apiError) {
	wanted := make(map[string]bool)
	var add []any
	for _, v := range asList(value) {
		if licence, _ := v.(object); licence["assignedByGroup"] == nil {
			add = append(add, licence)
			wanted[textOf(licence["skuId"])] = true
		}
	}
	var remove []string
	for sku := range s.directLicences(e) {
		if !wanted[sku] {
			remove = append(remove, sku)
		}
	}
	return s.licensed(e, add, remove)
}

// licensed returns the body of a user or group with licences given and taken.
func (s *store) licensed(e *entry, add []any, remove []string) (object, *apiError) {
	direct := s.directLicences(e)
	for _, sku := range remove {
		if direct[sku] == nil {
			if slices.Contains(valuesAt(e.body["assignedLicenses"], []string{"skuId"}), sku) {
				return nil, directoryError("User license is inherited from a group membership and it cannot be removed directly from the user.")
			}
			return nil, directoryError("User does not have a corresponding license.")
		}
		delete(direct, sku)
	}
	for _, v := range add {
		licence, _ := v.(object)
		sku := textOf(licence["skuId"])
		plans, known := s.servicePlans(sku)
		switch {
		case !known:
			return nil, directoryError("License %s does not correspond to a valid company License.", sku)
		case e.typ == "user" && e.body["usageLocation"] == nil:
			return nil, directoryError("License assignment cannot be done for user with invalid usage location.")
		}
		for _, plan := range valuesAt(licence["disabledPlans"], nil) {
			if !slices.Contains(plans, plan) {
				return nil, directoryError("License %s does not contain the service plan %s.", sku, plan)
			}
		}
		direct[sku] = object{"skuId": sku, "disabledPlans": slices.Clone(asListOr(licence["disabledPlans"]))}
	}
	body := maps.Clone(e.body)
	if e.typ == "group" {
		body["assignedLicenses"] = licenceList(direct)
		return body, nil
	}
	s.setLicences(body, e, direct)
	return body, nil
}

func asListOr(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{}
}

// servicePlans returns the plans of a product that the company has.
func (s *store) servicePlans(sku string) ([]string, bool) {
	for _, e := range s.list(skusPath) {
		if e.body["skuId"] == sku {
			return valuesAt(e.body["servicePlans"], []string{"servicePlanId"}), true
		}
	}
	return nil, false
}

// directLicences returns the licences that a group gives, or that a user has of their own,
// by product.
func (s *store) directLicences(e *entry) map[string]object {
	direct := make(map[string]object)
	if e.typ == "group" {
		for _, v := range asList(e.body["assignedLicenses"]) {
			direct[textOf(field(v, "skuId"))] = v.(object)
		}
		return direct
	}
	for _, v := range asList(e.body["licenseAssignmentStates"]) {
		state, _ := v.(object)
		if state["assignedByGroup"] == nil {
			direct[textOf(state["skuId"])] = object{"skuId": state["skuId"], "disabledPlans": asListOr(state["disabledPlans"])}
		}
	}
	return direct
}

// licenceList returns licences in order of product.
func licenceList(licences map[string]object) []any {
	out := []any{}
	for _, sku := range slices.Sorted(maps.Keys(licences)) {
		out = append(out, licences[sku])
	}
	return out
}

// setLicences writes what a user has of their own and through groups. A plan is
// disabled where no assignment enables it.
func (s *store) setLicences(body object, user *entry, direct map[string]object) {
	states, all := []any{}, make(map[string]object)
	give := func(licence object, group any) {
		sku := textOf(licence["skuId"])
		plans := asListOr(licence["disabledPlans"])
		states = append(states, object{
			"skuId": sku, "disabledPlans": plans, "assignedByGroup": group, "state": "Active", "error": "None",
			"lastUpdatedDateTime": s.licenceTime(user, sku, group),
		})
		if have, twice := all[sku]; twice {
			plans = slices.DeleteFunc(slices.Clone(plans), func(p any) bool { return !slices.Contains(asList(have["disabledPlans"]), p) })
		}
		all[sku] = object{"skuId": sku, "disabledPlans": plans}
	}
	for _, licence := range licenceList(direct) {
		give(licence.(object), nil)
	}
	for _, group := range s.sources(user.id, "members") {
		for _, licence := range asList(group.body["assignedLicenses"]) {
			give(licence.(object), group.id)
		}
	}
	body["licenseAssignmentStates"], body["assignedLicenses"] = states, licenceList(all)
}

// licenceTime returns when a user got a licence: as it was, or now.
func (s *store) licenceTime(user *entry, sku string, group any) any {
	for _, v := range asList(user.body["licenseAssignmentStates"]) {
		if field(v, "skuId") == sku && field(v, "assignedByGroup") == group {
			return field(v, "lastUpdatedDateTime")
		}
	}
	return s.timestamp()
}

// inheritLicences makes a user's licences what the groups that they are in give.
func (s *store) inheritLicences(member *entry) {
	if member.typ != "user" {
		return
	}
	body := maps.Clone(member.body)
	s.setLicences(body, member, s.directLicences(member))
	s.mustPut(member.collection, body)
	if reflect.DeepEqual(body["assignedLicenses"], member.body["assignedLicenses"]) {
		return
	}
	s.audit(licensed, &write{
		store: s, caller: s.job(licenceJob), resource: member.resource, path: member.collection, id: member.id, typ: member.typ,
		before: member.body, after: body,
	})
}

// passGroupLicences gives a group's members the licences that the group has now.
func passGroupLicences(w *write) {
	if w.before == nil || w.after == nil || reflect.DeepEqual(w.before["assignedLicenses"], w.after["assignedLicenses"]) {
		return
	}
	for _, member := range w.store.targets(w.id, "members") {
		w.store.inheritLicences(member)
	}
}

// passLicences is what a change of a group's members means for licences.
func passLicences(s *store, group, member *entry) {
	if len(asList(group.body["assignedLicenses"])) > 0 {
		s.inheritLicences(member)
	}
}

// licenceDetails is the view of what a user's licences hold (the page "licenseDetails").
func licenceDetails() view {
	r := &resource{path: "/users/*/licenseDetails", typ: "licenseDetails"}
	return view{name: "licenseDetails", typ: r.typ, list: func(s *store, user *entry) []*entry {
		var found []*entry
		for _, sku := range valuesAt(user.body["assignedLicenses"], []string{"skuId"}) {
			for _, e := range s.list(skusPath) {
				if e.body["skuId"] != sku {
					continue
				}
				body := object{"id": s.newID("licenseDetails", user.id, sku)}
				for _, name := range []string{"servicePlans", "skuId", "skuPartNumber"} {
					body[name] = e.body[name]
				}
				found = append(found, &entry{
					id: textOf(body["id"]), collection: "/users/" + user.id + "/licenseDetails", resource: r, typ: r.typ, body: body, seq: e.seq,
				})
			}
		}
		return found
	}}
}
