package kind

// applications are read by name: authenticationBehaviors is left out of the default
// answer. The public key of a certificate comes along that way and is not kept.
var applications = &Kind{
	Name:      "applications",
	Title:     "application",
	Bulk:      true,
	GlossedBy: []string{"servicePrincipals"},
	Shape: Shape{
		Type: "microsoft.graph.application",
		Update: []string{
			"addIns", "api", "appRoles", "authenticationBehaviors", "defaultRedirectUri", "description",
			"displayName", "groupMembershipClaims", "identifierUris", "info", "isDeviceOnlyAuthSupported",
			"isDisabled", "isFallbackPublicClient", "managerApplications", "nativeAuthenticationApisEnabled",
			"notes", "oauth2RequirePostResponse", "optionalClaims", "parentalControlSettings", "publicClient",
			"requestSignatureVerification", "requiredResourceAccess", "samlMetadataUrl",
			"serviceManagementReference", "servicePrincipalLockConfiguration", "signInAudience", "spa", "tags",
			"tokenEncryptionKeyId", "web",
		},
		Create: []string{"uniqueName"},
		Status: []string{
			"appId", "applicationTemplateId", "createdByAppId", "createdDateTime", "disabledByMicrosoftStatus",
			"keyCredentials", "passwordCredentials", "publisherDomain", "verifiedPublisher",
		},
		Drop: []string{
			"certification", // Microsoft's attestation of the publisher
			"deletedDateTime",
			"info.logoUrl", // a content network's address of the logo
			"keyCredentials[].key",
			"logo", // a stream
			"passwordCredentials[].secretText",
		},
		NotRestored: notRestoredCredentials,
		Extensions:  true,
		DisableFirst: []string{
			"api.oauth2PermissionScopes", "appRoles",
		},
		Sets: map[string]string{
			"addIns":                        "id",
			"addIns[].properties":           "key",
			"api.knownClientApplications":   "",
			"api.oauth2PermissionScopes":    "id",
			"api.preAuthorizedApplications": "appId",
			"api.preAuthorizedApplications[].delegatedPermissionIds": "",
			"appRoles":                                          "id",
			"appRoles[].allowedMemberTypes":                     "",
			"identifierUris":                                    "",
			"keyCredentials":                                    "keyId",
			"managerApplications":                               "",
			"optionalClaims.accessToken":                        "name+source",
			"optionalClaims.idToken":                            "name+source",
			"optionalClaims.saml2Token":                         "name+source",
			"parentalControlSettings.countriesBlockedForMinors": "",
			"passwordCredentials":                               "keyId",
			"publicClient.redirectUris":                         "",
			"requiredResourceAccess":                            "resourceAppId",
			"requiredResourceAccess[].resourceAccess":           "id+type",
			"spa.redirectUris":                                  "",
			"tags":                                              "",
			"web.redirectUriSettings":                           "uri", // index, where it matters, is in the element
			"web.redirectUris":                                  "",
			"optionalClaims.accessToken[].additionalProperties": "",
			"optionalClaims.idToken[].additionalProperties":     "",
			"optionalClaims.saml2Token[].additionalProperties":  "",
		},
		Dates: []string{
			"createdDateTime", "keyCredentials[].endDateTime", "keyCredentials[].startDateTime",
			"passwordCredentials[].endDateTime", "passwordCredentials[].startDateTime",
			"verifiedPublisher.addedDateTime",
		},
		References: []Reference{
			{Path: "api.knownClientApplications", Targets: []string{"applications"}, By: "appId", MayBeExternal: true},
			{Path: "api.preAuthorizedApplications[].appId", Targets: []string{"applications", "servicePrincipals"}, By: "appId", MayBeExternal: true},
			ownAppID("identifierUris"),
			{Path: "managerApplications", Targets: []string{"applications"}, By: "appId", MayBeExternal: true},
			extensionClaim("accessToken"), extensionClaim("idToken"), extensionClaim("saml2Token"),
			{Path: "requiredResourceAccess[].resourceAppId", Targets: []string{"servicePrincipals", "applications"}, By: "appId", MayBeExternal: true},
		},
		Codes: []Code{
			{
				Path:    "api.preAuthorizedApplications[].delegatedPermissionIds",
				Targets: []string{"applications"}, Defines: []Definition{{"api.oauth2PermissionScopes", "id", "value"}},
			},
			{
				Path: "requiredResourceAccess[].resourceAccess[].id", Of: "requiredResourceAccess[].resourceAppId",
				Targets: []string{"servicePrincipals"}, By: "appId", Defines: permissions,
			},
		},
	},
	Place:   Place{Path: "/applications", Aliases: []string{"appId"}},
	Reading: Reading{Top: 999, NameFilter: true, Select: true},
	Links:   []Link{applicationOwners},
	Contained: []Contained{
		{
			Name: "extensionProperties",
			Shape: Shape{
				Type:     "microsoft.graph.extensionProperty",
				NameFrom: "name",
				Create:   []string{"dataType", "isMultiValued", "name", "targetObjects"},
				Status:   []string{"isSyncedFromOnPremises"},
				Drop:     []string{"appDisplayName", "deletedDateTime", "id"},
				Sets:     map[string]string{"targetObjects": ""},
				// "extension_", the application's own appId without hyphens, "_" and the short name.
				References: []Reference{ownAppID("name")},
			},
			Key:          []string{"name"},
			CreatePrefix: "extension_{appId}_",
		},
		{
			Name: "federatedIdentityCredentials",
			Shape: Shape{
				Type:     "microsoft.graph.federatedIdentityCredential",
				NameFrom: "name",
				Update:   []string{"audiences", "description", "issuer", "subject"},
				Create:   []string{"name"},
				Drop:     []string{"id"},
				Sets:     map[string]string{"audiences": ""},
				// A managed identity is its service principal's id.
				References: []Reference{
					{Path: "subject", Targets: []string{"servicePrincipals"}, Within: true, MayBeExternal: true},
				},
			},
			Key:     []string{"name"},
			Unique:  []string{"issuer", "subject"},
			Dangers: isCredential,
		},
	},
	Recovery: Recovery{
		Twins:    true,
		Unique:   []Unique{{Property: "identifierUris"}, {Property: "uniqueName", Key: true}},
		Answered: []string{"appId"},
		Losses: append([]Loss{{
			Property: "verifiedPublisher", What: "the verification of its publisher", Todo: "verify the publisher again",
		}}, lostCredentials...),
		CascadesTo: []Companion{{Kind: "servicePrincipals", Property: "appId"}},
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/directory/deletedItems/microsoft.graph.application",
			RestorePath: "/directory/deletedItems",
		},
	},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"Application.Read.All"},
			Write: []string{"Application.ReadWrite.All"},
		},
	},
}

