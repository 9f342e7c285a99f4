package seed

import "strings"

// otherPolicies yields the policies about tokens, applications and consent.
func (c *company) otherPolicies(yield func(Record) bool) {
	concat(c.definedPolicies, c.appManagement, c.consent, c.flows)(yield)
}

// definedPolicies yields the policies that are JSON documents, with what they apply to.
func (c *company) definedPolicies(yield func(Record) bool) {
	policy := func(collection, key, name, about, definition string, isDefault bool, from ...string) Record {
		rec := Record{Path: "/policies/" + collection, Body: object{
			"id": c.id(collection, key), "displayName": name, "description": nullable(about), "definition": list(definition),
			"isOrganizationDefault": isDefault, "deletedDateTime": nil,
		}}
		if len(from) > 0 {
			rec.From = map[string][]string{collection: from}
		}
		return rec
	}
	app := func(key string) string { return c.id("applications", key) }
	principal := func(key string) string { return c.id("servicePrincipals", key) }
	each(
		policy("tokenLifetimePolicies", "short", "Short tokens", "For applications that move money.",
			`{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"00:30:00"}}`, false, app("expenses"), principal("datalake")),
		policy("tokenLifetimePolicies", "default", "Tenant default", "", `{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"01:10:00"}}`, true),
		policy("tokenIssuancePolicies", "saml", "SAML 1.1 for the old portal", "Remove once the vendor upgrades.",
			`{"TokenIssuancePolicy":{"TokenResponseSigningPolicy":"TokenOnly","SamlTokenVersion":"1.1","SigningAlgorithm":"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256","Version":1}}`, false, app("saml-crm")),
		policy("claimsMappingPolicies", "crm", "Claims for the CRM", "Employee number and site.",
			`{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true","ClaimsSchema":[{"Source":"user","ID":"employeeid","SamlClaimType":"http://contoso.com/claims/employee"},{"Source":"user","ID":"extensionattribute1","JwtClaimType":"site"}]}}`, false, principal("saml-crm"), principal("portal")),
		policy("claimsMappingPolicies", "empty", "No basic claims", "", `{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"false"}}`, false),
		policy("homeRealmDiscoveryPolicies", "accelerate", "Straight to AD FS", "Meeting rooms have no keyboard.",
			`{"HomeRealmDiscoveryPolicy":{"AccelerateToFederatedDomain":true,"PreferredDomain":"adfs.contoso.com"}}`, false, principal("meeting-rooms")),
		policy("homeRealmDiscoveryPolicies", "default", "Alternate sign-in names", "", `{"HomeRealmDiscoveryPolicy":{"AlternateIdLogin":{"Enabled":true}}}`, true),
		policy("activityBasedTimeoutPolicies", "portals", "Portals sign out", "After an hour without a click.",
			`{"ActivityBasedTimeoutPolicy":{"Version":1,"ApplicationPolicies":[{"ApplicationId":"default","WebSessionIdleTimeout":"01:00:00"},{"ApplicationId":"c44b4083-3bb0-49c1-b47d-974e53cbdf3c","WebSessionIdleTimeout":"00:15:00"}]}}`, true),
	)(yield)
}

