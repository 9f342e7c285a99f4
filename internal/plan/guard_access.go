package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/diff"
	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/kind"
)

// breakGlassHeld finds policies that would hold a break-glass account up, whichever way
// they come to do so, and what keeps such an account from signing in or takes its group away.
func breakGlassHeld(j *judgement) []Finding {
	other := func(a Account) bool { return !a.Self }
	findings := slices.Concat(j.held(other, false), j.blocked(other))
	for _, a := range j.facts.Accounts {
		if k := kind.ByName(a.Kind); other(a) && k != nil && k.SignIn == "" && j.deleted[a.Key] {
			findings = append(findings, Finding{Key: a.Key, Sentence: fmt.Sprintf("%s would be deleted", a)})
		}
	}
	return findings
}

// held looks at every policy as it is and as the plan leaves it. Of some accounts only
// those matter that a policy would block or stop exempting.
func (j *judgement) held(who func(Account) bool, onlyBlocks bool) []Finding {
	var findings []Finding
	for _, key := range slices.SortedFunc(maps.Keys(j.after), CompareKeys) {
		k := kind.ByName(key.Kind)
		before, after := j.facts.Enforcing[key], j.after[key]
		for _, a := range j.facts.Accounts {
			if !who(a) {
				continue
			}
			was, is := j.now.subjects(k.Enforcement, before, a), j.then.subjects(k.Enforcement, after, a)
			if why := j.why(k, before, after, was, is, onlyBlocks); why != "" {
				findings = append(findings, Finding{Key: key, Sentence: fmt.Sprintf("%s would apply to %s: %s", title(key, after.Name), a, why)})
			}
		}
	}
	return findings
}

// subjection is how a policy stands to an account.
type subjection struct{ enforced, included, exempt bool }

func (s subjection) subject() bool { return s.enforced && s.included && !s.exempt }

// why says what makes a policy hold an account up that it does not hold up now; "" where
// nothing does.
func (j *judgement) why(k *kind.Kind, before, after *entra.Object, was, is subjection, onlyBlocks bool) string {
	switch {
	case !is.subject():
		return ""
	case was.exempt && was.included:
		return "the account would no longer be exempt"
	case onlyBlocks && !blocksAll(k.Enforcement, after):
		return ""
	case was.subject():
		if parts := j.parts(k, before, after); len(parts) > 0 {
			return "it does so already, and its " + strings.Join(parts, ", ") + " would change"
		}
		return ""
	case before == nil:
		return "the policy would be taken back"
	case !was.enforced:
		return "the policy would be switched on"
	}
	return "the account would be included"
}

// blocksAll reports whether a policy lets nobody in whom it applies to.
func blocksAll(e *kind.Enforcement, o *entra.Object) bool {
	controls, _ := jsonpointer.Get(o.Spec, strings.Split(e.Blocks, ".")...).([]any)
	return slices.Contains(controls, any(e.Block))
}

// parts returns what a plan changes of what a policy enforces: its own parts, and the
// objects that they mention.
func (j *judgement) parts(k *kind.Kind, before, after *entra.Object) []string {
	e := k.Enforcement
	var parts []string
	for _, name := range e.Parts {
		if !diff.Equal(&k.Shape, name, before.Spec[name], after.Spec[name]) {
			parts = append(parts, name)
			continue
		}
		if j.dependsOnChanged(k, after.Spec[name], name) {
			parts = append(parts, name)
		}
	}
	return parts
}

// dependsOnChanged reports whether a part of a policy mentions an object that the plan
// changes and that decides what the policy enforces.
func (j *judgement) dependsOnChanged(k *kind.Kind, part any, name string) bool {
	e := k.Enforcement
	for m := range k.Shape.Mentions("", name, part) {
		for _, target := range m.Targets {
			if slices.Contains(e.DependsOn, target) && j.changed[entra.Key{Kind: target, ID: m.Referent}] {
				return true
			}
		}
	}
	return holds(part, func(value string) bool {
		of, implied := e.Implied[value]
		return implied && slices.ContainsFunc(j.plan.Steps, func(s entra.Step) bool { return s.Kind == of })
	})
}

// holds reports whether a value holds a string that meets a test.
func holds(v any, test func(string) bool) bool {
	switch v := v.(type) {
	case string:
		return test(v)
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return holds(e, test) })
	case map[string]any:
		for _, e := range v {
			if holds(e, test) {
				return true
			}
		}
	}
	return false
}

// subjects says how a policy stands to an account. What a rule decides that the plan
// changes is taken for what is worse.
func (m *membership) subjects(e *kind.Enforcement, o *entra.Object, a Account) subjection {
	if o == nil {
		return subjection{}
	}
	concerned := func(scopes []kind.Scope, direct map[string]map[string]bool) bool {
		in := groups(direct, a.ID)
		return slices.ContainsFunc(scopes, func(s kind.Scope) bool { return m.concerns(s, o, a, in) })
	}
	return subjection{
		enforced: e.While.Holds(o.Property(e.While.Property)),
		included: concerned(e.Includes, m.possible),
		exempt:   concerned(e.Excludes, m.sure),
	}
}

// concerns reports whether a scope of a policy is about an account that is in some groups.
func (m *membership) concerns(s kind.Scope, o *entra.Object, a Account, in map[string]bool) bool {
	if of := accountKind(a.Key); of != s.Of {
		return false
	}
	value := jsonpointer.Get(o.Spec, strings.Split(s.Path, ".")...)
	if s.By == kind.ByGuest {
		return a.Guest && value != nil
	}
	list, _ := value.([]any)
	return slices.ContainsFunc(list, func(v any) bool {
		id, _ := v.(string)
		switch {
		case id == "":
			return false
		case id == s.Everyone:
			return true
		case id == s.Guests:
			return a.Guest
		case s.By == kind.ByRole:
			return m.has(in, id)
		case s.By == kind.ByGroup:
			return in[id]
		}
		return id == a.ID
	})
}

// accountKind is the kind of those that a scope concerns: a group stands for the users
// that are in it.
func accountKind(key entra.Key) string {
	if k := kind.ByName(key.Kind); k != nil && k.Membership != nil {
		for i := range k.Links {
			if k.Links[i].Name == k.Membership.Link {
				return k.Links[i].Targets[0]
			}
		}
	}
	return key.Kind
}

// blocked finds accounts that the plan keeps from signing in at all.
func (j *judgement) blocked(who func(Account) bool) []Finding {
	var findings []Finding
	for _, a := range j.facts.Accounts {
		if who(a) && blocks(j.plan.Steps, a.Key) {
			findings = append(findings, Finding{Key: a.Key, Sentence: fmt.Sprintf("%s could no longer sign in", a)})
		}
	}
	return findings
}

// blocks reports whether some steps keep an account from signing in.
func blocks(steps []entra.Step, account entra.Key) bool {
	return slices.ContainsFunc(steps, func(s entra.Step) bool { return s.Key == account && BlocksSignIn(s) })
}

// BlocksSignIn reports whether a step keeps an account from signing in: it is disabled or
// deleted.
func BlocksSignIn(s entra.Step) bool {
	k := kind.ByName(s.Kind)
	return k != nil && k.SignIn != "" && (s.Action == entra.ActionDelete || slices.ContainsFunc(s.Properties, func(c entra.PropertyChange) bool {
		return c.Pointer == jsonpointer.Join(entra.SectionSpec, k.SignIn) && c.After == false
	}))
}
