package emulator

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// clause is one comparison of a rule about who is a member.
type clause struct {
	property string
	equal    bool
	value    any
}

// clausePattern is a comparison of a user's property with a text, a boolean or nothing.
var clausePattern = regexp.MustCompile(`^\(?\s*user\.(\w+)\s+-(eq|ne)\s+("[^"]*"|true|false|null)\s*\)?$`)

// conjunction is what joins comparisons that must all hold.
var conjunction = regexp.MustCompile(`(?i)\s+-?and\s+`)

// parseRule reads a rule of comparisons that must all hold. The language of "Manage rules for dynamic
// membership groups" has more; ok is false for a rule that does.
func parseRule(rule string) (clauses []clause, ok bool) {
	for _, text := range conjunction.Split(strings.TrimSpace(rule), -1) {
		m := clausePattern.FindStringSubmatch(text)
		if m == nil {
			return nil, false
		}
		c := clause{property: m[1], equal: m[2] == "eq"}
		if json.Unmarshal([]byte(m[3]), &c.value) != nil {
			return nil, false
		}
		clauses = append(clauses, c)
	}
	return clauses, true
}

// fits reports whether a user is a member by a rule. Texts compare without regard to case.
func fits(user object, clauses []clause) bool {
	return !slices.ContainsFunc(clauses, func(c clause) bool {
		have, want := user[c.property], c.value
		text, isText := have.(string)
		same := have == want
		if wanted, both := want.(string); both && isText {
			same = strings.EqualFold(text, wanted)
		}
		return same != c.equal
	})
}

// followRules makes the members of groups and administrative units those whom the rules name.
func (s *store) followRules() {
	job := s.job(membershipJob)
	for _, path := range []string{"/groups", "/directory/administrativeUnits"} {
		a := activities[path]
		for _, owner := range slices.Clone(s.list(path)) {
			clauses, ok := parseRule(textOf(owner.body["membershipRule"]))
			if !ok || owner.body["membershipRuleProcessingState"] != "On" {
				continue
			}
			l := owner.resource.link("members")
			for _, user := range s.list("/users") {
				is, should := s.linked(owner.id, "members", user.id), fits(user.body, clauses)
				switch {
				case should && !is:
					s.connect(owner, l, user)
					a.links["members"].record(a.category, added, job, owner, user, s)
				case is && !should:
					s.disconnect(owner, l, user)
					a.links["members"].record(a.category, deleted, job, owner, user, s)
				}
			}
		}
	}
}