// lostCredentials are what an application or service principal signs in with. What names
// one of the certificates is refused as long as there is none.
var lostCredentials = []Loss{
	{Property: "passwordCredentials", What: "client secret", Todo: "create a new one and give it to whatever signs in with it"},
	{Property: "keyCredentials", What: "certificate", Todo: "upload it again, or a new one"},
	{Property: "tokenEncryptionKeyId", What: "the choice of the certificate that encrypts tokens", Todo: "choose it again once it is uploaded"},
}

// ownAppID is a text that may hold the application's own appId, such as the address
// "api://APPID".
func ownAppID(path string) Reference {
	return Reference{Path: path, Targets: []string{"applications"}, By: "appId", Within: true, MayBeExternal: true}
}

// extensionClaim is a claim, which may be named after a directory extension.
func extensionClaim(token string) Reference { return ownAppID("optionalClaims." + token + "[].name") }

// notRestoredCredentials are the reasons for applications and service principals
// alike. Removing a certificate by hand is possible; putting one back is not.
var notRestoredCredentials = map[string]string{
	"keyCredentials":      "the key of a certificate is not kept, so a removed one cannot be put back",
	"passwordCredentials": "Graph never returns a client secret: one that is gone has to be made anew, and one that was added since has to be removed by hand",
}

// applicationOwners are added by a request that takes the permission to read the owners, too (the pages
// "Add owner" of both).
var applicationOwners = Link{
	Name:        "owners",
	Targets:     []string{"users", "servicePrincipals"},
	Dangers:     isCredential,
	Permissions: Permissions{Write: []string{"Application.ReadWrite.All", "Directory.Read.All"}},
}
