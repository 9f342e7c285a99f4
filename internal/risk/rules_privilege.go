package risk

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

var (
	assignments        = []string{"roleAssignments", "roleAssignmentSchedules"}
	managementPolicies = []string{"roleManagementPolicies", "privilegedAccessGroupPolicies"}
	given              = []entra.ChangeType{entra.Added}
	givenOrNow         = []entra.ChangeType{entra.Added, entra.Changed}
)

// privilegeRules are about who may do what: roles, the groups that can hold them, and the
// rules by which roles are activated.
var privilegeRules = []Rule{
	{
		ID: "supreme-role-given", Severity: entra.Critical, Kinds: assignments, On: given, Once: true,
		Sees: role(isSupreme), Says: "makes somebody a Global Administrator", Reference: attackRoles,
	},
	{
		ID: "supreme-role-eligible", Severity: entra.Critical, Kinds: []string{"roleEligibilitySchedules"}, On: given,
		Sees: role(isSupreme), Says: "lets somebody become a Global Administrator", Reference: attackRoles,
	},
	{
		ID: "privileged-role-given", Severity: entra.High, Kinds: assignments, On: given, Once: true,
		Sees: role(isPrivileged), Says: "gives somebody a privileged role", Reference: attackRoles,
	},
	{
		ID: "privileged-role-eligible", Severity: entra.High, Kinds: []string{"roleEligibilitySchedules"}, On: given,
		Sees: role(isPrivileged), Says: "lets somebody activate a privileged role", Reference: attackRoles,
	},
	{
		ID: "role-given", Severity: entra.Medium, Kinds: append(slices.Clone(assignments), "roleEligibilitySchedules"), On: given, Once: true,
		Sees: role(isOther), Says: "gives somebody a role", Reference: attackRoles,
	},
	{
		ID: "role-prolonged", Severity: entra.Medium, Kinds: []string{"roleAssignmentSchedules", "roleEligibilitySchedules", "privilegedAccessGroupEligibilitySchedules", "privilegedAccessGroupAssignmentSchedules"},
		Sees: anyOf(differs("/spec/scheduleInfo/expiration/endDateTime", "/spec/scheduleInfo/expiration/duration"), became("/spec/scheduleInfo/expiration/type", "noExpiration")),
		Says: "ends at another time", Reference: attackRoles,
	},
	{
		ID: "unit-member-released", Severity: entra.High, Kinds: []string{"administrativeUnits"},
		Sees: having("isMemberManagementRestricted", []any{true}, unlinked("members")), Says: "no longer protects some of its members", Reference: attackRoles,
	},
	{
		ID: "entitlement-role-given", Severity: entra.Medium, Kinds: []string{"entitlementRoleAssignments"}, On: given,
		Sees: itself, Says: "gives somebody a role in entitlement management", Reference: attackRoles,
	},
	{
		ID: "role-definition-widened", Severity: entra.High, Kinds: []string{"roleDefinitions"},
		Sees: moreActions,
		Says: "lets those who hold it do more", Reference: attackRoles,
	},
	{
		ID: "role-group-member", Severity: entra.High, Kinds: []string{"groups"}, On: givenOrNow,
		Sees: having("isAssignableToRole", []any{true}, linked("members")), Says: "can hold roles and has new members", Reference: attackLocalGroups,
	},
	{
		ID: "role-group-owner", Severity: entra.High, Kinds: []string{"groups"}, On: givenOrNow,
		Sees: having("isAssignableToRole", []any{true}, linked("owners")), Says: "can hold roles and has new owners", Reference: attackLocalGroups,
	},
	{
		ID: "role-group-eligible", Severity: entra.High, Kinds: []string{"privilegedAccessGroupEligibilitySchedules"}, On: given,
		Sees: itself, Says: "lets somebody activate membership of a group that can hold roles", Reference: attackLocalGroups,
	},
	{
		ID: "role-group-assigned", Severity: entra.High, Kinds: []string{"privilegedAccessGroupAssignmentSchedules"}, On: given,
		Sees: itself, Says: "makes somebody a member or owner of a group that can hold roles, for a time", Reference: attackLocalGroups,
	},
	{
		ID: "exempt-member", Severity: entra.High, Kinds: []string{"groups"},
		Sees: exempting(anyOf(linked("members"), differs("/spec/membershipRule"))), Says: "is left out of Conditional Access and has new members", Reference: attackConditionalAccess,
	},
	{
		ID: "activation-approval-dropped", Severity: entra.High, Kinds: managementPolicies,
		Sees: ceased("/contained/rules/*/setting/isApprovalRequired", true), Says: "no longer asks for an approval", Reference: attackRoles,
	},
	{
		ID: "activation-approver-changed", Severity: entra.High, Kinds: managementPolicies,
		Sees: differs("/contained/rules/*/setting/approvalStages"), Says: "is approved by others", Reference: attackRoles,
	},
	{
		ID: "activation-multifactor-dropped", Severity: entra.High, Kinds: managementPolicies,
		Sees: anyOf(lost("/contained/rules/*/enabledRules", "MultiFactorAuthentication"), ceased("/contained/rules/*/isEnabled", true)), Says: "no longer asks for multifactor authentication",
		Reference: attackMultifactor,
	},
	{
		ID: "activation-reason-dropped", Severity: entra.Medium, Kinds: managementPolicies,
		Sees: lost("/contained/rules/*/enabledRules", "Justification", "Ticketing"), Says: "no longer asks why", Reference: attackRoles,
	},
	{
		ID: "activation-lasts-longer", Severity: entra.Medium, Kinds: managementPolicies,
		Sees: anyOf(ceased("/contained/rules/*/isExpirationRequired", true), where("/contained/rules/*/maximumDuration", longerDuration)),
		Says: "lets a role be held for longer", Reference: attackRoles,
	},
	{
		ID: "activation-silent", Severity: entra.Medium, Kinds: managementPolicies,
		Sees: anyOf(ceased("/contained/rules/*/isDefaultRecipientsEnabled", true), lost("/contained/rules/*/notificationRecipients")),
		Says: "tells fewer people of an activation", Reference: attackRoles,
	},
}

