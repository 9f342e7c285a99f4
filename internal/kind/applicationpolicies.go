package kind

var tokenLifetimePolicies = &Kind{
	Name:  "tokenLifetimePolicies",
	Title: "token lifetime policy",
	Shape: Shape{
		Type:    "microsoft.graph.tokenLifetimePolicy",
		Update:  []string{"definition", "description", "displayName", "isOrganizationDefault"},
		Drop:    []string{"deletedDateTime"},
		Ordered: []string{"definition"},
		JSON:    []string{"definition"},
	},
	Place:    Place{Path: "/policies/tokenLifetimePolicies"},
	Links:    []Link{appliesTo("tokenLifetimePolicies", "applications", "servicePrincipals")},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

var tokenIssuancePolicies = &Kind{
	Name:  "tokenIssuancePolicies",
	Title: "token issuance policy",
	Shape: Shape{
		Type:    "microsoft.graph.tokenIssuancePolicy",
		Update:  []string{"definition", "description", "displayName", "isOrganizationDefault"},
		Drop:    []string{"deletedDateTime"},
		Ordered: []string{"definition"},
		JSON:    []string{"definition"},
	},
	Place:    Place{Path: "/policies/tokenIssuancePolicies"},
	Links:    []Link{appliesTo("tokenIssuancePolicies", "applications")},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

var claimsMappingPolicies = &Kind{
	Name:  "claimsMappingPolicies",
	Title: "claims mapping policy",
	Shape: Shape{
		Type:    "microsoft.graph.claimsMappingPolicy",
		Update:  []string{"definition", "description", "displayName", "isOrganizationDefault"},
		Drop:    []string{"deletedDateTime"},
		Ordered: []string{"definition"},
		JSON:    []string{"definition"},
		// A claim may come from a directory extension.
		References: []Reference{ownAppID("definition")},
	},
	Place:    Place{Path: "/policies/claimsMappingPolicies"},
	Links:    []Link{appliesTo("claimsMappingPolicies", "servicePrincipals")},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

var homeRealmDiscoveryPolicies = &Kind{
	Name:  "homeRealmDiscoveryPolicies",
	Title: "home realm discovery policy",
	Shape: Shape{
		Type:    "microsoft.graph.homeRealmDiscoveryPolicy",
		Update:  []string{"definition", "description", "displayName", "isOrganizationDefault"},
		Drop:    []string{"deletedDateTime"},
		Ordered: []string{"definition"},
		JSON:    []string{"definition"},
	},
	Place:    Place{Path: "/policies/homeRealmDiscoveryPolicies"},
	Links:    []Link{appliesTo("homeRealmDiscoveryPolicies", "servicePrincipals")},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

var activityBasedTimeoutPolicies = &Kind{
	Name:  "activityBasedTimeoutPolicies",
	Title: "activity-based timeout policy",
	Shape: Shape{
		Type:    "microsoft.graph.activityBasedTimeoutPolicy",
		Update:  []string{"definition", "description", "displayName", "isOrganizationDefault"},
		Drop:    []string{"deletedDateTime"},
		Ordered: []string{"definition"},
		JSON:    []string{"definition"},
		// ApplicationPolicies name applications.
		References: []Reference{
			{Path: "definition", Targets: []string{"applications", "servicePrincipals"}, By: "appId", Within: true, MayBeExternal: true},
		},
	},
	Place:    Place{Path: "/policies/activityBasedTimeoutPolicies"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

var appManagementPolicies = &Kind{
	Name:  "appManagementPolicies",
	Title: "app management policy",
	Shape: Shape{
		Type:   "microsoft.graph.appManagementPolicy",
		Update: []string{"description", "displayName", "isEnabled", "restrictions"},
		Drop: []string{
			"deletedDateTime",
			// Computed by Microsoft.
			"restrictions.applicationRestrictions.identifierUris.nonDefaultUriAddition.isStateSetByMicrosoft",
			"restrictions.applicationRestrictions.identifierUris.uriAdditionWithoutUniqueTenantIdentifier.isStateSetByMicrosoft",
		},
		Sets: map[string]string{
			"restrictions.applicationRestrictions.identifierUris.nonDefaultUriAddition.excludeActors.customSecurityAttributes":                    "id",
			"restrictions.applicationRestrictions.identifierUris.uriAdditionWithoutUniqueTenantIdentifier.excludeActors.customSecurityAttributes": "id",
			"restrictions.keyCredentials":                                               "restrictionType",
			"restrictions.keyCredentials[].excludeActors.customSecurityAttributes":      "id",
			"restrictions.passwordCredentials":                                          "restrictionType",
			"restrictions.passwordCredentials[].excludeActors.customSecurityAttributes": "id",
		},
		Dates: []string{

			"restrictions.applicationRestrictions.identifierUris.nonDefaultUriAddition.restrictForAppsCreatedAfterDateTime",
			"restrictions.applicationRestrictions.identifierUris.uriAdditionWithoutUniqueTenantIdentifier.restrictForAppsCreatedAfterDateTime",
			"restrictions.keyCredentials[].restrictForAppsCreatedAfterDateTime",
			"restrictions.passwordCredentials[].restrictForAppsCreatedAfterDateTime",
		},
	},
	Place:    Place{Path: "/policies/appManagementPolicies"},
	Links:    []Link{appliesTo("appManagementPolicies", "applications", "servicePrincipals")},
	Writing:  Writing{Given: map[string]any{"description": "", "restrictions": map[string]any{}}},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

var defaultAppManagementPolicy = &Kind{
	Name:  "defaultAppManagementPolicy",
	Title: "default app management policy",
	Shape: Shape{
		Type:   "microsoft.graph.tenantAppManagementPolicy",
		Update: []string{"applicationRestrictions", "isEnabled", "servicePrincipalRestrictions"},
		Status: []string{"description", "displayName"},
		Drop: []string{
			"deletedDateTime",
			// Computed by Microsoft.
			"applicationRestrictions.identifierUris.nonDefaultUriAddition.isStateSetByMicrosoft",
			"applicationRestrictions.identifierUris.uriAdditionWithoutUniqueTenantIdentifier.isStateSetByMicrosoft",
		},
		Sets: map[string]string{
			"applicationRestrictions.identifierUris.nonDefaultUriAddition.excludeActors.customSecurityAttributes":                    "id",
			"applicationRestrictions.identifierUris.uriAdditionWithoutUniqueTenantIdentifier.excludeActors.customSecurityAttributes": "id",
			"applicationRestrictions.keyCredentials":                                                    "restrictionType",
			"applicationRestrictions.keyCredentials[].excludeActors.customSecurityAttributes":           "id",
			"applicationRestrictions.passwordCredentials":                                               "restrictionType",
			"applicationRestrictions.passwordCredentials[].excludeActors.customSecurityAttributes":      "id",
			"servicePrincipalRestrictions.keyCredentials":                                               "restrictionType",
			"servicePrincipalRestrictions.keyCredentials[].excludeActors.customSecurityAttributes":      "id",
			"servicePrincipalRestrictions.passwordCredentials":                                          "restrictionType",
			"servicePrincipalRestrictions.passwordCredentials[].excludeActors.customSecurityAttributes": "id",
		},
		Dates: []string{
			"applicationRestrictions.identifierUris.nonDefaultUriAddition.restrictForAppsCreatedAfterDateTime",
			"applicationRestrictions.identifierUris.uriAdditionWithoutUniqueTenantIdentifier.restrictForAppsCreatedAfterDateTime",
			"applicationRestrictions.keyCredentials[].restrictForAppsCreatedAfterDateTime",
			"applicationRestrictions.passwordCredentials[].restrictForAppsCreatedAfterDateTime",
			"servicePrincipalRestrictions.keyCredentials[].restrictForAppsCreatedAfterDateTime",
			"servicePrincipalRestrictions.passwordCredentials[].restrictForAppsCreatedAfterDateTime",
		},
	},
	Place: Place{Path: "/policies/defaultAppManagementPolicy", Singleton: true},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ApplicationConfiguration"},
		},
	},
	DirectoryPolicy: true,
}

// appliesTo is read at a policy and written at the application or service principal,
// which has at most one policy of each kind. Reading it there would take a permission
// to write.
func appliesTo(policies string, targets ...string) Link {
	return Link{
		Name:    "appliesTo",
		Targets: targets,
		Reverse: policies,
		Permissions: Permissions{
			Read:  []string{"Application.Read.All"},
			Write: []string{"Application.ReadWrite.All"},
		},
	}
}
