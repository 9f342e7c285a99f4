package emulator

// logTypes are the types of the audit log, which the metadata leaves out because
// nothing in it can be backed up. From the reference page of directoryAudit.
var logTypes = map[string]*entityType{
	"directoryAudit": {Base: "entity", Entity: true, Declared: map[string]string{
		"activityDateTime":    "DateTimeOffset!",
		"activityDisplayName": "String!",
		"additionalDetails":   "Collection(keyValue)",
		"category":            "String!",
		"correlationId":       "String",
		"initiatedBy":         "auditActivityInitiator!",
		"loggedByService":     "String",
		"operationType":       "String",
		"result":              "String",
		"resultReason":        "String",
		"targetResources":     "Collection(targetResource)",
	}},
	"auditActivityInitiator": {Declared: map[string]string{"app": "appIdentity", "user": "userIdentity"}},
	"appIdentity": {Declared: map[string]string{
		"appId": "String", "displayName": "String", "servicePrincipalId": "String", "servicePrincipalName": "String",
	}},
	"userIdentity": {Declared: map[string]string{
		"displayName": "String", "id": "String", "ipAddress": "String", "userPrincipalName": "String",
	}},
	"targetResource": {Declared: map[string]string{
		"displayName": "String", "groupType": "String", "id": "String",
		"modifiedProperties": "Collection(modifiedProperty)", "type": "String", "userPrincipalName": "String",
	}},
	"modifiedProperty": {Declared: map[string]string{"displayName": "String", "newValue": "String", "oldValue": "String"}},
}
