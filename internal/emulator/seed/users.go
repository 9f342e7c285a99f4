package seed

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// person is what the seed knows of the account with number n without making its body.
type person struct {
	n          int
	use        accountUse
	department string
	// office is an index into the cultures, -1 for none.
	office     int
	synced     bool // mastered in the on-premises directory
	left       bool // has left: disabled
	contractor bool
}

// staff reports whether the account is a working person's own.
func (p person) staff() bool { return p.use == useEmployee && !p.left }

// person returns what there is to know of account n: the cast, then people by their number
// in it alone, so that a larger company has the same first people.
func (c *company) person(n int) person {
	if n < len(c.cast) {
		m := c.cast[n]
		p := person{n: n, use: m.use, department: m.department, office: m.office}
		if m.use != useEmployee {
			p.office = -1
		}
		p.synced = p.use == useEmployee && c.cultures[p.office].synced
		return p
	}
	i := n - len(c.cast)
	p := person{n: n, department: departments[i%len(departments)].name, office: c.officeOf(i)}
	if i%12 == 11 {
		return person{n: n, use: useGuest, office: p.office}
	}
	p.synced = c.cultures[p.office].synced
	p.left = i%40 == 17
	p.contractor = i%15 == 4
	return p
}

// manager returns the number of the manager of account n, or -1. Generated people
// form one tree per department, six reports to a manager.
func (c *company) manager(n int) int {
	if n < len(c.cast) {
		return c.member(c.cast[n].manager)
	}
	i := n - len(c.cast)
	if c.person(n).use == useGuest {
		return -1
	}
	department, rank := i%len(departments), i/len(departments)
	for rank >= 6 {
		rank = rank/6 - 1
		boss := len(c.cast) + rank*len(departments) + department
		if c.person(boss).staff() {
			return boss
		}
	}
	return c.member(departments[department].head)
}

// member returns the number of the member of the cast with that key, or -1.
func (c *company) member(key string) int {
	for n, m := range c.cast {
		if m.key == key {
			return n
		}
	}
	return -1
}

// user returns the id of the member of the cast with that key.
func (c *company) user(key string) string { return c.id("users", key) }

// users yields every account with its manager or its sponsors.
func (c *company) users(yield func(Record) bool) {
	for n, id := range c.people {
		p := c.person(n)
		rec := Record{Path: "/users", Body: c.userBody(p), Links: map[string][]string{}}
		rec.Body["id"] = id
		if boss := c.manager(n); boss >= 0 {
			rec.Links["manager"] = []string{c.people[boss]}
		}
		if p.use == useGuest {
			rec.Links["sponsors"] = c.sponsors(n)
		}
		if !yield(rec) {
			return
		}
	}
}

// sponsors gives a guest one sponsor, every other guest a second one, every fifth a group.
func (c *company) sponsors(n int) []string {
	ids := []string{c.user(departments[n%len(departments)].head)}
	if n%2 == 0 {
		ids = append(ids, c.user("ciso"))
	}
	if n%5 == 0 {
		ids = append(ids, c.id("groups", "guest-sponsors"))
	}
	return ids
}

func (c *company) userBody(p person) object {
	switch {
	case p.use == useGuest:
		return c.guestBody(p)
	case p.n < len(c.cast):
		return c.castBody(p)
	}
	i := p.n - len(c.cast)
	at := c.cultures[p.office]
	given, family, suffix := c.pick(i)
	alias := given.ascii + "." + family.ascii + suffix
	display := given.written + " " + family.written
	if at.familyFirst {
		display = family.written + " " + given.written
	}
	body := c.accountBody(p, display, alias, mainDomain)
	body["givenName"], body["surname"] = given.written, family.written
	titles := strings.Split(departments[i%len(departments)].titles, "|")
	body["jobTitle"] = titles[mix(i+7)%len(titles)]
	c.employ(body, p, i)
	c.licence(body, i)
	return body
}

// officeOf spreads generated people so that each dozen in a row has one in every office.
func (c *company) officeOf(i int) int { return (i*5 + i/len(c.cultures)) % len(c.cultures) }

// pick chooses the name of the i-th generated person. When an office has run out of pairs,
// a number tells namesakes apart.
func (c *company) pick(i int) (given, family name, suffix string) {
	at := c.cultures[c.officeOf(i)]
	k := i / len(c.cultures)
	round := k / len(at.given)
	given = at.given[k%len(at.given)]
	family = at.family[(k+round)%len(at.family)]
	if round >= len(at.family) {
		suffix = strconv.Itoa(round/len(at.family) + 1)
	}
	return given, family, suffix
}

