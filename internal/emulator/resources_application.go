package emulator

import "net/http"

// applicationResources are applications, their instances in the tenant, and what both
// contain. From the reference pages of application, servicePrincipal, appRoleAssignment,
// federatedIdentityCredential and extensionProperty.
var applicationResources = []*resource{
	{
		path: "/applications", typ: "application",
		texts:     applicationTexts,
		tracked:   &tracking{},
		alternate: []string{"appId", "uniqueName"}, upsert: true,
		readOnly: []string{
			"appId", "applicationTemplateId", "certification", "createdByAppId", "createdDateTime", "deletedDateTime",
			"disabledByMicrosoftStatus", "id", "passwordCredentials", "publisherDomain", "verifiedPublisher",
		},
		required:  []string{"displayName"},
		created:   "createdDateTime",
		defaults:  object{"signInAudience": "AzureADandPersonalMicrosoftAccount"},
		deletedTo: "/directory/deletedItems",
		follow:    []follow{{collection: "/servicePrincipals", property: "appId"}},
		links: append([]link{
			{name: "owners", to: []string{"user", "servicePrincipal"}, max: 100},
		}, policyLinks(false)...),
		unique:  []unique{conflict("identifierUris"), conflict("uniqueName")},
		checks:  []check{checkApplication},
		prepare: prepareApplication,
		affect:  propagate,
		actions: passwordActions(),
	},
	{
		path: "/applications/*/federatedIdentityCredentials", typ: "federatedIdentityCredential",
		texts:     map[string]text{"name": {most: 120}, "issuer": {most: 600}, "subject": {most: 600}, "description": {most: 600}},
		alternate: []string{"name"}, bare: []string{"name"}, upsert: true,
		createOnly: []string{"name"},
		required:   []string{"audiences", "issuer", "name", "subject"},
		unique: []unique{{
			property: "name", status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue",
			message: "FederatedIdentityCredential with the same name already exists.",
		}},
		checks: []check{checkFederatedCredential},
	},
	{
		path: "/applications/*/extensionProperties", typ: "extensionProperty",
		deny:     []string{"PATCH", "PUT"},
		readOnly: []string{"appDisplayName", "deletedDateTime", "isSyncedFromOnPremises"},
		required: []string{"dataType", "name", "targetObjects"},
		defaults: object{"isMultiValued": false, "isSyncedFromOnPremises": false},
		unique:   []unique{{property: "name", status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue", message: "An extension property exists with the name specified."}},
		prepare:  prepareExtension,
	},
	{
		path: "/servicePrincipals", typ: "servicePrincipal",
		texts:     applicationTexts,
		tracked:   &tracking{},
		alternate: []string{"appId"}, upsert: true,
		readOnly: []string{
			"agentIdentityBlueprintId", "appDescription", "appDisplayName", "appOwnerOrganizationId", "applicationTemplateId",
			"createdByAppId", "createdDateTime", "deletedDateTime", "disabledByMicrosoftStatus", "id", "info", "isDisabled", "passwordCredentials",
			"resourceSpecificApplicationPermissions", "servicePrincipalType", "signInAudience", "verifiedPublisher",
		},
		createOnly: []string{"appId"},
		required:   []string{"appId"},
		merge:      []string{"customSecurityAttributes"},
		selectOnly: []string{"customSecurityAttributes"},
		defaults: object{
			"accountEnabled": true, "appRoleAssignmentRequired": false, "servicePrincipalType": "Application",
		},
		deletedTo: "/directory/deletedItems",
		links: append([]link{
			{name: "owners", to: []string{"user", "servicePrincipal"}, max: 100},
			{name: "claimsMappingPolicies", to: []string{"claimsMappingPolicy"}, max: 1},
		}, policyLinks(true)...),
		views: []view{
			memberOf(), transitiveMemberOf(), linkedBy("ownedObjects", "owners"),
			about("oauth2PermissionGrants", "oAuth2PermissionGrant", "clientId"), assigned(),
		},
		unique: []unique{{
			property: "appId", status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue",
			message: nameInUse,
		}, {
			property: "servicePrincipalNames", status: http.StatusConflict, code: "Request_MultipleObjectsWithSameKeyValue",
			message: nameInUse,
		}},
		refs: []reference{{
			path: "appId", in: []string{"/applications"}, by: "appId", published: true, code: "Request_BadRequest",
			message: "The appId '%s' of the service principal does not reference a valid application object.",
		}},
		locks: []lock{
			{when: isManagedIdentity, deletes: true, except: []string{"customSecurityAttributes", "owners"}, err: errForbidden},
			{when: isFirstParty, except: firstPartyWritable, err: errForbidden},
		},
		checks:  []check{checkAttributeValues},
		prepare: prepareServicePrincipal,
		actions: memberActions(passwordActions()),
	},
	{
		path: "/servicePrincipals/*/appRoleAssignedTo", typ: "appRoleAssignment",
		deny:     []string{"PATCH", "PUT"},
		readOnly: []string{"createdDateTime", "deletedDateTime", "principalDisplayName", "principalType", "resourceDisplayName"},
		required: []string{"appRoleId", "principalId", "resourceId"},
		created:  "createdDateTime",
		needs:    []string{"principalId", "resourceId"},
		refs: []reference{
			{path: "principalId", in: []string{"/users", "/groups", "/servicePrincipals"}, message: invalidReference, code: "Request_BadRequest"},
			{path: "resourceId", in: []string{"/servicePrincipals"}, message: invalidReference, code: "Request_BadRequest"},
		},
		checks:  []check{checkAssignment},
		prepare: prepareAssignment,
	},
	{
		path: "/servicePrincipals/*/delegatedPermissionClassifications", typ: "delegatedPermissionClassification",
		deny:     []string{"PATCH", "PUT"},
		required: []string{"classification", "permissionId", "permissionName"},
	},
}

// invalidReference is the answer to an app role assignment for what is not there, or has not
// been replicated (microsoft-graph-docs issue 9738, msgraph-bicep-types issue 193); it does
// not name the value.
const invalidReference = "Not a valid reference update.%.0s"

const nameInUse = "The service principal cannot be created, updated, or restored because the service principal name is already in use."

// policyLinks are the policies that both applications and service principals can have.
// A token issuance policy is given to the application alone, one of home realm discovery to the
// service principal.
func policyLinks(principal bool) []link {
	return []link{
		{name: "appManagementPolicies", to: []string{"appManagementPolicy"}, max: 1},
		{name: "homeRealmDiscoveryPolicies", to: []string{"homeRealmDiscoveryPolicy"}, max: 1, readOnly: !principal},
		{name: "tokenIssuancePolicies", to: []string{"tokenIssuancePolicy"}, max: 1, readOnly: principal},
		{name: "tokenLifetimePolicies", to: []string{"tokenLifetimePolicy"}, max: 1},
	}
}

// errForbidden is the answer to writing what belongs to Microsoft or to Azure.
var errForbidden = &apiError{status: http.StatusForbidden, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation."}

// firstPartyWritable are the properties and relationships of Microsoft's own service
// principals that a tenant decides.
var firstPartyWritable = []string{
	"accountEnabled", "appRoleAssignmentRequired", "claimsMappingPolicies", "customSecurityAttributes",
	"homeRealmDiscoveryPolicies", "notes", "notificationEmailAddresses", "owners", "tags",
}
