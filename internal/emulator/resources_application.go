package emulator

var applicationResources = []*resource{
	{path: "/applications", typ: "application"},
	{path: "/applications/*/federatedIdentityCredentials", typ: "federatedIdentityCredential"},
	{path: "/applications/*/extensionProperties", typ: "extensionProperty"},
	{path: "/servicePrincipals", typ: "servicePrincipal"},
	{path: "/servicePrincipals/*/appRoleAssignedTo", typ: "appRoleAssignment"},
}
