package risk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Rule marks changes of one sort.
type Rule struct {
	// ID names the rule for good.
	ID string
	// Severity is how bad it is.
	Severity entra.Severity
	// Kinds are those whose changes the rule looks at; none are all.
	Kinds []string
	// On are the types of change that the rule looks at; none are the objects that changed.
	On []entra.ChangeType
	// Sees is what the rule looks at.
	Sees look
	// Once marks a rule that says the same of objects of several kinds: what is about the same
	// is told once.
	Once bool
	// Says completes the sentence "OBJECT …".
	Says string
	// Reference is the page that says why.
	Reference string
}

// Facts are what the rules need to know beside the changes. The zero value knows nothing:
// rules that need more than a change hold their tongue then.
type Facts struct {
	// Object returns an object as it is after the changes, or as it was where it is gone;
	// nil where there is none. Its error ends the judgement: a risk that could not be looked
	// for is not one that is not there.
	Object func(entra.Key) (*entra.Object, error)
	// BreakGlass are the ids of the accounts and groups that entragit.yaml names.
	BreakGlass []string
	// Exempting returns the ids of the groups whose members are exempt from what is enforced;
	// nil knows none. Its error ends the judgement as that of Object does.
	Exempting func() (map[string]bool, error)
}

// Rules returns every rule in a fixed order. The result must not be modified.
func Rules() []Rule { return rules }

var rules = slices.Concat(accessRules, privilegeRules, applicationRules, tenantRules, accountRules)

// Judge returns what the changes of a set can do, worst first. Of the same severity, what a
// rule further up in the table found comes first.
func Judge(set *entra.ChangeSet, facts Facts) ([]entra.Risk, error) {
	var risks []entra.Risk
	told := map[string]bool{}
	for i := range set.Changes {
		s := &scene{Change: &set.Changes[i], facts: facts, kind: kind.ByName(set.Changes[i].Kind)}
		if s.kind == nil {
			continue // no rule knows what it is
		}
		for _, r := range rules {
			about, fires := r.fires(s)
			same := r.ID + " " + strings.Join(about, " ")
			if fires && (!r.Once || !told[same]) {
				told[same] = true
				risks = append(risks, r.risk(s.Key, s.Name, about))
			}
		}
		if s.err != nil {
			return nil, fmt.Errorf("risk of %s: %w", s.Key, s.err)
		}
	}
	for _, x := range set.Shrunk {
		risks = append(risks, massDeletion.risk(entra.Key{Kind: x.Kind}, x.Link, x.Names))
	}
	slices.SortStableFunc(risks, func(a, b entra.Risk) int { return cmp.Compare(a.Severity.Rank(), b.Severity.Rank()) })
	return risks, nil
}

// Order puts the changes of a set in the order of what they and their consequences can do:
// those with the worst risks first, the others as they were.
func Order(set *entra.ChangeSet) {
	cause := map[entra.Key]entra.Key{}
	for _, c := range set.Changes {
		if c.Cause != nil {
			cause[c.Key] = c.Cause.Key
		}
	}
	worst := map[entra.Key]int{}
	for i, r := range set.Risks {
		for _, key := range []entra.Key{r.Key, cause[r.Key]} {
			if _, known := worst[key]; !known {
				worst[key] = i - len(set.Risks)
			}
		}
	}
	slices.SortStableFunc(set.Changes, func(a, b entra.Change) int { return cmp.Compare(worst[a.Key], worst[b.Key]) })
}

func (r Rule) risk(key entra.Key, name string, about []string) entra.Risk {
	return entra.Risk{Rule: r.ID, Severity: r.Severity, Key: key, Name: name, Says: r.Says, About: about, Reference: r.Reference}
}

// fires reports whether the rule marks a change, and what the mark is about.
func (r Rule) fires(s *scene) ([]string, bool) {
	if len(r.Kinds) > 0 && !slices.Contains(r.Kinds, s.Kind) {
		return nil, false
	}
	if on := r.On; !slices.Contains(on, s.Type) && (len(on) > 0 || s.Type != entra.Changed) {
		return nil, false
	}
	return r.Sees(s)
}

// massDeletion is what a comparison itself finds: much is gone at once.
var massDeletion = Rule{
	ID: "mass-deletion", Severity: entra.Critical, Says: "lost much at once",
	Reference: "https://attack.mitre.org/techniques/T1531/",
}
