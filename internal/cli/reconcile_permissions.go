package cli

import (
	"fmt"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/graph"
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
