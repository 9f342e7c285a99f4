package kind

// identityProviders are social and OpenID Connect providers. Their secrets are masked when
// read.
var identityProviders = &Kind{
	Name:  "identityProviders",
	Title: "identity provider",
	Shape: Shape{
		Type:        "microsoft.graph.identityProviderBase",
		Polymorphic: true,
		Update: []string{
			"clientId", "developerId", "displayName", "inboundClaimMapping", "issuer", "keyId", "responseType",
			"scope", "serviceId", "wellKnownEndpoint",
		},
		Create: []string{"identityProviderType"},
		Status: []string{
			"activeSignInUri", "clientAuthentication", "federatedIdpMfaBehavior",
			"isSignedAuthenticationRequestRequired", "issuerUri", "metadataExchangeUri",
			"nextSigningCertificate", "passiveSignInUri", "passwordResetUri",
			"preferredAuthenticationProtocol", "promptLoginBehavior", "signOutUri", "signingCertificate",
		},
		Drop: []string{
			"certificateData", "clientAuthentication.clientSecret", "clientSecret",
			"signingCertificateUpdateStatus",
		},
		NotRestored: map[string]string{
			"clientAuthentication": "Graph never returns a client secret",
		},
	},
	Place: Place{Path: "/identity/identityProviders"},
	Writing: Writing{
		Locks: []Lock{{
			When:   []Condition{{Property: "@odata.type", Equals: "#microsoft.graph.builtInIdentityProvider"}},
			Reason: "a built-in identity provider is defined by Microsoft",
		}},
	},
	Recovery: Recovery{
		NotRecreatable: "Graph takes no identity provider without its secret, which it never returns",
		Deletion:       Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"IdentityProvider.Read.All"},
			Write: []string{"IdentityProvider.ReadWrite.All"},
		},
	},
}

var samlOrWsFedExternalDomainFederations = &Kind{
	Name:  "samlOrWsFedExternalDomainFederations",
	Title: "external domain federation",
	Shape: Shape{
		Type: "microsoft.graph.samlOrWsFedExternalDomainFederation",
		Update: []string{
			"displayName", "issuerUri", "metadataExchangeUri", "passiveSignInUri",
			"preferredAuthenticationProtocol", "signingCertificate",
		},
	},
	Place: Place{
		Path: "/directory/federationConfigurations/microsoft.graph.samlOrWsFedExternalDomainFederation",
	},
	Contained: []Contained{
		{
			Name: "domains",
			Shape: Shape{
				Type:     "microsoft.graph.externalDomainName",
				NameFrom: "id",
			},
			Key:        []string{"id"},
			AtCreation: true,
		},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			// The list takes Domain.Read.All, an object the other.
			Read:  []string{"IdentityProvider.Read.All", "Domain.Read.All"},
			Write: []string{"IdentityProvider.ReadWrite.All"},
		},
	},
}

// b2xUserFlows are the sign-up flows of guests. Graph puts "B2X_1_" before the id that was
// chosen.
var b2xUserFlows = &Kind{
	Name:  "b2xUserFlows",
	Title: "user flow",
	Shape: Shape{
		Type:     "microsoft.graph.b2xIdentityUserFlow",
		NameFrom: "id",
		Create:   []string{"userFlowType", "userFlowTypeVersion"},
		Status:   []string{"apiConnectorConfiguration"},
		NotRestored: map[string]string{
			"apiConnectorConfiguration": "connectors are attached to one step at a time",
		},
	},
	Place: Place{Path: "/identity/b2xUserFlows"},
	Links: []Link{{Name: "userFlowIdentityProviders", Targets: []string{"identityProviders"}, TargetByCollection: true}},
	Contained: []Contained{
		{
			Name: "userAttributeAssignments",
			Shape: Shape{
				Type: "microsoft.graph.identityUserFlowAttributeAssignment",
				Update: []string{
					"displayName", "isOptional", "requiresVerification", "userAttributeValues",
					"userInputType",
				},
				Create:  []string{"userAttribute"},
				Ordered: []string{"userAttributeValues"},
				Reduce:  []string{"userAttribute"},
				References: []Reference{
					{Path: "id", Targets: []string{"userFlowAttributes"}},
					{Path: "userAttribute.id", Targets: []string{"userFlowAttributes"}},
				},
			},
			Expand:    []string{"userAttribute"},
			Key:       []string{"id"},
			DerivedID: true, // the attribute's
		},
		{
			// The pages of a language, whose texts an administrator may override, are not kept.
			Name: "languages",
			Shape: Shape{
				Type:   "microsoft.graph.userFlowLanguageConfiguration",
				Status: []string{"displayName", "isEnabled"},
				NotRestored: map[string]string{
					"isEnabled": "Graph lets the languages of a user flow be read only; set them in the Entra admin center",
				},
			},
			Key:        []string{"id"},
			UpdateOnly: true,
		},
	},
	Writing:  Writing{ChosenID: "id", IDPrefix: "B2X_1_"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"IdentityUserFlow.Read.All"},
			Write: []string{"IdentityUserFlow.ReadWrite.All"},
		},
	},
}

