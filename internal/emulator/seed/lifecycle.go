package seed

// lifecycle yields what happens by itself when people join and leave, how the sign-in
// page looks, and what Microsoft keeps of it all.
func (c *company) lifecycle(yield func(Record) bool) {
	concat(c.workflows, c.branding, c.snapshots, c.recoveryJobs)(yield)
}

// workflows yields the workflows and what they call.
func (c *company) workflows(yield func(Record) bool) {
	const namespace = "#microsoft.graph.identityGovernance."
	extension := c.id("customTaskExtensions", "badge")
	task := func(key, definition, name, category string, sequence int, arguments ...any) object {
		return object{
			"id": c.id("tasks", key), "taskDefinitionId": definition, "displayName": name, "description": "", "category": category, "isEnabled": true,
			"continueOnError": sequence > 1, "executionSequence": num(sequence), "arguments": append([]any{}, arguments...),
		}
	}
	workflow := func(key, category, name, about string, enabled bool, conditions, settings object, tasks ...any) Record {
		return Record{Path: workflowsPath + "/workflows", Body: object{
			"id": c.id("workflows", key), "category": category, "displayName": name, "description": about, "isEnabled": enabled, "isSchedulingEnabled": enabled,
			"createdDateTime": day(2150), "lastModifiedDateTime": day(2400), "nextScheduleRunDateTime": day(2760), "version": num(2),
			"executionConditions": conditions, "settings": settings, "tasks": tasks,
		}}
	}
	conditions := func(rule string, trigger object) object {
		return object{
			"@odata.type": namespace + "triggerAndScopeBasedConditions",
			"scope":       object{"@odata.type": namespace + "ruleBasedSubjectSet", "rule": rule}, "trigger": trigger,
		}
	}
	timed := func(attribute string, days int) object {
		return object{"@odata.type": namespace + "timeBasedAttributeTrigger", "timeBasedAttribute": attribute, "offsetInDays": num(days)}
	}
	none := object{"quarantineConfiguration": nil}
	argument := func(name, value string) object { return object{"name": name, "value": value} }
	quarantine := func(threshold int) object {
		return object{"matchMode": "any", "conditions": list(
			object{"@odata.type": namespace + "countBasedQuarantineCondition", "threshold": num(threshold)},
			object{"@odata.type": namespace + "percentageBasedQuarantineCondition", "percentage": num(20)},
		)}
	}
	each(
		Record{Path: workflowsPath + "/customTaskExtensions", Body: object{
			"id": extension, "displayName": "Order a badge", "description": "Calls the building.", "createdDateTime": day(2140), "lastModifiedDateTime": day(2141),
			"endpointConfiguration": object{
				"@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration", "subscriptionId": "4f8d2a6b-1c3e-4d5f-8a7b-9c0d1e2f3a4b",
				"resourceGroupName": "rg-identity", "logicAppWorkflowName": "order-badge", "url": "https://prod-31.westeurope.logic.azure.com/workflows/badge",
			},
			"authenticationConfiguration": object{"@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication"},
			"clientConfiguration":         object{"timeoutInMilliseconds": num(1000), "maximumRetries": num(1)},
			"callbackConfiguration":       object{"@odata.type": namespace + "customTaskExtensionCallbackConfiguration", "timeoutDuration": "PT1H"},
		}},
		workflow("joiner", "joiner", "Joiner, first day", "Welcome and badge.", true,
			conditions("(department eq 'Engineering')", timed("employeeHireDate", 0)), object{"quarantineConfiguration": quarantine(50)},
			task("joiner/welcome", "70b29d51-b59a-4773-9280-8841dfd3f2ea", "Send welcome email", "joiner", 1, argument("cc", c.user("chro")), argument("customSubject", "Welcome")),
			task("joiner/badge", "d79d1fcc-16be-490c-a865-f4533b1639ee", "Order a badge", "joiner,leaver", 2, argument("customTaskExtensionID", extension))),
		workflow("mover", "mover", "Mover", "", false,
			conditions("(employeeType eq 'Employee')", object{"@odata.type": namespace + "attributeChangeTrigger", "triggerAttributes": list(argumentName("department"), argumentName("jobTitle"))}), none,
			task("mover/mail", "aab41899-9972-422a-9d97-f626014578b7", "Tell the manager", "mover", 1)),
		workflow("leaver", "leaver", "Leaver, last day", "Disables the account.", true,
			conditions("(department eq 'Operations')", timed("employeeLeaveDateTime", 0)), none,
			task("leaver/disable", "1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950", "Disable user account", "leaver", 1),
			task("leaver/groups", "b3a31406-2a15-4c9a-b25b-a658fa5f07fc", "Remove user from all groups", "leaver", 2)),
		Record{Path: "/identityGovernance/lifecycleWorkflows/settings", Body: object{
			"id": "lifecycleWorkflowSettings", "workflowScheduleIntervalInHours": num(3),
			"emailSettings": object{"senderDomain": mainDomain, "useCompanyBranding": true}, "quarantineConfiguration": quarantine(200),
		}},
	)(yield)
}

