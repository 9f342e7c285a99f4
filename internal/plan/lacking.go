package plan

import (
	"cmp"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// Lack is a permission that steps of a plan call for and that was not granted.
type Lack struct {
	Permission string
	// Kinds are those of the steps, sorted.
	Kinds []string
	Steps int
}

// Lacking lists the permissions that a plan calls for and that are not among those that
// were granted, nor included in one of them; that for the most steps first.
func Lacking(p *entra.Plan, granted []string) []Lack {
	lacks := map[string]*Lack{}
	for i := range p.Steps {
		s := &p.Steps[i]
		for _, permission := range calls(s) {
			if kind.Granted(granted, permission) {
				continue
			}
			l := lacks[permission]
			if l == nil {
				l = &Lack{Permission: permission}
				lacks[permission] = l
			}
			if l.Steps++; !slices.Contains(l.Kinds, s.Kind) {
				l.Kinds = append(l.Kinds, s.Kind)
			}
		}
	}
	var all []Lack
	for _, l := range lacks {
		slices.Sort(l.Kinds)
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b Lack) int {
		return cmp.Or(cmp.Compare(b.Steps, a.Steps), cmp.Compare(a.Permission, b.Permission))
	})
	return all
}

// calls are the permissions that a step calls for, those of its link or contained
// collection where they are others than the kind's. What reading takes is not among them:
// without it there is no plan.
func calls(s *entra.Step) []string {
	k := kind.ByName(s.Kind)
	if k == nil {
		return nil
	}
	all := k.Permissions.Write
	for _, l := range k.Links {
		if l.Name == s.Target && len(l.Permissions.Write) > 0 {
			all = l.Permissions.Write
		}
	}
	for i := range k.Contained {
		if c := &k.Contained[i]; c.Name == s.Target && len(c.Permissions.Write) > 0 {
			all = c.Permissions.Write
		}
	}
	all = slices.Clone(all)
	deletion := s.Action == entra.ActionRestore || s.Action == entra.ActionDelete
	for _, n := range k.Permissions.Needs {
		writes := slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool {
			tokens := jsonpointer.Split(c.Pointer)
			return s.Target == "" && len(tokens) > 1 && slices.Contains(n.Properties, tokens[1])
		})
		if writes || deletion && n.Deletion {
			all = append(all, n.Permission)
		}
	}
	return slices.DeleteFunc(all, func(name string) bool { return slices.Contains(k.Permissions.Read, name) })
}
