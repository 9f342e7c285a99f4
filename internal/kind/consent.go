package kind

// permissionGrantPolicies say which permissions may be consented to without an
// administrator. A condition set cannot be changed, only added and removed.
var permissionGrantPolicies = &Kind{
	Name:  "permissionGrantPolicies",
	Title: "permission grant policy",
	Shape: Shape{
		Type:   "microsoft.graph.permissionGrantPolicy",
		Update: []string{"description", "displayName"},
		Drop:   []string{"deletedDateTime"},
	},
	Path:      "/policies/permissionGrantPolicies",
	ChosenID:  "id",
	Annotate:  true,
	Contained: []Contained{conditionSets("excludes"), conditionSets("includes")},
	Deletion:  Deletion{Mode: DeleteHard},
	Locks: []Lock{{
		When:   []Condition{{Property: "id", Prefix: "microsoft-"}},
		Reason: "a built-in policy is defined by Microsoft",
	}},
	Risk: 2,
	Permissions: Permissions{
		Read:  []string{"Policy.Read.PermissionGrant"},
		Write: []string{"Policy.ReadWrite.PermissionGrant"},
	},
}

var adminConsentRequestPolicy = &Kind{
	Name:  "adminConsentRequestPolicy",
	Title: "admin consent request policy",
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
	},
	Path:      "/policies/adminConsentRequestPolicy",
	Singleton: true,
	Put:       true,
	Risk:      2,
	Permissions: Permissions{
		Read:  []string{"Policy.Read.All"},
		Write: []string{"Policy.ReadWrite.ConsentRequest"},
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
		},
		Inline: true,
		Key: []string{
			"clientApplicationIds", "clientApplicationPublisherIds", "clientApplicationTenantIds",
			"clientApplicationsFromVerifiedPublisherOnly", "permissionClassification", "permissionType",
			"permissions", "resourceApplication",
		},
	}
}
