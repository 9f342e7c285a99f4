package seed

// accessForPeople are the policies that everyone meets.
func (c *company) accessForPeople() []object {
	resistant := controls("OR")
	// Graph returns the whole strength here; it is filled in when the policy is read.
	resistant["authenticationStrength"] = object{"id": strengthPhishingResistant}
	legacy := c.policy("CA002", "Block legacy authentication", "enabled", conditions{
		users:   object{"includeUsers": list("All"), "excludeGroups": list(c.id("groups", "break-glass"), c.id("groups", "ca-scanners"))},
		clients: []string{"exchangeActiveSync", "other"},
	}, controls("OR", "block"), nil)
	legacy["templateId"] = "0b2282f9-2862-4178-88b5-d79340b36cb8"
	return []object{
		c.policy("CA001", "Require phishing-resistant MFA for administrators", "enabled", conditions{
			users: object{"includeRoles": list(
				GlobalAdministrator, rolePrivilegedRoleAdministrator, roleSecurityAdministrator, roleConditionalAccess,
				roleExchangeAdministrator, roleSharePointAdministrator, roleUserAdministrator, roleHelpdeskAdministrator,
				roleApplicationAdministrator, roleCloudAppAdministrator, roleAuthenticationAdministrator, rolePrivilegedAuthentication,
			)},
		}, resistant, nil),
		legacy,
		c.policy("CA003", "Require MFA for all users", "enabled", conditions{
			users: object{
				"includeUsers": list("All"), "excludeRoles": list(roleDirectorySynchronization),
				"excludeUsers":                 list(c.user("bg1"), c.user("bg2"), c.user("sync")),
				"excludeGuestsOrExternalUsers": guests("internalGuest,b2bCollaborationGuest,b2bDirectConnectUser,serviceProvider", nil),
			},
			apps: object{"excludeApplications": list(c.appID("meeting-rooms"))},
		}, controls("OR", "mfa"), nil),
		c.policy("CA004", "Require MFA for guests and external users", "enabled", conditions{
			users: object{
				"includeGuestsOrExternalUsers": guests("internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider", nil),
				"excludeGuestsOrExternalUsers": guests("b2bCollaborationGuest", list(fabrikamTenant)),
			},
		}, controls("OR", "mfa"), session(object{"persistentBrowser": object{"isEnabled": true, "mode": "never"}})),
		c.policy("CA005", "Block sign-in from countries without an office", "enabled", conditions{
			users: object{"includeUsers": list("All"), "excludeGroups": list(c.id("groups", "break-glass"), c.id("groups", "ca-travel"))},
			more:  object{"locations": object{"includeLocations": list("All"), "excludeLocations": list(c.location("allowed"), "AllTrusted")}},
		}, controls("OR", "block"), nil),
	}
}

// guests returns a condition on external users: of the given tenants, or of all.
func guests(types string, tenants []any) object {
	from := object{"@odata.type": "#microsoft.graph.conditionalAccessAllExternalTenants", "membershipKind": "all"}
	if tenants != nil {
		from = object{"@odata.type": "#microsoft.graph.conditionalAccessEnumeratedExternalTenants", "membershipKind": "enumerated", "members": tenants}
	}
	return object{"guestOrExternalUserTypes": types, "externalTenants": from}
}

// accessForRisk are the policies that look at the device and at risk.
func (c *company) accessForRisk() []object {
	return []object{
		c.policy("CA006", "Office 365 on unmanaged devices: browser only, no download", "enabledForReportingButNotEnforced", conditions{
			users: object{"includeUsers": list("All")},
			apps: object{
				"includeApplications": list("Office365"),
				"applicationFilter":   object{"mode": "exclude", "rule": `CustomSecurityAttribute.Engineering_Project -eq "Baker"`},
			},
			clients: []string{"browser", "mobileAppsAndDesktopClients"},
			more: object{
				"platforms":         object{"includePlatforms": list("all"), "excludePlatforms": list("iOS", "android")},
				"devices":           object{"deviceFilter": object{"mode": "exclude", "rule": `device.isCompliant -eq True -or device.trustType -eq "ServerAD"`}},
				"insiderRiskLevels": "elevated",
			},
		}, nil, session(object{
			"applicationEnforcedRestrictions": object{"isEnabled": true},
			"cloudAppSecurity":                object{"isEnabled": true, "cloudAppSecurityType": "blockDownloads"},
			"disableResilienceDefaults":       true,
		})),
		c.policy("CA007", "Sign-in risk on sensitive applications: MFA every time", "enabled", conditions{
			users: object{"includeUsers": list("All")},
			apps:  object{"includeApplications": list("MicrosoftAdminPortals", appAzureManagement, c.appID("expenses"))},
			more:  object{"signInRiskLevels": list("high", "medium")},
		}, controls("OR", "mfa"), session(object{"signInFrequency": object{
			"isEnabled": true, "authenticationType": "primaryAndSecondaryAuthentication", "frequencyInterval": "everyTime", "type": nil, "value": nil,
		}})),
		c.policy("CA008", "User risk: change the password", "enabled", conditions{
			users: object{"includeUsers": list("All")},
			more:  object{"userRiskLevels": list("high")},
		}, controls("AND", "mfa", "passwordChange"), nil),
		c.policy("CA009", "Register security information from trusted networks or managed devices", "enabled", conditions{
			users: object{"includeUsers": list("All"), "excludeUsers": list(c.user("bg1"), c.user("bg2"), "GuestsOrExternalUsers")},
			apps:  object{"includeApplications": list[string](), "includeUserActions": list("urn:user:registersecurityinfo")},
			more:  object{"locations": object{"includeLocations": list("All"), "excludeLocations": list(c.location("hq"))}},
		}, controls("OR", "compliantDevice", "domainJoinedDevice", "mfa"), nil),
	}
}

// accessForRest are the policies for privileged actions, device code and workloads.
func (c *company) accessForRest() []object {
	return []object{
		c.policy("CA010", "Privileged actions: MFA every four hours", "enabled", conditions{
			users: object{"includeGroups": list(c.id("groups", "all-admins"))},
			apps:  object{"includeApplications": list[string](), "includeAuthenticationContextClassReferences": list("c1")},
		}, controls("OR", "mfa"), session(object{
			"persistentBrowser": object{"isEnabled": true, "mode": "never"},
			"signInFrequency": object{
				"isEnabled": true, "authenticationType": "primaryAndSecondaryAuthentication", "frequencyInterval": "timeBased", "type": "hours", "value": num(4),
			},
		})),
		c.policy("CA011", "Block device code flow and authentication transfer", "enabledForReportingButNotEnforced", conditions{
			users: object{"includeUsers": list("All"), "excludeGroups": list(c.id("groups", "break-glass"), c.id("groups", "ca-devicecode"))},
			apps:  object{"excludeApplications": list(c.appID("meeting-rooms"))},
			more:  object{"authenticationFlows": object{"transferMethods": "deviceCodeFlow,authenticationTransfer"}},
		}, controls("OR", "block"), nil),
		c.policy("CA012", "Workload identities: block outside our networks", "disabled", conditions{
			users: object{"includeUsers": list("None")},
			more: object{
				"servicePrincipalRiskLevels": list("high"),
				"clientApplications": object{
					"includeServicePrincipals": list("ServicePrincipalsInMyTenant"), "excludeServicePrincipals": list(c.id("servicePrincipals", "entragit")),
					"servicePrincipalFilter": nil,
				},
				"locations": object{"includeLocations": list("All"), "excludeLocations": list(c.location("hq"), c.location("partners"))},
			},
		}, controls("OR", "block"), nil),
	}
}
