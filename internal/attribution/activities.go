package attribution

import (
	"slices"

	"github.com/entragit/entragit/internal/kind"
)

// Names of activities are those of Microsoft's page "Microsoft Entra audit log activity
// reference", and as they were seen in captured entries where those differ.

// services of the log.
const (
	directory         = "Core Directory"
	conditionalAccess = "Conditional Access"
	pim               = "PIM"
	pimInWords        = "Privileged Identity Management"
)

// object is what the log calls the writing of the objects of some kinds.
type object struct {
	kinds                                       []string
	services                                    []string
	named                                       string
	create, update, remove, destroy, take, only []string
}

// rows are the activities of an object.
func (o object) rows() []activity {
	var rows []activity
	for _, of := range []struct {
		does  verb
		names []string
	}{{creates, o.create}, {updates, o.update}, {deletes, o.remove}, {destroys, o.destroy}, {restores, o.take}} {
		if of.names != nil {
			rows = append(rows, activity{Names: of.names, Services: o.services, Kinds: o.kinds, Does: of.does, Named: o.named, About: o.only})
		}
	}
	return rows
}

// directoryPolicies are the kinds of which "Update policy" tells.
func directoryPolicies() []string {
	var names []string
	for _, k := range kind.All() {
		if k.DirectoryPolicy {
			names = append(names, k.Name)
		}
	}
	return names
}

