package kind

// organization is the tenant itself. Only the contacts and the privacy profile are
// documented as writable.
var organization = &Kind{
	Name:  "organization",
	Title: "organization",
	Shape: Shape{
		Type: "microsoft.graph.organization",
		Update: []string{
			"marketingNotificationEmails", "privacyProfile", "securityComplianceNotificationMails",
			"securityComplianceNotificationPhones", "technicalNotificationMails",
		},
		Status: []string{
			"businessPhones", "city", "country", "countryLetterCode", "createdDateTime", "defaultUsageLocation",
			"displayName", "mobileDeviceManagementAuthority", "onPremisesSyncEnabled", "partnerTenantType",
			"postalCode", "preferredLanguage", "state", "street", "tenantType", "verifiedDomains",
		},
		Drop: []string{
			"assignedPlans", "deletedDateTime", "directorySizeQuota.used", "onPremisesLastSyncDateTime",
			"provisionedPlans",
		},
		Sets: map[string]string{
			"businessPhones":                       "",
			"marketingNotificationEmails":          "",
			"securityComplianceNotificationMails":  "",
			"securityComplianceNotificationPhones": "",
			"technicalNotificationMails":           "",
			"verifiedDomains":                      "name",
		},
		Strings: map[string]string{"verifiedDomains[].capabilities": ", "},
		Dates:   []string{"createdDateTime"},
		Personal: []string{
			"marketingNotificationEmails", "privacyProfile", "securityComplianceNotificationMails",
			"securityComplianceNotificationPhones", "technicalNotificationMails",
		},
	},
	Place:   Place{Path: "/organization", Singleton: true, Listed: true},
	Reading: Reading{Basic: &Basic{Permissions: []string{"User.Read.All", "User.ReadWrite.All"}, Unless: directoryPermissions}},
	Guarding: Guarding{
		Risk: 6,
		Permissions: Permissions{
			Read:  []string{"Organization.Read.All"},
			Write: []string{"Organization.ReadWrite.All"},
		},
	},
}
