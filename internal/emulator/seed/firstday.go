package seed

import "strings"

// firstDay yields the policies and settings that every tenant has from its first day, as
// Microsoft sets them.
func (c *company) firstDay(yield func(Record) bool) {
	const crossTenant = "/policies/crossTenantAccessPolicy"
	settings := func(path string, body object) Record { return Record{Path: path, Body: body} }
	concat(c.builtInConsent, each(
		settings(crossTenant, object{
			"id": "crossTenantAccessPolicy", "displayName": "CrossTenantAccessPolicy", "description": nil, "allowedCloudEndpoints": list[string](),
		}),
		settings(crossTenant+"/default", CrossTenantDefault()),
		settings("/policies/adminConsentRequestPolicy", object{
			"isEnabled": false, "notifyReviewers": false, "remindersEnabled": false, "requestDurationInDays": num(0),
			"version": num(0), "reviewers": list[string](),
		}),
		settings("/policies/authenticationFlowsPolicy", object{
			"id": "authenticationFlowsPolicy", "displayName": "Authentication flows policy", "description": "", "selfServiceSignUp": object{"isEnabled": false},
		}),
		settings("/policies/defaultAppManagementPolicy", object{
			"id": "00000000-0000-0000-0000-000000000000", "displayName": "Default app management tenant policy", "description": "", "isEnabled": false,
			"applicationRestrictions":      object{"passwordCredentials": list[string](), "keyCredentials": list[string]()},
			"servicePrincipalRestrictions": object{"passwordCredentials": list[string](), "keyCredentials": list[string]()},
		}),
		settings("/policies/deviceRegistrationPolicy", object{
			"id": "deviceRegistrationPolicy", "displayName": "Device Registration Policy", "description": "", "userDeviceQuota": num(50),
			"multiFactorAuthConfiguration": "notRequired", "localAdminPassword": object{"isEnabled": false},
			"azureADJoin": object{"isAdminConfigurable": true, "allowedToJoin": everyDevice(), "localAdmins": object{
				"enableGlobalAdmins": true, "registeringUsers": everyDevice(),
			}},
			"azureADRegistration": object{"isAdminConfigurable": false, "allowedToRegister": everyDevice()},
		}),
		settings("/identityGovernance/entitlementManagement/settings", object{
			"id": "singleton", "externalUserLifecycleAction": "blockSignInAndDelete", "durationUntilExternalUserDeletedAfterBlocked": "P30D",
		}),
		settings("/identityGovernance/lifecycleWorkflows/settings", object{
			"id": "lifecycleWorkflowSettings", "workflowScheduleIntervalInHours": num(3),
			"emailSettings": object{"senderDomain": "mail.microsoft.com", "useCompanyBranding": false},
		}),
	))(yield)
}

func everyDevice() object {
	return object{"@odata.type": "#microsoft.graph.allDeviceRegistrationMembership"}
}

// CrossTenantDefault is the default that Microsoft sets
// (https://learn.microsoft.com/graph/api/resources/crosstenantaccesspolicyconfigurationdefault).
func CrossTenantDefault() map[string]any {
	everyone, everything := access("allowed", "user", "AllUsers"), access("allowed", "application", "AllApplications")
	nobody, nothing := access("blocked", "user", "AllUsers"), access("blocked", "application", "AllApplications")
	return object{
		"id": "default", "isServiceDefault": true, "inboundTrust": trust(false, false, false),
		"b2bCollaborationInbound": both(everyone, everything), "b2bCollaborationOutbound": both(everyone, everything),
		"b2bDirectConnectInbound": both(nobody, nothing), "b2bDirectConnectOutbound": both(nobody, nothing),
		"automaticUserConsentSettings": object{"inboundAllowed": false, "outboundAllowed": false},
		"invitationRedemptionIdentityProviderConfiguration": object{
			"primaryIdentityProviderPrecedenceOrder": list("externalFederation", "azureActiveDirectory", "socialIdentityProviders"),
			"fallbackIdentityProvider":               "emailOneTimePasscode",
		},
	}
}

// builtInConsent yields Microsoft's own permission grant policies.
func (c *company) builtInConsent(yield func(Record) bool) {
	const path, own = "/policies/permissionGrantPolicies", "microsoft-"
	for rec := range c.consent {
		builtIn := rec.Path == path && strings.HasPrefix(textOf(rec.Body["id"]), own) || strings.HasPrefix(rec.Path, path+"/"+own)
		if builtIn && !yield(rec) {
			return
		}
	}
}
