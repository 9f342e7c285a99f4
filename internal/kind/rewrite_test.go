package kind_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/canon"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/yaml"
)

// goldenObjects are the objects of testdata/kinds.
func goldenObjects(t *testing.T) map[*kind.Kind]*entra.Object {
	t.Helper()
	all := map[*kind.Kind]*entra.Object{}
	for _, k := range kind.All() {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "kinds", k.Name, "canonical.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		o, err := canon.Decode(k, k.Name+".yaml", data)
		if err != nil {
			t.Fatal(err)
		}
		all[k] = o
	}
	return all
}

// encoded is an object's file as text.
func encoded(t *testing.T, k *kind.Kind, o *entra.Object) string {
	t.Helper()
	var e canon.Encoder
	file, err := e.EncodeObject(k, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(file.YAML)
}

// Every identity that an object mentions goes by another one, and back: nothing of the
// old ones is left in between, and nothing else has changed in the end.
func TestRewriteThereAndBack(t *testing.T) {
	rewritten := 0
	for k, o := range goldenObjects(t) {
		t.Run(k.Name, func(t *testing.T) {
			there, back := map[entra.Name]string{}, map[entra.Name]string{}
			before := encoded(t, k, o)
			others := map[string]string{}
			for n := range named(t, k, before) {
				if others[n.Value] == "" {
					others[n.Value] = fmt.Sprintf("%08x-0000-4000-8000-%012x", len(others)+1, len(others)+1)
				}
				there[n] = others[n.Value]
				back[entra.Name{Kind: n.Kind, By: n.By, Value: others[n.Value]}] = n.Value
			}
			w := kind.Rewrite(k, o, kind.Renamed(there))
			if got := encoded(t, k, o); got != before {
				t.Errorf("the object itself has changed:\n%s", cmp.Diff(before, got))
			}
			after := encoded(t, k, w)
			for n := range there {
				if named(t, k, after)[n] {
					t.Errorf("%s %s %s is still named", n.Kind, n.By, n.Value)
				}
				rewritten++
			}
			if got := encoded(t, k, kind.Rewrite(k, w, kind.Renamed(back))); got != before {
				t.Error(cmp.Diff(before, got))
			}
		})
	}
	if rewritten < 100 {
		t.Errorf("the golden objects mention only %d identities", rewritten)
	}
}

// named are the identities that a file mentions.
func named(t *testing.T, k *kind.Kind, file string) map[entra.Name]bool {
	t.Helper()
	document, err := yaml.Read("f", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	names := map[entra.Name]bool{}
	for m := range k.Mentions(document) {
		for _, target := range m.Targets {
			names[entra.Name{Kind: target, By: m.By, Value: m.Referent}] = true
		}
	}
	return names
}

const (
	oldGroup, newGroup = "11111111-aaaa-4bbb-8ccc-000000000001", "22222222-aaaa-4bbb-8ccc-000000000002"
	device             = "55555555-aaaa-4bbb-8ccc-000000000005"
	oldApp, newApp     = "33333333-aaaa-4bbb-8ccc-000000000003", "44444444-aaaa-4bbb-8ccc-000000000004"
)

func digits(id string) string { return strings.ReplaceAll(id, "-", "") }

// An identity is found in every form in which a tenant holds it, and nowhere else.
func TestRewriteFindsEveryForm(t *testing.T) {
	to := kind.Renamed(map[entra.Name]string{
		{Kind: "groups", Value: oldGroup}:                    newGroup,
		{Kind: "applications", By: "appId", Value: oldApp}:   newApp,
		{Kind: "administrativeUnits", Value: oldGroup}:       newGroup,
		{Kind: "permissionGrantPolicies", Value: "low-risk"}: "other",
	})
	tests := []struct {
		name, kind string
		body, want map[string]any
	}{
		{"a membership rule", "groups",
			map[string]any{"membershipRule": "user.memberOf -any (group.objectId -in ['" + oldGroup + "', '" + device + "'])", "description": oldGroup},
			map[string]any{"membershipRule": "user.memberOf -any (group.objectId -in ['" + newGroup + "', '" + device + "'])", "description": oldGroup}},
		{"upper case in a rule", "administrativeUnits",
			map[string]any{"membershipRule": "group.objectId -in ['" + strings.ToUpper(oldGroup) + "']"},
			map[string]any{"membershipRule": "group.objectId -in ['" + newGroup + "']"}},
		{"an extension in a rule", "groups",
			map[string]any{"membershipRule": `user.extension_` + digits(oldApp) + `_badge -eq "x"`},
			map[string]any{"membershipRule": `user.extension_` + digits(newApp) + `_badge -eq "x"`}},
		{"the name of an extension", "users",
			map[string]any{"extension_" + digits(oldApp) + "_badge": "1", "displayName": "extension_" + digits(oldApp) + "_badge"},
			map[string]any{"extension_" + digits(newApp) + "_badge": "1", "displayName": "extension_" + digits(oldApp) + "_badge"}},
		{"an application's addresses", "applications",
			map[string]any{"identifierUris": []any{"api://" + oldApp, "https://contoso.com/" + oldApp}, "appId": oldApp},
			map[string]any{"identifierUris": []any{"api://" + newApp, "https://contoso.com/" + newApp}, "appId": newApp}},
		{"a scope", "roleAssignments",
			map[string]any{"directoryScopeId": "/administrativeUnits/" + oldGroup, "roleDefinitionId": oldGroup},
			map[string]any{"directoryScopeId": "/administrativeUnits/" + newGroup, "roleDefinitionId": oldGroup}},
		{"a policy that is assigned", "authorizationPolicy",
			map[string]any{"defaultUserRolePermissions": map[string]any{"permissionGrantPoliciesAssigned": []any{"ManagePermissionGrantsForSelf.low-risk"}}},
			map[string]any{"defaultUserRolePermissions": map[string]any{"permissionGrantPoliciesAssigned": []any{"ManagePermissionGrantsForSelf.other"}}}},
		{"everybody", "conditionalAccessPolicies",
			map[string]any{"conditions": map[string]any{"users": map[string]any{"includeUsers": []any{"All"}, "excludeGroups": []any{oldGroup, oldApp}}}},
			map[string]any{"conditions": map[string]any{"users": map[string]any{"includeUsers": []any{"All"}, "excludeGroups": []any{newGroup, oldApp}}}}},
		{"a JSON document", "activityBasedTimeoutPolicies",
			map[string]any{"definition": []any{`{"ApplicationId":"` + oldApp + `"}`}},
			map[string]any{"definition": []any{`{"ApplicationId":"` + newApp + `"}`}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := kind.Rewrite(kind.ByName(tt.kind), &entra.Object{Spec: tt.body}, to)
			if diff := cmp.Diff(tt.want, o.Spec); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A set stays sorted, and with it the key of an element that is made of a set.
func TestRewriteSortsSets(t *testing.T) {
	to := kind.Renamed(map[entra.Name]string{{Kind: "applications", By: "appId", Value: "a"}: "z"})
	o := kind.Rewrite(kind.ByName("permissionGrantPolicies"), &entra.Object{Contained: map[string][]map[string]any{
		"includes": {{"clientApplicationIds": []any{"a", "b"}}},
	}}, to)
	if diff := cmp.Diff([]any{"b", "z"}, o.Contained["includes"][0]["clientApplicationIds"]); diff != "" {
		t.Error(diff)
	}
}

// Elements that are told apart by what they name keep their ids, under their new keys, and
// links stay sorted.
func TestRewriteOfParts(t *testing.T) {
	to := kind.Renamed(map[entra.Name]string{{Kind: "groups", Value: oldGroup}: newGroup, {Kind: "servicePrincipals", Value: oldApp}: newApp})
	o := kind.Rewrite(kind.ByName("servicePrincipals"), &entra.Object{
		Links: map[string][]string{"owners": {"0", oldApp, "39"}},
		Contained: map[string][]map[string]any{"appRoleAssignedTo": {
			{"appRoleId": "r", "principalId": oldGroup, "resourceId": oldApp}, {"appRoleId": oldGroup, "principalId": "2", "resourceId": oldApp},
		}},
		IDs: map[string]map[string]string{"appRoleAssignedTo": {oldGroup + "+r": "a1", "2+" + oldGroup: "a2"}},
	}, to)
	want := &entra.Object{
		Links: map[string][]string{"owners": {"0", "39", newApp}},
		Contained: map[string][]map[string]any{"appRoleAssignedTo": {
			{"appRoleId": oldGroup, "principalId": "2", "resourceId": newApp}, {"appRoleId": "r", "principalId": newGroup, "resourceId": newApp},
		}},
		IDs: map[string]map[string]string{"appRoleAssignedTo": {newGroup + "+r": "a1", "2+" + oldGroup: "a2"}},
	}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Error(diff)
	}
}
