package emulator

var identityResources = []*resource{
	{path: "/users", typ: "user"},
	{path: "/groups", typ: "group"},
	{path: "/oauth2PermissionGrants", typ: "oAuth2PermissionGrant"},
}
