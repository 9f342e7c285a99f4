package emulator

// accessResources decide who gets in and how: Conditional Access and authentication
// methods. From the reference pages of conditionalAccessPolicy, namedLocation,
// authenticationStrengthPolicy, authenticationMethodsPolicy and
// authenticationMethodConfiguration.
var accessResources = []*resource{
	{
		path: policiesPath, typ: "conditionalAccessPolicy",
		noun: "conditional access policy", category: "Policy",
		skip:       true,
		readOnly:   []string{"createdDateTime", "deletedDateTime", "modifiedDateTime"},
		createOnly: []string{"templateId"},
		required:   []string{"conditions", "displayName", "state"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		// The documentation's example of an update sends one property of the conditions.
		merge:     []string{"conditions"},
		embed:     map[string]string{"grantControls.authenticationStrength": strengthsPath},
		deletedTo: "/identity/conditionalAccess/deletedItems/policies",
		refs:      policyReferences,
		checks:    []check{checkAccessPolicy},
		prepare:   preparePolicy,
	},
	{
		path: locationsPath, typ: "namedLocation",
		noun: "named location", category: "Policy",
		skip: true, typed: true,
		readOnly: []string{"createdDateTime", "deletedDateTime", "modifiedDateTime"},
		required: []string{"displayName"},
		created:  "createdDateTime", modified: "modifiedDateTime",
		deletedTo: "/identity/conditionalAccess/deletedItems/namedLocations",
		checks:    []check{checkLocation},
		prepare:   prepareLocation,
	},
	{
		path: "/identity/conditionalAccess/deletedItems/policies", typ: "conditionalAccessPolicy",
		source:  bin("/identity/conditionalAccess/deletedItems/policies", false),
		deny:    []string{"POST", "PATCH", "PUT"},
		actions: map[string]action{"restore": restore},
	},
	{
		path: "/identity/conditionalAccess/deletedItems/namedLocations", typ: "namedLocation",
		source:  bin("/identity/conditionalAccess/deletedItems/namedLocations", false),
		deny:    []string{"POST", "PATCH", "PUT"},
		actions: map[string]action{"restore": restore},
	},
	{
		path: "/identity/conditionalAccess/authenticationContextClassReferences", typ: "authenticationContextClassReference",
		clientKey: true, upsert: true,
		required: []string{"description", "displayName", "isAvailable"},
	},
	{
		path: strengthsPath, typ: "authenticationStrengthPolicy",
		noun: "authentication strength policy", category: "Policy",
		readOnly:   []string{"createdDateTime", "modifiedDateTime", "policyType", "requirementsSatisfied"},
		createOnly: []string{"allowedCombinations"},
		required:   []string{"allowedCombinations", "displayName"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		defaults: object{"policyType": "custom", "requirementsSatisfied": "mfa"},
		inline:   []string{"combinationConfigurations"},
		locks:    []lock{{when: isBuiltIn, deletes: true, err: badRequest("Built-in authentication strength policies cannot be changed.")}},
		actions:  map[string]action{"updateAllowedCombinations": updateAllowedCombinations},
		checks:   []check{checkStrengthUnused},
	},
	{
		path: strengthsPath + "/*/combinationConfigurations", typ: "authenticationCombinationConfiguration",
		typed: true,
	},
	{
		path: "/policies/authenticationMethodsPolicy", typ: "authenticationMethodsPolicy", singleton: true,
		noun: "authentication methods policy", category: "Policy",
		readOnly: []string{"description", "displayName", "lastModifiedDateTime", "policyVersion"},
		modified: "lastModifiedDateTime",
		inline:   []string{"authenticationMethodConfigurations"},
		refs: []reference{
			{
				path: "registrationEnforcement.authenticationMethodsRegistrationCampaign.includeTargets.id",
				in:   []string{"/groups", "/users"}, special: []string{"all_users"}, message: unknownTarget,
			},
			{
				path: "registrationEnforcement.authenticationMethodsRegistrationCampaign.excludeTargets.id",
				in:   []string{"/groups", "/users"}, message: unknownTarget,
			},
		},
	},
	{
		path: "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations", typ: "authenticationMethodConfiguration",
		noun: "authentication method configuration", category: "Policy",
		// Graph documents no list here: the parent holds it.
		deny:   []string{"LIST"},
		typed:  true,
		inline: []string{"includeTargets"},
		refs: []reference{
			{path: "includeTargets.id", in: []string{"/groups"}, special: []string{"all_users"}, message: unknownTarget},
			{path: "excludeTargets.id", in: []string{"/groups"}, message: unknownTarget},
			{path: "featureSettings.*.includeTarget.id", in: []string{"/groups"}, special: []string{"all_users", zeroID}, message: unknownTarget},
			{path: "featureSettings.*.excludeTarget.id", in: []string{"/groups"}, special: []string{zeroID}, message: unknownTarget},
		},
		checks: []check{checkMethod},
	},
}

const (
	policiesPath  = "/identity/conditionalAccess/policies"
	locationsPath = "/identity/conditionalAccess/namedLocations"
	strengthsPath = "/policies/authenticationStrengthPolicies"

	unknownTarget = "The target '%s' does not exist."
)

// policyReferences are the objects that a Conditional Access policy names. The numbers are
// the form of that service's messages; it answers 400 with code BadRequest.
var policyReferences = []reference{
	{path: "conditions.users.includeUsers", in: []string{"/users"}, special: []string{"All", "None", "GuestsOrExternalUsers"}, message: unknownUser},
	{path: "conditions.users.excludeUsers", in: []string{"/users"}, special: []string{"GuestsOrExternalUsers"}, message: unknownUser},
	{path: "conditions.users.includeGroups", in: []string{"/groups"}, message: unknownGroup},
	{path: "conditions.users.excludeGroups", in: []string{"/groups"}, message: unknownGroup},
	{path: "conditions.users.includeRoles", in: roleCollections, special: builtInRoles, message: unknownRole},
	{path: "conditions.users.excludeRoles", in: roleCollections, special: builtInRoles, message: unknownRole},
	{
		path: "conditions.applications.includeApplications", in: []string{"/applications", "/servicePrincipals"}, by: "appId",
		special: []string{"All", "None", "Office365", "MicrosoftAdminPortals", "AllAgentIdResources"}, message: unknownApplication,
	},
	{
		path: "conditions.applications.excludeApplications", in: []string{"/applications", "/servicePrincipals"}, by: "appId",
		special: []string{"Office365", "MicrosoftAdminPortals"}, message: unknownApplication,
	},
	{
		path: "conditions.applications.includeAuthenticationContextClassReferences",
		in:   []string{"/identity/conditionalAccess/authenticationContextClassReferences"}, message: "1099: Invalid authentication context value: %s.",
	},
	{
		path: "conditions.clientApplications.includeServicePrincipals", in: []string{"/servicePrincipals"},
		special: []string{"ServicePrincipalsInMyTenant"}, message: unknownPrincipal,
	},
	{path: "conditions.clientApplications.excludeServicePrincipals", in: []string{"/servicePrincipals"}, message: unknownPrincipal},
	{path: "conditions.locations.includeLocations", in: []string{locationsPath}, special: []string{"All", "AllTrusted", zeroID}, message: unknownLocation},
	{path: "conditions.locations.excludeLocations", in: []string{locationsPath}, special: []string{"AllTrusted", zeroID}, message: unknownLocation},
	{path: "grantControls.authenticationStrength.id", in: []string{strengthsPath}, message: "1082: Invalid authentication strength value: %s."},
	{path: "grantControls.termsOfUse", in: []string{"/agreements"}, message: "1081: Invalid terms of use value: %s."},
}

const (
	unknownUser        = "1020: Invalid user value: %s."
	unknownGroup       = "1021: Invalid group value: %s."
	unknownRole        = "1022: Invalid role value: %s."
	unknownApplication = "1023: Invalid application value: %s."
	unknownPrincipal   = "1024: Invalid service principal value: %s."
	unknownLocation    = "1025: Invalid location value: %s."
)

var roleCollections = []string{"/roleManagement/directory/roleDefinitions"}

// builtInRoles are the directory roles that every tenant has, by template id. From
// the page "Microsoft Entra built-in roles"; not the whole list.
var builtInRoles = []string{
	"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
	"e8611ab8-c189-46e8-94e1-60213ab1f814", // Privileged Role Administrator
	"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
	"c4e39bd9-1100-46d3-8c65-fb160da0071f", // Authentication Administrator
	"194ae4cb-b126-40b2-bd5b-6091b380977d", // Security Administrator
	"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9", // Conditional Access Administrator
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", // Application Administrator
	"158c047a-c907-4556-b7ef-446551a6b5f7", // Cloud Application Administrator
	"29232cdf-9323-42fd-ade2-1d097af3e4de", // Exchange Administrator
	"f28a1f50-f6e7-4571-818b-6a12f2af6b6c", // SharePoint Administrator
	"69091246-20e8-4a56-aa4d-066075b2a7a8", // Teams Administrator
	"3a2c62db-5318-420d-8d74-23affee5d9d5", // Intune Administrator
	"8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2", // Hybrid Identity Administrator
	"fe930be7-5e62-47db-91af-98c3a49a38b1", // User Administrator
	"fdd7a751-b60b-444a-984c-02652fe8fa1c", // Groups Administrator
	"729827e3-9c14-49f7-bb1b-9608f156bbb8", // Helpdesk Administrator
	"966707d0-3269-4727-9be2-8c3a10f19b9d", // Password Administrator
	"b0f54661-2d74-4c50-afa3-1ec803f12efe", // Billing Administrator
	"17315797-102d-40b4-93e0-432062caca18", // Compliance Administrator
	"f2ef992c-3afb-46b9-b7cf-a126ee74c451", // Global Reader
	"5d6b6bb7-de71-4623-b4af-96380a352509", // Security Reader
	"4a5d8f65-41da-4de4-8968-e035b65339cf", // Reports Reader
	"88d8e3e3-8f55-4a1e-953a-9b9898b8876b", // Directory Readers
	"d29b2b05-8046-44ba-8758-1e26182fcf32", // Directory Synchronization Accounts
}
