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
