package emulator

import "encoding/json"

// governanceResources are entitlement management, access reviews, lifecycle workflows and terms
// of use. From their reference pages.
var governanceResources = []*resource{
	{
		path: catalogsPath, typ: "accessPackageCatalog",
		readOnly: []string{"catalogType", "createdDateTime", "modifiedDateTime"},
		required: []string{"displayName"},
		created:  "createdDateTime", modified: "modifiedDateTime",
		defaults: object{"catalogType": "userManaged", "state": "published", "isExternallyVisible": false},
		checks:   []check{checkCatalog},
	},
	{
		path: catalogsPath + "/*/resources", typ: "accessPackageResource",
		deny:        []string{"POST", "PATCH", "DELETE"},
		requestedBy: resourceRequestsPath,
		checks:      []check{checkResourceUnused},
	},
	{
		path: resourceRequestsPath, typ: "accessPackageResourceRequest",
		deny:     []string{"PATCH", "DELETE"},
		readOnly: []string{"createdDateTime", "state"},
		required: []string{"requestType", "resource", "catalog"},
		created:  "createdDateTime",
		prepare:  prepareResourceRequest,
		affect:   carryOutResourceRequest,
	},
	{
		path: packagesPath, typ: "accessPackage",
		linked:     true,
		readOnly:   []string{"createdDateTime", "modifiedDateTime"},
		createOnly: []string{"catalog"},
		required:   []string{"displayName"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		defaults: object{"isHidden": false},
		toOne:    []toOne{{name: "catalog", in: []string{catalogsPath}, required: true}},
		links: []link{
			{name: "incompatibleAccessPackages", to: []string{"accessPackage"}},
			{name: "incompatibleGroups", to: []string{"group"}},
		},
		views:  []view{packagesIncompatibleWith()},
		affect: removePolicies,
	},
	{
		path: packagesPath + "/*/resourceRoleScopes", typ: "accessPackageResourceRoleScope",
		deny:     []string{"PATCH"},
		readOnly: []string{"createdDateTime"},
		required: []string{"role", "scope"},
		created:  "createdDateTime",
		keyOf:    roleScopeKey,
		prepare:  prepareRoleScope,
	},
	{
		path: assignmentPoliciesPath, typ: "accessPackageAssignmentPolicy",
		put:        true,
		deny:       []string{"PATCH"},
		readOnly:   []string{"createdDateTime", "modifiedDateTime"},
		createOnly: []string{"accessPackage"},
		required:   []string{"displayName", "allowedTargetScope"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		inline:  []string{"customExtensionStageSettings", "questions"},
		toOne:   []toOne{{name: "accessPackage", in: []string{packagesPath}, required: true}},
		refs:    policySubjects(),
		prepare: prepareQuestions,
	},
	{
		path: connectedPath, typ: "connectedOrganization",
		readOnly:   []string{"createdDateTime", "modifiedDateTime"},
		createOnly: []string{"identitySources"},
		required:   []string{"displayName", "identitySources"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		defaults: object{"state": "configured"},
		links:    []link{{name: "internalSponsors", to: []string{"user", "group"}}, {name: "externalSponsors", to: []string{"user", "group"}}},
	},
	{
		path: "/identityGovernance/entitlementManagement/settings", typ: "entitlementManagementSettings", singleton: true,
	},
	{
		path: "/identityGovernance/accessReviews/definitions", typ: "accessReviewScheduleDefinition",
		skip:       true,
		put:        true,
		deny:       []string{"PATCH"},
		readOnly:   []string{"createdBy", "createdDateTime", "lastModifiedDateTime", "status"},
		createOnly: []string{"scope", "instanceEnumerationScope"},
		required:   []string{"displayName", "scope", "settings"},
		created:    "createdDateTime", modified: "lastModifiedDateTime",
		defaults: object{"status": "NotStarted"},
	},
	{
		path: "/agreements", typ: "agreement",
		delegatedOnly: true,
		createOnly:    []string{"file", "isPerDeviceAcceptanceRequired", "termsExpiration", "userReacceptRequiredFrequency"},
		required:      []string{"displayName", "file"},
	},
	{
		path: "/identityGovernance/termsOfUse/agreements", typ: "agreement",
		delegatedOnly: true,
		source:        alias("/agreements"),
	},
	{
		path: workflowsPath, typ: "identityGovernance.workflow",
		readOnly: []string{
			"createdDateTime", "deletedDateTime", "lastModifiedDateTime", "nextScheduleRunDateTime",
			"quarantineDetails", "version",
		},
		createOnly: []string{"category", "executionConditions", "tasks"},
		required:   []string{"category", "displayName", "isEnabled", "isSchedulingEnabled", "executionConditions", "tasks"},
		created:    "createdDateTime", modified: "lastModifiedDateTime",
		defaults:  object{"version": json.Number("1")},
		emptied:   []string{"settings"},
		inline:    []string{"tasks"},
		itemOnly:  []string{"tasks"},
		deletedTo: "/identityGovernance/lifecycleWorkflows/deletedItems/workflows",
		prepare:   prepareTasks,
		checks:    []check{checkWorkflow},
		actions:   map[string]action{"createNewVersion": createNewVersion},
		byAction: map[string]byAction{
			"executionConditions": {action: "createNewVersion"}, "tasks": {action: "createNewVersion"},
		},
	},
	{
		path: "/identityGovernance/lifecycleWorkflows/deletedItems/workflows", typ: "identityGovernance.workflow",
		source:  bin("/identityGovernance/lifecycleWorkflows/deletedItems/workflows", false),
		deny:    []string{"POST", "PATCH", "PUT"},
		actions: map[string]action{"restore": restore},
	},
	{
		path: extensionsPath, typ: "identityGovernance.customTaskExtension",
		readOnly: []string{"createdDateTime", "lastModifiedDateTime"},
		required: []string{"displayName", "authenticationConfiguration", "endpointConfiguration"},
		created:  "createdDateTime", modified: "lastModifiedDateTime",
		checks: []check{checkExtensionUnused},
	},
	{
		path: "/identityGovernance/lifecycleWorkflows/settings", typ: "identityGovernance.lifecycleManagementSettings", singleton: true,
	},
}

const (
	resourceRequestsPath   = "/identityGovernance/entitlementManagement/resourceRequests"
	catalogsPath           = "/identityGovernance/entitlementManagement/catalogs"
	packagesPath           = "/identityGovernance/entitlementManagement/accessPackages"
	assignmentPoliciesPath = "/identityGovernance/entitlementManagement/assignmentPolicies"
	connectedPath          = "/identityGovernance/entitlementManagement/connectedOrganizations"
	workflowsPath          = "/identityGovernance/lifecycleWorkflows/workflows"
	extensionsPath         = "/identityGovernance/lifecycleWorkflows/customTaskExtensions"
)

// policySubjects are the people, groups and organizations that an assignment policy names.
func policySubjects() []reference {
	var refs []reference
	for _, path := range []string{
		"specificAllowedTargets", "requestorSettings.onBehalfRequestors", "requestApprovalSettings.stages.primaryApprovers",
		"requestApprovalSettings.stages.escalationApprovers", "requestApprovalSettings.stages.fallbackPrimaryApprovers",
		"requestApprovalSettings.stages.fallbackEscalationApprovers", "reviewSettings.primaryReviewers", "reviewSettings.fallbackReviewers",
	} {
		refs = append(refs,
			reference{path: path + ".userId", in: []string{"/users"}, message: unknownSubject, code: "SubjectNotFound"},
			reference{path: path + ".groupId", in: []string{"/groups"}, message: unknownSubject, code: "SubjectNotFound"},
			reference{path: path + ".connectedOrganizationId", in: []string{connectedPath}, message: unknownSubject, code: "SubjectNotFound"},
		)
	}
	return refs
}

const unknownSubject = "The subject '%s' does not exist."
