package plan

import (
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/entra"
)

// A rule comes before the eligibility that it permits, and after the group that it names,
// which is created again; a plan in that order reads back.
func TestRulesComeFirst(t *testing.T) {
	rule := func(group, duration string) string {
		return `{"Contained":{"rules":[{"id":"Approval","@odata.type":"#microsoft.graph.unifiedRoleManagementPolicyApprovalRule","maximumDuration":"` + duration +
			`","setting":{"approvalStages":[{"primaryApprovers":[{"groupId":"` + group + `"}]}]}}]}}`
	}
	w := &world{live: []*entra.Object{object(t, "roleManagementPolicies/p", rule("p1", "P1D"))}}
	in := w.input(t, object(t, "roleManagementPolicies/p", rule("g", "P2D")), object(t, "groups/g", `{"Spec":{"displayName":"G","mailNickname":"g"}}`),
		object(t, "roleEligibilitySchedules/e", `{"Spec":{"principalId":"p1","roleDefinitionId":"p2","scheduleInfo":{"expiration":{"type":"noExpiration"}}}}`))
	in.Recreate = true
	p, err := New(in)
	if err != nil {
		t.Fatal(err)
	}
	file, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(file, "t"); err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	at := func(id string) int {
		i := slices.IndexFunc(p.Steps, func(s entra.Step) bool { return s.ID == id })
		if i < 0 {
			t.Fatalf("no step %s: %+v", id, p)
		}
		return i
	}
	group, change, eligible := at("groups/g:create"), at("roleManagementPolicies/p:updateContained:rules:Approval"), at("roleEligibilitySchedules/e:create")
	if group > change || change > eligible {
		t.Errorf("the group is %d., its rule %d., the eligibility %d.", group, change, eligible)
	}
}
