package kind

var accessPackageCatalogs = &Kind{
	Name:     "accessPackageCatalogs",
	Title:    "access package catalog",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.accessPackageCatalog",
		Update: []string{"description", "displayName", "isExternallyVisible", "state"},
		Status: []string{"catalogType", "createdDateTime"},
		Drop:   []string{"modifiedDateTime"},
		Dates:  []string{"createdDateTime"},
	},
	Place:   Place{Path: "/identityGovernance/entitlementManagement/catalogs"},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Contained: []Contained{
		{
			Name: "resources",
			Shape: Shape{
				Type:     "microsoft.graph.accessPackageResource",
				NameFrom: "originId",
				Create:   []string{"originId", "originSystem"},
				Status:   []string{"attributes"},
				// Name and description are the group's or application's.
				Drop: []string{"createdDateTime", "description", "displayName", "id", "modifiedDateTime"},
				Sets: map[string]string{
					"attributes": "name",
				},
				References: []Reference{
					{Path: "originId", Targets: []string{"groups", "servicePrincipals"}, MayBeExternal: true},
				},
			},
			Requests: &Requests{
				Path:     "/identityGovernance/entitlementManagement/resourceRequests",
				Property: "requestType",
				Create:   "adminAdd", Remove: "adminRemove",
				Send:  []string{"originId", "originSystem"},
				Wrap:  "resource",
				Owner: "catalog",
			},
			Key: []string{"originSystem", "originId"},
		},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard, Kept: []Lock{{
		When:   []Condition{{Property: "catalogType", Equals: "serviceDefault"}},
		Reason: "every tenant has the catalog General",
	}}}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"EntitlementManagement.Read.All"},
			Write: []string{"EntitlementManagement.ReadWrite.All"},
		},
	},
}

var accessPackages = &Kind{
	Name:     "accessPackages",
	Title:    "access package",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.accessPackage",
		Update: []string{"description", "displayName", "isHidden"},
		Create: []string{"catalog"},
		Status: []string{"createdDateTime"},
		Drop:   []string{"modifiedDateTime"},
		Reduce: []string{"catalog"},
		Dates:  []string{"createdDateTime"},
		References: []Reference{
			{Path: "catalog.id", Targets: []string{"accessPackageCatalogs"}},
		},
	},
	Place:   Place{Path: "/identityGovernance/entitlementManagement/accessPackages"},
	Reading: Reading{Expand: []string{"catalog"}, Licence: "Microsoft Entra ID P2"},
	Links: []Link{
		{Name: "incompatibleAccessPackages", Targets: []string{"accessPackages"}, TargetByCollection: true},
		{Name: "incompatibleGroups", Targets: []string{"groups"}, TargetByCollection: true},
	},
	Contained: []Contained{
		{
			Name: "resourceRoleScopes",
			Shape: Shape{
				Type:     "microsoft.graph.accessPackageResourceRoleScope",
				NameFrom: "id",
				Create:   []string{"role", "scope"},
				// Ids and names are the catalog's and the group's.
				Drop: []string{
					"createdDateTime", "id", "role.description", "role.displayName", "role.id",
					"scope.description", "scope.displayName", "scope.id",
				},
				References: []Reference{
					{Path: "role.originId", Targets: []string{"groups"}, Within: true, MayBeExternal: true}, // "Member_ID"
					{Path: "scope.originId", Targets: []string{"groups", "servicePrincipals"}, MayBeExternal: true},
				},
			},
			Expand: []string{"role", "scope"},
			Holder: &Holder{
				Part: "role", Name: "resource", From: "scope",
				Owner: "catalog.id", Kind: "accessPackageCatalogs", Contained: "resources",
			},
			Key: []string{"role", "scope"},
		},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"EntitlementManagement.Read.All"},
			Write: []string{"EntitlementManagement.ReadWrite.All"},
		},
	},
}

