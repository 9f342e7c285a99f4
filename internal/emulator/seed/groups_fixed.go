package seed

import (
	"fmt"
	"strings"
)

// fixedGroups returns the groups that exist at every scale.
func (c *company) fixedGroups() []groupPlan {
	plans := c.adminGroups()
	plans = append(plans, c.policyGroups()...)
	plans = append(plans, dynamicGroups()...)
	plans = append(plans, specialGroups()...)
	return append(plans, append(departmentGroups(), c.officeLists()...)...)
}

// adminGroups are privileged: who is in them can take over the tenant.
func (c *company) adminGroups() []groupPlan {
	return []groupPlan{
		{
			key: "break-glass", name: "Break-glass", form: formRoleAssignable,
			about:  "Emergency access accounts. Excluded from every Conditional Access policy.\nDo not add people. Every change pages the formSecurity team.",
			people: []string{"bg1", "bg2"}, owners: []string{"ciso"},
		},
		{
			key: "tier0-admins", name: "Tier 0 Administrators", form: formRoleAssignable, about: "Eligible for Global Administrator.",
			people: []string{"adm-cio", "adm-ciso"}, owners: []string{"cio", "ciso"},
		},
		{
			key: "tier1-admins", name: "Tier 1 Administrators", form: formRoleAssignable, about: "Exchange, SharePoint and Intune.",
			people: []string{"adm-ciso", "adm-helpdesk", "adm-cio"}, owners: []string{"cio"}, // adm-cio by activation
		},
		{
			key: "auth-admins", name: "Privileged Authentication Administrators", form: formRoleAssignable,
			people: []string{"adm-ciso", "adm-helpdesk"}, owners: []string{"ciso"}, // adm-helpdesk for a time
		},
		{
			key: "all-admins", name: "All Administrators", form: formSecurity, about: "Every privileged group, nested.",
			nested: []string{"tier0-admins", "tier1-admins", "auth-admins"}, owners: []string{"ciso"},
			extra: object{"uniqueName": "all-administrators"},
		},
	}
}

// policyGroups are what Conditional Access and licences point at.
func (c *company) policyGroups() []groupPlan {
	staffOf := func(department string) func(person) bool {
		return func(p person) bool { return p.staff() && p.department == department }
	}
	return []groupPlan{
		{key: "ca-pilot", name: "CA-Pilot", about: "First ring of every new policy.", match: staffOf("Information Technology"), owners: []string{"ciso"}},
		{key: "ca-travel", name: "CA-Exclude Travellers", about: "May sign in from a country that is not listed, for a while.", people: []string{"cso", "coo"}, owners: []string{"ciso"}},
		{key: "ca-devicecode", name: "CA-Exclude Device Code", people: []string{"kiosk", "room-4.01", "room-0.12"}, owners: []string{"ciso"}},
		{key: "ca-scanners", name: "CA-Exclude Legacy Protocols", people: []string{"scanner"}, owners: []string{"ciso"}},
		{key: "guest-sponsors", name: "Guest Sponsors", nested: []string{"department-sales"}, owners: []string{"cso"}},
		{
			key: "lic-e3", name: "LIC-M365-E3", about: "Licences by group.", owners: []string{"cio"},
			match: func(p person) bool { return p.use == useEmployee && !c.licensedDirectly(p) },
			extra: object{"assignedLicenses": list(object{"skuId": skuE3, "disabledPlans": list[string]()})},
		},
		{key: "lic-e5-pilot", name: "LIC-M365-E5 (pilot)", people: []string{"ciso", "cio"}, owners: []string{"cio"}},
		{key: "workloads", name: "Workload Identities", about: "Service principals.", apps: []string{"entragit", "hr-feed", "datalake"}, owners: []string{"ciso"}},
		{key: "sso-fabrikam", name: "APP-Fabrikam Expenses", people: []string{"payroll"}, nested: []string{"department-finance"}, owners: []string{"cfo"}},
	}
}

