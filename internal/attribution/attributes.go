package attribution

import (
	"slices"
	"strings"
)

// anyKind are attributes of objects of every kind.
const anyKind = "*"

// attributes is every attribute whose name in the log is not that of the property in Graph. The
// names are those of captured entries and of Microsoft's glossary of audit attributes; properties
// that are called as in Graph but for the first letter need no row.
var attributes = slices.Concat(
	same("users", map[string]string{
		"SourceAnchor": "onPremisesImmutableId", "DirSyncEnabled": "onPremisesSyncEnabled", "Mobile": "mobilePhone",
		"OtherMail": "otherMails", "TelephoneNumber": "businessPhones", "UserState": "externalUserState",
		"PhysicalDeliveryOfficeName": "officeLocation", "FacsimileTelephoneNumber": "faxNumber",
	}),
	same("groups", map[string]string{"DirSyncEnabled": "onPremisesSyncEnabled"}),
	same("applications", map[string]string{
		"AppIdentifierUri": "identifierUris", "PublicClient": "isFallbackPublicClient", "WwwHomepage": "web.homePageUrl",
	}),
	same("servicePrincipals", map[string]string{"AppPrincipalId": "appId", "ServicePrincipalName": "servicePrincipalNames"}),
	same("roleDefinitions", map[string]string{"AssignableScopes": "resourceScopes"}),
	same("domains", map[string]string{
		"LiveType": "authenticationType", "Default": "isDefault", "Initial": "isInitial", "Capabilities": "supportedServices",
		"PasswordNotificationWindowDays": "passwordNotificationWindowInDays",
	}),
	same("organization", map[string]string{"TechnicalNotificationMail": "technicalNotificationMails", "VerifiedDomain": "verifiedDomains"}),
	same("authorizationPolicy", map[string]string{
		"PermissionGrantPolicyIdsAssignedToDefaultUserRole": "defaultUserRolePermissions.permissionGrantPoliciesAssigned",
	}),
	[]attribute{
		{Kinds: []string{"users"}, Name: "AssignedLicense", About: []string{"licenseAssignmentStates"}, Read: licences("licenseAssignmentStates")},
		{Kinds: []string{"users"}, Name: "LicenseAssignmentDetail", About: []string{"licenseAssignmentStates"}, Untold: true},
		{Kinds: []string{"users"}, Name: "AlternativeSecurityId", About: []string{"identities"}, Untold: true},
		{Kinds: []string{"groups"}, Name: "GroupLicenseAssignment", About: []string{"assignedLicenses"}, Untold: true},
		{Kinds: []string{"groups"}, Name: "GroupType", About: []string{"groupTypes"}, Untold: true},
		{Kinds: []string{"groups"}, Name: "IsPublic", About: []string{"visibility"}, Read: chosen("visibility", "Private", "Public")},
		{Kinds: []string{"applications"}, Name: "AppAddress", About: redirects, Read: redirectURIs},
		{
			Kinds: []string{"applications"}, Name: "AvailableToOtherTenants", About: []string{"signInAudience"},
			Read: chosen("signInAudience", "AzureADMyOrg", "AzureADMultipleOrgs"),
		},
		{Kinds: []string{"applications"}, Name: "RequiredResourceAccess", About: []string{"requiredResourceAccess"}, Read: resourceAccess},
		{
			Kinds: []string{"applications"}, Name: "FederatedIdentityCredentials",
			About: []string{"contained/federatedIdentityCredentials"}, Read: federatedCredentials,
		},
		{Kinds: []string{"applications"}, Name: "Entitlement", About: []string{"appRoles", "api.oauth2PermissionScopes"}, Untold: true},
		{Kinds: []string{"applications"}, Name: "AppLogoUrl", About: []string{"logo"}, Untold: true},
		{Kinds: []string{"applications", "servicePrincipals"}, Name: "KeyDescription", About: []string{"keyCredentials", "passwordCredentials"}, Read: credentials},
		{Kinds: []string{"servicePrincipals"}, Name: "AppAddress", About: []string{"replyUrls"}, Read: replyURLs},
		{Kinds: []string{"servicePrincipals"}, Name: "Entitlement", About: []string{"appRoles", "oauth2PermissionScopes"}, Untold: true},
		{Kinds: []string{"roleDefinitions"}, Name: "GrantedPermissions", About: []string{"rolePermissions"}, Untold: true},
		{Kinds: []string{"conditionalAccessPolicies"}, Name: "ConditionalAccessPolicy", Document: true, Read: document},
		{Kinds: []string{"namedLocations"}, Name: "NamedLocation", Document: true, Read: document},
		{Kinds: []string{"authenticationMethodsPolicy"}, Name: "AuthenticationMethodsPolicy", Excerpt: true, Read: document},
	},
	nothing("users",
		// Written by Microsoft's services as time goes by, or about what no snapshot holds.
		"AssignedPlan", "LastDirSyncTime", "StsRefreshTokensValidFrom", "StrongAuthenticationRequirement", "StrongAuthenticationMethod",
		"StrongAuthenticationUserDetails", "StrongAuthenticationPhoneAppDetail", "OtherMobile", "ForceChangePassword", "Password",
		"UserStateChangedOn", "InviteTicket", "InviteReplyUrl", "InviteResources", "MSExchRemoteRecipientType",
	),
	nothing("groups", "LastDirSyncTime", "IsMembershipRuleLocked", "WellKnownObject"),
	nothing("applications", "WebApp", "RecordConsentConditions", "ExternalUserAccountDelegationsAllowed"),
	nothing("servicePrincipals", "Credential"),
	nothing(anyKind, "Is Hard Deleted"),
)