var accessPackageAssignmentPolicies = &Kind{
	Name:     "accessPackageAssignmentPolicies",
	Title:    "access package assignment policy",
	Annotate: true,
	Shape: Shape{
		Type: "microsoft.graph.accessPackageAssignmentPolicy",
		Update: []string{
			"allowedTargetScope", "automaticRequestSettings", "customExtensionStageSettings", "description",
			"displayName", "expiration", "notificationSettings", "questions", "requestApprovalSettings",
			"requestorSettings", "reviewSettings", "specificAllowedTargets",
		},
		Create: []string{"accessPackage"},
		Status: []string{"createdDateTime"},
		Drop:   []string{"modifiedDateTime"},
		Sets: map[string]string{
			"customExtensionStageSettings":                                 "stage",
			"questions[].choices[].localizations":                          "languageCode",
			"questions[].localizations":                                    "languageCode",
			"requestApprovalSettings.stages[].escalationApprovers":         "",
			"requestApprovalSettings.stages[].fallbackEscalationApprovers": "",
			"requestApprovalSettings.stages[].fallbackPrimaryApprovers":    "",
			"requestApprovalSettings.stages[].primaryApprovers":            "",
			"requestorSettings.onBehalfRequestors":                         "",
			"reviewSettings.fallbackReviewers":                             "",
			"reviewSettings.primaryReviewers":                              "",
			"reviewSettings.schedule.recurrence.pattern.daysOfWeek":        "",
			"specificAllowedTargets":                                       "",
		},
		Ordered: []string{"requestApprovalSettings.stages", "questions", "questions[].choices"},
		Reduce:  []string{"accessPackage"},
		Dates: []string{
			"createdDateTime", "expiration.endDateTime", "reviewSettings.schedule.expiration.endDateTime",
			"reviewSettings.schedule.startDateTime",
		},
		References: []Reference{
			{Path: "accessPackage.id", Targets: []string{"accessPackages"}},
			{Path: "requestApprovalSettings.stages[].escalationApprovers[].groupId", Targets: []string{"groups"}},
			{Path: "requestApprovalSettings.stages[].escalationApprovers[].userId", Targets: []string{"users"}},
			{Path: "requestApprovalSettings.stages[].fallbackEscalationApprovers[].groupId", Targets: []string{"groups"}},
			{Path: "requestApprovalSettings.stages[].fallbackEscalationApprovers[].userId", Targets: []string{"users"}},
			{Path: "requestApprovalSettings.stages[].fallbackPrimaryApprovers[].groupId", Targets: []string{"groups"}},
			{Path: "requestApprovalSettings.stages[].fallbackPrimaryApprovers[].userId", Targets: []string{"users"}},
			{Path: "requestApprovalSettings.stages[].primaryApprovers[].groupId", Targets: []string{"groups"}},
			{Path: "requestApprovalSettings.stages[].primaryApprovers[].userId", Targets: []string{"users"}},
			{Path: "requestorSettings.onBehalfRequestors[].groupId", Targets: []string{"groups"}},
			{Path: "requestorSettings.onBehalfRequestors[].userId", Targets: []string{"users"}},
			{Path: "reviewSettings.fallbackReviewers[].groupId", Targets: []string{"groups"}},
			{Path: "reviewSettings.fallbackReviewers[].userId", Targets: []string{"users"}},
			{Path: "reviewSettings.primaryReviewers[].groupId", Targets: []string{"groups"}},
			{Path: "reviewSettings.primaryReviewers[].userId", Targets: []string{"users"}},
			{Path: "specificAllowedTargets[].groupId", Targets: []string{"groups"}},
			{Path: "specificAllowedTargets[].userId", Targets: []string{"users"}},
			{Path: "specificAllowedTargets[].connectedOrganizationId", Targets: []string{"connectedOrganizations"}},
		},
	},
	Place:    Place{Path: "/identityGovernance/entitlementManagement/assignmentPolicies"},
	Reading:  Reading{Expand: []string{"accessPackage"}, Licence: "Microsoft Entra ID P2"},
	Writing:  Writing{Put: true},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"EntitlementManagement.Read.All"},
			Write: []string{"EntitlementManagement.ReadWrite.All"},
		},
	},
}

var connectedOrganizations = &Kind{
	Name:     "connectedOrganizations",
	Title:    "connected organization",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.connectedOrganization",
		Update: []string{"description", "displayName", "state"},
		Create: []string{"identitySources"},
		Status: []string{"createdDateTime"},
		Drop:   []string{"modifiedDateTime"},
		Sets: map[string]string{
			"identitySources": "",
		},
		Dates: []string{"createdDateTime"},
	},
	Place:   Place{Path: "/identityGovernance/entitlementManagement/connectedOrganizations"},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Links: []Link{
		{Name: "externalSponsors", Targets: []string{"users", "groups"}, TargetByCollection: true},
		{Name: "internalSponsors", Targets: []string{"users", "groups"}, TargetByCollection: true},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"EntitlementManagement.Read.All"},
			Write: []string{"EntitlementManagement.ReadWrite.All"},
		},
	},
}

var entitlementManagementSettings = &Kind{
	Name:  "entitlementManagementSettings",
	Title: "entitlement management settings",
	Shape: Shape{
		Type:     "microsoft.graph.entitlementManagementSettings",
		NameFrom: "id",
		Update:   []string{"durationUntilExternalUserDeletedAfterBlocked", "externalUserLifecycleAction"},
	},
	Place:   Place{Path: "/identityGovernance/entitlementManagement/settings", Singleton: true},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Guarding: Guarding{
		Risk: 6,
		Permissions: Permissions{
			Read:  []string{"EntitlementManagement.Read.All"},
			Write: []string{"EntitlementManagement.ReadWrite.All"},
		},
	},
}

