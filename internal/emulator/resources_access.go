package emulator

import "github.com/entragit/entragit/internal/emulator/seed"

// accessResources decide who gets in and how: Conditional Access and authentication
// methods. From the reference pages of conditionalAccessPolicy, namedLocation,
// authenticationStrengthPolicy, authenticationMethodsPolicy and
// authenticationMethodConfiguration.
var accessResources = []*resource{
	{
		path: policiesPath, typ: "conditionalAccessPolicy",
		skip:       true,
		readOnly:   []string{"createdDateTime", "deletedDateTime", "modifiedDateTime"},
		createOnly: []string{"templateId"},
		required:   []string{"conditions", "displayName", "state"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		// The documentation's example of an update sends one property of the conditions.
		merge:     []string{"conditions"},
		embed:     map[string]string{"grantControls.authenticationStrength": strengthsPath},
		deletedTo: "/identity/conditionalAccess/deletedItems/policies",
		returns:   checkBesideDefaults,
		refs:      policyReferences,
		checks:    []check{checkAccessPolicy},
		prepare:   preparePolicy,
	},
	{
		path: locationsPath, typ: "namedLocation",
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
		checks:   []check{checkContextUnused},
	},
	{
		path: strengthsPath, typ: "authenticationStrengthPolicy",
		readOnly:   []string{"createdDateTime", "modifiedDateTime", "policyType", "requirementsSatisfied"},
		createOnly: []string{"allowedCombinations"},
		required:   []string{"allowedCombinations", "displayName"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		defaults: object{"policyType": "custom", "requirementsSatisfied": "mfa"},
		inline:   []string{"combinationConfigurations"},
		locks:    []lock{{when: isBuiltIn, deletes: true, err: badRequest("Built-in authentication strength policies cannot be changed.")}},
		actions:  map[string]action{"updateAllowedCombinations": updateAllowedCombinations},
		byAction: map[string]byAction{"allowedCombinations": {action: "updateAllowedCombinations"}},
		checks:   []check{checkStrengthUnused},
	},
	{
		path: "/identity/conditionalAccess/authenticationStrength/policies", typ: "authenticationStrengthPolicy",
		source: alias(strengthsPath),
	},
	{
		path: strengthsPath + "/*/combinationConfigurations", typ: "authenticationCombinationConfiguration",
		typed: true,
	},
	{
		path: "/policies/authenticationMethodsPolicy", typ: "authenticationMethodsPolicy", singleton: true,
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
	{path: "conditions.users.includeRoles", in: roleCollections, special: seed.BuiltInRoles(), message: unknownRole},
	{path: "conditions.users.excludeRoles", in: roleCollections, special: seed.BuiltInRoles(), message: unknownRole},
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
