package kind

// servicePrincipals mirror an application, the tenant's own or a publisher's. What they
// inherit is observed, so that a change by the publisher is seen, and restored
// through the application.
var servicePrincipals = &Kind{
	Name:      "servicePrincipals",
	Title:     "service principal",
	Bulk:      true,
	GlossedBy: []string{"servicePrincipals"},
	Shape: Shape{
		Type: "microsoft.graph.servicePrincipal",
		Update: []string{
			"accountEnabled", "addIns", "alternativeNames", "appRoleAssignmentRequired", "customSecurityAttributes",
			"description", "loginUrl", "notes", "notificationEmailAddresses", "preferredSingleSignOnMode",
			"preferredTokenSigningKeyThumbprint", "samlSingleSignOnSettings", "servicePrincipalNames", "tags",
			"tokenEncryptionKeyId",
		},
		Create: []string{"appId"},
		Status: []string{
			"appDescription", "appDisplayName", "appOwnerOrganizationId", "appRoles", "applicationTemplateId",
			"createdByAppId", "disabledByMicrosoftStatus", "displayName", "homepage", "info", "isDisabled",
			"keyCredentials", "logoutUrl", "oauth2PermissionScopes", "passwordCredentials", "replyUrls",
			"servicePrincipalType", "signInAudience", "verifiedPublisher",
		},
		Drop: []string{
			"deletedDateTime", "info.logoUrl", "keyCredentials[].key", "passwordCredentials[].secretText",
			"resourceSpecificApplicationPermissions", // the publisher's catalogue
		},
		NotRestored: map[string]string{
			"appRoles":               inherited,
			"displayName":            inherited,
			"homepage":               inherited,
			"keyCredentials":         notRestoredCredentials["keyCredentials"],
			"logoutUrl":              inherited,
			"oauth2PermissionScopes": inherited,
			"passwordCredentials":    notRestoredCredentials["passwordCredentials"],
			"replyUrls":              inherited,
		},
		Sets: map[string]string{
			"addIns":                        "id",
			"addIns[].properties":           "key",
			"alternativeNames":              "",
			"appRoles":                      "id",
			"appRoles[].allowedMemberTypes": "",
			"keyCredentials":                "keyId",
			"notificationEmailAddresses":    "",
			"oauth2PermissionScopes":        "id",
			"passwordCredentials":           "keyId",
			"replyUrls":                     "",
			"servicePrincipalNames":         "",
			"tags":                          "",
		},
		Dates: []string{
			"keyCredentials[].endDateTime", "keyCredentials[].startDateTime",
			"passwordCredentials[].endDateTime", "passwordCredentials[].startDateTime",
			"verifiedPublisher.addedDateTime",
		},
		OwnRequest: securityAttributes.OwnRequest,
		Typed:      securityAttributes.Typed,
		References: append([]Reference{
			{Path: "appId", Targets: []string{"applications"}, By: "appId", MayBeExternal: true},
			ownAppID("servicePrincipalNames"),
		}, securityAttributes.References...),
		Codes:    []Code{organizationID("appOwnerOrganizationId")},
		Personal: []string{"notificationEmailAddresses"},
	},
	Place: Place{Path: "/servicePrincipals", Aliases: []string{"appId"}},
	Reading: Reading{
		Top: 999,
		Extras: []Extra{{
			Properties:  []string{"customSecurityAttributes"},
			Permissions: Permissions{Read: []string{"CustomSecAttributeAssignment.Read.All"}},
		}},
	},
	Links: []Link{applicationOwners},
	Contained: []Contained{delegatedPermissionClassifications, {
		Name: "appRoleAssignedTo",
		Shape: Shape{
			Type:     "microsoft.graph.appRoleAssignment",
			NameFrom: "principalId",
			Create:   []string{"appRoleId", "principalId", "resourceId"},
			Status:   []string{"principalType"},
			Drop: []string{
				"createdDateTime", "deletedDateTime", "id", "principalDisplayName", "resourceDisplayName",
			},
			References: []Reference{
				{Path: "principalId", Targets: []string{"users", "groups", "servicePrincipals"}},
				{Path: "resourceId", Targets: []string{"servicePrincipals"}},
			},
			Codes: []Code{{Path: "appRoleId", Targets: []string{"servicePrincipals"}, Defines: permissions[:1]}},
		},
		Key:         []string{"principalId", "appRoleId"},
		Dangers:     givesAppRole,
		Permissions: Permissions{Write: []string{"AppRoleAssignment.ReadWrite.All"}},
	}},
	Writing: Writing{
		AfterCreation: []string{"customSecurityAttributes", "servicePrincipalNames"},
		Locks: []Lock{
			ownedByMicrosoft("f8cdef31-a31e-4b4a-93e4-5f571e91255a"), // Microsoft Services
			ownedByMicrosoft("72f988bf-86f1-41af-91ab-2d7cd011db47"), // Microsoft
			{
				When: []Condition{{Property: "servicePrincipalType", Equals: "ManagedIdentity"}},
				Except: []string{
					"spec/customSecurityAttributes", "links/owners", "contained/appRoleAssignedTo", "contained/delegatedPermissionClassifications",
				},
				Elsewhere: true,
				Reason:    "a managed identity goes with its resource in Azure",
				Hint:      "change or delete the resource, or switch its identity off",
			},
		},
	},
	Recovery: Recovery{
		KnownBy: []string{"appId"},
		Losses: append([]Loss{{
			Property: "preferredTokenSigningKeyThumbprint", What: "the certificate that signs SAML tokens",
			Todo: "create another one and give it to the application's owner",
		}}, lostCredentials...),
		Unique: []Unique{{Property: "appId"}, {Property: "servicePrincipalNames"}},
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/directory/deletedItems/microsoft.graph.servicePrincipal",
			RestorePath: "/directory/deletedItems",
		},
	},
	Guarding: Guarding{
		Risk:   3,
		SignIn: "accountEnabled",
		Permissions: Permissions{
			Read:  []string{"Application.Read.All"},
			Write: []string{"Application.ReadWrite.All"},
			Needs: []Need{{Permission: "CustomSecAttributeAssignment.ReadWrite.All", For: "custom security attributes", Properties: []string{"customSecurityAttributes"}}},
		},
	},
}