// appManagement yields the rules about the credentials of applications.
func (c *company) appManagement(yield func(Record) bool) {
	exempt := func() object {
		return object{"customSecurityAttributes": list(object{
			"@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption", "id": "Engineering_Team", "operator": "equals", "value": "Platform",
		})}
	}
	passwords := func(days, state string) []any {
		return list(
			object{"restrictionType": "passwordAddition", "maxLifetime": nil, "state": state, "restrictForAppsCreatedAfterDateTime": day(1800), "excludeActors": exempt()},
			object{"restrictionType": "passwordLifetime", "maxLifetime": days, "state": "enabled", "restrictForAppsCreatedAfterDateTime": day(1500), "excludeActors": nil},
			object{"restrictionType": "symmetricKeyAddition", "maxLifetime": nil, "state": "disabled", "restrictForAppsCreatedAfterDateTime": day(1800), "excludeActors": nil},
		)
	}
	keys := func(days string) []any {
		return list(object{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": days, "state": "enabled", "restrictForAppsCreatedAfterDateTime": day(1500), "excludeActors": nil})
	}
	uris := func() object {
		restriction := object{
			"state": "enabled", "restrictForAppsCreatedAfterDateTime": day(2000), "excludeAppsReceivingV2Tokens": true, "excludeSaml": true,
			"isStateSetByMicrosoft": false, "excludeActors": exempt(),
		}
		return object{"nonDefaultUriAddition": restriction, "uriAdditionWithoutUniqueTenantIdentifier": nil}
	}
	each(
		Record{
			Path: "/policies/appManagementPolicies", Body: object{
				"id": c.id("appManagementPolicies", "sap"), "displayName": "Longer secrets for SAP", "description": "Their connector cannot rotate.", "isEnabled": true,
				"restrictions": object{
					"passwordCredentials": passwords("P365D", "disabled"), "keyCredentials": keys("P730D"),
					"applicationRestrictions": object{"identifierUris": uris()},
				},
			},
			From: map[string][]string{"appManagementPolicies": {c.id("applications", "hr-feed"), c.id("servicePrincipals", "fabrikam")}},
		},
		Record{Path: "/policies/appManagementPolicies", Body: object{
			"id": c.id("appManagementPolicies", "spare"), "displayName": "Nothing yet", "description": "", "isEnabled": false,
			"restrictions": object{"passwordCredentials": list[string](), "keyCredentials": list[string](), "applicationRestrictions": nil},
		}},
		Record{Path: "/policies/defaultAppManagementPolicy", Body: object{
			"id": "00000000-0000-0000-0000-000000000000", "displayName": "Default app management tenant policy",
			"description": "Default tenant policy that enforces app management restrictions on applications and service principals.", "isEnabled": true,
			"applicationRestrictions":      object{"passwordCredentials": passwords("P90D", "enabled"), "keyCredentials": keys("P365D"), "identifierUris": uris()},
			"servicePrincipalRestrictions": object{"passwordCredentials": passwords("P90D", "enabled"), "keyCredentials": keys("P365D")},
		}},
	)(yield)
}

// consent yields who may consent to what, and who is asked otherwise.
func (c *company) consent(yield func(Record) bool) {
	const path = "/policies/permissionGrantPolicies"
	policy := func(id, name, about string) Record {
		return Record{Path: path, Body: object{"id": id, "displayName": name, "description": about, "deletedDateTime": nil}}
	}
	set := func(policy, kind string, more object) Record {
		// Microsoft's have the same ids in every tenant.
		space := "microsoft"
		if !strings.HasPrefix(policy, "microsoft-") {
			space = c.tenantID
		}
		body := object{"id": ID(space, "conditionSets", policy+kind+textOf(more["permissionType"])), "permissionType": "delegated"}
		overlay(body, ConditionDefaults())
		overlay(body, more)
		return Record{Path: path + "/" + policy + "/" + kind, Body: body}
	}
	each(
		policy("microsoft-all-application-permissions", "All application permissions", "Includes all application permissions (app roles), for all APIs, for any client application."),
		set("microsoft-all-application-permissions", "includes", object{"permissionType": "application"}),
		policy("microsoft-user-default-low", "Default user low risk policy", "Permissions consentable based on Microsoft's current recommendations."),
		set("microsoft-user-default-low", "includes", object{"permissionClassification": "low", "clientApplicationsFromVerifiedPublisherOnly": true}),
		set("microsoft-user-default-low", "includes", object{"permissionType": "delegatedUserConsentable", "clientApplicationTenantIds": list(c.tenantID)}),
		policy("microsoft-dynamically-managed-permissions-for-team", "Microsoft dynamically managed permissions for teams", "What owners of a team may let applications do in it."),
		set("microsoft-dynamically-managed-permissions-for-team", "includes", object{"permissionType": "application", "resourceApplication": appGraph}),
		policy("contoso-verified", "Verified publishers, low impact", "What people may consent to by themselves."),
		set("contoso-verified", "includes", object{"permissionClassification": "low", "clientApplicationsFromVerifiedPublisherOnly": true, "resourceApplication": appGraph}),
		set("contoso-verified", "includes", object{
			"permissionType": "application", "clientApplicationIds": list(c.appID("portal"), c.appID("wiki")),
			"resourceApplication": appGraph, "permissions": list("df021288-bdef-4463-88db-98f22de89214", "5b567255-7703-4780-807c-7be8301ae99b"),
		}),
		set("contoso-verified", "excludes", object{"clientApplicationTenantIds": list(fabrikamTenant), "clientApplicationPublisherIds": list("5206095")}),
		policy("contoso-empty", "Nothing", "Nobody may consent."),
		Record{Path: "/policies/adminConsentRequestPolicy", Body: object{
			"isEnabled": true, "notifyReviewers": true, "remindersEnabled": true, "requestDurationInDays": num(30), "version": num(4),
			"reviewers": list(
				object{"query": "/v1.0/users/" + c.user("ciso"), "queryType": "MicrosoftGraph", "queryRoot": nil},
				object{"query": "/v1.0/groups/" + c.id("groups", "auth-admins") + "/transitiveMembers/microsoft.graph.user", "queryType": "MicrosoftGraph", "queryRoot": nil},
			),
		}},
	)(yield)
}

// classifications yields the delegated permissions that count as low impact.
func (c *company) classifications(yield func(Record) bool) {
	for _, p := range graphScopes() {
		if p.value != "User.Read" && p.value != "openid" && p.value != "profile" {
			continue
		}
		graph := c.id("servicePrincipals", "graph")
		if !yield(Record{Path: "/servicePrincipals/" + graph + "/delegatedPermissionClassifications", Body: object{
			"id": c.longID("classification", p.value), "permissionId": p.id, "permissionName": p.value, "classification": "low",
		}}) {
			return
		}
	}
}

// flows yields the policies about how people and devices get in.
func (c *company) flows(yield func(Record) bool) {
	chosen := object{
		"@odata.type": "#microsoft.graph.enumeratedDeviceRegistrationMembership",
		"users":       list(c.user("cio")), "groups": list(c.id("groups", "all-staff"), c.id("groups", "ca-pilot")),
	}
	each(
		Record{Path: "/policies/authenticationFlowsPolicy", Body: object{
			"id": "authenticationFlowsPolicy", "displayName": "Authentication flows policy", "selfServiceSignUp": object{"isEnabled": true},
			"description": "Authentication flows policy allows modification of settings related to authentication flows in AAD tenant, such as self-service sign up configuration.",
		}},
		Record{Path: "/policies/deviceRegistrationPolicy", Body: object{
			"id": "deviceRegistrationPolicy", "displayName": "Device Registration Policy", "userDeviceQuota": num(50), "multiFactorAuthConfiguration": "required",
			"description": "Tenant-wide policy that manages initial provisioning controls using quota restrictions, additional authentication and authorization checks",
			"azureADJoin": object{"isAdminConfigurable": true, "allowedToJoin": chosen, "localAdmins": object{
				"enableGlobalAdmins": false, "registeringUsers": object{"@odata.type": "#microsoft.graph.noDeviceRegistrationMembership"},
			}},
			"azureADRegistration": object{"isAdminConfigurable": false, "allowedToRegister": object{"@odata.type": "#microsoft.graph.allDeviceRegistrationMembership"}},
			"localAdminPassword":  object{"isEnabled": true},
		}},
		Record{
			Path: "/policies/featureRolloutPolicies", Links: map[string][]string{"appliesTo": {c.id("groups", "ca-pilot")}},
			Body: object{
				"id": c.id("featureRolloutPolicies", "phs"), "displayName": "Password hash sync", "description": "Away from AD FS.",
				"feature": "passwordHashSync", "isEnabled": true, "isAppliedToOrganization": false,
			},
		},
		Record{Path: "/directory/onPremisesSynchronization", Body: object{
			"id": c.tenantID, "features": object{"passwordSyncEnabled": true, "passwordWritebackEnabled": true, "blockSoftMatchEnabled": true},
			"configuration": object{"accidentalDeletionPrevention": object{"synchronizationPreventionType": "enabledForCount", "alertThreshold": num(500)}},
		}},
	)(yield)
}

// ConditionDefaults returns the values of a condition set that leave nothing out.
func ConditionDefaults() map[string]any {
	return object{
		"permissionClassification": "all", "permissions": []any{"all"}, "resourceApplication": "any",
		"clientApplicationIds": []any{"all"}, "clientApplicationTenantIds": []any{"all"}, "clientApplicationPublisherIds": []any{"all"},
		"clientApplicationsFromVerifiedPublisherOnly": false,
	}
}