// role sees an object that gives a role which meets a test, and is about whom it is given
// to.
func role(test func(s *scene) bool) look {
	p := kind.ByName("roleAssignments").Privilege
	return func(s *scene) ([]string, bool) {
		if !test(s) {
			return nil, false
		}
		var about []string
		for _, name := range []string{p.Principal, p.Role} {
			if id, ok := s.after(name).(string); ok {
				about = append(about, id)
			}
		}
		return about, true
	}
}

func isSupreme(s *scene) bool { return s.after("roleDefinitionId") == supreme }

func isPrivileged(s *scene) bool {
	return !isSupreme(s) && s.kind.Danger(s.kind.Dangers, s.after) == kind.DangerRole
}

func isOther(s *scene) bool { return !isSupreme(s) && !isPrivileged(s) }

// exempting sees what another look sees of a group by which somebody is exempt.
func exempting(l look) look {
	return func(s *scene) ([]string, bool) {
		about, fires := l(s)
		if !fires || s.facts.Exempting == nil {
			return nil, false
		}
		groups, err := s.facts.Exempting()
		s.err = cmp.Or(s.err, err)
		return about, groups[s.ID]
	}
}

// moreActions sees a role with actions that it did not have, or without exceptions from
// them.
func moreActions(s *scene) ([]string, bool) {
	var come []string
	for _, p := range s.at("/spec/rolePermissions") {
		come = append(come, without(actions(p.After, "allowedResourceActions"), actions(p.Before, "allowedResourceActions"))...)
		come = append(come, without(actions(p.Before, "excludedResourceActions"), actions(p.After, "excludedResourceActions"))...)
	}
	return come, len(come) > 0
}

// actions are those of all permissions of a role.
func actions(permissions any, name string) []string {
	var all []string
	list, _ := permissions.([]any)
	for _, p := range list {
		permission, _ := p.(map[string]any)
		named, _ := permission[name].([]any)
		for _, action := range named {
			all = append(all, fmt.Sprint(action))
		}
	}
	return all
}

// without returns the elements of a list that another has not.
func without(list, other []string) []string {
	return slices.DeleteFunc(list, func(e string) bool { return slices.Contains(other, e) })
}

// longerDuration reports whether an ISO 8601 duration is longer than it was.
func longerDuration(p entra.PropertyChange) bool {
	before, okb := duration(p.Before)
	after, oka := duration(p.After)
	return oka && okb && after > before
}

// durations are the ISO 8601 durations that the rules of privileged identity management have:
// "P180D", "PT8H".
var durations = regexp.MustCompile(`^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$`)

// duration is such a duration in seconds.
func duration(v any) (seconds int, ok bool) {
	text, _ := v.(string)
	parts := durations.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	for i, unit := range []int{7 * 86400, 86400, 3600, 60, 1} {
		n, _ := strconv.Atoi(parts[i+1]) // empty is none
		seconds += n * unit
	}
	return seconds, true
}
