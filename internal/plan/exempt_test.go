package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/plan"
)

// Only what is enforced counts, each policy once for an id, and neither roles nor
// applications are accounts of people.
func TestExempted(t *testing.T) {
	enforced, by := plan.Exempted([]*entra.Object{
		policy("p1", "enabled", map[string]any{"excludeUsers": ids(glassID, "GuestsOrExternalUsers"), "excludeGroups": ids(exemptID)}),
		policy("p2", "enabled", map[string]any{"excludeUsers": ids(glassID, glassID), "excludeRoles": ids(roleID)}),
		policy("p3", "enabled", map[string]any{"includeUsers": ids(otherID)},
			map[string]any{"clientApplications": map[string]any{"excludeServicePrincipals": ids(selfID)}}),
		policy("p4", "enabledForReportingButNotEnforced", map[string]any{"excludeUsers": ids(otherID)}),
		policy("p5", "disabled", map[string]any{"excludeGroups": ids(exemptID)}),
		{Key: entra.Key{Kind: "users", ID: otherID}},
	})
	if diff := cmp.Diff(map[string]int{glassID: 2, exemptID: 1, "GuestsOrExternalUsers": 1}, by); diff != "" || enforced != 3 {
		t.Errorf("%d enforced, %s", enforced, diff)
	}
}
