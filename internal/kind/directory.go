package kind

// domains carry their federation, by which somebody else's server signs users in.
var domains = &Kind{
	Name:  "domains",
	Title: "domain",
	Shape: Shape{
		Type:     "microsoft.graph.domain",
		NameFrom: "id",
		Update: []string{
			"isDefault", "passwordNotificationWindowInDays", "passwordValidityPeriodInDays",
			"supportedServices",
		},
		Status: []string{
			"authenticationType", "isAdminManaged", "isInitial", "isRoot", "isVerified", "manufacturer",
			"model",
		},
		Drop: []string{"availabilityStatus", "state"},
		Sets: map[string]string{
			"supportedServices": "",
		},
	},
	Path:           "/domains",
	NotRecreatable: "a domain must be verified by DNS again",
	Contained: []Contained{
		{
			Name: "federationConfiguration",
			Shape: Shape{
				Type:     "microsoft.graph.internalDomainFederation",
				NameFrom: "issuerUri",
				Update: []string{
					"activeSignInUri", "displayName", "federatedIdpMfaBehavior",
					"isSignedAuthenticationRequestRequired", "issuerUri", "metadataExchangeUri",
					"nextSigningCertificate", "passiveSignInUri", "passwordResetUri",
					"preferredAuthenticationProtocol", "promptLoginBehavior", "signOutUri",
					"signingCertificate",
				},
				Drop: []string{"id", "signingCertificateUpdateStatus"},
			},
			When: []Condition{{Property: "authenticationType", Equals: "Federated"}},
			Permissions: Permissions{
				Read:  []string{"Domain-InternalFederation.Read.All"},
				Write: []string{"Domain-InternalFederation.ReadWrite.All"},
			},
			Key: []string{"issuerUri"},
		},
	},
	Deletion: Deletion{Mode: DeleteHard},
	Risk:     0,
	Permissions: Permissions{
		Read:  []string{"Domain.Read.All"},
		Write: []string{"Domain.ReadWrite.All"},
	},
}

var groupSettings = &Kind{
	Name:  "groupSettings",
	Title: "group setting",
	Shape: Shape{
		Type:   "microsoft.graph.groupSetting",
		Update: []string{"values"},
		Create: []string{"templateId"},
		Status: []string{"displayName"},
		Sets: map[string]string{
			"values": "name",
		},
	},
	Path:       "/groupSettings",
	NaturalKey: []string{"templateId"},
	Deletion:   Deletion{Mode: DeleteHard},
	Risk:       5,
	Permissions: Permissions{
		Read:  []string{"GroupSettings.Read.All"},
		Write: []string{"GroupSettings.ReadWrite.All"},
	},
}

var groupLifecyclePolicies = &Kind{
	Name:  "groupLifecyclePolicies",
	Title: "group lifecycle policy",
	Shape: Shape{
		Type:     "microsoft.graph.groupLifecyclePolicy",
		NameFrom: "managedGroupTypes",
		Update:   []string{"alternateNotificationEmails", "groupLifetimeInDays", "managedGroupTypes"},
		Strings:  map[string]string{"alternateNotificationEmails": ";"},
		Personal: []string{"alternateNotificationEmails"},
	},
	Path:     "/groupLifecyclePolicies",
	Deletion: Deletion{Mode: DeleteHard},
	Risk:     6,
	Permissions: Permissions{
		Read:  []string{"Directory.Read.All"},
		Write: []string{"Directory.ReadWrite.All"},
	},
}

var attributeSets = &Kind{
	Name:  "attributeSets",
	Title: "attribute set",
	Shape: Shape{
		Type:     "microsoft.graph.attributeSet",
		NameFrom: "id",
		Update:   []string{"description", "maxAttributesPerSet"},
	},
	Path:     "/directory/attributeSets",
	Top:      999,
	ChosenID: "id",
	Risk:     4,
	Permissions: Permissions{
		Read:  []string{"CustomSecAttributeDefinition.Read.All"},
		Write: []string{"CustomSecAttributeDefinition.ReadWrite.All"},
	},
}

var customSecurityAttributeDefinitions = &Kind{
	Name:  "customSecurityAttributeDefinitions",
	Title: "custom security attribute",
	Shape: Shape{
		Type:     "microsoft.graph.customSecurityAttributeDefinition",
		NameFrom: "id",
		Update:   []string{"description", "status", "usePreDefinedValuesOnly"},
		Create:   []string{"attributeSet", "isCollection", "isSearchable", "name", "type"},
		OneWay:   map[string]any{"usePreDefinedValuesOnly": false},
		References: []Reference{
			{Path: "attributeSet", Targets: []string{"attributeSets"}},
		},
	},
	Path: "/directory/customSecurityAttributeDefinitions",
	Top:  999,
	Contained: []Contained{
		{
			Name: "allowedValues",
			Shape: Shape{
				Type:     "microsoft.graph.allowedValue",
				NameFrom: "id",
				Update:   []string{"isActive"},
			},
			Key:      []string{"id"},
			NoDelete: true, // a value can only be made inactive
		},
	},
	Risk: 4,
	Permissions: Permissions{
		Read:  []string{"CustomSecAttributeDefinition.Read.All"},
		Write: []string{"CustomSecAttributeDefinition.ReadWrite.All"},
	},
}

