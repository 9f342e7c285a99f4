package kind

// users are read by name: unless asked, Graph answers with eleven properties. Those
// that live outside the directory (profile, mailbox, sign-in activity) cost a request
// to another service for each user and are left out.
var users = &Kind{
	Name:  "users",
	Title: "user",
	Bulk:  true,
	Shape: Shape{
		Type: "microsoft.graph.user",
		Update: []string{
			"accountEnabled", "ageGroup", "businessPhones", "city", "companyName", "consentProvidedForMinor",
			"country", "customSecurityAttributes", "department", "displayName", "employeeHireDate", "employeeId",
			"employeeLeaveDateTime", "employeeOrgData", "employeeType", "faxNumber", "givenName", "identities", "jobTitle",
			"licenseAssignmentStates", "mail",
			"mailNickname", "mobilePhone", "officeLocation", "onPremisesExtensionAttributes",
			"onPremisesImmutableId", "otherMails", "passwordPolicies", "postalCode", "preferredDataLocation",
			"preferredLanguage", "state", "streetAddress", "surname", "usageLocation", "userPrincipalName",
			"userType",
		},
		Status: []string{
			"authorizationInfo", "createdDateTime", "creationType",
			"externalUserState", "identityParentId", "imAddresses", "isManagementRestricted", "legalAgeGroupClassification",
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
			"onPremisesLastSyncDateTime", "onPremisesProvisioningErrors",
			"passwordProfile", "provisionedPlans", "serviceProvisioningErrors", "signInSessionsValidFromDateTime",
			// Follows from licenseAssignmentStates and the licences of groups.
			"assignedLicenses", "licenseAssignmentStates[].assignedByGroup",
			"licenseAssignmentStates[].error", "licenseAssignmentStates[].lastUpdatedDateTime",
			"licenseAssignmentStates[].state",
			// Reserved, or computed from the id.
			"isResourceAccount", "securityIdentifier",
		},
		NotRestored: map[string]string{
			"authorizationInfo": "not documented as writable",
			"proxyAddresses":    "addresses are computed from mail by Exchange",
			"showInAddressList": "Microsoft asks not to write it through Graph",
		},
		NotClearable: []string{"mail", "usageLocation"},
		OwnRequest:   securityAttributes.OwnRequest,
		Typed:        securityAttributes.Typed,
		Extensions:   true,
		References:   securityAttributes.References,
		Codes: []Code{
			licence("licenseAssignmentStates[].skuId"),
			plans("licenseAssignmentStates[].disabledPlans", "licenseAssignmentStates[].skuId"),
			{Path: "licenseAssignmentStates[].assignedByGroup", Targets: []string{"groups"}},
		},
		Sets: map[string]string{
			"licenseAssignmentStates":                 "skuId",
			"licenseAssignmentStates[].disabledPlans": "",
			"authorizationInfo.certificateUserIds":    "",
			"businessPhones":                          "",
			"identities":                              "signInType+issuer+issuerAssignedId",
			"imAddresses":                             "",
			"otherMails":                              "",
			"proxyAddresses":                          "",
		},
		// What comes through a group is the group's.
		Keep: map[string]Condition{"licenseAssignmentStates": {Property: "assignedByGroup"}},
		Actions: []Action{{
			Name:       "assignLicense",
			Properties: []string{"licenseAssignmentStates"},
			Add:        "addLicenses",
			Remove:     "removeLicenses",
		}},
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
	Place: Place{Path: "/users", Aliases: []string{"userPrincipalName"}},
	Reading: Reading{
		Top:    999,
		Select: true,
		Extras: []Extra{{
			Properties:  []string{"customSecurityAttributes"},
			Permissions: Permissions{Read: []string{"CustomSecAttributeAssignment.Read.All"}},
		}},
	},
	Links: []Link{
		{Name: "manager", Single: true, Targets: []string{"users"}},
		{Name: "sponsors", Targets: []string{"users", "groups"}},
	},
	Writing: Writing{
		Password:      "passwordProfile",
		AfterCreation: []string{"customSecurityAttributes", "licenseAssignmentStates"},
		Locks: []Lock{
			{
				When: []Condition{{Property: "onPremisesSyncEnabled", Equals: true}},
				// The directory, not Active Directory, is the source of these. For otherMails,
				// preferredDataLocation and userType that holds until somebody has Entra Connect
				// synchronise them, which no user shows: Graph refuses these then.
				Except: []string{
					"spec/ageGroup", "spec/consentProvidedForMinor", "spec/customSecurityAttributes", "spec/otherMails",
					"spec/passwordPolicies", "spec/preferredDataLocation", "spec/usageLocation", "spec/userType",
					"spec/licenseAssignmentStates", "spec/extension_", "links/sponsors",
				},
				Elsewhere: true,
				Reason:    "synchronised from Active Directory",
				Hint:      "change the user in Active Directory",
			},
			restrictedUnit,
		},
	},
	Recovery: Recovery{
		KnownBy: []string{"userPrincipalName"},
		Losses: []Loss{{
			What: "the password and the authentication methods",
			Todo: "give the person the one-time password, and have the methods registered again",
		}},
		Unique: []Unique{
			{Property: "userPrincipalName"},
			{Property: "proxyAddresses", Among: []string{"groups"}},
			{Property: "mail", As: "proxyAddresses", Prefix: "smtp:", Among: []string{"groups"}},
		},
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/directory/deletedItems/microsoft.graph.user",
			Prefixed:    "userPrincipalName",
			NewName:     "newUserPrincipalName",
			DropTaken:   "autoReconcileProxyConflict",
			Droppable:   "proxyAddresses",
			RestorePath: "/directory/deletedItems",
		},
	},
	Guarding: Guarding{
		Risk:   5,
		SignIn: "accountEnabled",
		Person: true,
		Sensitive: []string{
			"accountEnabled", "businessPhones", "mobilePhone", "onPremisesImmutableId", "otherMails", "passwordProfile", "userPrincipalName",
		},
		Permissions: Permissions{
			// Without User-LifeCycleInfo.Read.All, employeeLeaveDateTime reads as null.
			Read:  []string{"User.Read.All", "User-LifeCycleInfo.Read.All"},
			Write: []string{"User.ReadWrite.All"},
			Needs: []Need{
				{Permission: "User-LifeCycleInfo.ReadWrite.All", For: "employeeLeaveDateTime", Properties: []string{"employeeLeaveDateTime"}},
				{Permission: "User.DeleteRestore.All", For: "taking back", Deletion: true},
				{Permission: "User.ManageIdentities.All", For: "identities", Properties: []string{"identities"}},
				{Permission: "CustomSecAttributeAssignment.ReadWrite.All", For: "custom security attributes", Properties: []string{"customSecurityAttributes"}},
				{Permission: "LicenseAssignment.ReadWrite.All", For: "licences", Properties: []string{"licenseAssignmentStates"}},
			},
		},
	},
}

// securityAttributes is what users and service principals have in common: the values of
// custom security attributes. Graph takes each with its type, and a multi-valued one is
// removed by an empty collection, any other by null (the page "Manage custom security
// attribute assignments"). A deactivated attribute or one of no definition can be given to
// nobody. Neither a definition nor its type can be changed, so that a value tells its type.
var securityAttributes = Shape{
	OwnRequest: []string{"customSecurityAttributes"},
	Typed:      map[string]string{"customSecurityAttributes": "#Microsoft.DirectoryServices.CustomSecurityAttributeValue"},
	References: []Reference{{
		Path:     "customSecurityAttributes",
		Joined:   "_",
		Targets:  []string{"customSecurityAttributeDefinitions"},
		Usable:   &Condition{Property: "status", Equals: "Available"},
		Unusable: "is deactivated, so that nobody can be given a value of it",
	}},
}

// restrictedUnit locks the members of a restricted management administrative unit:
// permissions for the whole tenant do not reach them.
var restrictedUnit = Lock{
	When:   []Condition{{Property: "isManagementRestricted", Equals: true}},
	Place:  true,
	Reason: "member of a restricted management administrative unit",
	Hint:   "give the identity a role in that administrative unit",
}
