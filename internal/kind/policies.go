package kind

var authorizationPolicy = &Kind{
	Name:  "authorizationPolicy",
	Title: "authorization policy",
	Shape: Shape{
		Type: "microsoft.graph.authorizationPolicy",
		Update: []string{
			"allowEmailVerifiedUsersToJoinOrganization", "allowInvitesFrom", "allowUserConsentForRiskyApps",
			"allowedToSignUpEmailBasedSubscriptions", "allowedToUseSSPR", "blockMsolPowerShell",
			"defaultUserRolePermissions", "description", "displayName", "guestUserRoleId",
		},
		Drop: []string{"deletedDateTime"},
		Sets: map[string]string{"defaultUserRolePermissions.permissionGrantPoliciesAssigned": ""},
	},
	Path:      "/policies/authorizationPolicy",
	Singleton: true,
	Risk:      2,
	Permissions: Permissions{
		Read:  []string{"Policy.Read.All"},
		Write: []string{"Policy.ReadWrite.Authorization"},
	},
}