var subscribedSkus = &Kind{
	Name:  "subscribedSkus",
	Title: "licence",
	Shape: Shape{
		Type:     "microsoft.graph.subscribedSku",
		NameFrom: "skuPartNumber",
		Status: []string{
			"accountId", "accountName", "appliesTo", "capabilityStatus", "servicePlans", "skuId",
			"skuPartNumber", "subscriptionIds",
		},
		Drop: []string{"consumedUnits", "prepaidUnits", "servicePlans[].provisioningStatus"},
		Sets: map[string]string{
			"servicePlans":    "servicePlanId",
			"subscriptionIds": "",
		},
	},
	Path:     "/subscribedSkus",
	Observed: "licences are bought",
	Risk:     9,
	Permissions: Permissions{
		Read: []string{"LicenseAssignment.Read.All"},
	},
}

// devices register themselves; only whether one may sign in is configuration.
var devices = &Kind{
	Name:  "devices",
	Title: "device",
	Shape: Shape{
		Type:   "microsoft.graph.device",
		Update: []string{"accountEnabled"},
		Status: []string{
			"alternativeSecurityIds", "deviceCategory", "deviceId", "deviceMetadata", "deviceOwnership",
			"displayName", "enrollmentProfileName", "enrollmentType", "isManaged", "isManagementRestricted",
			"isRooted", "managementType", "manufacturer", "mdmAppId", "model", "onPremisesSecurityIdentifier",
			"onPremisesSyncEnabled", "operatingSystem", "operatingSystemVersion", "profileType",
			"systemLabels", "trustType",
		},
		Drop: []string{
			"approximateLastSignInDateTime", "complianceExpirationDateTime", "deletedDateTime",
			"deviceVersion", "isCompliant", "onPremisesLastSyncDateTime", "physicalIds",
			"registrationDateTime",
		},
		Sets: map[string]string{
			"alternativeSecurityIds": "key",
			"systemLabels":           "",
		},
		Personal: []string{"displayName"},
	},
	Path:           "/devices",
	Top:            999,
	Select:         true,
	Bulk:           true,
	OptIn:          true,
	NotRecreatable: "a device must register again",
	Deletion:       Deletion{Mode: DeleteHard},
	Locks:          []Lock{restrictedUnit},
	Risk:           7,
	Permissions: Permissions{
		Read:  []string{"Device.Read.All"},
		Write: []string{"Device.ReadWrite.All"},
	},
}

var deviceRegistrationPolicy = &Kind{
	Name:  "deviceRegistrationPolicy",
	Title: "device registration policy",
	Shape: Shape{
		Type: "microsoft.graph.deviceRegistrationPolicy",
		Status: []string{
			"azureADJoin", "azureADRegistration", "description", "displayName", "localAdminPassword",
			"multiFactorAuthConfiguration", "userDeviceQuota",
		},
		Sets: map[string]string{
			"azureADJoin.allowedToJoin.groups":                "",
			"azureADJoin.allowedToJoin.users":                 "",
			"azureADJoin.localAdmins.registeringUsers.groups": "",
			"azureADJoin.localAdmins.registeringUsers.users":  "",
			"azureADRegistration.allowedToRegister.groups":    "",
			"azureADRegistration.allowedToRegister.users":     "",
		},
		References: []Reference{
			{Path: "azureADJoin.allowedToJoin.groups", Targets: []string{"groups"}},
			{Path: "azureADJoin.allowedToJoin.users", Targets: []string{"users"}},
			{Path: "azureADJoin.localAdmins.registeringUsers.groups", Targets: []string{"groups"}},
			{Path: "azureADJoin.localAdmins.registeringUsers.users", Targets: []string{"users"}},
			{Path: "azureADRegistration.allowedToRegister.groups", Targets: []string{"groups"}},
			{Path: "azureADRegistration.allowedToRegister.users", Targets: []string{"users"}},
		},
	},
	Path:      "/policies/deviceRegistrationPolicy",
	Singleton: true,
	Annotate:  true,
	Observed:  "Graph v1.0 does not let it be updated",
	Risk:      3,
	Permissions: Permissions{
		Read: []string{"Policy.Read.DeviceConfiguration"},
	},
}

var onPremisesSynchronization = &Kind{
	Name:  "onPremisesSynchronization",
	Title: "on-premises synchronization",
	Shape: Shape{
		Type:     "microsoft.graph.onPremisesDirectorySynchronization",
		NameFrom: "id",
		Update:   []string{"configuration", "features"},
	},
	Path:        "/directory/onPremisesSynchronization",
	Singleton:   true,
	Listed:      true,
	Unavailable: delegatedOnly,
	Risk:        1,
}
