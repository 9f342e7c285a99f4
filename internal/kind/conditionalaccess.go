package kind

// namedLocations are IP ranges or countries, told apart by @odata.type.
var namedLocations = &Kind{
	Name:  "namedLocations",
	Title: "named location",
	Shape: Shape{
		Type:        "microsoft.graph.namedLocation",
		Polymorphic: true,
		Update: []string{
			"countriesAndRegions", "countryLookupMethod", "displayName", "includeUnknownCountriesAndRegions",
			"ipRanges", "isTrusted",
		},
		Status: []string{"createdDateTime"},
		Drop:   []string{"deletedDateTime", "modifiedDateTime"},
		Sets: map[string]string{
			"countriesAndRegions": "",
			"ipRanges":            "cidrAddress",
		},
		Dates: []string{"createdDateTime"},
	},
	Place: Place{Path: "/identity/conditionalAccess/namedLocations"},
	Recovery: Recovery{
		Twins: true,
		Deletion: Deletion{
			Mode:        DeleteSoft,
			Before:      map[string]any{"isTrusted": false}, // a trusted location is not deleted
			DeletedPath: "/identity/conditionalAccess/deletedItems/namedLocations",
			RestorePath: "/identity/conditionalAccess/deletedItems/namedLocations",
		},
	},
	Guarding: Guarding{Risk: 1, Permissions: conditionalAccessPermissions},
}

// conditionalAccessPolicies are written a whole condition set, grant or session
// control at a time. The deleted items of Conditional Access are in Microsoft's v1.0
// metadata since August 2026; a tenant that does not serve them has no deleted items.
var conditionalAccessPolicies = &Kind{
	Name:     "conditionalAccessPolicies",
	Title:    "Conditional Access policy",
	Annotate: true,
	Shape: Shape{
		Type:    "microsoft.graph.conditionalAccessPolicy",
		Update:  []string{"conditions", "displayName", "grantControls", "sessionControls", "state"},
		Create:  []string{"templateId"},
		Status:  []string{"createdDateTime", "description"},
		Drop:    []string{"deletedDateTime", "modifiedDateTime"},
		Sets:    conditionalAccessSets,
		Strings: conditionalAccessStrings,
		Reduce:  []string{"grantControls.authenticationStrength"},
		Dates:   []string{"createdDateTime"},
		NotRestored: map[string]string{
			"description": "not documented as writable",
		},
		References: conditionalAccessReferences,
	},
	Place:   Place{Path: "/identity/conditionalAccess/policies"},
	Reading: Reading{Preview: "1037:"},
	Recovery: Recovery{
		Twins: true,
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/identity/conditionalAccess/deletedItems/policies",
			RestorePath: "/identity/conditionalAccess/deletedItems/policies",
		},
	},
	Guarding: Guarding{
		Risk:        0,
		Enforcement: conditionalAccessEnforcement,
		Permissions: Permissions{
			Read: []string{"Policy.Read.All"},
			// Application.Read.All lets Graph check the applications a policy names.
			Write: []string{"Application.Read.All", "Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"},
		},
	},
	DirectoryPolicy: true,
}

// conditionalAccessEnforcement: a policy that only reports lets everybody in.
var conditionalAccessEnforcement = &Enforcement{
	While:   Condition{Property: "state", Equals: "enabled"},
	Reports: "enabledForReportingButNotEnforced",
	Includes: []Scope{
		{Path: "conditions.users.includeUsers", Of: "users", Everyone: "All", Guests: "GuestsOrExternalUsers"},
		{Path: "conditions.users.includeGroups", Of: "users", By: ByGroup},
		{Path: "conditions.users.includeRoles", Of: "users", By: ByRole},
		{Path: "conditions.users.includeGuestsOrExternalUsers", Of: "users", By: ByGuest},
		{Path: "conditions.clientApplications.includeServicePrincipals", Of: "servicePrincipals", Everyone: "ServicePrincipalsInMyTenant"},
	},
	Excludes: []Scope{
		{Path: "conditions.users.excludeUsers", Of: "users"},
		{Path: "conditions.users.excludeGroups", Of: "users", By: ByGroup},
		{Path: "conditions.users.excludeRoles", Of: "users", By: ByRole},
		{Path: "conditions.clientApplications.excludeServicePrincipals", Of: "servicePrincipals"},
	},
	Blocks:    "grantControls.builtInControls",
	Block:     "block",
	Parts:     []string{"conditions", "grantControls", "sessionControls"},
	DependsOn: []string{"authenticationStrengthPolicies", "namedLocations"},
	Implied:   map[string]string{"AllTrusted": "namedLocations"},
}

