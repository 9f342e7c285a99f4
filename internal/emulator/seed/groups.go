package seed

import (
	"fmt"
	"strconv"
	"strings"
)

// groupForm is what sort of group one is.
type groupForm int

const (
	formSecurity groupForm = iota
	formRoleAssignable
	formDynamicSecurity
	formUnified // Microsoft 365
	formDynamicUnified
	formSyncedSecurity
	formSyncedList // a distribution list mastered on-premises
	formMailSecurity
	formDistribution
)

func (f groupForm) mailEnabled() bool {
	return f == formUnified || f == formDynamicUnified || f == formSyncedList || f == formMailSecurity || f == formDistribution
}

func (f groupForm) securityEnabled() bool {
	return !f.mailEnabled() || f == formMailSecurity
}

// groupPlan is a group before its body and members are made.
type groupPlan struct {
	key, name, about string
	form             groupForm
	// rule is the membership rule of a dynamic group; match selects the people
	// it finds, or the members of any other.
	rule  string
	match func(person) bool
	// people are members of the cast; nested are groups, apps are applications whose
	// service principals are members.
	people, nested, apps []string
	owners               []string
	extra                object
}

// groups yields the fixed groups, then projects up to the scale.
func (c *company) groups(yield func(Record) bool) {
	fixed := c.fixedGroups()
	for n := range c.scale.Groups {
		plan := groupPlan{}
		if n < len(fixed) {
			plan = fixed[n]
		} else {
			plan = c.project(n - len(fixed))
		}
		rec := Record{Path: "/groups", Body: c.groupBody(n, plan), Links: map[string][]string{}}
		rec.Links["members"] = c.members(n-len(fixed), plan)
		for _, owner := range plan.owners {
			rec.Links["owners"] = append(rec.Links["owners"], c.user(owner))
		}
		if !yield(rec) {
			return
		}
	}
}

// members returns the ids of a group's members. A generated project (number 0 and up)
// has a handful of people from all over.
func (c *company) members(project int, plan groupPlan) []string {
	var ids []string
	for _, key := range plan.people {
		ids = append(ids, c.user(key))
	}
	for _, key := range plan.nested {
		ids = append(ids, c.id("groups", key))
	}
	for _, key := range plan.apps {
		ids = append(ids, c.id("servicePrincipals", key))
	}
	if plan.match != nil {
		for n, id := range c.people {
			if plan.match(c.person(n)) {
				ids = append(ids, id)
			}
		}
	}
	if project >= 0 {
		first := mix(project)
		for k := range 4 + first%18 {
			if n := (first + k*37) % len(c.people); c.person(n).staff() {
				ids = append(ids, c.people[n])
			}
		}
	}
	return ids
}

func (c *company) groupBody(n int, plan groupPlan) object {
	body := object{
		"id":                           c.id("groups", plan.key),
		"displayName":                  plan.name,
		"mailNickname":                 nickname(plan.name, n),
		"mailEnabled":                  plan.form.mailEnabled(),
		"securityEnabled":              plan.form.securityEnabled(),
		"groupTypes":                   list[string](),
		"createdDateTime":              day(10 + mix(n)%2400),
		"renewedDateTime":              day(10 + mix(n)%2400),
		"securityIdentifier":           cloudSID(100000000 + n),
		"proxyAddresses":               list[string](),
		"resourceBehaviorOptions":      list[string](),
		"resourceProvisioningOptions":  list[string](),
		"onPremisesProvisioningErrors": list[string](),
		"serviceProvisioningErrors":    list[string](),
	}
	setUnlessEmpty(body, "description", plan.about)
	plan.form.shape(body, plan.rule)
	if plan.form.mailEnabled() {
		address := body["mailNickname"].(string) + "@" + mainDomain
		body["mail"] = address
		body["proxyAddresses"] = list("SMTP:" + address)
	}
	if plan.form == formSyncedSecurity || plan.form == formSyncedList {
		body["onPremisesSyncEnabled"] = true
		body["onPremisesLastSyncDateTime"] = day(2737)
		body["onPremisesDomainName"] = localDomain
		body["onPremisesNetBiosName"] = "CORP"
		body["onPremisesSamAccountName"] = plan.name
		body["onPremisesSecurityIdentifier"] = localSID(900000000 + n)
	}
	overlay(body, plan.extra)
	overlay(body, c.extensionValues("groups/"+plan.key))
	return body
}

// shape sets the properties that make a group what it is.
func (f groupForm) shape(body object, rule string) {
	switch f {
	case formRoleAssignable:
		body["isAssignableToRole"] = true
		body["visibility"] = "Private"
	case formUnified:
		body["groupTypes"] = list("Unified")
		body["visibility"] = "Private"
	case formDynamicSecurity:
		body["groupTypes"] = list("DynamicMembership")
	case formDynamicUnified:
		body["groupTypes"] = list("DynamicMembership", "Unified")
		body["visibility"] = "Public"
	}
	if rule != "" {
		body["membershipRule"] = rule
		body["membershipRuleProcessingState"] = "On"
	}
}

// nickname makes a mail nickname of a name: its ASCII letters and digits, and the group's
// number, since names may repeat.
func nickname(name string, n int) string {
	keep := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}
	return strings.Map(keep, name) + "." + strconv.Itoa(n)
}

// project is the i-th generated group: a Microsoft 365 group of a project.
func (c *company) project(i int) groupPlan {
	animals := [...]string{"Albatross", "Barracuda", "Capybara", "Dragonfly", "Ermine", "Falcon", "Gecko", "Heron", "Ibex", "Jackdaw"}
	minerals := [...]string{"Amber", "Basalt", "Cobalt", "Dolomite", "Emerald", "Feldspar", "Garnet"}
	themes := [...]string{"Teal", "Purple", "Green", "Blue", "Pink", "Orange", "Red"}
	name := fmt.Sprintf("Project %s %s", minerals[i%len(minerals)], animals[i%len(animals)])
	if round := i / (len(minerals) * len(animals)); round > 0 {
		name += fmt.Sprintf(" %d", round+1)
	}
	plan := groupPlan{
		key: "project-" + strconv.Itoa(i), name: name, form: formUnified,
		about:  "Working group of " + strings.ToLower(name) + ".",
		owners: []string{departments[i%len(departments)].head},
		extra: object{
			"theme": themes[i%len(themes)], "preferredLanguage": "en-US", "preferredDataLocation": "NAM",
			"classification": "Internal", "visibility": "Public",
		},
	}
	if i%3 == 0 {
		plan.form, plan.extra = formSecurity, object{}
	}
	return plan
}
