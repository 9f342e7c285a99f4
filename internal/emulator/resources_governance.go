package emulator

// governanceResources are entitlement management, access reviews, lifecycle workflows and terms
// of use. From their reference pages; relationships given in a body, requests and versions
// are missing.
var governanceResources = []*resource{
	{
		path: "/identityGovernance/entitlementManagement/catalogs", typ: "accessPackageCatalog",
		readOnly: []string{"catalogType", "createdDateTime", "modifiedDateTime"},
		required: []string{"displayName"},
		created:  "createdDateTime", modified: "modifiedDateTime",
	},
	{
		path: "/identityGovernance/entitlementManagement/catalogs/*/resources", typ: "accessPackageResource",
		deny: []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{
			"attributes", "createdDateTime", "description", "displayName", "modifiedDateTime", "originId",
			"originSystem",
		},
	},
	{
		path: "/identityGovernance/entitlementManagement/accessPackages", typ: "accessPackage",
		readOnly:   []string{"createdDateTime", "modifiedDateTime"},
		createOnly: []string{"catalog"},
		required:   []string{"displayName"},
		created:    "createdDateTime", modified: "modifiedDateTime",
	},
	{
		path: "/identityGovernance/entitlementManagement/assignmentPolicies", typ: "accessPackageAssignmentPolicy",
		put:        true,
		deny:       []string{"PATCH"},
		readOnly:   []string{"createdDateTime", "modifiedDateTime"},
		createOnly: []string{"accessPackage"},
		required:   []string{"displayName", "allowedTargetScope"},
		created:    "createdDateTime", modified: "modifiedDateTime",
	},
	{
		path: "/identityGovernance/entitlementManagement/connectedOrganizations", typ: "connectedOrganization",
		readOnly:   []string{"createdDateTime", "modifiedDateTime"},
		createOnly: []string{"identitySources"},
		required:   []string{"displayName", "identitySources"},
		created:    "createdDateTime", modified: "modifiedDateTime",
		links: []link{{name: "internalSponsors", to: []string{"user", "group"}}, {name: "externalSponsors", to: []string{"user", "group"}}},
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
		required:   []string{"displayName", "scope", "reviewers", "settings"},
		created:    "createdDateTime", modified: "lastModifiedDateTime",
	},
	{
		path: "/agreements", typ: "agreement",
		createOnly: []string{"file", "isPerDeviceAcceptanceRequired", "termsExpiration", "userReacceptRequiredFrequency"},
		required:   []string{"displayName", "file"},
	},
	{
		path: "/identityGovernance/lifecycleWorkflows/workflows", typ: "identityGovernance.workflow",
		readOnly: []string{
			"createdDateTime", "deletedDateTime", "lastModifiedDateTime", "nextScheduleRunDateTime",
			"quarantineDetails", "version",
		},
		createOnly: []string{"category", "executionConditions", "tasks"},
		required:   []string{"category", "displayName", "isEnabled", "isSchedulingEnabled", "executionConditions", "tasks"},
		created:    "createdDateTime", modified: "lastModifiedDateTime",
		deletedTo: "/identityGovernance/lifecycleWorkflows/deletedItems/workflows",
	},
	{
		path: "/identityGovernance/lifecycleWorkflows/deletedItems/workflows", typ: "identityGovernance.workflow",
		source:  bin("/identityGovernance/lifecycleWorkflows/deletedItems/workflows", false),
		deny:    []string{"POST", "PATCH", "PUT"},
		actions: map[string]action{"restore": restore},
	},
	{
		path: "/identityGovernance/lifecycleWorkflows/customTaskExtensions", typ: "identityGovernance.customTaskExtension",
		readOnly: []string{"createdDateTime", "lastModifiedDateTime"},
		created:  "createdDateTime", modified: "lastModifiedDateTime",
	},
	{
		path: "/identityGovernance/lifecycleWorkflows/settings", typ: "identityGovernance.lifecycleManagementSettings", singleton: true,
	},
}
