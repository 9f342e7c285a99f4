package emulator

import "net/http"

// identityResources are users, groups and what they are found by. From the reference
// pages of user, group, directoryObject and deletedItems.
var identityResources = []*resource{
	{
		path: "/users", typ: "user",
		texts:   userTexts,
		tracked: &tracking{links: []string{"manager"}},
		bare:    []string{"userPrincipalName"}, alternate: []string{"userPrincipalName"},
		readOnly:   userReadOnly,
		required:   []string{"accountEnabled", "displayName", "mailNickname", "passwordProfile", "userPrincipalName"},
		secret:     []string{"passwordProfile.password"},
		merge:      []string{"onPremisesExtensionAttributes", "customSecurityAttributes"},
		alone:      userProfile,
		delegated:  userProfile,
		created:    "createdDateTime",
		defaults:   object{"userType": "Member"},
		selectOnly: []string{"customSecurityAttributes"},
		byDefault: []string{
			"businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone",
			"officeLocation", "preferredLanguage", "surname", "userPrincipalName",
		},
		deletedTo: "/directory/deletedItems",
		links: []link{
			{name: "manager", single: true, to: []string{"user", "orgContact"}},
			{name: "sponsors", to: []string{"user", "group"}, max: 5},
		},
		views: []view{
			memberOf(), transitiveMemberOf(),
			linkedBy("directReports", "manager"), linkedBy("ownedObjects", "owners"), linkedBy("sponsorOf", "sponsors"),
			about("oauth2PermissionGrants", "oAuth2PermissionGrant", "principalId"), assigned(), licenceDetails(),
		},
		prefixed: "userPrincipalName",
		unique:   []unique{conflict("userPrincipalName"), conflict(proxies, "/groups")},
		locks: []lock{
			{when: synced, except: userCloudOnly, err: errSynced},
			{when: isRestricted, deletes: true, err: errForbidden},
		},
		actions:  memberActions(map[string]action{"assignLicense": assignLicense, "revokeSignInSessions": revokeSessions}),
		byAction: userLicences,
		checks:   []check{checkUser, checkAttributeValues, checkExtensions},
		prepare:  prepareUser,
	},
	{
		path: "/groups", typ: "group",
		texts:     groupTexts,
		tracked:   &tracking{links: []string{"members", "owners"}},
		alternate: []string{"uniqueName"}, upsert: true,
		readOnly:   groupReadOnly,
		createOnly: []string{"isAssignableToRole", "mailEnabled", "resourceBehaviorOptions", "resourceProvisioningOptions"},
		required:   []string{"displayName", "mailEnabled", "mailNickname", "securityEnabled"},
		alone:      groupMailbox,
		delegated:  []string{"autoSubscribeNewMembers", "isSubscribedByMail"},
		created:    "createdDateTime",
		selectOnly: []string{
			"accessType", "allowExternalSenders", "assignedLabels", "assignedLicenses", "autoSubscribeNewMembers",
			"hideFromAddressLists", "hideFromOutlookClients", "infoCatalogs", "isArchived", "isFavorite",
			"isManagementRestricted", "isSubscribedByMail", "licenseProcessingState", "organizationId",
			"unseenConversationsCount", "unseenCount", "unseenMessagesCount", "welcomeMessageEnabled",
		},
		itemOnly: []string{
			"allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists", "hideFromOutlookClients",
			"isSubscribedByMail", "unseenCount",
		},
		deletedTo: "/directory/deletedItems", keeps: isRestorableGroup,
		links: []link{
			{name: "members", to: []string{"user", "group", "device", "servicePrincipal", "orgContact"}, unlisted: unlistedInGroups, allow: allowMember, affect: joinedOrLeft},
			{name: "owners", to: []string{"user", "servicePrincipal"}, unlisted: unlistedInGroups, max: 100, keepOne: isUnified, affect: unschedule},
		},
		views: []view{
			reaches("transitiveMembers", "members", unlistedInGroups...),
			memberOf(), transitiveMemberOf(), assigned(),
		},
		actions:  memberActions(map[string]action{"assignLicense": assignLicense}),
		byAction: groupLicences,
		locks: []lock{
			{when: isRestricted, deletes: true, err: errForbidden},
			{when: synced, except: []string{"owners", extensionPrefix}, deletes: true, err: errSynced},
			{when: isMailManaged, deletes: true, err: directoryError("Cannot Update a mail-enabled security groups and or distribution list.")},
			{when: isDynamic, parts: []string{"members"}, err: directoryError("Cannot modify the members of a group with dynamic membership.")},
		},
		unique: []unique{unifiedAlias, conflict(proxies, "/users"), conflict("uniqueName")},
		affect: groupWritten,
		checks: []check{checkGroup},
		prepare: func(w *write) *apiError {
			if w.before == nil && w.after["groupTypes"] == nil {
				w.after["groupTypes"] = []any{}
			}
			return nil
		},
	},
	{
		path: "/oauth2PermissionGrants", typ: "oAuth2PermissionGrant",
		tracked:    &tracking{},
		createOnly: []string{"clientId", "consentType", "principalId", "resourceId"},
		required:   []string{"clientId", "consentType", "resourceId", "scope"},
		needs:      []string{"clientId", "resourceId", "principalId"},
		refs: []reference{
			{path: "clientId", in: []string{"/servicePrincipals"}, message: notFoundText, code: notFoundCode, status: http.StatusNotFound},
			{path: "resourceId", in: []string{"/servicePrincipals"}, message: notFoundText, code: notFoundCode, status: http.StatusNotFound},
			{path: "principalId", in: []string{"/users"}, message: notFoundText, code: notFoundCode, status: http.StatusNotFound},
		},
		checks: []check{checkGrant},
	},
	{
		path: "/directoryObjects", typ: "directoryObject", source: everything(),
		deny:        []string{"POST", "PATCH", "PUT"},
		actions:     memberActions(nil),
		listActions: map[string]action{"getByIds": getByIDs, "getAvailableExtensionProperties": getExtensions},
	},
	{
		path: "/directory/deletedItems", typ: "directoryObject", source: bin("/directory/deletedItems", true),
		deny:    []string{"POST", "PATCH", "PUT"},
		actions: map[string]action{"restore": restore},
	},
	{
		path: auditPath, typ: "directoryAudit", newestBy: "activityDateTime", shows: (*store).showsAudit, page: 1000, maxPage: 1000,
		deny: []string{"POST", "PATCH", "PUT", "DELETE"},
	},
}

