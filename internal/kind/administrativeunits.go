package kind

var administrativeUnits = &Kind{
	Name:  "administrativeUnits",
	Title: "administrative unit",
	Shape: Shape{
		Type: "microsoft.graph.administrativeUnit",
		Update: []string{
			"description", "displayName", "membershipRule", "membershipRuleProcessingState", "membershipType",
		},
		Create:     []string{"isMemberManagementRestricted", "visibility"},
		Drop:       []string{"deletedDateTime"},
		Extensions: true,
		References: membershipRule("membershipRule"),
	},
	Place:   Place{Path: "/directory/administrativeUnits"},
	Reading: Reading{Top: 999, NameFilter: true},
	Links: []Link{{
		Name:        "members",
		Targets:     []string{"users", "groups", "devices"},
		Permissions: Permissions{Read: []string{"Member.Read.Hidden"}},
		Hidden:      hiddenMembership,
	}},
	Writing: Writing{
		Locks: []Lock{{
			When:   []Condition{{Property: "membershipType", Equals: "Dynamic"}},
			Parts:  []string{"links/members"},
			Reason: "members follow the membership rule",
			Hint:   "restore spec/membershipRule instead",
		}},
	},
	Recovery: Recovery{
		Twins: true,
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/directory/deletedItems/microsoft.graph.administrativeUnit",
			RestorePath: "/directory/deletedItems",
		},
	},
	Guarding: Guarding{
		Risk: 3,
		Permissions: Permissions{
			Read:  []string{"AdministrativeUnit.Read.All"},
			Write: []string{"AdministrativeUnit.ReadWrite.All"},
		},
	},
}
