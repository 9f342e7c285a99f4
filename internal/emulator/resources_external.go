package emulator

// externalResources are domains, branding, certificates, devices, licences, identity providers,
// user flows and custom attributes. From their reference pages.
var externalResources = []*resource{
	{
		path: "/devices", typ: "device",
		noun: "device", category: "Device",
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
		selectOnly: []string{"isManagementRestricted", "onPremisesSecurityIdentifier"},
		deletedTo:  "/directory/deletedItems",
		views:      []view{linkedBy("memberOf", "members"), reachedBy("transitiveMemberOf", "members")},
	},
	{
		path: "/subscribedSkus", typ: "subscribedSku",
		whole: true,
		deny:  []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{
			"accountId", "accountName", "appliesTo", "capabilityStatus", "consumedUnits", "prepaidUnits",
			"servicePlans", "skuId", "skuPartNumber", "subscriptionIds",
		},
	},
	{
		path: "/organization/*/branding", typ: "organizationalBranding", singleton: true,
		readOnly: []string{
			"backgroundImageRelativeUrl", "bannerLogoRelativeUrl", "cdnList", "customCSSRelativeUrl",
			"faviconRelativeUrl", "headerLogoRelativeUrl", "squareLogoDarkRelativeUrl", "squareLogoRelativeUrl",
		},
	},
	{
		path: "/organization/*/branding/localizations", typ: "organizationalBrandingLocalization",
		clientKey: true,
		readOnly: []string{
			"backgroundImageRelativeUrl", "bannerLogoRelativeUrl", "cdnList", "customCSSRelativeUrl",
			"faviconRelativeUrl", "headerLogoRelativeUrl", "squareLogoDarkRelativeUrl", "squareLogoRelativeUrl",
		},
	},
	{
		path: "/organization/*/certificateBasedAuthConfiguration", typ: "certificateBasedAuthConfiguration",
		deny:       []string{"PATCH"},
		createOnly: []string{"certificateAuthorities"},
		required:   []string{"certificateAuthorities"},
	},
	{
		path: "/domains", typ: "domain",
		clientKey: true,
		readOnly: []string{
			"authenticationType", "availabilityStatus", "isAdminManaged", "isInitial", "isRoot", "isVerified",
			"manufacturer", "model", "state",
		},
	},
	{
		path: "/domains/*/federationConfiguration", typ: "internalDomainFederation",
		readOnly: []string{"signingCertificateUpdateStatus"},
		required: []string{"issuerUri", "passiveSignInUri", "preferredAuthenticationProtocol", "signingCertificate"},
	},
	{
		path: "/identity/identityProviders", typ: "identityProviderBase",
		typed:      true,
		createOnly: []string{"identityProviderType"},
		required:   []string{"displayName", "clientId", "clientSecret", "identityProviderType"},
	},
	{
		path: "/directory/attributeSets", typ: "attributeSet",
		clientKey: true,
		deny:      []string{"DELETE"},
	},
	{
		path: "/directory/customSecurityAttributeDefinitions", typ: "customSecurityAttributeDefinition",
		deny:       []string{"DELETE"},
		createOnly: []string{"attributeSet", "name", "isCollection", "isSearchable", "type", "allowedValues"},
		required: []string{
			"attributeSet", "name", "isCollection", "isSearchable", "status", "type", "usePreDefinedValuesOnly",
		},
	},
	{
		path: "/identity/b2xUserFlows", typ: "b2xIdentityUserFlow",
		clientKey:  true,
		deny:       []string{"PATCH"},
		readOnly:   []string{"apiConnectorConfiguration"},
		createOnly: []string{"userFlowType", "userFlowTypeVersion"},
		required:   []string{"userFlowType", "userFlowTypeVersion"},
	},
	{
		path: "/identity/userFlowAttributes", typ: "identityUserFlowAttribute",
		readOnly:   []string{"userFlowAttributeType"},
		createOnly: []string{"displayName", "dataType"},
		required:   []string{"displayName", "dataType", "description"},
	},
	{
		path: "/identity/apiConnectors", typ: "identityApiConnector",
		required: []string{"displayName", "targetUrl", "authenticationConfiguration"},
	},
	{
		path: "/identity/authenticationEventsFlows", typ: "authenticationEventsFlow",
		typed:    true,
		readOnly: []string{"onAttributeCollectionStart", "onAttributeCollectionSubmit"},
	},
	{
		path: "/identity/customAuthenticationExtensions", typ: "customAuthenticationExtension",
	},
	{
		path: "/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations", typ: "certificateBasedAuthPki",
		readOnly:  []string{"deletedDateTime", "lastModifiedDateTime", "status", "statusDetails"},
		modified:  "lastModifiedDateTime",
		deletedTo: "/directory/deletedItems",
	},
	{
		path: "/directory/onPremisesSynchronization", typ: "onPremisesDirectorySynchronization",
		deny: []string{"POST", "DELETE"},
	},
	{
		path: "/directory/recovery/snapshots", typ: "entraRecoveryServices.snapshot",
		deny:     []string{"POST", "PATCH", "DELETE"},
		readOnly: []string{"createdDateTime", "totalChangedObjects"},
	},
}
