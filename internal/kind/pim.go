package kind

// roleEligibilitySchedules say who may activate a role. They are written by requests; each
// gets a new id, and its start is the time of the request.
var roleEligibilitySchedules = &Kind{
	Name:     "roleEligibilitySchedules",
	Title:    "role eligibility",
	Bulk:     true,
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.unifiedRoleEligibilitySchedule",
		NameFrom: "principalId",
		Update:   []string{"scheduleInfo"},
		Create:   []string{"appScopeId", "directoryScopeId", "principalId", "roleDefinitionId"},
		Status:   []string{"memberType"},
		Drop: []string{
			"createdDateTime", "createdUsing", "modifiedDateTime", "scheduleInfo.startDateTime", "status",
		},
		Sets: map[string]string{
			"scheduleInfo.recurrence.pattern.daysOfWeek": "",
		},
		Dates: []string{"scheduleInfo.expiration.endDateTime"},
		References: []Reference{
			{Path: "directoryScopeId", Targets: []string{"administrativeUnits"}, Prefixes: []string{"/administrativeUnits/"}, Special: []string{"/"}},
			applicationScope,
			{Path: "principalId", Targets: []string{"users", "groups"}},
			{Path: "roleDefinitionId", Targets: []string{"roleDefinitions"}},
		},
	},
	Place:   Place{Path: "/roleManagement/directory/roleEligibilitySchedules"},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Writing: Writing{
		Requests:    roleScheduleRequests("/roleManagement/directory/roleEligibilityScheduleRequests"),
		PermittedBy: []string{"roleManagementPolicies"},
		Locks:       []Lock{inheritedMember},
	},
	Recovery: Recovery{
		Term:       "scheduleInfo.expiration.endDateTime",
		NaturalKey: []string{"principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk:    0,
		Dangers: givesPrivilege,
		Permissions: Permissions{
			Read:  []string{"RoleEligibilitySchedule.Read.Directory"},
			Write: []string{"RoleEligibilitySchedule.ReadWrite.Directory"},
		},
	},
}

// roleAssignmentSchedules say until when a role is assigned. Activations are left out.
var roleAssignmentSchedules = &Kind{
	Name:     "roleAssignmentSchedules",
	Title:    "role assignment schedule",
	Bulk:     true,
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.unifiedRoleAssignmentSchedule",
		NameFrom: "principalId",
		Update:   []string{"scheduleInfo"},
		Create:   []string{"appScopeId", "directoryScopeId", "principalId", "roleDefinitionId"},
		Status:   []string{"assignmentType", "memberType"},
		Drop: []string{
			"createdDateTime", "createdUsing", "modifiedDateTime", "scheduleInfo.startDateTime", "status",
		},
		Sets: map[string]string{
			"scheduleInfo.recurrence.pattern.daysOfWeek": "",
		},
		Dates: []string{"scheduleInfo.expiration.endDateTime"},
		References: []Reference{
			{Path: "directoryScopeId", Targets: []string{"administrativeUnits"}, Prefixes: []string{"/administrativeUnits/"}, Special: []string{"/"}},
			applicationScope,
			{Path: "principalId", Targets: []string{"users", "groups", "servicePrincipals"}},
			{Path: "roleDefinitionId", Targets: []string{"roleDefinitions"}},
		},
	},
	Place:   Place{Path: "/roleManagement/directory/roleAssignmentSchedules"},
	Reading: Reading{Filter: "assignmentType eq 'Assigned'", Licence: "Microsoft Entra ID P2"},
	Writing: Writing{
		Requests:    roleScheduleRequests("/roleManagement/directory/roleAssignmentScheduleRequests"),
		PermittedBy: []string{"roleManagementPolicies"},
		Locks:       []Lock{inheritedMember},
	},
	Recovery: Recovery{
		Term:       "scheduleInfo.expiration.endDateTime",
		NaturalKey: []string{"principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk:    0,
		Dangers: givesPrivilege,
		Permissions: Permissions{
			Read:  []string{"RoleAssignmentSchedule.Read.Directory"},
			Write: []string{"RoleAssignmentSchedule.ReadWrite.Directory"},
		},
	},
}

