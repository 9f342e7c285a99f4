package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Finding is what a rule has against a plan. A plan with findings is applied only where
// somebody accepted each rule that has any.
type Finding struct {
	// Rule is the rule's id, which accepts it.
	Rule string `json:"rule"`
	// Key is the object that the finding is about; zero for the plan as a whole.
	entra.Key
	// Sentence names the object and says what would happen.
	Sentence string `json:"sentence"`
}

// Rule is one guard.
type Rule struct {
	// ID names the rule and is the word that accepts its findings.
	ID string
	// Sentence says what the rule holds back, after "a plan that …".
	Sentence string
	// check finds what the rule has against a plan.
	check func(*judgement) []Finding
}

// The ids of the rules, by which facts that could not be read are filed.
const (
	RuleDeletions  = "deletions"
	RuleWrites     = "writes"
	RuleBreakGlass = "break-glass"
	RuleIdentity   = "identity"
	RuleAdmins     = "global-admins"
	RuleTier0      = "tier-0"
)

var rules = []Rule{
	{RuleDeletions, "takes away more than guards.deletions allows", tooManyDeletions},
	{RuleWrites, "writes to more objects than guards.writes allows", tooManyWrites},
	{RuleBreakGlass, "subjects a break-glass account to a Conditional Access policy, or keeps it from signing in", breakGlassHeld},
	{RuleIdentity, "locks the identity that runs out, or changes what it may do", identityHeld},
	{RuleAdmins, "leaves no Global Administrator, or takes the role from a break-glass account", lastAdmins},
	{RuleTier0, "writes an object that decides about every sign-in of the tenant", tierZero},
}

// Rules returns the guards in a fixed order. The result must not be modified.
func Rules() []Rule { return rules }

// Judged is a plan that the guards have judged. Only [Judge] makes one that has steps, so
// that what takes a Judged can be sure that the guards saw the plan.
type Judged struct {
	plan     entra.Plan
	findings []Finding
}

// Plan returns the plan, in which the rules are recorded whose findings were accepted.
func (j Judged) Plan() entra.Plan { return j.plan }

// Findings returns what the guards have against the plan, in the order of the rules and
// then of the plan.
func (j Judged) Findings() []Finding { return j.findings }

// Held returns the findings that nobody accepted: while there are any, the plan must not
// be applied.
func (j Judged) Held() []Finding {
	return slices.DeleteFunc(slices.Clone(j.findings), func(f Finding) bool { return slices.Contains(j.plan.Accepted, f.Rule) })
}

// Judge has the guards judge a plan for a run that accepts the findings of some rules.
// What the plan says was accepted before counts for nothing. A rule whose facts are not
// known holds the plan back too.
func Judge(p entra.Plan, facts Facts, accept ...string) Judged {
	p.Accepted = nil
	findings := askRules(p, facts)
	for _, f := range findings {
		if slices.Contains(accept, f.Rule) && !slices.Contains(p.Accepted, f.Rule) {
			p.Accepted = append(p.Accepted, f.Rule)
		}
	}
	return Judged{p, findings}
}

// askRules collects what every rule has against a plan.
func askRules(p entra.Plan, facts Facts) []Finding {
	j := newJudgement(p, facts)
	var findings []Finding
	for _, r := range rules {
		found := r.check(j)
		if err := facts.Unknown[r.ID]; err != nil {
			found = append(found, Finding{Sentence: fmt.Sprintf("nobody can tell whether the plan %s: %v", r.Sentence, err)})
		}
		for i := range found {
			found[i].Rule = r.ID
		}
		findings = append(findings, found...)
	}
	return findings
}

// judgement is a plan with what the rules derive from it and the facts.
type judgement struct {
	plan  entra.Plan
	facts Facts
	// after are the objects that enforce something as the plan leaves them.
	after map[entra.Key]*entra.Object
	// changed are the keys of all objects that the plan writes to.
	changed map[entra.Key]bool
	// deleted are those among them that it deletes.
	deleted map[entra.Key]bool
	// now and then are who is in which group before and after the plan.
	now, then *membership
}

func newJudgement(p entra.Plan, facts Facts) *judgement {
	j := &judgement{plan: p, facts: facts, after: map[entra.Key]*entra.Object{}, changed: map[entra.Key]bool{}, deleted: map[entra.Key]bool{}}
	for key, o := range facts.Enforcing {
		j.after[key] = o
	}
	for _, s := range p.Steps {
		j.changed[s.Key] = true
		j.deleted[s.Key] = j.deleted[s.Key] || s.Action == entra.ActionDelete
		k := kind.ByName(s.Kind)
		if k == nil || k.Enforcement == nil {
			continue
		}
		if s.Action == entra.ActionDelete {
			delete(j.after, s.Key)
			continue
		}
		before := j.after[s.Key]
		if before == nil {
			before = facts.Live[s.Key] // soft-deleted
		}
		if o, err := After(k, before, s); err == nil {
			j.after[s.Key] = o
		}
	}
	j.now = newMembership(facts)
	j.then = j.now.afterSteps(p.Steps, facts)
	return j
}

// title names an object for a sentence: "Conditional Access policy CA001 (3f2b…)".
func title(key entra.Key, name string) string {
	text := key.Kind
	if k := kind.ByName(key.Kind); k != nil {
		text = k.Title
	}
	if name = strings.TrimSpace(name); name != "" && name != key.ID {
		text += " " + name
	}
	return text + " (" + key.ID + ")"
}
