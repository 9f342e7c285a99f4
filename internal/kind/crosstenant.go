package kind

var crossTenantAccessPolicy = &Kind{
	Name:  "crossTenantAccessPolicy",
	Title: "cross-tenant access policy",
	Shape: Shape{
		Type:   "microsoft.graph.crossTenantAccessPolicy",
		Update: []string{"allowedCloudEndpoints", "displayName"},
		Status: []string{"description"},
		Drop:   []string{"deletedDateTime"},
		Sets: map[string]string{
			"allowedCloudEndpoints": "",
		},
	},
	Place: Place{Path: "/policies/crossTenantAccessPolicy", Singleton: true},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.CrossTenantAccess"},
		},
	},
}

var crossTenantAccessPolicyDefault = &Kind{
	Name:     "crossTenantAccessPolicyDefault",
	Title:    "cross-tenant access default",
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.crossTenantAccessPolicyConfigurationDefault",
		NameFrom: "id",
		Update: []string{
			"appServiceConnectInbound", "b2bCollaborationInbound", "b2bCollaborationOutbound",
			"b2bDirectConnectInbound", "b2bDirectConnectOutbound", "inboundTrust",
			"invitationRedemptionIdentityProviderConfiguration", "m365CollaborationInbound",
			"m365CollaborationOutbound", "tenantRestrictions",
		},
		Status: []string{"automaticUserConsentSettings"},
		Drop:   []string{"isServiceDefault"},
		NotRestored: map[string]string{
			"automaticUserConsentSettings": "Graph does not let the default be changed",
		},
		Sets: crossTenantTargets,
		Ordered: []string{
			"invitationRedemptionIdentityProviderConfiguration.primaryIdentityProviderPrecedenceOrder",
		},
		References: crossTenantReferences,
	},
	Place: Place{Path: "/policies/crossTenantAccessPolicy/default", Singleton: true},
	Guarding: Guarding{
		Risk:  1,
		Tier0: "what every other tenant may do in this one",
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.CrossTenantAccess"},
		},
	},
}

// crossTenantAccessPolicyPartners are known by the other tenant's id. A part that is absent
// follows the default.
var crossTenantAccessPolicyPartners = &Kind{
	Name:     "crossTenantAccessPolicyPartners",
	Title:    "cross-tenant access partner",
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.crossTenantAccessPolicyConfigurationPartner",
		NameFrom: "tenantId",
		Update: []string{
			"appServiceConnectInbound", "automaticUserConsentSettings", "b2bCollaborationInbound",
			"b2bCollaborationOutbound", "b2bDirectConnectInbound", "b2bDirectConnectOutbound", "inboundTrust",
			"m365CollaborationInbound", "m365CollaborationOutbound", "tenantRestrictions",
		},
		Create:     []string{"isServiceProvider", "tenantId"},
		Status:     []string{"isInMultiTenantOrganization"},
		Sets:       crossTenantTargets,
		References: crossTenantReferences,
	},
	Place: Place{Path: "/policies/crossTenantAccessPolicy/partners", IDFrom: "tenantId"},
	Contained: []Contained{
		{
			Name: "identitySynchronization",
			Shape: Shape{
				Type:   "microsoft.graph.crossTenantIdentitySyncPolicyPartner",
				Update: []string{"displayName", "userSyncInbound"},
				Status: []string{"tenantId"},
			},
			Single: true,
			Put:    true,
			Key:    []string{"tenantId"},
		},
	},
	Writing:  Writing{ChosenID: "tenantId"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard, Emptied: []string{"identitySynchronization"}}},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.CrossTenantAccess"},
		},
	},
}

// crossTenantTargets are the users, groups and applications of each setting.
var crossTenantTargets = map[string]string{
	"appServiceConnectInbound.applications.targets":    "target+targetType",
	"b2bCollaborationInbound.applications.targets":     "target+targetType",
	"b2bCollaborationInbound.usersAndGroups.targets":   "target+targetType",
	"b2bCollaborationOutbound.applications.targets":    "target+targetType",
	"b2bCollaborationOutbound.usersAndGroups.targets":  "target+targetType",
	"b2bDirectConnectInbound.applications.targets":     "target+targetType",
	"b2bDirectConnectInbound.usersAndGroups.targets":   "target+targetType",
	"b2bDirectConnectOutbound.applications.targets":    "target+targetType",
	"b2bDirectConnectOutbound.usersAndGroups.targets":  "target+targetType",
	"m365CollaborationInbound.users.targets":           "target+targetType",
	"m365CollaborationOutbound.usersAndGroups.targets": "target+targetType",
	"tenantRestrictions.applications.targets":          "target+targetType",
	"tenantRestrictions.usersAndGroups.targets":        "target+targetType",
}

// crossTenantReferences are the targets that belong to this tenant: whom it lets out,
// and what it lets others in to.
var crossTenantReferences = []Reference{
	ownUsers("b2bCollaborationOutbound"), ownUsers("b2bDirectConnectOutbound"),
	ownApplications("b2bCollaborationInbound"), ownApplications("b2bDirectConnectInbound"),
}

func ownUsers(setting string) Reference {
	return Reference{
		Path:    setting + ".usersAndGroups.targets[].target",
		Targets: []string{"users", "groups"},
		Special: []string{"AllUsers"},
	}
}

func ownApplications(setting string) Reference {
	return Reference{
		Path:    setting + ".applications.targets[].target",
		Targets: []string{"servicePrincipals", "applications"},
		By:      "appId",
		Special: []string{"AllApplications", "AllMicrosoftApps", "Office365"},
	}
}
