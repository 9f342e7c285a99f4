package emulator

import (
	"net/http"
	"slices"
	"time"

	"github.com/entragit/entragit/internal/emulator/seed"
)

// How long the audit log is kept ("Microsoft Entra data retention": 7 days, 30 with a premium
// licence).
const (
	freeRetention    = 7 * 24 * time.Hour
	premiumRetention = 30 * 24 * time.Hour
)

// auditRetention is how long the tenant's licence keeps the audit log.
func (s *Server) auditRetention() time.Duration {
	if s.opts.Licence == "free" {
		return freeRetention
	}
	return premiumRetention
}

// showsAudit reports whether an entry of the audit log can be read: not yet, or no longer.
func (s *store) showsAudit(e *entry) bool {
	at, err := time.Parse(time.RFC3339, textOf(e.body["activityDateTime"]))
	if err != nil {
		return true // loaded from a file
	}
	age := s.now().Sub(at)
	return (s.auditDelay == 0 || age >= s.auditDelay) && age <= s.keepsAudit()
}

// auditFilters say what $filter takes of an entry: what the page "directoryAudit resource type" lists,
// and what scripts that work compare.
var auditFilters = map[string]string{
	"activityDateTime": "eq ge le gt lt", "activityDisplayName": "eq startswith", "category": "eq", "correlationId": "eq", "id": "eq",
	"initiatedBy": "eq startswith", "loggedByService": "eq", "operationType": "eq", "result": "eq", "targetResources": "eq startswith",
}

// reportRoles are the roles whose holders read the audit log by their own account ("Microsoft Entra
// monitoring and health licensing"): Global Reader, Security Administrator, Security Reader, Reports
// Reader; a refused User Administrator found that Global and Compliance Administrators do, too.
var reportRoles = []string{
	"f2ef992c-3afb-46b9-b7cf-a126ee74c451", "194ae4cb-b126-40b2-bd5b-6091b380977d", "5d6b6bb7-de71-4623-b4af-96380a352509",
	"4a5d8f65-41da-4de4-8968-e035b65339cf", seed.GlobalAdministrator, "17315797-102d-40b4-93e0-432062caca18",
}

// permitReport refuses the audit log to a signed-in user who has none of the roles that read it.
func (s *Server) permitReport(req *request, t *target) *apiError {
	if t.resource == nil || t.resource.path != auditPath || req.caller.userName == "" ||
		slices.ContainsFunc(s.store.rolesOf(req.caller.userID), func(role string) bool { return slices.Contains(reportRoles, role) }) {
		return nil
	}
	return &apiError{status: http.StatusForbidden, code: "Authentication_RequestFromUnsupportedUserRole", message: "User is not in the allowed roles"}
}