// delegatedPermissionClassifications say which permissions of the application are of
// low risk, so that users may consent to them.
var delegatedPermissionClassifications = Contained{
	Name: "delegatedPermissionClassifications",
	Shape: Shape{
		Type:     "microsoft.graph.delegatedPermissionClassification",
		NameFrom: "permissionName",
		Create:   []string{"classification", "permissionId", "permissionName"},
		Drop:     []string{"id"},
	},
	Key:         []string{"permissionId"},
	Permissions: Permissions{Write: []string{"Policy.ReadWrite.PermissionGrant"}},
}

const inherited = "inherited from the application; restore the application instead"

// ownedByMicrosoft leaves of a first-party service principal what an administrator
// may set.
func ownedByMicrosoft(tenant string) Lock {
	return Lock{
		When: []Condition{{Property: "appOwnerOrganizationId", Equals: tenant}},
		Except: []string{
			"spec/accountEnabled", "spec/appRoleAssignmentRequired", "spec/customSecurityAttributes", "spec/notes", "spec/tags",
			"links/owners", "contained/appRoleAssignedTo", "contained/delegatedPermissionClassifications",
		},
		Reason: "the application belongs to Microsoft",
	}
}

// oauth2PermissionGrants may be very many: each user who consents makes one. The id is
// opaque and another one after re-creation.
var oauth2PermissionGrants = &Kind{
	Name:        "oauth2PermissionGrants",
	Title:       "delegated permission grant",
	Bulk:        true,
	GlossedBy:   []string{"servicePrincipals"}, // of each user's own consent there may be a million
	GlossedWhen: &Condition{Property: "consentType", Equals: "AllPrincipals"},
	Shape: Shape{
		Type:     "microsoft.graph.oAuth2PermissionGrant",
		NameFrom: "clientId",
		Update:   []string{"scope"},
		Create:   []string{"clientId", "consentType", "principalId", "resourceId"},
		Strings:  map[string]string{"scope": " "},
		References: []Reference{
			{Path: "clientId", Targets: []string{"servicePrincipals"}},
			{Path: "principalId", Targets: []string{"users"}},
			{Path: "resourceId", Targets: []string{"servicePrincipals"}},
		},
	},
	Place:   Place{Path: "/oauth2PermissionGrants"},
	Reading: Reading{Top: 999},
	Recovery: Recovery{
		NaturalKey: []string{"clientId", "resourceId", "consentType", "principalId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk:    3,
		Dangers: isTenantWide,
		Permissions: Permissions{
			Read:  []string{"Directory.Read.All"},
			Write: []string{"DelegatedPermissionGrant.ReadWrite.All"},
		},
	},
}