var entitlementRoleAssignments = &Kind{
	Name:     "entitlementRoleAssignments",
	Title:    "entitlement management role assignment",
	Bulk:     true,
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.unifiedRoleAssignment",
		NameFrom: "principalId",
		Create:   []string{"appScopeId", "principalId", "roleDefinitionId"},
		Status:   []string{"condition", "directoryScopeId", "principalOrganizationId"},
		References: []Reference{
			{Path: "appScopeId", Targets: []string{"accessPackageCatalogs"}, Prefixes: []string{"/AccessPackageCatalog/"}, Special: []string{"/"}},
			{Path: "principalId", Targets: []string{"users", "groups", "servicePrincipals"}},
		},
		Codes: []Code{{Path: "roleDefinitionId", Part: "entitlementRoles"}},
	},
	Place:   Place{Path: "/roleManagement/entitlementManagement/roleAssignments"},
	Reading: Reading{Licence: "Microsoft Entra ID P2"},
	Recovery: Recovery{
		NaturalKey: []string{"principalId", "roleDefinitionId", "appScopeId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read:  []string{"EntitlementManagement.Read.All"},
			Write: []string{"EntitlementManagement.ReadWrite.All"},
		},
	},
}

var accessReviewDefinitions = &Kind{
	Name:     "accessReviewDefinitions",
	Title:    "access review",
	Annotate: true,
	Shape: Shape{
		Type: "microsoft.graph.accessReviewScheduleDefinition",
		Update: []string{
			"additionalNotificationRecipients", "descriptionForAdmins", "descriptionForReviewers",
			"displayName", "fallbackReviewers", "reviewers", "settings", "stageSettings",
		},
		Create: []string{"instanceEnumerationScope", "scope"},
		Status: []string{"createdDateTime"},
		Drop:   []string{"createdBy", "lastModifiedDateTime", "status"},
		Sets: map[string]string{
			"additionalNotificationRecipients":         "",
			"fallbackReviewers":                        "query",
			"instanceEnumerationScope.principalScopes": "",
			"instanceEnumerationScope.resourceScopes":  "",
			"reviewers":                                        "query",
			"scope.principalScopes":                            "",
			"scope.resourceScopes":                             "",
			"settings.applyActions":                            "",
			"settings.recommendationInsightSettings":           "",
			"settings.recurrence.pattern.daysOfWeek":           "",
			"stageSettings":                                    "stageId",
			"stageSettings[].decisionsThatWillMoveToNextStage": "",
			"stageSettings[].dependsOn":                        "",
			"stageSettings[].fallbackReviewers":                "query",
			"stageSettings[].recommendationInsightSettings":    "",
			"stageSettings[].reviewers":                        "query",
		},
		References: []Reference{
			principalQuery("additionalNotificationRecipients[].notificationRecipientScope"),
			principalQuery("fallbackReviewers[]"),
			principalQuery("instanceEnumerationScope"),
			principalQuery("instanceEnumerationScope.principalScopes[]"),
			principalQuery("instanceEnumerationScope.resourceScopes[]"),
			principalQuery("reviewers[]"),
			principalQuery("scope"),
			principalQuery("scope.principalScopes[]"),
			principalQuery("scope.resourceScopes[]"),
			principalQuery("stageSettings[].fallbackReviewers[]"),
			principalQuery("stageSettings[].reviewers[]"),
		},
		Dates: []string{"createdDateTime"},
	},
	Place:    Place{Path: "/identityGovernance/accessReviews/definitions"},
	Reading:  Reading{Top: 100, Licence: "Microsoft Entra ID P2"},
	Writing:  Writing{Put: true},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"AccessReview.Read.All"},
			Write: []string{"AccessReview.ReadWrite.All"},
		},
	},
}

var agreements = &Kind{
	Name:  "agreements",
	Title: "terms of use",
	Shape: Shape{
		Type:   "microsoft.graph.agreement",
		Update: []string{"displayName", "isViewingBeforeAcceptanceRequired"},
		Create: []string{
			"isPerDeviceAcceptanceRequired", "termsExpiration", "userReacceptRequiredFrequency",
		},
		Dates: []string{"termsExpiration.startDateTime"},
	},
	Place:    Place{Path: "/agreements"},
	Reading:  Reading{Unavailable: delegatedOnly},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{Risk: 6},
}

// principalQuery is a query by which a policy names people and what they have, such as
// "/groups/ID/transitiveMembers" or "/servicePrincipals/ID".
func principalQuery(path string) Reference {
	return Reference{
		Path:    path + ".query",
		Targets: []string{"groups", "users", "servicePrincipals", "roleDefinitions", "accessPackages", "accessPackageAssignmentPolicies"},
		Within:  true, MayBeExternal: true,
	}
}

// delegatedOnly is why a kind is in the table and yet not in a backup.
const delegatedOnly = "Graph gives it to a signed-in administrator only, not to an application"
