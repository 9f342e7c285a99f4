package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

const createOnly = "it can only be given when the object is created"

// Only what differs and may be written is written; the rest says why not.
func TestPlanOfProperties(t *testing.T) {
	run(t, false, []oneObject{
		{name: "only what differs", key: "users/1", live: `{"Spec":{"city":"a","country":"c"}}`, want: `{"Spec":{"city":"b","country":"c"}}`,
			plan: []string{"update /spec/city"}},
		{name: "what the snapshot has not is cleared", key: "users/1", live: `{"Spec":{"city":"a","otherMails":["m"]}}`, want: `{}`,
			plan: []string{"update /spec/city /spec/otherMails"}},
		{name: "not what cannot be cleared", key: "users/1", live: `{"Spec":{"city":"a","mail":"m"}}`, want: `{}`,
			plan: []string{"update /spec/city", "left alone /spec/mail: the snapshot has no value for it, and Graph lets it be changed but not cleared"}},
		{name: "which can be changed", key: "users/1", live: `{"Spec":{"mail":"m"}}`, want: `{"Spec":{"mail":"n"}}`, plan: []string{"update /spec/mail"}},
		{name: "not what is given at creation", key: "groups/1", live: `{"Spec":{"isAssignableToRole":true,"displayName":"x"}}`, want: `{"Spec":{"displayName":"y"}}`,
			plan: []string{"update /spec/displayName", "left alone /spec/isAssignableToRole: " + createOnly}},
		{name: "nor where the tenant has none", key: "groups/1", live: `{}`, want: `{"Spec":{"isAssignableToRole":true}}`, plan: []string{"left alone /spec/isAssignableToRole: " + createOnly}},
		{name: "not what cannot be changed back", key: "customSecurityAttributeDefinitions/1",
			live: `{"Spec":{"description":"a","usePreDefinedValuesOnly":false}}`, want: `{"Spec":{"description":"b","usePreDefinedValuesOnly":true}}`,
			plan: []string{"update /spec/description", "left alone /spec/usePreDefinedValuesOnly: Graph does not let it be changed once it is false"}},
		{name: "which can be changed once", key: "customSecurityAttributeDefinitions/1",
			live: `{"Spec":{"usePreDefinedValuesOnly":true}}`, want: `{"Spec":{"usePreDefinedValuesOnly":false}}`, plan: []string{"update /spec/usePreDefinedValuesOnly"}},
		{name: "not another type", key: "namedLocations/1", live: `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":true}}`, want: `{"Spec":{"@odata.type":"#microsoft.graph.countryNamedLocation"}}`,
			plan: []string{"left alone: it is a #microsoft.graph.ipNamedLocation now and was a #microsoft.graph.countryNamedLocation, which cannot be written"}},
		{name: "the same type", key: "namedLocations/1", live: `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":true}}`, want: `{"Spec":{"@odata.type":"#microsoft.graph.ipNamedLocation","isTrusted":false}}`,
			plan: []string{"update /spec/isTrusted"}},
		{name: "what an action writes, apart", key: "authenticationStrengthPolicies/1",
			live: `{"Spec":{"allowedCombinations":["fido2"],"displayName":"x"}}`, want: `{"Spec":{"allowedCombinations":["fido2","password"],"displayName":"y"}}`,
			plan: []string{"update /spec/displayName", "update:updateAllowedCombinations /spec/allowedCombinations"}},
		{name: "what an action writes, alone", key: "authenticationStrengthPolicies/1",
			live: `{"Spec":{"allowedCombinations":["fido2"]}}`, want: `{"Spec":{"allowedCombinations":["fido2","password"]}}`,
			plan: []string{"update:updateAllowedCombinations /spec/allowedCombinations"}},
		{name: "all by an action that takes everything", key: "lifecycleWorkflows/1",
			live: `{"Spec":{"category":"joiner","displayName":"x","tasks":[{"displayName":"b"}]}}`, want: `{"Spec":{"category":"joiner","displayName":"y","tasks":[{"displayName":"c"}]}}`,
			plan: []string{"update:createNewVersion /spec/displayName /spec/tasks"}},
		{name: "without that action where it has nothing to write", key: "lifecycleWorkflows/1",
			live: `{"Spec":{"displayName":"x"}}`, want: `{"Spec":{"displayName":"y"}}`, plan: []string{"update /spec/displayName"}},
		{name: "what takes a request", key: "roleEligibilitySchedules/1",
			live: `{"Spec":{"principalId":"p1","scheduleInfo":{"expiration":{"type":"noExpiration"}}}}`, want: `{"Spec":{"principalId":"p1","scheduleInfo":{"expiration":{"type":"notSpecified"}}}}`,
			plan: []string{"update /spec/scheduleInfo/expiration/type"}},
		{name: "a request holds the whole object, which names nothing that is gone", key: "roleEligibilitySchedules/1",
			live: `{"Spec":{"principalId":"gone","scheduleInfo":{"expiration":{"type":"noExpiration"}}}}`, want: `{"Spec":{"principalId":"gone","scheduleInfo":{"expiration":{"type":"notSpecified"}}}}`,
			plan: []string{"left alone: principalId names users or groups with id gone, which does not exist; " + restoreFirst}},
	})
}

