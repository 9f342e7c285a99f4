package seed

// governance yields what people can ask for, and who looks at it again.
func (c *company) governance(yield func(Record) bool) {
	concat(c.catalogs, c.accessPackages, c.assignmentPolicies, c.entitlementSettings, c.accessReviews, c.termsOfUse)(yield)
}

// catalogs yields the catalogs with their resources.
func (c *company) catalogs(yield func(Record) bool) {
	catalog := func(key, name, about, form, state string, external bool) Record {
		return Record{Path: entitlementPath + "/catalogs", Body: object{
			"id": c.id("catalogs", key), "displayName": name, "description": about, "catalogType": form, "state": state,
			"isExternallyVisible": external, "createdDateTime": day(1700), "modifiedDateTime": day(2300),
		}}
	}
	resource := func(key, system, origin, name, about string) Record {
		return Record{Path: entitlementPath + "/catalogs" + "/" + c.id("catalogs", key) + "/resources", Body: object{
			"id": c.id("resources", key+name), "originId": origin, "originSystem": system, "displayName": name, "description": nullable(about),
			"attributes": list[string](), "createdDateTime": day(1701), "modifiedDateTime": day(1701),
		}}
	}
	each(
		catalog("general", "General", "Built-in catalog.", "serviceDefault", "published", true),
		catalog("sales", "Sales", "What people in the field need.", "userManaged", "published", true),
		resource("sales", "AadGroup", c.id("groups", "department-sales-team"), "Sales", "Team of Sales."),
		resource("sales", "AadApplication", c.id("servicePrincipals", "saml-crm"), "Northwind CRM (SAML)", "Single sign-on to the customer database."),
		resource("sales", "SharePointOnline", "https://contoso.sharepoint.com/sites/sales", "https://contoso.sharepoint.com/sites/sales", ""),
		catalog("labs", "Labs", "Not open yet.", "userManaged", "unpublished", false),
		resource("labs", "AadGroup", c.id("groups", "r-and-d"), "R&D | Prototypes: 试验 №7", prototypes),
	)(yield)
}

// accessPackages yields the packages with what they give and what they exclude.
func (c *company) accessPackages(yield func(Record) bool) {
	pack := func(key, catalog, name, about string, hidden bool, links map[string][]string) Record {
		return Record{Path: entitlementPath + "/accessPackages", Links: links, Body: object{
			"id": c.id("accessPackages", key), "displayName": name, "description": about, "isHidden": hidden,
			"createdDateTime": day(1750), "modifiedDateTime": day(2310), "catalog": object{"id": c.id("catalogs", catalog)},
		}}
	}
	gives := func(key, role, name, system, origin string) Record {
		roleID, scopeID := c.id("resourceRoles", key+role), c.id("resourceScopes", key+origin)
		return Record{Path: entitlementPath + "/accessPackages" + "/" + c.id("accessPackages", key) + "/resourceRoleScopes", Body: object{
			"id": roleID + "_" + scopeID, "createdDateTime": day(1751),
			"role":  object{"id": roleID, "displayName": name, "description": nil, "originSystem": system, "originId": role},
			"scope": object{"id": scopeID, "displayName": "Root", "description": "Root Scope", "originId": origin, "originSystem": system, "isRootScope": true},
		}}
	}
	team := c.id("groups", "department-sales-team")
	each(
		pack("sales", "sales", "Sales representative", "Access for the road.", false, map[string][]string{
			"incompatibleAccessPackages": {c.id("accessPackages", "auditor")}, "incompatibleGroups": {c.id("groups", "department-finance-team")},
		}),
		gives("sales", "Member_"+team, "Member", "AadGroup", team),
		gives("sales", "00000000-0000-0000-0000-000000000000", "Default Access", "AadApplication", c.id("servicePrincipals", "saml-crm")),
		pack("auditor", "sales", "Auditor", "Reads everything, for a month.", true, nil),
		gives("auditor", "Owner_"+team, "Owner", "AadGroup", team),
		pack("labs", "labs", "Prototypes", "", false, nil),
	)(yield)
}

