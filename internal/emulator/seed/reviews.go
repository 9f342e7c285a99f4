package seed

// Roles of entitlement management, by the ids that Microsoft publishes.
const (
	roleCatalogOwner   = "ae79f266-94d4-4dab-b730-feca7e132178"
	roleCatalogReader  = "44272f93-9762-48e8-af59-1b5351b1d6b3"
	rolePackageManager = "7f480852-ebdc-47d4-87de-0d8498384a83"
)

// entitlementRoles yields the roles of entitlement management, which every tenant has.
func (c *company) entitlementRoles(yield func(Record) bool) {
	role := func(id, name, about string) Record {
		return Record{Path: "/roleManagement/entitlementManagement/roleDefinitions", Body: object{
			"id": id, "displayName": name, "description": about, "isBuiltIn": true, "isEnabled": true, "templateId": id, "version": "1.0",
			"resourceScopes": list[string](), "rolePermissions": list[string](),
		}}
	}
	each(
		role(roleCatalogOwner, "Catalog owner", "Manages a catalog and its resources."),
		role(roleCatalogReader, "Catalog reader", "Sees a catalog and its access packages."),
		role(rolePackageManager, "Access package manager", "Manages the access packages of a catalog."),
	)(yield)
}

// entitlementSettings yields the organizations that packages are for, who manages catalogs,
// and what becomes of guests.
func (c *company) entitlementSettings(yield func(Record) bool) {
	organization := func(key, name, about, state string, sources []any, links map[string][]string) Record {
		return Record{Path: entitlementPath + "/connectedOrganizations", Links: links, Body: object{
			"id": c.id("connectedOrganizations", key), "displayName": name, "description": about, "state": state, "identitySources": sources,
			"createdDateTime": day(1600), "modifiedDateTime": day(2200),
		}}
	}
	manager := func(role, principal, scope string) Record {
		return Record{Path: "/roleManagement/entitlementManagement/roleAssignments", Body: object{
			"id": c.id("entitlementRoleAssignments", role+principal), "principalId": principal, "roleDefinitionId": role, "directoryScopeId": nil, "appScopeId": scope,
		}}
	}
	sales := "/AccessPackageCatalog/" + c.id("catalogs", "sales")
	each(
		organization("fabrikam", "Fabrikam", "Supplies the machines.", "configured",
			list(object{"@odata.type": "#microsoft.graph.azureActiveDirectoryTenant", "tenantId": fabrikamTenant, "displayName": "Fabrikam"}),
			map[string][]string{"internalSponsors": {c.user("cso"), c.id("groups", "guest-sponsors")}, "externalSponsors": {c.guest("Fabrikam")}}),
		organization("tailspin", "Tailspin Toys", "", "proposed", list(
			object{"@odata.type": "#microsoft.graph.externalDomainFederation", "domainName": "tailspintoys.com", "displayName": "Tailspin", "issuerUri": "https://sts.tailspintoys.com/issuer"},
			object{"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "tailspin.example", "displayName": "Tailspin (mail)"},
		), map[string][]string{"internalSponsors": {c.user("coo")}}),
		Record{Path: "/identityGovernance/entitlementManagement/settings", Body: object{
			"id": "singleton", "externalUserLifecycleAction": "blockSignInAndDelete", "durationUntilExternalUserDeletedAfterBlocked": "P30D",
		}},
		manager(roleCatalogOwner, c.user("cso"), sales),
		manager(rolePackageManager, c.id("groups", "guest-sponsors"), sales),
		manager(roleCatalogReader, c.id("servicePrincipals", "entragit"), "/"),
	)(yield)
}

// guest returns the id of a guest from a company.
func (c *company) guest(company string) string {
	for n := len(c.cast); n < len(c.people); n++ {
		if c.person(n).use == useGuest && guestCompanies[(n-len(c.cast))/12%len(guestCompanies)].name == company {
			return c.people[n]
		}
	}
	return c.user("ceo")
}

// accessReviews yields who looks at what again, and when.
func (c *company) accessReviews(yield func(Record) bool) {
	query := func(text string) object {
		return object{"query": text, "queryType": "MicrosoftGraph", "queryRoot": nil}
	}
	scoped := func(form, text string) object {
		s := query(text)
		s["@odata.type"] = "#microsoft.graph." + form
		return s
	}
	review := func(key, name, about string, more object) Record {
		body := object{
			"id": c.id("accessReviews", key), "displayName": name, "createdDateTime": day(2100), "lastModifiedDateTime": day(2500), "status": "InProgress",
			"descriptionForAdmins": about, "descriptionForReviewers": "Is this still needed?",
			"createdBy":                object{"id": c.user("ciso"), "displayName": "Priya Raghunathan", "userPrincipalName": "priya.raghunathan@contoso.com", "ipAddress": nil},
			"instanceEnumerationScope": nil, "fallbackReviewers": list[string](), "stageSettings": list[string](),
			"additionalNotificationRecipients": list[string](), "settings": reviewSettings(),
		}
		overlay(body, more)
		return Record{Path: "/identityGovernance/accessReviews/definitions", Body: body}
	}
	admins := "/groups/" + c.id("groups", "tier0-admins")
	each(
		review("tier0", "Tier 0, quarterly", "Who can take over the tenant.", object{
			"scope":             scoped("accessReviewQueryScope", "/v1.0"+admins+"/transitiveMembers"),
			"reviewers":         list(query("/users/"+c.user("cio")), query("/users/"+c.user("ciso"))),
			"fallbackReviewers": list(query("/users/"+c.user("clo")), query("/users/"+c.user("ceo"))),
			"additionalNotificationRecipients": list(object{
				"notificationTemplateType": "CompletedAdditionalRecipients",
				"notificationRecipientScope": object{
					"@odata.type": "#microsoft.graph.accessReviewNotificationRecipientQueryScope", "query": "/v1.0" + admins + "/owners", "queryType": "MicrosoftGraph", "queryRoot": nil,
				},
			}),
		}),
		review("guests", "Guests in every team", "", object{
			"scope":                    scoped("accessReviewQueryScope", "./members/microsoft.graph.user/?$count=true&$filter=(userType eq 'Guest')"),
			"instanceEnumerationScope": scoped("accessReviewQueryScope", "/groups?$filter=(groupTypes/any(c:c+eq+'Unified'))&$count=true"),
			"reviewers":                list(object{"query": "./owners", "queryType": "MicrosoftGraph", "queryRoot": nil}),
			"stageSettings": list(
				c.stage("1", nil, "/users/"+c.user("cso")),
				c.stage("2", list("1"), "/users/"+c.user("ciso")),
			),
		}),
		review("roles", "Inactive administrators", "Nobody signed in for two months.", object{
			"scope": object{
				"@odata.type":     "#microsoft.graph.principalResourceMembershipsScope",
				"principalScopes": list(scoped("accessReviewQueryScope", "/v1.0/users"), scoped("accessReviewQueryScope", "/v1.0/groups")),
				"resourceScopes":  list(scoped("accessReviewQueryScope", "/beta/roleManagement/directory/roleDefinitions/"+GlobalAdministrator)),
			},
			"reviewers": list(query("/users/" + c.user("ciso"))),
		}),
	)(yield)
}

func (c *company) stage(id string, after []any, reviewer string) object {
	if after == nil {
		after = list[string]()
	}
	return object{
		"stageId": id, "dependsOn": after, "durationInDays": num(3), "recommendationsEnabled": true, "fallbackReviewers": list[string](),
		"decisionsThatWillMoveToNextStage": list("NotReviewed", "Approve"), "recommendationInsightSettings": list[string](),
		"reviewers": list(object{"query": reviewer, "queryType": "MicrosoftGraph", "queryRoot": nil}),
	}
}

func reviewSettings() object {
	return object{
		"mailNotificationsEnabled": true, "reminderNotificationsEnabled": true, "justificationRequiredOnApproval": true,
		"defaultDecisionEnabled": false, "defaultDecision": "None", "instanceDurationInDays": num(10), "autoApplyDecisionsEnabled": false,
		"recommendationsEnabled": true, "recommendationLookBackDuration": nil, "decisionHistoriesForReviewersEnabled": false,
		"applyActions": list(object{"@odata.type": "#microsoft.graph.removeAccessApplyAction"}), "recurrence": recurrence("absoluteMonthly", 3),
		"recommendationInsightSettings": list(object{
			"@odata.type": "#microsoft.graph.userLastSignInRecommendationInsightSetting", "recommendationLookBackDuration": "P30D", "signInScope": "tenant",
		}),
	}
}

// termsOfUse yields what people must agree to.
func (c *company) termsOfUse(yield func(Record) bool) {
	yield(Record{Path: "/agreements", Body: object{
		"id": c.id("agreements", "guests"), "displayName": "Terms for guests", "isViewingBeforeAcceptanceRequired": true,
		"isPerDeviceAcceptanceRequired": false, "userReacceptRequiredFrequency": "P90D",
		"termsExpiration": object{"startDateTime": day(2000), "frequency": "P365D"},
		"file":            object{"id": c.id("agreementFiles", "guests"), "fileName": "guests.pdf", "language": "en", "isDefault": true, "isMajorVersion": true},
	}})
}
