package emulator

// directoryResources are devices, licences, domains, branding, certificates and the
// attributes that a company defines. From their reference pages.
var directoryResources = []*resource{
	{
		path: "/devices", typ: "device",
		texts:   map[string]text{"displayName": {most: 256}},
		tracked: &tracking{},
		readOnly: []string{
			"approximateLastSignInDateTime", "complianceExpirationDateTime", "deletedDateTime", "deviceCategory",
			"deviceMetadata", "deviceOwnership", "deviceVersion", "enrollmentProfileName", "enrollmentType",
			"isManagementRestricted", "isRooted", "managementType", "manufacturer", "mdmAppId", "model",
			"onPremisesLastSyncDateTime", "onPremisesSecurityIdentifier", "onPremisesSyncEnabled", "physicalIds",
			"profileType", "registrationDateTime", "systemLabels", "trustType",
		},
		createOnly: []string{"alternativeSecurityIds", "deviceId"},
		required: []string{
			"accountEnabled", "alternativeSecurityIds", "deviceId", "displayName", "operatingSystem",
			"operatingSystemVersion",
		},
		alternate:  []string{"deviceId"},
		selectOnly: []string{"isManagementRestricted", "onPremisesSecurityIdentifier"},
		views:      []view{memberOf(), transitiveMemberOf()},
		actions:    memberActions(nil),
		locks:      []lock{{when: isRestricted, deletes: true, err: errForbidden}},
	},
	{
		path: skusPath, typ: "subscribedSku",
		whole: true,
		deny:  []string{"POST", "PATCH", "DELETE"},
	},
	{
		path: "/organization/*/branding", typ: "organizationalBranding", singleton: true, optional: true,
		readOnly: brandingReadOnly, streams: brandingStreams,
		checks: []check{checkBranding},
		prepare: func(w *write) *apiError {
			w.after["id"] = defaultLanguage
			return nil
		},
	},
	{
		path: "/organization/*/branding/localizations", typ: "organizationalBrandingLocalization",
		clientKey: true,
		readOnly:  brandingReadOnly, streams: brandingStreams,
		itself: defaultLanguage,
		checks: []check{checkLocalization},
		affect: brandDefault,
	},
	{
		path: "/organization/*/certificateBasedAuthConfiguration", typ: "certificateBasedAuthConfiguration",
		deny:       []string{"PATCH"},
		createOnly: []string{"certificateAuthorities"},
		required:   []string{"certificateAuthorities"},
		// There is one, and its id is the same in every tenant.
		keyOf: func(*write) string { return "29728ade-6ae4-4ee9-9103-412912537da5" },
	},
	{
		path: "/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations", typ: "certificateBasedAuthPki",
		readOnly:  []string{"deletedDateTime", "lastModifiedDateTime", "status", "statusDetails"},
		required:  []string{"displayName"},
		modified:  "lastModifiedDateTime",
		defaults:  object{"status": "succeeded"},
		deletedTo: "/directory/deletedItems",
	},
	{
		path: "/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations/*/certificateAuthorities", typ: "certificateAuthorityDetail",
		readOnly: []string{
			"createdDateTime", "deletedDateTime", "expirationDateTime", "issuer", "issuerSubjectKeyIdentifier", "thumbprint",
		},
		createOnly: []string{"certificate"},
		required:   []string{"certificate", "certificateAuthorityType"},
		created:    "createdDateTime",
		prepare:    prepareAuthority,
	},
	{
		path: "/domains", typ: "domain",
		clientKey: true,
		readOnly: []string{
			"authenticationType", "availabilityStatus", "isAdminManaged", "isInitial", "isRoot", "isVerified",
			"manufacturer", "model", "state",
		},
		defaults: object{
			"authenticationType": "Managed", "isAdminManaged": true, "isDefault": false, "isInitial": false, "isRoot": true,
			"isVerified": false, "supportedServices": []any{},
		},
		checks: []check{checkDomain},
		affect: moveDefaultDomain,
	},
	{
		path: "/domains/*/federationConfiguration", typ: "internalDomainFederation",
		readOnly: []string{"signingCertificateUpdateStatus"},
		required: []string{"issuerUri", "passiveSignInUri", "preferredAuthenticationProtocol", "signingCertificate"},
		checks:   []check{checkFederation},
		affect:   federateDomain,
	},
	{
		path: "/groupSettings", typ: "groupSetting",
		createOnly: []string{"templateId", "displayName"},
		required:   []string{"templateId", "values"},
		unique:     []unique{conflict("templateId")},
		prepare:    prepareGroupSetting,
	},
	{
		path: "/groupLifecyclePolicies", typ: "groupLifecyclePolicy",
		required: []string{"groupLifetimeInDays", "managedGroupTypes", "alternateNotificationEmails"},
		checks:   []check{checkLifetime},
	},
	{
		path: "/directory/attributeSets", typ: "attributeSet",
		clientKey: true, page: 100,
		deny: []string{"DELETE"},
	},
	{
		path: attributesPath, typ: "customSecurityAttributeDefinition",
		keyOf: func(w *write) string { return textOf(w.sent["attributeSet"]) + "_" + textOf(w.sent["name"]) },
		deny:  []string{"DELETE"},
		holds: []string{"allowedValues"},
		createOnly: []string{
			"attributeSet", "name", "isCollection", "isSearchable", "type",
		},
		required: []string{
			"attributeSet", "name", "isCollection", "isSearchable", "status", "type", "usePreDefinedValuesOnly",
		},
		refs:   []reference{{path: "attributeSet", in: []string{"/directory/attributeSets"}, message: notFoundText, code: notFoundCode, status: 404}},
		checks: []check{checkAttribute},
	},
	{
		path: attributesPath + "/*/allowedValues", typ: "allowedValue",
		clientKey: true,
		deny:      []string{"DELETE"},
		required:  []string{"isActive"},
	},
	{
		path: "/directory/onPremisesSynchronization", typ: "onPremisesDirectorySynchronization",
		delegatedOnly: true,
		deny:          []string{"POST", "DELETE"},
	},
	{
		path: "/directory/recovery/snapshots", typ: "entraRecoveryServices.snapshot",
		deny: []string{"POST", "PATCH", "DELETE"},
	},
	{
		// Jobs are made below a snapshot, by a signed-in user alone (the pages "List
		// recoveryJobBase" and "Create recoveryJob").
		path: "/directory/recovery/jobs", typ: "entraRecoveryServices.recoveryJobBase",
		deny: []string{"POST", "PATCH", "DELETE"},
	},
}

const (
	skusPath       = "/subscribedSkus"
	attributesPath = "/directory/customSecurityAttributeDefinitions"
)

var brandingStreams = []string{
	"backgroundImage", "bannerLogo", "customCSS", "favicon", "headerLogo", "squareLogo", "squareLogoDark",
}

var brandingReadOnly = []string{
	"backgroundImageRelativeUrl", "bannerLogoRelativeUrl", "cdnList", "customCSSRelativeUrl", "faviconRelativeUrl",
	"headerLogoRelativeUrl", "squareLogoDarkRelativeUrl", "squareLogoRelativeUrl",
}
