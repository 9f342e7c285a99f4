package kind

// lifecycleWorkflows come with their tasks only one by one. Their tasks and conditions are
// changed by a new version.
var lifecycleWorkflows = &Kind{
	Name:     "lifecycleWorkflows",
	Title:    "lifecycle workflow",
	Annotate: true,
	Shape: Shape{
		Type: "microsoft.graph.identityGovernance.workflow",
		Update: []string{
			"description", "displayName", "executionConditions", "isEnabled", "isSchedulingEnabled",
			"settings", "tasks",
		},
		Create: []string{"category"},
		Status: []string{"createdDateTime"},
		Drop: []string{
			"deletedDateTime", "lastModifiedDateTime", "nextScheduleRunDateTime", "quarantineDetails",
			"tasks[].id", // another one in each version
			"version",
		},
		Sets: map[string]string{
			"executionConditions.trigger.triggerAttributes": "name",
			"settings.quarantineConfiguration.conditions":   "",
			"tasks[].arguments":                             "name",
		},
		Ordered: []string{"tasks"},
		References: []Reference{
			{Path: "executionConditions.scope.groups[].id", Targets: []string{"groups"}},
			{Path: "executionConditions.scope.rule", Targets: []string{"groups"}, Within: true, MayBeExternal: true},
			// groupID, teamID, customTaskExtensionID and accessPackageID hold one or several.
			{
				Path:    "tasks[].arguments[].value",
				Targets: []string{"groups", "lifecycleWorkflowCustomTaskExtensions", "accessPackages", "accessPackageAssignmentPolicies", "users"},
				Within:  true, MayBeExternal: true,
			},
		},
		Codes:        []Code{{Path: "tasks[].taskDefinitionId", Part: "taskDefinitions"}},
		ClearByParts: []string{"settings"},
		Dates:        []string{"createdDateTime"},
		Actions: []Action{{
			Name:       "createNewVersion",
			Properties: []string{"executionConditions", "tasks"},
			Wrap:       "workflow",
			Whole:      true,
		}},
	},
	Place:   Place{Path: "/identityGovernance/lifecycleWorkflows/workflows"},
	Reading: Reading{ReadSingly: true, Licence: "Microsoft Entra ID Governance"},
	Recovery: Recovery{
		Deletion: Deletion{
			Mode:        DeleteSoft,
			DeletedPath: "/identityGovernance/lifecycleWorkflows/deletedItems/workflows",
			RestorePath: "/identityGovernance/lifecycleWorkflows/deletedItems/workflows",
		},
	},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"LifecycleWorkflows-Workflow.Read.All"},
			Write: []string{"LifecycleWorkflows-Workflow.ReadWrite.All"},
		},
	},
}

var lifecycleWorkflowCustomTaskExtensions = &Kind{
	Name:  "lifecycleWorkflowCustomTaskExtensions",
	Title: "lifecycle workflow extension",
	Shape: Shape{
		Type: "microsoft.graph.identityGovernance.customTaskExtension",
		Update: []string{
			"authenticationConfiguration", "callbackConfiguration", "clientConfiguration", "description",
			"displayName", "endpointConfiguration",
		},
		Status: []string{"createdDateTime"},
		Drop:   []string{"lastModifiedDateTime"},
		Dates:  []string{"createdDateTime"},
	},
	Place:    Place{Path: "/identityGovernance/lifecycleWorkflows/customTaskExtensions"},
	Reading:  Reading{Licence: "Microsoft Entra ID Governance"},
	Recovery: Recovery{Deletion: Deletion{Mode: DeleteHard}},
	Guarding: Guarding{
		Risk: 5,
		Permissions: Permissions{
			Read:  []string{"LifecycleWorkflows-CustomExt.Read.All"},
			Write: []string{"LifecycleWorkflows.ReadWrite.All"},
		},
	},
}

var lifecycleWorkflowSettings = &Kind{
	Name:  "lifecycleWorkflowSettings",
	Title: "lifecycle workflow settings",
	Shape: Shape{
		Type:     "microsoft.graph.identityGovernance.lifecycleManagementSettings",
		NameFrom: "id",
		Update:   []string{"emailSettings", "quarantineConfiguration", "workflowScheduleIntervalInHours"},
		Sets: map[string]string{
			"quarantineConfiguration.conditions": "",
		},
	},
	Place:   Place{Path: "/identityGovernance/lifecycleWorkflows/settings", Singleton: true},
	Reading: Reading{Licence: "Microsoft Entra ID Governance"},
	Guarding: Guarding{
		Risk: 6,
		Permissions: Permissions{
			Read:  []string{"LifecycleWorkflows.Read.All"},
			Write: []string{"LifecycleWorkflows.ReadWrite.All"},
		},
	},
}
