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
	Place: Place{Path: "/domains"},
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
			Only:    true,                         // page "List internalDomainFederations": one object in the collection
			Dangers: []Danger{{Rank: DangerRole}}, // whoever holds its key signs in as anybody of the domain
		},
	},
	// Page "Update domain": isDefault is set to true; one domain of a company is the default.
	Writing: Writing{Sole: "isDefault"},
	Recovery: Recovery{NotRecreatable: "a domain must be verified by DNS again", Deletion: Deletion{
		Mode: DeleteHard,
		Kept: []Lock{
			{When: []Condition{{Property: "isInitial", Equals: true}}, Reason: "the initial domain cannot be deleted"},
			{When: []Condition{{Property: "isDefault", Equals: true}}, Reason: "it is the default domain", Hint: "make another domain the default"},
		},
	}},
	Guarding: Guarding{
		Risk:  0,
		Tier0: "who signs in the users of a domain",
		Permissions: Permissions{
			Read:  []string{"Domain.Read.All"},
			Write: []string{"Domain.ReadWrite.All"},
		},
	},
}

var groupSettings = &Kind{
	Name:     "groupSettings",
	Title:    "group setting",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.groupSetting",
		Update: []string{"values"},
		Create: []string{"templateId"},
		Status: []string{"displayName"},
		Sets: map[string]string{
			"values": "name",
		},
		// GroupCreationAllowedGroupId holds a group.
		References: []Reference{{Path: "values[].value", Targets: []string{"groups"}, Within: true, MayBeExternal: true}},
	},
	Place:    Place{Path: "/groupSettings"},
	Recovery: Recovery{NaturalKey: []string{"templateId"}, Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"GroupSettings.Read.All"},
			Write: []string{"GroupSettings.ReadWrite.All"},
		},
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
	Place:    Place{Path: "/groupLifecyclePolicies"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 6,
		Permissions: Permissions{
			Read:  []string{"Directory.Read.All"},
			Write: []string{"Directory.ReadWrite.All"},
		},
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
	Place:   Place{Path: "/directory/attributeSets"},
	Reading: Reading{Top: 999},
	Writing: Writing{ChosenID: "id"},
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read:  []string{"CustomSecAttributeDefinition.Read.All"},
			Write: []string{"CustomSecAttributeDefinition.ReadWrite.All"},
		},
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
	Place:   Place{Path: "/directory/customSecurityAttributeDefinitions"},
	Reading: Reading{Top: 999},
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
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read:  []string{"CustomSecAttributeDefinition.Read.All"},
			Write: []string{"CustomSecAttributeDefinition.ReadWrite.All"},
		},
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
	Place:   Place{Path: "/subscribedSkus"},
	Writing: Writing{NeverWritten: "licences are bought"},
	Guarding: Guarding{
		Risk: 9,
		Permissions: Permissions{
			Read: []string{"LicenseAssignment.Read.All"},
		},
	},
}

// devices register themselves; only whether one may sign in is configuration.
var devices = &Kind{
	Name:  "devices",
	Title: "device",
	Bulk:  true,
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
		Extensions: true,
		Personal:   []string{"displayName"},
	},
	Place:    Place{Path: "/devices", Aliases: []string{"deviceId"}},
	Reading:  Reading{Top: 999, Select: true, OptIn: true},
	Writing:  Writing{Locks: []Lock{restrictedUnit}},
	Recovery: Recovery{NotRecreatable: "a device must register again", Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 7,
		Permissions: Permissions{
			Read:  []string{"Device.Read.All"},
			Write: []string{"Device.ReadWrite.All"},
		},
	},
}

var deviceRegistrationPolicy = &Kind{
	Name:     "deviceRegistrationPolicy",
	Title:    "device registration policy",
	Annotate: true,
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
	Place:   Place{Path: "/policies/deviceRegistrationPolicy", Singleton: true},
	Writing: Writing{NeverWritten: "Graph v1.0 does not let it be updated"},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read: []string{"Policy.Read.DeviceConfiguration"},
		},
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
	Place:    Place{Path: "/directory/onPremisesSynchronization", Singleton: true, Listed: true},
	Reading:  Reading{Unavailable: delegatedOnly},
	Guarding: Guarding{Risk: 1},
}