// assignmentPolicies yields who can get a package, from whom, and for how long.
func (c *company) assignmentPolicies(yield func(Record) bool) {
	policy := func(key, pack, name, about, scope string, more object) Record {
		body := object{
			"id": c.id("assignmentPolicies", key), "displayName": name, "description": about, "allowedTargetScope": scope,
			"accessPackage": object{"id": c.id("accessPackages", pack)}, "createdDateTime": day(1760), "modifiedDateTime": day(2320),
			"specificAllowedTargets": list[string](), "expiration": never(), "automaticRequestSettings": nil, "reviewSettings": nil,
			"requestorSettings": requestor(true), "requestApprovalSettings": object{
				"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false, "isRequestorJustificationRequired": false, "stages": list[string](),
			},
			"notificationSettings": object{"isAssignmentNotificationDisabled": false},
			"questions":            list[string](), "customExtensionStageSettings": list[string](),
		}
		overlay(body, more)
		return Record{Path: entitlementPath + "/assignmentPolicies", Body: body}
	}
	each(
		policy("staff", "sales", "Staff, with approval", "Two approvers.", "specificDirectoryUsers", object{
			"specificAllowedTargets": list(groupMembers(c.id("groups", "all-staff"), "staff"), singleUser(c.user("payroll"), "exception")),
			"expiration":             object{"type": "afterDuration", "endDateTime": nil, "duration": "P365D"},
			"requestApprovalSettings": object{
				"isApprovalRequiredForAdd": true, "isApprovalRequiredForUpdate": false, "isRequestorJustificationRequired": true,
				"stages": list(
					c.approval("P14D", object{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": num(1)}, singleUser(c.user("chro"), "")),
					c.approval("P7D", singleUser(c.user("cso"), ""), groupMembers(c.id("groups", "guest-sponsors"), "")),
				),
			},
			"reviewSettings": c.review(), "questions": c.questions(),
			"customExtensionStageSettings": list(object{
				"id": c.id("customExtensionStageSettings", "created"), "stage": "assignmentRequestCreated",
				"customExtension": object{
					"@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension", "id": c.id("customWorkflowExtensions", "ticket"),
				},
			}),
		}),
		policy("partners", "sales", "Connected organizations", "", "specificConnectedOrganizationUsers", object{
			"specificAllowedTargets": list(object{
				"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": c.id("connectedOrganizations", "fabrikam"), "description": "Fabrikam",
			}),
			"expiration": until(day(3000)),
		}),
		policy("automatic", "auditor", "By rule", "", "specificDirectoryUsers", object{
			"specificAllowedTargets": list(object{
				"@odata.type": "#microsoft.graph.attributeRuleMembers", "description": "Auditors", "membershipRule": `(user.jobTitle -eq "Auditor")`,
			}),
			"automaticRequestSettings": object{
				"requestAccessForAllowedTargets": true, "removeAccessWhenTargetLeavesAllowedTargets": true, "gracePeriodBeforeAccessRemoval": "P7D",
			},
			"requestorSettings": requestor(false),
		}),
		policy("none", "labs", "Administrators assign", "", "notSpecified", object{"requestorSettings": requestor(false)}),
	)(yield)
}

func requestor(self bool) object {
	return object{
		"enableTargetsToSelfAddAccess": self, "enableTargetsToSelfUpdateAccess": false, "enableTargetsToSelfRemoveAccess": self,
		"allowCustomAssignmentSchedule": true, "enableOnBehalfRequestorsToAddAccess": false, "enableOnBehalfRequestorsToUpdateAccess": false,
		"enableOnBehalfRequestorsToRemoveAccess": false, "onBehalfRequestors": list[string](),
	}
}

func (c *company) approval(deny string, primary, fallback object) object {
	return object{
		"durationBeforeAutomaticDenial": deny, "durationBeforeEscalation": "PT0S", "isApproverJustificationRequired": true, "isEscalationEnabled": false,
		"primaryApprovers": list(primary), "fallbackPrimaryApprovers": list(fallback), "escalationApprovers": list[string](),
		"fallbackEscalationApprovers": list[string](), "approverInformationVisibility": "default",
	}
}

func (c *company) review() object {
	return object{
		"isEnabled": true, "expirationBehavior": "keepAccess", "isRecommendationEnabled": true, "isReviewerJustificationRequired": true, "isSelfReview": false,
		"primaryReviewers": list(groupMembers(c.id("groups", "guest-sponsors"), "sponsors"), singleUser(c.user("cso"), "")), "fallbackReviewers": list(singleUser(c.user("ciso"), "")),
		"schedule": object{
			"startDateTime": day(2000), "expiration": object{"type": "afterDuration", "endDateTime": nil, "duration": "P14D"},
			"recurrence": recurrence("absoluteMonthly", 3),
		},
	}
}

// recurrence returns a recurrence without end, as Graph completes it.
func recurrence(form string, interval int) object {
	return object{
		"pattern": object{
			"type": form, "interval": num(interval), "month": num(0), "dayOfMonth": num(0), "daysOfWeek": list[string](),
			"firstDayOfWeek": "sunday", "index": "first",
		},
		"range": object{"type": "noEnd", "numberOfOccurrences": num(0), "recurrenceTimeZone": nil, "startDate": "2024-08-01", "endDate": "9999-12-31"},
	}
}

func (c *company) questions() []any {
	return list(
		object{
			"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "id": c.id("questions", "why"), "text": "What for?", "sequence": num(0),
			"isRequired": true, "isAnswerEditable": true, "isSingleLineQuestion": false, "regexPattern": nil,
			"localizations": list(object{"languageCode": "de-DE", "text": "Wofür?"}, object{"languageCode": "fr-FR", "text": "Pourquoi ?"}),
		},
		object{
			"@odata.type": "#microsoft.graph.accessPackageMultipleChoiceQuestion", "id": c.id("questions", "region"), "text": "Which region?", "sequence": num(1),
			"isRequired": false, "isAnswerEditable": true, "isMultipleSelectionAllowed": false, "localizations": list[string](),
			"choices": list(
				object{"actualValue": "emea", "text": "EMEA", "localizations": list[string]()},
				object{"actualValue": "apac", "text": "APAC", "localizations": list[string]()},
			),
		},
	)
}
