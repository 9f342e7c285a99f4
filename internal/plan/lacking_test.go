package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
)

// What a plan calls for is what its steps write: a link or a property with a permission of
// its own is no matter of the others, a wider permission includes a narrower one, and what
// reading takes is not told.
func TestLacking(t *testing.T) {
	step := func(kindName string, action entra.Action, target string, pointers ...string) entra.Step {
		s := entra.Step{Key: entra.Key{Kind: kindName, ID: "1"}, Action: action, Target: target}
		for _, p := range pointers {
			s.Properties = append(s.Properties, entra.PropertyChange{Pointer: p})
		}
		return s
	}
	policy := step("conditionalAccessPolicies", entra.ActionUpdate, "", "/spec/state")
	for _, tt := range []struct {
		name    string
		steps   []entra.Step
		granted []string
		want    []Lack
	}{
		{"nothing planned", nil, nil, nil},
		{"all that it takes", []entra.Step{policy}, []string{"Application.Read.All", "Policy.ReadWrite.ConditionalAccess"}, nil},
		{"a policy", []entra.Step{policy, policy}, []string{"Policy.Read.All"}, []Lack{{"Application.Read.All", []string{"conditionalAccessPolicies"}, 2}, {"Policy.ReadWrite.ConditionalAccess", []string{"conditionalAccessPolicies"}, 2}}},
		{"the most steps first", []entra.Step{step("groups", entra.ActionUpdate, "", "/spec/description"), policy, policy}, nil,
			[]Lack{{"Application.Read.All", []string{"conditionalAccessPolicies"}, 2}, {"Policy.ReadWrite.ConditionalAccess", []string{"conditionalAccessPolicies"}, 2}, {"Group.ReadWrite.All", []string{"groups"}, 1}}},
		{"a wider one", []entra.Step{step("groups", entra.ActionUpdate, "", "/spec/description"), step("users", entra.ActionRestore, "")}, []string{"Directory.ReadWrite.All"}, nil},
		{"a user", []entra.Step{step("users", entra.ActionUpdate, "", "/spec/city")}, []string{"User.ReadWrite.All"}, nil},
		{"a property with a permission of its own", []entra.Step{step("users", entra.ActionUpdate, "", "/spec/customSecurityAttributes/a/b")}, []string{"User.ReadWrite.All"},
			[]Lack{{"CustomSecAttributeAssignment.ReadWrite.All", []string{"users"}, 1}}},
		{"taking back", []entra.Step{step("users", entra.ActionRestore, "")}, []string{"User-Mail.ReadWrite.All"},
			[]Lack{{"User.DeleteRestore.All", []string{"users"}, 1}, {"User.ReadWrite.All", []string{"users"}, 1}}},
		{"a collection with a permission of its own", []entra.Step{step("servicePrincipals", entra.ActionCreateContained, "appRoleAssignedTo", "/contained/appRoleAssignedTo/a")},
			[]string{"Application.ReadWrite.All"}, []Lack{{"AppRoleAssignment.ReadWrite.All", []string{"servicePrincipals"}, 1}}},
		{"the owner of an application", []entra.Step{step("applications", entra.ActionAddLink, "owners")}, []string{"Application.ReadWrite.All"},
			[]Lack{{"Directory.Read.All", []string{"applications"}, 1}}},
		{"one for two kinds", []entra.Step{step("roleAssignments", entra.ActionCreate, ""), step("roleDefinitions", entra.ActionUpdate, "", "/spec/displayName")}, nil,
			[]Lack{{"RoleManagement.ReadWrite.Directory", []string{"roleAssignments", "roleDefinitions"}, 2}}},
		{"no kind", []entra.Step{step("x", entra.ActionUpdate, "")}, nil, nil},
	} {
		if d := cmp.Diff(tt.want, Lacking(&entra.Plan{Steps: tt.steps}, tt.granted)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}
