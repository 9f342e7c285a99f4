package seed

// tenant yields what a tenant has once.
func (c *company) tenant(yield func(Record) bool) {
	families := each(
		Record{Path: "/organization", Body: c.organization()},
		Record{Path: "/policies/authorizationPolicy", Body: authorizationPolicy()},
		Record{Path: "/policies/identitySecurityDefaultsEnforcementPolicy", Body: object{
			"id": "00000000-0000-0000-0000-000000000005", "displayName": "Security Defaults", "isEnabled": false,
			"description": "Security defaults is a set of basic identity security mechanisms recommended by Microsoft.",
		}},
		Record{Path: "/policies/authenticationMethodsPolicy", Body: c.authenticationMethodsPolicy()},
	)
	concat(families, c.authenticationMethods, authenticationStrengths)(yield)
}

func (c *company) organization() object {
	return object{
		"id":                                   c.tenantID,
		"displayName":                          "Contoso",
		"businessPhones":                       list("+1 206 555 0100"),
		"city":                                 "Seattle",
		"country":                              "United States",
		"countryLetterCode":                    "US",
		"createdDateTime":                      day(0),
		"defaultUsageLocation":                 "US",
		"marketingNotificationEmails":          list("news@contoso.com"),
		"mobileDeviceManagementAuthority":      "intune",
		"onPremisesLastSyncDateTime":           day(2737),
		"onPremisesSyncEnabled":                true,
		"postalCode":                           "98101",
		"preferredLanguage":                    "en",
		"privacyProfile":                       object{"contactEmail": "privacy@contoso.com", "statementUrl": "https://www.contoso.com/privacy"},
		"securityComplianceNotificationMails":  list("security@contoso.com", "soc@contoso.com"),
		"securityComplianceNotificationPhones": list("+1 206 555 0111"),
		"state":                                "WA",
		"street":                               "1420 Fifth Avenue",
		"technicalNotificationMails":           list("admin@contoso.com", "kenji.tanaka@contoso.com"),
		"tenantType":                           "AAD",
		"assignedPlans": list(
			object{"assignedDateTime": day(400), "capabilityStatus": "Enabled", "service": "exchange", "servicePlanId": "efb87545-963c-4e0d-99df-69c6916d9eb0"},
			object{"assignedDateTime": day(400), "capabilityStatus": "Enabled", "service": "AADPremiumService", "servicePlanId": "eec0eb4f-6444-4f95-aba0-50c24d67f998"},
		),
		"provisionedPlans": list(
			object{"capabilityStatus": "Enabled", "provisioningStatus": "Success", "service": "exchange"},
		),
		"verifiedDomains": list(
			object{"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": true, "isInitial": false, "name": mainDomain, "type": "Managed"},
			object{"capabilities": "Email, OfficeCommunicationsOnline", "isDefault": false, "isInitial": true, "name": initialDomain, "type": "Managed"},
		),
	}
}

func authorizationPolicy() object {
	return object{
		"id":                                     "authorizationPolicy",
		"displayName":                            "Authorization Policy",
		"description":                            "Used to manage authorization related settings across the company.",
		"allowInvitesFrom":                       "adminsAndGuestInviters",
		"allowUserConsentForRiskyApps":           false,
		"allowedToSignUpEmailBasedSubscriptions": false,
		"allowedToUseSSPR":                       true,
		"allowEmailVerifiedUsersToJoinOrganization": false,
		"blockMsolPowerShell":                       true,
		"guestUserRoleId":                           "2af84b1e-32c8-42b7-82bc-daa82404023b",
		"defaultUserRolePermissions": object{
			"allowedToCreateApps":                      false,
			"allowedToCreateSecurityGroups":            false,
			"allowedToCreateTenants":                   false,
			"allowedToReadBitlockerKeysForOwnedDevice": true,
			"allowedToReadOtherUsers":                  true,
			"permissionGrantPoliciesAssigned": list(
				"ManagePermissionGrantsForSelf.microsoft-user-default-low",
				"ManagePermissionGrantsForOwnedResource.microsoft-dynamically-managed-permissions-for-team",
			),
		},
	}
}

// strength is an authentication strength.
type strength struct {
	id, name, about, form string
	combinations          []any
}

// The authentication strengths that Microsoft provides have the same ids in every tenant.
const (
	strengthMFA               = "00000000-0000-0000-0000-000000000002"
	strengthPasswordless      = "00000000-0000-0000-0000-000000000003"
	strengthPhishingResistant = "00000000-0000-0000-0000-000000000004"
)

// authenticationStrengths yields the strengths that Microsoft provides.
func authenticationStrengths(yield func(Record) bool) {
	resistant := []any{"windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"}
	passwordless := append(list("deviceBasedPush"), resistant...)
	mfa := append(list(
		"temporaryAccessPassOneTime", "temporaryAccessPassMultiUse", "password,microsoftAuthenticatorPush",
		"password,softwareOath", "password,hardwareOath", "password,sms", "password,voice", "federatedMultiFactor",
	), passwordless...)
	for _, s := range []strength{
		{strengthMFA, "Multifactor authentication", "Combinations of methods that satisfy strong authentication, such as a password + SMS", "builtIn", mfa},
		{strengthPasswordless, "Passwordless MFA", "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in with the Microsoft Authenticator", "builtIn", passwordless},
		{strengthPhishingResistant, "Phishing-resistant MFA", "Phishing-resistant, Passwordless methods for the strongest authentication, such as a FIDO2 security key", "builtIn", resistant},
	} {
		if !yield(Record{Path: "/policies/authenticationStrengthPolicies", Body: object{
			"id": s.id, "displayName": s.name, "description": s.about, "policyType": s.form,
			"requirementsSatisfied": "mfa", "allowedCombinations": s.combinations,
			"createdDateTime": "2021-12-01T00:00:00Z", "modifiedDateTime": "2021-12-01T00:00:00Z",
		}}) {
			return
		}
	}
}
