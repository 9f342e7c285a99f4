package seed

// authenticationMethodsPolicy is the policy itself; the methods are a collection of
// their own.
func (c *company) authenticationMethodsPolicy() object {
	return object{
		"id":                   "authenticationMethodsPolicy",
		"displayName":          "Authentication Methods Policy",
		"description":          "The tenant-wide policy that controls which authentication methods are allowed in the tenant, authentication method registration requirements, and self-service password reset settings",
		"lastModifiedDateTime": day(2400),
		"policyVersion":        "1.5",
		"policyMigrationState": "migrationComplete",
		"reconfirmationInDays": num(180),
		"registrationEnforcement": object{
			"authenticationMethodsRegistrationCampaign": object{
				"snoozeDurationInDays": num(3),
				"state":                "enabled",
				"excludeTargets":       c.targets("break-glass"),
				"includeTargets": list(object{
					"id": "all_users", "targetType": "group", "targetedAuthenticationMethod": "microsoftAuthenticator",
				}),
			},
		},
	}
}

// targets returns groups as the targets of a method.
func (c *company) targets(groups ...string) []any {
	targets := []any{}
	if c.bare {
		return targets
	}
	for _, key := range groups {
		targets = append(targets, object{"id": c.id("groups", key), "targetType": "group"})
	}
	return targets
}

// include returns a method's include target: a group, or everyone when key is empty.
func (c *company) include(key string, extra object) object {
	target := object{"id": "all_users", "targetType": "group", "isRegistrationRequired": false}
	if key != "" && !c.bare {
		target["id"] = c.id("groups", key)
	}
	for k, v := range extra {
		target[k] = v
	}
	return target
}

// authenticationMethods yields the configuration of each method that v1.0 knows.
func (c *company) authenticationMethods(yield func(Record) bool) {
	methods := append(c.strongMethods(), c.weakMethods()...)
	if !c.bare {
		methods = append(methods, c.externalMethod())
	}
	for _, method := range methods {
		method["@odata.type"] = "#microsoft.graph." + method["@odata.type"].(string)
		if method["excludeTargets"] == nil {
			method["excludeTargets"] = list[string]()
		}
		if !yield(Record{Path: "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations", Body: method}) {
			return
		}
	}
}

