package emulator

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// tellRoleSetting writes the entry about a rule of privileged identity management. What changed is
// told in words alone.
func tellRoleSetting(_ *audited, _ deed, w *write) {
	if len(w.changed()) == 0 {
		return
	}
	s, policy := w.store, lastSegment(ownerPath(w.path))
	r := report{
		service: pimService, category: "RoleManagement", activity: "Update role setting in PIM", operation: "Update", alone: true,
		details: []any{detail("AuditType", "UpdatePolicy")},
	}
	for _, e := range s.list("/policies/roleManagementPolicyAssignments") {
		if e.body["policyId"] != policy {
			continue
		}
		role := s.roleTarget(textOf(e.body["roleDefinitionId"]))
		role["id"] = e.body["roleDefinitionId"]
		r.targets = []any{role}
		if group := s.get("/groups", textOf(e.body["scopeId"])); group != nil {
			r.category, role["id"], role["displayName"] = "GroupManagement", nil, capital(textOf(e.body["roleDefinitionId"]))
			r.targets = append(r.targets, group.target(nil))
		}
		break
	}
	if text := w.settingText(); text != "" {
		r.reason = "Setting changes in this session: " + text + "."
	}
	s.record(w.caller, r)
}

// settingText says what changed of a rule, in the words of an entry that was captured; a requirement
// switched off is worded in "Security operations for Privileged Identity Management". There are no
// words for other rules.
func (w *write) settingText() string {
	switch w.id {
	case "Enablement_EndUser_Assignment":
		return w.requirementText("MFA on activation")
	case "Enablement_Admin_Assignment":
		return w.requirementText("MFA on active assignment")
	case "Expiration_EndUser_Assignment":
		if longest, ok := after(time.Time{}, textOf(w.after["maximumDuration"])); ok && w.before["maximumDuration"] != w.after["maximumDuration"] {
			long := longest.Sub(time.Time{})
			return fmt.Sprintf("Maximum activation duration updated to %02d:%02d:00", int(long.Hours()), int(long.Minutes())%60)
		}
	case "Approval_EndUser_Assignment":
		if at(w.after, "setting.isApprovalRequired") == true && at(w.before, "setting.isApprovalRequired") != true {
			return "Approval enabled with approvers " + strings.Join(w.approvers(), ", ")
		}
	}
	return ""
}

func (w *write) requirementText(what string) string {
	requires := func(rule object) bool {
		return slices.Contains(valuesAt(rule["enabledRules"], nil), "MultiFactorAuthentication")
	}
	switch had, has := requires(w.before), requires(w.after); {
	case had && !has:
		return what + " disabled"
	case has && !had:
		return what + " requirement enabled"
	}
	return ""
}

// approvers are the names of those who approve.
func (w *write) approvers() []string {
	var names []string
	for _, property := range []string{"userId", "groupId"} {
		for _, id := range valuesAt(at(w.after, "setting.approvalStages"), []string{"primaryApprovers", property}) {
			if e := w.store.directory[fold(id)]; e != nil {
				names = append(names, textOf(e.body["displayName"]))
			}
		}
	}
	return names
}