func dynamicGroups() []groupPlan {
	return []groupPlan{
		{
			key: "all-staff", name: "All Staff", form: formDynamicSecurity, match: person.staff,
			rule: `(user.userType -eq "Member") and (user.accountEnabled -eq true) and (user.employeeId -ne null)`,
		},
		{
			key: "all-guests", name: "All Guests", form: formDynamicSecurity, rule: `user.userType -eq "Guest"`,
			match: func(p person) bool { return p.use == useGuest },
		},
		{
			key: "contractors", name: "Contractors", form: formDynamicSecurity, rule: `user.employeeType -eq "Contractor"`,
			match: func(p person) bool { return p.contractor }, extra: object{"membershipRuleProcessingState": "Paused"},
		},
		{
			key: "legal-team", name: "Legal & Compliance Team", form: formDynamicUnified,
			rule:  `user.department -eq "Legal & Compliance" and user.objectId -notIn ["` + strings.Repeat("0", 8) + `-0000-0000-0000-000000000000"]`,
			match: func(p person) bool { return p.department == "Legal & Compliance" },
		},
	}
}

// prototypes describes a group in what would be Markdown.
const prototypes = "# not a heading\n- not a list\n[not a link](https://example.com)"

// specialGroups hold the forms and settings that the others leave out.
func specialGroups() []groupPlan {
	return []groupPlan{
		{
			key: "announcements", name: "Company Announcements", form: formUnified, nested: nil, people: []string{"ceo", "chro", "cmo"}, owners: []string{"cmo", "chro"},
			extra: object{
				"visibility": "Public", "theme": "Blue", "preferredLanguage": "en-US", "preferredDataLocation": "EUR",
				"classification": "Public", "allowExternalSenders": false, "autoSubscribeNewMembers": true,
				"hideFromAddressLists": false, "hideFromOutlookClients": true,
				"resourceBehaviorOptions": list("WelcomeEmailDisabled", "SubscribeNewGroupMembers"),
			},
		},
		{
			key: "board", name: "Board", form: formUnified, people: []string{"ceo", "cfo", "clo"}, owners: []string{"ceo"},
			extra: object{
				"visibility": "HiddenMembership", "classification": "Secret", "hideFromAddressLists": true,
				"resourceProvisioningOptions": list("Team"), "expirationDateTime": day(3100),
			},
		},
		{key: "helpdesk", name: "SEC-Helpdesk", form: formMailSecurity, people: []string{"adm-helpdesk"}, nested: []string{"ca-pilot"}},
		{key: "suppliers", name: `Suppliers "A–Z" <extern> & Co.`, form: formDistribution, about: "Distribution list: managed in Exchange.", people: []string{"coo"}},
		{key: "r-and-d", name: "R&D | Prototypes: 试验 №7", about: prototypes, people: []string{"cto"}, owners: []string{"cto"}},
	}
}

// departmentGroups gives each department a group that is synchronized, a
// Microsoft 365 group, and one that nests all of the former.
func departmentGroups() []groupPlan {
	var plans []groupPlan
	all := groupPlan{key: "departments", name: "All Departments", owners: []string{"chro"}}
	for _, d := range departments {
		key := "department-" + strings.ToLower(strings.Fields(d.name)[0])
		plans = append(plans, groupPlan{
			key: key, name: "GG-" + d.name, form: formSyncedSecurity,
			match: func(p person) bool { return p.use == useEmployee && p.department == d.name },
		}, groupPlan{
			key: key + "-team", name: d.name, form: formUnified, about: fmt.Sprintf("Team of %s.", d.name), owners: []string{d.head},
			match: func(p person) bool { return p.staff() && p.department == d.name },
			extra: object{"resourceProvisioningOptions": list("Team"), "preferredLanguage": "en-GB"},
		})
		all.nested = append(all.nested, key)
	}
	return append(plans, all)
}

// officeLists gives each office a formDistribution list, nested in a list for everyone.
func (c *company) officeLists() []groupPlan {
	var plans []groupPlan
	all := groupPlan{key: "dl-offices", name: "DL-All Offices", form: formSyncedList}
	for n, at := range c.cultures {
		key := "dl-" + strings.ToLower(at.usage)
		plans = append(plans, groupPlan{
			key: key, name: "DL-" + at.city, form: formSyncedList,
			match: func(p person) bool { return p.staff() && p.office == n },
		})
		all.nested = append(all.nested, key)
	}
	return append(plans, all)
}
