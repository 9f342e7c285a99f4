package plan

import (
	"maps"
	"slices"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// membership is who is in which group and who has which role.
type membership struct {
	// sure are the groups that hold a member directly; possible are those that may, once
	// rules that the plan changes have been followed.
	sure, possible map[string]map[string]bool
	roles          map[string]map[string]bool // by principal
}

func newMembership(facts Facts) *membership {
	m := &membership{sure: map[string]map[string]bool{}, roles: map[string]map[string]bool{}}
	for member, groups := range facts.MemberOf {
		for _, group := range groups {
			add(m.sure, member, group)
		}
	}
	m.possible = clone(m.sure)
	for _, o := range facts.Assignments {
		m.assign(o)
	}
	return m
}

// assign notes the role that an object gives for the whole directory.
func (m *membership) assign(o *entra.Object) {
	p := kind.ByName(o.Kind).Privilege
	if o.Text(p.Scope) == p.Everywhere {
		add(m.roles, o.Text(p.Principal), o.Text(p.Role))
	}
}

// afterSteps is the membership once the steps are done.
func (m *membership) afterSteps(steps []entra.Step, facts Facts) *membership {
	then := &membership{sure: clone(m.sure), possible: clone(m.possible), roles: map[string]map[string]bool{}}
	for _, o := range facts.Assignments {
		if !deletes(steps, o.Key) {
			then.assign(o)
		}
	}
	for _, s := range steps {
		k := kind.ByName(s.Kind)
		switch {
		case k == nil:
		case k.Membership != nil:
			then.step(k.Membership, s, facts)
		case k.Privilege != nil && s.Action == entra.ActionCreate:
			if o, err := After(k, nil, s); err == nil {
				then.assign(o)
			}
		}
	}
	return then
}

// step follows a step on an object that has members.
func (m *membership) step(by *kind.Membership, s entra.Step, facts Facts) {
	if s.Action == entra.ActionDelete {
		for _, direct := range []map[string]map[string]bool{m.sure, m.possible} {
			for _, groups := range direct {
				delete(groups, s.Key.ID)
			}
		}
		return
	}
	for _, l := range s.Links {
		if l.Link != by.Link {
			continue
		}
		for _, id := range l.Added {
			add(m.sure, id, s.Key.ID)
			add(m.possible, id, s.Key.ID)
		}
		for _, id := range l.Removed {
			delete(m.sure[id], s.Key.ID)
			delete(m.possible[id], s.Key.ID)
		}
	}
	if s.Action != entra.ActionRestore && !slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool {
		return slices.Contains(by.Rules, jsonpointer.Split(c.Pointer)[1])
	}) {
		return
	}
	for _, groups := range m.sure {
		delete(groups, s.Key.ID)
	}
	for _, a := range facts.Accounts {
		add(m.possible, a.ID, s.Key.ID)
	}
}

// groups returns the groups that a member is in, and itself.
func groups(direct map[string]map[string]bool, id string) map[string]bool {
	all, open := map[string]bool{id: true}, []string{id}
	for len(open) > 0 {
		next := open[0]
		open = open[1:]
		for group := range direct[next] {
			if !all[group] {
				all[group] = true
				open = append(open, group)
			}
		}
	}
	return all
}

// has reports whether any of some principals has the role.
func (m *membership) has(principals map[string]bool, role string) bool {
	for principal := range principals {
		if m.roles[principal][role] {
			return true
		}
	}
	return false
}

func add(m map[string]map[string]bool, key, value string) {
	if m[key] == nil {
		m[key] = map[string]bool{}
	}
	m[key][value] = true
}

func clone(m map[string]map[string]bool) map[string]map[string]bool {
	c := make(map[string]map[string]bool, len(m))
	for key, values := range m {
		c[key] = maps.Clone(values)
	}
	return c
}
