package kind

// roleDefinitions are the built-in roles, which Microsoft changes and nobody else can, and
// the custom ones. A custom role created with its templateId keeps its id.
var roleDefinitions = &Kind{
	Name:  "roleDefinitions",
	Title: "role definition",
	Shape: Shape{
		Type:   "microsoft.graph.unifiedRoleDefinition",
		Update: []string{"description", "displayName", "isEnabled", "rolePermissions"},
		Create: []string{"templateId"},
		Status: []string{"isBuiltIn", "resourceScopes", "version"},
		Sets: map[string]string{
			"resourceScopes":  "",
			"rolePermissions": "",
			"rolePermissions[].allowedResourceActions":  "",
			"rolePermissions[].excludedResourceActions": "",
		},
	},
	Place: Place{Path: "/roleManagement/directory/roleDefinitions"},
	Writing: Writing{
		ChosenID: "templateId",
		Locks: []Lock{{
			When:   []Condition{{Property: "isBuiltIn", Equals: true}},
			Reason: "a built-in role is defined by Microsoft",
		}},
	},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 0,
		Permissions: Permissions{
			Read:  []string{"RoleManagement.Read.Directory"},
			Write: []string{"RoleManagement.ReadWrite.Directory"},
		},
	},
}

// applicationScope is a scope that is one application or its service principal: "/ID".
var applicationScope = Reference{
	Path: "directoryScopeId", Targets: []string{"applications", "servicePrincipals", "groups"}, Within: true, MayBeExternal: true,
}

// roleAssignments include the roles that somebody has activated for an hour or two: such
// assignments are left out. An administrative unit's scoped roles are role assignments too.
var roleAssignments = &Kind{
	Name:     "roleAssignments",
	Title:    "role assignment",
	Bulk:     true,
	Annotate: true,
	Shape: Shape{
		Type:     "microsoft.graph.unifiedRoleAssignment",
		NameFrom: "principalId",
		Create:   []string{"appScopeId", "directoryScopeId", "principalId", "roleDefinitionId"},
		Status:   []string{"condition", "principalOrganizationId"},
		References: []Reference{
			{Path: "directoryScopeId", Targets: []string{"administrativeUnits"}, Prefixes: []string{"/administrativeUnits/"}, Special: []string{"/"}},
			applicationScope,
			{Path: "principalId", Targets: []string{"users", "groups", "servicePrincipals"}},
			{Path: "roleDefinitionId", Targets: []string{"roleDefinitions"}},
		},
		Codes: []Code{organizationID("principalOrganizationId")},
	},
	Place: Place{Path: "/roleManagement/directory/roleAssignments"},
	Reading: Reading{
		Transient: &Transient{
			Path:     "/roleManagement/directory/roleAssignmentScheduleInstances",
			Filter:   "assignmentType eq 'Activated'",
			Property: "roleAssignmentOriginId",
		},
	},
	Recovery: Recovery{
		Scheduled:  "roleAssignmentSchedules",
		NaturalKey: []string{"principalId", "roleDefinitionId", "directoryScopeId", "appScopeId"},
		Deletion:   Deletion{Mode: DeleteHard},
	},
	Guarding: Guarding{
		Risk:    0,
		Dangers: givesPrivilege,
		Privilege: &Privilege{
			Principal: "principalId", Role: "roleDefinitionId", Scope: "directoryScopeId", Everywhere: "/",
			// Global Administrator has the same id in every tenant.
			Supreme: "62e90394-69f5-4237-9190-012177145e10",
			Higher: []string{
				"62e90394-69f5-4237-9190-012177145e10", // Global Administrator
				"7be44c8a-adaf-4e2a-84d6-ab2649e08a13", // Privileged Authentication Administrator
			},
		},
		Permissions: Permissions{
			Read:  []string{"RoleManagement.Read.Directory"},
			Write: []string{"RoleManagement.ReadWrite.Directory"},
		},
	},
}
