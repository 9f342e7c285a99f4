package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// What diff says of two objects, laid over the first, gives the second.
func TestAfterIsWhatTheChangesSay(t *testing.T) {
	tests := []struct{ name, key, before, after string }{
		{"a scalar", "users/1", `{"Spec":{"city":"a","country":"x"}}`, `{"Spec":{"city":"b","country":"x"}}`},
		{"one that comes, one that goes", "users/1", `{"Spec":{"city":"a"}}`, `{"Spec":{"country":"x"}}`},
		{"inside an object", "conditionalAccessPolicies/1", `{"Spec":{"grantControls":{"operator":"OR"}}}`, `{"Spec":{"grantControls":{"operator":"AND","x":{"y":"z"}}}}`},
		{"the last of an object", "conditionalAccessPolicies/1", `{"Spec":{"grantControls":{"operator":"OR"}}}`, `{}`},
		{"the last of an object in an object", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"a":"b","users":{"x":"y"}}}}`, `{"Spec":{"conditions":{"a":"b"}}}`},
		{"another type", "users/1", `{"Spec":{"city":"a"}}`, `{"Spec":{"city":{"b":"c"}}}`},
		{"a set", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["a","b"]}}}}`, `{"Spec":{"conditions":{"users":{"excludeUsers":["b","c"]}}}}`},
		{"a set that comes", "conditionalAccessPolicies/1", `{}`, `{"Spec":{"conditions":{"users":{"excludeUsers":["b","c"]}}}}`},
		{"a set that goes", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["b","c"]}}}}`, `{}`},
		{"the same twice", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["a"]}}}}`, `{"Spec":{"conditions":{"users":{"excludeUsers":["a","a"]}}}}`},
		{"elements by key", "applications/1", `{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"2","value":"b","x":"y"},{"id":"3"}]}}`,
			`{"Spec":{"appRoles":[{"id":"2","value":"c","x":"y"},{"id":"3"},{"id":"4"}]}}`},
		{"elements with one key", "applications/1", `{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"1","value":"b"}]}}`,
			`{"Spec":{"appRoles":[{"id":"1","value":"a"},{"id":"1","value":"c"}]}}`},
		{"a string that holds a set", "oauth2PermissionGrants/1", `{"Spec":{"scope":"a b"}}`, `{"Spec":{"scope":"b c"}}`},
		{"a contained object that changes", "applications/1", `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"}]}}`,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"t","issuer":"i"}]}}`},
		{"contained objects that come and go", "applications/1", `{"Contained":{"federatedIdentityCredentials":[{"name":"a"},{"name":"b"}]}}`,
			`{"Contained":{"federatedIdentityCredentials":[{"name":"b"},{"name":"c","subject":"t"}]}}`},
		{"links", "groups/1", `{"Links":{"members":["a","b"],"owners":["o"]}}`, `{"Links":{"members":["b","c"],"owners":["o"]}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before, after := object(t, tt.key, tt.before), object(t, tt.key, tt.after)
			k := kind.ByName(before.Kind)
			e := allRead()[k.Name].Of("1")
			read := diff.Read{Before: e, After: e}
			change := diff.Objects(k, before, after, read)
			original := object(t, tt.key, tt.before)
			got, err := After(k, before, entra.Step{Key: before.Key, Properties: change.Properties, Links: change.Links})
			if err != nil {
				t.Fatal(err)
			}
			if left := diff.Objects(k, got, after, read); left != nil {
				t.Errorf("still differs: %+v", left)
			}
			if d := cmp.Diff(original, before); d != "" {
				t.Errorf("the object itself was changed (-was +is):\n%s", d)
			}
		})
	}
}

// A change of a set touches the elements that it names, whatever else is there now.
func TestAfterTouchesNamedElementsOnly(t *testing.T) {
	k := kind.ByName("conditionalAccessPolicies")
	live := object(t, "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["a","since"]}}}}`)
	step := entra.Step{Key: live.Key, Properties: []entra.PropertyChange{{
		Pointer: "/spec/conditions/users/excludeUsers", Before: []any{"a"}, After: []any{"b"}, AddedItems: []any{"b"}, RemovedItems: []any{"a"},
	}}}
	got, err := After(k, live, step)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]any{"since", "b"}, diff.Value(k, got, "/spec/conditions/users/excludeUsers")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got, err = After(k, nil, step); err != nil || got.Key != live.Key {
		t.Errorf("of an object that is gone: %+v, %v", got, err)
	}
}

