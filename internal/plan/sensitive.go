package plan

import (
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Sensitive lists the objects of a plan of which Graph asks more than a permission if they
// hold a role, or can, each once: accounts that are deleted, taken back or given another of
// their sensitive properties, and groups that change, or whose members or owners do.
func Sensitive(p *entra.Plan) (accounts, groups []entra.Step) {
	known := map[entra.Key]bool{}
	for _, s := range p.Steps {
		k := kind.ByName(s.Kind)
		switch {
		case k == nil || known[s.Key]:
		case len(k.Sensitive) > 0 && sensitive(k, s):
			accounts = append(accounts, s)
			known[s.Key] = true
		case k.Membership != nil && s.Action != entra.ActionCreate:
			groups = append(groups, s)
			known[s.Key] = true
		}
	}
	return accounts, groups
}

func sensitive(k *kind.Kind, s entra.Step) bool {
	return s.Action == entra.ActionRestore || s.Action == entra.ActionDelete || slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool {
		tokens := jsonpointer.Split(c.Pointer)
		return len(tokens) > 1 && slices.Contains(k.Sensitive, tokens[1])
	})
}
