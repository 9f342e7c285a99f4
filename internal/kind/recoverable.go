package kind

import (
	"slices"
	"strings"
)

// Recoverable is one thing that Microsoft's own recovery service puts back, beside
// what entragit has for it.
type Recoverable struct {
	// Object and Property are Microsoft's words.
	Object, Property string
	// Kind and Part name ours: a property, a link or a contained collection; a Part of
	// "" is the whole object, and a Kind of "" means that there is nothing.
	Kind, Part string
	// Why says what keeps us from restoring it; empty where we do.
	Why string
}

const (
	betaOnly     = "Graph has it in beta only, which is no contract"
	notInGraph   = "Graph v1.0 does not have it"
	atCreation   = "kept; fixed when the object is created"
	neverChanges = "kept; it never changes"
)

// Recoverables lists what Microsoft Entra Backup and Recovery restores, in its order.
// The result must not be modified
// (https://learn.microsoft.com/entra/backup/scope-supported-objects-limitations, 25 August 2026).
func Recoverables() []Recoverable { return recoverables }

var recoverables = slices.Concat(
	same("user", "users",
		"AccountEnabled accountEnabled", "AgeGroup ageGroup", "City city", "CompanyName companyName",
		"ConsentProvidedForMinor consentProvidedForMinor", "Country country", "Department department",
		"DisplayName displayName", "EmployeeHireDate employeeHireDate", "EmployeeId employeeId",
		"EmployeeLeaveDate employeeLeaveDateTime", "EmployeeOrgData employeeOrgData", "EmployeeType employeeType",
		"FaxNumber faxNumber", "GivenName givenName", "JobTitle jobTitle", "Mail mail", "MailNickname mailNickname",
		"Mobile mobilePhone", "OtherMail otherMails", "PasswordPolicies passwordPolicies"),
	[]Recoverable{{Object: "user", Property: "PerUserMfaState", Why: betaOnly}},
	same("user", "users",
		"PhysicalDeliveryOfficeName officeLocation", "PostalCode postalCode",
		"PreferredDataLocation preferredDataLocation", "PreferredLanguage preferredLanguage", "State state",
		"StreetAddress streetAddress", "Surname surname", "TelephoneNumber businessPhones",
		"UsageLocation usageLocation", "UserPrincipalName userPrincipalName", "UserType userType"),
	same("group", "groups",
		"Classification classification", "Description description", "DisplayName displayName",
		"GroupType groupTypes", "IsPublic visibility"),
	[]Recoverable{
		{"group", "Mail", "groups", "mail", "kept; Exchange computes it from the mail nickname, which is restored"},
		{"group", "MailEnabled", "groups", "mailEnabled", atCreation},
	},
	same("group", "groups",
		"MailNickname mailNickname", "PreferredDataLocation preferredDataLocation",
		"PreferredLanguage preferredLanguage", "SecurityEnabled securityEnabled", "Theme theme", "members"),
	same("Conditional Access policy", "conditionalAccessPolicies", "all"),
	same("named location", "namedLocations", "all"),
	same("authorization policy", "authorizationPolicy", "blockMsolPowerShell", "guestUserRoleId"),
	methods("Email OTP", "FIDO2 passkey", "Authenticator app", "Voice call", "SMS OTP", "Third-party software OATH",
		"Temporary Access Pass", "Certificate-based authentication"),
	same("application", "applications", "displayName", "description", "notes", "tags", "identifierUris"),
	[]Recoverable{{"application", "createdDateTime", "applications", "createdDateTime", neverChanges}},
	same("application", "applications", "isFallbackPublicClient"),
	[]Recoverable{{"application", "publisherDomain", "applications", "publisherDomain", "kept; Graph does not let it be written"}},
	same("application", "applications",
		"isDeviceOnlyAuthSupported", "serviceManagementReference", "requiredResourceAccess",
		"nativeAuthenticationApisEnabled", "signInAudience", "groupMembershipClaims", "optionalClaims", "isDisabled",
		"addIns", "servicePrincipalLockConfiguration", "info"),
	same("service principal", "servicePrincipals",
		"accountEnabled", "alternativeNames", "appRoleAssignmentRequired", "description", "loginUrl", "notes",
		"notificationEmailAddresses", "preferredTokenSigningKeyThumbprint", "tags"),
	[]Recoverable{{"service principal", "servicePrincipalType", "servicePrincipals", "servicePrincipalType", neverChanges}},
	same("service principal", "servicePrincipals", "preferredSingleSignOnMode"),
	[]Recoverable{{Object: "service principal", Property: "publisherName", Why: betaOnly + "; it is the name of the publisher's tenant"}},
	same("service principal", "servicePrincipals",
		"samlSingleSignOnSettings", "servicePrincipalNames", "assignments appRoleAssignedTo"),
	same("delegated permission grant", "oauth2PermissionGrants", "all"),
	missing("organization", notInGraph, "availableMFAMethods", "IsApplicationPasswordBlocked", "IsRememberDevicesEnabled",
		"rememberDevicesDurationInDays", "StrongAuthenticationPolicy.enabled", "StrongAuthenticationPolicy.ipAllowList"),
)

// same lists rows that entragit restores, each "THEIRS OURS", or one word where both
// are the same; "all" is the whole object.
func same(object, kindName string, rows ...string) []Recoverable {
	var list []Recoverable
	for _, row := range rows {
		theirs, ours, differ := strings.Cut(row, " ")
		switch {
		case row == "all":
			theirs = "all properties"
		case !differ:
			ours = theirs
		}
		list = append(list, Recoverable{Object: object, Property: theirs, Kind: kindName, Part: ours})
	}
	return list
}

// methods lists the authentication methods, each of which is an element of one
// collection.
func methods(names ...string) []Recoverable {
	var list []Recoverable
	for _, name := range names {
		list = append(list, Recoverable{
			Object: "authentication methods policy", Property: name,
			Kind: authenticationMethodsPolicy.Name, Part: authenticationMethodConfigurations.Name,
		})
	}
	return list
}

// missing lists rows that entragit has nothing for.
func missing(object, why string, properties ...string) []Recoverable {
	var list []Recoverable
	for _, p := range properties {
		list = append(list, Recoverable{Object: object, Property: p, Why: why})
	}
	return list
}