const (
	notFoundText = "Resource '%s' does not exist or one of its queried reference-property objects are not present."
	notFoundCode = "Request_ResourceNotFound"
)

// errSynced is the answer to writing what is mastered in Active Directory.
var errSynced = directoryError("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.")

// userProfile are the properties of a user that are kept in SharePoint.
var userProfile = []string{"aboutMe", "birthday", "interests", "mySite", "pastProjects", "responsibilities", "schools", "skills"}

// userCloudOnly are the properties and relationships of a synced user that stay writable.
var userCloudOnly = []string{
	"ageGroup", "consentProvidedForMinor", "customSecurityAttributes", "otherMails", "passwordPolicies",
	"preferredDataLocation", "sponsors", "usageLocation", "userType", extensionPrefix,
}

var userReadOnly = []string{
	"assignedLicenses", "assignedPlans", "authorizationInfo", "createdDateTime", "creationType", "deletedDateTime",
	"deviceEnrollmentLimit", "externalUserState", "externalUserStateChangeDateTime", "hireDate", "id",
	"identityParentId", "imAddresses", "isManagementRestricted", "isResourceAccount", "lastPasswordChangeDateTime",
	"legalAgeGroupClassification", "licenseAssignmentStates", "mailboxSettings", "onPremisesDistinguishedName",
	"onPremisesDomainName", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors", "onPremisesSamAccountName",
	"onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "onPremisesUserPrincipalName", "preferredName", "print",
	"provisionedPlans", "proxyAddresses", "securityIdentifier", "serviceProvisioningErrors", "signInActivity",
	"signInSessionsValidFromDateTime",
}

// groupMailbox are the properties of a group that are kept in Exchange.
var groupMailbox = []string{
	"accessType", "allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists", "hideFromOutlookClients",
	"isFavorite", "isSubscribedByMail", "unseenConversationsCount", "unseenCount", "unseenMessagesCount",
}

var groupReadOnly = []string{
	"assignedLabels", "assignedLicenses", "createdDateTime", "deletedDateTime", "expirationDateTime",
	"hasMembersWithLicenseErrors", "id", "infoCatalogs", "isArchived", "isManagementRestricted",
	"licenseProcessingState", "mail", "onPremisesDomainName", "onPremisesExtensionAttributes",
	"onPremisesLastSyncDateTime", "onPremisesNetBiosName", "onPremisesProvisioningErrors", "onPremisesSamAccountName",
	"onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "organizationId", "proxyAddresses", "renewedDateTime",
	"securityIdentifier", "serviceProvisioningErrors", "welcomeMessageEnabled",
}
