package seed

import "strings"

// RolePolicyID returns the id of the policy of a role.
func RolePolicyID(tenantID, role string) string {
	return "DirectoryRole_" + tenantID + "_" + ID(tenantID, "roleManagementPolicies", role)
}

// rolePolicyChange is how a role's policy differs from the one that Microsoft provides.
type rolePolicyChange struct {
	// duration is the longest activation; approvers are users that approve one.
	duration  string
	approvers []string
	// context is the authentication context that an activation needs.
	context string
	// recipients are told of every assignment.
	recipients []string
	// ends says that an assignment must have an end.
	ends bool
}

// RolePolicy returns the policy that Microsoft provides for a role, with its rules, and what ties it to
// the role.
func RolePolicy(tenantID, role string) []Record {
	return rolePolicy(tenantID, role, rolePolicyChange{})
}

// rolePolicy returns the policy of a role with its rules, and what ties it to the role.
func rolePolicy(tenantID, role string, change rolePolicyChange) []Record {
	id := RolePolicyID(tenantID, role)
	path := "/policies/roleManagementPolicies"
	records := []Record{
		{Path: path, Body: object{
			"id": id, "displayName": "DirectoryRole", "description": "DirectoryRole", "isOrganizationDefault": false,
			"scopeId": "/", "scopeType": "DirectoryRole", "lastModifiedDateTime": nil, "lastModifiedBy": object{"displayName": nil, "id": nil},
		}},
		{Path: "/policies/roleManagementPolicyAssignments", Body: object{
			"id": id + "_" + role, "policyId": id, "scopeId": "/", "scopeType": "DirectoryRole", "roleDefinitionId": role,
		}},
	}
	for _, rule := range change.rules() {
		records = append(records, Record{Path: path + "/" + id + "/rules", Body: rule})
	}
	return records
}

// rules returns the seventeen rules of a policy.
func (c rolePolicyChange) rules() []object {
	rule := func(form, name string, more object) object {
		parts := strings.Split(name, "_")
		body := object{
			"@odata.type": "#microsoft.graph.unifiedRoleManagementPolicy" + form + "Rule", "id": name,
			"target": object{
				"caller": parts[len(parts)-2], "operations": list("all"), "level": parts[len(parts)-1],
				"inheritableSettings": list[string](), "enforcedSettings": list[string](),
			},
		}
		overlay(body, more)
		return body
	}
	duration := c.duration
	if duration == "" {
		duration = "PT8H"
	}
	rules := []object{
		rule("Expiration", "Expiration_Admin_Eligibility", object{"isExpirationRequired": false, "maximumDuration": "P365D"}),
		rule("Enablement", "Enablement_Admin_Eligibility", object{"enabledRules": list[string]()}),
		rule("Expiration", "Expiration_Admin_Assignment", object{"isExpirationRequired": c.ends, "maximumDuration": "P180D"}),
		rule("Enablement", "Enablement_Admin_Assignment", object{"enabledRules": list("Justification")}),
		rule("Expiration", "Expiration_EndUser_Assignment", object{"isExpirationRequired": true, "maximumDuration": duration}),
		rule("Enablement", "Enablement_EndUser_Assignment", object{"enabledRules": list("MultiFactorAuthentication", "Justification")}),
		rule("Approval", "Approval_EndUser_Assignment", object{"setting": c.approval()}),
		rule("AuthenticationContext", "AuthenticationContext_EndUser_Assignment", object{
			"isEnabled": c.context != "", "claimValue": nullable(c.context),
		}),
	}
	for _, of := range []string{"Admin_Eligibility", "Admin_Assignment", "EndUser_Assignment"} {
		for _, to := range []string{"Admin", "Requestor", "Approver"} {
			rules = append(rules, rule("Notification", "Notification_"+to+"_"+of, object{
				"notificationType": "Email", "recipientType": to, "notificationLevel": "All",
				"isDefaultRecipientsEnabled": true, "notificationRecipients": list(c.recipients...),
			}))
		}
	}
	return rules
}

func (c rolePolicyChange) approval() object {
	var approvers []any
	for _, id := range c.approvers {
		approvers = append(approvers, singleUser(id, "approver"))
	}
	if approvers == nil {
		approvers = list[string]()
	}
	return object{
		"isApprovalRequired": len(c.approvers) > 0, "isApprovalRequiredForExtension": false,
		"isRequestorJustificationRequired": true, "approvalMode": "SingleStage",
		"approvalStages": list(object{
			"approvalStageTimeOutInDays": num(1), "isApproverJustificationRequired": true, "escalationTimeInMinutes": num(0),
			"isEscalationEnabled": false, "primaryApprovers": approvers, "escalationApprovers": list[string](),
		}),
	}
}

