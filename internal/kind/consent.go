package kind

// permissionGrantPolicies say which permissions may be consented to without an
// administrator. A condition set cannot be changed, only added and removed.
var permissionGrantPolicies = &Kind{
	Name:     "permissionGrantPolicies",
	Title:    "permission grant policy",
	Annotate: true,
	Shape: Shape{
		Type:   "microsoft.graph.permissionGrantPolicy",
		Update: []string{"description", "displayName"},
		Drop:   []string{"deletedDateTime"},
	},
	Place:     Place{Path: "/policies/permissionGrantPolicies"},
	Contained: []Contained{conditionSets("excludes"), conditionSets("includes")},
	Writing: Writing{
		ChosenID: "id",
		Given:    map[string]any{"description": ""},
		Locks: []Lock{{
			When:   []Condition{{Property: "id", Prefix: "microsoft-"}},
			Reason: "a built-in policy is defined by Microsoft",
		}},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.PermissionGrant"},
			Write: []string{"Policy.ReadWrite.PermissionGrant"},
		},
	},
}

var adminConsentRequestPolicy = &Kind{
	Name:     "adminConsentRequestPolicy",
	Title:    "admin consent request policy",
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.adminConsentRequestPolicy",
		NameFrom: "id",
		Update: []string{
			"isEnabled", "notifyReviewers", "remindersEnabled", "requestDurationInDays", "reviewers",
		},
		Drop: []string{"version"},
		Sets: map[string]string{
			"reviewers": "query",
		},
		References: []Reference{principalQuery("reviewers[]")},
	},
	Place:   Place{Path: "/policies/adminConsentRequestPolicy", Singleton: true},
	Writing: Writing{Put: true},
	Guarding: Guarding{
		Risk: 2,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.All"},
			Write: []string{"Policy.ReadWrite.ConsentRequest"},
		},
	},
}

// conditionSets are told apart by what they say: Graph gives them new ids.
func conditionSets(name string) Contained {
	return Contained{
		Name: name,
		Shape: Shape{
			Type:     "microsoft.graph.permissionGrantConditionSet",
			NameFrom: "permissionType",
			Create: []string{
				"clientApplicationIds", "clientApplicationPublisherIds", "clientApplicationTenantIds",
				"clientApplicationsFromVerifiedPublisherOnly", "permissionClassification", "permissionType",
				"permissions", "resourceApplication",
			},
			Drop: []string{"id"},
			Sets: map[string]string{
				"clientApplicationIds":          "",
				"clientApplicationPublisherIds": "",
				"clientApplicationTenantIds":    "",
				"permissions":                   "",
			},
			References: []Reference{
				{Path: "clientApplicationIds", Targets: []string{"servicePrincipals", "applications"}, By: "appId", MayBeExternal: true, Special: []string{"all"}},
				{Path: "resourceApplication", Targets: []string{"servicePrincipals"}, By: "appId", MayBeExternal: true, Special: []string{"any"}},
			},
			Codes: []Code{{Path: "permissions", Of: "resourceApplication", Targets: []string{"servicePrincipals"}, By: "appId", Defines: permissions}},
		},
		Inline: true,
		Key: []string{
			"clientApplicationIds", "clientApplicationPublisherIds", "clientApplicationTenantIds",
			"clientApplicationsFromVerifiedPublisherOnly", "permissionClassification", "permissionType",
			"permissions", "resourceApplication",
		},
	}
}
