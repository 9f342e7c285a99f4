package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/kind"
)

// The selected parts of the snapshot's object take the place of the live ones, and nothing
// else changes.
func TestDesired(t *testing.T) {
	const policy, app = "conditionalAccessPolicies/1", "applications/1"
	const credentials = `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s","issuer":"i"},{"name":"b","subject":"t"}]}}`
	const snapshot = `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"x","issuer":"j"},{"name":"c","subject":"y"}]}}`
	tests := []struct {
		name, key, part  string
		live, want, then string
	}{
		{"all of it", "users/1", "", `{"Spec":{"city":"a","surname":"s"},"Status":{"mail":"m"},"Links":{"manager":["1"]}}`, `{"Spec":{"city":"b"},"Status":{"mail":"n"},"Links":{"sponsors":["2"]}}`,
			`{"Spec":{"city":"b"},"Status":{"mail":"m"},"Links":{"sponsors":["2"]}}`},
		{"a section", "users/1", "links", `{"Spec":{"city":"a"},"Links":{"manager":["1"]}}`, `{"Spec":{"city":"b"}}`, `{"Spec":{"city":"a"}}`},
		{"a property", "users/1", "city", `{"Spec":{"city":"a","surname":"s"}}`, `{"Spec":{"city":"b"}}`, `{"Spec":{"city":"b","surname":"s"}}`},
		{"a property that the snapshot has not", "users/1", "city", `{"Spec":{"city":"a","surname":"s"}}`, `{}`, `{"Spec":{"surname":"s"}}`},
		{"one inside", policy, "conditions.users.excludeUsers", `{"Spec":{"conditions":{"a":"b","users":{"excludeUsers":["1"],"includeUsers":["All"]}}}}`,
			`{"Spec":{"conditions":{"users":{"excludeUsers":["2"],"includeUsers":["1"]}}}}`,
			`{"Spec":{"conditions":{"a":"b","users":{"excludeUsers":["2"],"includeUsers":["All"]}}}}`},
		{"one inside what is not there", policy, "conditions.users.excludeUsers", `{}`, `{"Spec":{"conditions":{"a":"b","users":{"excludeUsers":["2"]}}}}`,
			`{"Spec":{"conditions":{"users":{"excludeUsers":["2"]}}}}`},
		{"the last one inside", policy, "conditions.users.excludeUsers", `{"Spec":{"state":"x","conditions":{"users":{"excludeUsers":["1"]}}}}`, `{}`, `{"Spec":{"state":"x"}}`},
		{"inside what is no object now", policy, "grantControls.operator", `{"Spec":{"grantControls":"x"}}`, `{"Spec":{"grantControls":{"operator":"OR"}}}`, `{"Spec":{"grantControls":"x"}}`},
		{"inside what was no object", policy, "grantControls.operator", `{"Spec":{"grantControls":{"operator":"OR"}}}`, `{"Spec":{"grantControls":"x"}}`, `{"Spec":{"grantControls":{"operator":"OR"}}}`},
		{"an element", app, "appRoles.1", `{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"2"}]}}`, `{"Spec":{"appRoles":[{"id":"1","value":"b"},{"id":"3"}]}}`,
			`{"Spec":{"appRoles":[{"id":"1","value":"b"},{"id":"2"}]}}`},
		{"an element that comes", app, "appRoles.3", `{"Spec":{"appRoles":[{"id":"1"}]}}`, `{"Spec":{"appRoles":[{"id":"3"},{"id":"4"}]}}`, `{"Spec":{"appRoles":[{"id":"1"},{"id":"3"}]}}`},
		{"the first element", app, "appRoles.3", `{}`, `{"Spec":{"appRoles":[{"id":"3"},{"id":"4"}]}}`, `{"Spec":{"appRoles":[{"id":"3"}]}}`},
		{"an element that goes", app, "appRoles.1", `{"Spec":{"appRoles":[{"id":"1"},{"id":"2"}]}}`, `{}`, `{"Spec":{"appRoles":[{"id":"2"}]}}`},
		{"the last element", app, "appRoles.1", `{"Spec":{"appRoles":[{"id":"1"}]}}`, `{}`, `{}`},
		{"an element that neither has", app, "appRoles.9", `{"Spec":{"appRoles":[{"id":"1"}]}}`, `{"Spec":{"appRoles":[{"id":"2"}]}}`, `{"Spec":{"appRoles":[{"id":"1"}]}}`},
		{"a property of an element", app, "appRoles.1.value", `{"Spec":{"appRoles":[{"id":"1","value":"a","x":"y"}]}}`, `{"Spec":{"appRoles":[{"id":"1","value":"b"}]}}`,
			`{"Spec":{"appRoles":[{"id":"1","value":"b","x":"y"}]}}`},
		{"a property of an element that the snapshot has not", app, "appRoles.1.value", `{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"2"}]}}`, `{"Spec":{"appRoles":[{"id":"2"}]}}`,
			`{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"2"}]}}`},
		{"a property of an element that is gone", app, "appRoles.1.value", `{"Spec":{"appRoles":[{"id":"2"}]}}`, `{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"2"}]}}`,
			`{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"2"}]}}`},
		{"a value of a set that comes", policy, "conditions.users.excludeUsers[2]", `{"Spec":{"conditions":{"users":{"excludeUsers":["1"]}}}}`,
			`{"Spec":{"conditions":{"users":{"excludeUsers":["2","3"]}}}}`, `{"Spec":{"conditions":{"users":{"excludeUsers":["1","2"]}}}}`},
		{"a value of a set that goes", policy, "conditions.users.excludeUsers[1]", `{"Spec":{"conditions":{"users":{"excludeUsers":["1","2"]}}}}`,
			`{"Spec":{"conditions":{"users":{"excludeUsers":["3"]}}}}`, `{"Spec":{"conditions":{"users":{"excludeUsers":["2"]}}}}`},
		{"the last value of a set", policy, "conditions.users.excludeUsers[1]", `{"Spec":{"state":"x","conditions":{"users":{"excludeUsers":["1"]}}}}`, `{}`, `{"Spec":{"state":"x"}}`},
		{"a value of a set that stays", policy, "conditions.users.excludeUsers[1]", `{"Spec":{"conditions":{"users":{"excludeUsers":["1"]}}}}`,
			`{"Spec":{"conditions":{"users":{"excludeUsers":["1","2"]}}}}`, `{"Spec":{"conditions":{"users":{"excludeUsers":["1"]}}}}`},
		{"a link without its section", "groups/1", "members", `{"Links":{"members":["1"],"owners":["1"]}}`, `{"Links":{"members":["2"]}}`, `{"Links":{"members":["2"],"owners":["1"]}}`},
		{"a part of a contained object as reports print it", app, "federatedIdentityCredentials[a].subject", credentials, snapshot,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"x","issuer":"i"},{"name":"b","subject":"t"}]}}`},
		{"all links", "groups/1", "links.members", `{"Links":{"members":["1"],"owners":["1"]}}`, `{"Links":{"members":["2"]}}`, `{"Links":{"members":["2"],"owners":["1"]}}`},
		{"one link that comes", "groups/1", "links.members.2", `{"Links":{"members":["1"]}}`, `{"Links":{"members":["2","3"]}}`, `{"Links":{"members":["1","2"]}}`},
		{"one link that goes", "groups/1", "links.members.1", `{"Links":{"members":["1","2"]}}`, `{"Links":{"members":["3"]}}`, `{"Links":{"members":["2"]}}`},
		{"one link that stays", "groups/1", "links.members.1", `{"Links":{"members":["1","2"]}}`, `{"Links":{"members":["1"]}}`, `{"Links":{"members":["2","1"]}}`},
		{"contained objects", app, "contained.federatedIdentityCredentials", credentials, snapshot, snapshot},
		{"a contained object", app, "contained.federatedIdentityCredentials.a", credentials, snapshot,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"x","issuer":"j"},{"name":"b","subject":"t"}]}}`},
		{"a part of it", app, "contained.federatedIdentityCredentials.a.subject", credentials, snapshot,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"x","issuer":"i"},{"name":"b","subject":"t"}]}}`},
		{"a contained object that goes", app, "contained.federatedIdentityCredentials.b", credentials, snapshot,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s","issuer":"i"}]}}`},
		{"a part of one that goes", app, "contained.federatedIdentityCredentials.b.subject", credentials, snapshot, credentials},
		{"a contained object that comes", app, "contained.federatedIdentityCredentials.c", credentials, snapshot,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s","issuer":"i"},{"name":"b","subject":"t"},{"name":"c","subject":"y"}]}}`},
		{"contained objects that cannot be told apart", app, "contained", `{"Contained":{"federatedIdentityCredentials":[{"name":"a"},{"name":"a"}]}}`, snapshot, snapshot},
		{"or could not be", app, "contained", credentials, `{"Contained":{"federatedIdentityCredentials":[{"name":"a"},{"name":"a"}]}}`,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a"},{"name":"a"}]}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var parts []diff.Part
			if tt.part != "" {
				part, err := diff.ParsePart(tt.part)
				if err != nil {
					t.Fatal(err)
				}
				parts = append(parts, part)
			}
			live, then := object(t, tt.key, tt.live), object(t, tt.key, tt.then)
			got := desired(kind.ByName(live.Kind), live, object(t, tt.key, tt.want), parts)
			read := diff.Read{Before: allRead()[live.Kind].Of("1"), After: allRead()[live.Kind].Of("1")}
			if change := diff.Objects(kind.ByName(live.Kind), then, got, read); change != nil {
				t.Errorf("got %+v, which differs by %+v", got, change)
			}
			if d := cmp.Diff(object(t, tt.key, tt.live), live); d != "" {
				t.Errorf("the live object was changed (-was +is):\n%s", d)
			}
		})
	}
}