// A lock leaves what it excepts, and a part is only locked while the object meets it.
func TestPlanOfLockedParts(t *testing.T) {
	const synced, inAD = "synchronised from Active Directory", "change the user in Active Directory"
	run(t, false, []oneObject{
		{name: "what is excepted is written", key: "users/1", live: `{"Status":{"onPremisesSyncEnabled":true},"Spec":{"city":"a"}}`,
			want: `{"Spec":{"city":"b","usageLocation":"CH"},"Links":{"manager":["p1"],"sponsors":["p2"]}}`, plan: []string{
				"update /spec/usageLocation", "addLink:sponsors +p2",
				"left alone /links/manager: " + synced + "; " + inAD, "left alone /spec/city: " + synced + "; " + inAD}},
		{name: "by what it is now, not by what it was", key: "users/1", live: `{"Spec":{"city":"a"}}`, want: `{"Status":{"onPremisesSyncEnabled":true},"Spec":{"city":"b"}}`,
			plan: []string{"update /spec/city"}},
		{name: "all conditions must hold", key: "groups/1", live: `{"Spec":{"mailEnabled":true,"groupTypes":["Unified"],"displayName":"a"}}`,
			want: `{"Spec":{"mailEnabled":true,"groupTypes":["Unified"],"displayName":"b"}}`, plan: []string{"update /spec/displayName"}},
		{name: "and then it is locked", key: "groups/1", live: `{"Spec":{"mailEnabled":true,"displayName":"a"}}`, want: `{"Spec":{"mailEnabled":true,"displayName":"b"}}`,
			plan: []string{"left alone /spec/displayName: a distribution list or mail-enabled security group is managed in Exchange; change the group in Exchange"}},
		{name: "one part", key: "groups/1", live: `{"Spec":{"groupTypes":["DynamicMembership"]},"Links":{"members":["p1"]}}`,
			want: `{"Spec":{"groupTypes":["DynamicMembership"],"displayName":"b"},"Links":{"owners":["p1"]}}`, plan: []string{
				"update /spec/displayName", "addLink:owners +p1",
				"left alone /links/members: members follow the membership rule; restore spec/membershipRule instead"}},
		{name: "what becomes of the object may close a part", key: "groups/1", live: `{"Spec":{"displayName":"a"},"Links":{"members":["p1"]}}`,
			want: `{"Spec":{"displayName":"a","groupTypes":["DynamicMembership"]}}`, plan: []string{
				"update /spec/groupTypes", "left alone /links/members: members follow the membership rule; restore spec/membershipRule instead"}},
		{name: "or open one, once the object is written", key: "groups/1", live: `{"Spec":{"groupTypes":["DynamicMembership"]},"Links":{"members":["p1"],"owners":["p1"]}}`,
			want: `{"Links":{"members":["p2"],"owners":["p1","p2"]}}`, plan: []string{
				"update /spec/groupTypes", "addLink:members +p2 after groups/1:update", "addLink:owners +p2", "removeLink:members -p1 after groups/1:update"}},
		{name: "an element", key: "servicePrincipals/1", live: `{"Status":{"appOwnerOrganizationId":"72f988bf-86f1-41af-91ab-2d7cd011db47"},"Spec":{"notes":"a","loginUrl":"a"}}`,
			want: `{"Spec":{"notes":"b","loginUrl":"b"},"Contained":{"appRoleAssignedTo":[{"principalId":"p1","appRoleId":"r","resourceId":"p2"}]},"Links":{"owners":["p1"]}}`,
			plan: []string{"update /spec/notes", "createContained:appRoleAssignedTo:p1+r /contained/appRoleAssignedTo/p1+r", "addLink:owners +p1",
				"left alone /spec/loginUrl: the application belongs to Microsoft"}},
		{name: "a closed collection", key: "authenticationStrengthPolicies/1", live: `{"Spec":{"policyType":"builtIn"},"Status":{"policyType":"builtIn"}}`,
			want: `{"Spec":{"policyType":"builtIn"},"Contained":{"combinationConfigurations":[{"appliesToCombinations":["fido2"]}]}}`,
			plan: []string{"left alone /contained/combinationConfigurations/[\"fido2\"]: a built-in strength is defined by Microsoft"}},
	})
}