var userFlowAttributes = &Kind{
	Name:  "userFlowAttributes",
	Title: "user flow attribute",
	Shape: Shape{
		Type:   "microsoft.graph.identityUserFlowAttribute",
		Update: []string{"description"},
		Create: []string{"dataType", "displayName"},
		Status: []string{"userFlowAttributeType"},
	},
	Place: Place{Path: "/identity/userFlowAttributes"},
	Writing: Writing{
		Given: map[string]any{"description": ""},
		Locks: []Lock{{
			When:   []Condition{{Property: "userFlowAttributeType", Equals: "builtIn"}},
			Reason: "a built-in attribute is defined by Microsoft",
		}},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 6,
		Permissions: Permissions{
			Read:  []string{"IdentityUserFlow.Read.All"},
			Write: []string{"IdentityUserFlow.ReadWrite.All"},
		},
	},
}

var apiConnectors = &Kind{
	Name:  "apiConnectors",
	Title: "API connector",
	Shape: Shape{
		Type:   "microsoft.graph.identityApiConnector",
		Update: []string{"displayName", "targetUrl"},
		Status: []string{"authenticationConfiguration"},
		Drop:   []string{"authenticationConfiguration.password", "authenticationConfiguration.pkcs12Value"},
		NotRestored: map[string]string{
			"authenticationConfiguration": "Graph never returns the password",
		},
		Sets: map[string]string{
			"authenticationConfiguration.certificateList": "thumbprint",
		},
	},
	Place: Place{Path: "/identity/apiConnectors"},
	Recovery: Recovery{
		NotRecreatable: "Graph takes no API connector without its password or certificate, which it never returns",
		Deletion:       Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk: 4,
		Permissions: Permissions{
			Read:  []string{"APIConnectors.ReadWrite.All"},
			Write: []string{"APIConnectors.ReadWrite.All"},
		},
	},
}

var authenticationEventsFlows = &Kind{
	Name:     "authenticationEventsFlows",
	Title:    "authentication events flow",
	Annotate: true,
	Shape: Shape{
		Type:        "microsoft.graph.authenticationEventsFlow",
		Polymorphic: true,
		Update: []string{
			"conditions", "description", "displayName", "onAttributeCollection",
			"onAuthenticationMethodLoadStart", "onInteractiveAuthFlowStart", "onUserCreateStart",
		},
		Status: []string{"onAttributeCollectionStart", "onAttributeCollectionSubmit"},
		Ordered: []string{
			"onAttributeCollection.attributeCollectionPage.views",
			"onAttributeCollection.attributeCollectionPage.views[].inputs",
			"onAttributeCollection.attributeCollectionPage.views[].inputs[].options",
		},
		References: []Reference{
			{Path: "conditions.applications.includeApplications[].appId", Targets: []string{"applications", "servicePrincipals"}, By: "appId", MayBeExternal: true},
		},
	},
	Place:    Place{Path: "/identity/authenticationEventsFlows"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"EventListener.Read.All"},
			Write: []string{"EventListener.ReadWrite.All"},
		},
	},
}

var customAuthenticationExtensions = &Kind{
	Name:  "customAuthenticationExtensions",
	Title: "custom authentication extension",
	Shape: Shape{
		Type:        "microsoft.graph.customAuthenticationExtension",
		Polymorphic: true,
		Update: []string{
			"authenticationConfiguration", "behaviorOnError", "claimsForTokenConfiguration",
			"clientConfiguration", "description", "displayName", "endpointConfiguration",
		},
		Sets: map[string]string{
			"claimsForTokenConfiguration": "claimIdInApiResponse",
		},
		// The address of the application that stands for the API.
		References: []Reference{ownAppID("authenticationConfiguration.resourceId")},
	},
	Place:    Place{Path: "/identity/customAuthenticationExtensions"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"CustomAuthenticationExtension.Read.All"},
			Write: []string{"CustomAuthenticationExtension.ReadWrite.All"},
		},
	},
}
