package seed

// external yields how people from outside sign up and in.
func (c *company) external(yield func(Record) bool) {
	concat(c.identityProviders, c.userFlows, c.extensions)(yield)
}

// identityProviders yields the providers of identities beside the tenant itself.
func (c *company) identityProviders(yield func(Record) bool) {
	provider := func(form, id, name string, more object) Record {
		body := object{"@odata.type": "#microsoft.graph." + form, "id": id, "displayName": name}
		overlay(body, more)
		return Record{Path: "/identity/identityProviders", Body: body}
	}
	federation := c.id("federationConfigurations", "tailspin")
	each(
		provider("builtInIdentityProvider", "MSASignup-OAUTH", "MicrosoftAccount", object{"identityProviderType": "MicrosoftAccount"}),
		provider("builtInIdentityProvider", "EmailOtpSignup-OAUTH", "Email One Time Passcode", object{"identityProviderType": "EmailOTP"}),
		provider("socialIdentityProvider", "Google-OAUTH", "Google", object{
			"identityProviderType": "Google", "clientId": "137004260525-contoso.apps.googleusercontent.com", "clientSecret": "not the secret",
		}),
		provider("appleManagedIdentityProvider", "Apple-Managed-OIDC", "Sign in with Apple", object{
			"developerId": "UBF8T346G9", "serviceId": "com.contoso.portal", "keyId": "99P6DD87C4", "certificateData": "not the certificate",
		}),
		provider("oidcIdentityProvider", "OIDC-"+c.id("identityProviders", "supplier-id"), "Supplier ID", object{
			"clientId": "contoso", "issuer": "https://id.suppliers.example", "wellKnownEndpoint": "https://id.suppliers.example/.well-known/openid-configuration",
			"responseType": "code", "scope": "openid profile email",
			"clientAuthentication": object{"@odata.type": "#microsoft.graph.oidcClientSecretAuthentication", "clientSecret": "not the secret"},
			"inboundClaimMapping": object{
				"sub": "sub", "name": "name", "given_name": "given_name", "family_name": "family_name", "email": "email",
				"address": object{"country": "country", "locality": "locality"},
			},
		}),
		Record{Path: "/directory/federationConfigurations", Body: object{
			"@odata.type": "#microsoft.graph.samlOrWsFedExternalDomainFederation",
			"id":          federation, "displayName": "Tailspin Toys", "issuerUri": "https://sts.tailspintoys.com/issuer", "preferredAuthenticationProtocol": "saml",
			"metadataExchangeUri": "https://sts.tailspintoys.com/mex", "passiveSignInUri": "https://sts.tailspintoys.com/signin", "signingCertificate": c.certificate("Tailspin STS"),
		}},
		Record{Path: "/directory/federationConfigurations/" + federation + "/domains", Body: object{"id": "tailspintoys.com"}},
		Record{Path: "/directory/federationConfigurations/" + federation + "/domains", Body: object{"id": "tailspin.example"}},
	)(yield)
}

// userFlows yields what guests are asked when they sign up.
func (c *company) userFlows(yield func(Record) bool) {
	const flow, path = "B2X_1_Partner", "/identity/b2xUserFlows"
	attribute := func(id, name, form, data, about string) Record {
		return Record{Path: "/identity/userFlowAttributes", Body: object{
			"id": id, "displayName": name, "description": about, "userFlowAttributeType": form, "dataType": data,
		}}
	}
	asked := func(id, name, input string, optional bool, values ...any) Record {
		return Record{Path: path + "/" + flow + "/userAttributeAssignments", Body: object{
			"id": id, "displayName": name, "isOptional": optional, "requiresVerification": false, "userInputType": input,
			"userAttributeValues": append([]any{}, values...), "userAttribute": object{"id": id},
		}}
	}
	speaks := func(flow, id, name string, enabled bool) Record {
		return Record{Path: path + "/" + flow + "/languages", Body: object{"id": id, "displayName": name, "isEnabled": enabled}}
	}
	size := "extension_" + "25883231668a43a780b25685c3f874bc" + "_shirtSize"
	each(
		attribute("givenName", "Given Name", "builtIn", "string", "The user's given name (also known as first name)."),
		attribute("city", "City", "builtIn", "string", "The city in which the user is located."),
		attribute(size, "shirtSize", "custom", "string", "For the summer party."),
		Record{
			Path: path, Links: map[string][]string{"userFlowIdentityProviders": {"Google-OAUTH", "MSASignup-OAUTH"}},
			Body: object{"id": flow, "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": num(1), "apiConnectorConfiguration": object{}},
		},
		asked("givenName", "Given Name", "textBox", true),
		asked(size, "Shirt size", "dropdownSingleSelect", false,
			object{"name": "Small", "value": "S", "isDefault": false}, object{"name": "Large", "value": "L", "isDefault": true}),
		speaks(flow, "de", "Deutsch", true), speaks(flow, "en", "English", true), speaks(flow, "fr", "Français", false),
		Record{Path: path, Body: object{"id": "B2X_1_Applicants", "userFlowType": "signUpOrSignIn", "userFlowTypeVersion": num(1), "apiConnectorConfiguration": object{}}},
		speaks("B2X_1_Applicants", "de", "Deutsch", true), speaks("B2X_1_Applicants", "en", "English", true), speaks("B2X_1_Applicants", "fr", "Français", true),
	)(yield)
}

