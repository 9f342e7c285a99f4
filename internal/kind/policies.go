package kind

var authorizationPolicy = &Kind{
	Name:     "authorizationPolicy",
	Title:    "authorization policy",
	Annotate: true,
	Shape: Shape{
		Type: "microsoft.graph.authorizationPolicy",
		Update: []string{
			"allowEmailVerifiedUsersToJoinOrganization", "allowInvitesFrom", "allowUserConsentForRiskyApps",
			"allowedToSignUpEmailBasedSubscriptions", "allowedToUseSSPR", "blockMsolPowerShell",
			"defaultUserRolePermissions", "description", "displayName", "guestUserRoleId",
		},
		Drop: []string{"deletedDateTime"},
		Sets: map[string]string{"defaultUserRolePermissions.permissionGrantPoliciesAssigned": ""},
		References: []Reference{{
			Path:     "defaultUserRolePermissions.permissionGrantPoliciesAssigned",
			Targets:  []string{"permissionGrantPolicies"},
			Prefixes: []string{"ManagePermissionGrantsForSelf.", "ManagePermissionGrantsForOwnedResource."},
		}},
		Codes: []Code{{Path: "guestUserRoleId", Targets: []string{"roleDefinitions"}}},
	},
	Place: Place{Path: "/policies/authorizationPolicy", Singleton: true},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.Authorization"},
		},
	},
}

// identitySecurityDefaultsEnforcementPolicy and Conditional Access exclude each other.
var identitySecurityDefaultsEnforcementPolicy = &Kind{
	Name:  "identitySecurityDefaultsEnforcementPolicy",
	Title: "security defaults",
	Shape: Shape{
		Type:   "microsoft.graph.identitySecurityDefaultsEnforcementPolicy",
		Update: []string{"isEnabled"},
		Status: []string{"description", "displayName"},
		Drop:   []string{"deletedDateTime"},
	},
	Place: Place{Path: "/policies/identitySecurityDefaultsEnforcementPolicy", Singleton: true},
	Writing: Writing{Excludes: &Exclusion{
		Kind:   "conditionalAccessPolicies",
		While:  Condition{Property: "isEnabled", Equals: true},
		Theirs: conditionalAccessEnforcement.While,
	}},
	Guarding: Guarding{
		Risk:  0,
		Tier0: "whether everybody has to use multifactor authentication",
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.Read.All", "Policy.ReadWrite.SecurityDefaults"},
		},
	},
}

var authenticationFlowsPolicy = &Kind{
	Name:  "authenticationFlowsPolicy",
	Title: "authentication flows policy",
	Shape: Shape{
		Type:   "microsoft.graph.authenticationFlowsPolicy",
		Update: []string{"selfServiceSignUp"},
		Status: []string{"description", "displayName"},
	},
	Place: Place{Path: "/policies/authenticationFlowsPolicy", Singleton: true},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.AuthenticationFlows"},
		},
	},
}

var featureRolloutPolicies = &Kind{
	Name:  "featureRolloutPolicies",
	Title: "feature rollout policy",
	Shape: Shape{
		Type:   "microsoft.graph.featureRolloutPolicy",
		Update: []string{"description", "displayName", "isAppliedToOrganization", "isEnabled"},
		Create: []string{"feature"},
	},
	Place:    Place{Path: "/policies/featureRolloutPolicies"},
	Reading:  Reading{Unavailable: delegatedOnly},
	Links:    []Link{{Name: "appliesTo", Targets: []string{"groups"}}},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{Risk: 2},
}