func argumentName(name string) object { return object{"name": name} }

// branding yields how the sign-in page looks, and how in French.
func (c *company) branding(yield func(Record) bool) {
	look := func(id, welcome, hint string) object {
		return object{
			"id": id, "backgroundColor": "#F2F2F2", "headerBackgroundColor": "#0078D4", "signInPageText": welcome, "usernameHintText": hint,
			"customAccountResetCredentialsUrl": "https://portal.contoso.com/reset", "customCannotAccessYourAccountText": "Locked out?",
			"customCannotAccessYourAccountUrl": "https://portal.contoso.com/help", "customForgotMyPasswordText": "Forgotten?",
			"customPrivacyAndCookiesText": "Privacy", "customPrivacyAndCookiesUrl": "https://www.contoso.com/privacy", "customResetItNowText": "Reset",
			"customTermsOfUseText": "Terms", "customTermsOfUseUrl": "https://www.contoso.com/terms",
			"loginPageLayoutConfiguration": object{"layoutTemplateType": "verticalSplit", "isHeaderShown": true, "isFooterShown": true},
			"loginPageTextVisibilitySettings": object{
				"hideAccountResetCredentials": false, "hideCannotAccessYourAccount": true, "hideForgotMyPassword": false,
				"hidePrivacyAndCookies": false, "hideResetItNow": false, "hideTermsOfUse": false,
			},
			"contentCustomization": object{
				"attributeCollection":  list(object{"key": "AttributeCollection_Title", "value": "Nearly there"}, object{"key": "AttributeCollection_Description", "value": "Who are you?"}),
				"registrationCampaign": list[string](), "attributeCollectionRelativeUrl": nil, "registrationCampaignRelativeUrl": nil,
			},
			"cdnList": list("secure.aadcdn.microsoftonline-p.com"),
		}
	}
	path := "/organization/" + c.tenantID + "/branding"
	each(
		Record{Path: path, Body: pictured(look("0", "Welcome to Contoso.\nTrouble? +1 206 555 0100", "name@contoso.com"))},
		Record{Path: path + "/localizations", Body: pictured(look("fr-FR", "Bienvenue chez Contoso.", "nom@contoso.com"))},
	)(yield)
}

// The content of pictures and style sheets in base64: a picture of one point.
const (
	onePoint   = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgqLgCAAHIAU3MyLxFAAAAAElFTkSuQmCC"
	styleSheet = "LmV4dC1oZWFkZXIgeyBiYWNrZ3JvdW5kLWNvbG9yOiAjMDA3OEQ0OyB9Cg=="
)

// pictured gives a sign-in page its pictures and its style sheet.
func pictured(body object) object {
	for _, name := range [...]string{"backgroundImage", "bannerLogo", "favicon", "headerLogo", "squareLogo", "squareLogoDark"} {
		body[name] = onePoint
	}
	body["customCSS"] = styleSheet
	for _, name := range [...]string{"backgroundImage", "bannerLogo", "customCSS", "favicon", "headerLogo", "squareLogo", "squareLogoDark"} {
		body[name+"RelativeUrl"] = "c1c6b6c8-hr/logintenantbranding/0/" + name + "?ts=637"
	}
	return body
}

// recoveryJobs yields what Microsoft's own service was asked to work out and to put back.
func (c *company) recoveryJobs(yield func(Record) bool) {
	job := func(form, key string, more object) Record {
		body := object{
			"@odata.type": "#microsoft.graph.entraRecoveryServices." + form, "id": c.id("recoveryJobs", key), "status": "successful",
			"targetStateDateTime": day(2741), "jobStartDateTime": day(2742), "jobCompletionDateTime": day(2742),
			"totalChangedObjectsCalculated": num(14), "totalChangedLinksCalculated": num(3),
		}
		overlay(body, more)
		return Record{Path: "/directory/recovery/jobs", Body: body}
	}
	each(
		job("recoveryPreviewJob", "preview", object{}),
		job("recoveryJob", "recovery", object{"totalObjectsModified": num(14), "totalLinksModified": num(2), "totalFailedChanges": num(1)}),
	)(yield)
}

// snapshots yields what Microsoft's own backup has kept.
func (c *company) snapshots(yield func(Record) bool) {
	for n := range 5 {
		if !yield(Record{Path: "/directory/recovery/snapshots", Body: object{
			"id": c.id("snapshots", day(2740+n)), "createdDateTime": day(2740 + n), "totalChangedObjects": num(3 + mix(n)%90),
		}}) {
			return
		}
	}
}
