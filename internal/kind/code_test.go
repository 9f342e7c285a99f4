package kind

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/wellknown"
)

// TestCodesAreDefinedWhereTheTableSays holds every code against the table: its definers are
// kinds, and the property that names the definer is a reference to them.
func TestCodesAreDefinedWhereTheTableSays(t *testing.T) {
	codes := 0
	for _, k := range All() {
		shapes := []*Shape{&k.Shape}
		for i := range k.Contained {
			shapes = append(shapes, &k.Contained[i].Shape)
		}
		for _, s := range shapes {
			for _, code := range s.Codes {
				codes++
				if (len(code.Targets) == 0) == (code.Part == "") {
					t.Errorf("%s: %s is named by objects or by a part of the table, by one of them", k.Name, code.Path)
				}
				for _, target := range code.Targets {
					if ByName(target) == nil {
						t.Errorf("%s: %s leads to %s, which is no kind", k.Name, code.Path, target)
					}
				}
				if code.Of != "" && code.Defines == nil {
					t.Errorf("%s: %s has a definer and no definition", k.Name, code.Path)
				}
			}
		}
	}
	if codes == 0 {
		t.Error("no code in the table")
	}
}

func TestTermsIn(t *testing.T) {
	body := map[string]any{"requiredResourceAccess": []any{
		map[string]any{"resourceAppId": "graph", "resourceAccess": []any{map[string]any{"id": "p1", "type": "Role"}}},
		map[string]any{"resourceAppId": "exchange", "resourceAccess": []any{map[string]any{"id": "p1", "type": "Role"}}},
	}, "api": map[string]any{"preAuthorizedApplications": []any{map[string]any{"appId": "cli", "delegatedPermissionIds": []any{"p2"}}}}}
	var got []string
	for ref, value := range ByName("applications").CodesIn("own", "", body, nil) {
		got = append(got, ref.Holder+" "+value)
	}
	slices.Sort(got)
	if d := cmp.Diff([]string{"exchange p1", "graph p1", "own p2"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	around := ByName("applications").Around([]string{"requiredResourceAccess", "graph", "resourceAccess"})
	for ref, value := range ByName("applications").CodesIn("own", "requiredResourceAccess[].resourceAccess", []any{map[string]any{"id": "p3"}}, around) {
		if ref.Holder != "graph" || value != "p3" {
			t.Errorf("%s %s, want graph p3", ref.Holder, value)
		}
	}
}

// TestPermissionsHaveOneName holds the ids of the permissions that kinds need against what
// everything else calls them.
func TestPermissionsHaveOneName(t *testing.T) {
	for permission, id := range appRoles {
		if name := wellknown.Defined(GraphAppID, "appRoles", id); name != permission {
			t.Errorf("%s: %q, want %s", id, name, permission)
		}
	}
}
