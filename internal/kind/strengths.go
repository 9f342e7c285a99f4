package kind

var authenticationStrengthPolicies = &Kind{
	Name:  "authenticationStrengthPolicies",
	Title: "authentication strength",
	Shape: Shape{
		Type:   "microsoft.graph.authenticationStrengthPolicy",
		Update: []string{"allowedCombinations", "description", "displayName"},
		Status: []string{"createdDateTime", "policyType", "requirementsSatisfied"},
		Drop:   []string{"modifiedDateTime"},
		Sets: map[string]string{
			"allowedCombinations": "",
		},
		Strings: map[string]string{"allowedCombinations": ","},
		Dates:   []string{"createdDateTime"},
		Actions: []Action{{Name: "updateAllowedCombinations", Properties: []string{"allowedCombinations"}}},
	},
	Place: Place{Path: "/policies/authenticationStrengthPolicies"},
	Contained: []Contained{
		{
			Name: "combinationConfigurations",
			Shape: Shape{
				Type:        "microsoft.graph.authenticationCombinationConfiguration",
				NameFrom:    "id",
				Polymorphic: true,
				Update: []string{
					"allowedAAGUIDs", "allowedIssuerSkis", "allowedPolicyOIDs", "appliesToCombinations",
				},
				Drop: []string{"id"},
				Sets: map[string]string{
					"allowedAAGUIDs":        "",
					"allowedIssuerSkis":     "",
					"allowedPolicyOIDs":     "",
					"appliesToCombinations": "",
				},
				Strings: map[string]string{"appliesToCombinations": ","},
			},
			Inline: true,
			Key:    []string{"appliesToCombinations"},
		},
	},
	Writing: Writing{
		Locks: []Lock{{
			When:   []Condition{{Property: "policyType", Equals: "builtIn"}},
			Reason: "a built-in strength is defined by Microsoft",
		}},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			Read:  []string{"Policy.Read.AuthenticationMethod"},
			Write: []string{"Policy.ReadWrite.AuthenticationMethod", "Policy.ReadWrite.ConditionalAccess"},
		},
	},
}

// authenticationContextClassReferences are c1 to c99; whoever creates one chooses which.
var authenticationContextClassReferences = &Kind{
	Name:  "authenticationContextClassReferences",
	Title: "authentication context",
	Shape: Shape{
		Type:   "microsoft.graph.authenticationContextClassReference",
		Update: []string{"description", "displayName", "isAvailable"},
	},
	Place:   Place{Path: "/identity/conditionalAccess/authenticationContextClassReferences"},
	Writing: Writing{ChosenID: "id", Given: map[string]any{"description": ""}},
	// One that is offered to applications is not deleted.
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard, Before: map[string]any{"isAvailable": false}}},
	Guarding: Guarding{
		Risk: 1,
		Permissions: Permissions{
			Read:  []string{"AuthenticationContext.Read.All"},
			Write: []string{"AuthenticationContext.ReadWrite.All"},
		},
	},
}
