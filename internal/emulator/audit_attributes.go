package emulator

import (
	"reflect"
	"strings"
)

// attribute is a property under the name that it has in the directory's old schema, by which Core
// Directory tells what changed.
type attribute struct {
	name string
	// from is Graph's property, dotted.
	from string
	// values, when set, returns the attribute's values; otherwise they are those of the property.
	values func(body object) []any
	// unseen marks an attribute whose encoding nobody has published: an entry names it and tells no
	// value.
	unseen bool
}

// of returns the attribute's values in a body.
func (a attribute) of(body object) []any {
	if a.values != nil {
		return a.values(body)
	}
	switch v := at(body, a.from).(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// The names are from captured entries and from Microsoft's "Azure AD audit attributes" glossary;
// those of a person's ordinary properties are the old schema's own. Properties that are not here
// have no published name, and an entry about them is a stub.
var (
	userAttributes = []attribute{
		{name: "AccountEnabled", from: "accountEnabled"},
		{name: "DisplayName", from: "displayName"},
		{name: "UserPrincipalName", from: "userPrincipalName"},
		{name: "UserType", from: "userType"},
		{name: "StsRefreshTokensValidFrom", from: "signInSessionsValidFromDateTime"},
		{name: "AlternativeSecurityId", from: "identities", unseen: true},
		{name: "City", from: "city"},
		{name: "CompanyName", from: "companyName"},
		{name: "Country", from: "country"},
		{name: "CreationType", from: "creationType"},
		{name: "Department", from: "department"},
		{name: "DirSyncEnabled", from: "onPremisesSyncEnabled"},
		{name: "EmployeeId", from: "employeeId"},
		{name: "FacsimileTelephoneNumber", from: "faxNumber"},
		{name: "GivenName", from: "givenName"},
		{name: "JobTitle", from: "jobTitle"},
		{name: "LastDirSyncTime", from: "onPremisesLastSyncDateTime"},
		{name: "Mail", from: "mail"},
		{name: "MailNickname", from: "mailNickname"},
		{name: "Mobile", from: "mobilePhone"},
		{name: "OtherMail", from: "otherMails"},
		{name: "PhysicalDeliveryOfficeName", from: "officeLocation"},
		{name: "PostalCode", from: "postalCode"},
		{name: "PreferredDataLocation", from: "preferredDataLocation"},
		{name: "ProxyAddresses", from: "proxyAddresses"},
		{name: "SourceAnchor", from: "onPremisesImmutableId"},
		{name: "State", from: "state"},
		{name: "StreetAddress", from: "streetAddress"},
		{name: "Surname", from: "surname"},
		{name: "TelephoneNumber", from: "businessPhones"},
		{name: "UserState", from: "externalUserState"},
		{name: "UserStateChangedOn", from: "externalUserStateChangeDateTime"},
	}
	groupAttributes = []attribute{
		{name: "DisplayName", from: "displayName"},
		{name: "IsAssignableToRole", from: "isAssignableToRole"},
		{name: "MembershipRule", from: "membershipRule"},
		{name: "MembershipRuleProcessingState", from: "membershipRuleProcessingState"},
		{name: "Classification", from: "classification"},
		{name: "Description", from: "description"},
		{name: "DirSyncEnabled", from: "onPremisesSyncEnabled"},
		{name: "GroupLicenseAssignment", from: "assignedLicenses", unseen: true},
		{name: "GroupType", from: "groupTypes"},
		{name: "IsPublic", values: isPublic},
		{name: "LastDirSyncTime", from: "onPremisesLastSyncDateTime"},
		{name: "Mail", from: "mail"},
		{name: "MailEnabled", from: "mailEnabled"},
		{name: "MailNickname", from: "mailNickname"},
		{name: "ProxyAddresses", from: "proxyAddresses"},
		{name: "RenewedDateTime", from: "renewedDateTime"},
		{name: "SecurityEnabled", from: "securityEnabled"},
	}
	applicationAttributes = []attribute{
		{name: "AppAddress", values: appAddresses},
		{name: "AppId", from: "appId"},
		{name: "AppIdentifierUri", from: "identifierUris"},
		{name: "AppLogoUrl", from: "info.logoUrl"},
		{name: "AvailableToOtherTenants", values: isMultiTenant},
		{name: "DisplayName", from: "displayName"},
		{name: "Entitlement", values: entitlements, unseen: true},
		{name: "GroupMembershipClaims", from: "groupMembershipClaims", unseen: true},
		{name: "PublicClient", from: "isFallbackPublicClient"},
		{name: "RequiredResourceAccess", values: requiredAccess},
		{name: "PublisherDomain", from: "publisherDomain"},
		{name: "WwwHomepage", from: "web.homePageUrl"},
	}
	principalAttributes = []attribute{
		{name: "AccountEnabled", from: "accountEnabled"},
		{name: "AppAddress", values: replyAddresses},
		{name: "AppPrincipalId", from: "appId"},
		{name: "DisplayName", from: "displayName"},
		{name: "ServicePrincipalName", from: "servicePrincipalNames"},
		{name: "Credential", from: keyStore},
	}
)

// changes are the lines of an entry about what was written: an attribute each, then the names of
// all of them.
func changes(attributes []attribute, before, after object) []any {
	var lines []any
	var names []string
	for _, a := range attributes {
		old, updated := a.of(before), a.of(after)
		if reflect.DeepEqual(old, updated) || len(old) == 0 && len(updated) == 0 {
			continue
		}
		names = append(names, a.name)
		if !a.unseen {
			lines = append(lines, modified(a.name, listed(old), listed(updated)))
		}
	}
	return append(lines, included(names...))
}

// included is the line that names the attributes of an entry; a stub names none.
func included(names ...string) any {
	return contextLine("Included Updated Properties", strings.Join(names, ", "))
}

func isPublic(body object) []any {
	if body["visibility"] == nil {
		return nil
	}
	return []any{body["visibility"] == "Public"}
}

// isMultiTenant tells who can use an application, of which the old schema knows two answers.
func isMultiTenant(body object) []any {
	if body["signInAudience"] == nil {
		return nil
	}
	return []any{body["signInAudience"] != "AzureADMyOrg"}
}

// entitlements are the roles and scopes of an application.
func entitlements(body object) []any {
	var all []any
	all = append(all, asList(body["appRoles"])...)
	return append(all, asList(at(body, "api.oauth2PermissionScopes"))...)
}

// keyStore is where the key of a new service principal is kept, which only the log tells.
const keyStore = "@keyStore"

// addressTypes are the codes of the platforms that redirect URIs are for. 1 was seen with web
// applications and 2 with native ones.
var addressTypes = []struct {
	platform string
	code     int
}{{"web", 1}, {"publicClient", 2}, {"spa", 3}}

// appAddresses are the redirect URIs of an application.
func appAddresses(body object) []any {
	var all []any
	for _, t := range addressTypes {
		for _, uri := range asList(at(body, t.platform+".redirectUris")) {
			all = append(all, address(uri, t.code))
		}
	}
	return all
}

// replyAddresses are the reply URLs of a service principal.
func replyAddresses(body object) []any {
	var all []any
	for _, uri := range asList(body["replyUrls"]) {
		all = append(all, address(uri, 1))
	}
	return all
}

func address(uri any, code int) object {
	return object{"AddressType": 0, "Address": uri, "ReplyAddressClientType": code, "ReplyAddressIndex": nil, "IsReplyAddressDefault": false}
}

// requiredAccess are the permissions that an application asks for; a grant of 20 stands for a
// delegated one.
func requiredAccess(body object) []any {
	var all []any
	for _, v := range asList(body["requiredResourceAccess"]) {
		permissions := []any{}
		for _, p := range asList(field(v, "resourceAccess")) {
			grants := []any{}
			if field(p, "type") == "Scope" {
				grants = append(grants, 20)
			}
			permissions = append(permissions, object{
				"EntitlementId": field(p, "id"), "DirectAccessGrant": field(p, "type") == "Role", "ImpersonationAccessGrants": grants,
			})
		}
		all = append(all, object{"ResourceAppId": field(v, "resourceAppId"), "RequiredAppPermissions": permissions, "EncodingVersion": 1})
	}
	return all
}