func (c *company) strongMethods() []object {
	everyone := object{"id": "all_users", "targetType": "group"}
	nobody := object{"id": "00000000-0000-0000-0000-000000000000", "targetType": "group"}
	exempt := any(nobody)
	if !c.bare {
		exempt = c.targets("break-glass")[0]
	}
	return []object{
		{
			"@odata.type": "fido2AuthenticationMethodConfiguration", "id": "Fido2", "state": "enabled",
			"isSelfServiceRegistrationAllowed": true, "isAttestationEnforced": true, "defaultPasskeyProfile": "00000000-0000-0000-0000-000000000001",
			"keyRestrictions": object{
				"isEnforced": true, "enforcementType": "allow",
				// Models of YubiKey 5 and the passkeys of Microsoft Authenticator.
				"aaGuids": list("cb69481e-8ff7-4039-93ec-0a2729a154a8", "de1e552d-db1d-4423-a619-566b625cdc84", "90a3ccdf-635c-4729-a248-9b709135078f"),
			},
			"includeTargets": list(c.include("", nil)),
		},
		{
			"@odata.type": "microsoftAuthenticatorAuthenticationMethodConfiguration", "id": "MicrosoftAuthenticator", "state": "enabled",
			"isSoftwareOathEnabled": false, "excludeTargets": c.targets("contractors", "board"),
			"featureSettings": object{
				"displayAppInformationRequiredState":      object{"state": "enabled", "includeTarget": everyone, "excludeTarget": nobody},
				"displayLocationInformationRequiredState": object{"state": "enabled", "includeTarget": everyone, "excludeTarget": exempt},
			},
			"includeTargets": list(c.include("", object{"authenticationMode": "any"}), c.include("tier1-admins", object{"authenticationMode": "deviceBasedPush"})),
		},
		{
			"@odata.type": "temporaryAccessPassAuthenticationMethodConfiguration", "id": "TemporaryAccessPass", "state": "enabled",
			"defaultLength": num(12), "defaultLifetimeInMinutes": num(60), "isUsableOnce": true,
			"minimumLifetimeInMinutes": num(60), "maximumLifetimeInMinutes": num(480),
			"excludeTargets": c.targets("break-glass"), "includeTargets": list(c.include("", nil)),
		},
		{
			"@odata.type": "x509CertificateAuthenticationMethodConfiguration", "id": "X509Certificate", "state": "disabled",
			"certificateUserBindings": list(
				object{"x509CertificateField": "PrincipalName", "userProperty": "userPrincipalName", "priority": num(1), "trustAffinityLevel": "low"},
				object{"x509CertificateField": "SubjectKeyIdentifier", "userProperty": "certificateUserIds", "priority": num(2), "trustAffinityLevel": "high"},
			),
			"authenticationModeConfiguration": object{
				"x509CertificateAuthenticationDefaultMode":    "x509CertificateSingleFactor",
				"x509CertificateDefaultRequiredAffinityLevel": "low",
				"rules": list(object{
					"x509CertificateRuleType": "policyOID", "identifier": "1.3.6.1.4.1.311.21.8.7", "policyOidIdentifier": "1.3.6.1.4.1.311.21.8.7",
					"issuerSubjectIdentifier": nil, "x509CertificateAuthenticationMode": "x509CertificateMultiFactor", "x509CertificateRequiredAffinityLevel": "high",
				}),
			},
			"certificateAuthorityScopes": list(object{
				"subjectKeyIdentifier": "9A4248C6AC8C2931AB2A86537818E92E7B6C97B6", "publicKeyInfrastructureIdentifier": "corporate",
				"includeTargets": c.targets("tier1-admins"),
			}),
			"crlValidationConfiguration": object{"state": "enabled", "exemptedCertificateAuthoritiesSubjectKeyIdentifiers": list[string]()},
			"issuerHintsConfiguration":   object{"state": "disabled"},
			"includeTargets":             list(c.include("", nil)),
		},
	}
}

func (c *company) weakMethods() []object {
	return []object{
		{
			"@odata.type": "smsAuthenticationMethodConfiguration", "id": "Sms", "state": "enabled",
			"excludeTargets": c.targets("all-admins"), "includeTargets": list(c.include("department-operations", object{"isUsableForSignIn": true})),
		},
		{
			"@odata.type": "voiceAuthenticationMethodConfiguration", "id": "Voice", "state": "disabled",
			"isOfficePhoneAllowed": false, "includeTargets": list(c.include("", nil)),
		},
		{
			"@odata.type": "emailAuthenticationMethodConfiguration", "id": "Email", "state": "enabled",
			"allowExternalIdToUseEmailOtp": "enabled", "includeTargets": list(c.include("", nil)),
		},
		{
			"@odata.type": "softwareOathAuthenticationMethodConfiguration", "id": "SoftwareOath", "state": "enabled",
			"includeTargets": list(c.include("all-staff", nil)),
		},
		{
			"@odata.type": "qrCodePinAuthenticationMethodConfiguration", "id": "QRCodePin", "state": "disabled",
			"standardQRCodeLifetimeInDays": num(365), "pinLength": num(8), "includeTargets": list(c.include("department-operations", nil)),
		},
	}
}

// externalMethod is a method of another vendor.
func (c *company) externalMethod() object {
	return object{
		"@odata.type": "externalAuthenticationMethodConfiguration", "id": c.id("authenticationMethodConfigurations", "adatum"), "state": "disabled",
		"displayName": "Adatum Push", "appId": c.appID("adatum-push"),
		"openIdConnectSetting": object{"clientId": "contoso-entra", "discoveryUrl": "https://login.adatum.com/.well-known/openid-configuration"},
		"includeTargets":       list(c.include("ca-pilot", nil)),
	}
}
