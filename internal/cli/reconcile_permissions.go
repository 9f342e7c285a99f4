package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/apply"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
	"github.com/entragit/entragit/internal/history"
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
// whoever changes a group that can hold one, or its members. What cannot be read is not claimed.
// What the newest snapshot says counts besides: a deleted account shows no roles.
func (o *reconcileOptions) tellAdministrators(ctx context.Context, to *tenant, newest *history.Point, p *entra.Plan, who graph.Identity) {
	accounts, groups := plan.Sensitive(p)
	if who.ObjectID == "" || len(accounts)+len(groups) == 0 {
		return
	}
	admins, err := apply.ReadAdministrators(ctx, to, to.id)
	if err != nil {
		return
	}
	higher := admins.Higher(who.ObjectID)
	recall(admins, newest, groups)
	if names := namesOf(accounts, admins.Account); len(names) > 0 && !higher {
		o.Say("Graph may refuse what is planned for %s: who holds a role, or belongs to a group that can, is changed by a higher administrator only, and the sign-in is none", firstOf(names))
		o.Hint("assign %s to the identity that restores, for as long as it takes", higherRole)
	}
	granted, known := who.Permissions()
	if names := namesOf(groups, admins.Group); len(names) > 0 && known && !kind.Granted(granted, givesRoles) {
		o.Say("Graph may refuse what is planned for %s: a group that can hold a role, its members and owners take %s, which the sign-in lacks", firstOf(names), givesRoles)
		o.Hint("grant %s to the application %s", givesRoles, who.AppID)
	}
}

// namesOf names the objects of steps that meet a test.
func namesOf(steps []entra.Step, test func(id string) bool) []string {
	var names []string
	for _, s := range steps {
		if test(s.Key.ID) {
			names = append(names, fmt.Sprintf("%s %s (%s)", kind.ByName(s.Kind).Title, s.Name, s.Key.ID))
		}
	}
	return names
}

// recall adds what a snapshot says of who holds roles, of the groups that can hold one, and of
// those of some steps. What it cannot read it leaves out.
func recall(admins *apply.Administrators, at *history.Point, steps []entra.Step) {
	if at == nil {
		return
	}
	for _, k := range kind.All() {
		if k.Privilege != nil {
			for f, err := range at.Files(k.Name) {
				if o, failed := at.Object(k, f.Path); err == nil && failed == nil {
					admins.Recall(k, o)
				}
			}
		}
		if k.Membership == nil {
			continue
		}
		ids := slices.Collect(maps.Keys(admins.Assignable))
		for _, s := range steps {
			ids = append(ids, s.Key.ID)
		}
		for _, id := range ids {
			if path, ok := at.Find(k, id); ok {
				if o, err := at.Object(k, path); err == nil {
					admins.Recall(k, o)
				}
			}
		}
	}
}

// givesRoles is the permission to give roles, directly or through a group, and higherRole the
// role that may change every administrator and gives none itself.
const givesRoles, higherRole = "RoleManagement.ReadWrite.Directory", "Privileged Authentication Administrator"
