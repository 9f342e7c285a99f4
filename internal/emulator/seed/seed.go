package seed

import (
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"time"
)

// object is a Graph body as encoding/json decodes it with UseNumber.
type object = map[string]any

// Record is one object of a tenant.
type Record struct {
	// Path is the collection's path, or the singleton's own.
	Path string
	// Body is the object as Graph writes it, with its id.
	Body map[string]any
	// Links lists the targets' ids by navigation property.
	Links map[string][]string
	// From lists the ids of the objects that link here, by their navigation property.
	From map[string][]string
}

// Scale says how many objects of each kind a seed makes; 0 keeps the seed's own number.
type Scale struct {
	Users        int
	Groups       int
	Applications int
	Policies     int // Conditional Access policies
	Locations    int // named locations
}

// Empty is a tenant on its first day: what Microsoft provisions and nothing else.
func Empty(tenantID string) iter.Seq[Record] {
	c := newCompany(tenantID, Scale{})
	c.bare = true
	return concat(c.tenant, c.firstPartyPrincipals, c.roleDefinitions, c.entitlementRoles, c.firstDay)
}

// Contoso is a company of some 300 people. Its families are independent of each
// other: an object's id depends on the tenant, its kind and its name or number, so a
// larger scale adds objects and renames none.
func Contoso(tenantID string, scale Scale) iter.Seq[Record] {
	c := newCompany(tenantID, scale)
	return concat(
		c.tenant,
		c.users,
		c.groups,
		c.applications,
		c.firstPartyPrincipals,
		c.principals,
		c.grants,
		c.appRoleAssignments,
		c.namedLocations,
		c.authenticationContexts,
		c.conditionalAccess,
		c.customStrengths,
		c.classifications,
		c.directory,
		c.roleDefinitions,
		c.entitlementRoles,
		c.administrativeUnits,
		c.roleAssignments,
		c.directoryRoles,
		c.rolePolicies,
		c.groupPolicies,
		c.eligibilities,
		c.crossTenantAccess,
		c.certificates,
		c.otherPolicies,
		c.external,
		c.governance,
		c.lifecycle,
	)
}

// company knows who and what there is, so that families can refer to each other. It holds
// no bodies.
type company struct {
	tenantID string
	scale    Scale
	cultures []culture
	// cast is the people that other families call by name.
	cast []castMember
	// people are the ids of all users: the cast, then the generated ones.
	people []string
	apps   []app
	// bare makes a tenant whose settings name no group, person or application.
	bare bool
}

// The natural size of the company.
const (
	contosoUsers     = 300
	contosoGroups    = 60
	contosoApps      = 25
	contosoPolicies  = 12
	contosoLocations = 5
)

// domains of the tenant.
const (
	mainDomain    = "contoso.com"
	initialDomain = "contoso.onmicrosoft.com"
	localDomain   = "corp.contoso.local"
)

// newCompany lays out a company. A count below what the other families refer to
// by name is raised to it.
func newCompany(tenantID string, scale Scale) *company {
	c := &company{tenantID: tenantID, scale: scale, cultures: cultures(), cast: cast()}
	c.apps = c.applicationTable()
	c.scale.Users = max(orDefault(scale.Users, contosoUsers), len(c.cast))
	c.scale.Groups = max(orDefault(scale.Groups, contosoGroups), len(c.fixedGroups()))
	c.scale.Applications = max(orDefault(scale.Applications, contosoApps), len(c.apps))
	c.scale.Policies = orDefault(scale.Policies, contosoPolicies)
	c.scale.Locations = orDefault(scale.Locations, contosoLocations)
	c.people = make([]string, c.scale.Users)
	for i := range c.people {
		name := strconv.Itoa(i - len(c.cast))
		if i < len(c.cast) {
			name = c.cast[i].key
		}
		c.people[i] = c.id("users", name)
	}
	return c
}

// id returns the id of the object of a family that has a name.
func (c *company) id(family, name string) string { return ID(c.tenantID, family, name) }

// longID returns an id in the form that grants and role assignments have.
func (c *company) longID(parts ...string) string { return LongID(c.tenantID, parts...) }

// founded is the day on which the seed's history begins; it has no other clock.
var founded = time.Date(2019, time.March, 4, 8, 30, 0, 0, time.UTC)

// day returns the instant n days after the company was founded, as Graph writes it.
func day(n int) string { return founded.AddDate(0, 0, n).Format(time.RFC3339) }

// mix spreads small numbers, so that neighbours do not look alike. It is the finalizer of
// splitmix64.
func mix(n int) int {
	x := uint64(n) + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int((x ^ x>>31) >> 2)
}

// list returns values as the JSON array they are in a body.
func list[T any](values ...T) []any {
	a := make([]any, len(values))
	for i, v := range values {
		a[i] = v
	}
	return a
}

// num returns n as a JSON number in a body.
func num(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func orDefault(n, natural int) int {
	if n > 0 {
		return n
	}
	return natural
}

func concat(families ...iter.Seq[Record]) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, family := range families {
			for rec := range family {
				if !yield(rec) {
					return
				}
			}
		}
	}
}

// each yields a literal list of records.
func each(records ...Record) iter.Seq[Record] { return slices.Values(records) }
