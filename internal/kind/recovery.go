package kind

// entraBackupSnapshots are what Microsoft's own service keeps for a few days: a fact worth
// asking for, not configuration.
var entraBackupSnapshots = &Kind{
	Name:  "entraBackupSnapshots",
	Title: "Microsoft recovery snapshot",
	Shape: Shape{
		Type:     "microsoft.graph.entraRecoveryServices.snapshot",
		NameFrom: "createdDateTime",
		Status:   []string{"createdDateTime", "totalChangedObjects"},
		Dates:    []string{"createdDateTime"},
	},
	Place:   Place{Path: "/directory/recovery/snapshots"},
	Reading: Reading{OptIn: true},
	Writing: Writing{NeverWritten: "Microsoft makes and removes them"},
	Guarding: Guarding{
		Risk: 9,
		Permissions: Permissions{
			Read: []string{"EntraBackup.Read.All"},
		},
	},
}

// entraRecoveryJobs are what Microsoft's own service was asked to work out, and to put back: its
// writes are in no delta query, so a finished job says when the tenant changed as a whole.
var entraRecoveryJobs = &Kind{
	Name:  "entraRecoveryJobs",
	Title: "Microsoft recovery job",
	Shape: Shape{
		Type:        "microsoft.graph.entraRecoveryServices.recoveryJobBase",
		NameFrom:    "jobStartDateTime",
		Polymorphic: true,
		Status: []string{
			"jobCompletionDateTime", "jobStartDateTime", "status", "targetStateDateTime", "totalChangedLinksCalculated",
			"totalChangedObjectsCalculated", "totalFailedChanges", "totalLinksModified", "totalObjectsModified",
		},
		Drop:  []string{"filteringCriteria"},
		Dates: []string{"jobCompletionDateTime", "jobStartDateTime", "targetStateDateTime"},
	},
	Place:   Place{Path: "/directory/recovery/jobs"},
	Reading: Reading{OptIn: true, Top: 999},
	Writing: Writing{NeverWritten: "they tell what Microsoft's recovery did"},
	Guarding: Guarding{
		Risk: 9,
		Permissions: Permissions{
			Read: []string{"EntraBackup.Read.All"},
		},
	},
}
