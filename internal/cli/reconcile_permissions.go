package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/kind"
	"github.com/entragit/entragit/internal/plan"
)

// tellLacks says before the first write which permissions the sign-in lacks for a plan. It is
// Graph that refuses, so that nothing is left out of the plan on this account: the steps that
// can be made are made.
func (o *reconcileOptions) tellLacks(p *entra.Plan, who graph.Identity) {
	granted, known := who.Permissions()
	if !known {
		return
	}
	for _, l := range plan.Lacking(p, granted) {
		steps := "1 step"
		if l.Steps > 1 {
			steps = fmt.Sprintf("%d steps", l.Steps)
		}
		o.Say("the sign-in lacks %s, which Microsoft asks for: Graph may refuse %s on %s", l.Permission, steps, strings.Join(l.Kinds, ", "))
		o.Hint("grant %s to the application %s", l.Permission, who.AppID)
	}
}

// tellAdministrators says before the first write where Graph asks more than a permission: a
// higher role of whoever changes somebody who holds one, and the right to give roles of
// whoever changes the members of a group that holds one. What cannot be read is not claimed.
func (o *reconcileOptions) tellAdministrators(ctx context.Context, to *tenant, p *entra.Plan, who graph.Identity) {
	accounts, groups := plan.Sensitive(p)
	if who.ObjectID == "" || len(accounts)+len(groups) == 0 {
		return
	}
	admins, err := apply.ReadAdministrators(ctx, to, to.id)
	if err != nil {
		return
	}
	holding := func(steps []entra.Step) []string {
		var names []string
		for _, s := range steps {
			if len(admins.Roles[s.Key.ID]) > 0 {
				names = append(names, fmt.Sprintf("%s %s (%s)", kind.ByName(s.Kind).Title, s.Name, s.Key.ID))
			}
		}
		return names
	}
	if names := holding(accounts); len(names) > 0 && !admins.Higher(who.ObjectID) {
		o.Say("Graph may refuse what is planned for %s: who holds a role is changed by a higher administrator only, and the sign-in is none", firstOf(names))
		o.Hint("assign Privileged Authentication Administrator to the identity that restores, for as long as it takes")
	}
	granted, known := who.Permissions()
	if names := holding(groups); len(names) > 0 && known && !kind.Granted(granted, givesRoles) {
		o.Say("Graph may refuse what is planned for %s: the members and owners of what holds a role take %s, which the sign-in lacks", firstOf(names), givesRoles)
		o.Hint("grant %s to the application %s", givesRoles, who.AppID)
	}
}

// givesRoles is the permission to give roles, directly or through a group.
const givesRoles = "RoleManagement.ReadWrite.Directory"