// managementRules are what a policy says of eligibility, assignment and activation.
var managementRules = Contained{
	Name: "rules",
	Shape: Shape{
		Type:        "microsoft.graph.unifiedRoleManagementPolicyRule",
		NameFrom:    "id",
		Polymorphic: true,
		Update: []string{
			"claimValue", "enabledRules", "isDefaultRecipientsEnabled", "isEnabled",
			"isExpirationRequired", "maximumDuration", "notificationLevel", "notificationRecipients",
			"notificationType", "recipientType", "setting", "target",
		},
		Sets: map[string]string{
			"enabledRules":           "",
			"notificationRecipients": "",
			"setting.approvalStages[].escalationApprovers": "",
			"setting.approvalStages[].primaryApprovers":    "",
			"target.enforcedSettings":                      "",
			"target.inheritableSettings":                   "",
			"target.operations":                            "",
		},
		Ordered: []string{"setting.approvalStages"},
		References: []Reference{
			{Path: "claimValue", Targets: []string{"authenticationContextClassReferences"}},
			{Path: "setting.approvalStages[].escalationApprovers[].groupId", Targets: []string{"groups"}},
			{Path: "setting.approvalStages[].escalationApprovers[].userId", Targets: []string{"users"}},
			{Path: "setting.approvalStages[].primaryApprovers[].groupId", Targets: []string{"groups"}},
			{Path: "setting.approvalStages[].primaryApprovers[].userId", Targets: []string{"users"}},
		},
		Personal: []string{"notificationRecipients"},
	},
	UpdateOnly: true,
	Key:        []string{"id"},
}

// roleManagementPolicies hold, rule by rule, what activating a role takes. Each role has
// its policy, which cannot be created or deleted.
var roleManagementPolicies = &Kind{
	Name:     "roleManagementPolicies",
	Title:    "role management policy",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.unifiedRoleManagementPolicy",
		Status: []string{"description", "displayName", "isOrganizationDefault", "scopeId", "scopeType"},
		Drop:   []string{"lastModifiedBy", "lastModifiedDateTime"},
	},
	Place:     Place{Path: "/policies/roleManagementPolicies"},
	Reading:   Reading{Filter: "scopeId eq '/' and scopeType eq 'DirectoryRole'", Licence: "Microsoft Entra ID P2"},
	Contained: []Contained{managementRules},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			Read:  []string{"RoleManagement.Read.Directory"},
			Write: []string{"RoleManagementPolicy.ReadWrite.Directory"},
		},
	},
}

// roleManagementPolicyAssignments say which policy is whose: the id of a policy says nothing.
var roleManagementPolicyAssignments = &Kind{
	Name:     "roleManagementPolicyAssignments",
	Title:    "role management policy assignment",
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.unifiedRoleManagementPolicyAssignment",
		NameFrom: "roleDefinitionId",
		Status:   []string{"policyId", "roleDefinitionId", "scopeId", "scopeType"},
		References: []Reference{
			{Path: "policyId", Targets: []string{"roleManagementPolicies"}},
			{Path: "roleDefinitionId", Targets: []string{"roleDefinitions"}},
		},
	},
	Place: Place{Path: "/policies/roleManagementPolicyAssignments"},
	Reading: Reading{
		Filter:  "scopeId eq '/' and scopeType eq 'DirectoryRole'",
		Licence: "Microsoft Entra ID P2",
	},
	Writing: Writing{NeverWritten: "which policy belongs to a role cannot be changed"},
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read: []string{"RoleManagement.Read.Directory"},
		},
	},
}

