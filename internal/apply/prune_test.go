package apply

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// Every way of deleting an object, as the requests that are sent.
func TestRenderADeletion(t *testing.T) {
	for _, tt := range []struct {
		name, key, live string
		want            []string
	}{
		{"an object", "users/1", `{"Spec":{"displayName":"x"}}`, []string{`DELETE /users/1`}},
		{"a trusted location, after it is not", "namedLocations/1", `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":true}}`,
			[]string{`PATCH /identity/conditionalAccess/namedLocations/1 {"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":false}`, `DELETE /identity/conditionalAccess/namedLocations/1`}},
		{"a location that is not trusted", "namedLocations/1", `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":false}}`, []string{`DELETE /identity/conditionalAccess/namedLocations/1`}},
		{"a group, without its licences", "groups/1", `{"Spec":{"assignedLicenses":[{"skuId":"a"}]}}`,
			[]string{`POST /groups/1/assignLicense {"addLicenses":[],"removeLicenses":["a"]}`, `DELETE /groups/1`}},
		{"a group without licences", "groups/1", `{}`, []string{`DELETE /groups/1`}},
		{"an authentication context that is offered", "authenticationContextClassReferences/c1", `{"Spec":{"isAvailable":true}}`,
			[]string{`PATCH /identity/conditionalAccess/authenticationContextClassReferences/c1 {"isAvailable":false}`, `DELETE /identity/conditionalAccess/authenticationContextClassReferences/c1`}},
		{"a partner, after its synchronization", "crossTenantAccessPolicyPartners/1", `{"Contained":{"identitySynchronization":[{"tenantId":"1","displayName":"x"}]}}`,
			[]string{`DELETE /policies/crossTenantAccessPolicy/partners/1/identitySynchronization`, `DELETE /policies/crossTenantAccessPolicy/partners/1`}},
		{"a partner without", "crossTenantAccessPolicyPartners/1", `{}`, []string{`DELETE /policies/crossTenantAccessPolicy/partners/1`}},
		{"by request", "roleEligibilitySchedules/1", `{"Spec":{"principalId":"p1","roleDefinitionId":"p2","directoryScopeId":"/"}}`,
			[]string{`POST /roleManagement/directory/roleEligibilityScheduleRequests {"action":"adminRemove","directoryScopeId":"/","justification":"entragit: back to snapshot ","principalId":"p1","roleDefinitionId":"p2"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			live := object(t, tt.key, tt.live)
			requests, err := NewRenderer(testBase, &entra.Plan{Tenant: "t"}).Render(entra.Step{Key: live.Key, Action: entra.ActionDelete}, live)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, q := range requests {
				line := q.Method + " " + q.Path
				if len(q.Body) > 0 {
					line += " " + string(q.Body)
				}
				got = append(got, line)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	if _, err := NewRenderer(testBase, &entra.Plan{Tenant: "t"}).Render(entra.Step{Key: entra.Key{Kind: "users", ID: "1"}, Action: entra.ActionDelete}, nil); !errors.Is(err, entra.ErrInvalid) {
		t.Errorf("what is not there: %v", err)
	}
}

// What a deletion leaves is the object as long as it is there, and nothing once it is not.
func TestWhatRemainsOfADeletion(t *testing.T) {
	k := kind.ByName("users")
	s := entra.Step{Key: entra.Key{Kind: "users", ID: "1"}, Name: "U", Action: entra.ActionDelete}
	if left := remaining(k, s, nil); left != nil {
		t.Errorf("of what is gone: %+v", left)
	}
	if left := remaining(k, s, object(t, "users/1", `{}`)); left == nil || left.Type != entra.Removed || left.Name != "U" {
		t.Errorf("of what is there: %+v", left)
	}
	if after, err := plan.After(k, object(t, "users/1", `{}`), s); after != nil || err != nil {
		t.Errorf("after it: %+v, %v", after, err)
	}
}

// A failed read is never a reason to delete: only what the snapshot read to its end, and has
// under no id, was added.
func TestWhatWasAddedIsProven(t *testing.T) {
	e := newEmulated(t)
	there := e.group("there")
	from := e.snapshot("groups", "roleAssignments")
	n := newness{from: from}
	assignment := map[string]any{"principalId": "p", "roleDefinitionId": "r", "directoryScopeId": "/"}
	for _, tt := range []struct {
		name, kind, id string
		natural        map[string]any
		want           string
	}{
		{"one that the snapshot has", "groups", there, nil, "the snapshot has it"},
		{"one that it has not", "groups", "00000000-0000-4000-8000-000000000000", nil, ""},
		{"one of a kind that it did not read", "users", "x", nil, "the snapshot did not read every user"},
		{"an assignment that it has not", "roleAssignments", "x", assignment, ""},
		{"an assignment of which nobody knows what it is", "roleAssignments", "x", nil, "the snapshot has it under another id"},
	} {
		got, err := n.doubt(entra.Identity{Key: entra.Key{Kind: tt.kind, ID: tt.id}, NaturalKey: tt.natural})
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}
