package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/entragit/entragit/internal/capture"
	"github.com/entragit/entragit/internal/kind"
)

// Administrators are those who hold a role now.
type Administrators struct {
	// Roles are the ids of the roles of each, by the principal's id.
	Roles map[string][]string
	// higher are the roles whose holders may change the others.
	higher []string
}

// Higher reports whether somebody may change those who hold a role.
func (a Administrators) Higher(principal string) bool {
	return slices.ContainsFunc(a.Roles[principal], func(role string) bool { return slices.Contains(a.higher, role) })
}

// ReadAdministrators lists who holds a role.
func ReadAdministrators(ctx context.Context, src capture.Source, tenant string) (Administrators, error) {
	found := Administrators{Roles: map[string][]string{}}
	for _, k := range kind.All() {
		if k.Privilege == nil {
			continue
		}
		found.higher = append(found.higher, k.Privilege.Higher...)
		for body, err := range src.List(ctx, kind.Addresses{Tenant: tenant}.Collection(k), url.Values{}) {
			var o map[string]any
			if err == nil {
				err = json.Unmarshal(body, &o)
			}
			if err != nil {
				return found, fmt.Errorf("read who holds a role: %w", err)
			}
			principal, _ := o[k.Privilege.Principal].(string)
			role, _ := o[k.Privilege.Role].(string)
			found.Roles[principal] = append(found.Roles[principal], role)
		}
	}
	return found, nil
}