// Of a contained object, only what can be written is taken from the snapshot: what Graph
// works out stays as it is.
func TestDesiredLeavesWhatIsObservedOfAnElement(t *testing.T) {
	live := object(t, "applications/1", `{"Contained":{"extensionProperties":[{"name":"a","dataType":"String","isSyncedFromOnPremises":false}]}}`)
	want := object(t, "applications/1", `{"Contained":{"extensionProperties":[{"name":"a","dataType":"Integer","isSyncedFromOnPremises":true},
		{"name":"b","dataType":"String","isSyncedFromOnPremises":true,"@odata.type":"#x"}]}}`)
	got := desired(kind.ByName("applications"), live, want, nil)
	byName := map[any]map[string]any{}
	for _, e := range got.Contained["extensionProperties"] {
		byName[e["name"]] = e
	}
	expected := map[any]map[string]any{
		"a": {"name": "a", "dataType": "Integer", "isSyncedFromOnPremises": false},
		"b": {"name": "b", "dataType": "String"},
	}
	if d := cmp.Diff(expected, byName); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	// The type of a polymorphic element is given when it is created.
	policy := kind.ByName("authenticationStrengthPolicies")
	want = object(t, "authenticationStrengthPolicies/1", `{"Contained":{"combinationConfigurations":[{"appliesToCombinations":"x","@odata.type":"#x","id":"1"}]}}`)
	got = desired(policy, object(t, "authenticationStrengthPolicies/1", `{}`), want, nil)
	if d := cmp.Diff([]map[string]any{{"appliesToCombinations": "x", "@odata.type": "#x"}}, got.Contained["combinationConfigurations"]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