// singleUser returns a person as a member of a set of subjects.
func singleUser(id, about string) object {
	return object{"@odata.type": "#microsoft.graph.singleUser", "userId": id, "description": nullable(about)}
}

// groupMembers returns a group's members as a set of subjects.
func groupMembers(id, about string) object {
	return object{"@odata.type": "#microsoft.graph.groupMembers", "groupId": id, "description": nullable(about)}
}

// nullable returns a string, or null for an empty one.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// rolePolicies yields the policies of every role. Those of the most powerful roles are
// stricter than Microsoft's.
func (c *company) rolePolicies(yield func(Record) bool) {
	changes := map[string]rolePolicyChange{}
	if !c.bare {
		changes[GlobalAdministrator] = rolePolicyChange{
			duration: "PT1H", approvers: []string{c.user("ciso"), c.user("cio")}, context: "c1",
			recipients: []string{"security@contoso.com", "soc@contoso.com"},
		}
		changes[rolePrivilegedRoleAdministrator] = rolePolicyChange{duration: "PT2H", approvers: []string{c.user("ciso")}, ends: true}
	}
	for _, role := range c.roleBodies() {
		id := role["id"].(string)
		for _, rec := range rolePolicy(c.tenantID, id, changes[id]) {
			if !yield(rec) {
				return
			}
		}
	}
}

// eligibilities yields who may activate which role, and who may become a member of a
// group.
func (c *company) eligibilities(yield func(Record) bool) {
	role := func(key, principal, role, scope, member string, expiration object) Record {
		id := c.id("roleEligibilitySchedules", key)
		return Record{Path: "/roleManagement/directory/roleEligibilitySchedules", Body: object{
			"id": id, "principalId": principal, "roleDefinitionId": role, "directoryScopeId": scope, "appScopeId": nil,
			"createdUsing": id, "createdDateTime": day(2600), "modifiedDateTime": day(2601), "status": "Provisioned", "memberType": member,
			"scheduleInfo": scheduleInfo(day(2600), expiration),
		}}
	}
	group := func(key, group, access, principal string, expiration object) Record {
		id := c.id("groupEligibilitySchedules", key)
		return Record{Path: "/identityGovernance/privilegedAccess/group/eligibilitySchedules", Body: object{
			"id": id, "groupId": c.id("groups", group), "accessId": access, "principalId": principal,
			"createdUsing": id, "createdDateTime": day(2620), "modifiedDateTime": nil, "status": "Provisioned", "memberType": "direct",
			"scheduleInfo": scheduleInfo(day(2620), expiration),
		}}
	}
	active := func(key, of, principal, assignment string, expiration object) Record {
		rec := group(key, of, "member", principal, expiration)
		rec.Path = "/identityGovernance/privilegedAccess/group/assignmentSchedules"
		rec.Body["assignmentType"] = assignment
		return rec
	}
	each(
		role("tier0", c.id("groups", "tier0-admins"), GlobalAdministrator, "/", "Direct", never()),
		role("tier0/adm-cio", c.user("adm-cio"), GlobalAdministrator, "/", "Inherited", never()),
		role("tier1", c.id("groups", "tier1-admins"), roleExchangeAdministrator, "/", "Direct", until(day(3200))),
		role("auth", c.id("groups", "auth-admins"), rolePrivilegedAuthentication, "/", "Direct", until(day(3100))),
		role("helpdesk", c.user("adm-helpdesk"), roleHelpdeskAdministrator, "/administrativeUnits/"+c.id("administrativeUnits", "emea"), "Direct", object{
			"type": "afterDuration", "endDateTime": nil, "duration": "P180D",
		}),
		role("custom", c.user("adm-ciso"), c.id("roleDefinitions", "app-support"), "/", "Direct", until(day(3000))),
		group("tier0/owner", "tier0-admins", "owner", c.user("adm-ciso"), never()),
		group("tier0/member", "tier0-admins", "member", c.user("adm-helpdesk"), until(day(3300))),
		group("tier1/member", "tier1-admins", "member", c.user("adm-cio"), until(day(3300))),
		active("auth/member", "auth-admins", c.user("adm-helpdesk"), "assigned", until(day(3300))),
		active("tier1/activated", "tier1-admins", c.user("adm-cio"), "activated", until(day(2800))),
	)(yield)
}

func scheduleInfo(start string, expiration object) object {
	return object{"startDateTime": start, "recurrence": nil, "expiration": expiration}
}

func never() object {
	return object{"type": "noExpiration", "endDateTime": nil, "duration": nil}
}

func until(end string) object {
	return object{"type": "afterDateTime", "endDateTime": end, "duration": nil}
}