// castBody is the body of a member of the cast.
func (c *company) castBody(p person) object {
	m := c.cast[p.n]
	domain := mainDomain
	if m.use == useBreakGlass || m.use == useAdmin || m.use == useService {
		domain = initialDomain
	}
	body := c.accountBody(p, m.display, m.alias, domain)
	if m.family != "" {
		body["givenName"], body["surname"] = m.given, m.family
	}
	if m.title != "" {
		body["jobTitle"] = m.title
	}
	if m.use == useEmployee {
		c.employ(body, p, p.n)
		c.licence(body, p.n)
	}
	if m.use == useRoom {
		body["accountEnabled"] = false
		body["showInAddressList"] = true
		body["isResourceAccount"] = true
		body["mail"] = m.alias + "@" + domain
	}
	overlay(body, m.extra)
	overlay(body, c.extensionValues("users/"+m.key))
	return body
}

// accountBody holds what every account has.
func (c *company) accountBody(p person, display, alias, domain string) object {
	upn := alias + "@" + domain
	body := make(object, 48) // as many as an employee has
	body["accountEnabled"] = !p.left
	body["businessPhones"] = list[string]()
	body["createdDateTime"] = day(mix(p.n) % 2500)
	body["displayName"] = display
	body["identities"] = list(object{"signInType": "userPrincipalName", "issuer": initialDomain, "issuerAssignedId": upn})
	body["mailNickname"] = alias
	body["otherMails"] = list[string]()
	body["proxyAddresses"] = list[string]()
	body["securityIdentifier"] = cloudSID(p.n)
	body["signInSessionsValidFromDateTime"] = day(mix(p.n) % 2500)
	body["userPrincipalName"] = upn
	body["userType"] = "Member"
	return body
}

// employ adds what the personnel system and the on-premises directory know.
func (c *company) employ(body object, p person, i int) {
	at := c.cultures[p.office]
	alias := body["mailNickname"].(string)
	mail := alias + "@" + mainDomain
	body["mail"] = mail
	body["proxyAddresses"] = list("SMTP:"+mail, "smtp:"+alias+"@"+initialDomain)
	body["businessPhones"] = list(at.phone + fmt.Sprintf("%02d", mix(i)%100))
	body["mobilePhone"] = "+1 425 555 " + fmt.Sprintf("%04d", mix(i+1)%10000)
	body["city"], body["country"], body["usageLocation"] = at.city, at.country, at.usage
	body["streetAddress"], body["officeLocation"] = at.street, at.office
	setUnlessEmpty(body, "state", at.state)
	setUnlessEmpty(body, "postalCode", at.postal)
	body["preferredLanguage"], body["preferredDataLocation"] = at.language, at.data
	body["companyName"] = "Contoso"
	setUnlessEmpty(body, "department", p.department)
	body["employeeId"] = fmt.Sprintf("C%06d", 100000+p.n)
	body["employeeType"] = "Employee"
	if p.contractor {
		body["employeeType"], body["companyName"] = "Contractor", "Woodgrove Staffing"
	}
	body["employeeHireDate"] = day(mix(i+2) % 2500)
	body["employeeOrgData"] = object{"division": division(p.department), "costCenter": fmt.Sprintf("CC-%04d", 1000+mix(i+3)%40)}
	body["showInAddressList"] = true
	if p.left {
		body["employeeLeaveDateTime"] = day(2600 + i%90)
		body["showInAddressList"] = false
	}
	if i%9 == 0 {
		body["otherMails"] = list(alias + "@example.org")
	}
	if p.synced {
		c.sync(body, p, alias)
	} else if i%10 == 3 {
		body["onPremisesExtensionAttributes"] = extensionAttributes("cloud")
	}
}

