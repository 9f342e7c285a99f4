package kind

// users are read by name: unless asked, Graph answers with eleven properties. Those
// that live outside the directory (profile, mailbox, sign-in activity) cost a request
// to another service for each user and are left out.
var users = &Kind{
	Name:  "users",
	Title: "user",
	Shape: Shape{
		Type: "microsoft.graph.user",
		Update: []string{
			"accountEnabled", "ageGroup", "businessPhones", "city", "companyName", "consentProvidedForMinor",
			"country", "department", "displayName", "employeeHireDate", "employeeId", "employeeLeaveDateTime",
			"employeeOrgData", "employeeType", "faxNumber", "givenName", "identities", "jobTitle", "mail",
			"mailNickname", "mobilePhone", "officeLocation", "onPremisesExtensionAttributes",
			"onPremisesImmutableId", "otherMails", "passwordPolicies", "postalCode", "preferredDataLocation",
			"preferredLanguage", "state", "streetAddress", "surname", "usageLocation", "userPrincipalName",
			"userType",
		},
		Status: []string{
			"assignedLicenses", "authorizationInfo", "createdDateTime", "creationType", "externalUserState",
			"identityParentId", "imAddresses", "isManagementRestricted", "legalAgeGroupClassification",
			"onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesSamAccountName",
			"onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "onPremisesUserPrincipalName",
			"proxyAddresses", "showInAddressList",
		},
		Drop: []string{
			// Stored outside the directory.
			"aboutMe", "birthday", "deviceEnrollmentLimit", "hireDate", "interests", "mailboxSettings", "mySite",
			"pastProjects", "preferredName", "print", "responsibilities", "schools", "signInActivity", "skills",
			// Moves without anyone changing configuration.
			"assignedPlans", "deletedDateTime", "externalUserStateChangeDateTime", "lastPasswordChangeDateTime",
			"licenseAssignmentStates", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors",
			"passwordProfile", "provisionedPlans", "serviceProvisioningErrors", "signInSessionsValidFromDateTime",
			// Needs a permission of its own, without which the whole request is refused.
			"customSecurityAttributes",
			// Reserved, or computed from the id.
			"isResourceAccount", "securityIdentifier",
		},
		NotRestored: map[string]string{
			"assignedLicenses":  "licences are given by an action, not by writing the property",
			"authorizationInfo": "not documented as writable",
			"proxyAddresses":    "addresses are computed from mail by Exchange",
			"showInAddressList": "Microsoft asks not to write it through Graph",
		},
		Sticky: []string{"mail", "usageLocation"},
		Sets: map[string]string{
			"assignedLicenses":                     "skuId",
			"assignedLicenses[].disabledPlans":     "",
			"authorizationInfo.certificateUserIds": "",
			"businessPhones":                       "",
			"identities":                           "signInType+issuer+issuerAssignedId",
			"imAddresses":                          "",
			"otherMails":                           "",
			"proxyAddresses":                       "",
		},
		Strings: map[string]string{"passwordPolicies": ", "},
		Dates:   []string{"createdDateTime", "employeeHireDate", "employeeLeaveDateTime"},
		Personal: []string{
			"ageGroup", "authorizationInfo", "businessPhones", "city", "companyName", "consentProvidedForMinor",
			"country", "department", "displayName", "employeeHireDate", "employeeId", "employeeLeaveDateTime",
			"employeeOrgData", "employeeType", "faxNumber", "givenName", "identities", "imAddresses", "jobTitle",
			"legalAgeGroupClassification", "mail", "mailNickname", "mobilePhone", "officeLocation",
			"onPremisesDistinguishedName", "onPremisesExtensionAttributes", "onPremisesImmutableId",
			"onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesUserPrincipalName",
			"otherMails", "postalCode", "preferredLanguage", "proxyAddresses", "state", "streetAddress",
			"surname", "userPrincipalName",
		},
	},
	Path:   "/users",
	Top:    999,
	Select: true,
	Bulk:   true,
	Links: []Link{
		{Name: "manager", Single: true, Targets: []string{"users"}},
		{Name: "sponsors", Targets: []string{"users", "groups"}},
	},
	Deletion: Deletion{
		Mode:        DeleteSoft,
		DeletedPath: "/directory/deletedItems/microsoft.graph.user",
		RestorePath: "/directory/deletedItems",
	},
	Locks: []Lock{
		{
			When: []Condition{{Property: "onPremisesSyncEnabled", Equals: true}},
			// The directory, not Active Directory, is the source of these.
			Except: []string{
				"spec/ageGroup", "spec/consentProvidedForMinor", "spec/passwordPolicies", "spec/usageLocation",
				"links/sponsors",
			},
			Reason: "synchronised from Active Directory",
			Hint:   "change the user in Active Directory",
		},
		restrictedUnit,
	},
	Risk: 5,
	Permissions: Permissions{
		// Without User-LifeCycleInfo.Read.All, employeeLeaveDateTime reads as null.
		Read: []string{"User.Read.All", "User-LifeCycleInfo.Read.All"},
		Write: []string{
			"User.ReadWrite.All", "User-LifeCycleInfo.ReadWrite.All", "User.DeleteRestore.All",
			"User.ManageIdentities.All",
		},
	},
}

// restrictedUnit locks the members of a restricted management administrative unit:
// permissions for the whole tenant do not reach them.
var restrictedUnit = Lock{
	When:   []Condition{{Property: "isManagementRestricted", Equals: true}},
	Reason: "member of a restricted management administrative unit",
	Hint:   "give the identity a role in that administrative unit",
}
