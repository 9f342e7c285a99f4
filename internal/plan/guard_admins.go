package plan

import (
	"fmt"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// lastAdmins finds plans after which nobody has the supreme role, or a break-glass
// account that has it now no longer does.
func lastAdmins(j *judgement) []Finding {
	before, after := j.admins(nil), j.admins(j.plan.Steps)
	var findings []Finding
	if len(before) > 0 && len(after) == 0 {
		findings = append(findings, Finding{Sentence: fmt.Sprintf("no Global Administrator who can sign in would be left of %d", len(before))})
	}
	for _, a := range j.facts.Accounts {
		if !a.Self && before[a.ID] && !after[a.ID] {
			findings = append(findings, Finding{Key: a.Key, Sentence: fmt.Sprintf("%s would no longer be a Global Administrator who can sign in", a)})
		}
	}
	return findings
}

// admins are the ids of the accounts that have the supreme role and can sign in, once
// some steps are done.
func (j *judgement) admins(steps []entra.Step) map[string]bool {
	admins := map[string]bool{}
	for _, o := range j.facts.Assignments {
		p := kind.ByName(o.Kind).Privilege
		if deletes(steps, o.Key) {
			continue
		}
		if o.Text(p.Role) != p.Supreme || o.Text(p.Scope) != p.Everywhere {
			continue
		}
		principal := o.Text(p.Principal)
		members, isGroup := j.facts.Members[principal]
		if !isGroup {
			members = []string{principal}
		}
		for _, id := range members {
			if !removed(steps, principal, id) && !j.facts.Blocked[id] {
				admins[id] = true
			}
		}
	}
	for _, s := range steps {
		if admins[s.Key.ID] && BlocksSignIn(s) {
			delete(admins, s.Key.ID)
		}
	}
	return admins
}

// deletes reports whether a step deletes an object.
func deletes(steps []entra.Step, key entra.Key) bool {
	return slices.ContainsFunc(steps, func(s entra.Step) bool { return s.Key == key && s.Action == entra.ActionDelete })
}

// removed reports whether a step takes a member out of a group, or the group away.
func removed(steps []entra.Step, group, member string) bool {
	return slices.ContainsFunc(steps, func(s entra.Step) bool {
		k := kind.ByName(s.Kind)
		if s.Key.ID != group || k == nil || k.Membership == nil {
			return false
		}
		return s.Action == entra.ActionDelete || slices.ContainsFunc(s.Links, func(l entra.LinkChange) bool {
			return l.Link == k.Membership.Link && slices.Contains(l.Removed, member)
		})
	})
}