// sync adds what directory synchronization writes.
func (c *company) sync(body object, p person, alias string) {
	display := body["displayName"].(string)
	body["onPremisesSyncEnabled"] = true
	body["onPremisesLastSyncDateTime"] = day(2737)
	body["onPremisesDomainName"] = localDomain
	body["onPremisesSamAccountName"] = alias[:min(len(alias), 20)]
	body["onPremisesUserPrincipalName"] = alias + "@" + mainDomain
	body["onPremisesSecurityIdentifier"] = localSID(1100 + p.n)
	body["onPremisesImmutableId"] = base64.StdEncoding.EncodeToString([]byte(c.people[p.n])[:16])
	body["onPremisesDistinguishedName"] = "CN=" + strings.ReplaceAll(display, ",", `\,`) +
		",OU=" + c.cultures[p.office].usage + ",OU=Staff,DC=corp,DC=contoso,DC=local"
	body["onPremisesProvisioningErrors"] = list[string]()
	body["onPremisesExtensionAttributes"] = extensionAttributes("site-" + c.cultures[p.office].usage)
}

// guestCompany is an organization whose people are guests.
type guestCompany struct{ name, domain, issuer string }

var guestCompanies = [...]guestCompany{
	{"Fabrikam", "fabrikam.com", "ExternalAzureAD"},
	{"Northwind Traders", "northwindtraders.com", "ExternalAzureAD"},
	{"Adatum", "adatum.com", "ExternalAzureAD"},
	{"Tailspin Toys", "tailspintoys.com", "mail"},
	{"", "gmail.com", "google.com"},
}

// guestBody is an invited account. Its principal name holds its home address.
func (c *company) guestBody(p person) object {
	i := p.n - len(c.cast)
	home := guestCompanies[i/12%len(guestCompanies)]
	given, family, suffix := c.pick(i)
	local := given.ascii + "." + family.ascii + suffix
	alias := local + "_" + home.domain + "#EXT#"
	body := c.accountBody(p, given.written+" "+family.written, alias, initialDomain)
	mail := local + "@" + home.domain
	body["userType"] = "Guest"
	body["creationType"] = "Invitation"
	body["mail"] = mail
	body["otherMails"] = list(mail)
	body["proxyAddresses"] = list("SMTP:" + mail)
	body["givenName"], body["surname"] = given.written, family.written
	setUnlessEmpty(body, "companyName", home.name)
	body["identities"] = list(
		object{"signInType": "federated", "issuer": home.issuer, "issuerAssignedId": nil},
		object{"signInType": "userPrincipalName", "issuer": initialDomain, "issuerAssignedId": alias + "@" + initialDomain},
	)
	body["externalUserState"] = "Accepted"
	if i%5 == 1 {
		body["externalUserState"] = "PendingAcceptance"
	}
	body["externalUserStateChangeDateTime"] = day(2000 + i%700)
	return body
}

// The licences of the tenant, by the ids that Microsoft publishes for its products.
const (
	skuE3 = "05e9a617-0261-4cee-bb44-138d3ef5d965"
	skuE5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06"
	// planYammer is a service plan that some licences leave out.
	planYammer = "7547a3fe-08ee-4ccb-b430-5077c5041653"
)

// licensedDirectly reports whether a person has a licence of their own.
func (c *company) licensedDirectly(p person) bool {
	if p.n < len(c.cast) {
		return p.n%8 == 0
	}
	return (p.n-len(c.cast))%8 == 0
}

// licence gives E3 through a group, and to every eighth E5 directly with a plan left out.
func (c *company) licence(body object, i int) {
	sku, group, disabled := skuE3, any(c.id("groups", "lic-e3")), list[string]()
	if i%8 == 0 {
		sku, group, disabled = skuE5, nil, list(planYammer)
	}
	body["assignedLicenses"] = list(object{"skuId": sku, "disabledPlans": disabled})
	body["licenseAssignmentStates"] = list(object{
		"skuId": sku, "disabledPlans": disabled, "assignedByGroup": group,
		"state": "Active", "error": "None", "lastUpdatedDateTime": day(2500 + i%200),
	})
}

// cloudSID returns the security identifier of the n-th account or group in the cloud.
func cloudSID(n int) string {
	return fmt.Sprintf("S-1-12-1-%d-%d-%d-%d", uint32(mix(n)), uint32(mix(n+1)), uint32(mix(n+2)), uint32(mix(n+3)))
}

// localSID returns a security identifier of the on-premises domain.
func localSID(n int) string {
	return "S-1-5-21-2950812364-1180362147-3726514092-" + strconv.Itoa(n)
}

func division(department string) string {
	for _, d := range departments {
		if d.name == department {
			return d.division
		}
	}
	return "Corporate"
}

func setUnlessEmpty(body object, property, value string) {
	if value != "" {
		body[property] = value
	}
}
