package seed

// crossTenantAccess yields who from other organizations may work here, and who from here
// there.
func (c *company) crossTenantAccess(yield func(Record) bool) {
	const path = "/policies/crossTenantAccessPolicy"
	each(
		Record{Path: path, Body: object{
			"id": "crossTenantAccessPolicy", "displayName": "CrossTenantAccessPolicy", "description": nil,
			"allowedCloudEndpoints": list("microsoftonline.us", "partner.microsoftonline.cn"),
		}},
		Record{Path: path + "/default", Body: c.crossTenantDefault()},
		Record{Path: path + "/partners", Body: c.fabrikamAccess()},
		Record{Path: path + "/partners/" + fabrikamTenant + "/identitySynchronization", Body: object{
			"tenantId": fabrikamTenant, "displayName": "Fabrikam", "userSyncInbound": object{"isSyncAllowed": true},
		}},
		Record{Path: path + "/partners", Body: object{
			"tenantId": c.id("tenants", "northwind"), "isServiceProvider": true, "isInMultiTenantOrganization": false,
			"automaticUserConsentSettings": object{"inboundAllowed": false, "outboundAllowed": false},
			"inboundTrust":                 trust(true, false, false), "m365CollaborationInbound": object{"users": access("blocked", "user", "AllUsers")},
			"m365CollaborationOutbound": object{"usersAndGroups": access("allowed", "group", c.id("groups", "guest-sponsors"))},
			"appServiceConnectInbound":  object{"applications": access("allowed", "application", "AllApplications")},
			"tenantRestrictions":        both(access("blocked", "user", "AllUsers"), access("blocked", "application", "AllApplications")),
		}},
		Record{Path: path + "/partners", Body: object{
			"tenantId": c.id("tenants", "adatum"), "isServiceProvider": false, "isInMultiTenantOrganization": false,
		}},
	)(yield)
}

// access returns a setting about targets of one type.
func access(verdict, form string, targets ...string) object {
	var all []any
	for _, t := range targets {
		all = append(all, object{"target": t, "targetType": form})
	}
	return object{"accessType": verdict, "targets": all}
}

func both(people, applications object) object {
	return object{"usersAndGroups": people, "applications": applications}
}

func trust(mfa, compliant, hybrid bool) object {
	return object{"isMfaAccepted": mfa, "isCompliantDeviceAccepted": compliant, "isHybridAzureADJoinedDeviceAccepted": hybrid}
}

func (c *company) crossTenantDefault() object {
	everyone, everything := access("allowed", "user", "AllUsers"), access("allowed", "application", "AllApplications")
	nobody, nothing := access("blocked", "user", "AllUsers"), access("blocked", "application", "AllApplications")
	return object{
		"id": "default", "isServiceDefault": false, "inboundTrust": trust(false, false, false),
		"b2bCollaborationInbound":  both(everyone, access("allowed", "application", c.appID("portal"), c.appID("wiki"))),
		"b2bCollaborationOutbound": both(access("allowed", "group", c.id("groups", "ca-pilot"), c.id("groups", "guest-sponsors")), everything),
		"b2bDirectConnectInbound":  both(nobody, nothing), "b2bDirectConnectOutbound": both(nobody, nothing),
		"m365CollaborationInbound": object{"users": everyone}, "m365CollaborationOutbound": object{"usersAndGroups": everyone},
		"appServiceConnectInbound": object{"applications": nothing},
		"tenantRestrictions": object{
			"usersAndGroups": nobody, "applications": nothing,
			"devices": object{"mode": "blocked", "rule": `device.isCompliant -eq False`},
		},
		"automaticUserConsentSettings": object{"inboundAllowed": false, "outboundAllowed": false},
		"invitationRedemptionIdentityProviderConfiguration": object{
			"primaryIdentityProviderPrecedenceOrder": list("externalFederation", "azureActiveDirectory", "socialIdentityProviders"),
			"fallbackIdentityProvider":               "emailOneTimePasscode",
		},
	}
}

// fabrikamAccess is the agreement with the closest partner: synchronized people, no prompts.
func (c *company) fabrikamAccess() object {
	return object{
		"tenantId": fabrikamTenant, "isServiceProvider": false, "isInMultiTenantOrganization": false,
		"automaticUserConsentSettings": object{"inboundAllowed": true, "outboundAllowed": true}, "inboundTrust": trust(true, true, false),
		"b2bCollaborationInbound":  both(access("allowed", "group", "5c0e1f37-9d0b-4b0e-8a53-6f1f0a1b2c3d"), access("allowed", "application", c.appID("expenses"))),
		"b2bCollaborationOutbound": both(access("allowed", "user", c.user("cso"), c.user("payroll")), access("allowed", "application", "AllApplications")),
		"b2bDirectConnectInbound":  both(access("allowed", "user", "AllUsers"), access("allowed", "application", "Office365")),
		"b2bDirectConnectOutbound": both(access("allowed", "group", c.id("groups", "department-sales-team")), access("allowed", "application", "Office365")),
	}
}
