package emulator

// requestTypes are the requests about schedules and resources, what is derived from them,
// and the tasks of workflows, which the metadata leaves out. From the reference pages of
// request, of each type that extends it, and of task.
var requestTypes = map[string]*entityType{
	"request": {Base: "entity", Abstract: true, Entity: true, Declared: map[string]string{
		"approvalId": "String", "completedDateTime": "DateTimeOffset", "createdBy": "identitySet",
		"createdDateTime": "DateTimeOffset", "customData": "String", "status": "String!",
	}},
	"identitySet":                           {Declared: map[string]string{"application": "identity", "device": "identity", "user": "identity"}},
	"ticketInfo":                            {Declared: map[string]string{"ticketNumber": "String", "ticketSystem": "String"}},
	"unifiedRoleEligibilityScheduleRequest": {Base: "request", Entity: true, Declared: roleRequestProperties},
	"unifiedRoleAssignmentScheduleRequest":  {Base: "request", Entity: true, Declared: roleRequestProperties},
	"privilegedAccessGroupEligibilityScheduleRequest": {Base: "request", Entity: true, Declared: map[string]string{
		"accessId": "privilegedAccessGroupRelationships", "action": "scheduleRequestActions!", "groupId": "String",
		"isValidationOnly": "Boolean", "justification": "String", "principalId": "String",
		"scheduleInfo": "requestSchedule", "targetScheduleId": "String", "ticketInfo": "ticketInfo",
	}},
	"unifiedRoleAssignmentScheduleInstance": {Base: "entity", Entity: true, Declared: map[string]string{
		"appScopeId": "String", "assignmentType": "String", "directoryScopeId": "String", "endDateTime": "DateTimeOffset",
		"memberType": "String", "principalId": "String", "roleAssignmentOriginId": "String",
		"roleAssignmentScheduleId": "String", "roleDefinitionId": "String", "startDateTime": "DateTimeOffset",
	}},
	"identityGovernance.task": {Base: "entity", Entity: true, Declared: map[string]string{
		"arguments": "Collection(keyValuePair)!", "category": "identityGovernance.lifecycleTaskCategory!",
		"continueOnError": "Boolean!", "description": "String", "displayName": "String!", "executionSequence": "Int32!",
		"isEnabled": "Boolean!", "taskDefinitionId": "String!",
	}},
	"keyValuePair": {Declared: map[string]string{"name": "String!", "value": "String"}},
	"accessPackageResourceRequest": {
		Base: "entity", Entity: true,
		Declared: map[string]string{
			"createdDateTime": "DateTimeOffset", "justification": "String", "requestType": "accessPackageRequestType",
			"state": "String",
		},
		Navigates: map[string]string{
			"catalog": "accessPackageCatalog contained", "resource": "accessPackageResource contained",
		},
	},
}

var roleRequestProperties = map[string]string{
	"action": "scheduleRequestActions!", "appScopeId": "String", "directoryScopeId": "String",
	"isValidationOnly": "Boolean", "justification": "String", "principalId": "String", "roleDefinitionId": "String",
	"scheduleInfo": "requestSchedule", "targetScheduleId": "String", "ticketInfo": "ticketInfo",
}

var requestEnums = map[string][]string{
	"scheduleRequestActions": {
		"adminAssign", "adminUpdate", "adminRemove", "selfActivate", "selfDeactivate", "adminExtend", "adminRenew",
		"selfExtend", "selfRenew",
	},
	"identityGovernance.lifecycleTaskCategory": {"joiner", "leaver", "unknownFutureValue", "mover"},
	"accessPackageRequestType": {
		"notSpecified", "userAdd", "userUpdate", "userRemove", "adminAdd", "adminUpdate", "adminRemove", "systemAdd",
		"systemUpdate", "systemRemove", "onBehalfAdd",
	},
}