// objectActivities create, update and delete objects.
var objectActivities = slices.Concat(
	object{
		kinds: []string{"users"}, create: []string{"Add user", "Invite external user"},
		update: []string{"Update user"},
		remove: []string{"Delete user"}, destroy: []string{"Hard Delete user"}, take: []string{"Restore user"},
	}.rows(),
	object{
		kinds: []string{"groups"}, create: []string{"Add group"}, update: []string{"Update group"},
		remove: []string{"Delete group"}, destroy: []string{"Hard Delete group"}, take: []string{"Restore group"},
	}.rows(),
	object{
		kinds: []string{"devices"}, create: []string{"Add device"}, update: []string{"Update device"}, remove: []string{"Delete device"},
	}.rows(),
	object{
		kinds:  []string{"applications"},
		create: []string{"Add application", "Create application – Certificates and secrets management"},
		update: []string{"Update application"},
		remove: []string{"Delete application"}, destroy: []string{"Hard Delete application"}, take: []string{"Restore application"},
	}.rows(),
	object{
		kinds: []string{"servicePrincipals"}, create: []string{"Add service principal"}, update: []string{"Update service principal"},
		remove: []string{"Remove service principal"}, destroy: []string{"Hard delete service principal"}, take: []string{"Restore service principal"},
	}.rows(),
	object{
		kinds: []string{"roleDefinitions"}, create: []string{"Add role definition", "Role definition created"},
		update: []string{"Update role definition"}, remove: []string{"Delete role definition"},
	}.rows(),
	object{
		kinds: []string{"administrativeUnits"}, create: []string{"Add administrative unit"}, update: []string{"Update administrative unit"},
		remove: []string{"Delete administrative unit"}, destroy: []string{"Hard Delete administrative unit"}, take: []string{"Restore administrative unit"},
	}.rows(),
	object{
		kinds: []string{"conditionalAccessPolicies"}, services: []string{conditionalAccess},
		create: []string{"Add conditional access policy"}, update: []string{"Update conditional access policy"},
		remove: []string{"Delete conditional access policy"}, take: []string{"Restore conditional access policy"},
	}.rows(),
	object{
		kinds: directoryPolicies(), services: []string{directory}, create: []string{"Add policy"}, update: []string{"Update policy"},
		remove: []string{"Delete policy"}, destroy: []string{"Hard Delete policy"}, take: []string{"Restore policy"},
	}.rows(),
	object{
		kinds: []string{"namedLocations"}, create: []string{"Add named location"}, update: []string{"Update named location"},
		remove: []string{"Delete named location"}, take: []string{"Restore named location"},
	}.rows(),
	object{
		kinds:  []string{"authenticationContextClassReferences"},
		create: []string{"Add AuthenticationContextClassReference"}, update: []string{"Update AuthenticationContextClassReference"},
		remove: []string{"Delete AuthenticationContextClassReference"},
	}.rows(),
	object{
		kinds:  []string{"authenticationStrengthPolicies"},
		create: []string{"Authentication Strength Policy Create"}, update: []string{"Authentication Strength Policy Update"},
		remove: []string{"Authentication Strength Policy Delete"},
	}.rows(),
	object{
		kinds: []string{"permissionGrantPolicies"}, create: []string{"Add permission grant policy"},
		update: []string{"Update permission grant policy"}, remove: []string{"Delete permission grant policy"},
	}.rows(),
	object{
		kinds: []string{"crossTenantAccessPolicyPartners"}, named: "tenantId",
		create: []string{"Add a partner to cross-tenant access setting"}, update: []string{"Update a partner cross-tenant access setting"},
		remove: []string{"Delete partner specific cross-tenant access setting"},
	}.rows(),
	object{
		kinds: []string{"domains"}, named: "Name", create: []string{"Add unverified domain", "Add verified domain"},
		update: []string{"Update domain"}, remove: []string{"Remove unverified domain", "Remove verified domain", "Soft Delete Domain"},
		destroy: []string{"Hard Delete Domain"},
	}.rows(),
	object{
		kinds: []string{"groupSettings"}, create: []string{"Create group settings", "Create company settings"},
		update: []string{"Update group settings", "Update company settings"}, remove: []string{"Delete group settings", "Delete company settings"},
	}.rows(),
	object{
		kinds: []string{"groupLifecyclePolicies"}, create: []string{"Create lifecycle management policy"},
		update: []string{"Update lifecycle management policy"}, remove: []string{"Delete lifecycle management policy"},
	}.rows(),
	object{
		kinds: []string{"publicKeyInfrastructures"}, create: []string{"Create PublicKeyInfrastructure"},
		update: []string{"Update PublicKeyInfrastructure"}, remove: []string{"Delete PublicKeyInfrastructure"},
	}.rows(),
	object{
		kinds: []string{"certificateBasedAuthConfiguration"}, create: []string{"Add CertificateBasedAuthConfiguration"},
		update: []string{"Update CertificateBasedAuthConfiguration"}, remove: []string{"Delete CertificateBasedAuthConfiguration"},
	}.rows(),
	object{
		kinds: []string{"agreements"}, create: []string{"Create Terms Of Use"}, update: []string{"Edit Terms Of Use"}, remove: []string{"Delete Terms Of Use"},
	}.rows(),
	object{
		kinds: []string{"accessPackages"}, create: []string{"Create access package"}, update: []string{"Update access package"},
		remove: []string{"Delete access package"},
	}.rows(),
	object{
		kinds:  []string{"accessPackageAssignmentPolicies"},
		create: []string{"Create access package assignment policy"}, update: []string{"Update access package assignment policy"},
		remove: []string{"Delete access package assignment policy"},
	}.rows(),
	object{
		kinds: []string{"accessPackageCatalogs"}, create: []string{"Create access package catalog"},
		update: []string{"Update access package catalog"}, remove: []string{"Delete access package catalog"},
	}.rows(),
	object{
		kinds: []string{"connectedOrganizations"}, create: []string{"Create connected organization"},
		update: []string{"Update connected organization"}, remove: []string{"Delete connected organization"},
	}.rows(),
	object{
		kinds: []string{"entitlementRoleAssignments"}, create: []string{"Add Entitlement Management role assignment"},
		remove: []string{"Remove Entitlement Management role assignment"},
	}.rows(),
	object{
		kinds: []string{"accessReviewDefinitions"}, create: []string{"Create access review"}, update: []string{"Update access review"},
		remove: []string{"Delete access review"},
	}.rows(),
	object{
		kinds: []string{"lifecycleWorkflows"}, create: []string{"Create workflow"},
		update: []string{"Update workflow", "Enable workflow", "Disable workflow", "Add workflow version"},
		remove: []string{"Delete workflow"}, destroy: []string{"Hard delete workflow"}, take: []string{"Restore workflow"},
	}.rows(),
	object{
		kinds:  []string{"lifecycleWorkflowCustomTaskExtensions"},
		create: []string{"Create custom task extension"}, update: []string{"Update custom task extension"}, remove: []string{"Delete custom task extension"},
	}.rows(),
	object{
		kinds: []string{"featureRolloutPolicies"}, create: []string{"Create rollout policy for feature"},
		update: []string{"Update rollout policy of feature"}, remove: []string{"Delete rollout policy of feature"},
	}.rows(),
	object{
		kinds: []string{"identityProviders"}, create: []string{"Create Identity Provider"}, update: []string{"Update Identity Provider"},
		remove: []string{"Delete Identity Provider"},
	}.rows(),
	object{
		kinds: []string{"b2xUserFlows"}, create: []string{"Create user flow"}, update: []string{"Update user flow"}, remove: []string{"Delete user flow"},
	}.rows(),
	object{
		kinds: []string{"userFlowAttributes"}, create: []string{"Create user attribute"}, update: []string{"Update user attribute"},
		remove: []string{"Delete user attribute"},
	}.rows(),
	object{
		kinds: []string{"apiConnectors"}, create: []string{"Create API connector"}, update: []string{"Update API connector"},
		remove: []string{"Delete API connector"},
	}.rows(),
	object{
		kinds: []string{"authenticationEventsFlows"}, create: []string{"Create authenticationEventsFlow"},
		update: []string{"Update authenticationEventsFlow"}, remove: []string{"Delete authenticationEventsFlow"},
	}.rows(),
	object{
		kinds: []string{"customAuthenticationExtensions"}, create: []string{"Create customAuthenticationExtension"},
		update: []string{"Update customAuthenticationExtension"}, remove: []string{"Delete customAuthenticationExtension"},
	}.rows(),
	object{
		kinds: []string{"organizationalBranding"}, create: []string{"Create Branding Theme"},
		update: []string{"Update Branding Theme"}, remove: []string{"Delete Branding Theme"},
	}.rows(),
)

