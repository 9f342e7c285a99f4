package kind

// authenticationMethodsPolicy comes with the configuration of each method, and each
// configuration with the users and groups that it applies to. A method's configuration is written by its own request,
// with its @odata.type.
var authenticationMethodsPolicy = &Kind{
	Name:     "authenticationMethodsPolicy",
	Title:    "authentication methods policy",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.authenticationMethodsPolicy",
		Update: []string{"policyMigrationState", "reconfirmationInDays", "registrationEnforcement"},
		Status: []string{"description", "displayName"},
		Drop:   []string{"lastModifiedDateTime", "policyVersion"},
		Sets: map[string]string{
			"registrationEnforcement.authenticationMethodsRegistrationCampaign.excludeTargets": "id",
			"registrationEnforcement.authenticationMethodsRegistrationCampaign.includeTargets": "id",
		},
		References: []Reference{
			{
				Path:    "registrationEnforcement.authenticationMethodsRegistrationCampaign.excludeTargets[].id",
				Targets: []string{"groups", "users"},
			},
			{
				Path:    "registrationEnforcement.authenticationMethodsRegistrationCampaign.includeTargets[].id",
				Targets: []string{"groups", "users"},
				Special: []string{"all_users"},
			},
		},
	},
	Place:     Place{Path: "/policies/authenticationMethodsPolicy", Singleton: true},
	Contained: []Contained{authenticationMethodConfigurations},
	Guarding: Guarding{
		Risk:  1,
		Tier0: "by which methods anybody can sign in",
		Permissions: Permissions{
			Read:  []string{"Policy.Read.AuthenticationMethod"},
			Write: []string{"Policy.ReadWrite.AuthenticationMethod"},
		},
	},
}

var authenticationMethodConfigurations = Contained{
	Name: "authenticationMethodConfigurations",
	Shape: Shape{
		Type:        "microsoft.graph.authenticationMethodConfiguration",
		NameFrom:    "id",
		Polymorphic: true,
		Update: []string{
			"allowExternalIdToUseEmailOtp", "appId", "authenticationModeConfiguration",
			"certificateAuthorityScopes", "certificateUserBindings", "crlValidationConfiguration",
			"defaultLength", "defaultLifetimeInMinutes", "defaultPasskeyProfile", "displayName",
			"excludeTargets", "featureSettings", "includeTargets", "isAttestationEnforced",
			"isOfficePhoneAllowed", "isSelfServiceRegistrationAllowed", "isSoftwareOathEnabled", "isUsableOnce",
			"issuerHintsConfiguration", "keyRestrictions", "maximumLifetimeInMinutes",
			"minimumLifetimeInMinutes", "openIdConnectSetting", "pinLength", "standardQRCodeLifetimeInDays",
			"state",
		},
		Sets: map[string]string{
			"authenticationModeConfiguration.rules":                                          "x509CertificateRuleType+identifier+issuerSubjectIdentifier+policyOidIdentifier",
			"certificateAuthorityScopes":                                                     "subjectKeyIdentifier",
			"certificateAuthorityScopes[].includeTargets":                                    "id",
			"certificateUserBindings":                                                        "x509CertificateField", // priority is in the element
			"crlValidationConfiguration.exemptedCertificateAuthoritiesSubjectKeyIdentifiers": "",
			"excludeTargets":                                                                 "id",
			"includeTargets":                                                                 "id",
			"includeTargets[].allowedPasskeyProfiles":                                        "",
			"includeTargets[].verifiedIdProfiles":                                            "",
			"keyRestrictions.aaGuids":                                                        "",
		},
		References: []Reference{
			{Path: "appId", Targets: []string{"servicePrincipals", "applications"}, By: "appId"},
			{Path: "certificateAuthorityScopes[].includeTargets[].id", Targets: []string{"groups"}, Special: []string{"all_users"}},
			{Path: "excludeTargets[].id", Targets: []string{"groups"}},
			featureTarget("displayAppInformationRequiredState.excludeTarget"),
			featureTarget("displayAppInformationRequiredState.includeTarget"),
			featureTarget("displayLocationInformationRequiredState.excludeTarget"),
			featureTarget("displayLocationInformationRequiredState.includeTarget"),
			{Path: "includeTargets[].id", Targets: []string{"groups"}, Special: []string{"all_users"}},
		},
	},
	Inline:     true,
	Key:        []string{"id"},
	UpdateOnly: true,
}

// featureTarget is whom a feature of the Authenticator applies to: everybody, nobody
// (the empty GUID) or a group.
func featureTarget(path string) Reference {
	return Reference{
		Path:    "featureSettings." + path + ".id",
		Targets: []string{"groups"},
		Special: []string{"all_users", "00000000-0000-0000-0000-000000000000"},
	}
}