var conditionalAccessPermissions = Permissions{
	Read:  []string{"Policy.Read.All"},
	Write: []string{"Policy.Read.All", "Policy.ReadWrite.ConditionalAccess"},
}

var conditionalAccessSets = map[string]string{
	"conditions.applications.excludeApplications":                           "",
	"conditions.applications.includeApplications":                           "",
	"conditions.applications.includeAuthenticationContextClassReferences":   "",
	"conditions.applications.includeUserActions":                            "",
	"conditions.clientAppTypes":                                             "",
	"conditions.clientApplications.excludeServicePrincipals":                "",
	"conditions.clientApplications.includeServicePrincipals":                "",
	"conditions.locations.excludeLocations":                                 "",
	"conditions.locations.includeLocations":                                 "",
	"conditions.platforms.excludePlatforms":                                 "",
	"conditions.platforms.includePlatforms":                                 "",
	"conditions.servicePrincipalRiskLevels":                                 "",
	"conditions.signInRiskLevels":                                           "",
	"conditions.userRiskLevels":                                             "",
	"conditions.users.excludeGroups":                                        "",
	"conditions.users.excludeGuestsOrExternalUsers.externalTenants.members": "",
	"conditions.users.excludeRoles":                                         "",
	"conditions.users.excludeUsers":                                         "",
	"conditions.users.includeGroups":                                        "",
	"conditions.users.includeGuestsOrExternalUsers.externalTenants.members": "",
	"conditions.users.includeRoles":                                         "",
	"conditions.users.includeUsers":                                         "",
	"grantControls.builtInControls":                                         "",
	"grantControls.customAuthenticationFactors":                             "",
	"grantControls.termsOfUse":                                              "",
}

// conditionalAccessStrings are flag enumerations, which Graph writes as one string.
var conditionalAccessStrings = map[string]string{
	"conditions.authenticationFlows.transferMethods":                         ",",
	"conditions.insiderRiskLevels":                                           ",",
	"conditions.users.excludeGuestsOrExternalUsers.guestOrExternalUserTypes": ",",
	"conditions.users.includeGuestsOrExternalUsers.guestOrExternalUserTypes": ",",
}

// mfaTrustedIPs is the location that stands for the trusted addresses of the old
// multifactor settings.
const mfaTrustedIPs = "00000000-0000-0000-0000-000000000000"

var conditionalAccessReferences = []Reference{
	{
		Path:    "conditions.applications.includeAuthenticationContextClassReferences",
		Targets: []string{"authenticationContextClassReferences"},
	},
	{Path: "conditions.users.excludeRoles", Targets: []string{"roleDefinitions"}},
	{Path: "conditions.users.includeRoles", Targets: []string{"roleDefinitions"}},
	{Path: "grantControls.authenticationStrength.id", Targets: []string{"authenticationStrengthPolicies"}},
	{Path: "grantControls.termsOfUse", Targets: []string{"agreements"}},
	{
		Path:    "conditions.applications.excludeApplications",
		Targets: []string{"servicePrincipals", "applications"},
		By:      "appId",
		Special: []string{"Office365", "MicrosoftAdminPortals", "AllAgentIdResources"},
	},
	{
		Path:    "conditions.applications.includeApplications",
		Targets: []string{"servicePrincipals", "applications"},
		By:      "appId",
		Special: []string{"All", "None", "Office365", "MicrosoftAdminPortals", "AllAgentIdResources"},
	},
	{Path: "conditions.clientApplications.excludeServicePrincipals", Targets: []string{"servicePrincipals"}},
	{
		Path:    "conditions.clientApplications.includeServicePrincipals",
		Targets: []string{"servicePrincipals"},
		Special: []string{"ServicePrincipalsInMyTenant"},
	},
	{
		Path:    "conditions.locations.excludeLocations",
		Targets: []string{"namedLocations"},
		Special: []string{"All", "AllTrusted", mfaTrustedIPs},
	},
	{
		Path:    "conditions.locations.includeLocations",
		Targets: []string{"namedLocations"},
		Special: []string{"All", "AllTrusted", mfaTrustedIPs},
	},
	{Path: "conditions.users.excludeGroups", Targets: []string{"groups"}},
	{Path: "conditions.users.excludeUsers", Targets: []string{"users"}, Special: []string{"GuestsOrExternalUsers"}},
	{Path: "conditions.users.includeGroups", Targets: []string{"groups"}},
	{
		Path:    "conditions.users.includeUsers",
		Targets: []string{"users"},
		Special: []string{"All", "None", "GuestsOrExternalUsers"},
	},
}
