package emulator

// externalResources are identity providers, user flows, extensions and federation: how
// people from outside get in. From their reference pages.
var externalResources = []*resource{
	{
		path: "/identity/identityProviders", typ: "identityProviderBase",
		typed: true, linked: true,
		createOnly: []string{"identityProviderType"},
		required:   []string{"displayName"},
		masked:     []string{"clientSecret", "certificateData", "clientAuthentication.clientSecret"},
		locks:      []lock{{when: isBuiltInProvider, deletes: true, err: badRequest("A built-in identity provider cannot be changed.")}},
		checks:     []check{checkProvider},
		keyOf:      providerKey,
	},
	{
		// The type is in the path or in the body ("Create", "Update
		// samlOrWsFedExternalDomainFederation").
		path: "/directory/federationConfigurations", typ: "identityProviderBase",
		only:     []string{"samlOrWsFedExternalDomainFederation"},
		typed:    true,
		required: []string{"issuerUri", "domains"},
		holds:    []string{"domains"},
	},
	{
		path: "/directory/federationConfigurations/*/domains", typ: "externalDomainName",
		ofType:    "samlOrWsFedExternalDomainFederation",
		clientKey: true,
		deny:      []string{"PATCH"},
	},
	{
		path: "/identity/b2xUserFlows", typ: "b2xIdentityUserFlow",
		deny:       []string{"PATCH"},
		readOnly:   []string{"apiConnectorConfiguration"},
		createOnly: []string{"userFlowType", "userFlowTypeVersion"},
		required:   []string{"userFlowType", "userFlowTypeVersion"},
		clientKey:  true,
		keyOf:      userFlowKey,
		links:      []link{{name: "userFlowIdentityProviders", to: []string{"identityProviderBase"}}},
		affect:     speakBuiltIn,
	},
	{
		// v1.0 documents reading alone ("List languages", "Get userFlowLanguageConfiguration"); a
		// user flow of Entra ID has the languages that Microsoft provides ("userFlowLanguageConfiguration").
		path: "/identity/b2xUserFlows/*/languages", typ: "userFlowLanguageConfiguration",
		clientKey: true,
		deny:      []string{"POST", "PATCH", "DELETE"},
	},
	{
		path: "/identity/b2xUserFlows/*/userAttributeAssignments", typ: "identityUserFlowAttributeAssignment",
		whole:    true,
		keyOf:    attributeAssignmentKey,
		required: []string{"displayName", "isOptional", "requiresVerification", "userInputType"},
		toOne:    []toOne{{name: "userAttribute", in: []string{"/identity/userFlowAttributes"}, required: true}},
	},
	{
		path: "/identity/userFlowAttributes", typ: "identityUserFlowAttribute",
		keyOf:      userFlowAttributeKey,
		readOnly:   []string{"userFlowAttributeType"},
		createOnly: []string{"displayName", "dataType"},
		required:   []string{"displayName", "dataType", "description"},
		defaults:   object{"userFlowAttributeType": "custom"},
		locks: []lock{{
			when: func(body object) bool { return body["userFlowAttributeType"] == "builtIn" }, deletes: true,
			err: badRequest("A built-in attribute cannot be changed."),
		}},
	},
	{
		path: "/identity/apiConnectors", typ: "identityApiConnector",
		required: []string{"displayName", "targetUrl", "authenticationConfiguration"},
		masked:   []string{"authenticationConfiguration.password", "authenticationConfiguration.pkcs12Value"},
	},
	{
		path: "/identity/authenticationEventsFlows", typ: "authenticationEventsFlow",
		typed:    true,
		required: []string{"displayName"},
		readOnly: []string{"onAttributeCollectionStart", "onAttributeCollectionSubmit"},
	},
	{
		path: "/identity/customAuthenticationExtensions", typ: "customAuthenticationExtension",
		typed:    true,
		required: []string{"displayName", "authenticationConfiguration", "endpointConfiguration"},
	},
}
