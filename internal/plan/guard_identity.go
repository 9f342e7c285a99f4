package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// identityHeld finds what would lock the identity that runs out, or change what it is or
// may do.
func identityHeld(j *judgement) []Finding {
	self := j.facts.Self
	if self == (Self{}) {
		return nil
	}
	isSelf := func(a Account) bool { return a.Self }
	findings := slices.Concat(j.held(isSelf, true), j.blocked(isSelf))
	for _, s := range j.plan.Steps {
		if what := j.about(self, s); what != "" {
			findings = append(findings, Finding{Key: s.Key, Sentence: fmt.Sprintf("%s would be %s: it is %s", title(s.Key, s.Name), toldOf(s), what)})
		}
	}
	if n := len(j.now.rolesByGroup(self.ID, j.then)); n > 0 {
		findings = append(findings, Finding{Sentence: fmt.Sprintf("the identity that runs (%s) would lose a role that it has as a member of a group: %d in all", self.ID, n)})
	}
	return findings
}

// rolesByGroup are the roles that a member has by the groups it is in, and then has not.
func (m *membership) rolesByGroup(id string, then *membership) map[string]bool {
	lost, left := map[string]bool{}, groups(then.sure, id)
	for group := range groups(m.sure, id) {
		for role := range m.roles[group] {
			if group != id && !then.has(left, role) {
				lost[role] = true
			}
		}
	}
	return lost
}

// toldOf says what a step does to its object.
func toldOf(s entra.Step) string {
	if s.Action == entra.ActionDelete {
		return "deleted"
	}
	return "written to"
}

// about says what a step has to do with the identity that runs; "" for nothing.
func (j *judgement) about(self Self, s entra.Step) string {
	k := kind.ByName(s.Kind)
	if k == nil {
		return ""
	}
	o := j.facts.Live[s.Key]
	if after, err := After(k, o, s); err == nil && o == nil {
		o = after
	}
	switch {
	case self.ID != "" && s.Key.ID == self.ID && k.Person:
		return "" // people may change what is theirs; that they can sign in is another rule's
	case self.ID != "" && s.Key.ID == self.ID:
		return "the identity that runs"
	case o != nil && self.AppID != "" && o.Text("appId") == self.AppID:
		return "the application that signs in"
	case o != nil && subjectOf(&k.Shape, o.Property) == self.ID && self.ID != "":
		return "a grant of the identity that runs"
	}
	for i := range k.Contained {
		if c := &k.Contained[i]; c.Name == s.Target && elementOf(c, s, self.ID) {
			return "where a grant of the identity that runs is kept"
		}
	}
	return ""
}

// subjectOf returns the id of the object that one is named after, where it is about
// another: a grant is about whom it is given to.
func subjectOf(shape *kind.Shape, property func(string) any) string {
	if !slices.ContainsFunc(shape.References, func(r kind.Reference) bool { return r.Path == shape.NameFrom }) {
		return ""
	}
	id, _ := property(shape.NameFrom).(string)
	return id
}

// elementOf reports whether a step is about a contained object of the identity.
func elementOf(c *kind.Contained, s entra.Step, id string) bool {
	return id != "" && slices.ContainsFunc(s.Properties, func(p entra.PropertyChange) bool {
		for _, v := range []any{p.Before, p.After} {
			element, ok := v.(map[string]any)
			if ok && subjectOf(&c.Shape, func(name string) any { return element[name] }) == id {
				return true
			}
		}
		return slices.Contains(strings.Split(p.Pointer, "/"), id)
	})
}

// tierZero finds writes to what the whole tenant's sign-in depends on.
func tierZero(j *judgement) []Finding {
	var findings []Finding
	seen := map[entra.Key]bool{}
	for _, s := range j.plan.Steps {
		if k := kind.ByName(s.Kind); k != nil && k.Tier0 != "" && !seen[s.Key] {
			seen[s.Key] = true
			findings = append(findings, Finding{Key: s.Key, Sentence: fmt.Sprintf("%s would be %s: it decides %s%s", title(s.Key, s.Name), toldOf(s), k.Tier0, j.vacates(s))})
		}
	}
	return findings
}
