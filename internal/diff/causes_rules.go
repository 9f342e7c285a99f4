package diff

// CauseRule says of one sort of change what brings it about.
type CauseRule struct {
	// ID names the rule for good; changes have it as why.
	ID string
	// Says completes the sentence "… because".
	Says string
	// sees finds what brought about parts of a change, or all of it where a cause has no
	// parts.
	sees sight
}

// CauseRules returns every rule in a fixed order. The result must not be modified.
func CauseRules() []CauseRule { return causeRules }

// causeRules are asked in their order. The first that explains a change as a whole ends it.
var causeRules = []CauseRule{
	{ID: "goes-with", Says: "nobody creates or deletes it: it comes and goes with what it is for", sees: provided},
	{ID: "application-instance", Says: "it is the service principal of that application", sees: instance},
	{ID: "deleted-subject", Says: "it was about what was deleted", sees: deletedSubject},
	{ID: "restored-subject", Says: "it came back with what it is about", sees: restoredSubject},
	{ID: "same-assignment", Says: "it is the same assignment of the role, without its schedule", sees: shadowed},
	{ID: "deleted-target", Says: "what the link leads to was deleted", sees: deletedTarget},
	{ID: "restored-target", Says: "what the link leads to came back", sees: restoredTarget},
	{ID: "follows-rule", Says: "members follow a rule, and the member was changed in what it asks about", sees: followed},
	{ID: "mirrored", Says: "a service principal repeats what its application says", sees: mirrored},
	{ID: "renumbered", Says: "the addresses of the application are numbered anew", sees: renumbered},
	{ID: "one-default", Says: "there is one default, and another was made it", sees: replacedDefault},
}

// subjects are the properties of natural keys that say what an object is about. Whatever it
// is about takes the object along when it is deleted. A role is not among them: Graph deletes
// none that is assigned (the page "Delete unifiedRoleDefinition").
var subjects = []string{"principalId", "groupId", "clientId", "resourceId", "directoryScopeId", "appScopeId"}

// company is an object that nobody creates: Microsoft does so for another, which one of its
// properties names, and takes it away with that.
type company struct {
	kind string
	path []string // of the property
	of   string   // the kind of the other
	// named is set where the other names the object instead.
	named bool
	// deleted is set where people create it, and it goes by itself alone.
	deleted bool
}

var companies = []company{
	{kind: "roleManagementPolicyAssignments", path: []string{"roleDefinitionId"}, of: "roleDefinitions"},
	{kind: "roleManagementPolicies", path: []string{"policyId"}, of: "roleManagementPolicyAssignments", named: true},
	{kind: "privilegedAccessGroupPolicies", path: []string{"scopeId"}, of: "groups"},
	{kind: "privilegedAccessGroupPolicyAssignments", path: []string{"scopeId"}, of: "groups"},
	{kind: "accessPackageAssignmentPolicies", path: []string{"accessPackage", "id"}, of: "accessPackages", deleted: true},
}

// mirror is a kind whose objects repeat what an object of another kind says, which is known
// by the same value of a property.
type mirror struct {
	kind, of, by string
	// repeats has the pointers of what is repeated, by the pointer where it is.
	repeats map[string][]string
}

// mirrors: the page "Apps & service principals in Microsoft Entra ID" calls a service principal
// the local representation of an application; what it repeats was seen when applications were
// written.
var mirrors = []mirror{{
	kind: "servicePrincipals", of: "applications", by: "appId",
	repeats: map[string][]string{
		"/status/displayName":            {"/spec/displayName"},
		"/status/appDisplayName":         {"/spec/displayName"},
		"/status/appDescription":         {"/spec/description"},
		"/status/appRoles":               {"/spec/appRoles"},
		"/status/oauth2PermissionScopes": {"/spec/api/oauth2PermissionScopes"},
		"/status/replyUrls":              {"/spec/web/redirectUris", "/spec/spa/redirectUris", "/spec/publicClient/redirectUris"},
		"/status/homepage":               {"/spec/web/homePageUrl"},
		"/status/logoutUrl":              {"/spec/web/logoutUrl"},
		"/status/info":                   {"/spec/info"},
		"/status/signInAudience":         {"/spec/signInAudience"},
		"/status/isDisabled":             {"/spec/isDisabled"},
		"/status/verifiedPublisher":      {"/status/verifiedPublisher"},
		"/spec/servicePrincipalNames":    {"/spec/identifierUris"},
	},
}}

// following is a link that nobody writes while its owner has a rule for it.
type following struct{ kind, link, rule string }

// followings: the page "Manage rules for dynamic membership groups": members cannot be added or
// removed by hand. Administrative units are the same.
var followings = []following{
	{kind: "groups", link: "members", rule: "membershipRule"},
	{kind: "administrativeUnits", link: "members", rule: "membershipRule"},
}

// shadow is a kind whose objects say the same as one of another kind with the same natural
// key, and less.
type shadow struct{ kind, of string }

// shadows: PIM shows each assignment of a role as a schedule, too (the page
// "unifiedRoleAssignmentSchedule resource type").
var shadows = []shadow{{kind: "roleAssignments", of: "roleAssignmentSchedules"}}

// numbering is a list that numbers the elements of another list of the same object.
type numbering struct{ kind, pointer, of, key string }

// numberings: the page "redirectUriSettings resource type".
var numberings = []numbering{{
	kind: "applications", pointer: "/spec/web/redirectUriSettings", of: "/spec/web/redirectUris", key: "uri",
}}
