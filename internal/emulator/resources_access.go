package emulator

var accessResources = []*resource{
	{path: "/identity/conditionalAccess/policies", typ: "conditionalAccessPolicy"},
	{path: "/identity/conditionalAccess/namedLocations", typ: "namedLocation"},
	{path: "/policies/authenticationStrengthPolicies", typ: "authenticationStrengthPolicy"},
	{path: "/policies/authenticationMethodsPolicy", typ: "authenticationMethodsPolicy", singleton: true},
	{path: "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations", typ: "authenticationMethodConfiguration"},
	{path: "/policies/authorizationPolicy", typ: "authorizationPolicy", singleton: true},
}
