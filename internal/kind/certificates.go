package kind

// publicKeyInfrastructures hold the authorities whose certificates sign users in.
var publicKeyInfrastructures = &Kind{
	Name:  "publicKeyInfrastructures",
	Title: "public key infrastructure",
	Shape: Shape{
		Type:   "microsoft.graph.certificateBasedAuthPki",
		Update: []string{"displayName"},
		Drop:   []string{"deletedDateTime", "lastModifiedDateTime", "status", "statusDetails"},
	},
	Place: Place{Path: "/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations"},
	Contained: []Contained{
		{
			Name: "certificateAuthorities",
			Shape: Shape{
				Type: "microsoft.graph.certificateAuthorityDetail",
				Update: []string{
					"certificateAuthorityType", "certificateRevocationListUrl",
					"deltaCertificateRevocationListUrl", "displayName", "isIssuerHintEnabled",
				},
				Create: []string{"certificate"},
				Status: []string{"expirationDateTime", "issuer", "issuerSubjectKeyIdentifier", "thumbprint"},
				Drop:   []string{"createdDateTime", "deletedDateTime", "id"},
				Dates:  []string{"expirationDateTime"},
			},
			Key: []string{"thumbprint"},
		},
	},
	Recovery: Recovery{
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/directory/deletedItems/microsoft.graph.certificateBasedAuthPki",
			RestorePath: "/directory/deletedItems",
		},
	},
	Guarding: Guarding{
		Risk: 0,
		Permissions: Permissions{
			Read:  []string{"PublicKeyInfrastructure.Read.All"},
			Write: []string{"PublicKeyInfrastructure.ReadWrite.All"},
		},
	},
}

// certificateBasedAuthConfiguration is the older form of publicKeyInfrastructures. It cannot
// be changed, only deleted and created.
var certificateBasedAuthConfiguration = &Kind{
	Name:  "certificateBasedAuthConfiguration",
	Title: "certificate authority list",
	Shape: Shape{
		Type:     "microsoft.graph.certificateBasedAuthConfiguration",
		NameFrom: "id",
		Create:   []string{"certificateAuthorities"},
		Sets: map[string]string{
			"certificateAuthorities": "issuerSki+issuer",
		},
	},
	Place:    Place{Path: "/organization/{tenant}/certificateBasedAuthConfiguration"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 0,
		Permissions: Permissions{
			Read:  []string{"Organization.Read.All"},
			Write: []string{"Organization.ReadWrite.All"},
		},
	},
}