// A change says what to do with an object that has moved on since it was made.
func TestAfterOfAnObjectThatMovedOn(t *testing.T) {
	const set, roles = "/spec/conditions/users/excludeUsers", "/spec/appRoles"
	role := func(id, value string) map[string]any { return map[string]any{"id": id, "value": value} }
	tests := []struct {
		name, key, live string
		step            entra.Step
		want            string
	}{
		{"one target replaces whoever is there", "users/1", `{"Links":{"manager":["since"]}}`, entra.Step{Links: []entra.LinkChange{{Link: "manager", Added: []string{"a"}, Removed: []string{"b"}}}}, `{"Links":{"manager":["a"]}}`},
		{"another target is not removed", "users/1", `{"Links":{"manager":["since"]}}`, entra.Step{Links: []entra.LinkChange{{Link: "manager", Removed: []string{"b"}}}}, `{"Links":{"manager":["since"]}}`},
		{"targets are added once, sorted", "groups/1", `{"Links":{"members":["b","since"]}}`, entra.Step{Links: []entra.LinkChange{{Link: "members", Added: []string{"c", "b"}}}}, `{"Links":{"members":["b","c","since"]}}`},
		{"a set that is given as a whole", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["since"]}}}}`,
			entra.Step{Properties: []entra.PropertyChange{{Pointer: set, After: []any{"a"}}}}, `{"Spec":{"conditions":{"users":{"excludeUsers":["a"]}}}}`},
		{"an element that is not there is not removed", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["since"]}}}}`,
			entra.Step{Properties: []entra.PropertyChange{{Pointer: set, RemovedItems: []any{"a"}}}}, `{"Spec":{"conditions":{"users":{"excludeUsers":["since"]}}}}`},
		{"the last one", "conditionalAccessPolicies/1", `{"Spec":{"conditions":{"users":{"excludeUsers":["a"],"x":"y"}}}}`,
			entra.Step{Properties: []entra.PropertyChange{{Pointer: set, RemovedItems: []any{"a"}}}}, `{"Spec":{"conditions":{"users":{"x":"y"}}}}`},
		{"an element that changed inside", "applications/1", `{"Spec":{"appRoles":[{"id":"0"},{"id":"1","value":"since"},{"id":"2","value":"b"}]}}`,
			entra.Step{Properties: []entra.PropertyChange{{Pointer: roles, RemovedItems: []any{role("1", "a")}, AddedItems: []any{role("3", "c")}}}},
			`{"Spec":{"appRoles":[{"id":"0"},{"id":"2","value":"b"},{"id":"3","value":"c"}]}}`},
		{"an element of another key", "applications/1", `{"Spec":{"appRoles":[{"id":"0"},{"x":"y"}]}}`,
			entra.Step{Properties: []entra.PropertyChange{{Pointer: roles, RemovedItems: []any{role("1", "a"), map[string]any{"value": "no key"}}}}}, `{"Spec":{"appRoles":[{"id":"0"},{"x":"y"}]}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			live, want := object(t, tt.key, tt.live), object(t, tt.key, tt.want)
			got, err := After(kind.ByName(live.Kind), live, tt.step)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([]any{want.Spec, want.Links}, []any{got.Spec, got.Links}, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// A change that names one element of a set clears it, or sets it, and no other.
func TestAfterOfOneElement(t *testing.T) {
	live := object(t, "applications/1", `{"Spec":{"appRoles":[{"id":"1"},{"id":"2","value":"b"}]}}`)
	for pointer, want := range map[string][]any{
		"/spec/appRoles/1": {map[string]any{"id": "2", "value": "b"}}, "/spec/appRoles/2/value": {map[string]any{"id": "1"}, map[string]any{"id": "2"}},
		"/spec/appRoles/3": {map[string]any{"id": "1"}, map[string]any{"id": "2", "value": "b"}},
	} {
		got, err := After(kind.ByName("applications"), live, entra.Step{Key: live.Key, Properties: []entra.PropertyChange{{Pointer: pointer}}})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(any(want), got.Spec["appRoles"]); d != "" {
			t.Errorf("%s (-want +got):\n%s", pointer, d)
		}
	}
}

func TestAfterRefusesWhatLeadsNowhere(t *testing.T) {
	k := kind.ByName("applications")
	twins := object(t, "applications/1", `{"Contained":{"federatedIdentityCredentials":[{"name":"a"},{"name":"a"}]}}`)
	for pointer, message := range map[string]string{
		"/status/appId": "nothing that can be written", "/links/owners": "nothing that can be written", "/spec": "nothing that can be written", "": "nothing",
		"/contained/nothing/a": "nothing that can be written", "/contained/federatedIdentityCredentials": "no element",
		"/contained/federatedIdentityCredentials/a": "cannot be told apart",
	} {
		_, err := After(k, twins, entra.Step{Key: twins.Key, Properties: []entra.PropertyChange{{Pointer: pointer, After: "x"}}})
		if !errors.Is(err, entra.ErrInvalid) || !strings.Contains(err.Error(), message) {
			t.Errorf("%q: %v, want %q", pointer, err, message)
		}
	}
}