// privilegedAccessGroupEligibilitySchedules are listed group by group. Only groups that can
// hold a role are asked about: the others would cost a request each.
var privilegedAccessGroupEligibilitySchedules = &Kind{
	Name:  "privilegedAccessGroupEligibilitySchedules",
	Title: "group eligibility",
	Bulk:  true,
	Shape: Shape{
		Type:     "microsoft.graph.privilegedAccessGroupEligibilitySchedule",
		NameFrom: "principalId",
		Update:   []string{"scheduleInfo"},
		Create:   []string{"accessId", "groupId", "principalId"},
		Status:   []string{"memberType"},
		Drop: []string{
			"createdDateTime", "createdUsing", "modifiedDateTime", "scheduleInfo.startDateTime", "status",
		},
		Sets: map[string]string{
			"scheduleInfo.recurrence.pattern.daysOfWeek": "",
		},
		Dates: []string{"scheduleInfo.expiration.endDateTime"},
		References: []Reference{
			{Path: "groupId", Targets: []string{"groups"}},
			{Path: "principalId", Targets: []string{"users", "groups"}},
		},
	},
	Place: Place{
		Path: "/identityGovernance/privilegedAccess/group/eligibilitySchedules",
		Parent: &Parent{
			Kind:   "groups",
			When:   []Condition{{Property: "isAssignableToRole", Equals: true}},
			Filter: "groupId eq '{id}'",
		},
	},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Writing: Writing{
		Requests: &Requests{
			Path:     "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests",
			Property: "action",
			Create:   "adminAssign", Update: "adminUpdate", Remove: "adminRemove",
			Send:   []string{"accessId", "groupId", "principalId", "scheduleInfo"},
			Reason: "justification",
		},
		PermittedBy: []string{"privilegedAccessGroupPolicies"},
		Locks: []Lock{{
			When:   []Condition{{Property: "memberType", Equals: "group"}},
			Reason: inheritedMember.Reason,
		}},
	},
	Recovery: Recovery{
		Term:       "scheduleInfo.expiration.endDateTime",
		NaturalKey: []string{"groupId", "accessId", "principalId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk:    1,
		Dangers: []Danger{{Rank: DangerMembership}}, // only groups that can hold a role are asked about
		Permissions: Permissions{
			Read:  []string{"PrivilegedEligibilitySchedule.Read.AzureADGroup"},
			Write: []string{"PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup"},
		},
	},
}

const groupAssignmentSchedulesPath = "/identityGovernance/privilegedAccess/group/assignmentSchedules"

// privilegedAccessGroupAssignmentSchedules make somebody a member or owner of a group for a
// time. Activations come and go, and whoever is assigned for good is a member or owner of the
// group itself: both are left out.
var privilegedAccessGroupAssignmentSchedules = &Kind{
	Name:  "privilegedAccessGroupAssignmentSchedules",
	Title: "group assignment for a time",
	Bulk:  true,
	Shape: Shape{
		Type:     "microsoft.graph.privilegedAccessGroupAssignmentSchedule",
		NameFrom: "principalId",
		Update:   []string{"scheduleInfo"},
		Create:   []string{"accessId", "groupId", "principalId"},
		Status:   []string{"assignmentType", "memberType"},
		Drop: []string{
			"createdDateTime", "createdUsing", "modifiedDateTime", "scheduleInfo.startDateTime", "status",
		},
		Sets: map[string]string{
			"scheduleInfo.recurrence.pattern.daysOfWeek": "",
		},
		Dates: []string{"scheduleInfo.expiration.endDateTime"},
		References: []Reference{
			{Path: "groupId", Targets: []string{"groups"}},
			{Path: "principalId", Targets: []string{"users", "groups", "servicePrincipals"}},
		},
	},
	Place: Place{
		Path: groupAssignmentSchedulesPath,
		Parent: &Parent{
			Kind:   "groups",
			When:   []Condition{{Property: "isAssignableToRole", Equals: true}},
			Filter: "groupId eq '{id}'",
		},
	},
	Reading: Reading{
		Licence: "Microsoft Entra ID P2",
		LeftOut: []Condition{
			{Property: "assignmentType", Equals: "activated"},
			{Property: "scheduleInfo.expiration.type", Equals: "noExpiration"},
		},
	},
	Writing: Writing{
		Requests: &Requests{
			Path:     "/identityGovernance/privilegedAccess/group/assignmentScheduleRequests",
			Property: "action",
			Create:   "adminAssign", Update: "adminUpdate", Remove: "adminRemove",
			Send:   []string{"accessId", "groupId", "principalId", "scheduleInfo"},
			Reason: "justification",
		},
		PermittedBy: []string{"privilegedAccessGroupPolicies"},
		Locks: []Lock{{
			When:   []Condition{{Property: "memberType", Equals: "group"}},
			Reason: inheritedMember.Reason,
		}},
	},
	Recovery: Recovery{
		Term:       "scheduleInfo.expiration.endDateTime",
		NaturalKey: []string{"groupId", "accessId", "principalId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk:    1,
		Dangers: []Danger{{Rank: DangerMembership}}, // only groups that can hold a role are asked about
		Permissions: Permissions{
			Read:  []string{"PrivilegedAssignmentSchedule.Read.AzureADGroup"},
			Write: []string{"PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup"},
		},
	},
}

// privilegedAccessGroupPolicies hold, rule by rule, what it takes to become a member or owner of a
// group. Only groups that can hold a role are asked about. A group has two, which cannot be
// created or deleted; when PIM takes a group on, their ids change (the page "Govern membership and
// ownership of groups using PIM for groups").
var privilegedAccessGroupPolicies = &Kind{
	Name:  "privilegedAccessGroupPolicies",
	Title: "group management policy",
	Shape: Shape{
		Type:       "microsoft.graph.unifiedRoleManagementPolicy",
		NameFrom:   "scopeId", // both policies of every group are called "Group"
		Status:     []string{"description", "displayName", "isOrganizationDefault", "scopeId", "scopeType"},
		Drop:       []string{"lastModifiedBy", "lastModifiedDateTime"},
		References: []Reference{{Path: "scopeId", Targets: []string{"groups"}}},
	},
	Place:     Place{Path: "/policies/roleManagementPolicies", Parent: policiesOfGroups},
	Reading:   Reading{Licence: "Microsoft Entra ID P2"},
	Contained: []Contained{managementRules},
	Recovery:  Recovery{NotRecreatable: "a group gets its own policies, and one that is created again gets others"},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			Read:  []string{"RoleManagementPolicy.Read.AzureADGroup"},
			Write: []string{"RoleManagementPolicy.ReadWrite.AzureADGroup"},
		},
	},
}