// What is sent as a whole names nothing that is gone, although that does not differ.
func TestPlanOfAnActionThatTakesEverything(t *testing.T) {
	const conditions = `"conditions":{"users":{"excludeGroups":["gone"]}}`
	want := object(t, "conditionalAccessPolicies/1", `{"Spec":{"state":"enabled",`+conditions+`}}`)
	live := object(t, "conditionalAccessPolicies/1", `{"Spec":{"state":"disabled",`+conditions+`}}`)
	for whole, expected := range map[bool]string{
		false: "update:switch /spec/state",
		true:  "left alone: conditions.users.excludeGroups names groups with id gone, which does not exist; " + restoreFirst,
	} {
		k := *kind.ByName("conditionalAccessPolicies")
		k.Actions = []kind.Action{{Name: "switch", Properties: []string{"state"}, Whole: whole}}
		p := newPlanner((&world{live: []*entra.Object{live}}).input(t, want))
		d := p.object(&k, want.Key)
		d.plan()
		if diff := cmp.Diff([]string{expected}, details(entra.Plan{Steps: d.steps, Refusals: d.refusals})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestWrites(t *testing.T) {
	version := kind.Action{Name: "version", Properties: []string{"tasks"}, Whole: true}
	license := kind.Action{Name: "license", Properties: []string{"skus", "plans"}}
	shape := kind.Shape{Actions: []kind.Action{license, version}, OwnRequest: []string{"mail"}}
	for _, tt := range []struct {
		name  string
		names []string
		want  []Write
	}{
		{"nothing", nil, nil},
		{"together", []string{"a", "b"}, []Write{{Names: []string{"a", "b"}}}},
		{"one alone", []string{"mail"}, []Write{{Names: []string{"mail"}, element: "mail"}}},
		{"each apart", []string{"a", "mail", "plans", "skus"}, []Write{{Names: []string{"a"}}, {Names: []string{"mail"}, element: "mail"},
			{Names: []string{"plans", "skus"}, Action: &license, element: "license"}}},
		{"by what takes everything", []string{"a", "mail", "tasks"}, []Write{{Names: []string{"a", "mail", "tasks"}, Action: &version, element: "version"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, Writes(&shape, tt.names), cmp.AllowUnexported(Write{})); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Where Graph only takes requests, and none of the kind that is needed, nothing is planned.
func TestPlanWithoutARequest(t *testing.T) {
	k := *kind.ByName("roleEligibilitySchedules")
	none := *k.Requests
	none.Create, none.Update, none.Remove = "", "", ""
	k.Requests = &none
	want := object(t, "roleEligibilitySchedules/1", `{"Spec":{"scheduleInfo":{"a":"b"}}}`)
	for reason, live := range map[string][]*entra.Object{
		"Graph takes no request to change one": {object(t, want.String(), `{}`)},
		"Graph takes no request to create one": nil,
	} {
		p := newPlanner((&world{live: live}).input(t, want))
		d := p.object(&k, want.Key)
		d.plan()
		if len(d.steps) > 0 || len(d.refusals) != 1 || d.refusals[0].Reason != reason || d.refusals[0].Pointer != "" {
			t.Errorf("%+v %+v, want %q", d.steps, d.refusals, reason)
		}
	}
}
