package kind_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/entragit/entragit/internal/kind"
)

// TestPermissionsHaveAppRoles holds the list of app roles against the table: what a kind
// needs can be granted.
func TestPermissionsHaveAppRoles(t *testing.T) {
	id := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	used := map[string]string{} // app role to permission
	for _, k := range kind.All() {
		for _, p := range k.Grants() {
			names := slices.Concat(p.Read, p.Write)
			for _, n := range p.Needs {
				names = append(names, n.Permission)
			}
			for _, name := range names {
				role := kind.AppRole(name)
				if !id.MatchString(role) {
					t.Errorf("%s: %s has no app role", k.Name, name)
				} else if other, ok := used[role]; ok && other != name {
					t.Errorf("%s and %s have one app role", name, other)
				}
				used[role] = name
			}
		}
	}
}