// privilegedAccessGroupPolicyAssignments say which policy is for the members of a group and which
// for its owners: the policies themselves do not.
var privilegedAccessGroupPolicyAssignments = &Kind{
	Name:  "privilegedAccessGroupPolicyAssignments",
	Title: "group management policy assignment",
	Shape: Shape{
		Type:     "microsoft.graph.unifiedRoleManagementPolicyAssignment",
		NameFrom: "roleDefinitionId",
		Status:   []string{"policyId", "roleDefinitionId", "scopeId", "scopeType"},
		References: []Reference{
			{Path: "policyId", Targets: []string{"privilegedAccessGroupPolicies"}},
			{Path: "scopeId", Targets: []string{"groups"}},
		},
	},
	Place:   Place{Path: "/policies/roleManagementPolicyAssignments", Parent: policiesOfGroups},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Writing: Writing{NeverWritten: "which policy belongs to a group cannot be changed"},
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read: []string{"RoleManagementPolicy.Read.AzureADGroup"},
		},
	},
}

var policiesOfGroups = &Parent{
	Kind:   "groups",
	When:   []Condition{{Property: "isAssignableToRole", Equals: true}},
	Filter: "scopeId eq '{id}' and scopeType eq 'Group'",
}

// inheritedMember locks what somebody has through a group.
var inheritedMember = Lock{
	When:   []Condition{{Property: "memberType", Equals: "Inherited"}},
	Reason: "it follows from the membership of a group",
	Hint:   "restore the group's members",
}

// roleScheduleRequests are the requests about eligibility or assignment of a role.
func roleScheduleRequests(path string) *Requests {
	return &Requests{
		Path:     path,
		Property: "action",
		Create:   "adminAssign",
		Update:   "adminUpdate",
		Remove:   "adminRemove",
		Send:     []string{"appScopeId", "directoryScopeId", "principalId", "roleDefinitionId", "scheduleInfo"},
		Reason:   "justification",
	}
}
