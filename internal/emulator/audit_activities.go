package emulator

import "maps"

// activities are what the audit log calls the changes of each resource, by the resource's path. The
// names are those of captured entries, and where none is published those of Microsoft's page
// "Microsoft Entra audit log activity reference". A resource or a deed that is not here leaves no
// entry: either Microsoft lists no activity for it, or its log is another.
var activities = func() map[string]audited {
	all := make(map[string]audited)
	for _, part := range []map[string]audited{directoryActivities, policyActivities, roleActivities, governanceActivities} {
		maps.Copy(all, part)
	}
	return all
}()

// named are the activities of what is only added, updated and deleted.
func named(add, update, remove string) map[deed]string {
	return map[deed]string{added: add, updated: update, deleted: remove}
}

// directoryActivities are those of Core Directory about people, devices, applications and what they
// are in.
var directoryActivities = map[string]audited{
	"/users": {
		category: "UserManagement", target: "User", details: userDetails, tell: tellUser,
		names: map[deed]string{
			added: "Add user", updated: "Update user", deleted: "Delete user", purged: "Hard Delete user", restored: "Restore user",
			licensed: "Change user license",
		},
		links: map[string]auditedLink{
			"manager":  {add: "Set user manager", ownerFirst: true},
			"sponsors": {add: "Add user sponsor", remove: "Remove user sponsor", ownerFirst: true},
		},
	},
	"/groups": {
		category: "GroupManagement", target: "Group", details: groupDetails, values: groupValues,
		names: map[deed]string{
			added: "Add group", updated: "Update group", deleted: "Delete group", purged: "Hard Delete group", restored: "Restore group",
			licensed: "Set group license",
		},
		links: groupLinks,
	},
	"/devices": {
		category: "Device", target: "Device",
		names: map[deed]string{added: "Add device", updated: "Update device", deleted: "Delete device"},
	},
	"/applications": {
		category: "ApplicationManagement", target: "Application", tell: tellApplication,
		names: map[deed]string{
			added: "Add application", updated: "Update application", deleted: "Delete application", purged: "Hard Delete application",
			restored: "Restore application",
		},
		links: map[string]auditedLink{
			"owners":                     {add: "Add owner to application", remove: "Remove owner from application", named: "Application"},
			"appManagementPolicies":      policyToApplication,
			"homeRealmDiscoveryPolicies": policyToApplication,
			"tokenIssuancePolicies":      policyToApplication,
			"tokenLifetimePolicies":      policyToApplication,
		},
	},
	"/applications/*/federatedIdentityCredentials": {
		category: "ApplicationManagement", target: "Application", operation: "Update", of: (*write).owner, values: federatedValues,
		names: map[deed]string{added: "Update application", updated: "Update application", deleted: "Update application"},
	},
	"/servicePrincipals": {
		category: "ApplicationManagement", target: "ServicePrincipal", tell: tellPrincipal,
		names: map[deed]string{
			added: "Add service principal", updated: "Update service principal", deleted: "Remove service principal",
			purged: "Hard delete service principal", restored: "Restore service principal",
		},
		links: map[string]auditedLink{
			"owners":                     {add: "Add owner to service principal", remove: "Remove owner from service principal", named: "ServicePrincipal"},
			"appManagementPolicies":      policyToPrincipal,
			"claimsMappingPolicies":      policyToPrincipal,
			"homeRealmDiscoveryPolicies": policyToPrincipal,
			"tokenIssuancePolicies":      policyToPrincipal,
			"tokenLifetimePolicies":      policyToPrincipal,
		},
	},
	"/servicePrincipals/*/appRoleAssignedTo": {tell: tellAssignment},
	"/oauth2PermissionGrants":                {category: "ApplicationManagement", tell: tellGrant},
	"/directory/administrativeUnits": {
		category: "AdministrativeUnit",
		names: map[deed]string{
			added: "Add administrative unit", updated: "Update administrative unit", deleted: "Delete administrative unit",
			purged: "Hard Delete administrative unit", restored: "Restore administrative unit",
		},
		links: map[string]auditedLink{"members": {add: "Add member to administrative unit", remove: "Remove member from administrative unit"}},
	},
	"/domains":                           {category: "DirectoryManagement", tell: tellDomain},
	"/domains/*/federationConfiguration": {category: "DirectoryManagement", tell: tellFederation},
	"/organization":                      {category: "DirectoryManagement", names: map[deed]string{updated: "Set Company Information"}},
	"/organization/*/branding": {
		category: "DirectoryManagement", names: named("Create Branding Theme", "Update Branding Theme", "Delete Branding Theme"),
	},
	"/organization/*/branding/localizations": {
		category: "DirectoryManagement",
		names:    named("Create Branding Theme Localization", "Update Branding Theme Localization", "Delete Branding Theme Localization"),
	},
	"/organization/*/certificateBasedAuthConfiguration": {
		category: "CertificateBasedAuthConfiguration",
		names:    named("Add CertificateBasedAuthConfiguration", "Update CertificateBasedAuthConfiguration", "Delete CertificateBasedAuthConfiguration"),
	},
	"/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations": {
		category: "PublicKeyInfrastructure",
		names:    named("Create PublicKeyInfrastructure", "Update PublicKeyInfrastructure", "Delete PublicKeyInfrastructure"),
	},
	"/directory/onPremisesSynchronization": {category: "DirectoryManagement", names: map[deed]string{updated: "Set DirSync feature"}},
	"/groupSettings": {
		category: "DirectoryManagement", names: named("Create company settings", "Update company settings", "Delete company settings"),
	},
	"/groupLifecyclePolicies": {
		service: "Self-service Group Management", category: "GroupManagement",
		names: named("Create lifecycle management policy", "Update lifecycle management policy", "Delete lifecycle management policy"),
	},
}

// groupLinks are what the log calls a change of who is in a group, and of who owns it.
var groupLinks = map[string]auditedLink{
	"members": {add: "Add member to group", remove: "Remove member from group", named: "Group"},
	"owners":  {add: "Add owner to group", remove: "Remove owner from group", named: "Group"},
}