// partActivities write one part of an object, or an object that is always there.
var partActivities = []activity{
	{
		Names: []string{"Enable account", "Disable account"}, Kinds: []string{"users"}, Does: updates, About: []string{"accountEnabled"},
	},
	{
		Names: []string{"Change user license"}, Kinds: []string{"users"}, Does: updates, About: []string{"licenseAssignmentStates"},
	},
	{
		Names: []string{"Set group license"}, Kinds: []string{"groups"}, Does: updates, About: []string{"assignedLicenses"},
	},
	{
		Names: []string{"Set user manager", "Remove user manager"}, Kinds: []string{"users"}, Does: updates, About: []string{"links/manager"},
	},
	{
		Names: []string{"Add user sponsor", "Remove user sponsor"}, Kinds: []string{"users"}, Does: updates, About: []string{"links/sponsors"},
	},
	{
		Names: []string{"Redeem external user invite", "Redeem extern user invite"}, Kinds: []string{"users"}, Does: updates, About: []string{"externalUserState"},
	},
	{
		Names: []string{"Update attribute values assigned to a user"}, Kinds: []string{"users"}, Does: updates, About: []string{"customSecurityAttributes"},
	},
	{
		Names: []string{"Update application – Certificates and secrets management"}, Kinds: []string{"applications"}, Does: updates,
		About: []string{"keyCredentials", "passwordCredentials"},
	},
	{
		Names: []string{"Update external secrets"}, Kinds: []string{"applications"}, Does: updates, About: []string{"keyCredentials", "passwordCredentials"},
	},
	{
		Names: []string{"Set verified publisher", "Unset verified publisher"}, Kinds: []string{"applications"}, Does: updates, About: []string{"verifiedPublisher"},
	},
	{
		Names: []string{"Add service principal credentials", "Remove service principal credentials"}, Kinds: []string{"servicePrincipals"}, Does: updates,
		About: []string{"keyCredentials", "passwordCredentials"},
	},
	{
		Names: []string{"Update role setting in PIM"}, Services: []string{pim, pimInWords}, Kinds: []string{"roleManagementPolicies"}, Does: updates,
		Assigned: "roleManagementPolicyAssignments", About: []string{"contained/rules"},
	},
	{
		Names: []string{"Add a group to feature rollout", "Remove a group from feature rollout"}, Kinds: []string{"featureRolloutPolicies"}, Does: updates,
		About: []string{"links/appliesTo"},
	},
	{
		Names: []string{"Create incompatible access package", "Delete incompatible access package"}, Kinds: []string{"accessPackages"}, Does: updates,
		About: []string{"links/incompatibleAccessPackages"},
	},
	{
		Names: []string{"Create incompatible group", "Delete incompatible group"}, Kinds: []string{"accessPackages"}, Does: updates,
		About: []string{"links/incompatibleGroups"},
	},
	{
		Names: []string{"Update tenant setting"}, Services: []string{"Entitlement Management"}, Kinds: []string{"entitlementManagementSettings"}, Does: updates,
	},
	{
		Names: []string{"Update authentication flows policy"}, Kinds: []string{"authenticationFlowsPolicy"}, Does: updates,
	},
	{
		Names: []string{"Update security defaults"}, Kinds: []string{"identitySecurityDefaultsEnforcementPolicy"}, Does: updates,
	},
	{
		Names: []string{"Authentication Methods Policy Update", "Authentication Methods Policy Reset"}, Kinds: []string{"authenticationMethodsPolicy"}, Does: updates,
	},
	{
		Names: []string{
			"Authentication Strength Combination Configuration Create", "Authentication Strength Combination Configuration Update",
			"Authentication Strength Combination Configuration Delete",
		},
		Kinds: []string{"authenticationStrengthPolicies"}, Does: updates, About: []string{"contained/combinationConfigurations"},
	},
	{
		Names: []string{"Update authorization policy"}, Kinds: []string{"authorizationPolicy"}, Does: updates,
	},
	{
		Names: []string{"Update the company default cross-tenant access setting", "Reset the cross-tenant access default setting"},
		Kinds: []string{"crossTenantAccessPolicyDefault"}, Does: updates,
	},
	{
		Names: []string{
			"Create a partner cross-tenant identity sync setting", "Update a partner cross-tenant identity sync setting",
			"Delete a partner cross-tenant identity sync setting",
		},
		Kinds: []string{"crossTenantAccessPolicyPartners"}, Named: "tenantId", Does: updates, About: []string{"contained/identitySynchronization"},
	},
	{
		Names: []string{"Verify domain"}, Kinds: []string{"domains"}, Named: "Name", Does: updates, About: []string{"isVerified"},
	},
	{
		Names: []string{"Promote sub domain to root domain"}, Kinds: []string{"domains"}, Named: "Name", Does: updates, About: []string{"isRoot"},
	},
	{
		Names: []string{"Set domain authentication"}, Kinds: []string{"domains"}, Named: "Name", Does: updates,
		About: []string{"authenticationType", "contained/federationConfiguration"},
	},
	{
		Names: []string{"Set federation settings on domain"}, Kinds: []string{"domains"}, Named: "Name", Does: updates,
		About: []string{"contained/federationConfiguration"},
	},
	{
		Names: []string{"Set Company Information", "Update company"}, Kinds: []string{"organization"}, Does: updates,
	},
	{
		Names: []string{"Set DirSync feature", "Set DirSyncEnabled flag"}, Kinds: []string{"onPremisesSynchronization"}, Does: updates,
	},
	{
		Names: []string{"Set device registration policies"}, Kinds: []string{"deviceRegistrationPolicy"}, Does: updates,
	},
	{
		Names: []string{"Update tenant settings"}, Services: []string{"Lifecycle Workflows"}, Kinds: []string{"lifecycleWorkflowSettings"}, Does: updates,
	},
	{
		Names: []string{"Create Branding Theme Localization", "Update Branding Theme Localization", "Delete Branding Theme Localization"},
		Kinds: []string{"organizationalBranding"}, Does: updates, About: []string{"contained/localizations"},
	},
}

// asideActivities change nothing that a snapshot holds, or say nothing of what they change that
// another entry does not say better.
var asideActivities = []activity{{Names: []string{
	"Update PasswordProfile", "Reset password", "Reset user password", "Change user password", "Set force change user password",
	"Reset password (by admin)", "Reset password (self-service)", "Change password (self-service)", "Self-serve password reset flow activity progress",
	"Update StsRefreshTokenValidFrom Timestamp", "Enable Strong Authentication", "Disable Strong Authentication",
	"Update per-user multifactor authentication state", "User registered security info", "User deleted security info",
	"Admin registered security info", "Admin deleted security info", "User changed default security info",
	"User registered all required security info", "Validate user authentication", "Consent to application",
	"Start applying group based license to users", "Finish applying group based license to user", "Trigger group license recalculation",
	"Group_GetDynamicGroupProperties", "GroupsODataV4_Get",
	// An alert, written every two hours for as long as there is such an assignment (AuditType
	// RoleElevatedOutsidePimAlert); who made it when is on the directory's entry.
	"Add member to role outside of PIM (permanent)",
}}}
