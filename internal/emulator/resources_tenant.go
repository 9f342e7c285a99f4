package emulator

var tenantResources = []*resource{
	{path: "/organization", typ: "organization"},
	{path: "/auditLogs/directoryAudits", typ: "directoryAudit"},
}