// extensions yields what is called while somebody signs up or in.
func (c *company) extensions(yield func(Record) bool) {
	const provider = "#microsoft.graph.azureAdTokenAuthentication"
	extension := func(form, key, name, about string, more object) Record {
		body := object{
			"@odata.type": "#microsoft.graph." + form, "id": c.id("customAuthenticationExtensions", key), "displayName": name, "description": about,
			"authenticationConfiguration": object{"@odata.type": provider, "resourceId": "api://events.contoso.com/" + c.appID("hr-feed")},
			"clientConfiguration":         object{"timeoutInMilliseconds": num(2000), "maximumRetries": num(1)},
			"endpointConfiguration":       object{"@odata.type": "#microsoft.graph.httpRequestEndpoint", "targetUrl": "https://events.contoso.com/" + key},
			"behaviorOnError":             object{"@odata.type": "#microsoft.graph.fallbackToMicrosoftProviderOnError"},
		}
		overlay(body, more)
		return Record{Path: "/identity/customAuthenticationExtensions", Body: body}
	}
	each(
		extension("onTokenIssuanceStartCustomExtension", "token", "Claims from HR", "Adds the cost centre.", object{
			"claimsForTokenConfiguration": list(object{"claimIdInApiResponse": "CostCentre"}, object{"claimIdInApiResponse": "Site"}),
		}),
		extension("onAttributeCollectionStartCustomExtension", "start", "Prefill the form", "", nil),
		Record{Path: "/identity/apiConnectors", Body: object{
			"id": c.id("apiConnectors", "approve"), "displayName": "Approve sign-ups", "targetUrl": "https://events.contoso.com/approve",
			"authenticationConfiguration": object{"@odata.type": "#microsoft.graph.basicAuthentication", "username": "entra", "password": "not the password"},
		}},
		Record{Path: "/identity/authenticationEventsFlows", Body: object{
			"@odata.type": "#microsoft.graph.externalUsersSelfServiceSignUpEventsFlow", "id": c.id("authenticationEventsFlows", "signup"),
			"displayName": "Customer sign-up", "description": "For the shop.",
			"conditions":                      object{"applications": object{"includeApplications": list(object{"appId": c.appID("portal")})}},
			"onInteractiveAuthFlowStart":      object{"@odata.type": "#microsoft.graph.onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp", "isSignUpAllowed": true},
			"onAuthenticationMethodLoadStart": object{"@odata.type": "#microsoft.graph.onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp"},
			"onUserCreateStart":               object{"@odata.type": "#microsoft.graph.onUserCreateStartExternalUsersSelfServiceSignUp", "userTypeToCreate": "guest"},
			"onAttributeCollection": object{
				"@odata.type": "#microsoft.graph.onAttributeCollectionExternalUsersSelfServiceSignUp",
				"attributeCollectionPage": object{"views": list(object{"title": "About you", "description": nil, "inputs": list(
					signUpField("email", "Email Address", false),
					signUpField("displayName", "Name", true),
				)})},
			},
		}},
	)(yield)
}

func signUpField(attribute, label string, editable bool) object {
	return object{
		"attribute": attribute, "label": label, "inputType": "text", "defaultValue": nil, "hidden": !editable, "editable": editable,
		"writeToDirectory": true, "required": true, "validationRegEx": `^.*[^\s]+.*$`, "options": list[string](),
	}
}