func same(kindName string, names map[string]string) []attribute {
	var rows []attribute
	for name, property := range names {
		rows = append(rows, attribute{Kinds: []string{kindName}, Name: name, About: []string{property}})
	}
	return rows
}

func nothing(kindName string, names ...string) []attribute {
	var rows []attribute
	for _, name := range names {
		rows = append(rows, attribute{Kinds: []string{kindName}, Name: name})
	}
	return rows
}

// chosen reads a truth value that the property has other words for.
func chosen(property, no, yes string) func(any) map[string]any {
	return func(v any) map[string]any {
		switch sole(v) {
		case false:
			return map[string]any{property: no}
		case true:
			return map[string]any{property: yes}
		}
		return nil
	}
}

// licences reads "[SkuName=…, SkuId=…, DisabledPlans=[…]]": which licences there are, not which of
// their plans.
func licences(property string) func(any) map[string]any {
	return func(v any) map[string]any {
		var held []any
		for _, element := range elementsOf(v) {
			s, _ := element.(string)
			_, after, ok := strings.Cut(s, "SkuId=")
			if !ok {
				return nil
			}
			id := strings.TrimSpace(after[:strings.IndexAny(after+",", ",]")])
			held = append(held, map[string]any{"skuId": strings.ToLower(id)})
		}
		return map[string]any{property: held}
	}
}

// redirects are the places of an application's redirect URIs, by the log's ReplyAddressClientType.
// 1 and 2 were seen with addresses that are of the web and of installed clients; Azure AD Graph,
// from whose words the log's come, had one more type: spa.
var redirects = []string{"web.redirectUris", "publicClient.redirectUris", "spa.redirectUris"}

// redirectURIs reads an application's addresses. AddressType 0 is one to reply to.
func redirectURIs(v any) map[string]any {
	lists := map[string][]any{}
	for _, element := range elementsOf(v) {
		m, _ := element.(map[string]any)
		place, ok := m["ReplyAddressClientType"].(float64)
		switch {
		case m["Address"] == nil || !ok:
			return nil
		case m["AddressType"] != 0.0:
			continue
		case place != 1 && place != 2 && place != 3:
			return nil // of what sort it is, is not known
		}
		path := redirects[int(place)-1]
		lists[path] = append(lists[path], m["Address"])
	}
	values := map[string]any{}
	for path, list := range lists {
		values[path] = list
	}
	return values
}

// replyURLs reads a service principal's addresses.
func replyURLs(v any) map[string]any {
	var list []any
	for _, element := range elementsOf(v) {
		m, _ := element.(map[string]any)
		if m["Address"] == nil {
			return nil
		}
		if m["AddressType"] == 0.0 {
			list = append(list, m["Address"])
		}
	}
	return map[string]any{"replyUrls": list}
}

// resourceAccess reads the permissions that an application asks for: DirectAccessGrant marks an app
// role, ImpersonationAccessGrants a delegated permission.
func resourceAccess(v any) map[string]any {
	var all []any
	for _, element := range elementsOf(v) {
		m, _ := element.(map[string]any)
		permissions, ok := m["RequiredAppPermissions"].([]any)
		if !ok || m["ResourceAppId"] == nil {
			return nil
		}
		var access []any
		for _, p := range permissions {
			p, _ := p.(map[string]any)
			if p["DirectAccessGrant"] == true {
				access = append(access, map[string]any{"id": p["EntitlementId"], "type": "Role"})
			}
			if filled(p["ImpersonationAccessGrants"]) {
				access = append(access, map[string]any{"id": p["EntitlementId"], "type": "Scope"})
			}
		}
		all = append(all, map[string]any{"resourceAppId": m["ResourceAppId"], "resourceAccess": access})
	}
	return map[string]any{"requiredResourceAccess": all}
}

// federatedCredentials reads credentials, whose members are called as in Graph but for their first
// letters.
func federatedCredentials(v any) map[string]any {
	var all []any
	for _, element := range elementsOf(v) {
		m, ok := element.(map[string]any)
		if !ok || m["Name"] == nil {
			return nil
		}
		credential := map[string]any{}
		for _, name := range []string{"Name", "Issuer", "Subject", "Description", "Audiences"} {
			if filled(m[name]) {
				credential[strings.ToLower(name[:1])+name[1:]] = m[name]
			}
		}
		all = append(all, credential)
	}
	return map[string]any{"contained/federatedIdentityCredentials": all}
}

// credentials reads "[KeyIdentifier=…,KeyType=Password,KeyUsage=Verify,DisplayName=…]": which secrets
// and certificates there are.
func credentials(v any) map[string]any {
	secrets, keys := []any{}, []any{}
	for _, element := range elementsOf(v) {
		s, _ := element.(string)
		parts := bracketed(s)
		id := parts["KeyIdentifier"]
		if id == "" {
			return nil
		}
		one := map[string]any{"keyId": strings.ToLower(id)}
		if parts["KeyType"] == "Password" {
			secrets = append(secrets, one)
		} else {
			keys = append(keys, one)
		}
	}
	return map[string]any{"passwordCredentials": secrets, "keyCredentials": keys}
}
